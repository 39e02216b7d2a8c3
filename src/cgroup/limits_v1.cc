#include "cgroup/limits_v1.h"

#include "base/text.h"
#include "cgroup/limits.h"

namespace sampan {

namespace {

using Writes = std::vector<CgroupWrite>;

// In the kernel memory <= memory+swap must always hold: if the new limit of memory exceeds the
// present limit of both, the limit of both is written first.
void add_memory_limits(const spec::Memory& memory, const PresentLimits& present, WriteList& list) {
    const auto add_limit = [&] {
        if (!memory.limit) return;
        CgroupWrite& write =
            list.add("memory.limit_in_bytes", format("{}", *memory.limit), "/limit");
        if (*memory.limit == -1) write.when_missing = WhenMissing::skip;
    };
    // Like swap_max() for cgroup v2: unlimited memory means unlimited swap too.
    const std::optional<int64_t> swap =
        memory.swap || memory.limit != -1 ? memory.swap : std::optional<int64_t>(-1);
    const auto add_swap = [&] {
        if (!swap) return;
        CgroupWrite& write = list.add("memory.memsw.limit_in_bytes", format("{}", *swap),
                                      memory.swap ? "/swap" : "/limit");
        // If swap is not accounted, the file does not exist, and there is no limit.
        if (*swap == -1) write.when_missing = WhenMissing::skip;
    };
    const int64_t present_swap = present.memory_and_swap.value_or(-1);
    if (swap == -1 || (present_swap != -1 && memory.limit.value_or(0) > present_swap)) {
        add_swap();
        add_limit();
    } else {
        add_limit();
        add_swap();
    }
}

Status check_swap(const spec::Memory& memory, const PresentLimits& present, const WriteList& list) {
    const int64_t limit = memory.limit.value_or(present.memory.value_or(-1));
    const int64_t swap = memory.swap.value_or(present.memory_and_swap.value_or(-1));
    if (swap == -1) return {};
    if (memory.swap && limit == -1)
        return fail_at(list.origin("/swap"),
                       "a limit of memory and swap together needs a limit of memory");
    if (memory.swap && swap < limit)
        return fail_at(
            list.origin("/swap"),
            format("the limit of memory and swap together ({}) is below that of memory ({})", swap,
                   limit));
    if (memory.limit && !memory.swap && limit > swap)
        return fail_at(
            list.origin("/limit"),
            format("the limit of memory ({}) is above that of memory and swap together "
                   "({}), which has to be changed too",
                   limit, swap),
            format("give that too (swap, --memory-swap): at least {}, or -1 for none", limit));
    return {};
}

Status add_memory_v1(const spec::Memory& memory, const PresentLimits& present, Writes& all) {
    WriteList list("memory", "/linux/resources/memory");
    if (memory.use_hierarchy)
        list.add("memory.use_hierarchy", *memory.use_hierarchy ? "1" : "0", "/useHierarchy");
    TRY(check_swap(memory, present, list));
    add_memory_limits(memory, present, list);
    if (memory.reservation)
        list.add("memory.soft_limit_in_bytes", format("{}", *memory.reservation), "/reservation");
    // Since Linux 5.16 the kernel reads this number and ignores it: kernel memory counts as memory.
    if (memory.kernel)
        list.add("memory.kmem.limit_in_bytes", format("{}", *memory.kernel), "/kernel");
    if (memory.kernel_tcp)
        list.add("memory.kmem.tcp.limit_in_bytes", format("{}", *memory.kernel_tcp), "/kernelTCP");
    if (memory.swappiness)
        list.add("memory.swappiness", format("{}", *memory.swappiness), "/swappiness");
    if (memory.disable_oom_killer) {
        const bool disable = *memory.disable_oom_killer;
        CgroupWrite& write =
            list.add("memory.oom_control", disable ? "1" : "0", "/disableOOMKiller");
        if (!disable) write.when_missing = WhenMissing::skip;
    }
    list.move_to(all);
    return {};
}

void add_bandwidth_v1(const spec::Cpu& cpu, const PresentLimits& present, WriteList& list) {
    const auto add_period = [&] {
        if (cpu.period) list.add("cpu.cfs_period_us", format("{}", *cpu.period), "/period");
    };
    const auto add_quota = [&] {
        if (!cpu.quota) return;
        CgroupWrite& write =
            list.add("cpu.cfs_quota_us", format("{}", *cpu.quota > 0 ? *cpu.quota : -1), "/quota");
        if (*cpu.quota <= 0) write.when_missing = WhenMissing::skip;
    };
    const bool burst_first = burst_goes_first(cpu, present);
    const bool quota_first = quota_goes_first(cpu, present);
    if (burst_first) add_burst(cpu, "cpu.cfs_burst_us", list);
    if (quota_first) add_quota();
    add_period();
    if (!quota_first) add_quota();
    if (!burst_first) add_burst(cpu, "cpu.cfs_burst_us", list);
}

void add_realtime(const spec::Cpu& cpu, const PresentLimits& present, WriteList& list) {
    const auto add_runtime = [&] {
        if (cpu.realtime_runtime)
            list.add("cpu.rt_runtime_us", format("{}", *cpu.realtime_runtime), "/realtimeRuntime");
    };
    const bool runtime_first = realtime_runtime_goes_first(cpu, present);
    if (runtime_first) add_runtime();
    if (cpu.realtime_period)
        list.add("cpu.rt_period_us", format("{}", *cpu.realtime_period), "/realtimePeriod");
    if (!runtime_first) add_runtime();
}

Status add_cpu_v1(const spec::Cpu& cpu, const PresentLimits& present, Writes& all) {
    TRY(check_against(cpu, present));
    WriteList list("cpu", "/linux/resources/cpu");
    const bool idle_first = idle_goes_first(cpu, present);
    if (idle_first) add_idle(cpu, list);
    if (cpu.shares) list.add("cpu.shares", format("{}", *cpu.shares), "/shares");
    add_bandwidth_v1(cpu, present, list);
    if (!idle_first) add_idle(cpu, list);
    add_realtime(cpu, present, list);
    list.move_to(all);
    add_cpuset(cpu, all);
    return {};
}

void add_throttles_v1(const std::vector<spec::ThrottleDevice>& devices,
                      std::string_view file,
                      std::string_view field,
                      WriteList& list) {
    for (size_t i = 0; i < devices.size(); ++i)
        list.add(file, format("{}:{} {}", devices[i].major, devices[i].minor, devices[i].rate),
                 format("{}/{}", field, i));
}

void add_block_io_v1(const spec::BlockIo& io, Writes& all) {
    WriteList list("blkio", "/linux/resources/blockIO");
    // The weight belongs to the I/O scheduler. The files of BFQ have names of their own, unless it
    // is the only scheduler.
    const auto add_weight = [&](std::string_view name, const std::string& value,
                                std::string_view field) {
        CgroupWrite& write = list.add(format("blkio.{}", name), value, field);
        write.other_file = format("blkio.bfq.{}", name);
        write.other_value = value;
    };
    if (io.weight) add_weight("weight", format("{}", *io.weight), "/weight");
    if (io.leaf_weight) list.add("blkio.leaf_weight", format("{}", *io.leaf_weight), "/leafWeight");
    for (size_t i = 0; i < io.weight_device.size(); ++i) {
        const spec::WeightDevice& device = io.weight_device[i];
        const std::string number = format("{}:{}", device.major, device.minor);
        const std::string field = format("/weightDevice/{}", i);
        if (device.weight)
            add_weight("weight_device", format("{} {}", number, *device.weight), field + "/weight");
        if (device.leaf_weight)
            list.add("blkio.leaf_weight_device", format("{} {}", number, *device.leaf_weight),
                     field + "/leafWeight");
    }
    add_throttles_v1(io.throttle_read_bps_device, "blkio.throttle.read_bps_device",
                     "/throttleReadBpsDevice", list);
    add_throttles_v1(io.throttle_write_bps_device, "blkio.throttle.write_bps_device",
                     "/throttleWriteBpsDevice", list);
    add_throttles_v1(io.throttle_read_iops_device, "blkio.throttle.read_iops_device",
                     "/throttleReadIOPSDevice", list);
    add_throttles_v1(io.throttle_write_iops_device, "blkio.throttle.write_iops_device",
                     "/throttleWriteIOPSDevice", list);
    list.move_to(all);
}

void add_network(const spec::Network& network, Writes& all) {
    WriteList classes("net_cls", "/linux/resources/network");
    if (network.class_id)
        classes.add("net_cls.classid", format("{}", *network.class_id), "/classID");
    classes.move_to(all);
    WriteList priorities("net_prio", "/linux/resources/network");
    for (size_t i = 0; i < network.priorities.size(); ++i)
        priorities.add("net_prio.ifpriomap",
                       format("{} {}", network.priorities[i].name, network.priorities[i].priority),
                       format("/priorities/{}", i));
    priorities.move_to(all);
}

}  // namespace

Result<std::vector<CgroupWrite>> plan_resources_v1(const spec::Resources& resources,
                                                   const PresentLimits& present) {
    Writes all;
    if (resources.memory) TRY(add_memory_v1(*resources.memory, present, all));
    if (resources.cpu) TRY(add_cpu_v1(*resources.cpu, present, all));
    add_pids(resources, all);
    if (resources.block_io) add_block_io_v1(*resources.block_io, all);
    add_hugepages(resources, "limit_in_bytes", all);
    if (resources.network) add_network(*resources.network, all);
    add_rdma(resources, all);
    return all;
}

}  // namespace sampan
