// Whole examples: good ones are accepted, bad ones are refused at their place. Always ours, and
// those of the specification if the option spec_schema names a checkout of it.
#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/file.h"
#include "spec/features.h"
#include "spec/spec.h"
#include "spec/state.h"

#include "tree.h"

using namespace sampan;

namespace {

std::string config(std::string_view members) {
    return format(R"({{"ociVersion": "1.3.0", "root": {{"path": "rootfs"}}{}{}}})",
                  members.empty() ? "" : ", ", members);
}

std::string resources(std::string_view members) {
    return config(format(R"("linux": {{"resources": {{{}}}}})", members));
}

// Pointers of the problems, one in each line; empty if the text is accepted.
std::string problems_of(const std::string& text) {
    const auto read = read_spec_text(text, "config.json");
    if (read) return "";
    std::string pointers;
    for (const Problem& problem : read.error().problems())
        pointers += problem.pointer + "\n";
    return pointers.empty() ? "?" : pointers;
}

struct Bad {
    std::string text;
    std::string pointer;
};

#ifdef SPEC_SCHEMA
std::vector<std::string> json_files(const std::string& folder) {
    auto names = list_directory(cwd, folder);
    REQUIRE(names);
    std::vector<std::string> paths;
    for (const std::string& name : *names)
        if (name.ends_with(".json")) paths.push_back(folder + "/" + name);
    std::sort(paths.begin(), paths.end());
    REQUIRE(!paths.empty());
    return paths;
}
#endif

}  // namespace

TEST_CASE("examples: good ones are accepted") {
    for (const std::string& text : std::vector<std::string>{
             config(""),
             config(R"("process": {"cwd": "/", "args": ["sh"], "user": {"uid": 0, "gid": 0}})"),
             config(R"("linux": {}, "hooks": {}, "mounts": [], "annotations": {"a": ""})"),
             config(
                 R"("freebsd": {"jail": {}}, "windows": {}, "zos": {}, "vm": {}, "solaris": {})"),
             config(R"("linux": {"netDevices": {"eth0": {"name": "inside"}, "ens4": {}}})"),
             R"({"ociVersion": "0.5.0-dev", "root": {"path": "rootfs"}})",
             resources(R"("rdma": {"mlx5_1": {"hcaHandles": 3}, "rxe3": {"hcaObjects": 10000}})"),
             resources(R"("hugepageLimits": [{"pageSize": "64KB", "limit": 65536}])"),
             resources(R"("pids": {"limit": 0}, "unified": {"io.max": "259:0 rbps=1"})"),
         }) {
        CAPTURE(text);
        CHECK(problems_of(text) == "");
    }
}

TEST_CASE("examples: bad ones are refused at their place") {
    for (const auto& [text, pointer] : std::vector<Bad>{
             {config(R"("linux": {"netDevices": {"eth0": {"name": 23}}})"),
              "/linux/netDevices/eth0/name"},
             {resources(R"("rdma": {"mlx5_1": {"hcaHandles": "no number"}})"),
              "/linux/resources/rdma/mlx5_1/hcaHandles"},
             {resources(R"("hugepageLimits": [{"limit": 1234123, "pageSize": "64kB"}])"),
              "/linux/resources/hugepageLimits/0/pageSize"},
             {resources(R"("blockIO": {"weightDevice": [{"major": 8, "minor": 0}]})"),
              "/linux/resources/blockIO/weightDevice/0"},
             {config(R"("process": {"cwd": "tmp", "args": ["sh"], "user": {"uid": 0, "gid": 0}})"),
              "/process/cwd"},
             {config(R"("annotations": {"": "x"})"), "/annotations/"},
         }) {
        CAPTURE(text);
        CHECK(problems_of(text) == pointer + "\n");
    }
    CHECK(problems_of("{]") != "");
}

#ifdef SPEC_SCHEMA
TEST_CASE("examples: the specification's good ones are accepted") {
    for (const std::string& path : json_files(SPEC_SCHEMA "/test/config/good")) {
        // They belong to other platforms, and have a hostname, for which Linux would need a UTS
        // namespace.
        if (path.ends_with("/freebsd-example.json") || path.ends_with("/zos-example.json"))
            continue;
        CAPTURE(path);
        CHECK(problems_of(test::content_of(path)) == "");
    }
    for (const std::string& path : json_files(SPEC_SCHEMA "/test/state/good")) {
        CAPTURE(path);
        CHECK(read_json<spec::State>(test::content_of(path), path));
    }
    for (const std::string& path : json_files(SPEC_SCHEMA "/test/features/good")) {
        CAPTURE(path);
        CHECK(read_json<spec::Features>(test::content_of(path), path));
    }
}

TEST_CASE("examples: the specification's bad ones are refused") {
    for (const std::string& path : json_files(SPEC_SCHEMA "/test/config/bad")) {
        // The parts of other platforms are ignored, right or wrong.
        if (path.find("/freebsd-") != std::string::npos) continue;
        CAPTURE(path);
        CHECK(problems_of(test::content_of(path)) != "");
    }
    for (const std::string& path : json_files(SPEC_SCHEMA "/test/state/bad")) {
        CAPTURE(path);
        CHECK(!read_json<spec::State>(test::content_of(path), path));
    }
    for (const std::string& path : json_files(SPEC_SCHEMA "/test/features/bad")) {
        CAPTURE(path);
        CHECK(!read_json<spec::Features>(test::content_of(path), path));
    }
}
#endif
