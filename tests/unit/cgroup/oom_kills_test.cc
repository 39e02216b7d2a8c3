// What is said about a container that was killed for lack of memory: what was measured, and no
// more.
#include "cgroup/oom_kills.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <map>
#include <string>

#include <doctest/doctest.h>

#include "os/file.h"

using namespace sampan;

namespace {

// For a cgroup whose folder has these files.
std::string told(bool unified, const std::map<std::string, std::string>& files) {
    std::array<char, 32> folder{"/tmp/sampan-test-XXXXXX"};
    REQUIRE(::mkdtemp(folder.data()) != nullptr);
    for (const auto& [name, text] : files)
        REQUIRE(replace_file(cwd, std::string(folder.data()) + "/" + name, text, 0600));
    CgroupRecord record;
    record.places.push_back({.controllers = {"memory"},
                             .unified = unified,
                             .mount_point = folder.data(),
                             .path = "",
                             .made = 1});
    const Result<OomFacts> facts = read_oom_facts(record);
    CHECK(remove_tree(cwd, folder.data()));
    REQUIRE(facts);
    CHECK(facts->kills == 2);
    return describe(*facts);
}

}  // namespace

TEST_CASE("oom: the limit and the most that was used are told") {
    CHECK(told(true, {{"memory.events", "oom 2\noom_kill 2\n"},
                      {"memory.max", "1048576\n"},
                      {"memory.peak", "1040384\n"}}) ==
          "the limit is 1048576 bytes, the most used was 1040384");
    CHECK(told(false, {{"memory.oom_control", "under_oom 0\noom_kill 2\n"},
                       {"memory.limit_in_bytes", "1048576\n"},
                       {"memory.max_usage_in_bytes", "1048576\n"}}) ==
          "the limit is 1048576 bytes, the most used was 1048576");
}

TEST_CASE("oom: a number that was not measured is not told") {
    const std::string events = "oom_kill 2\n";
    // Kernels before 5.19 have no memory.peak.
    CHECK(told(true, {{"memory.events", events}, {"memory.max", "4096\n"}}) ==
          "the limit is 4096 bytes");
    CHECK(told(true, {{"memory.events", events}, {"memory.max", "max\n"}}).empty());
    CHECK(told(true, {{"memory.events", events}}).empty());
    CHECK(told(true, {{"memory.events", events}, {"memory.peak", "0\n"}}).empty());
    CHECK(
        told(true, {{"memory.events", events}, {"memory.max", "max\n"}, {"memory.peak", "8\n"}}) ==
        "the most used was 8 bytes");
    CHECK(told(false, {{"memory.oom_control", events},
                       {"memory.limit_in_bytes", "9223372036854771712\n"},
                       {"memory.max_usage_in_bytes", "0\n"}})
              .empty());
    // A limit of 0 is a limit: of fewer bytes than a page has.
    CHECK(told(true, {{"memory.events", events}, {"memory.max", "0\n"}}) ==
          "the limit is less than a page of memory");
}
