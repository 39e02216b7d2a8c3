#include "mounts/devices.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/text.h"
#include "host/host.h"
#include "mounts/console.h"
#include "mounts/masked_paths.h"
#include "mounts/mounts.h"
#include "os/file.h"
#include "os/path.h"

#include "checked.h"
#include "mount_support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

using Look = std::function<std::string(Context&)>;

// All mounts, devices, console and paths of `spec`, made in the root file system of `folder`.
std::string after_setup(const TempFolder& folder,
                        const Spec& spec,
                        const Look& look,
                        const Host& host = {}) {
    const Spec asked = checked(spec);
    return in_mount_namespace([&]() -> std::string {
        Result<Context> context = make_context(folder.path() + "/rootfs");
        if (!context) return context.error().message();
        const Result<MountPlan> mounts = plan_mounts(asked, host, folder.path());
        if (!mounts) return "planning failed";
        std::string done = apply_all(mounts->setup, *context);
        if (done == "ok") done = apply_all(plan_devices(asked, host), *context);
        if (done == "ok") done = apply_all(plan_console(asked), *context);
        if (done == "ok") done = apply_all(plan_masked_paths(asked, ""), *context);
        return done == "ok" ? look(*context) : done;
    });
}

std::string mode_at(Context& context, const std::string& path) {
    const Result<Fd> fd = open_in_root(context.root.get(), path, O_PATH | O_NOFOLLOW);
    if (!fd) return fd.error().message();
    const struct stat facts = stat_of(fd->get()).value();
    return format("{:o} {}:{}", facts.st_mode & 07777, facts.st_uid, facts.st_gid);
}

std::string kinds_of_defaults(Context& context) {
    std::string text;
    for (const char* path : {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom",
                             "/dev/tty", "/dev/fd", "/dev/stdin", "/dev/ptmx"})
        text += kind_at(context, path) + ", ";
    return text;
}
constexpr const char* all_defaults = "c 1:3, c 1:5, c 1:7, c 1:8, c 1:9, c 5:0, link, link, link, ";

spec::Device device_of(const std::string& path,
                       spec::DeviceType type,
                       int64_t major,
                       int64_t minor) {
    return {.type = type, .path = path, .major = major, .minor = minor};
}

struct DevicesBundle : TempFolder {
    DevicesBundle() { write("rootfs/etc/passwd", "root:x:0:0"); }
    void link(const std::string& target, const std::string& name) const {
        REQUIRE(::symlink(target.c_str(), (path() + "/rootfs/" + name).c_str()) == 0);
    }
};

}  // namespace

TEST_CASE("device plan: a user namespace without a mount namespace can make none") {
    Spec spec = spec_with({});
    spec.linux_->namespaces = {{.type = spec::NamespaceType::user}};
    spec.linux_->uid_mappings = {{0, 1000, 1}};
    spec.linux_->gid_mappings = {{0, 1000, 1}};
    CHECK(plan_devices(checked(spec), Host{}).empty());
    spec.linux_->devices = {
        {.type = spec::DeviceType::c, .path = "/dev/x", .major = 1, .minor = 3}};
    const std::vector<DeviceStep> steps = plan_devices(checked(spec), Host{});
    REQUIRE(steps.size() == 1);
    CHECK(std::get<MakeDevice>(steps[0]).supply == DeviceSupply::find);
}

TEST_CASE("device plan: defaults, and none where something is bound on /dev") {
    const std::vector<DeviceStep> steps = plan_devices(checked(spec_with({})), Host{});
    CHECK(steps.size() == 12);
    CHECK(std::get<MakeDevice>(steps[0]) ==
          MakeDevice{.path = "/dev/null", .type = S_IFCHR, .major = 1, .minor = 3});
    CHECK(describe(std::get<MakeDevice>(steps[0])) == "make /dev/null (character 1:3)");
    Spec bound = spec_with({mount_of("/dev/", "", "/dev", {"rbind"})});
    CHECK(plan_devices(checked(bound), Host{}).empty());
    bound.linux_->devices = {device_of("/dev/fuse", spec::DeviceType::c, 10, 229)};
    CHECK(std::get<MakeDevice>(plan_devices(checked(bound), Host{}).at(0)).supply ==
          DeviceSupply::find);
    Host inside;
    inside.in_user_namespace = true;
    CHECK(std::get<MakeDevice>(plan_devices(checked(spec_with({})), inside).at(0)).supply ==
          DeviceSupply::bind);
}

TEST_CASE("device plan: a listed device takes the place of a default one") {
    Spec spec = spec_with({});
    spec.linux_->devices = {device_of("/dev/null", spec::DeviceType::c, 1, 3)};
    CHECK(plan_devices(checked(spec), Host{}).size() == 12);
}

TEST_CASE("devices: default ones on a tmpfs, and in the image's own /dev") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    CHECK(after_setup(bundle, spec_with({mount_of("/dev", "tmpfs", "", {})}), kinds_of_defaults) ==
          all_defaults);
    CHECK(after_setup(bundle, spec_with({}), kinds_of_defaults) == all_defaults);
    // A second start finds them there.
    CHECK(after_setup(bundle, spec_with({}), kinds_of_defaults) == all_defaults);
}

TEST_CASE("devices: /dev as a link out of the root stays inside (CVE-2026-41579)") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    const std::string canary = bundle.path() + "/canary";
    REQUIRE(make_directories(canary, 0755));
    bundle.link(canary, "dev");
    CHECK(after_setup(bundle, spec_with({}), kinds_of_defaults) == all_defaults);
    CHECK(list_directory(cwd, canary).value().empty());
    struct stat facts {};
    CHECK(::stat((bundle.path() + "/rootfs" + canary + "/null").c_str(), &facts) == 0);
}

TEST_CASE("devices: type, mode and owner as listed, a fifo too") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    Spec spec = spec_with({});
    spec.linux_->devices = {device_of("/dev/fuse", spec::DeviceType::c, 10, 229),
                            device_of("/deep/er/loop", spec::DeviceType::b, 7, 0),
                            device_of("/run/pipe", spec::DeviceType::p, 0, 0)};
    spec.linux_->devices[1].file_mode = 0640;
    spec.linux_->devices[1].uid = 5;
    spec.linux_->devices[1].gid = 6;
    const auto look = [](Context& context) {
        std::string text;
        for (const char* path : {"/dev/fuse", "/deep/er/loop", "/run/pipe"})
            text += format("{} {}, ", kind_at(context, path), mode_at(context, path));
        return text;
    };
    CHECK(after_setup(bundle, spec, look) == "c 10:229 666 0:0, b 7:0 640 5:6, fifo 666 0:0, ");
    // Asked for again with another mode: the existing node gets it.
    spec.linux_->devices[1].file_mode = 0600;
    CHECK(after_setup(bundle, spec, look).find("b 7:0 600 5:6") != std::string::npos);
}

TEST_CASE("devices: a file of another kind or number in the place is an error") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    const std::string null = bundle.write("rootfs/dev/null", "");
    CHECK(after_setup(bundle, spec_with({}), kinds_of_defaults) ==
          "/dev/null in the root is a regular file already");
    REQUIRE(::unlink(null.c_str()) == 0);
    REQUIRE(::mknod(null.c_str(), S_IFCHR | 0666, makedev(1, 5)) == 0);
    CHECK(after_setup(bundle, spec_with({}), kinds_of_defaults) ==
          "/dev/null in the root is the character device 1:5 already");
    REQUIRE(::unlink(null.c_str()) == 0);
    bundle.link("/etc/passwd", "dev/null");
    CHECK(after_setup(bundle, spec_with({}), kinds_of_defaults) ==
          "/dev/null in the root is a symbolic link already");
}

TEST_CASE("devices: bound from the host for a user namespace") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    Host inside;
    inside.in_user_namespace = true;
    CHECK(after_setup(bundle, spec_with({}), kinds_of_defaults, inside) == all_defaults);
    CHECK(after_setup(bundle, spec_with({}), kinds_of_defaults, inside) == all_defaults);
}

TEST_CASE("devices: a link is made again in a /dev of the container's own, or must mean the same") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    bundle.write("rootfs/dev/core", "mine");
    bundle.link("fd/1", "dev/stdout");
    REQUIRE(::mknod((bundle.path() + "/rootfs/dev/ptmx").c_str(), S_IFCHR | 0666, makedev(5, 2)) ==
            0);
    const auto look = [](Context& context) {
        return kind_at(context, "/dev/stdout") + " " + kind_at(context, "/dev/ptmx") + " " +
               kind_at(context, "/dev/core");
    };
    // The folder of the root may be the host's: root.path "/".
    CHECK(after_setup(bundle, spec_with({}), look) == "link c 5:2 file");
    const Spec own = spec_with({mount_of("/dev", "tmpfs", "", {"tmpcopyup"})});
    CHECK(after_setup(bundle, own, look) == "link link file");
    const DevicesBundle other;
    other.write("rootfs/dev/stdin", "mine");
    const std::string taken =
        "/dev/stdin in the root is a regular file already, and has to be a link to /proc/self/fd/0";
    CHECK(after_setup(other, own, look) == taken);
    const auto stdin_kind = [](Context& context) { return kind_at(context, "/dev/stdin"); };
    CHECK(after_setup(other, spec_with({mount_of("/dev/stdin", "", "/proc/version", {"bind"})}),
                      stdin_kind) == "file");
    CHECK(after_setup(other, spec_with({}), look) == taken);
}

TEST_CASE("console: a terminal of the container's own devpts, bound on /dev/console") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    Spec spec = spec_with({mount_of("/dev", "tmpfs", "", {}),
                           mount_of("/dev/pts", "devpts", "", {"newinstance", "ptmxmode=0666"})});
    spec.process.emplace();
    spec.process->terminal = true;
    spec.process->console_size = spec::ConsoleSize{.height = 25, .width = 80};
    CHECK(after_setup(bundle, spec, [](Context& context) -> std::string {
              const Result<Fd> console =
                  open_in_root(context.root.get(), "/dev/console", O_RDWR | O_NOCTTY);
              if (!console) return console.error().message();
              if (!write_all(console->get(), "hello")) return "writing";
              char text[16] = {};
              const ssize_t got = ::read(context.console.get(), text, sizeof text);
              return format("{} {} {}", got > 0 ? text : "nothing",
                            kind_at(context, "/dev/console"), ::isatty(context.console_peer.get()));
          }) == "hello c 136:0 1");
    // No devpts: an error, and never the host's terminals.
    Spec bare = spec;
    bare.mounts.clear();
    CHECK(after_setup(bundle, bare, kinds_of_defaults).find("/dev/pts/ptmx") != std::string::npos);
}

TEST_CASE("console: a link in place of /dev/console is refused (CVE-2026-88264)") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    bundle.write("rootfs/dev/pts/.keep", "");
    bundle.link("/etc/passwd", "dev/console");
    Spec spec = spec_with({mount_of("/dev/pts", "devpts", "", {"newinstance", "ptmxmode=0666"})});
    spec.process.emplace();
    spec.process->terminal = true;
    CHECK(after_setup(bundle, spec, kinds_of_defaults) ==
          "/dev/console in the root is neither a file nor a device");
}

TEST_CASE("masked paths: files are null, folders empty and read-only, missing ones skipped") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    bundle.write("rootfs/secret/file", "secret");
    bundle.write("rootfs/other/file", "secret");
    bundle.write("rootfs/open/inner/file", "open");
    bundle.link("../../../../other", "secret/link");
    Spec spec = spec_with({mount_of("/proc", "proc", "", {"nosuid"})});
    spec.linux_->masked_paths = {"/proc/timer_list", "/proc/kcore", "/etc/passwd",
                                 "/secret/link",     "/secret",     "/none",
                                 "/etc/passwd/none", "/proc/scsi"};
    spec.linux_->readonly_paths = {"/proc/sys", "/open", "/nowhere"};
    CHECK(after_setup(bundle, spec,
                      [](Context& context) {
                          return format(
                              "{}, {}, {}, {}, {}, {}", kind_at(context, "/etc/passwd"),
                              facts_of(context, "/secret"), facts_of(context, "/other"),
                              kind_at(context, "/other/file"), facts_of(context, "/proc/sys"),
                              facts_of(context, "/open/inner").find(" ro") != std::string::npos);
                      }) ==
          "c 1:3, tmpfs ro nosuid nodev noexec, tmpfs ro nosuid nodev noexec, none, "
          "proc ro nosuid, true");
}

TEST_CASE("masked paths: the container's /dev/null does not matter (CVE-2025-31133)") {
    if (!can_make_namespaces()) return;
    const DevicesBundle bundle;
    bundle.write("rootfs/target", "target");
    Spec spec = spec_with({mount_of("/dev", "", "dev", {"bind"})});
    REQUIRE(make_directories(bundle.path() + "/dev", 0755));
    REQUIRE(::symlink("/target", (bundle.path() + "/dev/null").c_str()) == 0);
    spec.linux_->masked_paths = {"/etc/passwd"};
    CHECK(after_setup(bundle, spec,
                      [](Context& context) { return kind_at(context, "/etc/passwd"); }) == "c 1:3");
}
