// What systemd has delegated to us (Delegate= of systemd.resource-control(5)).
#pragma once

#include <optional>
#include <string>

#include "host/cgroup_layout.h"

namespace sampan {

// Whose notes are believed. Only root can set "trusted.delegate"; whoever owns a cgroup can set
// "user.delegate" (which systemd has set since version 251) on it.
enum class DelegationNote { trusted, user };

// The nearest cgroup at or above our own that systemd has delegated, below the mount points:
// "/system.slice/web.service", or "/user.slice/user-1000.slice/user@1000.service" from a unit of a
// user's systemd that has no Delegate=. Nothing in a session, without systemd, or if that cgroup
// belongs to another user (sudo). systemd notes it in cgroup v2, also on hybrid hosts, or else in
// the hierarchy name=systemd.
std::optional<std::string> find_delegated(const CgroupLayout& layout, DelegationNote note);

}  // namespace sampan
