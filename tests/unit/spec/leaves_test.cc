#include "spec/leaves.h"

#include <doctest/doctest.h>

#include "spec/tables.h"

using namespace sampan;

namespace {

std::string find(const std::vector<Leaf>& all, std::string_view pointer) {
    for (const Leaf& leaf : all)
        if (leaf.pointer == pointer) return leaf.text;
    return "absent";
}

Spec limited_spec() {
    Spec spec;
    spec.oci_version = "1.3.0";
    spec.linux_.emplace();
    spec.linux_->resources.emplace();
    spec.linux_->resources->memory = spec::Memory{.limit = 100};
    spec.linux_->sysctl["net/a~b"] = "1";
    spec.linux_->namespaces = {{.type = spec::NamespaceType::pid},
                               {.type = spec::NamespaceType::ipc}};
    return spec;
}

}  // namespace

TEST_CASE("leaves: each value has its pointer, whatever is above it") {
    const std::vector<Leaf> all = leaves(limited_spec());
    CHECK(find(all, "/ociVersion") == "\"1.3.0\"");
    CHECK(find(all, "/linux/resources/memory/limit") == "100");
    CHECK(find(all, "/linux/sysctl/net~1a~0b") == "\"1\"");
    CHECK(find(all, "/linux/namespaces/1/type") == "\"ipc\"");
    CHECK(find(all, "/linux/resources/memory/swap") == "absent");
    CHECK(find(all, "/linux/resources") == "absent");
    CHECK(find(all, "/hostname") == "absent");
}

TEST_CASE("leaves: arrays of values are one leaf, in whatever order, also if they are empty") {
    Spec spec;
    spec.process.emplace();
    spec.process->capabilities = spec::Capabilities{.bounding = {"CAP_KILL", "CAP_CHOWN"}};
    const std::vector<Leaf> all = leaves(spec);
    CHECK(find(all, "/process/capabilities/bounding") == R"(["CAP_CHOWN","CAP_KILL"])");
    CHECK(find(all, "/process/capabilities/ambient") == "[]");
    CHECK(find(all, "/process/noNewPrivileges") == "false");
    CHECK(find(all, "/process/oomScoreAdj") == "absent");
}

TEST_CASE("leaves: values that only one of the two has are not compared") {
    const Spec config = limited_spec();
    Spec kernel = limited_spec();
    kernel.hostname = "other";
    kernel.linux_->sysctl.clear();
    CHECK(compare_leaves(leaves(config), leaves(kernel)).empty());
    kernel.linux_->resources->memory->limit = 200;
    kernel.linux_->namespaces[0].type = spec::NamespaceType::user;
    const std::vector<Difference> found = compare_leaves(leaves(config), leaves(kernel));
    const std::vector<Difference> expected{{"/linux/namespaces/0/type", "\"pid\"", "\"user\""},
                                           {"/linux/resources/memory/limit", "100", "200"}};
    CHECK(found == expected);
}
