#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "spec/check_parts.h"
#include "spec/json.h"

namespace sampan::spec {

namespace {

constexpr const char* resources_pointer = "/linux/resources";

void check_memory(const Memory& memory, Findings& findings) {
    const auto check = [&](const std::optional<int64_t>& value, const char* name) {
        if (value.value_or(0) < -1) {
            findings.error(format("{}/memory/{}", resources_pointer, name), "no number of bytes",
                           "write -1 for no limit");
        }
    };
    check(memory.limit, "limit");
    check(memory.reservation, "reservation");
    check(memory.swap, "swap");
    check(memory.kernel, "kernel");
    check(memory.kernel_tcp, "kernelTCP");
    const int64_t limit = memory.limit.value_or(0);
    const int64_t swap = memory.swap.value_or(0);
    if (limit > 0 && swap > 0 && swap < limit) {
        findings.error(format("{}/memory/swap", resources_pointer),
                       format("swap counts memory and swap together, so it cannot be less than the "
                              "limit of {}",
                              limit),
                       format("write {} for no swap", limit));
    }
}

// The limits of the kernel (max_cfs_quota_period and min_cfs_quota_period). 0 counts as absent.
void check_bandwidth(const Cpu& cpu, Findings& findings) {
    constexpr int64_t least_us = 1000;
    constexpr uint64_t most_us = 1'000'000;
    const uint64_t period = cpu.period.value_or(0);
    const int64_t quota = cpu.quota.value_or(0);
    if (period != 0 && (period < least_us || period > most_us))
        findings.error(
            format("{}/cpu/period", resources_pointer),
            format("a period has {} to {} microseconds, not {}", least_us, most_us, period),
            "100000 is the usual one");
    if (quota > 0 && quota < least_us)
        findings.error(format("{}/cpu/quota", resources_pointer),
                       format("a quota has at least {} microseconds, not {}", least_us, quota),
                       "it is the time on CPUs in each period: 50000 of 100000 is half a CPU; -1 "
                       "for no limit");
}

void check_cpu(const Cpu& cpu, Findings& findings) {
    const int64_t quota = cpu.quota.value_or(0);
    check_bandwidth(cpu, findings);
    if (cpu.burst && quota > 0 && *cpu.burst > static_cast<uint64_t>(quota)) {
        findings.error(format("{}/cpu/burst", resources_pointer),
                       format("burst cannot be above the quota of {}", quota));
    }
    if (cpu.idle && (*cpu.idle < 0 || *cpu.idle > 1)) {
        findings.error(format("{}/cpu/idle", resources_pointer), "idle is 0 or 1");
    }
    check_number_list(cpu.cpus, cpu_numbers, format("{}/cpu/cpus", resources_pointer), findings);
    check_number_list(cpu.mems, node_numbers, format("{}/cpu/mems", resources_pointer), findings);
}

void check_weights(const BlockIo& io, Findings& findings) {
    for (size_t i = 0; i < io.weight_device.size(); ++i) {
        const WeightDevice& device = io.weight_device[i];
        if (!device.weight && !device.leaf_weight) {
            findings.error(format("{}/blockIO/weightDevice/{}", resources_pointer, i),
                           "at least one of weight and leafWeight is needed");
        }
    }
}

void check_device_rules(const std::vector<DeviceRule>& rules, Findings& findings) {
    // -1 means "all" for engines that fill in every field.
    const auto is_number = [](const std::optional<int64_t>& number) {
        return !number || (*number >= -1 && *number <= 0xffffffff);
    };
    for (size_t i = 0; i < rules.size(); ++i) {
        if (!is_number(rules[i].major) || !is_number(rules[i].minor)) {
            findings.error(format("{}/devices/{}", resources_pointer, i),
                           "device numbers are from 0 to 4294967295",
                           "leave out major or minor for all of them");
        }
    }
}

// Files that move, freeze or kill processes, or change the kind of the cgroup, are not limits. A
// frozen cgroup would make create wait forever, and a pid of the host in cgroup.procs would put an
// unrelated process into the container.
constexpr std::string_view no_limits[] = {
    "cgroup.freeze",          "cgroup.kill",    "cgroup.procs",
    "cgroup.subtree_control", "cgroup.threads", "cgroup.type",
};

void check_unified_file(const std::string& file, Findings& findings) {
    const std::string pointer = format("{}/unified{}", resources_pointer, pointer_part(file));
    const size_t dot = file.find('.');
    // A slash would leave the container's cgroup. Without the name of a controller before a dot,
    // nothing says whether the host has it.
    if (file.find('/') != std::string::npos || dot == std::string::npos || dot == 0) {
        findings.error(pointer, format("\"{}\" is not the name of a file in a cgroup", file),
                       "write one such as \"memory.high\"");
    } else if (std::find(std::begin(no_limits), std::end(no_limits), file) != std::end(no_limits)) {
        findings.error(pointer,
                       format("\"{}\" does not set a limit, and must not be written here", file),
                       "remove it");
    }
}

}  // namespace

void check_resources(const Resources& resources, Findings& findings) {
    if (resources.memory) check_memory(*resources.memory, findings);
    if (resources.cpu) check_cpu(*resources.cpu, findings);
    if (resources.block_io) check_weights(*resources.block_io, findings);
    for (const auto& [device, limits] : resources.rdma) {
        if (!limits.hca_handles && !limits.hca_objects) {
            findings.error(format("{}/rdma{}", resources_pointer, pointer_part(device)),
                           "at least one of hcaHandles and hcaObjects is needed");
        }
    }
    if (resources.pids && resources.pids->limit.value_or(0) < -1) {
        findings.error(format("{}/pids/limit", resources_pointer), "no number of processes",
                       "write -1 for no limit");
    }
    check_device_rules(resources.devices, findings);
    for (const auto& [file, value] : resources.unified) {
        check_unified_file(file, findings);
    }
}

}  // namespace sampan::spec
