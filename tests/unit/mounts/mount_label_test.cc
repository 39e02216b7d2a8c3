#include <doctest/doctest.h>

#include "host/host.h"
#include "mounts/masked_paths.h"
#include "mounts/mounts.h"

#include "checked.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

const Host labelling{.apparmor = true, .selinux = true};

}  // namespace

TEST_CASE("mount label: new file systems get it, those with labels of their own do not") {
    Spec spec;
    spec.linux_.emplace().mount_label = "u:o:t:s0";
    spec.linux_->namespaces = {{.type = spec::NamespaceType::mount}};
    spec.mounts = {{.destination = "/a", .type = "tmpfs", .options = {"size=4k"}},
                   {.destination = "/b", .type = "mqueue"},
                   {.destination = "/c", .type = "sysfs"},
                   {.destination = "/d", .type = "tmpfs", .options = {"context=own"}}};
    const auto plan = plan_mounts(checked(spec), labelling, "/bundle");
    REQUIRE(plan);
    REQUIRE(plan->setup.size() == 4);
    const auto step = [&](size_t n) { return std::get<MountFilesystem>(plan->setup[n]); };
    CHECK(step(0).data == std::vector<std::string>{"size=4k", "context=u:o:t:s0"});
    CHECK(step(1).data.empty());
    CHECK(step(1).label == "u:o:t:s0");
    CHECK(step(2).data.empty());
    CHECK(step(2).label.empty());
    CHECK(step(3).data == std::vector<std::string>{"context=own"});
}

TEST_CASE("mount label: the tmpfs of masked folders and of cgroup v1 get it, too") {
    const std::string label = "u:o:t:s0";
    Spec spec;
    spec.linux_.emplace().masked_paths = {"/proc/acpi"};
    spec.linux_->namespaces = {{.type = spec::NamespaceType::mount}};
    const auto masks = plan_masked_paths(checked(spec), "context=" + label);
    CHECK(std::get<MaskPath>(masks.at(0)).label == "context=" + label);
    CHECK(describe(std::get<MaskPath>(masks.at(0))) == "mask /proc/acpi (context=u:o:t:s0)");

    spec.linux_->mount_label = label;
    spec.mounts = {{.destination = "/sys/fs/cgroup", .type = "cgroup"}};
    Host host = labelling;
    host.cgroups.mode = CgroupMode::v1;
    const auto mounts = plan_mounts(checked(spec), host, "/bundle");
    REQUIRE(mounts);
    CHECK(std::get<MountCgroup>(mounts->setup.at(0)).label == "context=" + label);
    spec.annotations = {{"run.oci.mount_context_type", "rootcontext"}};
    const auto other = plan_mounts(checked(spec), host, "/bundle");
    CHECK(std::get<MountCgroup>(other->setup.at(0)).label == "rootcontext=" + label);
}
