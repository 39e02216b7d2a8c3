#include "mounts/later_mounts.h"

#include <doctest/doctest.h>

#include "base/text.h"
#include "host/host.h"

#include "checked.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

Spec container_with(std::vector<spec::Mount> mounts) {
    Spec spec;
    spec.linux_.emplace().namespaces = {{.type = spec::NamespaceType::mount}};
    spec.mounts = std::move(mounts);
    return spec;
}

Spec in_user_namespace(Spec spec) {
    spec.linux_->namespaces.push_back({.type = spec::NamespaceType::user});
    spec.linux_->uid_mappings = {{0, 1000, 1}};
    spec.linux_->gid_mappings = {{0, 1000, 1}};
    return spec;
}

const Host root{.capabilities = ~uint64_t{0}};

std::string refusal(const Spec& spec) {
    const auto plan = plan_later_mounts(checked(spec), root, "/bundle");
    return plan ? "" : plan.error().pointer() + ": " + plan.error().what();
}

}  // namespace

TEST_CASE("later mounts: every mount is made outside, and attached inside") {
    const Spec spec = container_with({{.destination = "/a", .source = "x", .options = {"rbind"}},
                                      {.destination = "/b", .type = "tmpfs"}});
    const auto plan = plan_later_mounts(checked(spec), root, "/bundle");
    REQUIRE(plan);
    REQUIRE(plan->sources.size() == 2);
    CHECK(plan->sources[0].source == "/bundle/x");
    CHECK(plan->sources[0].view == SourceView::host);
    CHECK(plan->sources[0].propagation);
    CHECK(plan->sources[1].filesystem->type == "tmpfs");
    REQUIRE(plan->setup.size() == 2);
    CHECK(std::get<BindMount>(plan->setup[0]).source_slot ==
          static_cast<int>(plan->sources[0].slot));
    CHECK(std::get<MountFilesystem>(plan->setup[1]).made_slot ==
          static_cast<int>(plan->sources[1].slot));
}

TEST_CASE("later mounts: of a user namespace, binds are taken where the host's flags are locked") {
    const auto plan = plan_later_mounts(
        checked(in_user_namespace(
            container_with({{.destination = "/a", .source = "/x", .options = {"bind", "ro"}},
                            {.destination = "/b", .type = "tmpfs"}}))),
        root, "/bundle");
    REQUIRE(plan);
    for (const OpenSource& source : plan->sources)
        CHECK(source.view == SourceView::container);
}

TEST_CASE("later mounts: what cannot be made later is refused, with its place") {
    const auto one = [](spec::Mount mount) { return refusal(container_with({std::move(mount)})); };
    for (const char* type : {"sysfs", "cgroup", "cgroup2", "mqueue", "devpts"})
        CHECK(one({.destination = "/x", .type = type}).starts_with("/mounts/0: "));
    CHECK(one({.destination = "/proc", .type = "proc"}).starts_with("/mounts/0: "));
    CHECK(one({.destination = "/x", .options = {"remount", "ro"}}).starts_with("/mounts/0: "));
    CHECK(one({.destination = "/x", .type = "tmpfs", .options = {"tmpcopyup"}})
              .starts_with("/mounts/0: "));
    CHECK(one({.destination = "/x", .source = "/y", .options = {"bind", "copy-symlink"}})
              .starts_with("/mounts/0: "));
    CHECK(one({.destination = "/", .type = "tmpfs"}).starts_with("/mounts/0/destination: "));
    CHECK(one({.destination = "/x", .type = "ext4", .source = "/dev/sdz"}).empty());
    CHECK(refusal(in_user_namespace(
                      container_with({{.destination = "/x", .type = "ext4", .source = "/dev/z"}})))
              .starts_with("/mounts/0: "));
    CHECK(refusal(Spec{.mounts = {{.destination = "/x", .type = "tmpfs"}}, .linux_ = spec::Linux{}})
              .starts_with(": the container has no mount namespace"));
}

TEST_CASE("added mounts: only they are chosen, the newest first and each once") {
    const AddedMounts added{{{"/a", {.id = 1, .unique = 11, .device = 7, .inode = 2}},
                             {"/z", {.id = 2, .unique = 12, .device = 8, .inode = 2}},
                             {"/z", {.id = 3, .unique = 13, .device = 9, .inode = 2}}}};
    CHECK(read_added(write_added(added), "mounts.json").value() == added);
    const auto numbers = [&added](const std::vector<std::string>& destinations) {
        std::string text;
        const auto chosen = choose_added(added, destinations);
        for (const ChosenMount& one : chosen.value())
            text += format("{}{} ", one.number, one.origin);
        return text;
    };
    CHECK(numbers({"/z"}) == "2/mounts/0 ");
    CHECK(numbers({"//z/", "/a", "/z", "/z"}) == "2/mounts/0 1/mounts/2 0/mounts/1 ");
    const auto refused = choose_added(added, {"/a", "/proc/sys"});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().pointer() == "/mounts/1/destination");
}

TEST_CASE("added mounts: a number that the kernel gives again is another mount") {
    const MountIdentity mount{.id = 1, .unique = 11, .device = 7, .inode = 2};
    CHECK(is_same_mount(mount, mount));
    CHECK_FALSE(is_same_mount(mount, {.id = 1, .unique = 12, .device = 7, .inode = 2}));
    CHECK_FALSE(is_same_mount({.id = 1, .unique = 0, .device = 7, .inode = 2},
                              {.id = 1, .unique = 0, .device = 8, .inode = 2}));
}
