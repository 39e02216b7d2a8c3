#include "cgroup/make.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <set>

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/owner.h"
#include "os/file.h"

namespace sampan {

namespace {

// "/a/b" to "/a", "/a/b".
std::vector<std::string> levels(const std::string& path) {
    std::vector<std::string> all;
    for (size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1))
        all.push_back(path.substr(0, slash));
    all.push_back(path);
    return all;
}

// True if it was missing.
Result<bool> make_level(const std::string& path) {
    Status made = make_directory(cwd, path, 0755);
    if (!made && made.error().code() == EEXIST) return false;
    TRY(std::move(made));
    return true;
}

Status make_levels(CgroupPlace& place) {
    place.made = 0;
    for (const std::string& level : levels(place.path)) {
        const std::string directory = place.mount_point + level;
        if (TRY(make_level(directory))) {
            ++place.made;
            if (level != place.path) mark_as_ours(directory);
        } else {
            place.made = 0;  // somebody else's below ours: then ours is in use
        }
    }
    return {};
}

std::set<std::string> needed_controllers(const CgroupDirectory& directory) {
    std::set<std::string> needed;
    for (const CgroupWrite& write : directory.writes)
        if (write.controller != "cgroup") needed.insert(write.controller);
    return needed;
}

Failure cannot_enable(const std::string& level,
                      const std::string& controller,
                      const CgroupDirectory& directory,
                      int code) {
    Error error(format("enabling the {} controller below {}", controller, level), code);
    for (const CgroupWrite& write : directory.writes)
        if (write.controller == controller) error.set_pointer(write.origin);
    if (code == EBUSY && directory.unit)
        error.set_hint(
            "processes of the unit are in its own cgroup, which therefore cannot give controllers "
            "to its children: start sampan as the only process there, or give the unit "
            "DelegateSubgroup= (systemd 254), or let systemd make a unit for the container "
            "(--systemd-cgroup)");
    else if (code == ENOENT && directory.unit)
        error.set_hint(format("systemd does not delegate it: add {} to Delegate= of {}", controller,
                              directory.unit->substr(directory.unit->rfind('/') + 1)));
    else if (code == EBUSY)
        error.set_hint(
            "that cgroup has processes, so it cannot give controllers to its children: move them "
            "into a child cgroup of its own");
    else
        error.set_hint(format("have it delegated: echo +{} > {}/cgroup.subtree_control, as root",
                              controller, level));
    return Failure(std::move(error));
}

// Enables them one by one, after the kernel has refused all of them together.
Status enable_each(const std::string& level,
                   const std::vector<std::string>& controllers,
                   const CgroupDirectory& directory) {
    const std::set<std::string> needed = needed_controllers(directory);
    for (const std::string& controller : controllers) {
        const Status enabled = write_file(cwd, level + "/cgroup.subtree_control", "+" + controller);
        if (!enabled && needed.contains(controller))
            return cannot_enable(level, controller, directory, enabled.error().code());
    }
    return {};
}

// Such a cgroup gives no controllers to those below it: the kernel refuses some with EBUSY. The
// others (cpu, cpuset, pids) it would enable for threads, and then no process could be put below.
// The root of all cgroups, which has no type, is excepted.
Result<bool> must_not_give(const std::string& level) {
    if (!TRY(stat_at(cwd, level + "/cgroup.type"))) return false;
    const Result<std::string> present = read_file(cwd, level + "/cgroup.procs");
    return present && !trim(*present).empty();
}

// Nothing is enabled, which is an error if a limit needs it.
Status give_none(const std::string& level, const CgroupDirectory& directory) {
    const std::set<std::string> needed = needed_controllers(directory);
    for (const std::string& controller : directory.place.controllers)
        if (needed.contains(controller)) return cannot_enable(level, controller, directory, EBUSY);
    return {};
}

Status enable_at(const std::string& level, const CgroupDirectory& directory) {
    // Read first: a write takes the lock of all cgroups even if it changes nothing.
    const std::string text = TRY(read_file(cwd, level + "/cgroup.subtree_control"));
    const std::vector<std::string_view> enabled = split_words(text);
    std::vector<std::string> missing;
    std::string line;
    for (const std::string& controller : directory.place.controllers) {
        if (std::find(enabled.begin(), enabled.end(), controller) != enabled.end()) continue;
        missing.push_back(controller);
        line += (line.empty() ? "+" : " +") + controller;
    }
    if (missing.empty()) return {};
    if (TRY(must_not_give(level))) return give_none(level, directory);
    if (write_file(cwd, level + "/cgroup.subtree_control", line)) return {};
    return enable_each(level, missing, directory);
}

// The container that uses a cgroup, which need not be one of the same --root.
std::string describe_user(const std::string& directory) {
    const std::optional<CgroupOwner> owner = read_owner(directory);
    if (!owner) return std::string(other_place_hint);
    return format("it is that of {}{}{}; {}", owner->container, owner->origin.empty() ? "" : ", ",
                  owner->origin, other_place_hint);
}

Result<bool> is_blank(const std::string& path) {
    return trim(TRY(read_file(cwd, path))).empty();
}

Status fill_from_parent(const std::string& parent,
                        const std::string& child,
                        const std::string& file) {
    const std::string inherited = TRY(read_file(cwd, format("{}/{}", parent, file)));
    return write_file(cwd, format("{}/{}", child, file), trim(inherited));
}

std::string common_ancestor(const std::string& a, const std::string& b) {
    std::string common;
    const std::vector<std::string> first = levels(a);
    const std::vector<std::string> second = levels(b);
    for (size_t i = 0; i < std::min(first.size(), second.size()) && first[i] == second[i]; ++i)
        common = first[i];
    return common;
}

constexpr std::string_view delegate_hint =
    "start it in a delegated cgroup: systemd-run --user --scope -p Delegate=yes …";

Status explain_refused(Status made, const CgroupPlace& place) {
    if (made || made.error().code() != EACCES) return made;
    made.error().set_hint(
        place.unified
            ? delegate_hint
            : "in cgroups of version 1 only root sets limits: remove /linux/resources, or "
              "start the machine with version 2 and delegate a cgroup");
    return made;
}

// In the root of a hierarchy there are files too: "tasks", "release_agent".
Status check_directory(const CgroupPlace& place) {
    const std::string path = directory_of(place);
    const std::optional<struct stat> found = TRY(stat_at(cwd, path));
    if (!found || S_ISDIR(found->st_mode)) return {};
    return failf("{} is a file of the cgroups, not a cgroup", path).hint(other_place_hint);
}

}  // namespace

Status make_path(CgroupPlace& place) {
    // Usually only the last directory is missing.
    Status made = make_directory(cwd, directory_of(place), 0755);
    if (made) place.made = 1;
    if (made) return {};
    if (made.error().code() == EEXIST) return check_directory(place);
    if (made.error().code() != ENOENT) return explain_refused(std::move(made), place);
    // Another container that has made a folder on the way may remove it at this moment, so that a
    // level vanishes again.
    constexpr int tries = 10;
    Status walked;
    for (int i = 0; i < tries; ++i) {
        walked = make_levels(place);
        if (walked || walked.error().code() != ENOENT) break;
    }
    return explain_refused(std::move(walked), place);
}

Status check_unused(const CgroupPlace& place) {
    const std::string directory = directory_of(place);
    const std::vector<pid_t> present = TRY(processes_below(directory));
    if (present.empty()) return {};
    // "container's cgroup is not empty" and, below, "container's cgroup unexpectedly frozen" are
    // runc's words, which its tests look for.
    Error error(format("the container's cgroup is not empty: {} has {} {}", directory,
                       present.size(), present.size() == 1 ? "process" : "processes"));
    error.set_hint(describe_user(directory));
    return Failure(std::move(error));
}

Status check_not_frozen(const CgroupPlace& place) {
    if (!place.unified && !has_controller(place, "freezer")) return {};
    const std::string directory = directory_of(place);
    // cgroup.freeze only says what was asked of this cgroup, not of those above.
    const std::optional<std::string> state =
        TRY(read_if_present(directory + (place.unified ? "/cgroup.events" : "/freezer.state")));
    if (!state) return {};
    const bool frozen =
        place.unified ? find_value(*state, "frozen") == 1 : trim(*state) != "THAWED";
    if (!frozen) return {};
    return failf("the container's cgroup unexpectedly frozen: {}", directory)
        .hint("thaw it, or the cgroup above it that is frozen: nothing runs in it until then");
}

void step_aside(const std::string& own, const std::string& aside) {
    const Result<std::string> present = read_file(cwd, own + "/cgroup.procs");
    if (!present || parse_number<pid_t>(trim(*present)) != ::getpid()) return;
    const Status made = make_directory(cwd, aside, 0755);
    if (!made && made.error().code() != EEXIST) return;
    if (!write_file(cwd, aside + "/cgroup.procs", "0") && made) (void)remove_directory(cwd, aside);
}

Status enable_controllers(const CgroupDirectory& directory) {
    if (directory.place.controllers.empty()) return {};
    const size_t first = directory.unit ? directory.unit->size() : 0;
    if (first == 0) TRY(enable_at(directory.place.mount_point, directory));
    std::vector<std::string> above = levels(directory.place.path);
    above.pop_back();
    for (const std::string& level : above)
        if (level.size() >= first) TRY(enable_at(directory.place.mount_point + level, directory));
    return {};
}

Status check_may_move(const CgroupDirectory& directory) {
    if (!directory.own_place) return {};
    const std::string ancestor =
        directory.place.mount_point + common_ancestor(*directory.own_place, directory.place.path);
    if (::access((ancestor + "/cgroup.procs").c_str(), W_OK) == 0) return {};
    const int code = errno;
    return fail(format("moving a process from the cgroup {} to {}", *directory.own_place,
                       directory.place.path),
                code)
        .hint(delegate_hint);
}

Status fill_cpuset(const CgroupPlace& place) {
    const std::vector<std::string> all = levels(place.path);
    std::string parent = place.mount_point;
    for (size_t i = 0; i < all.size(); ++i) {
        const std::string child = place.mount_point + all[i];
        const bool fresh = i + place.made >= all.size();  // then both are empty
        for (const char* file : {"cpuset.cpus", "cpuset.mems"})
            if (fresh || TRY(is_blank(format("{}/{}", child, file))))
                TRY(fill_from_parent(parent, child, file));
        parent = child;
    }
    return {};
}

}  // namespace sampan
