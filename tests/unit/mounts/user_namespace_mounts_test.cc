// The mounts of a container with a user namespace, whose root is nobody on the host, and whose
// bundle is behind a folder that is closed to it.
#include <fcntl.h>
#include <grp.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/text.h"
#include "host/host.h"
#include "mounts/console.h"
#include "mounts/devices.h"
#include "mounts/masked_paths.h"
#include "mounts/mounts.h"
#include "os/file.h"

#include "checked.h"
#include "mount_support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

constexpr uid_t outside_id = 100000;

// Does what init does, in its own namespaces, once its ids are mapped.
std::string set_up(const Spec& spec,
                   const Host& host,
                   const std::string& bundle,
                   Context& context) {
    const RootPlan root = plan_root(spec, host, bundle, RootSwitch::pivot);
    const Result<MountPlan> mounts = plan_mounts(spec, host, bundle);
    if (!mounts) return mounts.error().message();
    std::string done = apply_all(root.setup, context);
    if (done == "ok") done = apply_all(mounts->setup, context);
    if (done == "ok") done = apply_all(plan_devices(spec, host), context);
    if (done == "ok") done = apply_all(plan_console(spec), context);
    if (done == "ok") done = apply_all(plan_masked_paths(spec, ""), context);
    if (done == "ok") done = apply_all(root.pivot, context);
    for (const MakeReadonly& step : mounts->pivot)
        if (done == "ok") done = text_of(apply(step, context));
    return done;
}

std::string become_root_inside() {
    if (::setgroups(0, nullptr) < 0) return "setgroups";
    if (::setresgid(0, 0, 0) < 0 || ::setresuid(0, 0, 0) < 0) return "setresuid";
    return "ok";
}

// A child in new namespaces of all types; `act` runs as its pid 1, with ids 0 to 65535 mapped.
std::string in_user_namespace(const std::function<std::string()>& act) {
    int there[2];
    int back[2];
    if (::pipe2(there, O_CLOEXEC) < 0 || ::pipe2(back, O_CLOEXEC) < 0) return "pipe";
    const pid_t parent = ::getpid();
    // The mapper stays outside, and writes the maps of the process, which waits for it.
    const pid_t mapper = ::fork();
    if (mapper == 0) {
        char byte = 0;
        bool good = ::read(there[0], &byte, 1) == 1;
        const std::string map = format("0 {} 65536", outside_id);
        for (const char* name : {"uid_map", "gid_map"})
            good = good && write_file(cwd, format("/proc/{}/{}", parent, name), map);
        good = good && ::write(back[1], "x", 1) == 1;
        ::_exit(good ? 0 : 1);
    }
    if (::unshare(CLONE_NEWUSER | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWIPC | CLONE_NEWUTS |
                  CLONE_NEWNET) < 0)
        return "unshare";
    char byte = 0;
    if (::write(there[1], "x", 1) != 1) return "write";
    ::close(back[1]);
    if (::read(back[0], &byte, 1) != 1) return "the maps were not written";
    Process reaped(mapper, Fd());
    (void)reaped.wait();
    const ChildEnd end = in_child([&]() -> std::string {
        const std::string became = become_root_inside();
        return became == "ok" ? act() : became;
    });
    return end.status.code == 0 ? end.output : describe(end.status);
}

struct ClosedBundle : TempFolder {
    ClosedBundle() {
        write("closed/rootfs/etc/passwd", "root:x:0:0");
        write("closed/rootfs/timer", "");
        write("closed/data/file", "of the host");
        for (const char* name : {"", "/etc", "/etc/passwd", "/timer"})
            REQUIRE(::chown((bundle() + "/rootfs" + name).c_str(), outside_id, outside_id) == 0);
        REQUIRE(::chmod(bundle().c_str(), 0700) == 0);
    }
    [[nodiscard]] std::string bundle() const { return path() + "/closed"; }
};

Spec full_spec() {
    Spec spec = spec_with({
        mount_of("/proc", "proc", "proc", {"nosuid"}),
        mount_of("/dev", "tmpfs", "tmpfs", {"nosuid", "ro", "mode=755"}),
        mount_of("/dev/pts", "devpts", "devpts", {"newinstance", "ptmxmode=0666", "gid=5"}),
        mount_of("/dev/mqueue", "mqueue", "mqueue", {}),
        mount_of("/sys", "sysfs", "sysfs", {"ro", "nosuid"}),
        mount_of("/data", "", "data", {"rbind", "ro", "nodev"}),
    });
    using enum spec::NamespaceType;
    for (const spec::NamespaceType type : {user, pid, ipc, uts, network})
        spec.linux_->namespaces.push_back({.type = type});
    spec.linux_->uid_mappings = {{0, outside_id, 65536}};
    spec.linux_->gid_mappings = {{0, outside_id, 65536}};
    spec.linux_->masked_paths = {"/proc/kcore", "/timer", "/proc/scsi", "/sys/firmware"};
    spec.linux_->readonly_paths = {"/proc/sys"};
    spec.process.emplace();
    spec.process->terminal = true;
    spec.root->readonly = true;
    return spec;
}

std::string run(const ClosedBundle& folder,
                const Spec& asked,
                const std::function<std::string(Context&)>& look) {
    const Spec spec = checked(asked);
    return in_mount_namespace([&]() -> std::string {
        Host host;
        host.capabilities = ~uint64_t{0};
        Context context;
        context.proc = Fd(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
        const RootPlan root = plan_root(spec, host, folder.bundle(), RootSwitch::pivot);
        const Result<MountPlan> mounts = plan_mounts(spec, host, folder.bundle());
        if (!mounts) return "planning failed";
        for (const std::vector<OpenSource>& all : {root.sources, mounts->sources})
            for (const OpenSource& step : all)
                if (const Status opened = apply(step, context); !opened)
                    return opened.error().message();
        return in_user_namespace([&]() -> std::string {
            const std::string done = set_up(spec, host, folder.bundle(), context);
            return done == "ok" ? look(context) : done;
        });
    });
}

}  // namespace

TEST_CASE("user namespace: the whole set-up, from a bundle that its root cannot reach") {
    if (!can_make_namespaces()) return;
    const ClosedBundle folder;
    const std::string found = run(folder, full_spec(), [](Context& context) {
        std::string text;
        for (const char* path : {"/proc", "/dev", "/dev/mqueue", "/sys", "/proc/sys"})
            text += format("{}: {}\n", path, facts_of(context, path));
        // Temporary files may be on any file system.
        const bool readonly = facts_of(context, "/data").contains(" ro");
        text += format("data: {}\n", readonly ? "ro" : "rw");
        for (const char* path : {"/dev/null", "/dev/tty", "/dev/console", "/timer"})
            text += format("{}: {}\n", path, kind_at(context, path));
        text += read_file(cwd, "/data/file").value_or("unreadable");
        return text;
    });
    CHECK(found ==
          "/proc: proc nosuid\n"
          "/dev: tmpfs ro nosuid\n"
          "/dev/mqueue: mqueue\n"
          "/sys: sysfs ro nosuid\n"
          "/proc/sys: proc ro nosuid\n"
          "data: ro\n"
          "/dev/null: c 1:3\n"
          "/dev/tty: c 5:0\n"
          "/dev/console: c 136:0\n"
          "/timer: c 1:3\n"
          "of the host");
}

TEST_CASE("user namespace: with the host's network, sysfs is the host's, and read-only") {
    if (!can_make_namespaces()) return;
    const ClosedBundle folder;
    Spec spec = full_spec();
    spec.linux_->namespaces.pop_back();
    CHECK(run(folder, spec, [](Context& context) { return facts_of(context, "/sys"); }) ==
          "sysfs ro nosuid");
}
