#include "spec/check.h"

#include <algorithm>

#include "base/text.h"
#include "spec/annotations.h"
#include "spec/check_parts.h"
#include "spec/json.h"
#include "spec/version.h"

namespace sampan::spec {

namespace {

constexpr unsigned supported_major = 1;
constexpr unsigned supported_minor = 3;

void check_version(const std::string& text, Findings& findings) {
    const std::optional<Version> version = parse_version(text);
    if (!version) {
        findings.error("/ociVersion", format("\"{}\" is not a version", text),
                       "write it as three numbers, such as \"1.3.0\"");
    } else if (version->major == 0) {
        findings.warn("/ociVersion",
                      format("version {} is a draft, read as {}", text, oci_version_min));
    } else if (version->major != supported_major) {
        findings.error("/ociVersion", format("version {} is not supported", text),
                       format("versions {} to {} are", oci_version_min, oci_version_max));
    } else if (version->minor > supported_minor) {
        findings.warn("/ociVersion",
                      format("version {} is newer than {}: what it adds is not known here", text,
                             oci_version_max));
    }
}

// What is left of a path in the file system below the usual mount point; "" if it is none.
std::string inside_hierarchy(const std::string& path) {
    constexpr std::string_view mount_point = "/sys/fs/cgroup/";
    const size_t end = path.find_last_not_of('/');
    if (!path.starts_with(mount_point) || end < mount_point.size()) return "";
    return path.substr(mount_point.size() - 1, end + 2 - mount_point.size());
}

void check_cgroups_path(const std::string& path, Findings& findings) {
    if (goes_up(path)) {
        findings.error("/linux/cgroupsPath", "the path of a cgroup must not contain \"..\"");
    } else if (const std::string inner = inside_hierarchy(path); !inner.empty()) {
        findings.error("/linux/cgroupsPath",
                       "a cgroup is named by its path below the mount point of cgroups, not by "
                       "one in the file system",
                       format("write \"{}\"", inner));
    } else if (path.find_first_of(std::string_view("\n\0", 2)) != std::string::npos) {
        findings.error("/linux/cgroupsPath", "the path of a cgroup cannot have line ends or NULs");
    }
}

void check_intel_rdt(const IntelRdt& rdt, Findings& findings) {
    if (!rdt.clos_id || *rdt.clos_id == "/") return;
    const std::string& id = *rdt.clos_id;
    if (id == "." || id == ".." || id.find('/') != std::string::npos) {
        findings.error("/linux/intelRdt/closID",
                       format("\"{}\" cannot be the name of a folder in resctrl", id),
                       "give a plain name, or \"/\" for the default class");
    }
}

void check_hook_names(const Hooks& hooks, Findings& findings) {
    using enum HookKind;
    for (const HookKind kind :
         {prestart, create_runtime, create_container, start_container, poststart, poststop}) {
        const std::vector<Hook>& list = hooks_of(hooks, kind);
        for (size_t i = 0; i < list.size(); ++i)
            if (!list[i].args.empty() && list[i].args[0].starts_with('-'))
                findings.warn(format("/hooks/{}/{}/args/0", name_of(kind), i),
                              format("{} takes its first argument for its name", list[i].path),
                              hint_for_name(list[i]));
    }
}

// Without SCHED_FLAG_RESET_ON_FORK such a process may not fork.
void check_hooks(const Config& config, Findings& findings) {
    if (config.hooks.start_container.empty() || !config.process || !config.process->scheduler)
        return;
    const Scheduler& scheduler = *config.process->scheduler;
    const auto& flags = scheduler.flags;
    const bool resets = std::find(flags.begin(), flags.end(),
                                  SchedulerFlag::sched_flag_reset_on_fork) != flags.end();
    if (scheduler.policy == SchedulerPolicy::sched_deadline && !resets) {
        findings.error("/process/scheduler",
                       "a process with SCHED_DEADLINE cannot run startContainer hooks",
                       "add the flag SCHED_FLAG_RESET_ON_FORK, without which it may not fork");
    }
}

void check_linux(const Config& config, Findings& findings) {
    const Linux& part = *config.linux_;
    check_paths(config, findings);
    check_devices(config, findings);
    if (part.resources) check_resources(*part.resources, findings);
    if (part.intel_rdt) check_intel_rdt(*part.intel_rdt, findings);
    if (part.memory_policy) check_memory_policy(*part.memory_policy, findings);
    if (part.seccomp) check_seccomp(*part.seccomp, findings);
    if (part.cgroups_path) check_cgroups_path(*part.cgroups_path, findings);
    if (part.personality && !part.personality->flags.empty()) {
        findings.error("/linux/personality/flags/0", "no flag is defined", "remove the flags");
    }
}

}  // namespace

void check_number_list(const std::optional<std::string>& list,
                       const Numbered& what,
                       const std::string& pointer,
                       Findings& findings) {
    if (!list) return;
    const auto parsed = parse_bit_list(*list, what);
    if (!parsed) findings.error(pointer, parsed.error().what(), parsed.error().hint());
}

bool goes_up(std::string_view path) {
    const std::vector<std::string_view> parts = split(path, '/');
    return std::find(parts.begin(), parts.end(), "..") != parts.end();
}

const Namespace* find_namespace(const Config& config, NamespaceType type) {
    if (!config.linux_) return nullptr;
    const std::vector<Namespace>& all = config.linux_->namespaces;
    const auto found = std::find_if(all.begin(), all.end(),
                                    [type](const Namespace& one) { return one.type == type; });
    return found == all.end() ? nullptr : &*found;
}

Status Findings::first_error(std::string_view place) const {
    if (problems.empty()) return {};
    const Problem& first = problems.front();
    return fail_at(format("{}{}", place, first.pointer), first.what, first.hint);
}

Findings check_spec(const Config& config) {
    Findings findings;
    check_version(config.oci_version, findings);
    if (!config.root) {
        findings.error(
            "", "\"root\" is missing",
            "add \"root\": {\"path\": \"rootfs\"}, the folder with the container's files");
    }
    if (config.process) check_process(*config.process, findings);
    check_hook_names(config.hooks, findings);
    check_hooks(config, findings);
    check_mounts(config, findings);
    check_namespaces(config, findings);
    check_sysctl(config, findings);
    check_annotations(config, findings);
    if (config.linux_) check_linux(config, findings);
    return findings;
}

Findings check_process_alone(const Process& process) {
    Findings findings;
    check_process(process, findings);
    constexpr std::string_view here = "/process";
    for (std::vector<Problem>* list : {&findings.problems, &findings.warnings})
        for (Problem& problem : *list)
            if (problem.pointer.starts_with(here)) problem.pointer.erase(0, here.size());
    return findings;
}

}  // namespace sampan::spec
