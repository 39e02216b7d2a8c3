#include "linux/observed_process.h"

#include <doctest/doctest.h>

#include "linux/capabilities.h"
#include "linux/rlimits.h"

using namespace sampan;

TEST_CASE("observed process: arguments and environment are split at every NUL") {
    using namespace std::string_view_literals;
    CHECK(split_at_nul("").empty());
    CHECK(split_at_nul("a\0b c\0\0d"sv) == std::vector<std::string>{"a", "b c", "", "d"});
    CHECK(split_at_nul("a\0"sv) == std::vector<std::string>{"a"});
}

TEST_CASE("observed process: the limits that the kernel shows") {
    const std::vector<spec::Rlimit> limits = parse_proc_limits(
        "Limit                     Soft Limit           Hard Limit           Units     \n"
        "Max cpu time              unlimited            10                   seconds   \n"
        "Max file size             5                    unlimited            bytes     \n");
    REQUIRE(limits.size() == 2);
    CHECK(limits[0] == spec::Rlimit{spec::RlimitType::rlimit_cpu, ~uint64_t{0}, 10});
    CHECK(limits[1] == spec::Rlimit{spec::RlimitType::rlimit_fsize, 5, ~uint64_t{0}});
    CHECK(parse_proc_limits("").empty());
    CHECK(parse_proc_limits("\nshort\n").empty());
}

TEST_CASE("observed process: the offsets of the clocks") {
    const auto offsets = parse_time_offsets("monotonic       -5         0\nboottime  7 9\n");
    REQUIRE(offsets.has_value());
    CHECK(offsets->monotonic == spec::TimeOffset{-5, 0});
    CHECK(offsets->boottime == spec::TimeOffset{7, 9});
    CHECK_FALSE(parse_time_offsets("").has_value());
}

TEST_CASE(
    "capabilities: execve gives root those of the bounding set, and others the ambient ones") {
    const CapabilitySets sets{.bounding = 0b111,
                              .effective = 0b1,
                              .permitted = 0b11,
                              .inheritable = 0b10,
                              .ambient = 0b10};
    CHECK(after_execve(sets, true, false).permitted == 0b111);
    CHECK(after_execve(sets, true, true).permitted == 0b11);
    CHECK(after_execve(sets, false, false).permitted == 0b10);
    CHECK(after_execve(sets, false, false).effective == 0b10);
    CHECK(to_names({.effective = 0b11}).effective ==
          std::vector<std::string>{"CAP_CHOWN", "CAP_DAC_OVERRIDE"});
}
