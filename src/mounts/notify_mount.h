// The socket of sd_notify(3) in the container: by it a program says that it is ready. What it sends
// goes to a proxy, which passes it on to the caller's service manager (launch/notify_proxy.h).
#pragma once

#include <optional>
#include <string>

#include "mounts/bind.h"
#include "spec/config.h"

namespace sampan {

inline constexpr const char* notify_socket_name = "notify.sock";
// For the program; where runc has it.
inline constexpr const char* notify_destination = "/run/notify";
inline constexpr const char* notify_variable = "NOTIFY_SOCKET=/run/notify/notify.sock";

// A folder of the host, in which `start` makes the socket, is bound read-only into the container:
// a connection needs no more, and nothing of the container's can be put into it.
struct NotifyPlan {
    OpenSource source;
    BindMount mount;
};

// Pure. `folder`: absolute; empty when the caller has no NOTIFY_SOCKET. Nothing when process.env
// has one of its own, or where there is no mount namespace or no program. `slot`: a free one for
// the source.
std::optional<NotifyPlan> plan_notify(const Spec& spec, const std::string& folder, size_t slot);

}  // namespace sampan
