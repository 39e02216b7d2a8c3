// What delete unmounts for a container without a mount namespace of its own.
#include "mounts/host_mounts.h"

#include <doctest/doctest.h>

using namespace sampan;

namespace {

constexpr const char* mountinfo_text =
    "22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
    "40 22 0:30 / /b/root\\040fs/proc rw,nosuid - proc proc rw\n"
    "41 22 0:31 / /b/root\\040fs/dev rw shared:7 master:2 - tmpfs tmpfs rw\n"
    "42 41 0:32 / /b/root\\040fs/dev/shm rw - tmpfs shm rw\n"
    "43 22 0:33 / /b/root\\040fs2 rw - tmpfs other rw\n"
    "not a mount\n";

std::vector<std::string> points(const std::vector<MountedPlace>& places) {
    std::vector<std::string> all;
    for (const MountedPlace& place : places)
        all.push_back(place.point);
    return all;
}

}  // namespace

TEST_CASE("mountinfo: number, place and type, octal digits made plain") {
    const std::vector<MountedPlace> places = parse_mountinfo(mountinfo_text);
    REQUIRE(places.size() == 5);
    CHECK(places[0] == MountedPlace{22, 1, "/", "ext4"});
    CHECK(places[1] == MountedPlace{40, 22, "/b/root fs/proc", "proc"});
    CHECK(places[3] == MountedPlace{42, 41, "/b/root fs/dev/shm", "tmpfs"});
    CHECK(parse_mountinfo("").empty());
    CHECK(parse_mountinfo("1 2 3:4 / /x rw - tmpfs").empty());
}

TEST_CASE("host mounts: the last is unmounted first, neighbours and earlier ones stay") {
    const HostMountsRecord record{.root = "/b/root fs", .before = {40}};
    CHECK(points(mounts_to_remove(record, parse_mountinfo(mountinfo_text))) ==
          std::vector<std::string>{"/b/root fs/dev/shm", "/b/root fs/dev"});
    const HostMountsRecord everything{.root = "/b/root fs/dev", .before = {}};
    CHECK(points(mounts_to_remove(everything, parse_mountinfo(mountinfo_text))) ==
          std::vector<std::string>{"/b/root fs/dev/shm", "/b/root fs/dev"});
}
