// The mounts as the kernel shows them afterwards. Each test runs in a mount namespace of its own.
#include "mounts/mounts.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include <doctest/doctest.h>
#include <seccomp.h>

#include "base/text.h"
#include "host/host.h"
#include "os/file.h"
#include "os/mount_api.h"

#include "checked.h"
#include "mount_support.h"
#include "skip.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

Host root_host() {
    Host host;
    host.capabilities = ~uint64_t{0};
    return host;
}

// A root file system with the mounts of `spec`; `look` returns what is there.
std::string after_mounts(const TempFolder& folder,
                         const Spec& spec,
                         const std::function<std::string(Context&)>& look) {
    const Spec asked = checked(spec);
    return in_mount_namespace([&]() -> std::string {
        Result<Context> context = make_context(folder.path() + "/rootfs");
        if (!context) return context.error().message();
        Result<MountPlan> plan = plan_mounts(asked, root_host(), folder.path());
        if (!plan) return plan.error().message();
        for (const OpenSource& step : plan->sources) {
            const Status opened = apply(step, *context);
            if (!opened) return opened.error().message();
        }
        const std::string done = apply_all(plan->setup, *context);
        if (done != "ok") return done;
        for (const MakeReadonly& step : plan->pivot) {
            const Status made = apply(step, *context);
            if (!made) return made.error().message();
        }
        return look(*context);
    });
}

std::string facts_after(const TempFolder& folder, const Spec& spec, const std::string& path) {
    return after_mounts(folder, spec, [&](Context& context) { return facts_of(context, path); });
}

struct Bundle : TempFolder {
    Bundle() {
        write("rootfs/etc/hosts", "of the image");
        write("data/file", "of the host");
    }
};

}  // namespace

TEST_CASE("mounts: file systems appear with their flags, on folders that are made") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const Spec spec = spec_with({
        mount_of("/proc", "proc", "proc", {"nosuid", "noexec", "nodev"}),
        mount_of("/dev", "tmpfs", "tmpfs", {"nosuid", "noexec", "mode=755", "size=65536k"}),
        mount_of("/dev/pts", "devpts", "devpts", {"newinstance", "ptmxmode=0666", "mode=0620"}),
        mount_of("/dev/mqueue", "mqueue", "mqueue", {"nosuid"}),
        mount_of("/sys", "sysfs", "sysfs", {"ro", "nosymfollow"}),
        mount_of("/a/b/c", "tmpfs", "tmpfs", {"noatime", "nodiratime", "ro", "silent", "sync"}),
    });
    const std::string found = after_mounts(bundle, spec, [](Context& context) {
        std::string text;
        for (const char* path : {"/proc", "/dev", "/dev/pts", "/dev/mqueue", "/sys", "/a/b/c"})
            text += format("{}: {}\n", path, facts_of(context, path));
        return text;
    });
    CHECK(found ==
          "/proc: proc nosuid nodev noexec\n"
          "/dev: tmpfs nosuid noexec\n"
          "/dev/pts: devpts\n"
          "/dev/mqueue: mqueue nosuid\n"
          "/sys: sysfs ro nosymfollow\n"
          "/a/b/c: tmpfs ro noatime nodiratime\n");
}

TEST_CASE("mounts: an option that the file system refuses is named") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const std::string text =
        facts_after(bundle, spec_with({mount_of("/tmp", "tmpfs", "", {"sizze=1"})}), "/tmp");
    CHECK(text.find("sizze") != std::string::npos);
    CHECK(facts_after(bundle, spec_with({mount_of("/t", "nofs", "", {})}), "/t").find("nofs") !=
          std::string::npos);
}

TEST_CASE("mounts: iversion is a flag of the file system and leaves those of the mount") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    CHECK(facts_after(bundle,
                      spec_with({mount_of("/t", "tmpfs", "", {"iversion", "nosuid", "noatime"})}),
                      "/t") == "tmpfs nosuid noatime");
}

// No file system shows the flag. What the kernel was asked for is seen by what it then refuses.
TEST_CASE("mounts: iversion is asked of mount(2), unless noiversion follows") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const auto asked = [&](std::vector<std::string> options) {
        return in_mount_namespace([&]() -> std::string {
            const scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
            if (seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOTRECOVERABLE), SCMP_SYS(mount), 1,
                                 SCMP_A3(SCMP_CMP_MASKED_EQ, MS_I_VERSION, MS_I_VERSION)) != 0 ||
                seccomp_load(filter) != 0)
                return "no filter";
            return facts_after(bundle, spec_with({mount_of("/t", "tmpfs", "", options)}), "/t");
        });
    };
    CHECK(asked({"iversion"}).find("setting iversion") != std::string::npos);
    CHECK(asked({"iversion", "noiversion"}) == "tmpfs");
    CHECK(asked({"noiversion", "noatime"}) == "tmpfs noatime");
}

TEST_CASE("mounts: a bind keeps the flags of its source and adds those that are asked for") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const auto bound = [&](std::vector<std::string> options, const char* path) {
        const Spec spec = checked(spec_with({mount_of("/d", "", "data", options)}));
        return in_mount_namespace([&]() -> std::string {
            const std::string data = bundle.path() + "/data";
            if (::mount("t", data.c_str(), "tmpfs", MS_NOSUID, "") < 0) return "mount";
            if (::mkdir((data + "/sub").c_str(), 0755) < 0) return "mkdir";
            if (::mount("t", (data + "/sub").c_str(), "tmpfs", MS_NODEV, "") < 0) return "sub";
            Result<Context> context = make_context(bundle.path() + "/rootfs");
            if (!context) return context.error().message();
            const std::string done =
                apply_all(plan_mounts(spec, root_host(), bundle.path()).value().setup, *context);
            return done == "ok" ? facts_of(*context, path) : done;
        });
    };
    CHECK(bound({"bind"}, "/d") == "tmpfs nosuid");
    CHECK(bound({"bind", "ro"}, "/d") == "tmpfs ro nosuid");
    CHECK(bound({"bind", "suid", "noexec"}, "/d") == "tmpfs noexec");
    CHECK(bound({"bind", "ro"}, "/d/sub") == "tmpfs ro nosuid");
    CHECK(bound({"rbind", "ro"}, "/d/sub") == "tmpfs nodev");
    CHECK(bound({"rbind", "rro"}, "/d/sub") == "tmpfs ro nodev");
    CHECK(bound({"rbind", "rro", "rw"}, "/d") == "tmpfs nosuid");
}

TEST_CASE("mounts: a file is bound on a file, a folder on a folder") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const Spec spec = spec_with({mount_of("/etc/hosts", "", "data/file", {"bind", "ro"}),
                                 mount_of("/new/file", "", "data/file", {"bind"}),
                                 mount_of("/new/data", "", "data", {"rbind"})});
    const std::string text = after_mounts(bundle, spec, [](Context& context) -> std::string {
        std::string all;
        for (const char* path : {"etc/hosts", "new/file", "new/data/file"})
            all += read_file(context.root.get(), path).value_or("unreadable") + "\n";
        return all;
    });
    CHECK(text == "of the host\nof the host\nof the host\n");
    CHECK(facts_after(bundle, spec_with({mount_of("/etc/hosts", "", "data", {"bind"})}), "/")
              .find("is not a directory") != std::string::npos);
}

TEST_CASE("mounts: links are bound and covered where they are not to be followed") {
    if (!can_make_namespaces()) return;
    const auto look = [](std::vector<std::string> options) {
        const Bundle bundle;
        REQUIRE(::symlink("file", (bundle.path() + "/data/link").c_str()) == 0);
        REQUIRE(::symlink("hosts", (bundle.path() + "/rootfs/etc/here").c_str()) == 0);
        const Spec spec = spec_with({mount_of("/etc/here", "", "data/link", std::move(options))});
        return after_mounts(bundle, spec, [](Context& context) {
            const std::string kind = kind_at(context, "/etc/here");
            return format("{}; {}", kind,
                          kind == "link"
                              ? read_link(context.root.get(), "etc/here").value_or("unreadable")
                              : read_file(context.root.get(), "etc/here").value_or("unreadable"));
        });
    };
    CHECK(look({"bind"}) == "link; hosts");
    CHECK(look({"bind", "dest-nofollow"}) == "file; of the host");
    CHECK(look({"bind", "src-nofollow", "dest-nofollow", "ro", "private"}) == "link; file");
}

TEST_CASE("mounts: copy-symlink makes the link again, and mounts what is none") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const std::string link = bundle.path() + "/data/link";
    const std::string made = bundle.path() + "/rootfs/new/link";
    const Spec spec = spec_with({mount_of("/new/link", "", link, {"bind", "copy-symlink", "ro"}),
                                 mount_of("/etc", "", "data", {"bind", "copy-symlink"})});
    const auto look = [&]() {
        return after_mounts(bundle, spec, [](Context& context) {
            return format("{}; {}; {} mounts",
                          read_link(context.root.get(), "new/link").value_or("no link"),
                          read_file(context.root.get(), "etc/file").value_or("unreadable"),
                          count_mounts("/rootfs/new"));
        });
    };
    REQUIRE(::symlink("../nowhere", link.c_str()) == 0);
    CHECK(look() == "../nowhere; of the host; 0 mounts");
    CHECK(look() == "../nowhere; of the host; 0 mounts");
    REQUIRE(::unlink(made.c_str()) == 0);
    REQUIRE(::symlink("elsewhere", made.c_str()) == 0);
    CHECK(look().contains("/new/link in the root exists"));
    CHECK(read_link(cwd, made).value() == "elsewhere");
}

TEST_CASE("mounts: a source that is missing is named") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const std::string text =
        facts_after(bundle, spec_with({mount_of("/d", "", "/nowhere/at/all", {"bind"})}), "/d");
    CHECK(text.find("/nowhere/at/all") != std::string::npos);
    CHECK(text.find("No such file or directory") != std::string::npos);
}

TEST_CASE("mounts: a destination that is a link out of the root stays inside") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const std::string outside = bundle.path() + "/outside";
    REQUIRE(make_directories(outside, 0755));
    REQUIRE(::symlink(outside.c_str(), (bundle.path() + "/rootfs/link").c_str()) == 0);
    REQUIRE(::symlink("../../outside", (bundle.path() + "/rootfs/up").c_str()) == 0);
    const Spec spec =
        spec_with({mount_of("/link", "tmpfs", "", {}), mount_of("/up", "tmpfs", "", {})});
    const std::string mounts = after_mounts(bundle, spec, [&](Context&) {
        return format("{} {}", count_mounts(" " + outside + " "),
                      count_mounts("/rootfs" + outside + " "));
    });
    CHECK(mounts == "0 1");
    CHECK(list_directory(cwd, outside).value().empty());
}

TEST_CASE("mounts: /proc through a link, or another thing on it, is refused (CVE-2019-16884)") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    REQUIRE(::symlink("etc", (bundle.path() + "/rootfs/proc").c_str()) == 0);
    CHECK(facts_after(bundle, spec_with({mount_of("/proc", "proc", "", {})}), "/proc")
              .find("symbolic link") != std::string::npos);
    const Bundle plain;
    CHECK(facts_after(plain, spec_with({mount_of("/proc", "", "data", {"bind"})}), "/proc")
              .find("only a proc file system") != std::string::npos);
    CHECK(facts_after(plain, spec_with({mount_of("/proc", "", "/proc", {"rbind"})}), "/proc") ==
          "proc");
}

TEST_CASE("mounts: a link of the image into /proc leads to no mount") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    REQUIRE(::symlink("/proc/sys", (bundle.path() + "/rootfs/data").c_str()) == 0);
    CHECK(facts_after(
              bundle,
              spec_with({mount_of("/proc", "proc", "", {}), mount_of("/data", "tmpfs", "", {})}),
              "/data")
              .find("must not be covered") != std::string::npos);
    CHECK(facts_after(bundle,
                      spec_with({mount_of("/proc", "proc", "", {}),
                                 mount_of("/proc/meminfo", "", "data/file", {"bind"})}),
                      "/proc/sys") == "proc");
}

TEST_CASE("mounts: a remount changes flags and the file system's options") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    CHECK(facts_after(bundle,
                      spec_with({mount_of("/t", "tmpfs", "", {"nosuid"}),
                                 mount_of("/t", "", "", {"remount", "ro", "suid", "size=128k"})}),
                      "/t") == "tmpfs ro");
    CHECK(facts_after(bundle, spec_with({mount_of("/etc", "", "", {"remount", "ro"})}), "/etc")
              .find("not a mount point") != std::string::npos);
}

TEST_CASE("mounts: a mount on / becomes the container's root") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    CHECK(facts_after(
              bundle,
              spec_with({mount_of("/", "tmpfs", "", {}), mount_of("/x", "tmpfs", "", {"ro"})}),
              "/x") == "tmpfs ro");
}

TEST_CASE("mounts: propagation is set at last") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const auto line = [&](std::vector<std::string> options) {
        const Spec spec = spec_with({mount_of("/sharing", "", "data", std::move(options))});
        return after_mounts(bundle, spec, [](Context&) -> std::string {
            const std::string mounts = read_file(cwd, "/proc/self/mountinfo").value_or("");
            for (const std::string_view one : split(mounts, '\n'))
                if (one.find("/sharing ") != std::string_view::npos)
                    return one.find(" shared:") != std::string_view::npos      ? "shared"
                           : one.find(" unbindable") != std::string_view::npos ? "unbindable"
                                                                               : "private";
            return "none";
        });
    };
    CHECK(line({"rbind"}) == "private");
    CHECK(line({"rbind", "rshared"}) == "shared");
    CHECK(line({"bind", "unbindable"}) == "unbindable");
    CHECK(line({"bind", "shared", "private"}) == "private");
}

TEST_CASE("mounts: the owners of an ID-mapped bind are those of the maps, below it with ridmap") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    REQUIRE(::chown((bundle.path() + "/data/file").c_str(), 1000, 2000) == 0);
    spec::Mount mount = mount_of("/d", "", "data", {"rbind", "ridmap", "ro"});
    mount.uid_mappings = {{1000, 31, 1}};
    mount.gid_mappings = {{2000, 32, 1}};
    const auto owner = [](Context& context) {
        const auto facts = stat_at(context.root.get(), "d/file");
        return facts && *facts ? format("{}:{}", (*facts)->st_uid, (*facts)->st_gid)
                               : std::string("none");
    };
    const std::string found = after_mounts(bundle, spec_with({mount}), owner);
    if (found.find("Invalid argument") != std::string::npos)
        skip("the file system of the temporary folder maps no ids");
    else
        CHECK(found == "31:32");
}

TEST_CASE("mounts: a tmpfs with tmpcopyup starts with what it covers") {
    if (!can_make_namespaces()) return;
    const Bundle bundle;
    const std::string etc = bundle.path() + "/rootfs/etc";
    bundle.write("rootfs/etc/ssl/private/key", "key", 0640);
    REQUIRE(::chown((etc + "/ssl/private/key").c_str(), 3, 4) == 0);
    REQUIRE(::chmod((etc + "/ssl/private").c_str(), 01750) == 0);
    REQUIRE(::symlink("/etc/shadow", (etc + "/link").c_str()) == 0);
    REQUIRE(::mkfifo((etc + "/fifo").c_str(), 0600) == 0);
    const Spec spec = spec_with({mount_of("/etc", "tmpfs", "", {"tmpcopyup", "ro", "nosuid"})});
    const std::string found = after_mounts(bundle, spec, [](Context& context) {
        const auto key = stat_at(context.root.get(), "etc/ssl/private/key");
        const auto folder = stat_at(context.root.get(), "etc/ssl/private");
        if (!key || !*key || !folder || !*folder) return std::string("missing");
        return format("{}; {} {}:{} {:o} {:o}; {}; {}", facts_of(context, "/etc/ssl"),
                      read_file(context.root.get(), "etc/ssl/private/key").value_or("unreadable"),
                      (*key)->st_uid, (*key)->st_gid, (*key)->st_mode & 07777,
                      (*folder)->st_mode & 07777,
                      read_link(context.root.get(), "etc/link").value_or("no link"),
                      kind_at(context, "/etc/fifo"));
    });
    CHECK(found == "tmpfs ro nosuid; key 3:4 640 1750; /etc/shadow; fifo");
}

TEST_CASE("mounts: cgroups appear as the host has them") {
    if (!can_make_namespaces()) return;
    const Result<Host> host = read_host();
    REQUIRE(host);
    if (host->cgroups.mode == CgroupMode::none)
        return skip("no cgroup file system is mounted here");
    const Bundle bundle;
    for (const bool fresh : {false, true}) {
        Spec spec = spec_with({mount_of("/sys/fs/cgroup", "cgroup", "cgroup", {"ro", "nosuid"})});
        if (fresh) spec.linux_->namespaces.push_back({.type = spec::NamespaceType::cgroup});
        const Spec asked = checked(spec);
        const std::string found = in_mount_namespace([&]() -> std::string {
            if (fresh && ::unshare(CLONE_NEWCGROUP) < 0) return "unshare";
            Result<Context> context = make_context(bundle.path() + "/rootfs");
            if (!context) return context.error().message();
            const Result<MountPlan> plan = plan_mounts(asked, *host, bundle.path());
            if (!plan) return plan.error().message();
            const std::string done = apply_all(plan->setup, *context);
            if (done != "ok") return done;
            const std::string base = "/sys/fs/cgroup";
            if (host->cgroups.mode == CgroupMode::v2) return facts_of(*context, base);
            const std::string& first = host->cgroups.hierarchies.at(0).mount_point;
            return facts_of(*context, base + first.substr(first.rfind('/'))) + ", " +
                   facts_of(*context, base);
        });
        INFO("cgroup namespace: ", fresh);
        CHECK(found == (host->cgroups.mode == CgroupMode::v2
                            ? "cgroup2 ro nosuid"
                            : "cgroup ro nosuid, tmpfs ro nosuid"));
    }
}
