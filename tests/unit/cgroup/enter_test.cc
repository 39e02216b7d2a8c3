#include "cgroup/enter.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("cgroup of exec: a path, below the container's own whatever it begins with") {
    CHECK(parse_sub_cgroup("sub/deep").value() == SubCgroup{{}, "sub/deep"});
    CHECK(parse_sub_cgroup("/sub//./deep/").value() == SubCgroup{{}, "sub/deep"});
    CHECK(parse_sub_cgroup("/").value() == SubCgroup{{}, ""});
    CHECK(parse_sub_cgroup("/a:b").value() == SubCgroup{{}, "a:b"});
}

TEST_CASE("cgroup of exec: controllers before the path") {
    CHECK(parse_sub_cgroup("cpu,cpuacct:sub").value() == SubCgroup{{"cpu", "cpuacct"}, "sub"});
    CHECK(parse_sub_cgroup("name=systemd:/sub").value() == SubCgroup{{"name=systemd"}, "sub"});
}

TEST_CASE("cgroup of exec: what leads out, or names nothing, is refused") {
    for (const char* text : {"..", "../other", "sub/..", "/..", "/../../etc", "memory:..",
                             "memory:/sub/../..", "", "memory:", ":sub", "cpu,:sub"})
        CHECK_MESSAGE(!parse_sub_cgroup(text).has_value(), text);
}

TEST_CASE("cgroup of exec: a controller that the container has no cgroup of is an error") {
    CgroupRecord record;
    record.places = {{.controllers = {"cpu"}, .unified = true, .mount_point = "/x", .path = "/y"}};
    const std::vector<SubCgroup> below{parse_sub_cgroup("cpu:sub").value()};
    CHECK_FALSE(open_cgroup(record, below, -1, 0).has_value());
}
