#include "cgroup/plan.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "cgroup/delegate.h"
#include "cgroup/device_rules.h"
#include "cgroup/devices_v1.h"
#include "cgroup/limits.h"
#include "cgroup/path.h"
#include "cgroup/systemd/properties.h"
#include "spec/unset.h"

namespace sampan {

namespace {

bool may_write_all(const Host& host) {
    return host.is_privileged() && !host.in_user_namespace;
}

CgroupDirectory plan_directory(const CgroupHierarchy& hierarchy,
                               const CgroupPath& path,
                               const Host& host) {
    return {.place = {.controllers = hierarchy.controllers,
                      .mount_point = hierarchy.mount_point,
                      .path = place_in(hierarchy, path, host)},
            .required = may_write_all(host) && !hierarchy.read_only,
            .is_default = path.base == CgroupBase::unit};
}

void place_in_unit(const CgroupPath& path, const Host& host, CgroupDirectory& unified) {
    if (path.base != CgroupBase::unit || !host.cgroups.delegated) return;
    if (host.cgroups.unified->root != "/") return;
    unified.unit = host.cgroups.delegated;
    unified.in_unit = host.cgroups.unified->own_place() == unified.unit;
}

std::vector<CgroupDirectory> plan_directories(const CgroupPath& path, const Host& host) {
    std::vector<CgroupDirectory> directories;
    directories.reserve(host.cgroups.hierarchies.size() + 1);
    for (const CgroupHierarchy& hierarchy : host.cgroups.hierarchies)
        directories.push_back(plan_directory(hierarchy, path, host));
    if (host.cgroups.unified) {
        directories.push_back(plan_directory(*host.cgroups.unified, path, host));
        directories.back().place.unified = true;
        if (!may_write_all(host)) directories.back().own_place = host.cgroups.unified->own_place();
        place_in_unit(path, host, directories.back());
    }
    return directories;
}

// By the v1 controller if there is one; a BPF program works in any cgroup2.
Status plan_devices(const std::vector<spec::DeviceRule>& configured,
                    std::vector<CgroupDirectory>& directories) {
    CgroupDirectory* unified = nullptr;
    for (CgroupDirectory& directory : directories) {
        if (!directory.place.unified && has_controller(directory.place, "devices")) {
            directory.late_writes = TRY(plan_devices_v1(configured));
            return {};
        }
        if (directory.place.unified) unified = &directory;
    }
    if (unified == nullptr && !configured.empty())
        return fail_at("/linux/resources/devices", "this host has no devices controller");
    if (unified == nullptr) return {};
    for (PlacedDeviceRule& placed : all_device_rules(configured))
        unified->device_rules.push_back(std::move(placed.rule));
    return {};
}

Result<SystemdUnit> plan_scope(const Spec& spec,
                               const std::optional<std::string>& cgroups_path,
                               const Host& host,
                               std::string_view container_id) {
    const CgroupHierarchy* const tree = tree_of_systemd(host.cgroups);
    if (tree == nullptr)
        return fail(
            "the systemd cgroup manager needs the cgroups of systemd, and neither cgroup v2 alone "
            "nor the hierarchy name=systemd is mounted here");
    if (tree->root != "/")
        return failf(
            "the systemd cgroup manager needs all of systemd's cgroups, and {} shows only {}",
            tree->mount_point, tree->root);
    return plan_unit(cgroups_path, container_id, spec.annotations, host);
}

// At each reload systemd allows all devices to the cgroup of a unit that is delegated (v1). The
// kernel refuses this to a cgroup that has another one in it, where the container's list stays.
void protect_devices(const SystemdUnit& unit, std::vector<CgroupDirectory>& directories) {
    if (!unit.subgroup.empty()) return;
    for (CgroupDirectory& directory : directories)
        if (!directory.place.unified && has_controller(directory.place, "devices"))
            directory.place.path += "/devices";
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
    const spec::Resources resources = spec::without_unset(
        asked.resources.value_or(spec::Resources{}), spec::zero_pids_in(spec.oci_version));
    CgroupPlan plan;
    // Engines that manage cgroups themselves leave the limits in config.json.
    if (manager == CgroupManager::disabled) return plan;
    if (manager == CgroupManager::systemd)
        plan.unit = TRY(plan_scope(spec, asked.cgroups_path, host, container_id));
    const CgroupPath path =
        plan.unit ? CgroupPath{.base = CgroupBase::mount_point, .path = path_of(*plan.unit, host)}
                  : TRY(parse_cgroup_path(asked.cgroups_path, container_id));
    plan.directories = plan_directories(path, host);
    if (plan.unit) protect_devices(*plan.unit, plan.directories);
    if (plan.directories.empty() && asks_for_limits(resources))
        return Result<CgroupPlan>(fail("no cgroup hierarchy is mounted here"))
            .at("/linux/resources");
    TRY(plan_limits(resources, PresentLimits{}, plan.directories));
    if (plan.unit)
        for (UnitProperty& property : unit_properties(plan))
            plan.unit->properties.push_back(std::move(property));
    const std::string inner = TRY(plan_inner_cgroup(spec, host));
    for (CgroupDirectory& directory : plan.directories)
        if (directory.place.unified) directory.inner = inner;
    if (!may_write_all(host)) return plan;
    TRY(plan_devices(resources.devices, plan.directories));
    for (CgroupDirectory& directory : plan.directories)
        if (directory.place.unified)
            directory.owner =
                inner.empty() ? plan_cgroup_owner(spec, host) : plan_inner_owner(spec, host);
    return plan;
}

std::string describe(const CgroupWrite& write) {
    return format("{} = {}", write.file, write.value);
}

}  // namespace sampan
