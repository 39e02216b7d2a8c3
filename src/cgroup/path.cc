#include "cgroup/path.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "cgroup/systemd/unit.h"

namespace sampan {

namespace {

Result<std::string> clean(std::string_view path) {
    std::string cleaned;
    for (const std::string_view part : split(path, '/')) {
        if (part.empty() || part == ".") continue;
        cleaned += '/';
        cleaned += part;
    }
    if (cleaned.empty()) return failf("\"{}\" is the root of the cgroups, not a container's", path);
    return cleaned;
}

std::string default_parent(const CgroupHierarchy& hierarchy, const Host& host) {
    if (host.is_privileged() && !host.in_user_namespace) return "";
    const std::string own = hierarchy.own_place().value_or("");
    if (std::optional<std::string> delegated = delegated_place(own)) return *delegated;
    return own.substr(0, std::min(own.rfind('/'), own.size()));
}

}  // namespace

std::optional<std::string> delegated_place(std::string_view own) {
    const size_t start = own.find("/user@");
    if (start == std::string_view::npos) return std::nullopt;
    const size_t end = std::min(own.find('/', start + 1), own.size());
    const std::string_view top = own.substr(0, end);
    if (!top.ends_with(".service")) return std::nullopt;
    return std::string(top);
}

Result<CgroupPath> parse_cgroup_path(const std::optional<std::string>& cgroups_path,
                                     std::string_view container_id) {
    if (!cgroups_path || cgroups_path->empty())
        return CgroupPath{.base = CgroupBase::unit, .path = format("/{}", container_id)};
    if (is_systemd_form(*cgroups_path)) {
        return fail_at(
            cgroups_path_pointer,
            format("\"{}\" has systemd's form slice:prefix:name, which needs the systemd cgroup "
                   "manager",
                   *cgroups_path),
            "give --systemd-cgroup, or write a path such as \"/pods/web\"");
    }
    return CgroupPath{
        .base = cgroups_path->starts_with('/') ? CgroupBase::mount_point : CgroupBase::parent,
        .path = TRY(clean(*cgroups_path).at(cgroups_path_pointer))};
}

std::string place_in(const CgroupHierarchy& hierarchy, const CgroupPath& path, const Host& host) {
    if (path.base == CgroupBase::mount_point) return path.path;
    if (path.base == CgroupBase::unit && host.cgroups.delegated && hierarchy.root == "/")
        return *host.cgroups.delegated + path.path;
    return default_parent(hierarchy, host) + path.path;
}

}  // namespace sampan
