// New file systems, and changes of mounted ones (config.md#mounts).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/mount_options.h"
#include "mounts/mount_target.h"

namespace sampan {

// A new file system of `type` on `destination`, which is made if it is missing.
struct MountFilesystem {
    std::string origin;
    std::string type;
    std::string source;  // "" for none
    std::string destination;
    Placement placement = Placement::anywhere;
    LastLink last_link = LastLink::follow;
    uint64_t superblock_set = 0;      // MS_*, see MountOptions
    std::vector<std::string> data;    // "size=64k" or "nr_inodes=4" or a bare name
    std::vector<size_t> data_places;  // of the first ones, as indexes of /options
    std::string label;                // the SELinux label, if it is not an option: "" for none
    int made_slot = -1;          // in Context::sources, if the supervisor makes it (OpenSource)
    int readonly_slot = -1;      // in Context::readonly_later, which gets the mount
    bool copy_up = false;        // tmpfs: starts with the content of the destination
    bool tmp_upper = false;      // overlay: its upper layer is a tmpfs (mounts/tmp_upper.h) …
    std::string tmp_upper_size;  // … of this size; "": the kernel's default
    MountChanges changes;        // for_one_mount()
    bool operator==(const MountFilesystem&) const = default;
};

// Changes the mount that is already at `destination`, and its file system too unless `bind`.
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

// Makes a mount read-only, once the devices and everything below it are made.
struct MakeReadonly {
    std::string origin;
    std::string destination;  // for people: another mount may cover it by now
    size_t slot = 0;          // in Context::readonly_later
    bool operator==(const MakeReadonly&) const = default;
};

std::string describe(const MountFilesystem& step);
std::string describe(const Remount& step);
std::string describe(const MakeReadonly& step);
Status apply(const MountFilesystem& step, Context& context);
Status apply(const Remount& step, Context& context);
Status apply(const MakeReadonly& step, Context& context);

// Keeps `mount` for the MakeReadonly with this slot; does nothing for slot < 0.
Status keep_for_readonly(int mount, int slot, Context& context);

// For a detached mount of a new file system. Options are passed one by one, so that an error names
// the one that was refused; unless one of them is too long for that (mounts/option_page.h).
struct FilesystemRequest {
    std::string origin;  // the mount in config.json; "": none
    std::string type;
    std::string source;           // "" for none
    uint64_t superblock_set = 0;  // MS_*
    std::vector<std::string> data;
    std::vector<size_t> data_places;  // see MountFilesystem
    uint64_t attributes = 0;          // MOUNT_ATTR_*
    int pid_namespace = -1;  // for a proc: whose processes it shows; -1: those of our namespace
    bool operator==(const FilesystemRequest&) const = default;
};
Result<Fd> make_filesystem(const FilesystemRequest& request);
FilesystemRequest request_of(const MountFilesystem& step);

}  // namespace sampan
