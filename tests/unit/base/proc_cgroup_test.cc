#include "base/proc_cgroup.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("proc cgroup: a line for each hierarchy, paths with colons") {
    const std::string_view text = "10:cpu,cpuacct:/a:b\n2:name=systemd:/\n0::/user.slice/x:y\n";
    const std::vector<ProcCgroup> all = parse_proc_cgroup(text);
    REQUIRE(all.size() == 3);
    CHECK(all[0].controllers == "cpu,cpuacct");
    CHECK(all[0].path == "/a:b");
    CHECK(all[1].controllers == "name=systemd");
    CHECK(all[2].controllers.empty());
    CHECK(unified_path(text) == "/user.slice/x:y");
}

TEST_CASE("proc cgroup: cgroup v2 is not looked for in another line") {
    CHECK_FALSE(unified_path("4:cpu:/0::/x\n"));
    CHECK_FALSE(unified_path(""));
    CHECK(parse_proc_cgroup("nonsense\n1:half\n").empty());
}
