#include "container/probes.h"

#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/text.h"
#include "cgroup/make.h"
#include "cgroup/systemd/scope.h"
#include "linux/id_map.h"
#include "linux/namespaces.h"
#include "mounts/filesystem.h"
#include "mounts/idmapped.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "os/passwd.h"
#include "os/process.h"
#include "os/procfs.h"
#include "os/tool.h"

namespace sampan {

namespace {

constexpr const char* probe_child = "tries out what the kernel allows";

Probe as_probe(Status status) {
    Probe probe;
    if (!status) probe.error = std::move(status).error();
    return probe;
}

// Nothing is returned by older kernels for what they do not know.
bool tells_ids_of_mounts() {
    struct statx facts {};
    return ::statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &facts) == 0 &&
           (facts.stx_mask & STATX_MNT_ID) != 0;
}

// With arguments that cannot do anything: only whether the call is there, and allowed, is seen.
std::vector<CallProbe> probe_calls() {
    std::vector<CallProbe> calls;
    const auto look = [&calls](const char* name, const char* since, long result,
                               const char* lost = "") {
        const int code = result < 0 && (errno == ENOSYS || errno == EPERM) ? errno : 0;
        calls.push_back({name, since, code, lost});
    };
    look("clone3", "5.3", ::syscall(SYS_clone3, nullptr, 0));
    look("pidfd_open", "5.3", ::syscall(SYS_pidfd_open, -1, 0));
    look("openat2", "5.6", ::syscall(SYS_openat2, -1, "", nullptr, 0));
    calls.push_back({"the ids of mounts", "5.8", tells_ids_of_mounts() ? 0 : ENOSYS, ""});
    look("close_range", "5.9", ::syscall(SYS_close_range, 2, 1, 0));
    look("mount_setattr", "5.12", ::syscall(SYS_mount_setattr, -1, "", 0, nullptr, 0),
         "ID-mapped mounts");
    return calls;
}

int seccomp_answer(unsigned operation, void* argument) {
    return ::syscall(SYS_seccomp, operation, 0, argument) < 0 ? errno : 0;
}

std::vector<std::string> find_missing_namespaces() {
    std::vector<std::string> missing;
    for (const NamespaceKind& kind : namespace_kinds()) {
        const auto found = stat_at(cwd, format("/proc/self/ns/{}", kind.file));
        if (!found || !*found) missing.emplace_back(kind.name);
    }
    return missing;
}

// In a user namespace of our own we are root, as is a container that an ordinary user makes.
Status become_inner_root() {
    const uid_t uid = ::geteuid();
    const gid_t gid = ::getegid();
    TRY(leave_namespaces(CLONE_NEWUSER));
    (void)write_file(cwd, "/proc/self/setgroups", "deny");
    TRY(write_file(cwd, "/proc/self/uid_map", format("0 {} 1", uid)));
    TRY(write_file(cwd, "/proc/self/gid_map", format("0 {} 1", gid)));
    return {};
}

// Does `work` where a container would be made.
Probe try_inside(const Host& host, int namespaces, const std::function<Status()>& work) {
    return as_probe(run_beside(probe_child, [&]() -> Status {
        if (!host.is_privileged()) TRY(become_inner_root());
        TRY(leave_namespaces(namespaces));
        return work();
    }));
}

Status make_new_proc() {
    // Only children are in the new pid namespace.
    return run_beside(probe_child, []() -> Status {
        TRY(make_filesystem({.type = "proc", .source = "proc"}));
        return {};
    });
}

// On a tmpfs that only we see.
Status make_overlay() {
    constexpr const char* place = "/tmp";
    TRY(change_propagation("/", MS_REC | MS_SLAVE));
    const Fd memory = TRY(make_filesystem({.type = "tmpfs", .source = "tmpfs"}));
    const Fd target = TRY(open_at(cwd, place, O_PATH | O_DIRECTORY));
    TRY(attach_mount(memory.get(), target.get()));
    for (const char* name : {"lower", "upper", "work"})
        TRY(make_directory(memory.get(), name, 0700));
    TRY(make_filesystem(
        {.type = "overlay",
         .source = "overlay",
         .data = {format("lowerdir={}/lower", place), format("upperdir={}/upper", place),
                  format("workdir={}/work", place)}}));
    return {};
}

// A copy of the root file system's mount, which is never attached.
Status map_root_mount() {
    Context context;
    context.proc = TRY(open_proc());
    const Fd copy = TRY(clone_tree(cwd, "/", 0));
    const std::vector<spec::IdMapping> map{{.container_id = 0, .host_id = 100000, .size = 65536}};
    return map_mount(copy.get(), {.maps = {map, map, ""}, .by_namespace = std::nullopt},
                     Reach::one_mount, context);
}

// A child that ends at once, in our own cgroup. That it may not be put there is no answer.
int clone_into_own_cgroup(const CgroupHierarchy& unified) {
    const std::optional<std::string> own = unified.own_place();
    const Result<Fd> directory =
        open_at(cwd, unified.mount_point + own.value_or(""), O_PATH | O_DIRECTORY);
    if (!own || !directory) return 0;
    Result<Cloned> child = clone_process(0, directory->get());
    if (child && child->pid == 0) ::_exit(0);
    if (child) {
        (void)Process(child->pid, std::move(child->pidfd)).wait();
        return 0;
    }
    const int code = child.error().code();
    return code == ENOSYS || code == EINVAL || code == E2BIG ? code : 0;
}

// Where the planner puts a container that asks for nothing.
CgroupAccess probe_cgroups(const Host& host, CgroupManager manager) {
    CgroupAccess access;
    if (host.cgroups.unified) access.clone_code = clone_into_own_cgroup(*host.cgroups.unified);
    const Result<CgroupPlan> plan = plan_cgroup(Spec{}, host, manager, "doctor");
    if (!plan) {
        access.place.error = plan.error();
        return access;
    }
    for (const CgroupDirectory& directory : plan->directories) {
        const CgroupPlace& place = directory.place;
        const std::string path = directory_of(place);
        const std::string parent = path.substr(0, path.rfind('/'));
        if (place.unified) {
            access.has_kill = stat_at(cwd, parent + "/cgroup.kill").value_or(std::nullopt) ||
                              !host.cgroups.unified;
            const std::string names = read_file(cwd, parent + "/cgroup.controllers").value_or("");
            for (const std::string_view name : split_words(names))
                access.controllers.emplace_back(name);
        } else {
            for (const std::string& name : place.controllers)
                if (!name.starts_with("name=")) access.controllers.push_back(name);
        }
        access.directory = parent;
        if (access.place.error) continue;
        if (::access(parent.c_str(), W_OK) != 0)
            access.place.error = Error(format("making a cgroup in {}", parent), errno);
        else
            access.place = as_probe(check_may_move(directory));
    }
    return access;
}

SubordinateIds probe_subordinate_ids(const Host& host) {
    SubordinateIds ids;
    const std::string passwd = read_file(cwd, "/etc/passwd").value_or("");
    for (const PasswdEntry& entry : parse_passwd(passwd))
        if (entry.uid == host.euid && ids.user.empty()) ids.user = entry.name;
    if (ids.user.empty()) ids.user = format("{}", host.euid);
    const auto count = [&](const char* file) {
        uint64_t sum = 0;
        for (const LentIds& lent : lent_ids(read_file(cwd, file).value_or(""), ids.user, host.euid))
            sum += lent.count;
        return sum;
    };
    ids.uids = count("/etc/subuid");
    ids.gids = count("/etc/subgid");
    const auto uid_helper = find_tool("newuidmap"), gid_helper = find_tool("newgidmap");
    ids.has_helpers = uid_helper && *uid_helper && gid_helper && *gid_helper;
    return ids;
}

bool is_there(const std::string& path) {
    return stat_at(cwd, path).value_or(std::nullopt).has_value();
}

void probe_systemd(HostProbes& probes) {
    probes.runs_systemd = is_there("/run/systemd/system");
    probes.has_systemd_helper = find_systemd_helper().has_value();
    probes.has_user_bus = is_there(probes.runtime_dir + "/bus");
    probes.security_modules = read_file(cwd, "/sys/kernel/security/lsm", 4096).value_or("");
}

}  // namespace

Result<HostProbes> probe_host(const Surroundings& surroundings) {
    HostProbes probes{.host = TRY(read_host())};
    const Host& host = probes.host;
    struct utsname names {};
    if (::uname(&names) == 0) probes.release = names.release;
    probes.calls = probe_calls();
    probes.missing_namespaces = find_missing_namespaces();
    unsigned action = SECCOMP_RET_ERRNO;
    probes.seccomp_code = seccomp_answer(SECCOMP_GET_ACTION_AVAIL, &action);
    struct seccomp_notif_sizes sizes {};
    probes.notify_code = seccomp_answer(SECCOMP_GET_NOTIF_SIZES, &sizes);
    probes.limits = read_user_namespace_limits();
    probes.user_namespace = as_probe(run_beside(probe_child, []() -> Status {
        TRY(become_inner_root());
        return leave_namespaces(CLONE_NEWNS);
    }));
    probes.own_mounts = try_inside(host, CLONE_NEWNS, [] { return Status(); });
    probes.new_proc = try_inside(host, CLONE_NEWNS | CLONE_NEWPID, make_new_proc);
    probes.overlay = try_inside(host, CLONE_NEWNS, make_overlay);
    if (host.is_privileged()) probes.idmapped = as_probe(map_root_mount());
    probes.manager = surroundings.manager;
    probes.cgroups = probe_cgroups(host, surroundings.manager);
    if (!host.is_privileged()) probes.subordinate_ids = probe_subordinate_ids(host);
    probes.runtime_dir = surroundings.runtime_dir;
    probes.has_runtime_dir = !probes.runtime_dir.empty() && is_there(probes.runtime_dir);
    probe_systemd(probes);
    return probes;
}

}  // namespace sampan
