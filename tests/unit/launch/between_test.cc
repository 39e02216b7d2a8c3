#include "launch/between.h"

#include <signal.h>
#include <unistd.h>

#include <new>

#include <doctest/doctest.h>

#include "base/text.h"
#include "launch/sync.h"

using namespace sampan;

TEST_CASE("do_in_between: the work is done in another process") {
    const pid_t ours = ::getpid();
    CHECK(do_in_between("looks", [ours]() -> Status {
        if (::getpid() == ours) return failf("this is the same process");
        return {};
    }));
}

TEST_CASE("do_in_between: a failure is told as if it were our own") {
    const Status done = do_in_between("fails", [] {
        Error error("opening the source", ENOENT);
        error.set_pointer("/mounts/3");
        return Status(std::unexpected(std::move(error)));
    });
    REQUIRE(!done);
    CHECK(done.error().message() == "opening the source: No such file or directory");
    CHECK(done.error().pointer() == "/mounts/3");
    CHECK(done.error().code() == ENOENT);
}

TEST_CASE("do_in_between: that somebody hung up on it is its failure, and not its end") {
    const Status done = do_in_between("asks", []() -> Status { return end_of_conversation(); });
    REQUIRE(!done);
    CHECK(done.error().message() == "the other side hung up");
    CHECK(done.error().kind() == ErrorKind::failed);
}

TEST_CASE("do_in_between: a process that ends without a word is named, and how it ended") {
    const Status killed = do_in_between("opens sources", []() -> Status {
        ::kill(::getpid(), SIGKILL);
        return {};
    });
    REQUIRE(!killed);
    CHECK(killed.error().message() == "the process that opens sources was killed by SIGKILL");
    const Status left = do_in_between("opens sources", []() -> Status { ::_exit(3); });
    REQUIRE(!left);
    CHECK(left.error().message() == "the process that opens sources exited with 3");
}

TEST_CASE("do_in_between: what it leaves behind, with the same channel, is not waited for") {
    const Status done = do_in_between("forks", []() -> Status {
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

TEST_CASE("do_in_between: out of memory is an error like any other") {
    const Status done = do_in_between("allocates", []() -> Status { throw std::bad_alloc(); });
    REQUIRE(!done);
    CHECK(done.error().message() == "out of memory");
}
