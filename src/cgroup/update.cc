#include "cgroup/update.h"

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/limits.h"
#include "cgroup/systemd/properties.h"
#include "os/file.h"

namespace sampan {

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

Result<std::vector<CgroupChange>> apply_update(const CgroupPlan& plan,
                                               const std::optional<UnitRecord>& unit) {
    std::vector<CgroupChange> all;
    std::vector<CgroupWrite> in_unit;
    std::string unit_directory;
    for (const CgroupDirectory& directory : plan.directories) {
        const CgroupPlace& place = directory.place;
        if (directory.usage_check) TRY(check_usage(place, *directory.usage_check));
        unit_directory = directory_of(place);
        for (const std::vector<CgroupWrite>* writes : {&directory.writes, &directory.late_writes}) {
            const std::vector<CgroupWrite> found = TRY(existing_files(unit_directory, *writes));
            for (CgroupChange& change : foresee_changes(unit_directory, found))
                all.push_back(std::move(change));
            in_unit.insert(in_unit.end(), found.begin(), found.end());
        }
    }
    // The files come first, because the kernel refuses more than systemd does.
    TRY(make_changes(all));
    if (!unit) return all;
    Status told = tell_unit(*unit, unit_directory, unit_properties(in_unit, UnitMoment::running));
    if (told) return all;
    (void)take_back(all);
    return Failure(std::move(told).error());
}

}  // namespace sampan
