// New file systems, changes of mounted ones (config.md#mounts).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/mount_options.h"
#include "mounts/mount_target.h"

namespace sampan {

// A new file system of `type` on `destination`, which is made when missing.
struct MountFilesystem {
    std::string origin;
    std::string type;
    std::string source;  // "" for none
    std::string destination;
    Placement placement = Placement::anywhere;
    LastLink last_link = LastLink::follow;
    uint64_t superblock_set = 0;    // MS_* as in MountOptions
    std::vector<std::string> data;  // "size=64k" or "nr_inodes=4" or a bare name
    std::string label;              // SELinux's, where it is no option: "" for none
    int made_slot = -1;             // in Context::sources, when the supervisor made it (OpenSource)
    int readonly_slot = -1;         // in Context::readonly_later, which gets the mount
    bool copy_up = false;           // tmpfs: starts with what the destination held
    MountChanges changes;           // for_one_mount()
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

// A mount becomes read-only, after the devices and everything below it are made.
struct MakeReadonly {
    std::string origin;
    std::string destination;  // for people: other mounts may be there by now
    size_t slot = 0;          // in Context::readonly_later
    bool operator==(const MakeReadonly&) const = default;
};

std::string describe(const MountFilesystem& step);
std::string describe(const Remount& step);
std::string describe(const MakeReadonly& step);
Status apply(const MountFilesystem& step, Context& context);
Status apply(const Remount& step, Context& context);
Status apply(const MakeReadonly& step, Context& context);

// Keeps `mount` for the MakeReadonly of `slot`; does nothing for slot < 0.
Status keep_for_readonly(int mount, int slot, Context& context);

// A detached mount of a new file system. Options are given one by one, so that an error names the
// one that was refused; unless one is too long for that (mounts/option_page.h).
struct FilesystemRequest {
    std::string type;
    std::string source;           // "" for none
    uint64_t superblock_set = 0;  // MS_*
    std::vector<std::string> data;
    uint64_t attributes = 0;  // MOUNT_ATTR_*
    int pid_namespace = -1;   // of a proc: whose processes it shows; -1: those of ours
    bool operator==(const FilesystemRequest&) const = default;
};
Result<Fd> make_filesystem(const FilesystemRequest& request);
FilesystemRequest request_of(const MountFilesystem& step);

}  // namespace sampan
