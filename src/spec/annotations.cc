#include "spec/annotations.h"

#include <algorithm>
#include <vector>

#include "base/text.h"
#include "spec/suggest.h"

namespace sampan::spec {

namespace {

constexpr std::string_view all_annotations[] = {
    criu_config,          systemd_property,     delegated_cgroup, forced_cgroup_v1,
    systemd_subgroup,     fail_unknown_syscall, hooks_stderr,     hooks_stdout,
    keep_original_groups, mount_context_type,   pidfd_receiver,   seccomp_receiver,
};

constexpr std::string_view context_types[] = {"context", "fscontext", "defcontext", "rootcontext"};

// A relative path would be that of whoever calls start or delete.
void check_annotated_path(const Config& config, std::string_view name, Findings& findings) {
    const std::optional<std::string> path = find_annotation(config, name);
    if (path && !path->starts_with('/'))
        findings.error(place_of_annotation(name), format("\"{}\" is not an absolute path", *path));
}

}  // namespace

std::span<const std::string_view> known_annotations() {
    return all_annotations;
}

std::optional<std::string> find_annotation(const Annotations& annotations, std::string_view name) {
    const auto found = annotations.find(std::string(name));
    if (found == annotations.end() || found->second.empty()) return std::nullopt;
    return found->second;
}

std::optional<std::string> find_annotation(const Config& config, std::string_view name) {
    return find_annotation(config.annotations, name);
}

std::string place_of_annotation(std::string_view name) {
    return format("/annotations/{}", name);
}

bool is_switched_on(const Config& config, std::string_view name) {
    const auto found = config.annotations.find(std::string(name));
    return found != config.annotations.end() && found->second != "0";
}

void adopt_annotations(Config& config) {
    if (!config.linux_ || !config.linux_->seccomp || config.linux_->seccomp->listener_path) return;
    config.linux_->seccomp->listener_path = find_annotation(config, seccomp_receiver);
}

void check_annotations(const Config& config, Findings& findings) {
    if (config.annotations.contains("")) {
        findings.error("/annotations/", "an annotation's key must not be empty",
                       "name it, by custom in reverse domain notation: \"com.example.key\"");
    }
    for (const std::string_view name :
         {pidfd_receiver, hooks_stdout, hooks_stderr, seccomp_receiver})
        check_annotated_path(config, name, findings);
    const std::optional<std::string> type = find_annotation(config, mount_context_type);
    if (!type || std::ranges::find(context_types, *type) != std::end(context_types)) return;
    const std::string guess = did_you_mean(*type, context_types);
    findings.error(place_of_annotation(mount_context_type),
                   format("\"{}\" is no kind of mount context", *type),
                   guess.empty() ? "context, fscontext, defcontext and rootcontext are" : guess);
}

}  // namespace sampan::spec
