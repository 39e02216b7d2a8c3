#include "container/diagnosis.h"

#include <cerrno>

#include <doctest/doctest.h>

using namespace sampan;

namespace {

HostProbes root_probes() {
    HostProbes probes;
    probes.host.capabilities = ~uint64_t{0};
    probes.host.cgroups.mode = CgroupMode::v2;
    probes.host.cgroups.unified = CgroupHierarchy{.mount_point = "/sys/fs/cgroup"};
    probes.calls = {{"clone3", "5.3", 0, ""}, {"mount_setattr", "5.12", 0, "ID-mapped mounts"}};
    probes.cgroups = {.controllers = {"cpu", "memory", "pids"},
                      .place = {},
                      .directory = "/sys/fs/cgroup",
                      .has_kill = true};
    probes.runs_systemd = probes.has_systemd_helper = true;
    return probes;
}

HostProbes user_probes() {
    HostProbes probes = root_probes();
    probes.host.euid = 1000;
    probes.host.capabilities = 0;
    probes.subordinate_ids = {.user = "ann", .uids = 65536, .gids = 65536, .has_helpers = true};
    probes.runtime_dir = "/run/user/1000";
    probes.has_runtime_dir = probes.has_user_bus = true;
    return probes;
}

Finding find(const HostProbes& probes, std::string_view name) {
    for (Finding& finding : diagnose(probes))
        if (finding.name == name) return finding;
    FAIL("no finding ", std::string(name));
    return {};
}

Probe refused(int code) {
    return {Error("unshare", code)};
}

}  // namespace

TEST_CASE("doctor: where all works, all is ok for root") {
    for (const Finding& finding : diagnose(root_probes())) {
        CHECK_MESSAGE(finding.health == Health::ok, finding.name);
        CHECK_MESSAGE(finding.remedy.empty(), finding.name);
    }
    CHECK(can_run_containers(diagnose(root_probes())));
}

TEST_CASE("doctor: a call that the kernel lacks is named, and nothing can be run") {
    HostProbes probes = root_probes();
    probes.calls[0].code = ENOSYS;
    const Finding kernel = find(probes, "kernel");
    CHECK(kernel.health == Health::missing);
    CHECK(kernel.text.find("clone3 (since Linux 5.3)") != std::string::npos);
    CHECK_FALSE(can_run_containers(diagnose(probes)));
}

TEST_CASE("doctor: what an older kernel cannot do is told, and containers can be run") {
    HostProbes probes = root_probes();
    probes.calls[1].code = ENOSYS;
    const Finding kernel = find(probes, "kernel");
    CHECK(kernel.health == Health::degraded);
    CHECK(kernel.text.ends_with("it lacks mount_setattr (since Linux 5.12), for ID-mapped mounts"));
    CHECK(can_run_containers(diagnose(probes)));
}

TEST_CASE("doctor: without user namespaces a user can run nothing, and root nearly everything") {
    HostProbes probes = user_probes();
    probes.user_namespace = refused(EPERM);
    probes.limits.unprivileged_clone = 0;
    CHECK(find(probes, "user namespaces").health == Health::missing);
    CHECK(find(probes, "user namespaces").remedy == "sysctl -w kernel.unprivileged_userns_clone=1");
    CHECK_FALSE(can_run_containers(diagnose(probes)));
    probes = root_probes();
    probes.user_namespace = refused(ENOSPC);
    CHECK(find(probes, "user namespaces").health == Health::degraded);
    CHECK(can_run_containers(diagnose(probes)));
}

TEST_CASE("doctor: ids that are not lent, or cannot be mapped") {
    HostProbes probes = user_probes();
    CHECK(find(probes, "subordinate ids").health == Health::ok);
    probes.subordinate_ids.has_helpers = false;
    CHECK(find(probes, "subordinate ids").remedy == "apt install uidmap");
    probes.subordinate_ids.gids = 0;
    CHECK(find(probes, "subordinate ids").remedy.ends_with(" ann"));
    CHECK(can_run_containers(diagnose(probes)));
}

TEST_CASE("doctor: controllers that are missing, for root and for a user") {
    HostProbes probes = root_probes();
    probes.cgroups.controllers = {"cpu"};
    CHECK(find(probes, "controllers").remedy ==
          "echo \"+memory +pids\" > /sys/fs/cgroup/cgroup.subtree_control");
    probes = user_probes();
    probes.cgroups.controllers = {};
    CHECK(find(probes, "controllers").text == "cpu, memory, pids cannot be limited");
    CHECK(find(probes, "controllers").remedy.find("Delegate=") != std::string::npos);
}

TEST_CASE("doctor: the cgroup manager that is asked for decides") {
    HostProbes probes = root_probes();
    probes.manager = CgroupManager::systemd;
    CHECK(find(probes, "systemd").health == Health::ok);
    probes.runs_systemd = false;
    probes.cgroups.place.error = Error("the plan fails");
    CHECK(find(probes, "systemd").health == Health::missing);
    CHECK_FALSE(can_run_containers(diagnose(probes)));
    probes.manager = CgroupManager::cgroupfs;
    CHECK(find(probes, "systemd").health == Health::degraded);
    CHECK(can_run_containers(diagnose(probes)));
    probes.manager = CgroupManager::disabled;
    probes.cgroups = {};
    CHECK(find(probes, "cgroups").health == Health::ok);
    CHECK(find(probes, "cgroups").text == "not used (--cgroup-manager disabled)");
}

TEST_CASE("doctor: a cgroup that may not be made is no obstacle") {
    HostProbes probes = user_probes();
    probes.cgroups.place = refused(EACCES);
    CHECK(find(probes, "delegation").health == Health::degraded);
    CHECK(find(probes, "delegation").remedy == "systemd-run --user --scope -p Delegate=yes bash");
    CHECK(can_run_containers(diagnose(probes)));
}

TEST_CASE("doctor: a covered proc, and an overlay that the kernel does not know") {
    HostProbes probes = user_probes();
    probes.new_proc = refused(EPERM);
    probes.overlay = refused(ENODEV);
    CHECK(find(probes, "proc").remedy.find("unmask=ALL") != std::string::npos);
    CHECK(find(probes, "overlay").remedy == "modprobe overlay");
}
