#include "cgroup/enter.h"

#include <fcntl.h>

#include <algorithm>

#include "base/proc_cgroup.h"
#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/owner.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

bool concerns(const SubCgroup& sub, const CgroupPlace& place) {
    if (sub.controllers.empty()) return true;
    return !place.unified &&
           std::ranges::any_of(sub.controllers, [&place](const std::string& controller) {
               return has_controller(place, controller);
           });
}

// "" for the container's own cgroup.
std::string path_below(const CgroupPlace& place, std::span<const SubCgroup> below) {
    std::string path;
    for (const SubCgroup& sub : below)
        if (concerns(sub, place)) path = sub.path;
    return path;
}

Result<Fd> open_directory(const CgroupPlace& place, const std::string& path) {
    const std::string directory = directory_of(place);
    Fd own = TRY(open_at(cwd, directory, O_PATH | O_DIRECTORY));
    if (path.empty()) return own;
    return open_beneath(own.get(), path, O_PATH | O_DIRECTORY)
        .in(format("the cgroup {} below {}", path, directory));
}

// The path of a process in the hierarchy of `place`, from its /proc/PID/cgroup.
std::optional<std::string> path_of_process(std::string_view text, const CgroupPlace& place) {
    for (const std::string_view line : split(text, '\n')) {
        const size_t begin = line.find(':');
        const size_t end = begin == std::string_view::npos ? begin : line.find(':', begin + 1);
        if (end == std::string_view::npos) continue;
        const std::string_view names = line.substr(begin + 1, end - begin - 1);
        const bool is_its =
            place.unified ? names.empty()
                          : std::ranges::any_of(split(names, ','), [&place](std::string_view name) {
                                return has_controller(place, name);
                            });
        if (is_its) return std::string(line.substr(end + 1));
    }
    return std::nullopt;
}

// The cgroup into which the process has moved itself. The kernel shows ".." for a cgroup outside of
// our cgroup namespace.
Result<Fd> open_where_it_is(const CgroupPlace& place, int proc, pid_t pid) {
    const std::string text = TRY(read_file(proc, format("{}/cgroup", pid)));
    const std::optional<std::string> path = path_of_process(text, place);
    if (!path || path->contains(".."))
        return failf(
            "the container's cgroup {} is gone, and that of its first process cannot be seen",
            directory_of(place));
    return open_at(cwd, place.mount_point + *path, O_PATH | O_DIRECTORY);
}

// If the cgroup is gone, or belongs to another container by now, nothing below it is the
// container's.
Result<Fd> open_place(const CgroupPlace& place,
                      const CgroupRecord& record,
                      const std::string& path,
                      int proc,
                      pid_t pid) {
    if (!path.empty()) {
        TRY(check_not_lost(record));
        return open_directory(place, path);
    }
    if (is_anothers(place, record)) return open_where_it_is(place, proc, pid);
    Result<Fd> own = open_directory(place, path);
    if (own || own.error().code() != ENOENT) return own;
    return open_where_it_is(place, proc, pid);
}

Status check_controllers(const CgroupRecord& record, const SubCgroup& sub) {
    for (const std::string& controller : sub.controllers)
        if (std::ranges::none_of(record.places, [&controller](const CgroupPlace& place) {
                return !place.unified && has_controller(place, controller);
            }))
            return failf("unknown controller {}: the container has no cgroup v1 that has it",
                         controller);
    return {};
}

}  // namespace

Status CgroupJoin::enter() const {
    for (const Fd& file : tasks) {
        const Status written = write_once(file.get(), "0", "its tasks");
        if (written) continue;
        Error error("joining the container's cgroup", written.error().code());
        if (error.code() == ENOSPC) error.set_hint("its cpuset.cpus or cpuset.mems is empty");
        return Failure(std::move(error));
    }
    return {};
}

Status CgroupJoin::enter_inner() const {
    // The container does without cgroups.
    if (!inner.valid()) return {};
    return write_once(inner.get(), "0", "its cgroup.procs")
        .in("moving to the cgroup that is delegated to the container");
}

Result<SubCgroup> parse_sub_cgroup(std::string_view text) {
    SubCgroup sub;
    const size_t colon = text.starts_with('/') ? std::string_view::npos : text.find(':');
    std::string_view path = text;
    if (colon != std::string_view::npos) {
        for (const std::string_view controller : split(text.substr(0, colon), ',')) {
            if (controller.empty())
                return failf(ErrorKind::usage, "\"{}\" names no controller before \":\"", text);
            sub.controllers.emplace_back(controller);
        }
        path = text.substr(colon + 1);
    }
    if (path.empty()) return failf(ErrorKind::usage, "\"{}\" names no cgroup", text);
    for (const std::string_view part : split(path, '/')) {
        if (part == "..")
            return failf(ErrorKind::usage,
                         "bad sub cgroup path \"{}\": it would lead out of the container's cgroup",
                         text);
        if (part.empty() || part == ".") continue;
        if (!sub.path.empty()) sub.path += '/';
        sub.path += part;
    }
    return sub;
}

Result<CgroupJoin> open_cgroup(const CgroupRecord& record,
                               std::span<const SubCgroup> below,
                               int proc,
                               pid_t pid) {
    for (const SubCgroup& sub : below)
        TRY(check_controllers(record, sub));
    CgroupJoin join;
    for (const CgroupPlace& place : record.places) {
        const std::string path = path_below(place, below);
        Fd directory = TRY(open_place(place, record, path, proc, pid));
        if (place.unified)
            join.unified = std::move(directory);
        else
            join.tasks.push_back(TRY(open_at(directory.get(), "tasks", O_WRONLY)));
    }
    return join;
}

Result<Fd> open_cgroup_of(const CgroupRecord& record, int proc, pid_t pid) {
    const auto place = std::ranges::find_if(record.places, &CgroupPlace::unified);
    if (place == record.places.end()) return failf("the container has no cgroup v2");
    const std::string text = TRY(read_file(proc, format("{}/cgroup", pid)));
    const std::string path = unified_path(text).value_or("");
    if (path.starts_with(place->path + "/"))
        return open_directory(*place, path.substr(place->path.size() + 1));
    return failf("the container's process is not in the container's cgroup");
}

}  // namespace sampan
