// The socket of sd_notify(3) in the container, by which a program says that it is ready. What it
// sends goes to a proxy, which passes it on to the service manager of our caller
// (launch/notify_proxy.h).
#pragma once

#include <optional>
#include <string>

#include "mounts/bind.h"
#include "spec/config.h"

namespace sampan {

inline constexpr const char* notify_socket_name = "notify.sock";
// For the program; the same path as with runc.
inline constexpr const char* notify_destination = "/run/notify";
inline constexpr const char* notify_variable = "NOTIFY_SOCKET=/run/notify/notify.sock";

// A folder of the host, in which `start` makes the socket, is bound read-only into the container.
// That suffices to connect, and the container cannot put anything into the folder.
struct NotifyPlan {
    OpenSource source;
    BindMount mount;
};

// Pure. `folder`: absolute; empty if the caller has no NOTIFY_SOCKET. Nothing if process.env sets
// one, or if there is no mount namespace or no program. `slot`: a free slot for the source.
std::optional<NotifyPlan> plan_notify(const Spec& spec, const std::string& folder, size_t slot);

}  // namespace sampan
