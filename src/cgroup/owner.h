// To whom a cgroup belongs: notes on its directory, as extended attributes. Only root can set
// "trusted.NAME". Without root's rights "user.NAME" is used; the container may set it too, if it
// may write to its cgroup. So root reads only the first. If neither is possible, nothing is noted.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/result.h"
#include "cgroup/record.h"

namespace sampan {

// Marks a cgroup on the way to a container's that we have made. Containers share these, and the
// last container removes them; but a record knows only what its own create has made. A cgroup
// without the mark is removed with the container for which it was made, or not at all.
void mark_as_ours(const std::string& directory);
bool is_marked_as_ours(const std::string& directory);

// A stopped container leaves its cgroup empty until it is deleted. Meanwhile another container with
// the same cgroupsPath may take the cgroup over. From then on the first container must neither kill
// in it nor remove it.
//
// If we made a cgroup, it is made anew when it is taken over, and recognised by its inode. If it
// existed before, it stays the same cgroup, and a note on it names the owner. A cgroup that we made
// has this note too: whoever finds it learns that another container of ours has left it, and only
// such a cgroup is made anew.
struct CgroupOwner {
    std::string container;  // CgroupRecord::owner
    bool made = false;      // by us: it is removed with the container
    // For people: from where the container came. Of a long one, the beginning.
    std::string origin = {};
};

// If nothing can be noted, the cgroup has no owner.
void write_owner(const std::string& directory, const CgroupOwner& owner);
std::optional<CgroupOwner> read_owner(const std::string& directory);
// For a cgroup that stays when the container is deleted.
void remove_owner(const std::string& directory, const std::string& container);

// For CgroupPlace::inode: 0 if there is no such cgroup.
uint64_t inode_of(const CgroupPlace& place);

// Whether another container has taken it over since. A note that the container could have changed
// itself is not believed: then a cgroup that existed before belongs to every container that has
// recorded it.
bool is_anothers(const CgroupPlace& place, const CgroupRecord& record);
// The same for the container's cgroups: then none of its processes is in them, and the processes
// that are there belong to another container.
bool is_lost(const CgroupRecord& record);
// For operations that change the cgroups or enter them: an error if they are lost.
Status check_not_lost(const CgroupRecord& record);

}  // namespace sampan
