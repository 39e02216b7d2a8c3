#include "container/differences.h"

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "linux/capabilities.h"
#include "os/path.h"
#include "spec/tables.h"
#include "spec/unset.h"
#include "spec/writer.h"

namespace sampan {

namespace {

void align_rlimits(const std::vector<spec::Rlimit>& asked, std::vector<spec::Rlimit>& found) {
    std::vector<spec::Rlimit> aligned;
    for (const spec::Rlimit& limit : asked) {
        const auto same = std::ranges::find(found, limit.type, &spec::Rlimit::type);
        aligned.push_back(same == found.end() ? limit : *same);
    }
    found = std::move(aligned);
}

// execve changes the sets by its own rules: that is no difference.
void align_capabilities(const spec::Process& asked, spec::Process& found) {
    if (!asked.capabilities || !found.capabilities) return;
    constexpr CapabilityLimits all{.last = 63};
    const spec::Capabilities names = to_names(after_execve(
        plan_capabilities(asked, all, "").sets, asked.user.uid == 0, asked.no_new_privileges));
    for (auto member : {&spec::Capabilities::effective, &spec::Capabilities::permitted,
                        &spec::Capabilities::ambient})
        if ((*found.capabilities).*member == names.*member)
            (*found.capabilities).*member = (*asked.capabilities).*member;
}

void align_process(const spec::Process& asked, ContainerStatus status, spec::Process& found) {
    found.args = asked.args;
    found.env = asked.env;
    found.cwd = asked.cwd;
    align_rlimits(asked.rlimits, found.rlimits);
    // An absent number is 0, and the kernel has a period where none was asked for.
    if (found.scheduler && asked.scheduler && !asked.scheduler->period)
        found.scheduler->period.reset();
    align_capabilities(asked, found);
    if (status != ContainerStatus::created) return;
    // The stub sets them at the end.
    found.rlimits = asked.rlimits;
    found.no_new_privileges = asked.no_new_privileges;
    found.capabilities = asked.capabilities;
}

void align_linux(const spec::Linux& asked, spec::Linux& found) {
    found.masked_paths = asked.masked_paths;
    found.readonly_paths = asked.readonly_paths;
    found.namespaces.clear();
    found.resources.reset();
    for (auto& [key, value] : found.sysctl)
        if (const auto same = asked.sysctl.find(key);
            same != asked.sysctl.end() && split_words(same->second) == split_words(value))
            value = same->second;
    // A namespace that is joined has the maps of whoever made it.
    if (asked.uid_mappings.empty()) found.uid_mappings.clear();
    if (asked.gid_mappings.empty()) found.gid_mappings.clear();
}

template <class T>
std::string as_json(const T& value) {
    return write_json(value, JsonStyle::compact);
}

// The program, or somebody else, has moved the process to another namespace.
void compare_namespaces(const Spec& config,
                        const Observed& observed,
                        std::vector<Difference>& differences) {
    for (size_t i = 0; i < config.linux_->namespaces.size(); ++i) {
        const spec::Namespace& asked = config.linux_->namespaces[i];
        const auto found =
            std::ranges::find(observed.namespaces, asked.type, &ObservedNamespace::type);
        if (found == observed.namespaces.end() || found->recorded) continue;
        differences.push_back(
            {format("/linux/namespaces/{}", i), as_json(asked),
             json_string(format("another one, {}:[{}]", spec::name_of(asked.type), found->inode))});
    }
}

// Paths that do not exist are neither masked nor made read-only.
void compare_paths(const spec::Linux& asked,
                   const Observed& observed,
                   std::vector<Difference>& differences) {
    const auto is_bare = [&](const std::string& path) {
        return observed.bare.contains(clean_path(path));
    };
    const auto note = [&](std::string_view list, size_t index, const std::string& path,
                          std::string_view found) {
        differences.push_back(
            {format("/linux/{}/{}", list, index), json_string(path), json_string(found)});
    };
    for (size_t i = 0; i < asked.masked_paths.size(); ++i)
        if (is_bare(asked.masked_paths[i]))
            note("maskedPaths", i, asked.masked_paths[i], "not masked");
    for (size_t i = 0; i < asked.readonly_paths.size(); ++i) {
        const std::string& path = asked.readonly_paths[i];
        const ObservedMount* mount = find_observed(observed.mounts, path);
        if (is_bare(path) || (mount != nullptr && !mount->has("ro")))
            note("readonlyPaths", i, path, "not read-only");
    }
}

void compare_seccomp(const Observed& observed, std::vector<Difference>& differences) {
    constexpr uint32_t filter_mode = 2;
    if (!observed.seccomp_mode || *observed.seccomp_mode == filter_mode) return;
    differences.push_back({"/linux/seccomp", json_string("a filter"), json_string("no filter")});
}

}  // namespace

Spec align(const Spec& config, const Observed& observed, ContainerStatus status) {
    Spec aligned = observed.spec;
    aligned.mounts.clear();
    aligned.annotations.clear();
    if (config.process && aligned.process) align_process(*config.process, status, *aligned.process);
    if (config.linux_ && aligned.linux_) align_linux(*config.linux_, *aligned.linux_);
    return aligned;
}

std::vector<Difference> find_differences(const Spec& config,
                                         const Observed& observed,
                                         const Container& container) {
    std::vector<Difference> differences =
        compare_leaves(leaves(config), leaves(align(config, observed, container.status)));
    std::ranges::move(compare_mounts(config.mounts, observed.mounts, observed.bare),
                      std::back_inserter(differences));
    if (!config.linux_) return differences;
    if (config.linux_->resources)
        std::ranges::move(
            compare_resources(spec::without_unset(*config.linux_->resources,
                                                  spec::zero_pids_in(config.oci_version)),
                              container.record.cgroup),
            std::back_inserter(differences));
    compare_namespaces(config, observed, differences);
    compare_paths(*config.linux_, observed, differences);
    const bool runs = container.status != ContainerStatus::created;
    if (config.linux_->seccomp && runs) compare_seccomp(observed, differences);
    return differences;
}

}  // namespace sampan
