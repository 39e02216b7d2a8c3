#include "host/cgroup_layout.h"

#include <fcntl.h>

#include <algorithm>
#include <array>

#include "base/proc_cgroup.h"
#include "base/text.h"
#include "os/file.h"
#include "os/mountinfo.h"

namespace sampan {

namespace {

// What a line of mountinfo says about a cgroup mount.
struct CgroupMount {
    uint64_t id = 0;
    std::string root;
    std::string point;
    bool unified = false;
    bool read_only = false;
    std::vector<std::string_view> super_options;
};

bool contains(const std::vector<std::string_view>& words, std::string_view word) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

// "31 23 0:28 / /mnt rw,relatime shared:1 - cgroup cgroup rw,cpu" (proc_pid_mountinfo(5)). Any
// number of optional fields may precede the hyphen.
std::optional<CgroupMount> parse_mount(std::string_view line) {
    // Most lines of a busy machine are other mounts, and need not be split.
    const size_t separator = line.find(" - cgroup");
    if (separator == std::string_view::npos) return std::nullopt;
    const std::vector<std::string_view> left = split(line.substr(0, separator), ' ');
    const std::vector<std::string_view> right = split(line.substr(separator + 3), ' ');
    if (left.size() < 6 || right.size() < 3) return std::nullopt;
    if (right[0] != "cgroup" && right[0] != "cgroup2") return std::nullopt;
    CgroupMount mount;
    mount.id = parse_number<uint64_t>(left[0]).value_or(0);
    mount.root = unescape_mountinfo(left[3]);
    mount.point = unescape_mountinfo(left[4]);
    mount.unified = right[0] == "cgroup2";
    mount.super_options = split(right[2], ',');
    mount.read_only = contains(split(left[5], ','), "ro") || contains(mount.super_options, "ro");
    return mount;
}

// The options of cgroup2. The other words there ("rw", "seclabel") do not belong to the hierarchy.
constexpr std::array<std::string_view, 6> flag_names{"nsdelegate",
                                                     "favordynmods",
                                                     "memory_localevents",
                                                     "memory_recursiveprot",
                                                     "memory_hugetlb_accounting",
                                                     "pids_localevents"};

CgroupHierarchy with_mount(CgroupHierarchy hierarchy, const CgroupMount& mount) {
    hierarchy.mount_point = mount.point;
    hierarchy.root = mount.root;
    hierarchy.read_only = mount.read_only;
    if (mount.unified)
        for (const std::string_view flag : flag_names)
            if (contains(mount.super_options, flag)) hierarchy.flags.emplace_back(flag);
    return hierarchy;
}

int rank(const CgroupHierarchy& hierarchy) {
    if (hierarchy.root == "/") return 2;
    return hierarchy.own_place() ? 1 : 0;
}

// The hierarchy at the most useful of its mounts; nothing if it is not mounted.
std::optional<CgroupHierarchy> find_mount(const CgroupHierarchy& hierarchy,
                                          bool unified,
                                          const std::vector<CgroupMount>& mounts) {
    std::optional<CgroupHierarchy> best;
    for (const CgroupMount& mount : mounts) {
        if (mount.unified != unified) continue;
        // A controller is in one hierarchy only, so the first controller identifies the hierarchy.
        if (!unified && !contains(mount.super_options, hierarchy.controllers.front())) continue;
        CgroupHierarchy found = with_mount(hierarchy, mount);
        if (!best || rank(found) > rank(*best)) best = std::move(found);
    }
    return best;
}

CgroupMode mode_of(const CgroupLayout& layout) {
    if (!layout.unified) return layout.hierarchies.empty() ? CgroupMode::none : CgroupMode::v1;
    const auto is_named = [](const CgroupHierarchy& one) {
        return one.controllers.front().starts_with("name=");
    };
    return std::ranges::all_of(layout.hierarchies, is_named) ? CgroupMode::v2 : CgroupMode::hybrid;
}

}  // namespace

std::span<const std::string_view> cgroup2_flags() {
    return flag_names;
}

bool CgroupHierarchy::has(std::string_view controller) const {
    return std::find(controllers.begin(), controllers.end(), controller) != controllers.end();
}

std::optional<std::string> CgroupHierarchy::own_place() const {
    const std::string_view top = root == "/" ? std::string_view() : std::string_view(root);
    const std::string_view own = own_path == "/" ? std::string_view() : std::string_view(own_path);
    if (!own.starts_with(top)) return std::nullopt;
    const std::string_view rest = own.substr(top.size());
    if (!rest.empty() && rest.front() != '/') return std::nullopt;
    return std::string(rest);
}

const CgroupHierarchy* CgroupLayout::find(std::string_view controller) const {
    const auto found =
        std::find_if(hierarchies.begin(), hierarchies.end(),
                     [&](const CgroupHierarchy& one) { return one.has(controller); });
    return found == hierarchies.end() ? nullptr : &*found;
}

CgroupLayout parse_cgroup_layout(std::string_view mountinfo,
                                 std::string_view proc_self_cgroup,
                                 const IsSeenAt& is_seen) {
    std::vector<CgroupMount> mounts;
    for (const std::string_view line : split(mountinfo, '\n')) {
        std::optional<CgroupMount> mount = parse_mount(line);
        if (mount && (!is_seen || is_seen(mount->point, mount->id)))
            mounts.push_back(std::move(*mount));
    }
    CgroupLayout layout;
    for (const ProcCgroup& one : parse_proc_cgroup(proc_self_cgroup)) {
        CgroupHierarchy hierarchy;
        hierarchy.own_path = one.path;
        const bool unified = one.controllers.empty();
        if (!unified)
            for (const std::string_view name : split(one.controllers, ','))
                hierarchy.controllers.emplace_back(name);
        std::optional<CgroupHierarchy> found = find_mount(hierarchy, unified, mounts);
        if (!found) continue;
        if (unified)
            layout.unified = std::move(found);
        else
            layout.hierarchies.push_back(std::move(*found));
    }
    layout.mode = mode_of(layout);
    return layout;
}

Result<CgroupLayout> read_cgroup_layout() {
    const std::string mountinfo = TRY(read_file(cwd, "/proc/self/mountinfo"));
    const std::string own = TRY(read_file(cwd, "/proc/self/cgroup"));
    CgroupLayout layout = parse_cgroup_layout(mountinfo, own, is_seen_at);
    if (layout.unified) {
        const std::string names =
            TRY(read_file(cwd, layout.unified->mount_point + "/cgroup.controllers"));
        for (const std::string_view name : split_words(names))
            layout.unified->controllers.emplace_back(name);
    }
    return layout;
}

}  // namespace sampan
