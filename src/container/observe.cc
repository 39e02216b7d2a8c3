#include "container/observe.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "container/inside_facts.h"
#include "linux/namespaces.h"
#include "linux/observed_process.h"
#include "linux/sysctl.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/mount_api.h"
#include "os/path.h"
#include "os/process.h"
#include "os/procfs.h"

namespace sampan {

namespace {

// Opened before it is compared: from then on the folder is that of no other process.
Result<ProcessFolder> open_process(int proc, const Record& record) {
    TRY(open_init(record));
    Result<Fd> dir = open_at(proc, format("{}", record.pid), O_RDONLY | O_DIRECTORY);
    if (!dir) return not_running();
    TRY(open_init(record));
    return ProcessFolder{record.pid, std::move(*dir)};
}

std::vector<ObservedNamespace> observe_namespaces(int proc,
                                                  const ProcessFolder& process,
                                                  const Record& record) {
    std::vector<ObservedNamespace> found;
    for (const NamespaceKind& kind : namespace_kinds()) {
        const auto theirs = stat_at(process.dir.get(), format("ns/{}", kind.file));
        const auto ours = stat_at(proc, format("self/ns/{}", kind.file));
        if (!theirs || !*theirs || !ours || !*ours) continue;
        const uint64_t inode = (*theirs)->st_ino;
        const bool recorded = std::ranges::any_of(record.namespaces, [&](const auto& one) {
            return one.type == kind.type && one.inode == inode;
        });
        found.push_back({kind.type, inode, (*ours)->st_ino == inode, recorded});
    }
    return found;
}

// Those that the caller does not have, with the paths of config.json.
std::vector<spec::Namespace> as_config(const std::vector<ObservedNamespace>& namespaces,
                                       const Spec& config) {
    std::vector<spec::Namespace> all;
    for (const ObservedNamespace& one : namespaces) {
        if (one.ours) continue;
        spec::Namespace shown{.type = one.type};
        if (config.linux_)
            for (const spec::Namespace& asked : config.linux_->namespaces)
                if (asked.type == one.type && one.recorded) shown.path = asked.path;
        all.push_back(std::move(shown));
    }
    return all;
}

// A mask is a mount at exactly this place: of /dev/null, or of an empty folder.
bool is_masked(const std::vector<ObservedMount>& mounts, const std::string& path) {
    const ObservedMount* mount = find_observed(mounts, path);
    return mount != nullptr && (mount->type == "tmpfs" || mount->root.ends_with("/null"));
}

bool is_readonly(const std::vector<ObservedMount>& mounts, const std::string& path) {
    const ObservedMount* mount = find_observed(mounts, path);
    return mount != nullptr && mount->has("ro");
}

std::vector<std::string> filter_paths(const std::vector<std::string>& paths,
                                      const std::vector<ObservedMount>& mounts,
                                      bool (*holds)(const std::vector<ObservedMount>&,
                                                    const std::string&)) {
    std::vector<std::string> kept;
    for (const std::string& path : paths)
        if (holds(mounts, path)) kept.push_back(path);
    return kept;
}

void observe_parameters(int proc, const ProcessFolder& process, const Spec& config, Spec& found) {
    const std::vector<WriteSysctl> asked = plan_sysctl(config);
    std::vector<std::string> paths{"kernel/hostname", "kernel/domainname"};
    for (const WriteSysctl& one : asked)
        paths.push_back(one.path);
    const auto values = read_sysctls_inside(proc, process, paths);
    if (!values) return;
    const auto value_of = [&](const std::string& path) -> std::optional<std::string> {
        const auto value = values->find(path);
        return value == values->end() ? std::nullopt : std::optional(value->second);
    };
    found.hostname = value_of("kernel/hostname");
    found.domainname = value_of("kernel/domainname");
    if (!config.linux_) return;
    size_t index = 0;
    for (const auto& [key, ignored] : config.linux_->sysctl)
        if (const auto value = value_of(asked[index++].path)) found.linux_->sysctl[key] = *value;
}

void observe_root(const Spec& config, Observed& observed) {
    if (config.root) observed.spec.root = config.root;
    for (const ObservedMount& mount : observed.mounts)
        if (mount.point != "/")
            observed.spec.mounts.push_back(as_config_mount(mount));
        else if (observed.spec.root)
            observed.spec.root->readonly = mount.has("ro");
}

// File systems that may answer late or never.
bool may_wait(const std::vector<ObservedMount>& mounts) {
    return std::ranges::any_of(mounts, [](const ObservedMount& mount) {
        constexpr std::array slow{"fuse", "nfs", "cifs", "smb", "9p", "virtiofs", "ceph", "autofs"};
        return std::ranges::any_of(slow,
                                   [&](const char* type) { return mount.type.starts_with(type); });
    });
}

// Each with a NUL after it.
std::string find_bare_paths(int root, const Spec& config) {
    std::string bare;
    const auto look = [&](const std::string& path) {
        const Result<Fd> found = open_in_root(root, path, O_PATH);
        if (found && is_root_of_mount(found->get()) == false) bare += clean_path(path) + '\0';
    };
    for (const spec::Mount& mount : config.mounts)
        look(mount.destination);
    if (!config.linux_) return bare;
    std::ranges::for_each(config.linux_->masked_paths, look);
    std::ranges::for_each(config.linux_->readonly_paths, look);
    return bare;
}

// Not all waits are foreseen: such a file system may be mounted meanwhile, or be a layer of an
// overlay. So another process looks, which a signal lets us leave.
Status observe_bare_paths(const ProcessFolder& process, const Spec& config, Observed& observed) {
    const Result<Fd> root = open_at(process.dir.get(), "root", O_PATH | O_DIRECTORY);
    if (!root || may_wait(observed.mounts)) return {};
    Interruptible interruptible;
    const Result<std::string> bare =
        read_beside("looks for mounts in the container",
                    [&]() -> Result<std::string> { return find_bare_paths(root->get(), config); });
    if (!bare && heed_interruption()) return Failure(check_interruption().error());
    if (!bare) return Failure(bare.error());
    TRY(interruptible.end());
    for (std::string& path : split_at_nul(*bare))
        observed.bare.insert(std::move(path));
    return {};
}

// A map that maps nothing, or every id to itself, was not asked for.
bool is_identity(const std::vector<spec::IdMapping>& map) {
    return map.empty() || (map.size() == 1 && map[0].container_id == 0 && map[0].host_id == 0 &&
                           map[0].size == ~uint32_t{0});
}

void observe_linux(const Spec& config, const IdMaps& maps, Observed& observed) {
    spec::Linux& found = *observed.spec.linux_;
    found.namespaces = as_config(observed.namespaces, config);
    if (!is_identity(maps.uids)) found.uid_mappings = maps.uids;
    if (!is_identity(maps.gids)) found.gid_mappings = maps.gids;
    if (!config.linux_) return;
    found.cgroups_path = config.linux_->cgroups_path;
    found.masked_paths = filter_paths(config.linux_->masked_paths, observed.mounts, is_masked);
    found.readonly_paths =
        filter_paths(config.linux_->readonly_paths, observed.mounts, is_readonly);
}

}  // namespace

Result<Observed> observe(const Container& container, const Spec& config) {
    const Record& record = container.record;
    TRY(allow(Operation::inspect, container.status, record.id));
    const Fd proc = TRY(open_proc());
    const ProcessFolder process = TRY(open_process(proc.get(), record));
    const IdMaps maps = TRY(read_id_maps(process.dir.get(), "."));
    constexpr size_t longest = 16 << 20;
    Observed observed;
    observed.mounts =
        parse_observed_mounts(read_file(process.dir.get(), "mountinfo", longest).value_or(""));
    observed.namespaces = observe_namespaces(proc.get(), process, record);
    TRY(observe_bare_paths(process, config, observed));
    observed.usage = observe_usage(record.cgroup);
    observed.spec.oci_version = config.oci_version;
    observed.spec.annotations = record.annotations;
    observe_root(config, observed);
    observed.spec.linux_.emplace();
    observe_linux(config, maps, observed);
    observed.spec.linux_->resources = observe_resources(record.cgroup);
    observe_parameters(proc.get(), process, config, observed.spec);
    ObservedProcess found = observe_process(process, maps);
    observed.spec.process = std::move(found.process);
    observed.spec.linux_->personality = found.personality;
    observed.spec.linux_->time_offsets = found.time_offsets;
    observed.seccomp_mode = found.seccomp_mode;
    observed.seccomp_filters = found.seccomp_filters;
    TRY(open_init(record));  // otherwise what was read may be incomplete
    return observed;
}

}  // namespace sampan
