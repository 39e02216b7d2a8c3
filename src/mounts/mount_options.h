// Options of a mount as config.json spells them (config.md#linux-mount-options), turned into what
// the kernel is asked for. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/mount_api.h"

namespace sampan {

// "slave", "rshared", …: one change of propagation; `kind` is MS_SHARED, MS_SLAVE, MS_PRIVATE or
// MS_UNBINDABLE.
struct Propagation {
    uint64_t kind = 0;
    Reach reach = Reach::one_mount;
    bool operator==(const Propagation&) const = default;
};

// What is changed on a mount once it is made: its own attributes, those of all mounts below as
// well, and the propagation, which comes last and in the order of the options.
struct MountChanges {
    MountAttributes own;
    MountAttributes tree;
    std::vector<Propagation> propagation;
    bool operator==(const MountChanges&) const = default;
};

enum class Binding { none, one_mount, whole_tree };

// The meaning of a list of options. Of options that contradict each other the later one wins.
struct MountOptions {
    Binding bind = Binding::none;
    bool remount = false;
    bool idmap = false;
    bool idmap_tree = false;  // ridmap
    std::string id_ranges;    // of "idmap=uids=…;gids=…", which is crun's
    bool copy_up = false;     // tmpcopyup
    // Three of crun's, in no specification.
    bool copy_symlink = false;
    bool src_nofollow = false;
    bool dest_nofollow = false;
    MountChanges changes;
    // Flags of the file system itself, not of the mount: MS_RDONLY, MS_SYNCHRONOUS, MS_DIRSYNC,
    // MS_LAZYTIME, MS_MANDLOCK, MS_I_VERSION. A bit is in one of the two at most.
    uint64_t superblock_set = 0;
    uint64_t superblock_clear = 0;
    // Everything that is not in the table, for the file system, in order: "size=64k,mode=700" is
    // two. Labels (context=) without their quotes.
    std::vector<std::string> data;
    bool operator==(const MountOptions&) const = default;
};

[[nodiscard]] MountOptions parse_mount_options(const std::vector<std::string>& options);

// True for a word that is for the engine which wrote config.json, and which it leaves there: what
// it asks for ("z": label the files; "nocopy": do not fill the volume) has been done. Those of
// podman, buildah, Docker and nerdctl. Not for new file systems, which have options of these names.
[[nodiscard]] bool is_for_engine(std::string_view option);

// Every option of the table, sorted: `features` lists them.
[[nodiscard]] std::vector<std::string> known_mount_options();

// The names in /proc/self/mountinfo's style, for people: "ro,nosuid,rslave"; "" for no change.
[[nodiscard]] std::string describe(const MountChanges& changes);

// For one mount with none below: what `tree` leads to becomes part of `own`, `tree` empty.
[[nodiscard]] MountChanges for_one_mount(MountChanges changes);

// Carries the changes out on `mount` (a descriptor of its root). In a user namespace the kernel
// refuses to loosen what it has locked (mount_namespaces(7)): an error that names the flags.
Status change_mount(int mount, const MountChanges& changes);
Status change_propagation(int mount, const Propagation& propagation);

}  // namespace sampan
