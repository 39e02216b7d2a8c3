#include "mounts/mount_target.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.h"
#include "linux/kept_mounts.h"
#include "os/file.h"
#include "os/path.h"
#include "os/procfs.h"

namespace sampan {

namespace {

// Files of /proc that tools such as lxcfs cover by better ones; no trusted program relies on them.
constexpr std::array<std::string_view, 10> coverable{
    "/proc/cpuinfo",
    "/proc/diskstats",
    "/proc/loadavg",
    "/proc/meminfo",
    "/proc/slabinfo",
    "/proc/stat",
    "/proc/swaps",
    "/proc/sys/crypto/fips_enabled",
    "/proc/sys/kernel/ns_last_pid",
    "/proc/uptime",
};

// Engines look for these words, and then report that a folder was mounted over a file.
Failure not_a_directory(const std::string& path) {
    return failf("{} in the root is not a directory, and what is to be mounted there is one", path);
}

Status check_kind(int target, const std::string& path, TargetKind kind) {
    const bool folder = S_ISDIR(TRY(stat_of(target)).st_mode);
    if (folder == (kind == TargetKind::directory)) return {};
    if (!folder) return not_a_directory(path);
    return failf(
        "{} in the root is a directory, and what is to be mounted there is not a directory", path);
}

Result<Fd> open_or_make(const Tree& tree, const std::string& path, TargetKind kind) {
    Result<Fd> target =
        kind == TargetKind::directory ? make_directories_in(tree, path) : make_file_in(tree, path);
    if (!target && target.error().code() == ENOTDIR) return not_a_directory(tree.mounted_on + path);
    return target;
}

// Without following a link.
Result<Fd> open_itself(const Tree& tree, const std::string& path, TargetKind kind) {
    Result<Fd> target = open_in(tree, path, O_PATH | O_NOFOLLOW);
    if (target || target.error().code() != ENOENT) return target;
    TRY(open_or_make(tree, path, kind));
    return open_in(tree, path, O_PATH | O_NOFOLLOW);
}

Result<Fd> open_strictly(const Tree& tree, const std::string& path, TargetKind kind) {
    Result<Fd> target = open_without_links(tree, path, O_PATH);
    if (!target && target.error().code() == ENOENT) {
        TRY(open_or_make(tree, path, kind));
        target = open_without_links(tree, path, O_PATH);
    }
    if (!target && target.error().code() == ELOOP)
        return failf(
            "{} must be mounted on ordinary directory: in the root it leads through a "
            "symbolic link",
            tree.mounted_on + path);
    return target;
}

}  // namespace

Status attach_at(Context& context,
                 int mount,
                 int target,
                 const std::string& destination,
                 const std::vector<Propagation>& propagation) {
    TRY(attach_and_keep(context, mount, target, destination));
    for (const Propagation& change : propagation)
        TRY(change_propagation(mount, change));
    return {};
}

Result<Placement> place_of(std::string_view destination, std::string_view type) {
    if (destination == "/proc") {
        if (!type.empty() && type != "proc")
            return failf("only a proc file system can be mounted on /proc, not one of type {}",
                         type);
        return Placement::proc;
    }
    if (std::ranges::find(coverable, destination) != coverable.end()) return Placement::over_proc;
    if (destination.starts_with("/proc/"))
        return failf("{} must not be covered: programs trust what is inside /proc", destination);
    if (type == "proc" || type == "sysfs") return Placement::no_links;
    return Placement::anywhere;
}

Result<Fd> open_target(const Context& context,
                       const std::string& destination,
                       TargetKind kind,
                       Placement placement,
                       LastLink last_link) {
    const bool strict = placement == Placement::proc || placement == Placement::no_links;
    const auto open = strict                         ? open_strictly
                      : last_link == LastLink::cover ? open_itself
                                                     : open_or_make;
    Fd target = TRY(look_up(context, destination, [&](const Tree& tree, const std::string& path) {
        return open(tree, path, kind);
    }));
    TRY(check_kind(target.get(), destination, kind));
    // Checked by the file system, not by the name: a link of the image may lead into /proc.
    if (placement == Placement::over_proc || !TRY(is_on_proc(target.get()))) return target;
    if (placement == Placement::proc && TRY(is_proc_root(target.get()))) return target;
    return failf("{} leads to a file of a proc file system, which must not be covered",
                 destination);
}

}  // namespace sampan
