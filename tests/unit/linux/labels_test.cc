#include "linux/labels.h"

#include <doctest/doctest.h>

#include "host/host.h"
#include "linux/masked_paths.h"
#include "linux/mounts.h"

using namespace sampan;

namespace {

const Host plain;
const Host labelling{.apparmor = true, .selinux = true};

spec::Process process_with(std::optional<std::string> profile, std::optional<std::string> label) {
    spec::Process process;
    process.apparmor_profile = std::move(profile);
    process.selinux_label = std::move(label);
    return process;
}

}  // namespace

TEST_CASE("labels: each is written to the file of its module") {
    const auto labels = plan_labels(process_with("box", "u:r:t:s0"), labelling, "/process");
    REQUIRE(labels);
    CHECK(*labels == std::vector<WriteLabel>{
                         {"/process/apparmorProfile", SecurityModule::apparmor, "exec box"},
                         {"/process/selinuxLabel", SecurityModule::selinux, "u:r:t:s0"},
                     });
    CHECK(describe(labels->front()) ==
          "write \"exec box\" to /proc/thread-self/attr/apparmor/exec");
    CHECK(describe(labels->back()) == "write \"u:r:t:s0\" to /proc/thread-self/attr/exec");
}

TEST_CASE("labels: none, an empty one, and no module to be confined by") {
    for (const Host& host : {plain, labelling}) {
        CHECK(plan_labels(process_with({}, {}), host, "/process").value().empty());
        CHECK(plan_labels(process_with("", ""), host, "/process").value().empty());
    }
    CHECK(plan_labels(process_with("unconfined", {}), plain, "/process").value().empty());
    CHECK(plan_labels(process_with("unconfined", {}), labelling, "/process").value().size() == 1);
}

TEST_CASE("labels: without the module they are errors with their place") {
    auto labels = plan_labels(process_with("box", {}), plain, "/process");
    REQUIRE_FALSE(labels);
    CHECK(labels.error().pointer() == "/process/apparmorProfile");
    labels = plan_labels(process_with({}, "u:r:t:s0"), plain, "/process");
    REQUIRE_FALSE(labels);
    CHECK(labels.error().pointer() == "/process/selinuxLabel");
    Spec spec;
    CHECK(plan_mount_label(spec, plain).value().empty());
    spec.linux_.emplace().mount_label = "u:r:t:s0";
    const auto mount_label = plan_mount_label(spec, plain);
    REQUIRE_FALSE(mount_label);
    CHECK(mount_label.error().pointer() == "/linux/mountLabel");
}

TEST_CASE("mount label: new file systems get it, those with labels of their own do not") {
    Spec spec;
    spec.linux_.emplace().mount_label = "u:o:t:s0";
    spec.linux_->namespaces = {{.type = spec::NamespaceType::mount}};
    spec.mounts = {{.destination = "/a", .type = "tmpfs", .options = {"size=4k"}},
                   {.destination = "/b", .type = "mqueue"},
                   {.destination = "/c", .type = "sysfs"},
                   {.destination = "/d", .type = "tmpfs", .options = {"context=own"}}};
    const auto plan = plan_mounts(spec, labelling, "/bundle");
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
    const auto masks = plan_masked_paths(spec, label);
    REQUIRE(masks);
    CHECK(std::get<MaskPath>(masks->at(0)).label == label);
    CHECK(describe(std::get<MaskPath>(masks->at(0))) == "mask /proc/acpi (context=u:o:t:s0)");

    spec.linux_->mount_label = label;
    spec.linux_->namespaces = {{.type = spec::NamespaceType::mount}};
    spec.mounts = {{.destination = "/sys/fs/cgroup", .type = "cgroup"}};
    Host host = labelling;
    host.cgroups.mode = CgroupMode::v1;
    const auto mounts = plan_mounts(spec, host, "/bundle");
    REQUIRE(mounts);
    CHECK(std::get<MountCgroup>(mounts->setup.at(0)).label == label);
}
