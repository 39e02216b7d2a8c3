#include "os/trace.h"

#include <sched.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "os/process.h"

using namespace sampan;

namespace {

TracedStep last_step() {
    const std::vector<TracedStep> steps = traced_steps();
    REQUIRE_FALSE(steps.empty());
    return steps.back();
}

}  // namespace

TEST_CASE("trace: a step has its texts, its times and how it ended") {
    REQUIRE(start_trace());
    const size_t number = begin_step("create", "clone", "clone init", 1000);
    CHECK(last_step().end == 0);
    end_step(number, true, 2000);
    const TracedStep step = last_step();
    CHECK(step.walker == "create");
    CHECK(step.phase == "clone");
    CHECK(step.step == "clone init");
    CHECK(step.begin == 1000);
    CHECK(step.end == 2000);
    CHECK(step.failed);
}

TEST_CASE("trace: the steps of a cloned process are there too, even if it does not end them") {
    REQUIRE(start_trace());
    Result<Cloned> cloned = clone_process(0);
    REQUIRE(cloned);
    if (cloned->pid == 0) {
        const size_t number = begin_step("init", "mounts", "one");
        end_step(number, false);
        begin_step("init", "mounts", "two");
        ::_exit(0);
    }
    REQUIRE(Process(cloned->pid, std::move(cloned->pidfd)).wait());
    CHECK(last_step().step == "two");
    CHECK(last_step().end == 0);
    const std::vector<TracedStep> steps = traced_steps();
    CHECK(steps[steps.size() - 2].end >= steps[steps.size() - 2].begin);
}

TEST_CASE(
    "trace: a text that is too long is cut, and more steps than there is room for are left out") {
    REQUIRE(start_trace());
    end_step(begin_step("stub", "program", std::string(5000, 'x')), false);
    CHECK(last_step().step.size() > 1900);
    CHECK(last_step().step.size() < 2048);
    for (int i = 0; i < 9000; ++i)
        end_step(begin_step("create", "p", "s"), false);
    CHECK(traced_steps().size() == 8192);
}
