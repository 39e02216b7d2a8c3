#include "cgroup/usage.h"

#include <doctest/doctest.h>

#include "support.h"

using namespace sampan;
using sampan::testing::TempFolder;

namespace {

CgroupRecord record_of(const TempFolder& folder,
                       bool unified,
                       std::vector<std::string> controllers) {
    CgroupPlace place{.controllers = std::move(controllers),
                      .unified = unified,
                      .mount_point = folder.path(),
                      .path = "/web"};
    return {.places = {place}, .unit = {}, .owner = {}};
}

}  // namespace

TEST_CASE("usage: limits are added, up to what config.json has a number for") {
    CHECK(add_limits(300, 100) == 400);
    CHECK(add_limits(unlimited, 100) == unlimited);
    CHECK(add_limits(100, unlimited) == unlimited);
    constexpr uint64_t half = uint64_t{1} << 62;
    CHECK(add_limits(half, half - 1) == INT64_MAX);
    CHECK(add_limits(half, half) == unlimited);
    CHECK(add_limits(half, 2 * half) == unlimited);
}

TEST_CASE("usage: pressure has some and full, in hundredths of a percent and microseconds") {
    const auto pressure = parse_pressure(
        "some avg10=1.25 avg60=0.07 avg300=12.00 total=4711\n"
        "full avg10=0.00 avg60=0.50 avg300=100.00 total=9\n");
    REQUIRE(pressure);
    CHECK(pressure->some == PressureLine{125, 7, 1200, 4711});
    CHECK(pressure->full == PressureLine{0, 50, 10000, 9});
    CHECK_FALSE(parse_pressure(""));
}

TEST_CASE("usage: counts of devices in both versions") {
    CHECK(parse_blkio("8:0 Read 10\n8:0 Write 20\n253:1 Discard 3\nTotal 33\n") ==
          std::vector<IoCount>{{8, 0, "Read", 10}, {8, 0, "Write", 20}, {253, 1, "Discard", 3}});
    IoUsage usage;
    parse_io_stat("8:16 rbytes=10 wbytes=20 rios=1 wios=2 dbytes=0 dios=0\n", usage);
    CHECK(usage.bytes ==
          std::vector<IoCount>{{8, 16, "Read", 10}, {8, 16, "Write", 20}, {8, 16, "Discard", 0}});
    CHECK(usage.operations ==
          std::vector<IoCount>{{8, 16, "Read", 1}, {8, 16, "Write", 2}, {8, 16, "Discard", 0}});
}

TEST_CASE("usage: lists of numbers") {
    CHECK(parse_number_list("0-2,64\n") == std::vector<uint32_t>{0, 1, 2, 64});
    CHECK(parse_number_list("\n").empty());
    CHECK(parse_number_list("a-b").empty());
}

TEST_CASE("usage: the files of cgroup v2") {
    const TempFolder folder;
    folder.write("web/cpu.stat", "usage_usec 5\nuser_usec 3\nsystem_usec 2\nnr_throttled 7\n");
    folder.write("web/cpuset.cpus.effective", "0-1\n");
    folder.write("web/memory.current", "1000\n");
    folder.write("web/memory.peak", "2000\n");
    folder.write("web/memory.max", "4096\n");
    folder.write("web/memory.events", "low 0\nhigh 0\nmax 6\noom 1\noom_kill 1\n");
    folder.write("web/memory.stat", "anon 12\nfile 34\nkernel 56\n");
    folder.write("web/memory.swap.current", "24\n");
    folder.write("web/memory.swap.max", "max\n");
    folder.write("web/pids.current", "3\n");
    folder.write("web/pids.max", "max\n");
    folder.write("web/hugetlb.2MB.current", "8\n");
    folder.write("web/hugetlb.2MB.max", "max\n");
    folder.write("web/hugetlb.2MB.events", "max 2\n");
    folder.write("web/hugetlb.2MB.rsvd.current", "8\n");
    folder.write("web/io.pressure", "some avg10=0.50 avg60=0.00 avg300=0.00 total=1\n");
    const CgroupCounts usage = read_usage(record_of(folder, true, {"memory"}));
    CHECK(usage.cpu.total_ns == 5000);
    CHECK(usage.cpu.throttled_periods == 7);
    CHECK(usage.cpuset.cpus == std::vector<uint32_t>{0, 1});
    CHECK(usage.memory.memory.usage == 1000);
    CHECK(usage.memory.memory.most == 2000);
    CHECK(usage.memory.memory.limit == 4096);
    CHECK(usage.memory.memory.failures == 6);
    CHECK(usage.memory.cache == 34);
    CHECK(usage.memory.kernel.usage == 56);
    CHECK(usage.memory.swap.usage == 1024);
    CHECK(usage.memory.swap.limit == unlimited);
    CHECK(usage.pids.current == 3);
    CHECK(usage.pids.limit == 0);
    REQUIRE(usage.hugetlb.size() == 1);
    CHECK(usage.hugetlb[0].page_size == "2MB");
    CHECK(usage.hugetlb[0].failures == 2);
    REQUIRE(usage.io.pressure);
    CHECK(usage.io.pressure->some.avg10 == 50);
    CHECK_FALSE(usage.cpu.pressure);
}

TEST_CASE("usage: the files of cgroup v1, as far as their controller is there") {
    const TempFolder folder;
    folder.write("web/cpuacct.usage", "9\n");
    folder.write("web/cpuacct.usage_percpu", "4 5 \n");
    folder.write("web/memory.usage_in_bytes", "100\n");
    folder.write("web/memory.memsw.limit_in_bytes", "300\n");
    folder.write("web/memory.stat", "cache 7\ntotal_cache 8\n");
    folder.write("web/cpuset.sched_relax_domain_level", "-1\n");
    folder.write("web/pids.current", "3\n");
    const CgroupCounts usage =
        read_usage(record_of(folder, false, {"cpuacct", "memory", "cpuset"}));
    CHECK(usage.cpu.per_cpu_ns == std::vector<uint64_t>{4, 5});
    CHECK(usage.memory.memory.usage == 100);
    CHECK(usage.memory.swap.limit == 300);
    CHECK(usage.memory.cache == 7);
    CHECK(usage.cpuset.settings ==
          std::vector<std::pair<std::string, int64_t>>{{"sched_relax_domain_level", -1}});
    CHECK(usage.pids.current == 0);
}

TEST_CASE("usage: a cgroup that is gone counts nothing") {
    const TempFolder folder;
    const CgroupCounts usage = read_usage(record_of(folder, true, {}));
    CHECK(usage.cpu.total_ns == 0);
    CHECK(usage.memory.memory.limit == 0);
}
