#include "launch/sync.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstring>
#include <optional>
#include <string>

#include <doctest/doctest.h>

#include "os/socket.h"

using namespace sampan;

namespace {

struct Pair {
    Pair() {
        Result<SocketPair> made = make_seqpacket_pair();
        REQUIRE(made.has_value());
        ours = Sync(std::move(made->ours));
        theirs = Sync(std::move(made->theirs));
    }
    Sync ours{Fd()};
    Sync theirs{Fd()};
};

}  // namespace

TEST_CASE("sync: what is expected arrives with its value") {
    Pair pair;
    REQUIRE(pair.theirs.send(MessageType::source, 42, pair.theirs.socket()).has_value());
    const Result<Heard> heard = pair.ours.expect(MessageType::source);
    REQUIRE(heard.has_value());
    CHECK(heard->value == 42);
    CHECK(heard->fd.valid());
}

TEST_CASE("sync: another message is an error that names both") {
    Pair pair;
    REQUIRE(pair.theirs.send(MessageType::sealed).has_value());
    const Result<Heard> heard = pair.ours.expect(MessageType::entered);
    REQUIRE_FALSE(heard.has_value());
    CHECK(heard.error().message() == "expected Entered, got Sealed");
}

TEST_CASE("sync: a failure arrives with its parts") {
    Pair pair;
    Error error("doing this");
    error.set_pointer("/mounts/3");
    error.set_hint("do that");
    pair.theirs.send_failure(error);
    const Result<Heard> heard = pair.ours.expect(MessageType::entered);
    REQUIRE_FALSE(heard.has_value());
    CHECK(heard.error().message() == "doing this");
    CHECK(heard.error().pointer() == "/mounts/3");
    CHECK(heard.error().hint() == "do that");
}

TEST_CASE("sync: the failure of a side that has ended is found behind what it said before") {
    Pair pair;
    REQUIRE(pair.theirs.send(MessageType::entered).has_value());
    pair.theirs.send_hook_output("text");
    pair.theirs.send_failure(Error("mounting /proc", EPERM));
    pair.theirs.close();
    const std::optional<Error> last = pair.ours.last_failure();
    REQUIRE(last.has_value());
    CHECK(last->message() == "mounting /proc: Operation not permitted");

    Pair silent;
    REQUIRE(silent.theirs.send(MessageType::entered).has_value());
    silent.theirs.close();
    CHECK_FALSE(silent.ours.last_failure().has_value());
}

TEST_CASE("sync: of a failure that is too long only the end of its text is lost") {
    Pair pair;
    Error error(std::string(10000, 'x'), ENOSPC);
    error.set_kind(ErrorKind::hook_failed).set_pointer("/hooks/createContainer/0");
    error.set_hint("do that");
    pair.theirs.send_failure(error);
    const Result<Heard> heard = pair.ours.expect(MessageType::entered);
    REQUIRE_FALSE(heard.has_value());
    CHECK(heard.error().kind() == ErrorKind::hook_failed);
    CHECK(heard.error().code() == ENOSPC);
    CHECK(heard.error().pointer() == "/hooks/createContainer/0");
    CHECK(heard.error().hint() == "do that");
    CHECK(heard.error().message().ends_with("xxx: No space left on device"));
}

TEST_CASE("sync: a failure longer than a message is cut off") {
    Pair pair;
    pair.theirs.send_failure(Error(std::string(100000, 'x')));
    const Result<Heard> heard = pair.ours.expect(MessageType::entered);
    REQUIRE_FALSE(heard.has_value());
    CHECK(heard.error().message().starts_with("xxxx"));
    CHECK(heard.error().message().size() < 5000);
}

TEST_CASE("sync: a failure that claims more text than it has is not read beyond it") {
    Pair pair;
    std::array<uint32_t, 4> words{static_cast<uint32_t>(MessageType::failed), 0, 4000, 0};
    std::memcpy(&words[3], "abc", 4);
    REQUIRE(send_message(pair.theirs.socket(), std::as_bytes(std::span(words))).has_value());
    const Result<Heard> heard = pair.ours.expect(MessageType::entered);
    REQUIRE_FALSE(heard.has_value());
    CHECK(heard.error().message() == "abc");
}

TEST_CASE("sync: a path is told whole, or not at all") {
    Pair pair;
    std::string heard;
    pair.ours.on_made({.before = [&heard](MadeKind, const std::string& path) -> Status {
                           heard = path;
                           return {};
                       },
                       .after = [](const std::optional<FileIdentity>&) { return Status(); }});
    // A folder whose path is as long as one can be, and in it the longest name.
    const std::string longest(PATH_MAX - 1 + 1 + NAME_MAX, 'x');
    REQUIRE(pair.ours.send(MessageType::proceed).has_value());
    CHECK(pair.theirs.teller().before(MadeKind::file, longest).has_value());
    REQUIRE(pair.theirs.send(MessageType::sealed).has_value());
    CHECK(pair.ours.expect(MessageType::sealed).has_value());
    CHECK(heard == longest);
    REQUIRE(pair.ours.send(MessageType::proceed).has_value());
    const Status told = pair.theirs.teller().before(MadeKind::file, std::string(5000, 'x'));
    REQUIRE_FALSE(told.has_value());
    CHECK(told.error().code() == ENAMETOOLONG);
}

TEST_CASE("sync: the end is an error, and known as such") {
    Pair pair;
    pair.theirs.close();
    const Result<Heard> heard = pair.ours.expect(MessageType::entered);
    REQUIRE_FALSE(heard.has_value());
    CHECK(heard.error().kind() == ErrorKind::hung_up);
}

TEST_CASE("sync: that somebody hung up on the other side is not the end") {
    Pair pair;
    pair.theirs.send_failure(Error("writing to a pipe", EPIPE));
    const Result<Heard> heard = pair.ours.expect(MessageType::entered);
    REQUIRE_FALSE(heard.has_value());
    CHECK(heard.error().message() == "writing to a pipe: Broken pipe");
    CHECK(heard.error().kind() == ErrorKind::failed);
    pair.theirs.send_failure(Error("asking somebody", ECONNRESET));
    CHECK_FALSE(pair.ours.expect_end().has_value());
    pair.theirs.send_failure(Error("asking somebody", ECONNRESET));
    CHECK(pair.ours.last_failure().has_value());
}

TEST_CASE("sync: where the end is expected anything else is an error") {
    Pair pair;
    REQUIRE(pair.theirs.send(MessageType::sealed).has_value());
    const Status heard = pair.ours.expect_end();
    REQUIRE_FALSE(heard.has_value());
    CHECK(heard.error().message() == "expected the end, got Sealed");
    pair.theirs.send_failure(Error("doing this"));
    const Status failed = pair.ours.expect_end();
    REQUIRE_FALSE(failed.has_value());
    CHECK(failed.error().message() == "doing this");
    pair.theirs.close();
    CHECK(pair.ours.expect_end().has_value());
}

TEST_CASE("sync: nobody to send to is the end, too") {
    Pair pair;
    pair.theirs.close();
    const Status sent = pair.ours.send(MessageType::proceed);
    REQUIRE_FALSE(sent.has_value());
    CHECK(sent.error().kind() == ErrorKind::hung_up);
    const Status committed = pair.ours.say(Word::committed);
    REQUIRE_FALSE(committed.has_value());
    CHECK(committed.error().kind() == ErrorKind::hung_up);
}

TEST_CASE("sync: who has hung up is known, and what was said before is not lost") {
    Pair pair;
    CHECK_FALSE(pair.ours.has_hung_up());
    pair.theirs.send_failure(Error("the reason"));
    // Unread by them, so that the kernel says "reset" and not "broken pipe".
    REQUIRE(pair.ours.send(MessageType::proceed).has_value());
    CHECK_FALSE(pair.ours.has_hung_up());
    pair.theirs.close();
    CHECK(pair.ours.has_hung_up());
    const Status sent = pair.ours.send(MessageType::proceed);
    REQUIRE_FALSE(sent.has_value());
    CHECK(sent.error().kind() == ErrorKind::hung_up);
    CHECK(sent.error().message() == "the other side hung up");
    CHECK(pair.ours.last_failure().has_value());
}

TEST_CASE("sync: a message that is too short is an error") {
    Pair pair;
    const std::byte one{1};
    REQUIRE(send_message(pair.theirs.socket(), std::span(&one, 1)).has_value());
    CHECK_FALSE(pair.ours.expect(MessageType::entered).has_value());
}

TEST_CASE("sync: a second descriptor is an error, and none of the two stays open") {
    Pair pair;
    std::array<int, 2> pipe{};
    REQUIRE(::pipe2(pipe.data(), O_CLOEXEC | O_NONBLOCK) == 0);
    std::array<uint32_t, 3> console{static_cast<uint32_t>(MessageType::console), 0, 0};
    iovec part{console.data(), sizeof console};
    alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof pipe)> control{};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = control.data();
    message.msg_controllen = CMSG_SPACE(sizeof pipe);
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof pipe);
    std::memcpy(CMSG_DATA(header), pipe.data(), sizeof pipe);
    REQUIRE(::sendmsg(pair.theirs.socket(), &message, 0) > 0);
    const Fd reader(pipe[0]);
    Fd(pipe[1]).reset();
    CHECK_FALSE(pair.ours.expect(MessageType::console).has_value());
    // No other writer: the end.
    char byte = 0;
    CHECK(::read(reader.get(), &byte, 1) == 0);
}

TEST_CASE("sync: a descriptor where none belongs, and none where one belongs, are errors") {
    Pair pair;
    REQUIRE(pair.theirs.send(MessageType::entered, 0, pair.theirs.socket()).has_value());
    CHECK_FALSE(pair.ours.expect(MessageType::entered).has_value());
    REQUIRE(pair.theirs.send(MessageType::console).has_value());
    CHECK_FALSE(pair.ours.expect(MessageType::console).has_value());
}
