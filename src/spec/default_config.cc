#include "spec/default_config.h"

#include <algorithm>

#include "spec/check.h"

namespace sampan {

namespace {

using spec::NamespaceType;

spec::Mount mount(const char* destination,
                  const char* type,
                  const char* source,
                  std::vector<std::string> options) {
    return {.destination = destination,
            .type = type,
            .source = source,
            .options = std::move(options),
            .uid_mappings = {},
            .gid_mappings = {}};
}

std::vector<spec::Mount> default_mounts() {
    return {
        mount("/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}),
        mount("/dev", "tmpfs", "tmpfs", {"nosuid", "strictatime", "mode=755", "size=65536k"}),
        mount("/dev/pts", "devpts", "devpts",
              {"nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"}),
        mount("/dev/shm", "tmpfs", "shm",
              {"nosuid", "noexec", "nodev", "mode=1777", "size=65536k"}),
        mount("/dev/mqueue", "mqueue", "mqueue", {"nosuid", "noexec", "nodev"}),
        mount("/sys", "sysfs", "sysfs", {"nosuid", "noexec", "nodev", "ro"}),
        mount("/sys/fs/cgroup", "cgroup", "cgroup",
              {"nosuid", "noexec", "nodev", "relatime", "ro"}),
    };
}

spec::Process default_process() {
    const std::vector<std::string> capabilities = {"CAP_AUDIT_WRITE", "CAP_KILL",
                                                   "CAP_NET_BIND_SERVICE"};
    spec::Process process;
    process.terminal = true;
    process.args = {"sh"};
    process.env = {"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                   "TERM=xterm"};
    process.cwd = "/";
    // Not inheritable: files could pass them on (CVE-2022-29162).
    process.capabilities = spec::Capabilities{.bounding = capabilities,
                                              .effective = capabilities,
                                              .inheritable = {},
                                              .permitted = capabilities,
                                              .ambient = {}};
    process.rlimits = {{.type = spec::RlimitType::rlimit_nofile, .soft = 1024, .hard = 1024}};
    process.no_new_privileges = true;
    return process;
}

spec::Linux default_linux() {
    spec::Linux part;
    for (const NamespaceType type :
         {NamespaceType::pid, NamespaceType::network, NamespaceType::ipc, NamespaceType::uts,
          NamespaceType::mount, NamespaceType::cgroup}) {
        part.namespaces.push_back({.type = type, .path = {}});
    }
    spec::Resources resources;
    resources.devices = {{.allow = false, .type = {}, .major = {}, .minor = {}, .access = "rwm"}};
    part.resources = std::move(resources);
    part.masked_paths = {"/proc/acpi",
                         "/proc/asound",
                         "/proc/interrupts",
                         "/proc/kcore",
                         "/proc/keys",
                         "/proc/latency_stats",
                         "/proc/sched_debug",
                         "/proc/scsi",
                         "/proc/timer_list",
                         "/proc/timer_stats",
                         "/sys/devices/virtual/powercap",
                         "/sys/firmware"};
    part.readonly_paths = {"/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys",
                           "/proc/sysrq-trigger"};
    return part;
}

}  // namespace

Spec default_config() {
    Spec config;
    config.oci_version = spec::oci_version_max;
    config.root = spec::Root{.path = "rootfs", .readonly = true};
    config.process = default_process();
    config.hostname = "sampan";
    config.mounts = default_mounts();
    config.linux_ = default_linux();
    return config;
}

Spec default_rootless_config(uid_t uid, gid_t gid) {
    Spec config = default_config();
    spec::Linux& part = *config.linux_;
    // The network namespace stays the host's, because nobody would set up a new one. So sysfs,
    // which belongs to it, cannot be mounted anew, and is bound instead.
    std::erase_if(part.namespaces,
                  [](const spec::Namespace& one) { return one.type == NamespaceType::network; });
    part.namespaces.push_back({.type = NamespaceType::user, .path = {}});
    part.uid_mappings = {{.container_id = 0, .host_id = uid, .size = 1}};
    part.gid_mappings = {{.container_id = 0, .host_id = gid, .size = 1}};
    // Limits and device rules need rights over cgroups.
    part.resources.reset();
    for (spec::Mount& entry : config.mounts) {
        if (entry.destination == "/dev/pts") std::erase(entry.options, "gid=5");  // not mapped
        if (entry.destination == "/sys") {
            entry = mount("/sys", "none", "/sys", {"rbind", "nosuid", "noexec", "nodev", "ro"});
        }
    }
    // The bind of /sys covers it.
    std::erase_if(config.mounts,
                  [](const spec::Mount& entry) { return entry.destination == "/sys/fs/cgroup"; });
    return config;
}

}  // namespace sampan
