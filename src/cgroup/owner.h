// Whose a cgroup is: notes on its directory, as extended attributes. "trusted.NAME" only root can
// set; "user.NAME" is taken without its rights, where the container may set it too, if its cgroup
// is its own to write to. So root reads the first alone. Where neither is possible nothing is
// noted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "cgroup/record.h"

namespace sampan {

// Of the cgroups on the way to a container's: which we made. Containers share them, and whichever
// goes last removes them; a record knows only what its own create made. One without the mark goes
// with the container that it was made for, or not at all.
void mark_as_ours(const std::string& directory);
bool is_marked_as_ours(const std::string& directory);

// A container that has stopped leaves its own cgroup empty until it is deleted, and another one
// with the same cgroupsPath may take it over meanwhile. Then it is no longer the first one's to
// kill in, or to remove.
//
// One that we made is made anew when it is taken over, and told by its inode. One that was there
// before stays the same, and has its owner as a note; so has one that we made, for whoever finds
// it: what another container of ours has left is made anew, and nothing else.
struct CgroupOwner {
    std::string container;  // CgroupRecord::owner
    bool made = false;      // by us: it goes with the container
};

// Where nothing can be noted it has no owner.
void write_owner(const std::string& directory, const CgroupOwner& owner);
std::optional<CgroupOwner> read_owner(const std::string& directory);
// Of what stays when the container goes.
void remove_owner(const std::string& directory, const std::string& container);

// For CgroupPlace::inode: 0 when there is no such cgroup.
uint64_t inode_of(const CgroupPlace& place);

// Another container has taken it over since. A note that the container could have changed itself is
// not believed: one that was there before counts as everybody's who records it then.
bool is_anothers(const CgroupPlace& place, const CgroupRecord& record);
// The same of the container's cgroups: then nobody is in them for the container, and what is there
// are the processes of another one.
bool is_lost(const CgroupRecord& record);
// An error where it is, for what changes them or enters them.
Status check_not_lost(const CgroupRecord& record);

}  // namespace sampan
