#include "cgroup/delegate.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "os/file.h"
#include "spec/annotations.h"
#include "spec/check.h"

namespace sampan {

namespace {

bool has_new_namespace(const Spec& spec, spec::NamespaceType type) {
    const spec::Namespace* found = spec::find_namespace(spec, type);
    return found != nullptr && !found->path;
}

bool shows_writable_cgroups(const spec::Mount& mount) {
    return mount.source == "cgroup" && mount.destination == "/sys/fs/cgroup" &&
           std::find(mount.options.begin(), mount.options.end(), "ro") == mount.options.end();
}

std::optional<uid_t> uid_outside(const Spec& spec, uid_t uid) {
    if (spec::find_namespace(spec, spec::NamespaceType::user) == nullptr) return uid;
    for (const spec::IdMapping& line : spec.linux_->uid_mappings)
        if (uid >= line.container_id && uid - line.container_id < line.size)
            return line.host_id + (uid - line.container_id);
    return std::nullopt;
}

// Kernels before 4.15 do not have this file, and delegate these three.
constexpr std::string_view usual_files = "cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n";

Status give_to(const std::string& path, uid_t owner) {
    if (::chown(path.c_str(), owner, static_cast<gid_t>(-1)) == 0 || errno == ENOENT) return {};
    return fail_errno("giving {} to uid {}", path, owner);
}

}  // namespace

std::optional<uid_t> plan_cgroup_owner(const Spec& spec, const Host& host) {
    if (host.cgroups.mode != CgroupMode::v2 || !spec.process) return std::nullopt;
    if (!has_new_namespace(spec, spec::NamespaceType::cgroup)) return std::nullopt;
    if (std::none_of(spec.mounts.begin(), spec.mounts.end(), shows_writable_cgroups))
        return std::nullopt;
    const std::optional<uid_t> owner = uid_outside(spec, spec.process->user.uid);
    return owner == host.euid ? std::nullopt : owner;
}

Result<std::string> plan_inner_cgroup(const Spec& spec, const Host& host) {
    constexpr std::string_view name = spec::delegated_cgroup;
    const std::optional<std::string> asked = spec::find_annotation(spec, name);
    if (!asked) return std::string();
    const std::string origin = spec::place_of_annotation(name);
    if (host.cgroups.mode != CgroupMode::v2)
        return fail_at(origin,
                       format("{} needs cgroup v2, which alone can be delegated safely", name));
    std::string path;
    for (const std::string_view part : split(*asked, '/')) {
        if (part.empty() || part == "." || part == ".." || part.contains('\n'))
            return fail_at(origin,
                           format("\"{}\" of {} is not the name of a cgroup below the container's",
                                  *asked, name));
        path += (path.empty() ? "" : "/") + std::string(part);
    }
    return path;
}

std::optional<uid_t> plan_inner_owner(const Spec& spec, const Host& host) {
    if (!spec.process) return std::nullopt;
    const std::optional<uid_t> owner = uid_outside(spec, spec.process->user.uid);
    return owner == host.euid ? std::nullopt : owner;
}

Status give_cgroup_to(const std::string& directory, uid_t owner) {
    TRY(give_to(directory, owner));
    const Result<std::string> listed = read_file(cwd, "/sys/kernel/cgroup/delegate");
    const std::string_view names = listed ? std::string_view(*listed) : usual_files;
    for (const std::string_view name : split_words(names))
        TRY(give_to(format("{}/{}", directory, name), owner));
    return {};
}

}  // namespace sampan
