// The mounts of config.json (config.md#mounts), in the order listed.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "linux/bind.h"
#include "linux/cgroup_mount.h"
#include "linux/context.h"
#include "linux/mount_options.h"
#include "spec/config.h"

namespace sampan {

struct Host;

// What a destination inside the container is held to, beyond being inside.
enum class Placement {
    anywhere,  // but on nothing inside a procfs
    over_proc  // a single file of /proc that may be covered (/proc/meminfo and its like)
};

// A new file system of `type` on `destination`, which is made when missing.
struct MountFilesystem {
    std::string origin;
    std::string type;
    std::string source;  // "" for none
    std::string destination;
    Placement placement = Placement::anywhere;
    uint64_t superblock_set = 0;    // MS_* as in MountOptions
    std::vector<std::string> data;  // "size=64k" or "nr_inodes=4" or a bare name
    bool copy_up = false;           // tmpfs: starts with what the destination held
    MountChanges changes;
    bool operator==(const MountFilesystem&) const = default;
};

// A change of the mount that is at `destination` already, and of its file system unless `bind`.
struct Remount {
    std::string origin;
    std::string destination;
    Binding bind = Binding::none;
    uint64_t superblock_set = 0;
    uint64_t superblock_clear = 0;
    std::vector<std::string> data;
    MountChanges changes;
    bool operator==(const Remount&) const = default;
};

// The mount at `destination` becomes read-only, after the devices and everything below it are made.
struct MakeReadonly {
    std::string origin;
    std::string destination;
    bool operator==(const MakeReadonly&) const = default;
};

using MountStep = std::variant<MountFilesystem, BindMount, MountCgroup, Remount>;

struct MountPlan {
    std::vector<OpenSource> before_clone;  // by the supervisor
    std::vector<MountStep> setup;
    std::vector<MakeReadonly> pivot;  // any time after the devices, console and masks
    bool operator==(const MountPlan&) const = default;
};

// `bundle` is the absolute path that relative sources of binds count from. Errors (with the pointer
// of the mount): mounts without a mount namespace of the container, places in /proc that must not
// be covered, contradicting options.
Result<MountPlan> plan_mounts(const Spec& spec, const Host& host, const std::string& bundle);

std::string describe(const MountFilesystem& step);
std::string describe(const Remount& step);
std::string describe(const MakeReadonly& step);
Status apply(const MountFilesystem& step, Context& context);
Status apply(const Remount& step, Context& context);
Status apply(const MakeReadonly& step, Context& context);

}  // namespace sampan
