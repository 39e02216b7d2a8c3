// Changing the limits of cgroups that exist: what is written, in which order, and what undoes it.
#include "cgroup/update.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"

#include "checked.h"
#include "hosts.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

using Lines = std::vector<std::string>;

std::vector<CgroupDirectory> v1() {
    std::vector<CgroupDirectory> directories;
    for (const char* controller : {"memory", "cpu", "cpuset", "pids"})
        directories.push_back({.place = {.controllers = {controller},
                                         .mount_point = format("/sys/fs/cgroup/{}", controller),
                                         .path = "/web"}});
    return directories;
}

std::vector<CgroupDirectory> v2() {
    return {{.place = {.controllers = {"cpuset", "cpu", "io", "memory", "pids"},
                       .unified = true,
                       .mount_point = "/sys/fs/cgroup",
                       .path = "/web"}}};
}

Lines lines(const Result<CgroupPlan>& plan) {
    REQUIRE(plan);
    Lines all;
    for (const CgroupDirectory& directory : plan->directories)
        for (const auto* writes : {&directory.writes, &directory.late_writes})
            for (const CgroupWrite& write : *writes)
                all.push_back(describe(write));
    return all;
}

Lines on_v1(const spec::Resources& resources, const PresentLimits& present) {
    return lines(plan_update(checked(resources), present, v1()));
}
Lines on_v2(const spec::Resources& resources, const PresentLimits& present) {
    return lines(plan_update(checked(resources), present, v2()));
}

std::string refused(const Result<CgroupPlan>& plan) {
    REQUIRE_FALSE(plan);
    return plan.error().pointer();
}

spec::Resources memory(std::optional<int64_t> limit, std::optional<int64_t> swap = {}) {
    return {.memory = spec::Memory{.limit = limit, .swap = swap}};
}

}  // namespace

TEST_CASE("update: nothing asked for is nothing written") {
    const spec::Resources empty = {
        .memory = spec::Memory{}, .cpu = spec::Cpu{}, .pids = spec::Pids{}};
    CHECK(on_v1(empty, {}).empty());
    CHECK(on_v2(empty, {}).empty());
}

TEST_CASE("update: devices are left alone, and no process beside the first is a limit") {
    const spec::Resources asked = {.devices = {{.allow = true}}, .pids = spec::Pids{.limit = 0}};
    CHECK(on_v1(asked, {}) == Lines{"pids.max = 1"});
    CHECK(on_v2(asked, {}) == Lines{"pids.max = 1"});
}

TEST_CASE("update v1: memory is never above memory and swap on the way") {
    const PresentLimits present{.memory = 100, .memory_and_swap = 150};
    const Lines swap_first{"memory.memsw.limit_in_bytes = 300", "memory.limit_in_bytes = 200"};
    CHECK(on_v1(memory(200, 300), present) == swap_first);
    CHECK(on_v1(memory(120, 300), present) ==
          Lines{"memory.limit_in_bytes = 120", "memory.memsw.limit_in_bytes = 300"});
    CHECK(on_v1(memory(50, 60), present) ==
          Lines{"memory.limit_in_bytes = 50", "memory.memsw.limit_in_bytes = 60"});
    CHECK(on_v1(memory(-1), present) ==
          Lines{"memory.memsw.limit_in_bytes = -1", "memory.limit_in_bytes = -1"});
    CHECK(on_v1(memory(150), present) == Lines{"memory.limit_in_bytes = 150"});
    CHECK(refused(plan_update(checked(memory(151)), present, v1())) ==
          "/linux/resources/memory/limit");
}

TEST_CASE("update: a limit of memory and swap counts from the limit of memory that is there") {
    const PresentLimits present{.memory = 100};
    CHECK(on_v1(memory({}, 150), present) == Lines{"memory.memsw.limit_in_bytes = 150"});
    CHECK(on_v2(memory({}, 150), present) == Lines{"memory.swap.max = 50"});
    CHECK(on_v2(memory({}, -1), present) == Lines{"memory.swap.max = max"});
    CHECK(refused(plan_update(checked(memory({}, 50)), present, v1())) ==
          "/linux/resources/memory/swap");
    CHECK(refused(plan_update(checked(memory({}, 50)), present, v2())) ==
          "/linux/resources/memory/swap");
    CHECK(refused(plan_update(checked(memory({}, 50)), {.memory = -1}, v1())) ==
          "/linux/resources/memory/swap");
}

TEST_CASE("update v2: the limit of memory alone leaves that of swap as it is") {
    CHECK(on_v2(memory(200), {.memory = 100}) == Lines{"memory.max = 200"});
    CHECK(on_v2(memory(-1), {.memory = 100}) == Lines{"memory.swap.max = max", "memory.max = max"});
}

TEST_CASE("update v1: quota and period change without a larger share in between") {
    const auto bandwidth = [](int64_t quota, uint64_t period) {
        return spec::Resources{.cpu = spec::Cpu{.quota = quota, .period = period}};
    };
    const PresentLimits half{.cpu_quota = 50000, .cpu_period = 100000};
    const Lines quota_first{"cpu.cfs_quota_us = 10000", "cpu.cfs_period_us = 20000"};
    CHECK(on_v1(bandwidth(10000, 20000), half) == quota_first);
    const Lines period_first{"cpu.cfs_period_us = 200000", "cpu.cfs_quota_us = 100000"};
    CHECK(on_v1(bandwidth(100000, 200000), half) == period_first);
    const Lines lifted{"cpu.cfs_quota_us = -1", "cpu.cfs_period_us = 20000"};
    CHECK(on_v1(bandwidth(-1, 20000), half) == lifted);
    const Lines new_limit{"cpu.cfs_period_us = 20000", "cpu.cfs_quota_us = 10000"};
    CHECK(on_v1(bandwidth(10000, 20000), {.cpu_quota = -1, .cpu_period = 100000}) == new_limit);
}

TEST_CASE("update v2: cpu.max keeps what was not asked for") {
    const PresentLimits present{.cpu_quota = 50000, .cpu_period = 100000};
    CHECK(on_v2({.cpu = spec::Cpu{.quota = 20000}}, present) == Lines{"cpu.max = 20000 100000"});
    CHECK(on_v2({.cpu = spec::Cpu{.period = 80000}}, present) == Lines{"cpu.max = 50000 80000"});
    CHECK(on_v2({.cpu = spec::Cpu{.quota = -1}}, present) == Lines{"cpu.max = max 100000"});
}

TEST_CASE("update: the burst is never above the quota on the way") {
    const PresentLimits present{.cpu_quota = 50000, .cpu_period = 100000, .cpu_burst = 40000};
    const spec::Resources lower = {.cpu = spec::Cpu{.quota = 20000, .burst = 10000}};
    const spec::Resources higher = {.cpu = spec::Cpu{.quota = 90000, .burst = 80000}};
    CHECK(on_v1(lower, present) == Lines{"cpu.cfs_burst_us = 10000", "cpu.cfs_quota_us = 20000"});
    CHECK(on_v1(higher, present) == Lines{"cpu.cfs_quota_us = 90000", "cpu.cfs_burst_us = 80000"});
    CHECK(on_v2(lower, present) == Lines{"cpu.max.burst = 10000", "cpu.max = 20000 100000"});
    CHECK(on_v2(higher, present) == Lines{"cpu.max = 90000 100000", "cpu.max.burst = 80000"});
    for (const auto& directories : {v1(), v2()}) {
        const spec::Resources quota = {.cpu = spec::Cpu{.quota = 20000}};
        CHECK(refused(plan_update(checked(quota), present, directories)) ==
              "/linux/resources/cpu/quota");
        const spec::Resources burst = {.cpu = spec::Cpu{.burst = 60000}};
        CHECK(refused(plan_update(checked(burst), present, directories)) ==
              "/linux/resources/cpu/burst");
    }
}

TEST_CASE("update: an idle cgroup gets its weight once it is idle no more") {
    const PresentLimits idle{.cpu_idle = true};
    const spec::Resources wake = {.cpu = spec::Cpu{.shares = 1024, .idle = 0}};
    CHECK(on_v1(wake, idle) == Lines{"cpu.idle = 0", "cpu.shares = 1024"});
    CHECK(on_v2(wake, idle) == Lines{"cpu.idle = 0", "cpu.weight = 100"});
    const spec::Resources rest = {.cpu = spec::Cpu{.shares = 1024, .idle = 1}};
    CHECK(on_v2(rest, {}) == Lines{"cpu.weight = 100", "cpu.idle = 1"});
    const spec::Resources weight = {.cpu = spec::Cpu{.shares = 1024}};
    CHECK(refused(plan_update(checked(weight), idle, v1())) == "/linux/resources/cpu/shares");
}

TEST_CASE("update: a controller that the cgroup lacks is an error that names it") {
    std::vector<CgroupDirectory> no_pids = v2();
    no_pids[0].place.controllers.pop_back();
    const Result<CgroupPlan> plan = plan_update(
        checked(spec::Resources{.pids = spec::Pids{.limit = 5}}), {}, std::move(no_pids));
    CHECK(refused(plan) == "/linux/resources/pids/limit");
    CHECK(plan.error().message().find("no pids controller") != std::string::npos);
    CHECK_FALSE(plan_update(checked(spec::Resources{.unified = {{"memory.high", "1"}}}), {}, v1()));
}

TEST_CASE("update: what is in use is looked at only if asked, and only for a limit") {
    const auto check = [](const spec::Memory& asked) {
        const Result<CgroupPlan> plan =
            plan_update(checked(spec::Resources{.memory = asked}), {.memory = 50}, v2());
        REQUIRE(plan);
        return plan->directories[0].usage_check;
    };
    CHECK_FALSE(check({.limit = 100}));
    CHECK_FALSE(check({.limit = -1, .check_before_update = true}));
    CHECK_FALSE(check({.reservation = 10, .check_before_update = true}));
    CHECK(check({.limit = 100, .check_before_update = true}) == UsageCheck{.memory = 100});
    CHECK(check({.limit = 100, .swap = 150, .check_before_update = true}) ==
          UsageCheck{.memory = 100, .memory_and_swap = 150});
}

TEST_CASE("update: what a write undoes is the value that the file had") {
    const auto before = [](const char* file, const char* value, std::string_view text) {
        return value_before({.file = file, .value = value}, text);
    };
    CHECK(before("memory.max", "100", "max\n") == "max");
    CHECK(before("memory.limit_in_bytes", "100", "9223372036854771712\n") == "9223372036854771712");
    CHECK(before("cpu.max", "20000 100000", "max 100000\n") == "max 100000");
    CHECK(before("memory.oom_control", "1", "oom_kill_disable 0\nunder_oom 0\n") == "0");
    CHECK(before("cpuset.cpus", "0", "\n") == "\n");
    CHECK(before("net_prio.ifpriomap", "eth0 5", "lo 0\neth0 3\n") == "eth0 3");
    CHECK(before("rdma.max", "mlx5_1 hca_handle=3",
                 "mlx5_0 hca_handle=1\nmlx5_1 hca_handle=max\n") == "mlx5_1 hca_handle=max");
}

TEST_CASE("update: of files with a line for each device, only that of the device is undone") {
    const auto before = [](const char* file, const char* value, std::string_view text) {
        return value_before({.file = file, .value = value}, text);
    };
    const char* io_max = "8:16 rbps=1 wbps=max riops=max wiops=max\n8:1 rbps=2 wbps=3\n";
    CHECK(before("io.max", "8:1 rbps=9", io_max) == "8:1 rbps=2 wbps=3");
    CHECK(before("io.max", "8:0 rbps=9", io_max) == "8:0 rbps=max wbps=max riops=max wiops=max");
    CHECK(before("blkio.throttle.read_bps_device", "8:0 5", "8:0 7\n") == "8:0 7");
    CHECK(before("blkio.throttle.read_bps_device", "8:0 5", "") == "8:0 0");
    CHECK(before("io.weight", "200", "default 100\n8:0 300\n") == "default 100");
    CHECK(before("io.weight", "8:0 200", "default 100\n8:0 300\n") == "8:0 300");
    CHECK(before("io.bfq.weight", "8:0 200", "default 100\n") == "8:0 default");
    CHECK(device_lines("default 100\n8:0 300\n8:16 9\n") == Lines{"8:0 300", "8:16 9"});
    CHECK(device_lines("100\n").empty());
    // A file is not written to if nothing is known about it.
    CHECK(before("io.latency", "8:0 target=10", "").empty());
}
