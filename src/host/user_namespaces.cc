#include "host/user_namespaces.h"

#include <cerrno>
#include <limits>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

std::optional<int64_t> read_parameter(const std::string& path) {
    constexpr size_t longest = 64;
    return parse_number<int64_t>(trim(read_file(cwd, "/proc/sys/" + path, longest).value_or("")));
}

}  // namespace

UserNamespaceLimits read_user_namespace_limits() {
    return {.most = read_parameter("user/max_user_namespaces"),
            .unprivileged_clone = read_parameter("kernel/unprivileged_userns_clone"),
            .apparmor_restriction = read_parameter("kernel/apparmor_restrict_unprivileged_userns")};
}

std::string user_namespace_remedy(const UserNamespaceLimits& limits, int code) {
    if (limits.most == 0 || (code == ENOSPC && limits.most))
        return "sysctl -w user.max_user_namespaces=10000";
    if (limits.unprivileged_clone == 0) return "sysctl -w kernel.unprivileged_userns_clone=1";
    if (limits.apparmor_restriction.value_or(0) != 0)
        return "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0";
    return "";
}

std::vector<LentIds> lent_ids(std::string_view text, std::string_view name, uint32_t uid) {
    constexpr uint32_t most = std::numeric_limits<uint32_t>::max();
    std::vector<LentIds> lent;
    for (const std::string_view line : split(text, '\n')) {
        // "ann:100000:65536"
        const std::vector<std::string_view> fields = split(trim(line), ':');
        if (fields.size() != 3) continue;
        if (fields[0] != name && parse_number<uint32_t>(fields[0]) != uid) continue;
        const auto first = parse_number<uint32_t>(fields[1]);
        const auto count = parse_number<uint32_t>(fields[2]);
        if (first && count && *count != 0 && *first <= most - *count)
            lent.push_back({*first, *count});
    }
    return lent;
}

}  // namespace sampan
