// Translates the options of a mount in config.json (config.md#linux-mount-options) to what the
// kernel is asked for. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "os/mount_api.h"

namespace sampan {

// "slave", "rshared", …: a change of propagation; `kind` is MS_SHARED, MS_SLAVE, MS_PRIVATE or
// MS_UNBINDABLE.
struct Propagation {
    uint64_t kind = 0;
    Reach reach = Reach::one_mount;
    bool operator==(const Propagation&) const = default;
};

// What is changed on a mount once it is made: its own attributes, those of all mounts below it too,
// and the propagation, which comes last and in the order of the options.
struct MountChanges {
    MountAttributes own;
    MountAttributes tree;
    std::vector<Propagation> propagation;
    bool operator==(const MountChanges&) const = default;
};

enum class Binding { none, one_mount, whole_tree };

// The meaning of a list of options. If options contradict each other, the later one counts.
struct MountOptions {
    Binding bind = Binding::none;
    bool remount = false;
    bool idmap = false;
    bool idmap_tree = false;  // ridmap
    std::string id_ranges;    // of crun's "idmap=uids=…;gids=…"
    bool copy_up = false;     // tmpcopyup
    bool tmp_upper = false;   // an option of our own, see mounts/tmp_upper.h
    // Three options of crun, which no specification has.
    bool copy_symlink = false;
    bool src_nofollow = false;
    bool dest_nofollow = false;
    MountChanges changes;
    // Flags of the file system itself, not of the mount: MS_RDONLY, MS_SYNCHRONOUS, MS_DIRSYNC,
    // MS_LAZYTIME, MS_MANDLOCK, MS_I_VERSION. A bit is in at most one of the two.
    uint64_t superblock_set = 0;
    uint64_t superblock_clear = 0;
    // All options that the table does not have, for the file system and in their order;
    // "size=64k,mode=700" is two of them. Labels (context=) have no quotes.
    std::vector<std::string> data;
    std::vector<size_t> data_places;  // the index of each in the list
    bool operator==(const MountOptions&) const = default;
};

[[nodiscard]] MountOptions parse_mount_options(const std::vector<std::string>& options);

// True for a word that an engine leaves in config.json for itself, and has already acted on ("z":
// label the files; "nocopy": do not fill the volume). These are the words of podman, buildah,
// Docker and nerdctl. Not for new file systems, which have options of these names.
[[nodiscard]] bool is_for_engine(std::string_view option);

// All options of the table, sorted; `features` lists them.
[[nodiscard]] std::vector<std::string> known_mount_options();

// Names like those in /proc/self/mountinfo, for people: "ro,nosuid,rslave"; "" for no change.
[[nodiscard]] std::string describe(const MountChanges& changes);

// For a mount that has no others below it: moves the changes in `tree` to `own`.
[[nodiscard]] MountChanges for_one_mount(MountChanges changes);

// Makes the changes to `mount` (a descriptor of its root). In a user namespace the kernel does not
// loosen flags that it has locked (mount_namespaces(7)): the error names them.
Status change_mount(int mount, const MountChanges& changes);
Status change_propagation(int mount, const Propagation& propagation);

}  // namespace sampan
