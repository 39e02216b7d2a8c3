#include "host/cgroup_layout.h"

#include <string>

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("cgroup layout: nothing mounted is none") {
    const CgroupLayout layout =
        parse_cgroup_layout("22 1 8:1 / / rw,relatime - ext4 /dev/sda1 rw\n", "0::/\n");
    CHECK(layout.mode == CgroupMode::none);
    CHECK(layout.hierarchies.empty());
    CHECK_FALSE(layout.unified);
    CHECK(parse_cgroup_layout("", "") == CgroupLayout{});
}

TEST_CASE("cgroup layout: v2 has one mount and our own path in it") {
    const CgroupLayout layout = parse_cgroup_layout(
        "35 24 0:30 / /sys/fs/cgroup rw,nosuid,nodev,noexec,relatime shared:9 - cgroup2 cgroup2 "
        "rw,seclabel,nsdelegate,memory_recursiveprot\n",
        "0::/user.slice/user-1000.slice/session-2.scope\n");
    CHECK(layout.mode == CgroupMode::v2);
    REQUIRE(layout.unified);
    CHECK(layout.unified->mount_point == "/sys/fs/cgroup");
    CHECK(layout.unified->own_path == "/user.slice/user-1000.slice/session-2.scope");
    CHECK(layout.unified->own_place() == "/user.slice/user-1000.slice/session-2.scope");
    CHECK_FALSE(layout.unified->read_only);
    CHECK(layout.unified->flags == std::vector<std::string>{"nsdelegate", "memory_recursiveprot"});
}

TEST_CASE("cgroup layout: v1 with controllers mounted together and a named hierarchy") {
    const CgroupLayout layout = parse_cgroup_layout(
        "31 23 0:28 / /sys/fs/cgroup ro - tmpfs tmpfs ro,mode=755\n"
        "32 31 0:29 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n"
        "33 31 0:30 / /sys/fs/cgroup/cpu,cpuacct rw shared:14 master:1 - cgroup cgroup "
        "rw,cpu,cpuacct\n"
        "34 31 0:31 / /sys/fs/cgroup/cpuset ro - cgroup cgroup rw,cpuset\n",
        "3:cpuset:/\n2:cpu,cpuacct:/a:b\n1:name=systemd:/init.scope\n");
    CHECK(layout.mode == CgroupMode::v1);
    REQUIRE(layout.hierarchies.size() == 3);
    const CgroupHierarchy* cpu = layout.find("cpu");
    REQUIRE(cpu != nullptr);
    CHECK(cpu == layout.find("cpuacct"));
    CHECK(cpu->mount_point == "/sys/fs/cgroup/cpu,cpuacct");
    CHECK(cpu->own_path == "/a:b");
    REQUIRE(layout.find("name=systemd") != nullptr);
    CHECK(layout.find("name=systemd")->own_path == "/init.scope");
    REQUIRE(layout.find("cpuset") != nullptr);
    CHECK(layout.find("cpuset")->read_only);
    CHECK(layout.find("memory") == nullptr);
}

TEST_CASE("cgroup layout: only named hierarchies beside cgroup2 is v2") {
    const CgroupLayout layout = parse_cgroup_layout(
        "40 31 0:37 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n"
        "41 40 0:38 / /sys/fs/cgroup/systemd rw - cgroup cgroup rw,xattr,name=systemd\n",
        "1:name=systemd:/\n0::/x\n");
    CHECK(layout.mode == CgroupMode::v2);
    CHECK(layout.hierarchies.size() == 1);
}

TEST_CASE("cgroup layout: a cgroup2 mount beside v1 is hybrid") {
    const CgroupLayout layout = parse_cgroup_layout(
        "40 31 0:37 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n"
        "41 31 0:38 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
        "8:pids:/\n0::/x\n");
    CHECK(layout.mode == CgroupMode::hybrid);
    REQUIRE(layout.unified);
    CHECK(layout.unified->mount_point == "/sys/fs/cgroup/unified");
    CHECK(layout.unified->own_path == "/x");
}

TEST_CASE("cgroup layout: a hierarchy that is not mounted is left out") {
    const CgroupLayout layout = parse_cgroup_layout(
        "40 31 0:37 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n", "9:rdma:/\n8:pids:/\n");
    REQUIRE(layout.hierarchies.size() == 1);
    CHECK(layout.hierarchies[0].has("pids"));
}

TEST_CASE("cgroup layout: of several mounts the one that shows the root counts") {
    const std::string bound = "40 31 0:37 /docker/c1 /mnt/c1 rw - cgroup cgroup rw,pids\n";
    const std::string other = "41 31 0:37 /docker/c2 /mnt/c2 rw - cgroup cgroup rw,pids\n";
    const std::string whole = "42 31 0:37 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n";
    const std::string own = "8:pids:/docker/c2\n";
    CHECK(parse_cgroup_layout(bound + whole + other, own).hierarchies.at(0).mount_point ==
          "/sys/fs/cgroup/pids");
    CHECK(parse_cgroup_layout(bound + other, own).hierarchies.at(0).mount_point == "/mnt/c2");
    CHECK(parse_cgroup_layout(bound, own).hierarchies.at(0).mount_point == "/mnt/c1");
}

TEST_CASE("cgroup layout: our own place is told below the mount") {
    CgroupHierarchy hierarchy{.root = "/docker/c1", .own_path = "/docker/c1/sub"};
    CHECK(hierarchy.own_place() == "/sub");
    hierarchy.own_path = "/docker/c1";
    CHECK(hierarchy.own_place() == "");
    hierarchy.own_path = "/docker/c10";
    CHECK_FALSE(hierarchy.own_place());
    // The mount was made outside our cgroup namespace.
    hierarchy = {.root = "/../..", .own_path = "/"};
    CHECK_FALSE(hierarchy.own_place());
    hierarchy = {.root = "/", .own_path = "/"};
    CHECK(hierarchy.own_place() == "");
}

TEST_CASE("cgroup layout: octal escapes of mountinfo are undone") {
    const CgroupLayout layout = parse_cgroup_layout(
        "40 31 0:37 /a\\040b /mnt/with\\040blank\\134 rw - cgroup2 cgroup2 rw\n", "0::/a b/c\n");
    REQUIRE(layout.unified);
    CHECK(layout.unified->mount_point == "/mnt/with blank\\");
    CHECK(layout.unified->root == "/a b");
    CHECK(layout.unified->own_place() == "/c");
}

TEST_CASE("cgroup layout: broken lines are passed over") {
    CHECK(parse_cgroup_layout("40 31 - cgroup2\n - cgroup\n40 31 0:37 / /x rw - cgroup2\n",
                              "junk\n:\n0:\n0::/\n") == CgroupLayout{});
}

TEST_CASE("cgroup layout: what this machine has can be read") {
    const Result<CgroupLayout> layout = read_cgroup_layout();
    REQUIRE(layout);
    for (const CgroupHierarchy& hierarchy : layout->hierarchies)
        CHECK_FALSE(hierarchy.mount_point.empty());
}

TEST_CASE("cgroup layout: what another mount covers is not there, wherever it stands in the list") {
    const std::string unified = "35 24 0:30 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";
    const std::string pids = "50 49 0:37 / /sys/fs/cgroup/pids rw - cgroup cgroup rw,pids\n";
    const std::string elsewhere = "60 24 0:30 / /mnt/c2 rw - cgroup2 cgroup2 rw\n";
    const std::string own = "8:pids:/\n0::/x\n";
    // A tmpfs covers the first one.
    const auto is_seen = [](const std::string& path, uint64_t id) {
        if (path == "/sys/fs/cgroup") return id == 49;
        if (path == "/sys/fs/cgroup/pids") return id == 50;
        return id == 60;
    };
    CHECK(parse_cgroup_layout(unified + pids, own, is_seen).mode == CgroupMode::v1);
    CHECK(parse_cgroup_layout(unified + pids + elsewhere, own, is_seen).unified->mount_point ==
          "/mnt/c2");
    CHECK(parse_cgroup_layout(elsewhere + pids + unified, own, is_seen).unified->mount_point ==
          "/mnt/c2");
    CHECK(parse_cgroup_layout(unified, own, is_seen).mode == CgroupMode::none);
}
