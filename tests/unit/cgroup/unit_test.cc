#include "cgroup/systemd/unit.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cgroup/plan.h"
#include "cgroup/steps.h"
#include "cgroup/systemd/properties.h"

#include "checked.h"
#include "hosts.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

Result<SystemdUnit> unit_of(const std::string& path, const Host& host = test::root_on_v2()) {
    return plan_unit(path, "web", {}, host);
}

std::vector<std::string> told(const std::vector<CgroupWrite>& writes,
                              UnitMoment moment = UnitMoment::starting) {
    std::vector<std::string> all;
    for (const UnitProperty& property : unit_properties(writes, moment))
        all.push_back(describe(property));
    return all;
}

CgroupWrite write(std::string file, std::string value) {
    CgroupWrite one;
    one.file = std::move(file);
    one.value = std::move(value);
    return one;
}

Result<SystemdUnit> annotated(const std::string& key, const std::string& value) {
    return plan_unit(":sampan:web", "web", {{key, value}}, test::root_on_v2());
}

std::string property(const std::string& name, const std::string& value) {
    const Result<SystemdUnit> unit = annotated("org.systemd.property." + name, value);
    if (!unit) return "error at " + unit.error().pointer();
    const UnitProperty& read = unit->properties.at(0);
    return read.name + " " + read.type + " " + read.value;
}

}  // namespace

TEST_CASE("systemd unit: slice, prefix and name") {
    const Result<SystemdUnit> unit = unit_of("machine.slice:libpod:5f");
    REQUIRE(unit);
    CHECK(unit->slice == "machine.slice");
    CHECK(unit->name == "libpod-5f.scope");
    CHECK_FALSE(unit->user);
    CHECK(path_of(*unit, test::root_on_v2()) == "/machine.slice/libpod-5f.scope");
    CHECK(unit_of("::web").value().name == "web.scope");
    CHECK(plan_unit(std::nullopt, "web", {}, test::root_on_v2()).value().name ==
          "sampan-web.scope");
}

TEST_CASE("systemd unit: a slice with dashes lies in the slices of its parts") {
    const Host host = test::root_on_v2();
    CHECK(path_of(unit_of("a-b-c.slice:x:y").value(), host) ==
          "/a.slice/a-b.slice/a-b-c.slice/x-y.scope");
    CHECK(path_of(unit_of("-.slice:x:y").value(), host) == "/x-y.scope");
}

TEST_CASE("systemd unit: the default slice is system.slice, and user.slice for a user") {
    CHECK(path_of(unit_of(":x:y").value(), test::root_on_v2()) == "/system.slice/x-y.scope");
    Host host = test::user_on_v2();
    const SystemdUnit unit = unit_of(":x:y", host).value();
    CHECK(unit.user);
    const std::string expected =
        "/user.slice/user-1000.slice/user@1000.service/user.slice/x-y.scope";
    CHECK(path_of(unit, host) == expected);
    host.cgroups.unified->own_path = "/user.slice/user-1000.slice/session-3.scope";
    CHECK(path_of(unit, host) == expected);
}

TEST_CASE("systemd unit: other forms and names are refused") {
    for (const char* path :
         {"/a/b", "a:b", "a:b:c:d", "/system.slice:a:b", "web", "x:a:b", "a--b.slice:c:d",
          "-a.slice:c:d", "a-.slice:c:d", ".slice:c:d", "../x.slice:c:d",
          "system.slice:a:", "system.slice:a:b/c", "system.slice:a b:c"}) {
        CAPTURE(path);
        const Result<SystemdUnit> unit = unit_of(path);
        REQUIRE_FALSE(unit);
        CHECK(unit.error().pointer() == "/linux/cgroupsPath");
        CHECK(unit.error().hint().find("slice:prefix:name") != std::string::npos);
    }
}

TEST_CASE("systemd unit: limits are told as properties") {
    CHECK(told({write("memory.max", "1000"), write("memory.swap.max", "max"),
                write("memory.low", "5"), write("cpu.weight", "59")}) ==
          std::vector<std::string>{"MemoryMax=1000", "MemorySwapMax=infinity", "MemoryLow=5",
                                   "CPUWeight=59"});
    CHECK(told({write("cpu.idle", "1")}) == std::vector<std::string>{"CPUWeight=0"});
    CHECK(told({write("cpu.idle", "0")}).empty());
    CHECK(told({write("hugetlb.2MB.max", "1"), write("cgroup.max.depth", "1")}).empty());
}

TEST_CASE("systemd unit: a quota is rounded up to hundredths of a CPU") {
    CHECK(told({write("cpu.max", "50000 100000")}) ==
          std::vector<std::string>{"CPUQuotaPerSecUSec=500000", "CPUQuotaPeriodUSec=100000"});
    CHECK(told({write("cpu.max", "25500")}) ==
          std::vector<std::string>{"CPUQuotaPerSecUSec=260000"});
    CHECK(told({write("cpu.max", "max")}) ==
          std::vector<std::string>{"CPUQuotaPerSecUSec=infinity"});
    CHECK(told({write("cpu.max", "1000 0")}) ==
          std::vector<std::string>{"CPUQuotaPerSecUSec=infinity", "CPUQuotaPeriodUSec=0"});
}

TEST_CASE("systemd unit: sets are bytes of bits") {
    CHECK(told({write("cpuset.cpus", "0-2,9")}) ==
          std::vector<std::string>{"AllowedCPUs=7 2 0 0 0 0 0 0"});
    CHECK(told({write("cpuset.mems", "0")}) ==
          std::vector<std::string>{"AllowedMemoryNodes=1 0 0 0 0 0 0 0"});
    CHECK(told({write("cpuset.cpus", "all")}).empty());
}

TEST_CASE("systemd unit: there is room for the helper beside init") {
    CHECK(told({write("pids.max", "0")}) == std::vector<std::string>{"TasksMax=2"});
    CHECK(told({write("pids.max", "1")}) == std::vector<std::string>{"TasksMax=2"});
    CHECK(told({write("pids.max", "3")}) == std::vector<std::string>{"TasksMax=3"});
    CHECK(told({write("pids.max", "max")}) == std::vector<std::string>{"TasksMax=infinity"});
}

TEST_CASE("systemd unit: once it runs there is room, and the files are known") {
    const auto now = [](std::string file, std::string value) {
        CgroupWrite one = write(std::move(file), std::move(value));
        one.other_file = one.file == "io.bfq.weight" ? "io.weight" : "";
        one.other_value = "2929";
        return told({one}, UnitMoment::running);
    };
    using Lines = std::vector<std::string>;
    CHECK(now("pids.max", "0") == Lines{"TasksMax=1"});
    CHECK(now("pids.max", "1") == Lines{"TasksMax=1"});
    // What systemd computes from 300, 1, 100 and 1000.
    CHECK(now("io.bfq.weight", "300") == Lines{"IOWeight=2300"});
    CHECK(now("io.bfq.weight", "1") == Lines{"IOWeight=1"});
    CHECK(now("io.bfq.weight", "100") == Lines{"IOWeight=100"});
    CHECK(now("io.bfq.weight", "1000") == Lines{"IOWeight=10000"});
    CHECK(now("io.bfq.weight", "8:0 300").empty());
    CHECK(now("io.weight", "2929") == Lines{"IOWeight=2929"});
    CHECK(now("memory.oom.group", "1").empty());
    CHECK(told({write("memory.oom.group", "1")}) == Lines{"OOMPolicy=kill"});
    CHECK(told({write("memory.oom.group", "0")}) == Lines{"OOMPolicy=continue"});
}

TEST_CASE("systemd unit: a quota is told with the period that it is of") {
    using Lines = std::vector<std::string>;
    CHECK(told({write("cpu.max", "100000 200000")}, UnitMoment::running) ==
          Lines{"CPUQuotaPerSecUSec=500000", "CPUQuotaPeriodUSec=200000"});
    CHECK(told({write("cpu.max", "12345 100000")}) ==
          Lines{"CPUQuotaPerSecUSec=130000", "CPUQuotaPeriodUSec=100000"});
}

TEST_CASE("systemd unit: of several writes to a file the last one is told") {
    CHECK(
        told({write("memory.max", "1000"), write("pids.max", "7"), write("memory.max", "2000")}) ==
        std::vector<std::string>{"TasksMax=7", "MemoryMax=2000"});
}

TEST_CASE("systemd unit: annotations are properties") {
    CHECK(property("TimeoutStopSec", "7") == "TimeoutStopUSec t 7000000");
    CHECK(property("TimeoutStopUSec", "uint64 7") == "TimeoutStopUSec t 7");
    CHECK(property("CPUWeight", "uint32 7") == "CPUWeight u 7");
    CHECK(property("IOWeight", "int64 -7") == "IOWeight x -7");
    CHECK(property("SendSIGHUP", "true") == "SendSIGHUP b 1");
    CHECK(property("CollectMode", "'inactive-or-failed'") == "CollectMode s inactive-or-failed");
    CHECK(property("After", "['a.service', \"b.service\"]") == "After as a.service\nb.service");
    CHECK(property("After", "[]") == "After as ");
}

TEST_CASE("systemd unit: an annotation that cannot be read is an error at its place") {
    for (const char* value : {"", "soon", "'a", "'a'b'", "['a' 'b']", "uint64", "uint32 -1",
                              "99999999999", "uint64 5 6", "[a]"}) {
        CAPTURE(value);
        CHECK(property("X", value) == "error at /annotations/org.systemd.property.X");
    }
    CHECK(property("", "true") == "error at /annotations/org.systemd.property.");
}

TEST_CASE("systemd unit: the container may be in a cgroup below it") {
    const SystemdUnit unit = annotated("run.oci.systemd.subgroup", "inner").value();
    CHECK(path_of(unit, test::root_on_v2()) == "/system.slice/sampan-web.scope/inner");
    CHECK(annotated("run.oci.systemd.subgroup", "").value().subgroup.empty());
    for (const char* value : {"..", ".", "a/b", "/a"})
        CHECK_FALSE(annotated("run.oci.systemd.subgroup", value));
}

TEST_CASE("systemd unit: the end of its own cgroup in a path") {
    CHECK(end_of_unit("/a.slice/x.scope/inner", "x.scope") == 16);
    CHECK(end_of_unit("/a.slice/x.scope", "x.scope") == 16);
    CHECK(end_of_unit("/x.scope-2/x.scope/x.scope", "x.scope") == 18);
    CHECK(end_of_unit("/a.slice/x.scopes", "x.scope") == std::string::npos);
    CHECK(end_of_unit("/", "x.scope") == std::string::npos);
}

TEST_CASE("systemd unit: limits of cgroup v1 are told by the names for v1") {
    CHECK(told({write("memory.limit_in_bytes", "1000"), write("cpu.shares", "512"),
                write("memory.memsw.limit_in_bytes", "2000"), write("blkio.weight", "300"),
                write("pids.max", "7")}) ==
          std::vector<std::string>{"MemoryLimit=1000", "CPUShares=512", "BlockIOWeight=300",
                                   "TasksMax=7"});
    CHECK(told({write("memory.limit_in_bytes", "-1")}) ==
          std::vector<std::string>{"MemoryLimit=infinity"});
    CHECK(told({write("cpu.cfs_period_us", "200000"), write("cpu.cfs_quota_us", "50000")}) ==
          std::vector<std::string>{"CPUQuotaPerSecUSec=250000", "CPUQuotaPeriodUSec=200000"});
    CHECK(told({write("cpu.cfs_quota_us", "50000")}) ==
          std::vector<std::string>{"CPUQuotaPerSecUSec=500000"});
    CHECK(told({write("cpu.cfs_quota_us", "-1")}) ==
          std::vector<std::string>{"CPUQuotaPerSecUSec=infinity"});
}

TEST_CASE("systemd unit: on a hybrid host it has a cgroup in each hierarchy") {
    Spec spec;
    spec.linux_.emplace();
    spec.linux_->cgroups_path = "system-pods.slice:sampan:web";
    const auto places = [&] {
        std::vector<std::string> all;
        const CgroupPlan plan =
            plan_cgroup(checked(spec), test::root_on_hybrid(), CgroupManager::systemd, "web")
                .value();
        for (const CgroupDirectory& directory : plan.directories)
            all.push_back(directory_of(directory.place));
        return all;
    };
    const std::string unit = "/system.slice/system-pods.slice/sampan-web.scope";
    // The list of devices is below, where a reload of systemd does not change it.
    CHECK(places() == std::vector<std::string>{
                          "/sys/fs/cgroup/cpu,cpuacct" + unit, "/sys/fs/cgroup/cpuset" + unit,
                          "/sys/fs/cgroup/memory" + unit,
                          "/sys/fs/cgroup/devices" + unit + "/devices",
                          "/sys/fs/cgroup/systemd" + unit, "/sys/fs/cgroup/unified" + unit});
    spec.annotations["run.oci.systemd.subgroup"] = "inner";
    CHECK(places().at(3) == "/sys/fs/cgroup/devices" + unit + "/inner");
}

TEST_CASE("systemd unit: part of the plan, if the whole tree of systemd can be seen") {
    Spec spec;
    spec.linux_.emplace();
    spec.linux_->cgroups_path = "system.slice:sampan:web";
    spec.linux_->resources = spec::Resources{.pids = spec::Pids{.limit = 7}};
    const Result<CgroupPlan> plan =
        plan_cgroup(checked(spec), test::root_on_v2(), CgroupManager::systemd, "web");
    REQUIRE(plan);
    REQUIRE(plan->unit);
    CHECK(plan->unit->name == "sampan-web.scope");
    CHECK(describe(plan->unit->properties.at(0)) == "TasksMax=7");
    CHECK(plan->directories.at(0).place.path == "/system.slice/sampan-web.scope");
    CHECK(describe(std::get<StartUnit>(steps_to_make(*plan).at(0))) ==
          "start the unit sampan-web.scope of systemd in system.slice (TasksMax=7)");
    Host none = test::root_on_hybrid();
    none.cgroups.hierarchies.pop_back();
    CHECK_FALSE(plan_cgroup(checked(spec), none, CgroupManager::systemd, "web"));
    Host part = test::root_on_v2();
    part.cgroups.unified->root = "/pods";
    CHECK_FALSE(plan_cgroup(checked(spec), part, CgroupManager::systemd, "web"));
}
