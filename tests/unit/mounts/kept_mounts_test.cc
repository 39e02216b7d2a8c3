// What steps do to paths that lead through our mounts, after the root's owner has renamed the
// folders under them, or if links of the image lead elsewhere.
#include "linux/kept_mounts.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>

#include <doctest/doctest.h>

#include "base/text.h"
#include "mounts/devices.h"
#include "mounts/masked_paths.h"
#include "mounts/mounts.h"
#include "os/file.h"

#include "mount_support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

struct ExchangedRoot : TempFolder {
    ExchangedRoot() {
        write("rootfs/etc/hosts", "of the image");
        write("data/file", "of the host");
    }
    [[nodiscard]] std::string at(const std::string& path) const {
        return this->path() + "/rootfs" + path;
    }

    // Makes the mounts, and returns what `act` then finds.
    std::string with(const std::vector<MountStep>& mounts,
                     const std::function<std::string(Context&)>& act) const {
        return in_mount_namespace([&]() -> std::string {
            Result<Context> context = make_context(path() + "/rootfs");
            if (!context) return context.error().message();
            const std::string done = apply_all(mounts, *context);
            return done == "ok" ? act(*context) : done;
        });
    }

    // In the mount namespace of the tests themselves, where nothing is mounted on it. Returns "",
    // or what has failed.
    [[nodiscard]] std::string rename_outside(const std::string& from, const std::string& to) const {
        const std::string file = format("/proc/{}/ns/mnt", ::getppid());
        const ChildEnd end = in_child([&]() -> std::string {
            const Result<Fd> outside = open_at(cwd, file, O_RDONLY);
            if (!outside || ::setns(outside->get(), CLONE_NEWNS) < 0) return "setns failed";
            return ::rename(at(from).c_str(), at(to).c_str()) == 0 ? "" : "rename failed";
        });
        return end.output;
    }
};

MountFilesystem filesystem(const char* type, const char* destination) {
    return {.origin = "", .type = type, .source = type, .destination = destination};
}

BindMount bound(const std::string& source, const char* destination) {
    return {.origin = "", .source = source, .destination = destination};
}

template <class Step>
std::string do_step(const Step& step, Context& context) {
    const Status done = apply(step, context);
    return done ? "" : done.error().message() + "\n";
}

const MakeDevice null_device{
    .origin = "", .path = "/dev/null", .type = S_IFCHR, .major = 1, .minor = 3};

}  // namespace

TEST_CASE("kept mounts: a step finds our mount, whatever its folder is called by now") {
    if (!can_make_namespaces()) return;
    const ExchangedRoot root;
    const std::string found = root.with(
        {filesystem("proc", "/proc"), filesystem("tmpfs", "/dev")}, [&](Context& context) {
            std::string text = root.rename_outside("/proc", "/moved");
            text += root.rename_outside("/dev", "/other");
            text += do_step(MaskPath{"", "/proc/cpuinfo", ""}, context);
            text += do_step(MaskPath{"", "/proc/irq", ""}, context);
            text += do_step(MakePathReadonly{"", "//proc/./sys"}, context);
            text += do_step(null_device, context);
            text += do_step(filesystem("tmpfs", "/dev/shm"), context);
            for (const char* path : {"/moved/irq", "/moved/sys", "/other/shm"})
                text += format("{}: {}\n", path, facts_of(context, path));
            return text + format("{}, {}, {}", kind_at(context, "/moved/cpuinfo"),
                                 kind_at(context, "/other/null"), kind_at(context, "/dev"));
        });
    CHECK(found ==
          "/moved/irq: tmpfs ro nosuid nodev noexec\n"
          "/moved/sys: proc ro\n"
          "/other/shm: tmpfs\n"
          "c 1:3, c 1:3, none");
}

TEST_CASE("kept mounts: a link that leads out of a mount is a matter of the root") {
    if (!can_make_namespaces()) return;
    const ExchangedRoot root;
    REQUIRE(::symlink("/etc", (root.path() + "/data/absolute").c_str()) == 0);
    REQUIRE(::symlink("../etc", (root.path() + "/data/up").c_str()) == 0);
    const std::string found =
        root.with({bound(root.path() + "/data", "/data")}, [](Context& context) {
            std::string text = do_step(MaskPath{"", "/data/up/hosts", ""}, context);
            text += do_step(filesystem("tmpfs", "/data/absolute/new/folder"), context);
            return text + format("{}, {}", kind_at(context, "/etc/hosts"),
                                 facts_of(context, "/etc/new/folder"));
        });
    CHECK(found == "c 1:3, tmpfs");
}

TEST_CASE("kept mounts: what a later mount covers is not filled any more") {
    if (!can_make_namespaces()) return;
    const ExchangedRoot root;
    REQUIRE(::mkdir(root.at("/run").c_str(), 0755) == 0);
    REQUIRE(::mkdir(root.at("/var").c_str(), 0755) == 0);
    REQUIRE(::symlink("/run", root.at("/var/run").c_str()) == 0);
    const std::string found =
        root.with({filesystem("tmpfs", "/dev/pts"), filesystem("tmpfs", "/dev"),
                   filesystem("tmpfs", "/run"), filesystem("tmpfs", "/var/run")},
                  [](Context& context) {
                      std::string text = do_step(filesystem("tmpfs", "/dev/pts/below"), context);
                      text += do_step(filesystem("tmpfs", "/run/below"), context);
                      return text + format("{}, {}", kind_at(context, "/dev/pts/below"),
                                           kind_at(context, "/run/below"));
                  });
    CHECK(found == "dir, dir");
}

TEST_CASE("kept mounts: a mask lies on top of what is read-only, also where a link led it there") {
    if (!can_make_namespaces()) return;
    const ExchangedRoot root;
    REQUIRE(::mkdir(root.at("/usr").c_str(), 0755) == 0);
    REQUIRE(::symlink("/usr", root.at("/alias").c_str()) == 0);
    const std::string found = root.with(
        {bound(root.path() + "/data", "/data"), bound(root.path() + "/data", "/usr/share")},
        [&](Context& context) {
            std::string text = do_step(MakePathReadonly{"", "/data"}, context);
            text += do_step(MakePathReadonly{"", "/alias"}, context);
            text += root.rename_outside("/data", "/moved");
            text += do_step(MaskPath{"", "/data/file", ""}, context);
            text += do_step(MaskPath{"", "/usr/share/file", ""}, context);
            return text + format("{}, {}", kind_at(context, "/moved/file"),
                                 kind_at(context, "/usr/share/file"));
        });
    CHECK(found == "c 1:3, c 1:3");
}
