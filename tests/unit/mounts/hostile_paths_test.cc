#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "mounts/mount_target.h"
#include "os/file.h"
#include "os/path.h"

#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

// A root file system beside a folder "host", which nothing may reach.
struct Image {
    TempFolder folder;
    Fd root;

    Image() {
        folder.write("host/canary", "untouched");
        folder.write("root/etc/keep", "");
        Result<Fd> opened = open_at(cwd, folder.path() + "/root", O_PATH | O_DIRECTORY);
        REQUIRE(opened);
        root = std::move(*opened);
    }
    void link(const std::string& target, const std::string& name) const {
        REQUIRE(::symlink(target.c_str(), (folder.path() + "/root/" + name).c_str()) == 0);
    }
    [[nodiscard]] bool has(const std::string& name) const {
        struct stat facts {};
        return ::lstat((folder.path() + "/" + name).c_str(), &facts) == 0;
    }
    // Nothing was added to the host's folder beside the canary.
    [[nodiscard]] bool host_untouched() const {
        const Result<std::vector<std::string>> names = list_directory(cwd, folder.path() + "/host");
        return names && *names == std::vector<std::string>{"canary"};
    }
};

}  // namespace

TEST_CASE("paths in a root: absolute links and .. end inside") {
    const Image tree;
    tree.link(tree.folder.path() + "/host", "absolute");
    tree.link("../host", "up");
    tree.link("../../../../../../../../..", "far");
    tree.link("/", "slash");
    for (const char* path : {"/absolute/made", "/up/made", "/../host/made"}) {
        INFO(path);
        CHECK(make_directories_in({tree.root.get()}, path));
        CHECK(tree.host_untouched());
    }
    CHECK(tree.has("root/host/made"));
    CHECK(make_directories_in({tree.root.get()}, "/far/in"));
    CHECK(tree.has("root/in"));
    CHECK(make_file_in({tree.root.get()}, "/slash/slash/a/b/file"));
    CHECK(tree.has("root/a/b/file"));
}

TEST_CASE("paths in a root: a link that leads nowhere gets what it names, inside") {
    const Image tree;
    tree.link("../run/systemd/resolv.conf", "etc/resolv.conf");
    CHECK(make_file_in({tree.root.get()}, "/etc/resolv.conf"));
    CHECK(tree.has("root/run/systemd/resolv.conf"));
    tree.link("/host/canary2", "etc/outside");
    CHECK(make_file_in({tree.root.get()}, "/etc/outside"));
    CHECK(tree.has("root/host/canary2"));
    tree.link("missing", "folder");
    CHECK(make_directories_in({tree.root.get()}, "/folder/x/y"));
    CHECK(tree.has("root/missing/x/y"));
    CHECK(tree.host_untouched());
}

TEST_CASE("paths in a root: loops and files as folders are errors") {
    const Image tree;
    tree.link("b", "a");
    tree.link("a", "b");
    tree.link("self/x", "self");
    CHECK(make_directories_in({tree.root.get()}, "/a/x").error().code() == ELOOP);
    CHECK(make_directories_in({tree.root.get()}, "/self").error().code() == ELOOP);
    CHECK(make_file_in({tree.root.get()}, "/a").error().code() == ELOOP);
    CHECK(make_directories_in({tree.root.get()}, "/etc/keep/x").error().code() == ENOTDIR);
}

TEST_CASE("paths in a root: .. behind a folder that is made stays inside") {
    const Image tree;
    CHECK(make_directories_in({tree.root.get()}, "/none/../../x"));
    CHECK(tree.has("root/x"));
    CHECK_FALSE(tree.has("x"));
}

TEST_CASE("paths in a root: magic links are refused") {
    const Result<Fd> root = open_at(cwd, "/", O_PATH | O_DIRECTORY);
    REQUIRE(root);
    CHECK(open_in_root(root->get(), "/proc/self/cwd/x", O_PATH).error().code() == ELOOP);
}

TEST_CASE("paths in a root: no link on the way to /proc and /sys") {
    const Image tree;
    Context context;
    context.root = Fd(::fcntl(tree.root.get(), F_DUPFD_CLOEXEC, 3));
    tree.link("etc", "proc");
    const Result<Fd> target =
        open_target(context, "/proc", TargetKind::directory, Placement::proc, LastLink::follow);
    REQUIRE_FALSE(target);
    CHECK(target.error().message().find("symbolic link") != std::string::npos);
    CHECK(
        open_target(context, "/sys", TargetKind::directory, Placement::no_links, LastLink::follow));
    CHECK(tree.has("root/sys"));
}

TEST_CASE("paths in a root: a destination of the wrong kind says so") {
    const Image tree;
    Context context;
    context.root = Fd(::fcntl(tree.root.get(), F_DUPFD_CLOEXEC, 3));
    const Result<Fd> folder = open_target(context, "/etc/keep", TargetKind::directory,
                                          Placement::anywhere, LastLink::follow);
    REQUIRE_FALSE(folder);
    CHECK(folder.error().message().find("is not a directory") != std::string::npos);
    const Result<Fd> file =
        open_target(context, "/etc", TargetKind::file, Placement::anywhere, LastLink::follow);
    REQUIRE_FALSE(file);
    CHECK(file.error().message().find("not a directory") != std::string::npos);
}

TEST_CASE("paths in a root: a last link that is not followed is the destination itself") {
    const Image tree;
    Context context;
    context.root = Fd(::fcntl(tree.root.get(), F_DUPFD_CLOEXEC, 3));
    const auto open = [&](const char* path, TargetKind kind) -> std::string {
        const Result<Fd> target =
            open_target(context, path, kind, Placement::anywhere, LastLink::cover);
        if (!target) return target.error().message();
        const mode_t mode = stat_of(target->get())->st_mode;
        return S_ISLNK(mode) ? "link" : S_ISDIR(mode) ? "dir" : "file";
    };
    tree.link("/host/canary2", "etc/outside");
    tree.link("/etc", "folder");
    CHECK(open("/etc/outside", TargetKind::file) == "link");
    CHECK_FALSE(tree.has("root/host/canary2"));
    CHECK(open("/folder/outside", TargetKind::file) == "link");
    CHECK(open("/folder", TargetKind::directory).contains("is not a directory"));
    CHECK(open("/folder/new/file", TargetKind::file) == "file");
    CHECK(tree.has("root/etc/new/file"));
    CHECK(open("/new/folder", TargetKind::directory) == "dir");
    CHECK(open("/etc", TargetKind::file).contains("not a directory"));
    CHECK(tree.host_untouched());
}

TEST_CASE("places in /proc: only some files may be covered") {
    CHECK(place_of("/proc", "proc").value() == Placement::proc);
    CHECK(place_of("/proc", "").value() == Placement::proc);
    CHECK_FALSE(place_of("/proc", "tmpfs"));
    CHECK(place_of("/proc/meminfo", "").value() == Placement::over_proc);
    CHECK_FALSE(place_of("/proc/self/attr", "tmpfs"));
    CHECK_FALSE(place_of("/proc/sys", ""));
    CHECK(place_of("/processes", "tmpfs").value() == Placement::anywhere);
    CHECK(place_of("/sys", "sysfs").value() == Placement::no_links);
}
