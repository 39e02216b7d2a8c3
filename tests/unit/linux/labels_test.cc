#include "linux/labels.h"

#include <doctest/doctest.h>

#include "host/host.h"

#include "checked.h"

using namespace sampan;
using namespace sampan::testing;

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
    const auto labels =
        plan_labels(checked(process_with("box", "u:r:t:s0")), labelling, "/process");
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
        CHECK(plan_labels(checked(process_with({}, {})), host, "/process").value().empty());
        CHECK(plan_labels(checked(process_with("", "")), host, "/process").value().empty());
    }
    CHECK(plan_labels(checked(process_with("unconfined", {})), plain, "/process").value().empty());
    CHECK(plan_labels(checked(process_with("unconfined", {})), labelling, "/process")
              .value()
              .size() == 1);
}

TEST_CASE("labels: without the module they are errors with their place") {
    auto labels = plan_labels(checked(process_with("box", {})), plain, "/process");
    REQUIRE_FALSE(labels);
    CHECK(labels.error().pointer() == "/process/apparmorProfile");
    labels = plan_labels(checked(process_with({}, "u:r:t:s0")), plain, "/process");
    REQUIRE_FALSE(labels);
    CHECK(labels.error().pointer() == "/process/selinuxLabel");
    Spec spec;
    CHECK(plan_mount_label(checked(spec), plain).value().empty());
    spec.linux_.emplace().mount_label = "u:r:t:s0";
    const auto mount_label = plan_mount_label(checked(spec), plain);
    REQUIRE_FALSE(mount_label);
    CHECK(mount_label.error().pointer() == "/linux/mountLabel");
}
