#include "os/beside.h"

#include <fcntl.h>
#include <signal.h>
#include <unistd.h>

#include <new>

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

using namespace sampan;

TEST_CASE("run_beside: the work is done in another process") {
    const pid_t ours = ::getpid();
    CHECK(run_beside("looks", [ours]() -> Status {
        if (::getpid() == ours) return failf("this is the same process");
        return {};
    }));
}

TEST_CASE("run_beside: a failure is told as if it were our own") {
    const Status done = run_beside("fails", [] {
        Error error("opening the source", ENOENT);
        error.set_pointer("/mounts/3");
        return Status(std::unexpected(std::move(error)));
    });
    REQUIRE(!done);
    CHECK(done.error().message() == "opening the source: No such file or directory");
    CHECK(done.error().pointer() == "/mounts/3");
    CHECK(done.error().code() == ENOENT);
}

TEST_CASE("run_beside: that somebody hung up on it is its failure, and not its end") {
    const Status done = run_beside(
        "asks", []() -> Status { return fail(ErrorKind::hung_up, "the other side hung up"); });
    REQUIRE(!done);
    CHECK(done.error().message() == "the other side hung up");
    CHECK(done.error().kind() == ErrorKind::failed);
}

TEST_CASE("run_beside: a process that ends without a word is named, and how it ended") {
    const Status killed = run_beside("opens sources", []() -> Status {
        ::kill(::getpid(), SIGKILL);
        return {};
    });
    REQUIRE(!killed);
    CHECK(killed.error().message() == "the process that opens sources was killed by SIGKILL");
    const Status left = run_beside("opens sources", []() -> Status { ::_exit(3); });
    REQUIRE(!left);
    CHECK(left.error().message() == "the process that opens sources exited with 3");
}

TEST_CASE("run_beside: what it leaves behind, with the same channel, is not waited for") {
    const Status done = run_beside("forks", []() -> Status {
        if (::fork() == 0) {
            for (int fd = 0; fd <= 2; ++fd)
                ::close(fd);
            ::alarm(5);
            ::pause();
        }
        ::kill(::getpid(), SIGKILL);
        return {};
    });
    REQUIRE(!done);
    CHECK(done.error().message() == "the process that forks was killed by SIGKILL");
}

TEST_CASE("run_beside: out of memory is an error like any other") {
    const Status done = run_beside("allocates", []() -> Status { throw std::bad_alloc(); });
    REQUIRE(!done);
    CHECK(done.error().message() == "out of memory");
}

TEST_CASE("open_beside: what is opened comes to us") {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const Fd read_end(ends[0]);
    const Fd write_end(ends[1]);
    const Result<Fd> opened = open_beside(
        "opens", [&]() -> Result<Fd> { return open_at(cwd, fd_path(read_end.get()), O_WRONLY); });
    REQUIRE(opened);
    REQUIRE(write_all(opened->get(), "x"));
    char byte = 0;
    CHECK(::read(read_end.get(), &byte, 1) == 1);
    const Result<Fd> failed = open_beside("opens", [] { return open_at(cwd, "/no/such", O_PATH); });
    REQUIRE(!failed);
    CHECK(failed.error().code() == ENOENT);
}

TEST_CASE("read_beside: a text comes to us, whatever is in it and however long it is") {
    std::string text("a\0b\n", 4);
    text.append(1 << 20, 'x');
    const Result<std::string> read =
        read_beside("finds a text", [&]() -> Result<std::string> { return text; });
    REQUIRE(read);
    CHECK(*read == text);
    CHECK(read_beside("finds nothing", []() -> Result<std::string> { return ""; }).value() == "");
    const Result<std::string> failed = read_beside(
        "finds nothing", []() -> Result<std::string> { return failf("it is not there"); });
    REQUIRE(!failed);
    CHECK(failed.error().message() == "it is not there");
}

TEST_CASE("visit_beside: it is there until it has been looked at") {
    pid_t seen = 0;
    CHECK(visit_beside(
        "waits", []() -> Status { return {}; },
        [&seen](pid_t pid) -> Status {
            seen = pid;
            return stat_at(cwd, format("/proc/{}/root", pid)) ? Status() : failf("it is gone");
        }));
    CHECK(seen > 0);
    CHECK(::kill(seen, 0) == -1);
    const Status looked = visit_beside(
        "waits", []() -> Status { return {}; },
        [](pid_t) -> Status { return failf("nothing was seen"); });
    REQUIRE(!looked);
    CHECK(looked.error().message() == "nothing was seen");
    const Status failed = visit_beside(
        "waits", []() -> Status { return failf("it cannot"); },
        [](pid_t) -> Status { return failf("nothing was seen"); });
    REQUIRE(!failed);
    CHECK(failed.error().message() == "it cannot");
}
