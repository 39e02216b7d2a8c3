#include "mounts/mount_options.h"

#include <linux/mount.h>
#include <sys/mount.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string>
#include <string_view>

#include "base/text.h"

namespace sampan {

namespace {

// An attribute of a mount. With an "r" in front, a name means the whole tree.
struct Attribute {
    std::string_view name;
    uint64_t bits;
    bool set;
};
constexpr std::array attributes{
    Attribute{"ro", MOUNT_ATTR_RDONLY, true},
    Attribute{"rw", MOUNT_ATTR_RDONLY, false},
    Attribute{"nosuid", MOUNT_ATTR_NOSUID, true},
    Attribute{"suid", MOUNT_ATTR_NOSUID, false},
    Attribute{"nodev", MOUNT_ATTR_NODEV, true},
    Attribute{"dev", MOUNT_ATTR_NODEV, false},
    Attribute{"noexec", MOUNT_ATTR_NOEXEC, true},
    Attribute{"exec", MOUNT_ATTR_NOEXEC, false},
    Attribute{"nodiratime", MOUNT_ATTR_NODIRATIME, true},
    Attribute{"diratime", MOUNT_ATTR_NODIRATIME, false},
    Attribute{"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, true},
    Attribute{"symfollow", MOUNT_ATTR_NOSYMFOLLOW, false},
};

// The access-time mode is a field with three values; relatime, which is 0, is the kernel's default.
// As in mount(8), a word that takes a mode back ("atime") does not change another mode.
constexpr uint64_t atime_mask = MOUNT_ATTR__ATIME;
constexpr std::array atime_modes{
    Attribute{"noatime", MOUNT_ATTR_NOATIME, true},
    Attribute{"atime", MOUNT_ATTR_NOATIME, false},
    Attribute{"relatime", MOUNT_ATTR_RELATIME, true},
    Attribute{"norelatime", MOUNT_ATTR_RELATIME, false},
    Attribute{"strictatime", MOUNT_ATTR_STRICTATIME, true},
    Attribute{"nostrictatime", MOUNT_ATTR_STRICTATIME, false},
};

constexpr std::array superblock_flags{
    Attribute{"sync", MS_SYNCHRONOUS, true},      Attribute{"async", MS_SYNCHRONOUS, false},
    Attribute{"dirsync", MS_DIRSYNC, true},       Attribute{"lazytime", MS_LAZYTIME, true},
    Attribute{"nolazytime", MS_LAZYTIME, false},  Attribute{"mand", MS_MANDLOCK, true},
    Attribute{"nomand", MS_MANDLOCK, false},      Attribute{"iversion", MS_I_VERSION, true},
    Attribute{"noiversion", MS_I_VERSION, false},
};

struct PropagationName {
    std::string_view name;
    Propagation propagation;
};
constexpr std::array propagations{
    PropagationName{"shared", {MS_SHARED, Reach::one_mount}},
    PropagationName{"rshared", {MS_SHARED, Reach::whole_tree}},
    PropagationName{"slave", {MS_SLAVE, Reach::one_mount}},
    PropagationName{"rslave", {MS_SLAVE, Reach::whole_tree}},
    PropagationName{"private", {MS_PRIVATE, Reach::one_mount}},
    PropagationName{"rprivate", {MS_PRIVATE, Reach::whole_tree}},
    PropagationName{"unbindable", {MS_UNBINDABLE, Reach::one_mount}},
    PropagationName{"runbindable", {MS_UNBINDABLE, Reach::whole_tree}},
};

// "silent" and "loud" only say how much the kernel logs; the new mount calls have no such flag.
constexpr std::array<std::string_view, 13> others{
    "bind",     "rbind",    "remount", "idmap", "ridmap",       "tmpcopyup",     "copy-symlink",
    "defaults", "tmpupper", "silent",  "loud",  "src-nofollow", "dest-nofollow",
};

// "copy", "nocopy": whether a new volume starts with the files of the image. "z", "Z", "U", "O":
// labels, owners, an overlay. The last ones are Docker's for hosts without Linux.
constexpr std::array<std::string_view, 9> words_for_engines{
    "copy", "nocopy", "z", "Z", "U", "O", "cached", "consistent", "delegated",
};
constexpr std::array<std::string_view, 5> keys_for_engines{
    "chown=", "consistency=", "relabel=", "subpath=", "volume-opt=",
};

template <class Table>
auto find(const Table& table, std::string_view name) -> decltype(table.data()) {
    for (const auto& entry : table)
        if (entry.name == name) return &entry;
    return nullptr;
}

void change_bits(uint64_t& set, uint64_t& clear, const Attribute& attribute) {
    (attribute.set ? set : clear) |= attribute.bits;
    (attribute.set ? clear : set) &= ~attribute.bits;
}

void change_atime(MountAttributes& attributes_of, const Attribute& mode) {
    const bool has_mode = (attributes_of.clear & atime_mask) != 0;
    if (!mode.set && has_mode && (attributes_of.set & atime_mask) != mode.bits) return;
    if (!mode.set && mode.bits == MOUNT_ATTR_RELATIME) {
        attributes_of.clear &= ~atime_mask;
        return;
    }
    attributes_of.set = (attributes_of.set & ~atime_mask) | (mode.set ? mode.bits : 0);
    // mount_setattr(2) demands that the whole field is cleared before one of its values is set.
    attributes_of.clear |= atime_mask;
}

void forget(MountAttributes& attributes_of, uint64_t bits) {
    attributes_of.set &= ~bits;
    attributes_of.clear &= ~bits;
}

bool parse_attribute(MountOptions& options, std::string_view name) {
    MountChanges& changes = options.changes;
    const Attribute* found = find(attributes, name);
    const Attribute* atime = find(atime_modes, name);
    if (found != nullptr) {
        change_bits(changes.own.set, changes.own.clear, *found);
        if (found->bits == MOUNT_ATTR_RDONLY)
            change_bits(options.superblock_set, options.superblock_clear,
                        {found->name, MS_RDONLY, found->set});
        return true;
    }
    if (atime != nullptr) {
        change_atime(changes.own, *atime);
        return true;
    }
    if (!name.starts_with('r')) return false;
    name.remove_prefix(1);
    found = find(attributes, name);
    atime = find(atime_modes, name);
    // The tree is changed first, then the mount itself. So a later option for the tree cancels what
    // an earlier one said about the mount.
    if (found != nullptr) {
        change_bits(changes.tree.set, changes.tree.clear, *found);
        forget(changes.own, found->bits);
    } else if (atime != nullptr) {
        change_atime(changes.tree, *atime);
        forget(changes.own, atime_mask);
    }
    return found != nullptr || atime != nullptr;
}

// "idmap=uids=0-1000-10;gids=0-1000-10".
bool parse_id_ranges(MountOptions& options, std::string_view option) {
    const bool tree = option.starts_with("ridmap=");
    if (!tree && !option.starts_with("idmap=")) return false;
    (tree ? options.idmap_tree : options.idmap) = true;
    options.id_ranges = option.substr(option.find('=') + 1);
    return true;
}

bool parse_other(MountOptions& options, std::string_view name) {
    if (std::ranges::find(others, name) == others.end()) return false;
    // As in mount(8), "bind" does not cancel "rbind".
    if (name == "bind" && options.bind == Binding::none) options.bind = Binding::one_mount;
    if (name == "rbind") options.bind = Binding::whole_tree;
    if (name == "remount") options.remount = true;
    if (name == "idmap") options.idmap = true;
    if (name == "ridmap") options.idmap_tree = true;
    if (name == "tmpcopyup") options.copy_up = true;
    if (name == "tmpupper") options.tmp_upper = true;
    if (name == "copy-symlink") options.copy_symlink = true;
    if (name == "src-nofollow") options.src_nofollow = true;
    if (name == "dest-nofollow") options.dest_nofollow = true;
    return true;
}

void append(std::string& list, std::string_view prefix, std::string_view name) {
    if (!list.empty()) list += ',';
    list += prefix;
    list += name;
}

void describe_attributes(std::string& list,
                         const MountAttributes& change,
                         std::string_view prefix) {
    for (const Attribute& attribute : attributes)
        if (((attribute.set ? change.set : change.clear) & attribute.bits) != 0)
            append(list, prefix, attribute.name);
    if ((change.clear & atime_mask) == 0) return;
    const uint64_t mode = change.set & atime_mask;
    append(list, prefix,
           mode == MOUNT_ATTR_NOATIME       ? "noatime"
           : mode == MOUNT_ATTR_STRICTATIME ? "strictatime"
                                            : "relatime");
}

Status change_attributes(int mount, const MountAttributes& change, Reach reach) {
    if (change.set == 0 && change.clear == 0) return {};
    Status changed = change_mount(mount, change, reach);
    if (!changed && changed.error().code() == EPERM) {
        std::string names;
        describe_attributes(names, change, reach == Reach::whole_tree ? "r" : "");
        changed.error().add_context(format("setting {}", names));
        changed.error().set_hint(
            "a user namespace cannot loosen the flags of a mount that it got from outside");
    }
    return changed;
}

// "context", "fscontext", "defcontext", "rootcontext": SELinux labels, whose values contain commas.
bool is_label(std::string_view option) {
    return option.substr(0, option.find('=')).ends_with("context");
}

// A comma ends an option of a file system, as in the data of mount(2); but not in quotes, nor after
// a backslash (overlay), nor before a digit (mpol=bind:0,2 of tmpfs).
size_t end_of_option(std::string_view text) {
    bool quoted = false;
    for (size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '\\') {
            ++i;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (text[i] == ',' && !quoted) {
            const char next = i + 1 < text.size() ? text[i + 1] : ',';
            if (next < '0' || next > '9') return i;
        }
    }
    return text.size();
}

void add_data(std::vector<std::string>& data, std::string_view text) {
    // Without quotes the label is the whole rest.
    if (is_label(text) && !text.contains('"')) {
        data.emplace_back(text);
        return;
    }
    while (!text.empty()) {
        const std::string_view one = text.substr(0, end_of_option(text));
        std::string option(one);
        // Quotes only protect commas: fsconfig(2) would take them as a part of the label.
        if (is_label(one)) std::erase(option, '"');
        if (!option.empty()) data.push_back(std::move(option));
        text.remove_prefix(std::min(one.size() + 1, text.size()));
    }
}

}  // namespace

MountOptions parse_mount_options(const std::vector<std::string>& options) {
    MountOptions parsed;
    for (size_t i = 0; i < options.size(); ++i) {
        const std::string& option = options[i];
        if (parse_attribute(parsed, option) || parse_other(parsed, option) ||
            parse_id_ranges(parsed, option))
            continue;
        if (const Attribute* flag = find(superblock_flags, option)) {
            change_bits(parsed.superblock_set, parsed.superblock_clear, *flag);
        } else if (const PropagationName* named = find(propagations, option)) {
            parsed.changes.propagation.push_back(named->propagation);
        } else {
            add_data(parsed.data, option);
            parsed.data_places.resize(parsed.data.size(), i);
        }
    }
    return parsed;
}

// The tree is changed before the mount itself: see parse_attribute().
MountChanges for_one_mount(MountChanges changes) {
    MountAttributes& own = changes.own;
    MountAttributes& tree = changes.tree;
    tree.set &= ~own.clear;
    own.clear |= tree.clear & ~own.set;
    own.set |= tree.set;
    tree = {};
    return changes;
}

bool is_for_engine(std::string_view option) {
    return std::ranges::find(words_for_engines, option) != words_for_engines.end() ||
           std::ranges::any_of(keys_for_engines,
                               [option](std::string_view key) { return option.starts_with(key); });
}

std::vector<std::string> known_mount_options() {
    std::vector<std::string> names;
    for (const Attribute& attribute : attributes) {
        names.emplace_back(attribute.name);
        names.push_back(format("r{}", attribute.name));
    }
    for (const Attribute& mode : atime_modes) {
        names.emplace_back(mode.name);
        names.push_back(format("r{}", mode.name));
    }
    for (const Attribute& flag : superblock_flags)
        names.emplace_back(flag.name);
    for (const PropagationName& named : propagations)
        names.emplace_back(named.name);
    for (const std::string_view name : others)
        names.emplace_back(name);
    std::ranges::sort(names);
    return names;
}

std::string describe(const MountChanges& changes) {
    std::string list;
    describe_attributes(list, changes.own, "");
    describe_attributes(list, changes.tree, "r");
    for (const Propagation& wanted : changes.propagation)
        for (const PropagationName& named : propagations)
            if (named.propagation == wanted) append(list, "", named.name);
    return list;
}

Status change_propagation(int mount, const Propagation& propagation) {
    return change_mount(mount, MountAttributes{.propagation = propagation.kind}, propagation.reach);
}

Status change_mount(int mount, const MountChanges& changes) {
    TRY(change_attributes(mount, changes.tree, Reach::whole_tree));
    TRY(change_attributes(mount, changes.own, Reach::one_mount));
    for (const Propagation& propagation : changes.propagation)
        TRY(change_propagation(mount, propagation));
    return {};
}

}  // namespace sampan
