#include "cgroup/plan.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "cgroup/device_rules.h"
#include "cgroup/devices_v1.h"
#include "cgroup/ownership.h"
#include "cgroup/path.h"
#include "cgroup/resources_v1.h"
#include "cgroup/resources_v2.h"
#include "cgroup/writes.h"

namespace sampan {

namespace {

bool may_write_all(const Host& host) {
    return host.is_privileged() && !host.in_user_namespace;
}

CgroupDirectory plan_directory(const CgroupHierarchy& hierarchy,
                               const CgroupPath& path,
                               const Host& host) {
    return {.controllers = hierarchy.controllers,
            .mount_point = hierarchy.mount_point,
            .path = place_in(hierarchy, path, host),
            .required = may_write_all(host) && !hierarchy.read_only};
}

std::vector<CgroupDirectory> plan_directories(const CgroupPath& path, const Host& host) {
    std::vector<CgroupDirectory> directories;
    directories.reserve(host.cgroups.hierarchies.size() + 1);
    for (const CgroupHierarchy& hierarchy : host.cgroups.hierarchies)
        directories.push_back(plan_directory(hierarchy, path, host));
    if (host.cgroups.unified) {
        directories.push_back(plan_directory(*host.cgroups.unified, path, host));
        directories.back().unified = true;
        if (!may_write_all(host)) directories.back().own_place = host.cgroups.unified->own_place();
    }
    return directories;
}

// Whether a section of resources goes to the files of cgroup v2. On a hybrid host each controller
// is in one of the two.
bool in_v2(const CgroupLayout& layout, std::string_view v1_name, std::string_view v2_name) {
    if (layout.find(v1_name) != nullptr) return false;
    return layout.mode == CgroupMode::v2 || (layout.unified && layout.unified->has(v2_name));
}

struct Split {
    spec::Resources v1;
    spec::Resources v2;
};

void split_cpu(const spec::Cpu& cpu, const CgroupLayout& layout, Split& parts) {
    spec::Cpu time = cpu;
    time.cpus.reset();
    time.mems.reset();
    const spec::Cpu sets{.cpus = cpu.cpus, .mems = cpu.mems};
    spec::Cpu v1;
    spec::Cpu v2;
    (in_v2(layout, "cpu", "cpu") ? v2 : v1) = time;
    spec::Cpu& with_sets = in_v2(layout, "cpuset", "cpuset") ? v2 : v1;
    with_sets.cpus = sets.cpus;
    with_sets.mems = sets.mems;
    if (!(v1 == spec::Cpu{})) parts.v1.cpu = v1;
    if (!(v2 == spec::Cpu{})) parts.v2.cpu = v2;
}

Split split_by_version(const spec::Resources& resources, const CgroupLayout& layout) {
    Split parts;
    const auto part = [&](std::string_view v1_name, std::string_view v2_name) -> spec::Resources& {
        return in_v2(layout, v1_name, v2_name) ? parts.v2 : parts.v1;
    };
    part("memory", "memory").memory = resources.memory;
    if (resources.cpu) split_cpu(*resources.cpu, layout, parts);
    part("pids", "pids").pids = resources.pids;
    part("blkio", "io").block_io = resources.block_io;
    part("hugetlb", "hugetlb").hugepage_limits = resources.hugepage_limits;
    // Only cgroup v1 has it: on a v2 host its planner tells so.
    (layout.mode == CgroupMode::v2 ? parts.v2 : parts.v1).network = resources.network;
    part("rdma", "rdma").rdma = resources.rdma;
    parts.v2.unified = resources.unified;
    return parts;
}

bool takes(const CgroupDirectory& directory, const CgroupWrite& write, bool unified) {
    if (directory.unified != unified) return false;
    // "cgroup.max.depth" and its like belong to every cgroup.
    if (unified && write.controller == "cgroup") return true;
    return std::find(directory.controllers.begin(), directory.controllers.end(),
                     write.controller) != directory.controllers.end();
}

// On v2 init is born in its cgroup, and clone3(2) counts it: with room for none it would fail.
bool is_late(const CgroupWrite& write, bool unified) {
    return unified && write.file == "pids.max" && write.value == "0";
}

Status place_writes(std::vector<CgroupWrite> writes,
                    bool unified,
                    std::vector<CgroupDirectory>& directories) {
    for (CgroupWrite& write : writes) {
        const auto found =
            std::find_if(directories.begin(), directories.end(),
                         [&](const CgroupDirectory& one) { return takes(one, write, unified); });
        if (found == directories.end()) {
            Error error(format("this host has no {} controller in cgroup {} (for {})",
                               write.controller, unified ? "v2" : "v1", write.file));
            error.set_pointer(write.origin);
            return std::unexpected(std::move(error));
        }
        // Asked for, so the container must not go without.
        found->required = true;
        std::vector<CgroupWrite>& list =
            is_late(write, unified) ? found->late_writes : found->writes;
        list.push_back(std::move(write));
    }
    return {};
}

// By the v1 controller where there is one; a BPF program works in any cgroup2.
Status plan_devices(const std::vector<spec::DeviceRule>& configured,
                    std::vector<CgroupDirectory>& directories) {
    CgroupDirectory* unified = nullptr;
    for (CgroupDirectory& directory : directories) {
        const CgroupWrite any{.controller = "devices"};
        if (takes(directory, any, false)) {
            directory.late_writes = TRY(plan_devices_v1(configured));
            return {};
        }
        if (directory.unified) unified = &directory;
    }
    if (unified != nullptr)
        unified->device_rules = all_device_rules(configured);
    else if (!configured.empty())
        return Status(fail("this host has no devices controller")).at("/linux/resources/devices");
    return {};
}

bool asks_for_limits(const spec::Resources& resources) {
    spec::Resources others = resources;
    others.devices.clear();
    return !(others == spec::Resources{});
}

}  // namespace

Result<CgroupPlan> plan_cgroup(const Spec& spec,
                               const Host& host,
                               CgroupManager manager,
                               std::string_view container_id) {
    const spec::Linux none;
    const spec::Linux& asked = spec.linux_ ? *spec.linux_ : none;
    const spec::Resources resources = asked.resources.value_or(spec::Resources{});
    TRY(check_resources(resources));
    CgroupPlan plan;
    // Engines that manage cgroups themselves leave the limits in config.json.
    if (manager == CgroupManager::disabled) return plan;
    const CgroupPath path = TRY(parse_cgroup_path(asked.cgroups_path, container_id));
    plan.directories = plan_directories(path, host);
    if (plan.directories.empty() && asks_for_limits(resources))
        return Result<CgroupPlan>(fail("no cgroup hierarchy is mounted here"))
            .at("/linux/resources");
    const Split parts = split_by_version(resources, host.cgroups);
    std::vector<CgroupWrite> v1_writes = TRY(plan_resources_v1(parts.v1));
    std::vector<CgroupWrite> v2_writes = TRY(plan_resources_v2(parts.v2));
    TRY(place_writes(std::move(v1_writes), false, plan.directories));
    TRY(place_writes(std::move(v2_writes), true, plan.directories));
    if (!may_write_all(host)) return plan;
    TRY(plan_devices(resources.devices, plan.directories));
    for (CgroupDirectory& directory : plan.directories)
        if (directory.unified) directory.owner = plan_cgroup_owner(spec, host);
    return plan;
}

std::string describe(const CgroupWrite& write) {
    return format("{} = {}", write.file, write.value);
}

std::vector<std::string> describe(const CgroupPlan& plan) {
    std::vector<std::string> lines;
    for (const CgroupDirectory& directory : plan.directories) {
        const std::string place = directory.mount_point + directory.path;
        lines.push_back(
            format("cgroup {}{}", place, directory.required ? "" : " (if it can be made)"));
        for (const CgroupWrite& write : directory.writes)
            lines.push_back(format("{} in {}", describe(write), place));
        for (const CgroupWrite& write : directory.late_writes)
            lines.push_back(format("{} in {}", describe(write), place));
        if (!directory.device_rules.empty())
            lines.push_back(
                format("device program of {} rules on {}", directory.device_rules.size(), place));
        if (directory.owner)
            lines.push_back(format("delegate {} to uid {}", place, *directory.owner));
    }
    return lines;
}

}  // namespace sampan
