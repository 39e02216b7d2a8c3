#include "linux/namespaces.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <iterator>
#include <optional>

#include "base/text.h"
#include "os/file.h"
#include "spec/check.h"
#include "spec/json.h"

namespace sampan {

namespace {

// The user namespace comes first, because it gives the rights to join the others. pid and time
// apply only to children, and time must be the last (time_namespaces(7)).
constexpr NamespaceKind kinds[] = {
    {spec::NamespaceType::user, CLONE_NEWUSER, "user", "user"},
    {spec::NamespaceType::mount, CLONE_NEWNS, "mount", "mnt"},
    {spec::NamespaceType::uts, CLONE_NEWUTS, "uts", "uts"},
    {spec::NamespaceType::ipc, CLONE_NEWIPC, "ipc", "ipc"},
    {spec::NamespaceType::network, CLONE_NEWNET, "network", "net"},
    {spec::NamespaceType::cgroup, CLONE_NEWCGROUP, "cgroup", "cgroup"},
    {spec::NamespaceType::pid, CLONE_NEWPID, "pid", "pid"},
    {spec::NamespaceType::time, CLONE_NEWTIME, "time", "time"},
};

bool is_same_file(const struct stat& one, const struct stat& other) {
    return one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

ptrdiff_t position(int flag) {
    return std::ranges::find(kinds, flag, &NamespaceKind::flag) - kinds;
}

// What config.json changes in its namespace of this type.
std::string harm_of(const Spec& spec, spec::NamespaceType type) {
    using spec::NamespaceType;
    if (type == NamespaceType::mount) return "whose root would be replaced";
    std::string by;
    if (type == NamespaceType::uts && spec.domainname) by = "/domainname";
    if (type == NamespaceType::uts && spec.hostname) by = "/hostname";
    if (type == NamespaceType::network && !spec.linux_->net_devices.empty())
        by = "/linux/netDevices";
    for (const auto& [key, value] : spec.linux_->sysctl)
        if (by.empty() && spec::owner_of_sysctl(key) == type)
            by = "/linux/sysctl" + pointer_part(key);
    return by.empty() ? by : format("which {} would change", by);
}

}  // namespace

int namespace_flag(spec::NamespaceType type) {
    const NamespaceKind* found = std::ranges::find(kinds, type, &NamespaceKind::type);
    return found != std::end(kinds) ? found->flag : 0;
}

std::string_view namespace_name(int flag) {
    const NamespaceKind* found = std::ranges::find(kinds, flag, &NamespaceKind::flag);
    return found != std::end(kinds) ? found->name : "unknown";
}

const JoinNamespace* NamespacePlan::joined(int type) const {
    const auto found = std::ranges::find(joins, type, &JoinNamespace::type);
    return found != joins.end() ? &*found : nullptr;
}

NamespacePlan plan_namespaces(const Spec& spec) {
    NamespacePlan plan;
    if (!spec.linux_) return plan;
    const std::vector<spec::Namespace>& asked = spec.linux_->namespaces;
    for (size_t i = 0; i < asked.size(); ++i) {
        const std::string origin = format("/linux/namespaces/{}", i);
        const int flag = namespace_flag(asked[i].type);
        const std::optional<std::string>& path = asked[i].path;
        if (!path) {
            plan.new_types |= static_cast<uint64_t>(flag);
            continue;
        }
        plan.joins.push_back({flag, *path, origin, harm_of(spec, asked[i].type)});
    }
    std::ranges::sort(plan.joins, {},
                      [](const JoinNamespace& join) { return position(join.type); });
    return plan;
}

Result<Fd> open_namespace(const JoinNamespace& join) {
    // Not blocking, because the path may be that of a FIFO.
    Result<Fd> opened = open_at(cwd, join.path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!opened && opened.error().code() == ENOENT)
        opened.error().set_hint(
            "start first what makes this namespace, or remove the path, for a new one");
    const std::string place = join.origin + "/path";
    Fd fd = TRY(std::move(opened).at(place));
    struct statfs info {};
    if (::fstatfs(fd.get(), &info) < 0) return fail_errno("statfs {}", join.path);
    // Checked first, because the ioctl could mean anything for another kind of file.
    if (info.f_type != NSFS_MAGIC)
        return fail_at(
            join.origin + "/path", format("{} is not a namespace", join.path),
            "a namespace is a file such as /proc/PID/ns/net, or one that it is bound on");
    const int type = ::ioctl(fd.get(), NS_GET_NSTYPE);
    if (type < 0) return fail_errno("asking for the type of the namespace {}", join.path);
    if (type != join.type)
        return fail_at(join.origin + "/path",
                       format("{} is a {} namespace, not a {} namespace", join.path,
                              namespace_name(type), namespace_name(join.type)),
                       format("name one such as /proc/PID/ns/{}; without a path a new one is made",
                              kinds[position(join.type)].file));
    return fd;
}

Status check_not_hosts(int proc, const JoinNamespace& join, int fd) {
    if (join.harm.empty()) return {};
    const struct stat asked = TRY(stat_of(fd));
    const std::string_view file = kinds[position(join.type)].file;
    const auto ours = TRY(stat_at(proc, format("self/ns/{}", file)));
    // In a user namespace we may not see it, but then we could not join it either.
    const auto first = stat_at(proc, format("1/ns/{}", file));
    const bool is_first = first && *first && is_same_file(asked, **first);
    if (!is_first && ours && !is_same_file(asked, *ours)) return {};
    return fail_at(join.origin + "/path",
                   format("the {} namespace {} is the host's, {}", namespace_name(join.type),
                          join.path, join.harm),
                   "remove the path, for a new one");
}

Result<bool> is_our_user_namespace(int ns, int proc) {
    const struct stat theirs = TRY(stat_of(ns));
    const auto ours = TRY(stat_at(proc, "self/ns/user"));
    return ours && is_same_file(theirs, *ours);
}

std::span<const NamespaceKind> namespace_kinds() {
    return kinds;
}

std::string describe(const JoinNamespace& join) {
    return format("join the {} namespace {}", namespace_name(join.type), join.path);
}

std::string describe_new_namespaces(uint64_t types) {
    std::string text;
    for (const NamespaceKind& kind : kinds)
        if ((types & static_cast<uint64_t>(kind.flag)) != 0) text += format(" {}", kind.name);
    return text.empty() ? text : "new namespaces:" + text;
}

}  // namespace sampan
