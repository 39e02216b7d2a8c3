// Zero and empty: the table of docs/conformance.md.
#include "spec/unset.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "spec/spec.h"

#include "problems.h"

using namespace sampan;
using test::problems_of;
using test::warnings_of;
using test::with_linux;
using test::with_process;

namespace {

spec::Resources read(const std::string& text) {
    const Result<spec::Resources> resources = read_json<spec::Resources>(text, "resources");
    REQUIRE_MESSAGE(resources, text);
    return *resources;
}

bool is_unset(const std::string& text) {
    return spec::without_unset(read(text), spec::ZeroPids::limit) == spec::Resources{};
}

bool is_kept(const std::string& text) {
    const spec::Resources resources = read(text);
    return !(resources == spec::Resources{}) &&
           spec::without_unset(resources, spec::ZeroPids::limit) == resources;
}

}  // namespace

TEST_CASE("zero and empty: what stands for not set") {
    for (const char* text : {
             R"({"memory": {"limit": 0}})",
             R"({"memory": {"reservation": 0}})",
             R"({"memory": {"swap": 0}})",
             R"({"memory": {"kernel": 0}})",
             R"({"memory": {"kernelTCP": 0}})",
             R"({"cpu": {"shares": 0}})",
             R"({"cpu": {"quota": 0}})",
             R"({"cpu": {"period": 0}})",
             R"({"cpu": {"realtimeRuntime": 0}})",
             R"({"cpu": {"realtimePeriod": 0}})",
             R"({"cpu": {"cpus": ""}})",
             R"({"cpu": {"mems": ""}})",
             R"({"blockIO": {"weight": 0}})",
             R"({"blockIO": {"leafWeight": 0}})",
             R"({"network": {"classID": 0}})",
             R"({"memory": {}, "cpu": {}, "pids": {}, "blockIO": {}, "network": {}})",
         }) {
        CAPTURE(text);
        CHECK(is_unset(text));
    }
    const spec::Resources weights = spec::without_unset(read(R"({"blockIO": {"weightDevice":
            [{"major": 8, "minor": 0, "weight": 0, "leafWeight": 0}]}})"),
                                                        spec::ZeroPids::limit);
    REQUIRE(weights.block_io);
    CHECK(weights.block_io->weight_device ==
          std::vector<spec::WeightDevice>{{.major = 8, .minor = 0}});
}

TEST_CASE("zero and empty: what is a value") {
    for (const char* text : {
             R"({"memory": {"swappiness": 0}})",
             R"({"memory": {"disableOOMKiller": false}})",
             R"({"memory": {"useHierarchy": false}})",
             R"({"memory": {"limit": -1}})",
             R"({"cpu": {"burst": 0}})",
             R"({"cpu": {"idle": 0}})",
             R"({"cpu": {"quota": -1}})",
             R"({"pids": {"limit": 0}})",
             R"({"blockIO": {"throttleReadBpsDevice": [{"major": 8, "minor": 0, "rate": 0}]}})",
             R"({"hugepageLimits": [{"pageSize": "2MB", "limit": 0}]})",
             R"({"network": {"priorities": [{"name": "lo", "priority": 0}]}})",
             R"({"rdma": {"mlx5_1": {"hcaHandles": 0, "hcaObjects": 0}}})",
             R"({"unified": {"cpuset.cpus": ""}})",
             R"({"devices": [{"allow": false, "major": 0, "minor": 0}]})",
         }) {
        CAPTURE(text);
        CHECK(is_kept(text));
    }
}

TEST_CASE("zero and empty: no processes at all is a limit since version 1.3") {
    for (const char* version : {"1.0.2-dev", "1.2.1", "0.9.0", "1"})
        CHECK(spec::zero_pids_in(version) == spec::ZeroPids::unset);
    for (const char* version : {"1.3.0", "1.3.1-rc.1", "1.4.0"})
        CHECK(spec::zero_pids_in(version) == spec::ZeroPids::limit);
    CHECK(spec::without_unset({.pids = spec::Pids{.limit = 0}}, spec::ZeroPids::unset) ==
          spec::Resources{});
    CHECK(spec::without_unset({.pids = spec::Pids{.limit = 1}}, spec::ZeroPids::unset).pids);
}

TEST_CASE("zero and empty: an empty text is as good as absent, everywhere") {
    for (const char* member : {
             R"("rootfsPropagation": "")",
             R"("cgroupsPath": "")",
             R"("mountLabel": "")",
             R"("intelRdt": {"closID": "", "l3CacheSchema": "", "memBwSchema": ""})",
             R"("memoryPolicy": {"mode": "MPOL_DEFAULT", "nodes": ""})",
             R"("resources": {"devices": [{"allow": true, "type": "", "access": ""}]})",
             R"("namespaces": [{"type": "pid", "path": ""}])",
             R"("seccomp": {"defaultAction": "SCMP_ACT_ALLOW", "listenerPath": "",
                "listenerMetadata": ""})",
         }) {
        CAPTURE(member);
        CHECK(problems_of(with_linux(member)).empty());
        CHECK(warnings_of(with_linux(member)).empty());
    }
    for (const char* member : {
             R"("apparmorProfile": "")",
             R"("selinuxLabel": "")",
             R"("execCPUAffinity": {"initial": "", "final": ""})",
         }) {
        CAPTURE(member);
        CHECK(problems_of(with_process(member)).empty());
        CHECK(warnings_of(with_process(member)).empty());
    }
    CHECK(problems_of(test::with(R"("hostname": "", "domainname": "")")).empty());
    // Where something is required, an empty text is nothing.
    CHECK_FALSE(
        problems_of(with_process(R"("rlimits": [{"type": "", "soft": 1, "hard": 1}])")).empty());
    CHECK_FALSE(
        problems_of(
            with_linux(R"("devices": [{"type": "", "path": "/dev/x", "major": 1, "minor": 3}])"))
            .empty());
}

TEST_CASE("zero and empty: a device's mode may have the type bits of st_mode") {
    CHECK(problems_of(with_linux(R"("devices": [{"type": "c", "path": "/dev/x", "major": 1,
        "minor": 3, "fileMode": 8630}])"))
              .empty());
}
