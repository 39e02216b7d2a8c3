#include "cgroup/update.h"

#include <algorithm>

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/limits.h"
#include "cgroup/systemd/properties.h"
#include "os/file.h"

namespace sampan {

namespace {

// systemd knows a quota only together with its period, for which cgroup v1 has a file of its own.
void add_present_bandwidth(const CgroupRecord& record, std::vector<CgroupWrite>& writes) {
    const auto changed = std::ranges::find_if(
        writes, [](const CgroupWrite& write) { return write.file.starts_with("cpu.cfs_"); });
    if (changed == writes.end()) return;
    const std::string origin = changed->origin;
    for (const CgroupPlace& place : record.places) {
        if (place.unified || !has_controller(place, "cpu")) continue;
        for (const char* file : {"cpu.cfs_quota_us", "cpu.cfs_period_us"}) {
            const Result<std::string> text =
                read_file(cwd, format("{}/{}", directory_of(place), file));
            if (text)
                writes.push_back({.controller = "cpu",
                                  .file = file,
                                  .value = std::string(trim(*text)),
                                  .origin = origin});
        }
    }
}

}  // namespace

Result<std::vector<CgroupDirectory>> existing_directories(const CgroupRecord& record) {
    std::vector<CgroupDirectory> directories;
    for (const CgroupPlace& place : record.places) {
        CgroupDirectory directory{.place = place};
        if (place.unified) {
            const std::string text =
                TRY(read_file(cwd, directory_of(place) + "/cgroup.controllers"));
            directory.place.controllers.clear();
            for (const std::string_view word : split_words(text))
                directory.place.controllers.emplace_back(word);
        }
        directories.push_back(std::move(directory));
    }
    return directories;
}

Result<CgroupPlan> plan_update(const spec::Resources& resources,
                               const PresentLimits& present,
                               std::vector<CgroupDirectory> directories) {
    CgroupPlan plan{std::move(directories)};
    TRY(plan_limits(resources, present, plan.directories));
    return plan;
}

Result<std::vector<CgroupChange>> apply_update(const CgroupPlan& plan, const CgroupRecord& record) {
    std::vector<CgroupChange> all;
    std::vector<CgroupWrite> in_unit;
    for (const CgroupDirectory& directory : plan.directories) {
        const CgroupPlace& place = directory.place;
        if (directory.usage_check) TRY(check_usage(place, *directory.usage_check));
        const std::string path = directory_of(place);
        for (const std::vector<CgroupWrite>* writes : {&directory.writes, &directory.late_writes}) {
            const std::vector<CgroupWrite> found = TRY(existing_files(path, *writes));
            for (CgroupChange& change : foresee_changes(path, found))
                all.push_back(std::move(change));
            in_unit.insert(in_unit.end(), found.begin(), found.end());
        }
    }
    // The files come first, because the kernel refuses more than systemd does.
    TRY(make_changes(all));
    if (!record.unit) return all;
    add_present_bandwidth(record, in_unit);
    Status told = tell_unit(record, unit_properties(in_unit, UnitMoment::running));
    if (told) return all;
    (void)take_back(all);
    return Failure(std::move(told).error());
}

}  // namespace sampan
