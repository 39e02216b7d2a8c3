#include "container/diagnosis.h"

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "base/text.h"
#include "cgroup/systemd/unit.h"

namespace sampan {

namespace {

// The newest of the calls that nothing can be done without has it; features are probed, not derived
// from this number.
constexpr std::string_view oldest_kernel = "5.9";

std::string reason_of(const Probe& probe) {
    return probe.error ? probe.error->message() : "";
}

std::string hint_of(const Probe& probe) {
    return probe.error ? probe.error->hint() : "";
}

bool is_user(const HostProbes& probes) {
    return !probes.host.is_privileged();
}

std::string lack_of(const CallProbe& call) {
    return format(
        "{} ({})", call.name,
        call.code == ENOSYS ? format("since Linux {}", call.since) : "refused: a seccomp filter?");
}

// docs/kernels.md has all that an older kernel lacks.
Finding find_kernel(const HostProbes& probes) {
    Finding finding{.name = "kernel", .text = "Linux " + probes.release, .essential = true};
    std::vector<std::string> missing, lost;
    for (const CallProbe& call : probes.calls) {
        if (call.code == 0) continue;
        if (call.lost.empty())
            missing.push_back(lack_of(call));
        else
            lost.push_back(format("{}, for {}", lack_of(call), call.lost));
    }
    if (missing.empty()) {
        finding.text += format(" has all system calls that are needed (the oldest that does is {})",
                               oldest_kernel);
        if (lost.empty()) return finding;
        finding.health = Health::degraded;
        finding.text += format("; it lacks {}", join(lost, "; "));
        return finding;
    }
    finding.health = Health::missing;
    finding.text += format(" lacks {}", join(missing, ", "));
    finding.remedy = format(
        "boot Linux {} or newer; inside of another container, let its seccomp profile allow them",
        oldest_kernel);
    return finding;
}

Finding find_namespaces(const HostProbes& probes) {
    Finding finding{.name = "namespaces", .text = "all kinds"};
    if (probes.missing_namespaces.empty()) return finding;
    finding.health = Health::degraded;
    finding.text = format("the kernel has no {} namespaces", join(probes.missing_namespaces, ", "));
    finding.remedy = "boot a kernel with CONFIG_NAMESPACES and all below it";
    return finding;
}

// For a user they are the only way to be allowed anything.
Finding find_user_namespaces(const HostProbes& probes) {
    Finding finding{.name = "user namespaces", .essential = is_user(probes)};
    if (probes.user_namespace.works()) {
        finding.text = "may be made";
        return finding;
    }
    finding.health = finding.essential ? Health::missing : Health::degraded;
    finding.text = reason_of(probes.user_namespace);
    finding.remedy = user_namespace_remedy(probes.limits, probes.user_namespace.error->code());
    return finding;
}

Finding find_mounts(const HostProbes& probes) {
    Finding finding{.name = "mounts", .text = "a container can have its own", .essential = true};
    if (probes.own_mounts.works()) return finding;
    finding.health = Health::missing;
    finding.text = reason_of(probes.own_mounts);
    if (!is_user(probes))
        finding.remedy = "inside of another container, give that CAP_SYS_ADMIN";
    else
        finding.remedy = user_namespace_remedy(probes.limits, probes.own_mounts.error->code());
    return finding;
}

Finding find_proc(const HostProbes& probes) {
    Finding finding{.name = "proc", .text = "can be mounted for a new pid namespace"};
    if (probes.new_proc.works()) return finding;
    finding.health = Health::degraded;
    finding.text = reason_of(probes.new_proc);
    const bool refused = probes.new_proc.error->code() == EPERM;
    if (refused && probes.user_namespace.works())
        finding.remedy =
            "parts of this /proc are covered, as in a container: start that with its masks off "
            "(docker: --security-opt systempaths=unconfined; podman: --security-opt unmask=ALL), "
            "or bind /proc instead of mounting it";
    return finding;
}

Finding find_overlay(const HostProbes& probes) {
    Finding finding{.name = "overlay",
                    .text = is_user(probes) ? "works in a user namespace" : "works"};
    if (probes.overlay.works()) return finding;
    finding.health = Health::degraded;
    finding.text = reason_of(probes.overlay);
    if (probes.overlay.error->code() == ENODEV) finding.remedy = "modprobe overlay";
    return finding;
}

Finding find_idmapped(const HostProbes& probes) {
    Finding finding{.name = "ID-mapped mounts", .text = "of the root file system work"};
    if (is_user(probes)) {
        finding.health = Health::degraded;
        finding.text = "only root can make them of the host's file systems";
    } else if (!probes.idmapped.works()) {
        finding.health = Health::degraded;
        finding.text = reason_of(probes.idmapped);
        if (probes.idmapped.error->code() == ENOSYS)
            finding.remedy = "boot Linux 5.12 or newer";
        else if (probes.user_namespace.works())
            finding.remedy =
                "keep root file systems on one that supports them, such as ext4, xfs, "
                "btrfs";
    }
    return finding;
}

Finding find_seccomp(const HostProbes& probes) {
    Finding finding{.name = "seccomp", .text = "filters, and notifications to an agent"};
    if (probes.seccomp_code != 0) {
        finding.health = Health::missing;
        finding.text = "the kernel takes no filters";
        finding.remedy = "boot a kernel with CONFIG_SECCOMP_FILTER";
    } else if (probes.notify_code != 0) {
        finding.health = Health::degraded;
        finding.text = "filters, but no notifications to an agent";
    }
    return finding;
}

std::string_view mode_text(CgroupMode mode) {
    switch (mode) {
        case CgroupMode::v1:
            return "cgroup v1";
        case CgroupMode::hybrid:
            return "cgroup v1, and v2 beside it";
        case CgroupMode::v2:
            return "cgroup v2";
        case CgroupMode::none:
            break;
    }
    return "no cgroups are mounted";
}

Finding find_cgroups(const HostProbes& probes) {
    const CgroupLayout& layout = probes.host.cgroups;
    Finding finding{.name = "cgroups", .text = std::string(mode_text(layout.mode))};
    if (layout.mode == CgroupMode::none) {
        finding.health = Health::degraded;
        finding.text += ": nothing can be limited, and processes are not found by their cgroup";
        finding.remedy = "mount -t cgroup2 cgroup2 /sys/fs/cgroup";
    } else if (layout.mode == CgroupMode::v2 && !probes.cgroups.has_kill) {
        finding.health = Health::degraded;
        finding.text += " without cgroup.kill (since Linux 5.14)";
    } else if (probes.cgroups.clone_code != 0) {
        finding.health = Health::degraded;
        finding.text += ", into which clone3 cannot start a process (since Linux 5.7)";
    }
    return finding;
}

// The command that gives a user what systemd keeps for root.
std::string delegate_all(const HostProbes& probes) {
    if (!probes.runs_systemd) return "";
    return "as root: mkdir -p /etc/systemd/system/user@.service.d; printf "
           "'[Service]\\nDelegate=cpu cpuset io memory pids\\n' > "
           "/etc/systemd/system/user@.service.d/delegate.conf; systemctl daemon-reload";
}

Finding find_controllers(const HostProbes& probes) {
    Finding finding{.name = "controllers", .text = join(probes.cgroups.controllers, " ")};
    const auto has = [&](std::string_view name) {
        return std::ranges::find(probes.cgroups.controllers, name) !=
               probes.cgroups.controllers.end();
    };
    std::vector<std::string> missing;
    for (const char* name : {"cpu", "memory", "pids"})
        if (!has(name)) missing.emplace_back(name);
    if (missing.empty()) return finding;
    finding.health = Health::degraded;
    finding.text = format("{} cannot be limited", join(missing, ", "));
    if (is_user(probes))
        finding.remedy = delegate_all(probes);
    else if (probes.host.cgroups.unified && !probes.cgroups.directory.empty())
        finding.remedy = format("echo \"+{}\" > {}/cgroup.subtree_control", join(missing, " +"),
                                probes.host.cgroups.unified->mount_point);
    return finding;
}

Finding find_delegation(const HostProbes& probes) {
    Finding finding{.name = is_user(probes) ? "delegation" : "cgroup of a container",
                    .text = format("can be made in {}", probes.cgroups.directory)};
    if (probes.cgroups.place.works()) return finding;
    finding.health = Health::degraded;
    finding.text = reason_of(probes.cgroups.place) + ": containers run without limits";
    finding.remedy = hint_of(probes.cgroups.place);
    if (!finding.remedy.empty()) return finding;
    if (!is_user(probes))
        finding.remedy = "mount cgroups writable";
    else if (probes.host.cgroups.mode == CgroupMode::v2)
        finding.remedy = "systemd-run --user --scope -p Delegate=yes bash";
    else
        finding.remedy =
            "boot with systemd.unified_cgroup_hierarchy=1: cgroup v1 cannot be "
            "delegated safely";
    return finding;
}

Finding find_systemd(const HostProbes& probes) {
    const bool is_needed = probes.manager == CgroupManager::systemd;
    Finding finding{
        .name = "systemd", .text = "can make cgroups (--systemd-cgroup)", .essential = is_needed};
    const bool is_seen = tree_of_systemd(probes.host.cgroups) != nullptr;
    if (probes.runs_systemd && probes.has_systemd_helper && is_seen) {
        if (!is_user(probes) || probes.has_user_bus) return finding;
        finding.text = "your systemd has no bus in $XDG_RUNTIME_DIR";
        finding.remedy = "apt install dbus-user-session, and log in anew";
    } else if (!probes.runs_systemd) {
        finding.text = "does not run here: only cgroupfs can be the cgroup manager";
    } else if (!probes.has_systemd_helper) {
        finding.text = "sampan-systemd is not installed";
        finding.remedy = "build with libsystemd (-Dsystemd=enabled)";
    } else {
        finding.text = "has its cgroups in the hierarchy name=systemd, which is not mounted here";
        finding.remedy = "mount /sys/fs/cgroup of the host";
    }
    finding.health = is_needed ? Health::missing : Health::degraded;
    return finding;
}

Finding find_subordinate_ids(const HostProbes& probes) {
    const SubordinateIds& ids = probes.subordinate_ids;
    Finding finding{.name = "subordinate ids",
                    .text = format("{} user ids and {} group ids are lent to {}", ids.uids,
                                   ids.gids, ids.user)};
    if (ids.uids == 0 || ids.gids == 0) {
        finding.health = Health::degraded;
        finding.text = format("none are lent to {}: a container has your own id only", ids.user);
        finding.remedy =
            format("as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 {}",
                   ids.user);
    } else if (!ids.has_helpers) {
        finding.health = Health::degraded;
        finding.text += ", but newuidmap and newgidmap, which map them, are not installed";
        finding.remedy = "apt install uidmap";
    }
    return finding;
}

Finding find_runtime_dir(const HostProbes& probes) {
    Finding finding{.name = "XDG_RUNTIME_DIR", .text = probes.runtime_dir};
    if (probes.has_runtime_dir) return finding;
    finding.health = Health::degraded;
    finding.text =
        probes.runtime_dir.empty() ? "is not set" : probes.runtime_dir + " does not exist";
    finding.remedy = format(
        "export XDG_RUNTIME_DIR=/run/user/{}, as a login does (loginctl "
        "enable-linger), or give --root",
        probes.host.euid);
    return finding;
}

Finding find_security_modules(const HostProbes& probes) {
    std::string text(trim(probes.security_modules));
    if (text.empty()) text = "not told by /sys/kernel/security/lsm";
    if (probes.host.apparmor) text += "; AppArmor profiles can be used";
    if (probes.host.selinux) text += "; SELinux labels can be used";
    return {.name = "security modules", .text = text};
}

// What is looked at depends on the cgroup manager.
std::vector<Finding> find_all_of_cgroups(const HostProbes& probes) {
    if (probes.manager == CgroupManager::disabled)
        return {{.name = "cgroups", .text = "not used (--cgroup-manager disabled)"}};
    std::vector<Finding> findings{find_cgroups(probes)};
    // systemd makes the cgroup where it may, and not we.
    if (probes.host.cgroups.mode == CgroupMode::none || probes.manager == CgroupManager::systemd)
        return findings;
    findings.push_back(find_delegation(probes));
    if (probes.cgroups.place.works()) findings.push_back(find_controllers(probes));
    return findings;
}

}  // namespace

std::string_view name_of(Health health) {
    switch (health) {
        case Health::ok:
            return "ok";
        case Health::degraded:
            return "degraded";
        case Health::missing:
            break;
    }
    return "missing";
}

std::vector<Finding> diagnose(const HostProbes& probes) {
    std::vector<Finding> findings{find_kernel(probes), find_namespaces(probes),
                                  find_user_namespaces(probes), find_mounts(probes)};
    if (is_user(probes)) {
        findings.push_back(find_subordinate_ids(probes));
        findings.push_back(find_runtime_dir(probes));
    }
    std::ranges::move(find_all_of_cgroups(probes), std::back_inserter(findings));
    findings.push_back(find_systemd(probes));
    findings.push_back(find_proc(probes));
    findings.push_back(find_overlay(probes));
    findings.push_back(find_idmapped(probes));
    findings.push_back(find_seccomp(probes));
    findings.push_back(find_security_modules(probes));
    return findings;
}

bool can_run_containers(const std::vector<Finding>& findings) {
    return std::ranges::none_of(findings, [](const Finding& finding) {
        return finding.essential && finding.health == Health::missing;
    });
}

}  // namespace sampan
