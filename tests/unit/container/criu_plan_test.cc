#include "container/criu_plan.h"

#include <sched.h>

#include <algorithm>

#include <doctest/doctest.h>

#include "checked.h"

namespace sampan {

namespace {

spec::Mount bind(const std::string& source, const std::string& destination) {
    return {.destination = destination, .source = source, .options = {"rbind"}};
}

Spec make_spec() {
    Spec spec;
    spec.linux_.emplace();
    for (const auto type : {spec::NamespaceType::mount, spec::NamespaceType::pid,
                            spec::NamespaceType::network, spec::NamespaceType::cgroup})
        spec.linux_->namespaces.push_back({.type = type});
    spec.mounts.push_back({.destination = "/proc", .type = "proc", .source = "proc"});
    spec.mounts.push_back({.destination = "/data", .type = "tmpfs", .source = "tmpfs"});
    return spec;
}

Host make_host() {
    Host host;
    host.capabilities = ~uint64_t{0};
    return host;
}

Plan plan_of(const Spec& spec) {
    auto plan = make_plan(testing::checked(spec), make_host(), {.id = "web", .bundle = "/b"});
    REQUIRE_MESSAGE(plan.has_value(), (plan ? "" : plan.error().message()));
    return std::move(*plan);
}

Record make_record() {
    Record record;
    record.pid = 42;
    record.rootfs = "/b/rootfs";
    record.cgroup.places.push_back(
        {.unified = true, .mount_point = "/sys/fs/cgroup", .path = "/web"});
    return record;
}

bool has(const std::vector<ExternalMount>& mounts, const ExternalMount& wanted) {
    return std::ranges::find(mounts, wanted) != mounts.end();
}

}  // namespace

TEST_CASE("criu: bind mounts come from outside, file systems of the container do not") {
    Spec spec = make_spec();
    spec.mounts.push_back(bind("/srv", "/mnt/./srv"));
    const auto outside = outside_mounts(plan_of(spec), {}, {});
    REQUIRE(outside.size() == 1);
    CHECK(outside[0] == OutsideMount{"/mnt/srv", "/srv"});
}

TEST_CASE("criu: what the host has mounted below a bind comes from outside, too") {
    Spec spec = make_spec();
    spec.mounts.push_back(bind("/srv", "/mnt"));
    spec.mounts.push_back({.destination = "/mnt/own", .type = "tmpfs", .source = "tmpfs"});
    const std::vector<MountedPlace> host{{1, 0, "/srv/disk", "ext4"},
                                         {2, 0, "/srvice", "ext4"},
                                         {3, 0, "/srv/own", "ext4"},
                                         {4, 0, "/b/rootfs/var", "ext4"}};
    const auto outside = outside_mounts(plan_of(spec), {}, host);
    REQUIRE(outside.size() == 3);
    CHECK(outside[0] == OutsideMount{"/var", "/b/rootfs/var"});
    CHECK(outside[1] == OutsideMount{"/mnt", "/srv"});
    CHECK(outside[2] == OutsideMount{"/mnt/disk", "/srv/disk"});
}

TEST_CASE("criu: a slash at the end of a source is no part of what is mounted below it") {
    Spec spec = make_spec();
    spec.mounts.push_back(bind("/srv/", "/mnt"));
    const auto outside = outside_mounts(plan_of(spec), {}, {{1, 0, "/srv/disk", "ext4"}});
    REQUIRE(outside.size() == 2);
    CHECK(outside[1] == OutsideMount{"/mnt/disk", "/srv/disk"});
}

TEST_CASE("criu: a dump names what is outside by its destination, wherever links lead") {
    Spec spec = make_spec();
    spec.mounts.push_back(bind("/srv", "/var/run/srv"));
    const Plan plan = plan_of(spec);
    const Record record = make_record();
    const auto outside = outside_mounts(plan, record.cgroup, {});
    const CriuOptions options =
        complete_for_dump({}, plan, record, outside, {}, {{"/var/run/srv", "/run/srv"}});
    CHECK(options.mounts == std::vector<ExternalMount>{{"/run/srv", "/var/run/srv"}});
    CHECK(options.pid == 42);
    CHECK(options.root == "/b/rootfs");
    CHECK(options.freeze_cgroup == "/sys/fs/cgroup/web");
    CHECK(options.cgroups == CriuCgroups::soft);
    CHECK(options.orphaned_terminals);
    CHECK(options.empty_namespaces == 0);

    const CriuOptions restored = complete_for_restore(
        {}, plan,
        {outside, {{"/var/run/srv", "/run/srv"}}, {}, 6, "0::/web\n3:cpu,cpuacct:/a:b\n"});
    CHECK(has(restored.mounts, {"/var/run/srv", "/srv"}));
    CHECK(has(restored.mounts, {"/run/srv", "/srv"}));
    CHECK(restored.cgroup_roots ==
          std::vector<CriuCgroupRoot>{{"", "/web"}, {"cpu,cpuacct", "/a:b"}});
    CHECK(restored.restore_as_sibling);
}

TEST_CASE("criu: masked files are the null device of the host") {
    Spec spec = make_spec();
    spec.linux_->masked_paths = {"/proc/kcore"};
    const Plan plan = plan_of(spec);
    std::vector<ObservedMount> observed(3);
    observed[0] = {.root = "/null", .point = "/proc/kcore", .type = "devtmpfs"};
    observed[1] = {.root = "/", .point = "/proc", .type = "proc"};
    observed[2] = {.root = "/", .point = "/proc/acpi", .type = "tmpfs"};
    const CriuOptions options = complete_for_dump({}, plan, make_record(), {}, observed, {});
    CHECK(options.mounts == std::vector<ExternalMount>{{"/proc/kcore", "/dev/null"}});
    const CriuOptions restored = complete_for_restore({}, plan, {{}, {}, {}, 4, ""});
    CHECK(restored.mounts == std::vector<ExternalMount>{{"/dev/null", "/dev/null"}});
    // Without masks nobody else's /dev/null is one.
    CHECK(complete_for_dump({}, plan_of(make_spec()), make_record(), {}, observed, {})
              .mounts.empty());
}

TEST_CASE("criu: joined namespaces") {
    Spec spec = make_spec();
    for (spec::Namespace& one : spec.linux_->namespaces)
        if (one.type == spec::NamespaceType::network) one.path = "/run/netns/pod";
    spec.linux_->namespaces.push_back({.type = spec::NamespaceType::ipc, .path = "/proc/7/ns/ipc"});
    const Plan plan = plan_of(spec);
    Record record = make_record();
    record.namespaces = {{.type = spec::NamespaceType::network, .own = true, .inode = 99},
                         {.type = spec::NamespaceType::ipc, .own = true, .inode = 98}};
    const CriuOptions dump = complete_for_dump({}, plan, record, {}, {}, {});
    CHECK(dump.external == std::vector<std::string>{"net[99]:extRootNetNS"});
    REQUIRE(inherited_namespaces(plan).size() == 1);
    CHECK(inherited_namespaces(plan)[0]->path == "/run/netns/pod");
    const CriuOptions restored = complete_for_restore({}, plan, {{}, {}, {}, 6, ""});
    CHECK(restored.inherited == std::vector<InheritedFd>{{"extRootNetNS", 6}});
    CHECK(restored.joined == std::vector<JoinedNamespace>{{"ipc", "/proc/7/ns/ipc"}});
}

TEST_CASE("criu: pipes and files of the standard streams are replaced by ours") {
    const Plan plan = plan_of(make_spec());
    Record record = make_record();
    record.streams = {"", "pipe:[12]", "file[1c:2a]"};
    CHECK(complete_for_dump({}, plan, record, {}, {}, {}).external ==
          std::vector<std::string>{"file[1c:2a]"});
    CHECK(complete_for_restore({}, plan, {{}, {}, record.streams, 4, ""}).inherited ==
          std::vector<InheritedFd>{{"pipe:[12]", 1}, {"file[1c:2a]", 2}});
    // The same file twice.
    CHECK(
        complete_for_restore({}, plan, {{}, {}, {"", "file[1:2]", "file[1:2]"}, 4, ""}).inherited ==
        std::vector<InheritedFd>{{"file[1:2]", 1}});
}

TEST_CASE("criu: a network that hooks make is left to them") {
    Spec spec = make_spec();
    spec.hooks.create_runtime.push_back({.path = "/bin/hook"});
    const Plan plan = plan_of(spec);
    CHECK(complete_for_dump({}, plan, make_record(), {}, {}, {}).empty_namespaces == CLONE_NEWNET);
    CHECK(complete_for_restore({}, plan, {{}, {}, {}, 4, ""}).empty_namespaces == CLONE_NEWNET);
}

TEST_CASE("criu: a container without cgroups leaves them alone") {
    Record record = make_record();
    record.cgroup = {};
    const CriuOptions options = complete_for_dump({}, plan_of(make_spec()), record, {}, {}, {});
    CHECK(options.cgroups == CriuCgroups::ignore);
    CHECK(options.freeze_cgroup.empty());
}

TEST_CASE("criu: places to mount on are made in the root, and below binds") {
    Spec spec = make_spec();
    spec.mounts.push_back(bind("/srv", "/mnt"));
    spec.mounts.push_back(bind("/etc/hosts", "/mnt/deep/hosts"));
    spec.mounts.push_back(bind("/etc/passwd", "/data/passwd"));
    const auto places = mount_places(plan_of(spec));
    REQUIRE(places.size() == 4);
    CHECK(places[0] == MountPlace{"", "/proc", ""});
    CHECK(places[1] == MountPlace{"", "/data", ""});
    CHECK(places[2] == MountPlace{"", "/mnt", "/srv"});
    CHECK(places[3] == MountPlace{"/srv", "/deep/hosts", "/etc/hosts"});
}

TEST_CASE("criu: what cannot be restored is refused") {
    CHECK(check_can_be_restored(plan_of(make_spec())));
    Spec spec = make_spec();
    spec.mounts.push_back(bind("/srv", "/mnt"));
    spec.mounts.back().options.push_back("src-nofollow");
    CHECK_FALSE(check_can_be_restored(plan_of(spec)));
}

TEST_CASE("criu: the file of its configuration") {
    const auto none = [](const std::string&) { return false; };
    const auto all = [](const std::string&) { return true; };
    CHECK(criu_config_file({}, none) == "/etc/criu/runc.conf");
    CHECK(criu_config_file({}, all) == "/etc/criu/sampan.conf");
    CHECK(criu_config_file({{"org.criu.config", "/etc/mine.conf"}}, all) == "/etc/mine.conf");
    CHECK(criu_config_file({{"org.criu.config", ""}}, all).empty());
}

TEST_CASE("criu: streams as JSON") {
    const std::vector<std::string> streams{"/dev/null", "pipe:[1]", "a \"b\""};
    CHECK(write_streams(streams) == R"(["/dev/null","pipe:[1]","a \"b\""])");
    const auto read = parse_streams(write_streams(streams), "descriptors.json");
    REQUIRE(read);
    CHECK(*read == streams);
    CHECK(parse_streams("null", "descriptors.json")->empty());
    CHECK_FALSE(parse_streams("[", "descriptors.json"));
}

TEST_CASE("criu: the errors of a log") {
    CHECK(last_errors("(00.1) Error (criu/util.c:1): rlimit: Can't setup RLIMIT_NOFILE for self\n"
                      "(00.2) Warn  (criu/a.c:2): something\n"
                      "(00.3)      1: Error (criu/files-reg.c:1790): Can't lookup mount=27\n"
                      "(00.4) Error (criu/cr-dump.c:1975): Dumping FAILED.\n") ==
          "files-reg.c:1790: Can't lookup mount=27; cr-dump.c:1975: Dumping FAILED.");
    CHECK(last_errors("").empty());
    CHECK(last_errors("(00.2) all is well\n").empty());
    std::string many;
    for (int i = 0; i < 9; ++i)
        many += "(00.1) Error (criu/a.c:" + std::to_string(i) + "): no\n";
    CHECK(last_errors(many) == "a.c:0: no; a.c:1: no; a.c:7: no; a.c:8: no");
}

}  // namespace sampan
