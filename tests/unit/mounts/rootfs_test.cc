#include "mounts/rootfs.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/text.h"
#include "host/host.h"
#include "os/file.h"
#include "os/mount_api.h"

#include "checked.h"
#include "mount_support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

struct RootBundle : TempFolder {
    RootBundle() {
        write("rootfs/inside", "inside");
        write("rootfs/proc/.keep", "");
    }
};

// Carries out the whole plan of the root, and returns what "/" is then.
std::string after_switch(const RootBundle& bundle,
                         const Spec& spec,
                         RootSwitch root_switch,
                         const std::function<std::string(Context&)>& look) {
    const RootPlan plan = plan_root(checked(spec), Host{}, bundle.path(), root_switch);
    return in_mount_namespace([&]() -> std::string {
        Context context;
        context.proc = Fd(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
        std::string done = apply_all(plan.setup, context);
        if (done == "ok") done = apply_all(plan.pivot, context);
        return done == "ok" ? look(context) : done;
    });
}

std::string look_around(Context& context) {
    const bool inside = ::access("/inside", F_OK) == 0 && ::access("inside", F_OK) == 0;
    const bool outside = ::access("/usr/bin", F_OK) == 0;
    const std::string mounts = read_file(context.proc.get(), "self/mountinfo").value_or("");
    return format("{} {} {}", inside ? "inside" : "elsewhere", outside ? "sees the host" : "alone",
                  split(mounts, '\n').size() - 1);
}

}  // namespace

TEST_CASE("root: after the pivot nothing of the host is left") {
    if (!can_make_namespaces()) return;
    const RootBundle bundle;
    CHECK(after_switch(bundle, spec_with({}), RootSwitch::pivot, look_around) == "inside alone 1");
}

TEST_CASE("root: with --no-pivot the host is hidden, its proc and sysfs too") {
    if (!can_make_namespaces()) return;
    const RootBundle bundle;
    const std::string found =
        after_switch(bundle, spec_with({}), RootSwitch::move, [](Context& context) {
            const std::string mounts = read_file(context.proc.get(), "self/mountinfo").value_or("");
            return look_around(context).substr(0, 12) +
                   (mounts.find(" - proc ") == std::string::npos ? " no proc" : " proc") +
                   (mounts.find(" - sysfs ") == std::string::npos ? " no sysfs" : " sysfs");
        });
    CHECK(found == "inside alone no proc no sysfs");
}

TEST_CASE("root: without a mount namespace it is entered, and nothing is mounted") {
    if (!can_make_namespaces()) return;
    const RootBundle bundle;
    Spec spec = spec_with({});
    spec.linux_->namespaces.clear();
    const int before = count_mounts("");
    const std::string found = after_switch(bundle, spec, RootSwitch::pivot,
                                           [&](Context& context) { return look_around(context); });
    CHECK(found.starts_with("inside alone "));
    CHECK(count_mounts("") == before);
}

TEST_CASE("root: read-only and its propagation") {
    if (!can_make_namespaces()) return;
    const RootBundle bundle;
    Spec spec = spec_with({});
    spec.root->readonly = true;
    CHECK(after_switch(bundle, spec, RootSwitch::pivot, [](Context& context) {
              return facts_of(context, "/");
          }).find(" ro") != std::string::npos);
    const auto propagation = [&](spec::RootfsPropagation kind) {
        spec.linux_->rootfs_propagation = kind;
        return after_switch(bundle, spec, RootSwitch::pivot, [](Context& context) -> std::string {
            const std::string line = read_file(context.proc.get(), "self/mountinfo").value_or("");
            return line.find(" shared:") != std::string::npos       ? "shared"
                   : line.find(" unbindable ") != std::string::npos ? "unbindable"
                                                                    : "private";
        });
    };
    CHECK(propagation(spec::RootfsPropagation::shared) == "shared");
    CHECK(propagation(spec::RootfsPropagation::private_) == "private");
    CHECK(propagation(spec::RootfsPropagation::unbindable) == "unbindable");
}

TEST_CASE("root: mounts of a shared host stay out of it") {
    if (!can_make_namespaces()) return;
    const RootBundle bundle;
    Spec spec = spec_with({});
    spec.linux_->rootfs_propagation = spec::RootfsPropagation::shared;
    const RootPlan plan = plan_root(checked(spec), Host{}, bundle.path(), RootSwitch::pivot);
    const std::string found = in_mount_namespace([&]() -> std::string {
        // The "host": a namespace whose mounts are shared.
        if (!change_propagation("/", MS_SHARED | MS_REC)) return "sharing";
        const ChildEnd inner = in_child([&]() -> std::string {
            if (::unshare(CLONE_NEWNS) < 0) return "unshare";
            Context context;
            context.proc = Fd(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
            std::string done = apply_all(plan.setup, context);
            if (done == "ok") done = apply_all(plan.pivot, context);
            if (done != "ok") return done;
            return ::mount("t", "/proc", "tmpfs", 0, "") < 0 ? "mount" : "mounted";
        });
        return format("{} {}", inner.output, count_mounts(bundle.path()));
    });
    CHECK(found == "mounted 0");
}

TEST_CASE("root: a missing folder, and a file, are told apart") {
    if (!can_make_namespaces()) return;
    const RootBundle bundle;
    const auto attach = [&](const char* name) {
        return in_mount_namespace([&]() -> std::string {
            const Result<Context> context = make_context(bundle.path() + name);
            return context ? "ok" : context.error().message();
        });
    };
    CHECK(attach("/nofs").find("No such file or directory") != std::string::npos);
    CHECK(attach("/rootfs/inside").find("is not a directory") != std::string::npos);
}

TEST_CASE("root: the host's own / is refused without a mount namespace, under any name") {
    const TempFolder folder;
    REQUIRE(::symlink("/", (folder.path() + "/link").c_str()) == 0);
    Context context;
    for (const std::string& path :
         {std::string("/"), folder.path() + "/link", std::string("/..")}) {
        const Status done = apply(AttachRoot{.origin = "", .path = path, .mount = false}, context);
        REQUIRE_FALSE(done);
        CHECK(done.error().pointer() == "/root/path");
        CHECK(done.error().message().find("is the host's own /") != std::string::npos);
    }
    CHECK(apply(AttachRoot{.origin = "", .path = folder.path(), .mount = false}, context));
}
