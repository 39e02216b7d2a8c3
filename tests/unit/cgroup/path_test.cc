#include "cgroup/path.h"

#include <string>

#include <doctest/doctest.h>

#include "hosts.h"

using namespace sampan;

namespace {

std::string place(const std::string& cgroups_path, const Host& host) {
    const Result<CgroupPath> path = parse_cgroup_path(cgroups_path, "web");
    REQUIRE(path);
    return place_in(*host.cgroups.unified, *path, host);
}

}  // namespace

TEST_CASE("cgroup path: absolute is from the mount point") {
    CHECK(place("/a/b", test::root_on_v2()) == "/a/b");
    CHECK(place("/a/b", test::user_on_v2()) == "/a/b");
    CHECK(place("//a/./b/", test::root_on_v2()) == "/a/b");
    CHECK(place("/with:two:colons", test::root_on_v2()) == "/with:two:colons");
}

TEST_CASE("cgroup path: empty is made from the ID") {
    const Host host = test::root_on_v2();
    const Result<CgroupPath> path = parse_cgroup_path(std::nullopt, "web");
    REQUIRE(path);
    CHECK(place_in(*host.cgroups.unified, *path, host) == "/web");
    CHECK(parse_cgroup_path("", "web").value() == *path);
}

TEST_CASE("cgroup path: empty is below the unit that systemd has delegated to us") {
    Host host = test::root_on_hybrid();
    host.cgroups.delegated = "/system.slice/web.service";
    const CgroupPath path = parse_cgroup_path("", "web").value();
    // In every hierarchy, although systemd has put us into this cgroup only in some.
    CHECK(place_in(*host.cgroups.unified, path, host) == "/system.slice/web.service/web");
    CHECK(place_in(host.cgroups.hierarchies.at(1), path, host) == "/system.slice/web.service/web");
    CHECK(place_in(host.cgroups.hierarchies.at(1), parse_cgroup_path("web", "web").value(), host) ==
          "/web");
    // A part of the tree.
    host.cgroups.unified->root = "/docker/5f";
    CHECK(place_in(*host.cgroups.unified, path, host) == "/web");

    host = test::user_on_v2();
    host.cgroups.delegated = host.cgroups.unified->own_path;
    CHECK(place_in(*host.cgroups.unified, path, host) == host.cgroups.unified->own_path + "/web");
}

TEST_CASE("cgroup path: relative is below a parent that does not depend on the caller's cgroup") {
    Host host = test::root_on_v2();
    CHECK(place("pods/web", host) == "/pods/web");
    host.cgroups.unified->own_path = "/system.slice/containerd.service";
    CHECK(place("pods/web", host) == "/pods/web");

    host = test::user_on_v2();
    const std::string delegated = "/user.slice/user-1000.slice/user@1000.service";
    CHECK(place("pods/web", host) == delegated + "/pods/web");
    host.cgroups.unified->own_path = delegated;
    CHECK(place("pods/web", host) == delegated + "/pods/web");
}

TEST_CASE("cgroup path: without privilege and delegation it is beside our own cgroup") {
    Host host = test::user_on_v2();
    host.cgroups.unified->own_path = "/jobs/7/run";
    CHECK(place("web", host) == "/jobs/7/web");
    host.cgroups.unified->own_path = "/";
    CHECK(place("web", host) == "/web");
}

TEST_CASE("cgroup path: what is nothing is refused") {
    for (const char* path : {"/", "//", "."}) {
        CAPTURE(path);
        const Result<CgroupPath> parsed = parse_cgroup_path(path, "web");
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().pointer() == "/linux/cgroupsPath");
    }
    CHECK(parse_cgroup_path("/a..b/...", "web"));
}

TEST_CASE("cgroup path: systemd's form is recognised and refused") {
    for (const char* path : {"system.slice:sampan:web", ":sampan:web", "a:b:c"}) {
        const Result<CgroupPath> parsed = parse_cgroup_path(path, "web");
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().message().find("systemd") != std::string::npos);
    }
    CHECK(parse_cgroup_path("a:b", "web"));
}
