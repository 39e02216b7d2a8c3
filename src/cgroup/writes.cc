#include "cgroup/writes.h"

#include "base/text.h"

namespace sampan {

namespace {

Status problem(std::string_view pointer, std::string what) {
    Error error(std::move(what));
    error.set_pointer(std::string(pointer));
    return std::unexpected(std::move(error));
}

Status check_limit(std::string_view pointer, const std::optional<std::int64_t>& limit) {
    if (!limit || *limit >= -1) return {};
    return problem(pointer, format("a limit is -1 (none) or not negative, not {}", *limit));
}

Status check_memory(const spec::Memory& memory) {
    TRY(check_limit("/linux/resources/memory/limit", memory.limit));
    TRY(check_limit("/linux/resources/memory/reservation", memory.reservation));
    TRY(check_limit("/linux/resources/memory/swap", memory.swap));
    if (memory.swappiness && *memory.swappiness > 100)
        return problem("/linux/resources/memory/swappiness",
                       format("swappiness is from 0 to 100, not {}", *memory.swappiness));
    return {};
}

Status check_cpu(const spec::Cpu& cpu) {
    const std::int64_t quota = cpu.quota.value_or(0);
    if (quota > 0 && cpu.burst && *cpu.burst > static_cast<std::uint64_t>(quota))
        return problem("/linux/resources/cpu/burst",
                       format("burst ({}) is larger than quota ({})", *cpu.burst, quota));
    if (cpu.idle && *cpu.idle != 0 && *cpu.idle != 1)
        return problem("/linux/resources/cpu/idle", format("idle is 0 or 1, not {}", *cpu.idle));
    return {};
}

Status check_block_io(const spec::BlockIo& block_io) {
    for (size_t i = 0; i < block_io.weight_device.size(); ++i) {
        const spec::WeightDevice& device = block_io.weight_device[i];
        if (!device.weight && !device.leaf_weight)
            return problem(format("/linux/resources/blockIO/weightDevice/{}", i),
                           "needs a weight or a leafWeight");
    }
    return {};
}

// "2MB" as in the names of the cgroup's files: a power of two that the kernel writes in the largest
// unit.
bool is_page_size(std::string_view text) {
    if (!text.ends_with("KB") && !text.ends_with("MB") && !text.ends_with("GB")) return false;
    const std::string_view digits = text.substr(0, text.size() - 2);
    const std::optional<unsigned> number = parse_number<unsigned>(digits);
    return number && *number > 0 && *number < 1024 && digits.front() != '0' &&
           (*number & (*number - 1)) == 0;
}

Status check_hugepages(const std::vector<spec::HugepageLimit>& limits) {
    for (size_t i = 0; i < limits.size(); ++i)
        if (!is_page_size(limits[i].page_size))
            return problem(
                format("/linux/resources/hugepageLimits/{}/pageSize", i),
                format("\"{}\" is no page size such as 64KB, 2MB or 1GB", limits[i].page_size));
    return {};
}

Status check_unified(const std::map<std::string, std::string>& unified) {
    for (const auto& [file, value] : unified) {
        const size_t dot = file.find('.');
        // A slash would leave the container's cgroup; without a dot it is no file of a controller.
        if (file.find('/') == std::string::npos && dot != std::string::npos && dot != 0) continue;
        return problem(format("/linux/resources/unified/{}", pointer_part(file)),
                       format("\"{}\" is no name of a cgroup file such as memory.high", file));
    }
    return {};
}

Status check_rdma(const std::map<std::string, spec::Rdma>& rdma) {
    for (const auto& [device, limits] : rdma)
        if (!limits.hca_handles && !limits.hca_objects)
            return problem(format("/linux/resources/rdma/{}", pointer_part(device)),
                           "needs hcaHandles or hcaObjects");
    return {};
}

Status check_devices(const std::vector<spec::DeviceRule>& rules) {
    // -1 is "all" for engines that fill in every field.
    const auto is_number = [](const std::optional<std::int64_t>& number) {
        return !number || (*number >= -1 && *number <= 0xffffffff);
    };
    for (size_t i = 0; i < rules.size(); ++i) {
        const std::string pointer = format("/linux/resources/devices/{}", i);
        if (!is_number(rules[i].major) || !is_number(rules[i].minor))
            return problem(pointer, "device numbers are from 0 to 4294967295");
        const std::string access = rules[i].access.value_or("");
        if (access.find_first_not_of("rwm") != std::string::npos)
            return problem(pointer + "/access",
                           format("access is of r, w and m, not \"{}\"", access));
    }
    return {};
}

}  // namespace

std::string pointer_part(std::string_view key) {
    std::string part;
    for (const char c : key) {
        if (c == '~')
            part += "~0";
        else if (c == '/')
            part += "~1";
        else
            part += c;
    }
    return part;
}

Status check_resources(const spec::Resources& resources) {
    TRY(check_devices(resources.devices));
    if (resources.memory) TRY(check_memory(*resources.memory));
    if (resources.cpu) TRY(check_cpu(*resources.cpu));
    if (resources.pids) TRY(check_limit("/linux/resources/pids/limit", resources.pids->limit));
    if (resources.block_io) TRY(check_block_io(*resources.block_io));
    TRY(check_hugepages(resources.hugepage_limits));
    TRY(check_rdma(resources.rdma));
    return check_unified(resources.unified);
}

void add_rdma(const spec::Resources& resources, std::vector<CgroupWrite>& all) {
    WriteList list("rdma", "/linux/resources/rdma");
    for (const auto& [device, limits] : resources.rdma) {
        std::string line = device;
        if (limits.hca_handles) line += format(" hca_handle={}", *limits.hca_handles);
        if (limits.hca_objects) line += format(" hca_object={}", *limits.hca_objects);
        list.add("rdma.max", std::move(line), format("/{}", pointer_part(device)));
    }
    list.move_to(all);
}

}  // namespace sampan
