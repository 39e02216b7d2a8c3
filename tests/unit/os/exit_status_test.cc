#include "os/exit_status.h"

#include <sys/wait.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace sampan;

namespace {

// A child that has ended with `code`, and that nobody has reaped yet.
Cloned ended_child(int code) {
    Result<Cloned> child = clone_process(0);
    REQUIRE(child);
    if (child->pid == 0) ::_exit(code);
    REQUIRE(wait_for_end(child->pidfd.get(), -1).value());
    return std::move(*child);
}

}  // namespace

TEST_CASE("exit status: that of a zombie is known") {
    const Cloned child = ended_child(7);
    const Result<std::optional<ExitStatus>> status = wait_for_other(child.pid, child.pidfd.get());
    (void)::waitpid(child.pid, nullptr, 0);
    REQUIRE(status);
    REQUIRE(*status);
    CHECK((*status)->code == 7);
}

TEST_CASE("exit status: that of another process which got the number is not taken") {
    const Cloned reaped = ended_child(7);
    REQUIRE(::waitpid(reaped.pid, nullptr, 0) == reaped.pid);
    const Cloned other = ended_child(9);
    const Result<std::optional<ExitStatus>> status = wait_for_other(other.pid, reaped.pidfd.get());
    (void)::waitpid(other.pid, nullptr, 0);
    REQUIRE(status);
    // New kernels keep it.
    CHECK((!*status || (*status)->code == 7));
}
