#include "cgroup/limits_v2.h"

#include <algorithm>
#include <cmath>

#include "base/text.h"
#include "cgroup/limits.h"
#include "spec/json.h"

namespace sampan {

uint64_t weight_of_shares(uint64_t shares) {
    constexpr uint64_t lowest = 2;
    constexpr uint64_t highest = 262144;
    const uint64_t clamped = std::clamp(shares, lowest, highest);
    // The ends are given exactly, because rounding could miss them by one.
    if (clamped == lowest) return 1;
    if (clamped == highest) return 10000;
    const double l = std::log2(static_cast<double>(clamped));
    const double exponent = (l * l + 125 * l) / 612.0 - 7.0 / 34.0;
    return static_cast<uint64_t>(std::ceil(std::pow(10, exponent)));
}

uint64_t io_weight_of_blkio_weight(uint16_t weight) {
    const uint64_t clamped = std::clamp<uint64_t>(weight, 10, 1000);
    return 1 + (clamped - 10) * 9999 / 990;
}

Result<std::optional<int64_t>> swap_max(const std::optional<int64_t>& memory_and_swap,
                                        const std::optional<int64_t>& memory) {
    if (!memory_and_swap) {
        if (memory == -1) return -1;
        return std::nullopt;
    }
    if (*memory_and_swap == -1) return -1;
    if (memory == -1) return *memory_and_swap;
    if (!memory) return fail("a limit of memory and swap together needs a limit of memory");
    if (*memory_and_swap < *memory)
        return failf("the limit of memory and swap together ({}) is below that of memory ({})",
                     *memory_and_swap, *memory);
    return *memory_and_swap - *memory;
}

namespace {

using Writes = std::vector<CgroupWrite>;

Failure not_in_v2(std::string_view pointer, std::string_view name) {
    return fail_at(pointer, format("cgroup v2 has nothing like {}", name));
}

Status add_memory_v2(const spec::Memory& memory, const PresentLimits& present, Writes& all) {
    WriteList list("memory", "/linux/resources/memory");
    if (memory.swappiness) return not_in_v2(list.origin("/swappiness"), "swappiness");
    if (memory.disable_oom_killer.value_or(false))
        return not_in_v2(list.origin("/disableOOMKiller"), "disableOOMKiller");
    // v2 is always hierarchical.
    if (!memory.use_hierarchy.value_or(true))
        return not_in_v2(list.origin("/useHierarchy"), "useHierarchy false");
    const std::optional<int64_t>& limit =
        memory.swap && !memory.limit ? present.memory : memory.limit;
    const std::optional<int64_t> swap = TRY(swap_max(memory.swap, limit).at(list.origin("/swap")));
    if (swap) {
        CgroupWrite& write =
            list.add("memory.swap.max", limit_or_max(*swap), memory.swap ? "/swap" : "/limit");
        // A kernel without swap has no such file: there is nothing to limit, and nothing to use.
        if (*swap == -1 || *swap == 0) write.when_missing = WhenMissing::skip;
    }
    if (memory.limit) {
        CgroupWrite& write = list.add("memory.max", limit_or_max(*memory.limit), "/limit");
        if (*memory.limit == -1) write.when_missing = WhenMissing::skip;
    }
    if (memory.reservation)
        list.add("memory.low", limit_or_max(*memory.reservation), "/reservation");
    list.move_to(all);
    return {};
}

void add_bandwidth_v2(const spec::Cpu& cpu, const PresentLimits& present, WriteList& list) {
    const bool burst_first = burst_goes_first(cpu, present);
    if (burst_first) add_burst(cpu, "cpu.max.burst", list);
    if (cpu.quota || cpu.period) {
        const int64_t quota = cpu.quota.value_or(present.cpu_quota.value_or(-1));
        std::string value = quota > 0 ? format("{}", quota) : "max";
        // The kernel would keep the present period (100 ms in a new cgroup), but systemd must be
        // told it.
        const std::optional<uint64_t>& period = cpu.period ? cpu.period : present.cpu_period;
        if (period) value += format(" {}", *period);
        list.add("cpu.max", std::move(value), cpu.quota ? "/quota" : "/period");
    }
    if (!burst_first) add_burst(cpu, "cpu.max.burst", list);
}

Status add_cpu_v2(const spec::Cpu& cpu, const PresentLimits& present, Writes& all) {
    TRY(check_against(cpu, present));
    WriteList list("cpu", "/linux/resources/cpu");
    if (cpu.realtime_runtime) return not_in_v2(list.origin("/realtimeRuntime"), "realtimeRuntime");
    if (cpu.realtime_period) return not_in_v2(list.origin("/realtimePeriod"), "realtimePeriod");
    const bool idle_first = idle_goes_first(cpu, present);
    if (idle_first) add_idle(cpu, list);
    if (cpu.shares) list.add("cpu.weight", format("{}", weight_of_shares(*cpu.shares)), "/shares");
    if (!idle_first) add_idle(cpu, list);
    add_bandwidth_v2(cpu, present, list);
    list.move_to(all);
    add_cpuset(cpu, all);
    return {};
}

// The weight of BFQ has the range of cgroup v1's; the kernel's own (iocost) has another range.
void add_io_weight(std::string_view device,
                   uint16_t weight,
                   std::string_view field,
                   WriteList& list) {
    CgroupWrite& write = list.add("io.bfq.weight", format("{}{}", device, weight), field);
    write.other_file = "io.weight";
    write.other_value = format("{}{}", device, io_weight_of_blkio_weight(weight));
}

void add_throttles_v2(const std::vector<spec::ThrottleDevice>& devices,
                      std::string_view key,
                      std::string_view field,
                      WriteList& list) {
    for (size_t i = 0; i < devices.size(); ++i)
        list.add("io.max",
                 format("{}:{} {}={}", devices[i].major, devices[i].minor, key,
                        // 0 is no limit, as in cgroup v1.
                        devices[i].rate == 0 ? "max" : format("{}", devices[i].rate)),
                 format("{}/{}", field, i));
}

Status add_block_io_v2(const spec::BlockIo& io, Writes& all) {
    WriteList list("io", "/linux/resources/blockIO");
    if (io.leaf_weight) return not_in_v2(list.origin("/leafWeight"), "leafWeight");
    if (io.weight) add_io_weight("", *io.weight, "/weight", list);
    for (size_t i = 0; i < io.weight_device.size(); ++i) {
        const spec::WeightDevice& device = io.weight_device[i];
        const std::string field = format("/weightDevice/{}", i);
        if (device.leaf_weight) return not_in_v2(list.origin(field + "/leafWeight"), "leafWeight");
        if (device.weight)
            add_io_weight(format("{}:{} ", device.major, device.minor), *device.weight,
                          field + "/weight", list);
    }
    add_throttles_v2(io.throttle_read_bps_device, "rbps", "/throttleReadBpsDevice", list);
    add_throttles_v2(io.throttle_write_bps_device, "wbps", "/throttleWriteBpsDevice", list);
    add_throttles_v2(io.throttle_read_iops_device, "riops", "/throttleReadIOPSDevice", list);
    add_throttles_v2(io.throttle_write_iops_device, "wiops", "/throttleWriteIOPSDevice", list);
    list.move_to(all);
    return {};
}

// After all others, so that these values win. Files such as io.max take one line for each write.
void add_unified(const std::map<std::string, std::string>& unified, Writes& all) {
    for (const auto& [file, value] : unified) {
        WriteList list(file.substr(0, file.find('.')), "/linux/resources/unified");
        const std::string field = pointer_part(file);
        const std::string_view text = trim(value);
        for (const std::string_view line : split(text, '\n'))
            list.add(file, std::string(line), field);
        list.move_to(all);
    }
}

}  // namespace

Result<std::vector<CgroupWrite>> plan_resources_v2(const spec::Resources& resources,
                                                   const PresentLimits& present) {
    Writes all;
    if (resources.memory) TRY(add_memory_v2(*resources.memory, present, all));
    if (resources.cpu) TRY(add_cpu_v2(*resources.cpu, present, all));
    add_pids(resources, all);
    if (resources.block_io) TRY(add_block_io_v2(*resources.block_io, all));
    add_hugepages(resources, "max", all);
    if (resources.network) {
        if (resources.network->class_id)
            return not_in_v2("/linux/resources/network/classID", "network.classID");
        if (!resources.network->priorities.empty())
            return not_in_v2("/linux/resources/network/priorities", "network.priorities");
    }
    add_rdma(resources, all);
    add_unified(resources.unified, all);
    return all;
}

}  // namespace sampan
