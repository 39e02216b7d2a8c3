#include "base/error.h"

#include <cerrno>
#include <set>
#include <string>

#include <doctest/doctest.h>

#include "base/carried_error.h"
#include "base/text.h"

using namespace sampan;

namespace {

Result<std::string> failing() {
    return failf(ErrorKind::not_found, "container {} does not exist", 7).at("/a").hint("make it");
}

Error carried(const Error& error, size_t room) {
    const std::string bytes = pack_error(error, room);
    CHECK(bytes.size() <= room);
    return unpack_error(bytes);
}

}  // namespace

TEST_CASE("error: each kind has a name of its own, of small letters and underscores") {
    std::set<std::string_view> names;
    const auto count = static_cast<uint32_t>(ErrorKind::last) + 1;
    for (uint32_t number = 0; number < count; ++number) {
        const std::optional<ErrorKind> kind = error_kind(number);
        REQUIRE(kind.has_value());
        const std::string_view name = name_of(*kind);
        CHECK_FALSE(name.empty());
        CHECK(name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == std::string_view::npos);
        names.insert(name);
    }
    CHECK(names.size() == count);
    CHECK_FALSE(error_kind(count).has_value());
    CHECK_FALSE(error_kind(~0U).has_value());
}

TEST_CASE("error: a failure has its kind and parts, whatever the Result") {
    const Result<std::string> failed = failing().in("doing this");
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().kind() == ErrorKind::not_found);
    CHECK(failed.error().message() == "doing this: container 7 does not exist");
    CHECK(failed.error().pointer() == "/a");
    CHECK(failed.error().hint() == "make it");
    const Status refused = fail_at("/process/cwd", "it is relative", "write it from / on");
    CHECK(refused.error().kind() == ErrorKind::config);
    CHECK(refused.error().pointer() == "/process/cwd");
}

TEST_CASE("error: some reasons of the kernel are kinds of their own, the others are none") {
    const auto kind_of = [](int code) { return Error("doing this", code).kind(); };
    CHECK(kind_of(EPIPE) == ErrorKind::hung_up);
    CHECK(kind_of(ECONNRESET) == ErrorKind::hung_up);
    CHECK(kind_of(ENOMEM) == ErrorKind::out_of_memory);
    CHECK(kind_of(ETIMEDOUT) == ErrorKind::timed_out);
    for (const int code : {0, ENOENT, EEXIST, EACCES, EBUSY})
        CHECK(kind_of(code) == ErrorKind::failed);
    CHECK(Error("doing this").kind() == ErrorKind::failed);
}

TEST_CASE("error: the reason is told once, behind what was tried") {
    Error error("opening /x", ENOENT);
    error.add_context("doing this");
    CHECK(error.what() == "doing this: opening /x");
    CHECK(error.message() == "doing this: opening /x: No such file or directory");
}

TEST_CASE("error: the first hint stays, unless somebody knows more") {
    Error error("opening /x", ENOENT);
    error.set_hint("make it").set_hint("look for it");
    CHECK(error.hint() == "make it");
    CHECK(error.replace_hint("it is in /y").hint() == "it is in /y");
}

TEST_CASE("error: carried to another process it is the same") {
    Error error("mounting /proc", EPERM);
    error.add_context("doing this").set_pointer("/mounts/3").set_hint("do that");
    error.set_kind(ErrorKind::not_executable);
    const Error arrived = carried(error, 4000);
    CHECK(arrived.kind() == ErrorKind::not_executable);
    CHECK(arrived.code() == EPERM);
    CHECK(arrived.message() == error.message());
    CHECK(arrived.pointer() == "/mounts/3");
    CHECK(arrived.hint() == "do that");
    CHECK(arrived.step().empty());
    Error step("doing this");
    step.set_step("the inner one").set_step("the outer one");
    CHECK(carried(step, 4000).step() == "the inner one");
}

TEST_CASE("error: of a text that is too long the end is lost, and nothing else") {
    Error error(std::string(10000, 'x'), ENOSPC);
    error.set_kind(ErrorKind::hook_failed).set_pointer("/hooks/poststart/0").set_hint("do that");
    const Error arrived = carried(error, 4000);
    CHECK(arrived.kind() == ErrorKind::hook_failed);
    CHECK(arrived.code() == ENOSPC);
    CHECK(arrived.pointer() == "/hooks/poststart/0");
    CHECK(arrived.hint() == "do that");
    CHECK(arrived.what().size() > 3900);
    CHECK(arrived.message().ends_with("xxx: No space left on device"));
}

TEST_CASE("error: a hint or pointer that is too long leaves room for the text") {
    Error error("doing this", EPERM);
    error.set_pointer("/" + std::string(10000, 'p')).set_hint(std::string(10000, 'h'));
    const Error arrived = carried(error, 1000);
    CHECK(arrived.message() == "doing this: Operation not permitted");
    CHECK(arrived.pointer().size() == 250);
    CHECK(arrived.hint().size() == 250);
}

TEST_CASE("error: no character is cut in two") {
    std::string text = "x";
    while (text.size() < 2000)
        text += "\xe2\x82\xac";  // three bytes
    for (size_t room = 1000; room < 1006; ++room)
        CHECK(carried(Error(text), room).what().size() % 3 == 1);
}

TEST_CASE("error: bytes that nobody packed are a text") {
    CHECK(unpack_error("abc").message() == "abc");
    CHECK(unpack_error("").message().empty());
    using namespace std::string_literals;
    CHECK(unpack_error("abc\0"s).message() == "abc");
    const Error wrong = unpack_error("99\0-5\0/a\0b\0c\0text"s);
    CHECK(wrong.kind() == ErrorKind::failed);
    CHECK(wrong.code() == 0);
    CHECK(wrong.message() == "text");
}
