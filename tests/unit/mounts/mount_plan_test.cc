#include <linux/capability.h>
#include <linux/mount.h>
#include <sys/mount.h>

#include <doctest/doctest.h>

#include "base/text.h"
#include "host/host.h"
#include "mounts/mounts.h"
#include "mounts/propagation.h"
#include "mounts/rootfs.h"

#include "checked.h"
#include "mount_support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

using enum spec::NamespaceType;

Host privileged_host() {
    Host host;
    host.capabilities = ~uint64_t{0};
    return host;
}

Spec with_user_namespace(Spec spec) {
    spec.linux_->namespaces.push_back({.type = user});
    spec.linux_->uid_mappings = {{0, 100000, 1}};
    spec.linux_->gid_mappings = {{0, 100000, 1}};
    return spec;
}

std::string refusal(const Spec& spec, const Host& host) {
    const Result<MountPlan> plan = plan_mounts(checked(spec), host, "/b");
    return plan ? "none" : plan.error().pointer() + ": " + plan.error().message();
}

template <class Step>
Step only_step(const MountPlan& plan) {
    REQUIRE(plan.setup.size() == 1);
    REQUIRE(std::holds_alternative<Step>(plan.setup[0]));
    return std::get<Step>(plan.setup[0]);
}

MountPlan plan_of(const Spec& spec) {
    Result<MountPlan> plan = plan_mounts(checked(spec), privileged_host(), "/b");
    REQUIRE_MESSAGE(plan.has_value(), plan.error().message());
    return *plan;
}

}  // namespace

TEST_CASE("mount plan: an empty config.json plans nothing and does not crash") {
    CHECK(plan_mounts(checked(Spec{}), Host{}, "/b").value() == MountPlan{});
}

TEST_CASE(
    "mount plan: flags that are joined in one string are refused, options of the file system not") {
    const auto refused = [](const std::vector<std::string>& options) {
        return refusal(spec_with({mount_of("/tmp", "tmpfs", "tmpfs", options)}), privileged_host());
    };
    CHECK(refused({"size=64k", "nosuid,nodev"}) ==
          "/mounts/0/options/1: \"nosuid,nodev\" is several options in one string");
    CHECK(refused({"size=64k,mode=700"}) == "none");
    CHECK(refused({"mode=700,,size=64k,"}) == "none");
}

TEST_CASE("mount plan: a file system, with its options sorted into flags and data") {
    const MountPlan plan =
        plan_of(spec_with({mount_of("/tmp", "tmpfs", "tmpfs", {"nosuid", "size=64k", "sync"})}));
    MountFilesystem expected{.origin = "/mounts/0",
                             .type = "tmpfs",
                             .source = "tmpfs",
                             .destination = "/tmp",
                             .superblock_set = MS_SYNCHRONOUS,
                             .data = {"size=64k"},
                             .data_places = {1}};
    expected.changes.own.set = MOUNT_ATTR_NOSUID;
    CHECK(only_step<MountFilesystem>(plan) == expected);
    CHECK(describe(expected) == "mount tmpfs on /tmp (nosuid,size=64k)");
    CHECK(plan.pivot.empty());
    CHECK(plan.sources.empty());
}

TEST_CASE("mount plan: an overlay with tmpupper, whose size is the tmpfs's") {
    const Spec spec =
        spec_with({mount_of("/", "overlay", "overlay", {"lowerdir=/x", "tmpupper", "size=64k"})});
    MountFilesystem step = only_step<MountFilesystem>(plan_of(spec));
    CHECK(step.tmp_upper);
    CHECK(step.tmp_upper_size == "64k");
    CHECK(step.data_places == std::vector<size_t>{0});
    CHECK(step.data == std::vector<std::string>{"lowerdir=/x"});
    // There the overlay cannot keep its notes as the host's root does.
    step = only_step<MountFilesystem>(plan_of(with_user_namespace(spec)));
    CHECK(step.data == std::vector<std::string>{"lowerdir=/x", "userxattr"});
}

TEST_CASE("mount plan: a relative destination counts from /, .. stops there") {
    const MountPlan plan = plan_of(spec_with({mount_of("a/../../tmp/", "tmpfs", "", {})}));
    CHECK(only_step<MountFilesystem>(plan).destination == "/tmp");
}

TEST_CASE("mount plan: a bind is known by its option, its source counts from the bundle") {
    const MountPlan plan =
        plan_of(spec_with({mount_of("/data", "tmpfs", "data", {"rbind", "ro", "rprivate"})}));
    const BindMount& bind = only_step<BindMount>(plan);
    CHECK(bind.source == "/b/data");
    CHECK(bind.bind == Binding::whole_tree);
    CHECK(bind.source_slot == -1);
    CHECK(describe(bind) == "bind /b/data on /data (rbind,ro,rprivate)");
}

TEST_CASE("mount plan: ro of tmpfs and of /dev waits until the devices are made") {
    const MountPlan plan = plan_of(spec_with({mount_of("/dev", "tmpfs", "", {"ro", "noexec"})}));
    CHECK(only_step<MountFilesystem>(plan).changes.own.set == MOUNT_ATTR_NOEXEC);
    CHECK(plan.pivot == std::vector<MakeReadonly>{{"/mounts/0", "/dev", 0}});
    CHECK(only_step<MountFilesystem>(plan).readonly_slot == 0);
    CHECK(plan_of(spec_with({mount_of("/sys", "sysfs", "", {"ro"})})).pivot.empty());
}

TEST_CASE("mount plan: in a user namespace the supervisor opens the sources") {
    const Spec spec = with_user_namespace(
        spec_with({mount_of("/a", "", "/x", {"bind"}), mount_of("/b", "", "/y", {"rbind"})}));
    const MountPlan plan = plan_of(spec);
    REQUIRE(plan.sources.size() == 2);
    CHECK(plan.sources[1] == OpenSource{.origin = "/mounts/1",
                                        .source = "/y",
                                        .destination = "/b",
                                        .view = SourceView::container,
                                        .bind = Binding::whole_tree,
                                        .propagation = Propagation{MS_PRIVATE, Reach::whole_tree},
                                        .slot = 2});
    CHECK(std::get<BindMount>(plan.setup[1]).source_slot == 2);
    const RootPlan root = plan_root(checked(spec), privileged_host(), "/b", RootSwitch::pivot);
    REQUIRE(root.sources.size() == 1);
    CHECK(root.sources[0].slot == root_source_slot);
    // Without the right to open them early, init opens them.
    CHECK(plan_mounts(checked(spec), Host{}, "/b").value().sources.empty());
}

TEST_CASE("mount plan: a bind keeps the host's peer groups for rshared alone") {
    const Spec spec = spec_with({mount_of("/a", "", "/x", {"rbind", "rshared"}),
                                 mount_of("/b", "", "/y", {"rbind"}),
                                 mount_of("/c", "", "/z", {"rbind", "shared"})});
    const MountPlan plan = plan_of(spec);
    REQUIRE(plan.sources.size() == 1);
    CHECK(plan.sources[0].source == "/x");
    CHECK_FALSE(plan.sources[0].propagation.has_value());
    CHECK(initial_propagation(spec) == Propagation{MS_SLAVE, Reach::whole_tree});
    CHECK(std::get<BindMount>(plan.setup[1]).propagation ==
          Propagation{MS_PRIVATE, Reach::whole_tree});
    CHECK_FALSE(std::get<BindMount>(plan.setup[2]).propagation.has_value());
    const RootPlan root = plan_root(checked(spec), privileged_host(), "/b", RootSwitch::pivot);
    CHECK(std::get<AttachRoot>(root.setup[1]).propagation ==
          Propagation{MS_PRIVATE, Reach::whole_tree});
}

TEST_CASE("mount plan: what a user namespace may not mount is the host's instead") {
    const Spec spec = with_user_namespace(
        spec_with({mount_of("/sys", "sysfs", "sysfs", {"nosuid", "noatime", "ro"})}));
    const BindMount& bind = only_step<BindMount>(plan_of(spec));
    CHECK(bind.source == "/sys");
    CHECK(bind.changes.tree.set == MOUNT_ATTR_RDONLY);
    CHECK(bind.changes.own.set == (MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID));
    Spec own_network = spec;
    own_network.linux_->namespaces.push_back({.type = network});
    CHECK(only_step<MountFilesystem>(plan_of(own_network)).type == "sysfs");
}

TEST_CASE("mount plan: an id that the user namespace does not map is refused by name") {
    const Spec spec =
        with_user_namespace(spec_with({mount_of("/dev/pts", "devpts", "", {"gid=5"})}));
    CHECK(refusal(spec, privileged_host()) ==
          "/mounts/0/options/0: the option \"gid=5\": the container's user namespace maps no such "
          "id");
}

TEST_CASE("mount plan: refusals point at the mount") {
    const Host host = privileged_host();
    CHECK(refusal(spec_with({mount_of("/a", "", "", {})}), host).starts_with("/mounts/0: "));
    CHECK(refusal(spec_with({mount_of("/a", "bind", "/x", {})}), host).find("add the option") !=
          std::string::npos);
    CHECK(refusal(spec_with({mount_of("/a", "", "", {"bind"})}), host).find("source") !=
          std::string::npos);
    CHECK(refusal(spec_with({mount_of("/proc/sys", "tmpfs", "", {})}), host).find("/proc") !=
          std::string::npos);
    const auto mapped = [&](const char* ranges) {
        const std::string option = format("idmap=uids={};gids=0-0-1", ranges);
        return refusal(spec_with({mount_of("/a", "", "/x", {"bind", option})}), host);
    };
    CHECK(mapped("0-0-5#3-9-1") ==
          "/mounts/0: \"0-0-5#3-9-1\": the ids in the container overlap with those of mapping 0");
    CHECK(mapped("0-4294967290-6").find("end above 4294967294") != std::string::npos);
    CHECK(mapped("0-0-0").find("is not a range of ids") != std::string::npos);
    Spec no_namespace = spec_with({mount_of("/a", "tmpfs", "", {})});
    no_namespace.linux_->namespaces = {{.type = spec::NamespaceType::user}};
    no_namespace.linux_->uid_mappings = {{0, 1000, 1}};
    no_namespace.linux_->gid_mappings = {{0, 1000, 1}};
    CHECK(refusal(no_namespace, host).starts_with("/mounts: a user namespace may not mount"));
}

TEST_CASE("mount plan: options that a bind cannot take are told, but for those of engines") {
    const MountPlan plan =
        plan_of(spec_with({mount_of("/a", "", "/x", {"bind", "nodevs", "z", "size=1", "nocopy"})}));
    REQUIRE(plan.warnings.size() == 2);
    CHECK(plan.warnings[0].pointer == "/mounts/0/options/1");
    CHECK(plan.warnings[0].hint == "did you mean \"nodev\"?");
    CHECK(plan.warnings[1].pointer == "/mounts/0/options/3");
}

TEST_CASE("mount plan: without a mount namespace sources are cut off from the host's mounts") {
    Spec spec = spec_with({mount_of("/a", "", "/x", {"rbind"}), mount_of("/b", "tmpfs", "", {})});
    spec.linux_->namespaces.clear();
    const MountPlan plan = plan_of(spec);
    REQUIRE(plan.sources.size() == 1);
    CHECK(plan.sources[0].view == SourceView::host);
    CHECK(plan.sources[0].propagation == Propagation{MS_PRIVATE, Reach::whole_tree});
    CHECK(plan.setup.size() == 2);
}

TEST_CASE("mount plan: cgroups of each layout") {
    Host host = privileged_host();
    CHECK(refusal(spec_with({mount_of("/sys/fs/cgroup", "cgroup", "", {})}), host)
              .find("no cgroup file system") != std::string::npos);
    host.cgroups.mode = CgroupMode::hybrid;
    host.cgroups.hierarchies = {
        {.controllers = {"cpu", "cpuacct"}, .mount_point = "/sys/fs/cgroup/cpu,cpuacct"},
        {.controllers = {"name=systemd"}, .mount_point = "/sys/fs/cgroup/systemd"}};
    host.cgroups.unified = CgroupHierarchy{.mount_point = "/sys/fs/cgroup/unified"};
    Spec spec = spec_with({mount_of("/sys/fs/cgroup", "cgroup", "cgroup", {"ro"})});
    MountPlan plan = plan_mounts(checked(spec), host, "/b").value();
    MountCgroup step = only_step<MountCgroup>(plan);
    REQUIRE(step.views.size() == 2);
    CHECK_FALSE(step.fresh);
    CHECK(step.views[0].name == "cpu,cpuacct");
    CHECK(step.views[0].links == std::vector<std::string>{"cpu", "cpuacct"});
    CHECK(step.views[1].name == "systemd");
    CHECK(step.views[1].links.empty());
    CHECK(step.unified->name == "unified");
    host.cgroups.mode = CgroupMode::v2;
    spec.linux_->namespaces.push_back({.type = cgroup});
    plan = plan_mounts(checked(spec), host, "/b").value();
    step = only_step<MountCgroup>(plan);
    CHECK(step.fresh);
    CHECK(step.views.empty());
}

TEST_CASE("mount plan: a new cgroup2 leaves the host's the flags that it has") {
    Host host = privileged_host();
    host.cgroups.mode = CgroupMode::v2;
    host.cgroups.unified =
        CgroupHierarchy{.mount_point = "/sys/fs/cgroup", .flags = {"nsdelegate", "favordynmods"}};
    Spec spec = spec_with({mount_of("/x", "cgroup2", "x", {"nsdelegate"})});
    MountPlan plan = plan_mounts(checked(spec), host, "/b").value();
    CHECK(only_step<MountFilesystem>(plan).data ==
          std::vector<std::string>{"nsdelegate", "favordynmods"});
    spec = spec_with({mount_of("/sys/fs/cgroup", "cgroup", "cgroup", {})});
    spec.linux_->namespaces.push_back({.type = spec::NamespaceType::cgroup});
    plan = plan_mounts(checked(spec), host, "/b").value();
    CHECK(only_step<MountCgroup>(plan).unified->options == "nsdelegate,favordynmods");
}

TEST_CASE("mount plan: a bound cgroup in a user namespace is read-only unless rw is asked for") {
    Host host = privileged_host();
    for (const CgroupMode mode : {CgroupMode::v1, CgroupMode::v2}) {
        host.cgroups.mode = mode;
        host.cgroups.unified = CgroupHierarchy{.mount_point = "/sys/fs/cgroup"};
        const auto is_read_only = [&host](const std::vector<std::string>& options) {
            const Spec spec =
                with_user_namespace(spec_with({mount_of("/sys/fs/cgroup", "cgroup", "", options)}));
            const MountPlan plan = plan_mounts(checked(spec), host, "/b").value();
            return (only_step<MountCgroup>(plan).changes.own.set & MOUNT_ATTR_RDONLY) != 0;
        };
        CHECK(is_read_only({}));  // CVE-2023-25809
        CHECK(is_read_only({"ro"}));
        CHECK_FALSE(is_read_only({"rw"}));
    }
}

TEST_CASE(
    "mount plan: cgroup2 without a namespace is the host's, read-only unless rw is asked for") {
    Host host = privileged_host();
    host.cgroups.mode = CgroupMode::v2;
    host.cgroups.unified = CgroupHierarchy{.mount_point = "/sys/fs/cgroup"};
    const auto step_with = [&host](const std::vector<std::string>& options) {
        const Spec spec = spec_with({mount_of("/sys/fs/cgroup", "cgroup", "", options)});
        return only_step<MountCgroup>(plan_mounts(checked(spec), host, "/b").value());
    };
    const auto is_read_only = [&step_with](const std::vector<std::string>& options) {
        return (step_with(options).changes.own.set & MOUNT_ATTR_RDONLY) != 0;
    };
    CHECK(is_read_only({}));
    CHECK(is_read_only({"nosuid", "ro"}));
    CHECK(is_read_only({"rw", "ro"}));
    CHECK_FALSE(is_read_only({"rw"}));
    CHECK(describe(step_with({})).starts_with("bind the host's cgroups on /sys/fs/cgroup"));
}

TEST_CASE("root plan: pivot by default, chroot without a mount namespace") {
    Spec spec = spec_with({});
    const Host host = privileged_host();
    const RootPlan plan = plan_root(checked(spec), host, "/b", RootSwitch::pivot);
    REQUIRE(plan.setup.size() == 2);
    CHECK(std::get<SetPropagation>(plan.setup[0]).propagation ==
          Propagation{MS_PRIVATE, Reach::whole_tree});
    CHECK(std::get<AttachRoot>(plan.setup[1]).path == "/b/rootfs");
    REQUIRE(plan.pivot.size() == 1);
    CHECK(std::holds_alternative<PivotRoot>(plan.pivot[0]));
    const RootPlan moved = plan_root(checked(spec), host, "/b", RootSwitch::move);
    CHECK(std::get<ChrootInto>(moved.pivot[0]).move);

    spec.linux_->namespaces.clear();
    const RootPlan bare = plan_root(checked(spec), host, "/b", RootSwitch::pivot);
    REQUIRE(bare.setup.size() == 1);
    CHECK_FALSE(std::get<AttachRoot>(bare.setup[0]).mount);
    CHECK_FALSE(std::get<ChrootInto>(bare.pivot[0]).move);
}

TEST_CASE("root plan: a root that the first mount covers is opened, and not copied") {
    const Spec covered =
        checked(with_user_namespace(spec_with({mount_of("/", "tmpfs", "tmpfs", {})})));
    const RootPlan plan = plan_root(covered, privileged_host(), "/b", RootSwitch::pivot);
    CHECK(plan.sources.empty());
    REQUIRE(plan.setup.size() == 2);
    CHECK(std::get<AttachRoot>(plan.setup[1]) ==
          AttachRoot{.origin = "/root/path", .path = "/b/rootfs", .mount = false, .covered = true});
}

TEST_CASE("root plan: propagation and read-only come after the switch") {
    Spec spec = spec_with({});
    spec.root->readonly = true;
    spec.linux_->rootfs_propagation = spec::RootfsPropagation::shared;
    const RootPlan plan = plan_root(checked(spec), privileged_host(), "/b", RootSwitch::pivot);
    CHECK(std::get<SetPropagation>(plan.setup[0]).propagation.kind == MS_SLAVE);
    REQUIRE(plan.pivot.size() == 2);
    const ChangeRoot& change = std::get<ChangeRoot>(plan.pivot[1]);
    CHECK(change.propagation == Propagation{MS_SHARED, Reach::one_mount});
    CHECK(describe(change) == "make the root read-only and shared");
}

TEST_CASE("mount plan: a new file system with mapped ids is made outside") {
    Spec spec = spec_with({mount_of("/data", "tmpfs", "x", {"idmap", "size=4k"})});
    spec.mounts[0].uid_mappings = {{0, 1000, 10}};
    spec.mounts[0].gid_mappings = {{0, 1000, 10}};
    const MountPlan plan = plan_of(spec);
    REQUIRE(plan.sources.size() == 1);
    const OpenSource& made = plan.sources[0];
    REQUIRE(made.filesystem);
    CHECK(made.filesystem->type == "tmpfs");
    CHECK(made.filesystem->data == std::vector<std::string>{"size=4k"});
    REQUIRE(made.id_maps);
    CHECK(made.id_maps->maps.uids == spec.mounts[0].uid_mappings);
    CHECK(only_step<MountFilesystem>(plan).made_slot == static_cast<int>(made.slot));
}

TEST_CASE("mount plan: links as source and as destination are followed unless the options say no") {
    Spec spec =
        spec_with({mount_of("/a", "", "/x", {"bind", "ro"}),
                   mount_of("/a", "", "/x", {"bind", "src-nofollow", "dest-nofollow", "nosuid"}),
                   mount_of("/a", "tmpfs", "", {"dest-nofollow", "size=4k", "nosuid"})});
    const MountPlan plan = plan_of(spec);
    const BindMount& plain = std::get<BindMount>(plan.setup[0]);
    CHECK(plain.source_link == SourceLink::follow);
    CHECK(plain.last_link == LastLink::follow);
    const BindMount& bind = std::get<BindMount>(plan.setup[1]);
    CHECK(bind.source_link == SourceLink::bind);
    CHECK(bind.last_link == LastLink::cover);
    CHECK(describe(bind) == "bind /x on /a (bind,src-nofollow,dest-nofollow,nosuid)");
    const MountFilesystem& made = std::get<MountFilesystem>(plan.setup[2]);
    CHECK(made.last_link == LastLink::cover);
    CHECK(describe(made) == "mount tmpfs on /a (dest-nofollow,nosuid,size=4k)");
    const std::vector<OpenSource> sources = plan_of(with_user_namespace(spec)).sources;
    REQUIRE(sources.size() == 2);
    CHECK(sources[0].source_link == SourceLink::follow);
    CHECK(sources[1].source_link == SourceLink::bind);
}

TEST_CASE("mount plan: copy-symlink is of the bind, and of the source where it is opened outside") {
    Spec spec = spec_with({mount_of("/a", "", "/x", {"rbind", "copy-symlink"})});
    const BindMount bind = only_step<BindMount>(plan_of(spec));
    CHECK(bind.source_link == SourceLink::copy);
    CHECK(describe(bind) == "bind /x on /a (rbind,copy-symlink)");
    const std::vector<OpenSource> sources = plan_of(with_user_namespace(spec)).sources;
    REQUIRE(sources.size() == 1);
    CHECK(sources[0].source_link == SourceLink::copy);
    spec.linux_->namespaces.clear();
    CHECK(plan_of(spec).sources.at(0).source_link == SourceLink::copy);
}

TEST_CASE("mount plan: options for links that have nothing to say are refused") {
    const auto refused = [](const spec::Mount& mount) {
        return refusal(spec_with({mount}), privileged_host());
    };
    CHECK(refused(mount_of("/a", "tmpfs", "", {"src-nofollow"})).contains("src-nofollow"));
    CHECK(refused(mount_of("/a", "", "/x", {"bind", "remount", "src-nofollow"}))
              .contains("src-nofollow"));
    CHECK(refused(mount_of("/a", "tmpfs", "", {"copy-symlink"})).contains("copy-symlink"));
    for (const char* other : {"src-nofollow", "dest-nofollow"})
        CHECK(refused(mount_of("/a", "", "/x", {"bind", "copy-symlink", other}))
                  .contains("copy-symlink"));
    CHECK(refused(mount_of("/a", "", "", {"remount", "dest-nofollow"})).contains("dest-nofollow"));
    CHECK(refused(mount_of("/a", "cgroup", "", {"dest-nofollow"})).contains("dest-nofollow"));
}
