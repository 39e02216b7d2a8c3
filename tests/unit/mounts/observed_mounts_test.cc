#include "mounts/observed_mounts.h"

#include <doctest/doctest.h>

using namespace sampan;

namespace {

constexpr std::string_view container_mountinfo =
    "1 0 8:0 / / ro,relatime master:1 - ext4 /dev/sda rw\n"
    "2 1 0:5 / /proc rw,nosuid,nodev,noexec - proc proc rw\n"
    "3 1 0:6 / /a\\040b rw,nosuid shared:2 master:1 - tmpfs tmpfs rw,size=64k\n"
    "4 1 0:7 /null /proc/kcore rw - devtmpfs udev rw\n"
    "5 1 0:8 / /a\\040b rw - tmpfs over ro\n"
    "nonsense\n";

std::vector<Difference> compare_one(const std::string& place,
                                    const std::string& type,
                                    std::vector<std::string> options) {
    const spec::Mount asked{.destination = place, .type = type, .options = std::move(options)};
    return compare_mounts({asked}, parse_observed_mounts(container_mountinfo), {});
}

}  // namespace

TEST_CASE("observed mounts: the last of several at one place is seen, blanks are blanks") {
    const std::vector<ObservedMount> mounts = parse_observed_mounts(container_mountinfo);
    REQUIRE(mounts.size() == 5);
    const ObservedMount* seen = find_observed(mounts, "/a b/");
    REQUIRE(seen != nullptr);
    CHECK(seen->source == "over");
    CHECK(seen->has("ro"));
    CHECK(find_observed(mounts, "/a") == nullptr);
    CHECK(mounts[3].root == "/null");
    CHECK(as_config_mount(mounts[2]).options ==
          std::vector<std::string>{"rw", "nosuid", "size=64k"});
}

TEST_CASE("observed mounts: flags and the type are compared") {
    CHECK(compare_one("/proc", "proc", {"nosuid", "nodev"}).empty());
    CHECK(compare_one("/proc", "proc", {"rw", "size=1k", "private"}).empty());
    const std::vector<Difference> flags = compare_one("/proc", "proc", {"ro"});
    REQUIRE(flags.size() == 1);
    CHECK(flags[0].pointer == "/mounts/0/options");
    CHECK(flags[0].config == "[\"ro\"]");
    CHECK(compare_one("/proc", "proc", {"suid"}).size() == 1);
    const std::vector<Difference> type = compare_one("/proc", "sysfs", {});
    REQUIRE(type.size() == 1);
    CHECK(type[0] == Difference{"/mounts/0/type", "\"sysfs\"", "\"proc\""});
}

TEST_CASE("observed mounts: what cannot be known is no difference") {
    CHECK(compare_one("/proc", "anything", {"bind"}).empty());
    CHECK(compare_one("/var/run", "tmpfs", {"ro"}).empty());
    const spec::Mount first{.destination = "/proc", .type = "tmpfs"};
    const spec::Mount second{.destination = "/proc/", .type = "proc"};
    CHECK(compare_mounts({first, second}, parse_observed_mounts(container_mountinfo), {}).empty());
}

TEST_CASE("observed mounts: one that is gone is a difference, unless a later one hides its place") {
    const spec::Mount gone{.destination = "/data/", .type = "tmpfs"};
    const std::vector<Difference> found = compare_mounts({gone}, {}, {"/data"});
    REQUIRE(found.size() == 1);
    CHECK(found[0] == Difference{"/mounts/0", R"({"destination":"/data/","type":"tmpfs"})",
                                 "\"nothing is mounted there\""});
    CHECK(compare_mounts({gone}, {}, {}).empty());
    const spec::Mount below{.destination = "/data/below"};
    CHECK(compare_mounts({below, gone}, {}, {"/data/below"}).empty());
    CHECK(compare_mounts({{.destination = "/data2"}, gone}, {}, {"/data2"}).size() == 1);
    const spec::Mount remount{.destination = "/data", .options = {"remount", "ro"}};
    CHECK(compare_mounts({remount}, {}, {"/data"}).empty());
}
