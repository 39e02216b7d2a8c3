#include "cgroup/plan.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cgroup/steps.h"

#include "checked.h"
#include "hosts.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

Spec with(spec::Resources resources, std::optional<std::string> cgroups_path = std::nullopt) {
    Spec spec;
    spec.linux_.emplace();
    spec.linux_->resources = std::move(resources);
    spec.linux_->cgroups_path = std::move(cgroups_path);
    return spec;
}

const spec::Resources limits = {.memory = spec::Memory{.limit = 1000},
                                .cpu = spec::Cpu{.shares = 512, .cpus = "0"},
                                .pids = spec::Pids{.limit = 7}};

Result<CgroupPlan> plan(const Spec& spec, const Host& host) {
    return plan_cgroup(checked(spec), host, CgroupManager::cgroupfs, "web");
}

std::vector<std::string> writes(const CgroupDirectory& directory) {
    std::vector<std::string> all;
    for (const CgroupWrite& write : directory.writes)
        all.push_back(describe(write));
    return all;
}

}  // namespace

TEST_CASE("cgroup plan: v2 is one directory") {
    const Result<CgroupPlan> made = plan(with(limits, "/pods/web"), test::root_on_v2());
    REQUIRE(made);
    REQUIRE(made->directories.size() == 1);
    const CgroupDirectory& directory = made->directories[0];
    CHECK(directory.place.unified);
    CHECK(directory.required);
    CHECK(directory_of(directory.place) == "/sys/fs/cgroup/pods/web");
    CHECK(writes(directory) == std::vector<std::string>{"memory.max = 1000", "cpu.weight = 59",
                                                        "cpuset.cpus = 0", "pids.max = 7"});
    CHECK(directory.late_writes.empty());
    CHECK_FALSE(directory.device_rules.empty());
}

TEST_CASE("cgroup plan: a hybrid host gets every hierarchy, each controller where it is") {
    const Result<CgroupPlan> made = plan(with(limits), test::root_on_hybrid());
    REQUIRE(made);
    REQUIRE(made->directories.size() == 6);
    CHECK(writes(made->directories[0]) == std::vector<std::string>{"cpu.shares = 512"});
    CHECK(writes(made->directories[1]) == std::vector<std::string>{"cpuset.cpus = 0"});
    CHECK(writes(made->directories[2]) == std::vector<std::string>{"memory.limit_in_bytes = 1000"});
    CHECK(made->directories[3].late_writes.at(0).file == "devices.deny");
    CHECK(writes(made->directories[4]).empty());
    CHECK(made->directories[4].place.path == "/web");
    CHECK(made->directories[5].place.unified);
    CHECK(writes(made->directories[5]) == std::vector<std::string>{"pids.max = 7"});
    CHECK(made->directories[5].device_rules.empty());
}

TEST_CASE("cgroup plan: in our unit we step aside if we stand in its own cgroup") {
    Host host = test::root_on_v2();
    host.cgroups.delegated = "/system.slice/web.service";
    host.cgroups.unified->own_path = "/system.slice/web.service";
    const CgroupPlan here = plan(with(limits), host).value();
    CHECK(here.directories.at(0).place.path == "/system.slice/web.service/web");
    CHECK(here.directories.at(0).unit == "/system.slice/web.service");
    const std::vector<CgroupStep> steps = steps_to_make(here);
    const auto* aside = std::get_if<StepAside>(&steps.at(0));
    REQUIRE(aside != nullptr);
    CHECK(aside->place == "/sys/fs/cgroup/system.slice/web.service/.supervisor");

    host.cgroups.unified->own_path += "/main";
    const CgroupPlan below = plan(with(limits), host).value();
    CHECK(below.directories.at(0).unit == "/system.slice/web.service");
    CHECK_FALSE(below.directories.at(0).in_unit);
    CHECK(steps_to_make(below).size() == 1);

    const CgroupPlan elsewhere = plan(with(limits, "/pods/web"), host).value();
    CHECK_FALSE(elsewhere.directories.at(0).unit);
}

TEST_CASE("cgroup plan: a cgroup below the container's is delegated by an annotation") {
    const auto plan_of = [](const char* inner, const Host& host) {
        Spec spec = with(limits);
        spec.annotations["run.oci.delegate-cgroup"] = inner;
        return plan(spec, host);
    };
    const CgroupPlan made = plan_of("pay/load", test::root_on_v2()).value();
    CHECK(made.directories.at(0).inner == "pay/load");
    CHECK(made.directories.at(0).place.path == "/web");
    CHECK(plan_of("", test::root_on_v2()).value().directories.at(0).inner.empty());
    for (const char* bad : {"..", "../../../victim", "../escape", "a/../b", "/a", "a//b", "."}) {
        CAPTURE(bad);
        const Result<CgroupPlan> refused = plan_of(bad, test::root_on_v2());
        REQUIRE_FALSE(refused);
        CHECK(refused.error().pointer() == "/annotations/run.oci.delegate-cgroup");
    }
    CHECK_FALSE(plan_of("payload", test::root_on_hybrid()));
}

TEST_CASE("cgroup plan: a missing controller is an error that names controller and field") {
    Host host = test::root_on_v2();
    host.cgroups.unified->controllers = {"memory", "pids"};
    const Result<CgroupPlan> made = plan(with(limits), host);
    REQUIRE_FALSE(made);
    CHECK(made.error().pointer() == "/linux/resources/cpu/shares");
    CHECK(made.error().message().find("no cpu controller") != std::string::npos);
}

TEST_CASE("cgroup plan: unified needs cgroup v2 and the controller there") {
    const spec::Resources unified = {.unified = {{"memory.high", "5"}}};
    CHECK(plan(with(unified), test::root_on_v2()));
    const Result<CgroupPlan> hybrid = plan(with(unified), test::root_on_hybrid());
    REQUIRE_FALSE(hybrid);
    CHECK(hybrid.error().pointer() == "/linux/resources/unified/memory.high");
    CHECK(plan(with({.unified = {{"cgroup.max.depth", "5"}}}), test::root_on_hybrid()));
}

TEST_CASE("cgroup plan: without privilege and limits the cgroup is made if it can be") {
    const Result<CgroupPlan> made =
        plan(with({.devices = {{.allow = false, .access = "rwm"}}}), test::user_on_v2());
    REQUIRE(made);
    REQUIRE(made->directories.size() == 1);
    CHECK_FALSE(made->directories[0].required);
    CHECK(made->directories[0].device_rules.empty());
    CHECK(made->directories[0].own_place ==
          "/user.slice/user-1000.slice/user@1000.service/app.slice/run-1.scope");
}

TEST_CASE("cgroup plan: without privilege limits make it required") {
    const Result<CgroupPlan> made = plan(with(limits), test::user_on_v2());
    REQUIRE(made);
    CHECK(made->directories.at(0).required);
}

TEST_CASE("cgroup plan: a read-only hierarchy is passed over unless a limit needs it") {
    Host host = test::root_on_v2();
    host.cgroups.unified->read_only = true;
    CHECK_FALSE(plan(with({}), host).value().directories.at(0).required);
    CHECK(plan(with(limits), host).value().directories.at(0).required);
}

TEST_CASE("cgroup plan: no cgroups at all is an error only when limits are asked for") {
    Host host;
    host.capabilities = ~uint64_t{0};
    CHECK(plan(with({}), host).value().directories.empty());
    CHECK(plan(Spec{}, host).value().directories.empty());
    const Result<CgroupPlan> made = plan(with(limits), host);
    REQUIRE_FALSE(made);
    CHECK(made.error().pointer() == "/linux/resources");
}

TEST_CASE("cgroup plan: disabled makes nothing but still refuses nonsense") {
    const Result<CgroupPlan> made =
        plan_cgroup(checked(with(limits)), test::root_on_v2(), CgroupManager::disabled, "web");
    REQUIRE(made);
    CHECK(made->directories.empty());
}

TEST_CASE("cgroup plan: its steps can be read") {
    const Result<CgroupPlan> made =
        plan(with({.memory = spec::Memory{.limit = 1000}}, "/x"), test::root_on_v2());
    REQUIRE(made);
    std::vector<std::string> lines;
    for (const auto& steps :
         {steps_to_make(*made), steps_to_limit(*made), steps_for_devices(*made)})
        for (const CgroupStep& step : steps)
            lines.push_back(std::visit([](const auto& one) { return describe(one); }, step));
    CHECK(lines == std::vector<std::string>{"make the cgroup /sys/fs/cgroup/x",
                                            "memory.max = 1000 in /sys/fs/cgroup/x",
                                            "attach a device program of 11 rules to "
                                            "/sys/fs/cgroup/x"});
}

namespace {

Spec delegating() {
    Spec spec = with({}, "/pods/web");
    spec.process.emplace();
    spec.process->user.uid = 7;
    spec.linux_->namespaces = {{.type = spec::NamespaceType::cgroup},
                               {.type = spec::NamespaceType::user}};
    spec.linux_->uid_mappings = {{.container_id = 0, .host_id = 100000, .size = 10}};
    spec.linux_->gid_mappings = spec.linux_->uid_mappings;
    spec.mounts = {{.destination = "/sys/fs/cgroup", .type = "cgroup", .source = "cgroup"}};
    return spec;
}

std::optional<uid_t> owner(const Spec& spec, const Host& host) {
    const Result<CgroupPlan> made = plan(spec, host);
    REQUIRE(made);
    std::optional<uid_t> found;
    for (const CgroupDirectory& directory : made->directories)
        if (directory.owner) found = directory.owner;
    return found;
}

}  // namespace

TEST_CASE("cgroup plan: a cgroup that the container may write to belongs to its user") {
    Spec spec = delegating();
    CHECK(owner(spec, test::root_on_v2()) == 100007);
    spec.linux_->namespaces.pop_back();
    spec.linux_->uid_mappings.clear();
    spec.linux_->gid_mappings.clear();
    CHECK(owner(spec, test::root_on_v2()) == 7);
}

TEST_CASE(
    "cgroup plan: the owner stays unless v2, a new cgroup namespace and a writable mount meet") {
    CHECK_FALSE(owner(delegating(), test::root_on_hybrid()));
    CHECK_FALSE(owner(delegating(), test::user_on_v2()));
    Spec spec = delegating();
    spec.linux_->namespaces[0].path = "/proc/1/ns/cgroup";
    CHECK_FALSE(owner(spec, test::root_on_v2()));
    spec = delegating();
    spec.mounts[0].options = {"nosuid", "ro"};
    CHECK_FALSE(owner(spec, test::root_on_v2()));
    spec = delegating();
    spec.mounts[0].destination = "/cgroup";
    CHECK_FALSE(owner(spec, test::root_on_v2()));
    spec = delegating();
    spec.process.reset();
    CHECK_FALSE(owner(spec, test::root_on_v2()));
}

TEST_CASE("cgroup plan: a uid whose number outside is not known changes no owner") {
    Spec spec = delegating();
    spec.linux_->namespaces[1].path = "/proc/1/ns/user";
    spec.linux_->uid_mappings.clear();
    spec.linux_->gid_mappings.clear();
    CHECK_FALSE(owner(spec, test::root_on_v2()));
}

TEST_CASE("cgroup plan: a limit of no process on v2 waits until init is there") {
    const auto late = [](const Host& host) {
        Spec spec = with({.pids = spec::Pids{.limit = 0}});
        spec.oci_version = "1.3.0";
        const Result<CgroupPlan> made = plan(spec, host);
        REQUIRE(made);
        return made->directories.back().late_writes.size();
    };
    CHECK(late(test::root_on_v2()) == 1);
    CHECK(late(test::root_on_hybrid()) == 1);
}
