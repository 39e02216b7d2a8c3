// Gives a container's cgroup to the user as whom its program runs
// (config-linux.md#cgroup-ownership).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/result.h"
#include "host/host.h"
#include "spec/config.h"

namespace sampan {

// The uid on the host that will own the container's cgroup; nothing if the owner stays. The owner
// changes only if all of this is true: the host has pure cgroup v2 (v1 cannot be delegated safely),
// the cgroup namespace is new, cgroups are mounted on /sys/fs/cgroup and not "ro", and the number
// of process.user.uid on the host is known (not for a user namespace that is joined by path) and is
// not our own.
std::optional<uid_t> plan_cgroup_owner(const Spec& spec, const Host& host);

// run.oci.delegate-cgroup: a cgroup below the container's, which its process may manage. "" if
// there is none. An error if the name could lead out of the container's cgroup, or without cgroup
// v2, because v1 cannot be delegated safely.
Result<std::string> plan_inner_cgroup(const Spec& spec, const Host& host);
// Its owner, if that is not ourselves: the user as whom the program runs.
std::optional<uid_t> plan_inner_owner(const Spec& spec, const Host& host);

// Gives `directory`, and those files in it that the kernel calls delegatable, to `owner`. The group
// stays. Files that this cgroup does not have are skipped.
Status give_cgroup_to(const std::string& directory, uid_t owner);

}  // namespace sampan
