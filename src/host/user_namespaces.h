// Why user namespaces may not be made here, and how that is changed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sampan {

// The kernel parameters that forbid them, where the kernel has these.
struct UserNamespaceLimits {
    std::optional<int64_t> most;                  // user.max_user_namespaces
    std::optional<int64_t> unprivileged_clone;    // kernel.unprivileged_userns_clone (Debian)
    std::optional<int64_t> apparmor_restriction;  // kernel.apparmor_restrict_unprivileged_userns
    bool operator==(const UserNamespaceLimits&) const = default;
};
UserNamespaceLimits read_user_namespace_limits();

// The command that lifts what forbids them; "" if none of the parameters does. `code`: the errno of
// the failure. Pure.
std::string user_namespace_remedy(const UserNamespaceLimits& limits, int code);

// `count` ids from `first` on.
struct LentIds {
    uint32_t first = 0;
    uint32_t count = 0;
};
// The ids that a text in the form of /etc/subuid (subuid(5)) lends to a user, who may stand there
// by name or by number. Lines that make no sense are skipped. Pure.
std::vector<LentIds> lent_ids(std::string_view text, std::string_view name, uint32_t uid);

}  // namespace sampan
