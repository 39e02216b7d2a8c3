#include "cgroup/remove.h"

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/owner.h"
#include "cgroup/systemd/scope.h"
#include "os/file.h"

namespace sampan {

namespace {

// Cgroups that the container has made are removed with it.
Status remove_below(const std::string& directory) {
    return walk_cgroups(directory, [](const WalkedCgroup& cgroup) -> Status {
        if (cgroup.parent < 0) return {};
        return remove_directory(cgroup.parent, cgroup.name);
    });
}

Status try_remove(const std::string& directory) {
    Status removed = remove_directory(cwd, directory);
    if (removed || removed.error().code() != EBUSY) return removed;
    TRY(remove_below(directory));
    return remove_directory(cwd, directory);
}

Failure still_in_use(const std::string& directory) {
    std::string pids;
    const Result<std::vector<pid_t>> present = processes_below(directory);
    if (present)
        for (const pid_t pid : *present)
            pids += format(" {}", pid);
    return fail(format("removing the cgroup {}{}{}", directory,
                       pids.empty() ? "" : ", which still has the processes", pids),
                EBUSY);
}

Status remove_when_empty(const CgroupPlace& place, Deadline deadline) {
    const std::string directory = directory_of(place);
    Retry retry(deadline);
    while (true) {
        Status removed = try_remove(directory);
        if (removed || removed.error().code() != EBUSY) return removed;
        if (place.unified && !TRY(wait_for_event(directory, "populated", 0, deadline)))
            return still_in_use(directory);
        // cgroup v1 announces to nobody that a cgroup becomes empty (except to the release agent, a
        // program of the host), so we try again. On v2 we only get here again if a process or a
        // cgroup was added meanwhile.
        if (!retry.wait()) return still_in_use(directory);
    }
}

// Removes directories on the way to the container's cgroup that its own create has made
// (`place.made`), or that of another container, which is gone by now.
Status remove_parents(const CgroupPlace& place) {
    std::string path = place.path;
    for (uint32_t above = 1;; ++above) {
        path.resize(path.rfind('/'));
        if (path.empty()) return {};
        const std::string directory = place.mount_point + path;
        const bool counted = above < place.made;
        if (!counted && !is_marked_as_ours(directory)) return {};
        const Status removed = remove_directory(cwd, directory);
        // A container of somebody else is in a folder that we have made.
        if (!removed && removed.error().code() == EBUSY) return {};
        if (counted) TRY(removed);
        if (!removed) return {};
    }
}

}  // namespace

Status remove_place(const CgroupPlace& place, Deadline deadline) {
    if (place.made == 0) return {};
    TRY(remove_when_empty(place, deadline));
    return remove_parents(place);
}

Status remove_places(const CgroupRecord& record, Deadline deadline) {
    Status first;
    const auto remove_kind = [&](bool unified) {
        for (const CgroupPlace& place : record.places) {
            if (place.unified != unified || is_anothers(place, record)) continue;
            if (place.made == 0) remove_owner(directory_of(place), record.owner);
            Status removed = remove_place(place, deadline);
            if (!removed && first) first = std::move(removed);
        }
    };
    remove_kind(true);
    remove_kind(false);
    return first;
}

Status remove_cgroup(const CgroupRecord& record, int timeout_ms) {
    Status removed = remove_places(record, deadline_in(timeout_ms));
    if (!removed || !record.unit) return removed;
    // Usually systemd has already noticed that the unit is empty. If no place was entered, create
    // was killed while systemd was making the unit: if its first process has died meanwhile,
    // systemd never notices.
    bool gone = std::ranges::any_of(record.places,
                                    [](const CgroupPlace& place) { return place.inode != 0; });
    for (const CgroupPlace& place : record.places)
        if (TRY(stat_at(cwd, directory_of(place)))) gone = false;
    return gone ? Status() : stop_unit(*record.unit);
}

}  // namespace sampan
