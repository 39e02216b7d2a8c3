#include "cgroup/update.h"

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/limit_plan.h"
#include "cgroup/systemd.h"
#include "cgroup/unit_properties.h"
#include "cgroup/writes.h"
#include "os/file.h"

namespace sampan {

namespace {

template <class T>
void drop(std::optional<T>& value, const T& unset) {
    if (value == unset) value.reset();
}

// The zeros that no planner of resources drops anyway.
spec::Resources without_unset(spec::Resources resources) {
    resources.devices.clear();
    if (resources.memory) {
        drop<std::int64_t>(resources.memory->limit, 0);
        drop<std::int64_t>(resources.memory->swap, 0);
        drop<std::int64_t>(resources.memory->reservation, 0);
    }
    if (resources.cpu) {
        drop<std::string>(resources.cpu->cpus, "");
        drop<std::string>(resources.cpu->mems, "");
    }
    if (resources.block_io) {
        drop<std::uint16_t>(resources.block_io->weight, 0);
        drop<std::uint16_t>(resources.block_io->leaf_weight, 0);
    }
    return resources;
}

CgroupPlace place_of(const CgroupDirectory& directory) {
    return {.controllers = directory.controllers,
            .unified = directory.unified,
            .mount_point = directory.mount_point,
            .path = directory.path};
}

}  // namespace

Result<std::vector<CgroupDirectory>> existing_directories(const CgroupRecord& record) {
    std::vector<CgroupDirectory> directories;
    for (const CgroupPlace& place : record.places) {
        CgroupDirectory directory{.controllers = place.controllers,
                                  .unified = place.unified,
                                  .mount_point = place.mount_point,
                                  .path = place.path};
        if (place.unified) {
            const std::string text =
                TRY(read_file(cwd, directory_of(place) + "/cgroup.controllers"));
            directory.controllers.clear();
            for (const std::string_view word : split_words(text))
                directory.controllers.emplace_back(word);
        }
        directories.push_back(std::move(directory));
    }
    return directories;
}

Result<CgroupPlan> plan_update(const spec::Resources& resources,
                               const PresentLimits& present,
                               std::vector<CgroupDirectory> directories) {
    TRY(check_resources(resources));
    CgroupPlan plan{std::move(directories)};
    TRY(plan_limits(without_unset(resources), present, plan.directories));
    return plan;
}

Result<std::vector<CgroupChange>> apply_update(const CgroupPlan& plan,
                                               const std::optional<UnitRecord>& unit) {
    std::vector<CgroupChange> all;
    for (const CgroupDirectory& directory : plan.directories) {
        const CgroupPlace place = place_of(directory);
        if (directory.usage_check) TRY(check_usage(place, *directory.usage_check));
        for (const std::vector<CgroupWrite>* writes : {&directory.writes, &directory.late_writes})
            for (CgroupChange& change : TRY(foresee_changes(directory_of(place), *writes)))
                all.push_back(std::move(change));
    }
    // First the files: the kernel refuses more than systemd does.
    TRY(make_changes(all));
    if (!unit) return all;
    if (Status told = set_unit_properties(*unit, unit_properties(plan)); !told) {
        (void)take_back(all);
        return std::unexpected(std::move(told).error());
    }
    // systemd has written its own, rounded idea of them.
    TRY(make_changes(all));
    return all;
}

}  // namespace sampan
