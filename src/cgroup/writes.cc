#include "cgroup/writes.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "spec/json.h"

namespace sampan {

namespace {

// -1 is "all" for engines that fill in every field.
bool is_device_number(const std::optional<std::int64_t>& number) {
    return !number || (*number >= -1 && *number <= 0xffffffff);
}

// Files that move, freeze or kill processes, or change what kind of cgroup it is: no limits. A
// frozen cgroup would keep create waiting for ever, and a pid of the host's in cgroup.procs would
// put a stranger into the container.
constexpr std::array<std::string_view, 6> no_limits{
    "cgroup.freeze",          "cgroup.kill",    "cgroup.procs",
    "cgroup.subtree_control", "cgroup.threads", "cgroup.type",
};

Status check_unified_file(const std::string& file) {
    const std::string pointer = "/linux/resources/unified" + pointer_part(file);
    const size_t dot = file.find('.');
    // A slash would leave the container's cgroup; without a controller's name before a dot nothing
    // tells whether the host has it.
    if (file.find('/') != std::string::npos || dot == std::string::npos || dot == 0)
        return fail_at(pointer,
                       format("\"{}\" is no name of a cgroup file such as memory.high", file));
    if (std::ranges::find(no_limits, file) != no_limits.end())
        return fail_at(pointer, format("\"{}\" is no limit, and not to be written here", file));
    return {};
}

}  // namespace

Status check_resources(const spec::Resources& resources) {
    if (resources.pids && resources.pids->limit.value_or(0) < -1)
        return fail_at("/linux/resources/pids/limit", "the limit is -1 (none) or not negative");
    for (size_t i = 0; i < resources.devices.size(); ++i)
        if (!is_device_number(resources.devices[i].major) ||
            !is_device_number(resources.devices[i].minor))
            return fail_at(format("/linux/resources/devices/{}", i),
                           "device numbers are from 0 to 4294967295");
    for (const auto& [file, value] : resources.unified)
        TRY(check_unified_file(file));
    return {};
}

void add_rdma(const spec::Resources& resources, std::vector<CgroupWrite>& all) {
    WriteList list("rdma", "/linux/resources/rdma");
    for (const auto& [device, limits] : resources.rdma) {
        std::string line = device;
        if (limits.hca_handles) line += format(" hca_handle={}", *limits.hca_handles);
        if (limits.hca_objects) line += format(" hca_object={}", *limits.hca_objects);
        list.add("rdma.max", std::move(line), pointer_part(device));
    }
    list.move_to(all);
}

}  // namespace sampan
