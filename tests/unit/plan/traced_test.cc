#include "plan/traced.h"

#include <limits>

#include <doctest/doctest.h>

using namespace sampan;

namespace {

TracedStep told_at(int64_t time) {
    trace_told_step("user\nrun as uid 0", time);
    end_told_steps(false);
    return traced_steps().back();
}

}  // namespace

TEST_CASE("traced: a time that the stub tells lies between the beginning of the trace and now") {
    REQUIRE(start_trace());
    CHECK(told_at(std::numeric_limits<int64_t>::min()).begin == trace_begin());
    CHECK(told_at(trace_begin() - 1).begin == trace_begin());
    const int64_t future = told_at(std::numeric_limits<int64_t>::max()).begin;
    CHECK(future <= trace_time());
    const int64_t before = trace_time();
    CHECK(told_at(before).begin == before);
    CHECK(traced_steps().back().step == "run as uid 0");
}

TEST_CASE("traced: no step of the stub begins before the one that it told last") {
    REQUIRE(start_trace());
    const int64_t before = trace_time();
    trace_told_step("user\none", before);
    trace_told_step("user\ntwo", before - 1);
    end_told_steps(false);
    CHECK(traced_steps().back().begin == before);
}
