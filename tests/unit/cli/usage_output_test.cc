#include <doctest/doctest.h>

#include "cli/event_json.h"
#include "cli/interval.h"
#include "cli/stats_table.h"
#include "spec/json.h"

using namespace sampan;

namespace {

ContainerUsage example_usage() {
    ContainerUsage usage;
    usage.cgroup.cpu.total_ns = 2'000'000'000;
    usage.cgroup.cpu.pressure = Pressure{{125, 0, 0, 4711}, {}};
    usage.cgroup.cpuset.cpus = {0, 1};
    usage.cgroup.cpuset.settings = {{"sched_relax_domain_level", -1}};
    usage.cgroup.memory.memory = {
        .usage = 25 << 20, .most = 30 << 20, .limit = 100 << 20, .failures = 0};
    usage.cgroup.memory.swap.limit = unlimited;
    usage.cgroup.pids = {.current = 3, .limit = 0};
    usage.cgroup.io.bytes = {{8, 0, "Read", 2048}, {8, 1, "Read", 1024}, {8, 0, "Write", 5}};
    usage.networks = {{"eth0", {1, 2, 3, 4}, {5, 6, 7, 8}}};
    return usage;
}

}  // namespace

TEST_CASE("events: usage is a line of JSON with the members that readers know") {
    const std::string line = stats_event("web", example_usage());
    CHECK(line.starts_with(
        R"({"type":"stats","id":"web","data":{"cpu":{"usage":{"total":2000000000,)"));
    for (const char* part :
         {R"("psi":{"some":{"avg10":1.25,"avg60":0.00,"avg300":0.00,"total":4711})",
          R"("cpuset":{"cpus":[0,1],"sched_relax_domain_level":-1})",
          R"("usage":{"limit":104857600,"usage":26214400,"max":31457280,"failcnt":0})",
          R"("swap":{"limit":18446744073709551615,)", R"("pids":{"current":3,"limit":0})",
          R"({"major":8,"minor":0,"op":"Read","value":2048})", R"("hugetlb":{},"intel_rdt":{})",
          R"({"Name":"eth0","RxBytes":1,"RxPackets":2,"RxErrors":3,"RxDropped":4,"TxBytes":5,)"}) {
        CAPTURE(part);
        CHECK(line.find(part) != std::string::npos);
    }
    CHECK(JsonDocument::parse(line, "events"));
    CHECK(line.ends_with("}}\n"));
    CHECK(oom_event("web") == "{\"type\":\"oom\",\"id\":\"web\"}\n");
}

TEST_CASE("intervals: durations in words") {
    CHECK(parse_duration_ms("500ms") == 500);
    CHECK(parse_duration_ms("5s") == 5000);
    CHECK(parse_duration_ms("1m30s") == 90000);
    CHECK(parse_duration_ms("2h") == 7'200'000);
    CHECK(parse_duration_ms("3") == 3000);
    for (const char* wrong :
         {"", "0", "0s", "-1s", "s", "5x", "1e3", "1.5s", "5 s", "25h", "99999999999999999999s",
          "9999999h", "5s5", "-9223372036854775807", "-18446744073709551"})
        CHECK_FALSE(parse_duration_ms(wrong));
}

TEST_CASE("stats: a line for each container, its CPU time as a share of one CPU") {
    StatsRow row{.id = "web", .usage = example_usage()};
    row.cpu_before_ns = 500'000'000;
    row.since = std::chrono::seconds(1);
    const std::vector<std::string> table = stats_table({row});
    REQUIRE(table.size() == 2);
    CHECK(table[0] ==
          "ID       CPU   MEMORY    LIMIT  MEMORY %     PIDS    LIMIT     READ  WRITTEN");
    CHECK(table[1] ==
          "web   150.0%    25.0M   100.0M     25.0%        3        -     3.0K       5B");
}

TEST_CASE("stats: what is not known or not limited is a dash") {
    StatsRow row{.id = "web", .usage = {}};
    row.usage.cgroup.memory.memory.limit = 9'223'372'036'854'771'712U;
    CHECK(stats_table({row})[1] ==
          "web        -       0B        -         -        0        -       0B       0B");
}

TEST_CASE("short bytes") {
    CHECK(short_bytes(999) == "999B");
    CHECK(short_bytes(1000) == "1.0K");
    CHECK(short_bytes(1536) == "1.5K");
    CHECK(short_bytes(uint64_t{5} << 40) == "5.0T");
    CHECK(short_bytes(~uint64_t{0}) == "16.0E");
}
