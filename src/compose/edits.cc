#include "compose/edits.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "linux/capabilities.h"
#include "linux/id_map.h"
#include "mounts/mount_options.h"
#include "os/file.h"
#include "os/path.h"
#include "spec/check.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

using spec::NamespaceType;

spec::Linux& linux_of(Spec& spec) {
    if (!spec.linux_) spec.linux_.emplace();
    return *spec.linux_;
}

spec::Capabilities& capabilities_of(Spec& spec) {
    if (!spec.process->capabilities) spec.process->capabilities.emplace();
    return *spec.process->capabilities;
}

std::array<std::vector<std::string>*, 3> granted(spec::Capabilities& sets) {
    return {&sets.bounding, &sets.effective, &sets.permitted};
}

constexpr int64_t cpu_period = 100'000;  // microseconds

// "1.5": 150000 of each period. The kernel takes no quota below a millisecond.
std::optional<int64_t> quota_for(std::string_view cpus) {
    const size_t point = std::min(cpus.find('.'), cpus.size());
    const std::string_view whole = cpus.substr(0, point);
    std::string fraction(cpus.substr(std::min(point + 1, cpus.size())));
    constexpr size_t digits = 5;  // of the period
    if (fraction.size() > digits || (whole.empty() && fraction.empty())) return std::nullopt;
    fraction.resize(digits, '0');
    const std::optional<uint16_t> count =
        whole.empty() ? std::optional<uint16_t>(0) : parse_number<uint16_t>(whole);
    const auto parts = parse_number<uint32_t>(fraction);
    if (!count || !parts) return std::nullopt;
    const int64_t quota = *count * cpu_period + *parts;
    return quota < 1000 ? std::nullopt : std::optional(quota);
}

// Somebody who mistypes "ro" must not get a writable volume.
Status check_volume_options(const std::vector<std::string>& options) {
    const std::vector<std::string> known = known_mount_options();
    const std::vector<std::string_view> names(known.begin(), known.end());
    for (const std::string& option : options)
        if (!is_for_engine(option) && !parse_mount_options({option}).data.empty())
            return failf(ErrorKind::usage, "a bind mount has no option \"{}\"", option)
                .hint(did_you_mean(option, names));
    return {};
}

spec::Mount bind_of(std::string source, std::string destination, std::vector<std::string> options) {
    return {.destination = std::move(destination),
            .type = "none",
            .source = std::move(source),
            .options = std::move(options)};
}

}  // namespace

bool is_all(std::string_view name) {
    return name == "ALL" || name == "all";
}

Result<std::string> full_capability_name(std::string_view name) {
    std::string full;
    for (const char c : name)
        full += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    if (!full.starts_with("CAP_")) full = "CAP_" + full;
    if (capability_number(full)) return full;
    const std::vector<std::string> names = capability_names();
    const std::vector<std::string_view> known(names.begin(), names.end());
    return failf(ErrorKind::usage, "there is no capability \"{}\"", name)
        .hint(did_you_mean(full, known));
}

const std::vector<std::string>& default_capabilities() {
    static const std::vector<std::string> names = {
        "CAP_AUDIT_WRITE", "CAP_CHOWN",   "CAP_DAC_OVERRIDE",     "CAP_FOWNER",    "CAP_FSETID",
        "CAP_KILL",        "CAP_MKNOD",   "CAP_NET_BIND_SERVICE", "CAP_NET_RAW",   "CAP_SETFCAP",
        "CAP_SETGID",      "CAP_SETPCAP", "CAP_SETUID",           "CAP_SYS_CHROOT"};
    return names;
}

void set_capabilities(Spec& spec, const std::vector<std::string>& names) {
    spec.process->capabilities = spec::Capabilities{.bounding = names,
                                                    .effective = names,
                                                    .inheritable = {},
                                                    .permitted = names,
                                                    .ambient = {}};
}

Status add_capability(Spec& spec, std::string_view name, unsigned last) {
    if (is_all(name)) {
        std::vector<std::string> names;
        for (unsigned number = 0; number <= last; ++number)
            names.push_back(capability_name(number));
        set_capabilities(spec, names);
        return {};
    }
    const std::string full = TRY(full_capability_name(name));
    for (std::vector<std::string>* set : granted(capabilities_of(spec)))
        if (std::ranges::find(*set, full) == set->end()) set->push_back(full);
    return {};
}

Status drop_capability(Spec& spec, std::string_view name) {
    spec::Capabilities& sets = capabilities_of(spec);
    if (is_all(name)) {
        sets = {};
        return {};
    }
    const std::string full = TRY(full_capability_name(name));
    for (std::vector<std::string>* set :
         {&sets.bounding, &sets.effective, &sets.permitted, &sets.inheritable, &sets.ambient})
        std::erase(*set, full);
    return {};
}

void set_privileged(Spec& spec, unsigned last) {
    (void)add_capability(spec, "ALL", last);
    spec::Linux& part = linux_of(spec);
    part.seccomp.reset();
    part.masked_paths.clear();
    part.readonly_paths.clear();
    if (part.resources)
        part.resources->devices = {
            {.allow = true, .type = {}, .major = {}, .minor = {}, .access = "rwm"}};
    for (spec::Mount& mount : spec.mounts)
        if (mount.destination == "/sys" || mount.destination == "/sys/fs/cgroup")
            std::erase(mount.options, "ro");
}

void set_variable(spec::Process& process, std::string_view assignment) {
    const std::string_view name = assignment.substr(0, assignment.find('=') + 1);
    std::erase_if(process.env, [name](const std::string& one) { return one.starts_with(name); });
    process.env.emplace_back(assignment);
}

void add_user_namespace(Spec& spec,
                        const std::vector<spec::IdMapping>& uids,
                        const std::vector<spec::IdMapping>& gids) {
    spec::Linux& part = linux_of(spec);
    if (!has_user_namespace(spec))
        part.namespaces.push_back({.type = NamespaceType::user, .path = {}});
    part.uid_mappings = uids;
    part.gid_mappings = gids;
    constexpr uint32_t group_of_terminals = 5;
    for (spec::Mount& mount : spec.mounts)
        if (mount.type == "devpts" && !host_id(gids, group_of_terminals))
            std::erase(mount.options, "gid=5");
}

bool has_user_namespace(const Spec& spec) {
    return spec::find_namespace(spec, NamespaceType::user) != nullptr;
}

void share_network(Spec& spec) {
    std::erase_if(linux_of(spec).namespaces,
                  [](const spec::Namespace& one) { return one.type == NamespaceType::network; });
}

Status add_volume(Spec& spec, std::string_view volume, const std::string& folder) {
    const std::vector<std::string_view> parts = split(volume, ':');
    if (parts.size() < 2 || parts.size() > 3 || parts[0].empty())
        return failf(ErrorKind::usage,
                     "takes SOURCE:DESTINATION[:OPTIONS], such as /srv/data:/data:ro, not \"{}\"",
                     volume)
            .hint(
                "neither path may have a colon in it: a bundle's config.json can have such paths");
    const std::string destination = clean_path(parts[1]);
    if (!parts[1].starts_with('/') || destination == "/")
        return failf(ErrorKind::usage,
                     "the destination is an absolute path below the container's root, not \"{}\"",
                     parts[1]);
    std::string source(parts[0]);
    if (!source.starts_with('/')) source = folder + "/" + source;
    std::vector<std::string> options = {"rbind"};
    if (parts.size() == 3)
        for (const std::string_view option : split(parts[2], ','))
            if (!option.empty()) options.emplace_back(option);
    TRY(check_volume_options(options));
    // What somebody asks for must not be cut off before.
    if (parse_mount_options(options).changes.propagation.empty())
        options.insert(options.begin() + 1, "rprivate");
    spec.mounts.push_back(bind_of(std::move(source), destination, std::move(options)));
    return {};
}

Status add_host_usr(Spec& spec) {
    spec.mounts.push_back(bind_of("/usr", "/usr", {"rbind", "rro", "rprivate", "nodev"}));
    // Links to /usr, or folders of their own on an older system.
    for (const char* path : {"/bin", "/sbin", "/lib", "/lib32", "/lib64"})
        if (TRY(stat_at(cwd, path)))
            spec.mounts.push_back(
                bind_of(path, path, {"rbind", "rro", "rprivate", "copy-symlink"}));
    return {};
}

Status set_cpus(Spec& spec, std::string_view cpus) {
    const std::optional<int64_t> quota = quota_for(cpus);
    if (!quota)
        return failf(ErrorKind::usage,
                     "takes a number of CPUs from 0.01 on, such as 1.5, not \"{}\"", cpus);
    std::optional<spec::Resources>& resources = linux_of(spec).resources;
    if (!resources) resources.emplace();
    if (!resources->cpu) resources->cpu.emplace();
    resources->cpu->period = cpu_period;
    resources->cpu->quota = quota;
    return {};
}

}  // namespace sampan
