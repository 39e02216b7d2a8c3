#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "cgroup/limits.h"
#include "cgroup/limits_v1.h"
#include "cgroup/limits_v2.h"

#include "checked.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

using Lines = std::vector<std::string>;

Lines lines(const Result<std::vector<CgroupWrite>>& writes) {
    REQUIRE(writes);
    Lines all;
    for (const CgroupWrite& write : *writes)
        all.push_back(format("{}: {}={} <- {}", write.controller, write.file, write.value,
                             write.origin.substr(std::string("/linux/resources").size())));
    return all;
}

// For a new cgroup.
Result<std::vector<CgroupWrite>> plan_v1(const spec::Resources& resources) {
    return plan_resources_v1(checked(resources), {});
}
Result<std::vector<CgroupWrite>> plan_v2(const spec::Resources& resources) {
    return plan_resources_v2(checked(resources), {});
}

std::string refused(const Result<std::vector<CgroupWrite>>& writes) {
    REQUIRE_FALSE(writes);
    return writes.error().pointer();
}

const spec::Resources usual = {
    .memory = spec::Memory{.limit = 1000, .reservation = 500, .swap = 1500},
    .cpu = spec::Cpu{.shares = 1024,
                     .quota = 50000,
                     .burst = 1000,
                     .period = 100000,
                     .cpus = "0-1",
                     .mems = "0"},
    .pids = spec::Pids{.limit = 32},
};

}  // namespace

TEST_CASE("resources v1: the usual ones in the order that a new cgroup takes") {
    CHECK(lines(plan_v1(usual)) ==
          Lines{"memory: memory.limit_in_bytes=1000 <- /memory/limit",
                "memory: memory.memsw.limit_in_bytes=1500 <- /memory/swap",
                "memory: memory.soft_limit_in_bytes=500 <- /memory/reservation",
                "cpu: cpu.shares=1024 <- /cpu/shares",
                "cpu: cpu.cfs_period_us=100000 <- /cpu/period",
                "cpu: cpu.cfs_quota_us=50000 <- /cpu/quota",
                "cpu: cpu.cfs_burst_us=1000 <- /cpu/burst", "cpuset: cpuset.cpus=0-1 <- /cpu/cpus",
                "cpuset: cpuset.mems=0 <- /cpu/mems", "pids: pids.max=32 <- /pids/limit"});
}

TEST_CASE("resources v2: the usual ones, converted") {
    CHECK(lines(plan_v2(usual)) ==
          Lines{"memory: memory.swap.max=500 <- /memory/swap",
                "memory: memory.max=1000 <- /memory/limit",
                "memory: memory.low=500 <- /memory/reservation",
                "cpu: cpu.weight=100 <- /cpu/shares", "cpu: cpu.max=50000 100000 <- /cpu/quota",
                "cpu: cpu.max.burst=1000 <- /cpu/burst", "cpuset: cpuset.cpus=0-1 <- /cpu/cpus",
                "cpuset: cpuset.mems=0 <- /cpu/mems", "pids: pids.max=32 <- /pids/limit"});
}

TEST_CASE("resources: nothing asked for is nothing written") {
    const spec::Resources empty = {
        .memory = spec::Memory{}, .cpu = spec::Cpu{}, .pids = spec::Pids{}};
    CHECK(lines(plan_v1(empty)).empty());
    CHECK(lines(plan_v2(empty)).empty());
}

TEST_CASE("resources: pids limit 0 is zero and -1 is none") {
    const spec::Resources zero = {.pids = spec::Pids{.limit = 0}};
    CHECK(lines(plan_v1(zero)) == Lines{"pids: pids.max=1 <- /pids/limit"});
    CHECK(lines(plan_v2(zero)) == Lines{"pids: pids.max=1 <- /pids/limit"});
    const spec::Resources none = {.pids = spec::Pids{.limit = -1}};
    CHECK(lines(plan_v1(none)) == Lines{"pids: pids.max=max <- /pids/limit"});
    CHECK(lines(plan_v2(none)) == Lines{"pids: pids.max=max <- /pids/limit"});
}

TEST_CASE("resources v1: unlimited memory lifts the limit of both first") {
    const spec::Resources unlimited = {.memory = spec::Memory{.limit = -1}};
    const Result<std::vector<CgroupWrite>> writes = plan_v1(unlimited);
    CHECK(lines(writes) == Lines{"memory: memory.memsw.limit_in_bytes=-1 <- /memory/limit",
                                 "memory: memory.limit_in_bytes=-1 <- /memory/limit"});
    CHECK(writes->at(0).when_missing == WhenMissing::skip);
    CHECK(writes->at(1).when_missing == WhenMissing::skip);
    const Result<std::vector<CgroupWrite>> limited = plan_v1({.memory = spec::Memory{.limit = 9}});
    REQUIRE(limited);
    CHECK(limited->at(0).when_missing == WhenMissing::error);
}

TEST_CASE("resources v2: no swap in the kernel is no error when none is wanted") {
    const spec::Resources no_swap = {.memory = spec::Memory{.limit = 1000, .swap = 1000}};
    const Result<std::vector<CgroupWrite>> writes = plan_v2(no_swap);
    CHECK(lines(writes).at(0) == "memory: memory.swap.max=0 <- /memory/swap");
    CHECK(writes->at(0).when_missing == WhenMissing::skip);
}

TEST_CASE("resources: limits of kernel memory are written on v1 and passed over on v2") {
    const spec::Resources kernel = {.memory = spec::Memory{.kernel = 5, .kernel_tcp = 6}};
    CHECK(lines(plan_v1(kernel)) ==
          Lines{"memory: memory.kmem.limit_in_bytes=5 <- /memory/kernel",
                "memory: memory.kmem.tcp.limit_in_bytes=6 <- /memory/kernelTCP"});
    CHECK(lines(plan_v2(kernel)).empty());
    const CgroupDirectory v2{.place = {.controllers = {"memory"}, .unified = true}};
    REQUIRE(limits_passed_over(kernel, {v2}).size() == 2);
    CHECK(limits_passed_over(kernel, {v2})[1].pointer == "/linux/resources/memory/kernelTCP");
    CHECK(limits_passed_over(kernel, {{.place = {.controllers = {"memory"}}}}).empty());
    const spec::Resources none = {.memory = spec::Memory{.kernel = -1, .kernel_tcp = 0}};
    CHECK(limits_passed_over(none, {v2}).empty());
}

TEST_CASE("resources v2: what it has nothing like is an error") {
    CHECK(refused(plan_v2({.memory = spec::Memory{.swappiness = 1}})) ==
          "/linux/resources/memory/swappiness");
    CHECK(refused(plan_v2({.memory = spec::Memory{.disable_oom_killer = true}})) ==
          "/linux/resources/memory/disableOOMKiller");
    CHECK(lines(plan_v2({.memory = spec::Memory{.disable_oom_killer = false}})).empty());
    CHECK(refused(plan_v2({.cpu = spec::Cpu{.realtime_runtime = 1}})) ==
          "/linux/resources/cpu/realtimeRuntime");
    CHECK(refused(plan_v2({.network = spec::Network{.class_id = 1}})) ==
          "/linux/resources/network/classID");
    CHECK(refused(plan_v2({.block_io = spec::BlockIo{.leaf_weight = 10}})) ==
          "/linux/resources/blockIO/leafWeight");
}

TEST_CASE("resources: quotas of nothing are no quota") {
    const spec::Resources none = {.cpu = spec::Cpu{.quota = -1}};
    CHECK(lines(plan_v1(none)) == Lines{"cpu: cpu.cfs_quota_us=-1 <- /cpu/quota"});
    CHECK(lines(plan_v2(none)) == Lines{"cpu: cpu.max=max <- /cpu/quota"});
    const spec::Resources period = {.cpu = spec::Cpu{.period = 50000}};
    CHECK(lines(plan_v2(period)) == Lines{"cpu: cpu.max=max 50000 <- /cpu/period"});
}

TEST_CASE("resources: block I/O") {
    const spec::Resources io = {
        .block_io =
            spec::BlockIo{.weight = 500,
                          .weight_device = {{.major = 8, .minor = 0, .weight = 100}},
                          .throttle_read_bps_device = {{.major = 8, .minor = 0, .rate = 600}},
                          .throttle_write_iops_device = {{.major = 8, .minor = 16, .rate = 300}}}};
    CHECK(lines(plan_v1(io)) ==
          Lines{"blkio: blkio.weight=500 <- /blockIO/weight",
                "blkio: blkio.weight_device=8:0 100 <- /blockIO/weightDevice/0/weight",
                "blkio: blkio.throttle.read_bps_device=8:0 600 <- /blockIO/throttleReadBpsDevice/0",
                "blkio: blkio.throttle.write_iops_device=8:16 300 <- "
                "/blockIO/throttleWriteIOPSDevice/0"});
    const Result<std::vector<CgroupWrite>> v2 = plan_v2(io);
    CHECK(lines(v2) == Lines{"io: io.bfq.weight=500 <- /blockIO/weight",
                             "io: io.bfq.weight=8:0 100 <- /blockIO/weightDevice/0/weight",
                             "io: io.max=8:0 rbps=600 <- /blockIO/throttleReadBpsDevice/0",
                             "io: io.max=8:16 wiops=300 <- /blockIO/throttleWriteIOPSDevice/0"});
    CHECK(v2->at(0).other_file == "io.weight");
    CHECK(v2->at(0).other_value == "4950");
    CHECK(v2->at(1).other_value == "8:0 910");
}

TEST_CASE("resources: huge pages, network, rdma") {
    const spec::Resources others = {
        .hugepage_limits = {{.page_size = "2MB", .limit = 4096}},
        .network = spec::Network{.class_id = 7, .priorities = {{.name = "eth0", .priority = 5}}},
        .rdma = {{"mlx5_1", {.hca_handles = 3, .hca_objects = 10}}}};
    CHECK(lines(plan_v1(others)) ==
          Lines{"hugetlb: hugetlb.2MB.rsvd.limit_in_bytes=4096 <- /hugepageLimits/0",
                "hugetlb: hugetlb.2MB.limit_in_bytes=4096 <- /hugepageLimits/0",
                "net_cls: net_cls.classid=7 <- /network/classID",
                "net_prio: net_prio.ifpriomap=eth0 5 <- /network/priorities/0",
                "rdma: rdma.max=mlx5_1 hca_handle=3 hca_object=10 <- /rdma/mlx5_1"});
}

TEST_CASE("resources v2: unified is written last, line by line") {
    const spec::Resources unified = {
        .pids = spec::Pids{.limit = 5},
        .unified = {{"io.max", "8:0 rbps=1\n8:16 rbps=2\n"}, {"memory.high", "100"}}};
    CHECK(lines(plan_v2(unified)) == Lines{"pids: pids.max=5 <- /pids/limit",
                                           "io: io.max=8:0 rbps=1 <- /unified/io.max",
                                           "io: io.max=8:16 rbps=2 <- /unified/io.max",
                                           "memory: memory.high=100 <- /unified/memory.high"});
}
