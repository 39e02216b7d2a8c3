#include "base/text.h"
#include "spec/check_parts.h"
#include "spec/json.h"

namespace sampan::spec {

namespace {

constexpr const char* resources_pointer = "/linux/resources";

void check_memory(const Memory& memory, Findings& findings) {
    const auto check = [&](const std::optional<std::int64_t>& value, const char* name) {
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
    const std::int64_t limit = memory.limit.value_or(0);
    const std::int64_t swap = memory.swap.value_or(0);
    if (limit > 0 && swap > 0 && swap < limit) {
        findings.error(format("{}/memory/swap", resources_pointer),
                       format("swap counts memory and swap together, so it cannot be less than the "
                              "limit of {}",
                              limit),
                       format("write {} for no swap", limit));
    }
}

void check_cpu(const Cpu& cpu, Findings& findings) {
    const std::int64_t quota = cpu.quota.value_or(0);
    if (cpu.burst && quota > 0 && *cpu.burst > static_cast<std::uint64_t>(quota)) {
        findings.error(format("{}/cpu/burst", resources_pointer),
                       format("burst cannot be above the quota of {}", quota));
    }
    if (cpu.idle && (*cpu.idle < 0 || *cpu.idle > 1)) {
        findings.error(format("{}/cpu/idle", resources_pointer), "idle is 0 or 1");
    }
    const auto check = [&](const std::optional<std::string>& list, const char* name) {
        if (list && !is_number_list(*list)) {
            findings.error(format("{}/cpu/{}", resources_pointer, name),
                           format("\"{}\" is not a list of numbers", *list),
                           "write numbers and ranges, such as \"0-3,7\"");
        }
    };
    check(cpu.cpus, "cpus");
    check(cpu.mems, "mems");
}

void check_weights(const BlockIo& io, Findings& findings) {
    for (std::size_t i = 0; i < io.weight_device.size(); ++i) {
        const WeightDevice& device = io.weight_device[i];
        if (!device.weight && !device.leaf_weight) {
            findings.error(format("{}/blockIO/weightDevice/{}", resources_pointer, i),
                           "at least one of weight and leafWeight is needed");
        }
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
    for (const auto& [file, value] : resources.unified) {
        if (file.empty() || file == "." || file == ".." || file.find('/') != std::string::npos) {
            findings.error(format("{}/unified{}", resources_pointer, pointer_part(file)),
                           "this is not the name of a file in a cgroup");
        }
    }
}

}  // namespace sampan::spec
