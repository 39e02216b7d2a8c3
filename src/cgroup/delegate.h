// Delegation of a container's cgroup to the user that its program runs as
// (config-linux.md#cgroup-ownership).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/result.h"
#include "host/host.h"
#include "spec/config.h"

namespace sampan {

// The uid on the host that is to own the container's cgroup; nothing when it stays as it is. That
// is so unless all of this holds: pure cgroup v2 (v1 cannot be delegated safely), a new cgroup
// namespace, cgroups mounted on /sys/fs/cgroup and not "ro", and a process.user.uid whose number
// outside is known (that of a user namespace joined by path is not) and is not ours already.
std::optional<uid_t> plan_cgroup_owner(const Spec& spec, const Host& host);

// Gives `directory` and those files in it which the kernel names as delegatable to `owner`. The
// group stays. Files that this cgroup lacks are passed over.
Status give_cgroup_to(const std::string& directory, uid_t owner);

}  // namespace sampan
