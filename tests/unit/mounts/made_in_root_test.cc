// What create has made in a root is undone, whatever the root's owner has put in its place.
#include "mounts/made_in_root.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "linux/kept_mounts.h"
#include "os/path.h"

#include "mount_support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

// A root beside a folder "host", and what is made in the root.
struct RecordedImage {
    TempFolder folder;
    Context context;
    MadeInRoot made;
    size_t told = 0;

    RecordedImage() {
        folder.write("host/canary", "untouched");
        folder.write("root/etc/keep", "");
        REQUIRE(::mkdir((folder.path() + "/host/empty").c_str(), 0755) == 0);
        Result<Fd> opened = open_at(cwd, root(), O_PATH | O_DIRECTORY);
        REQUIRE(opened);
        context.root = std::move(*opened);
        made = foresee_made(root()).value_or(MadeInRoot{});
        context.made_log =
            MadeLog{.before = [this](MadeKind kind, const std::string& path) -> Status {
                        ++told;
                        made.files.push_back({kind, path, {}});
                        return {};
                    },
                    .after = [this](const std::optional<FileIdentity>& file) -> Status {
                        if (file)
                            made.files.back().identity = *file;
                        else
                            made.files.pop_back();
                        return {};
                    }};
    }
    [[nodiscard]] std::string root() const { return folder.path() + "/root"; }
    [[nodiscard]] bool has(const std::string& name) const {
        struct stat facts {};
        return ::lstat((folder.path() + "/" + name).c_str(), &facts) == 0;
    }
    void rename(const std::string& from, const std::string& to) const {
        REQUIRE(::rename((folder.path() + "/" + from).c_str(),
                         (folder.path() + "/" + to).c_str()) == 0);
    }
    void link(const std::string& target, const std::string& name) const {
        REQUIRE(::symlink(target.c_str(), (folder.path() + "/" + name).c_str()) == 0);
    }
    void make(MadeKind kind, const std::string& path) {
        const Result<ParentAndName> place = make_parent_in_container(context, path);
        REQUIRE(place);
        const int parent = place->parent.get();
        const char* const name = place->name.c_str();
        const Result<int> code = make_at(*place, kind, [&] {
            switch (kind) {
                case MadeKind::folder:
                    return ::mkdirat(parent, name, 0755);
                case MadeKind::file:
                    return make_empty_file(parent, name, 0644);
                case MadeKind::link:
                    return ::symlinkat("/proc/self/fd", parent, name);
                case MadeKind::node:
                    return ::mknodat(parent, name, S_IFIFO | 0600, 0);
            }
            return -1;
        });
        REQUIRE(code);
    }
    // As after a kill, when only the names are known.
    void forget_identities() {
        for (MadeFile& file : made.files)
            file.identity = {};
    }
    // With the names that "host" has.
    void make_way_as_on_host() {
        make(MadeKind::folder, "/way/empty");
        make(MadeKind::file, "/way/canary");
        forget_identities();
        folder.write("host/canary", "");
    }
    void undo(Undo what = Undo::everything) { CHECK(undo_made(made, root(), what).empty()); }
};

}  // namespace

TEST_CASE("what is made in a root is undone with its folders, and nothing else") {
    RecordedImage image;
    image.make(MadeKind::folder, "/a/b/c");
    image.make(MadeKind::file, "/etc/hosts");
    image.make(MadeKind::link, "/dev/fd");
    image.make(MadeKind::node, "/dev/null");
    CHECK(image.made.files.size() == 7);
    CHECK(image.made.files.back().path == "/dev/null");
    image.undo();
    CHECK_FALSE(image.has("root/a"));
    CHECK_FALSE(image.has("root/dev"));
    CHECK_FALSE(image.has("root/etc/hosts"));
    CHECK(image.has("root/etc/keep"));
}

TEST_CASE("what is made in a root: what was there before is not told of") {
    RecordedImage image;
    image.make(MadeKind::folder, "/etc");
    image.make(MadeKind::file, "/etc/keep");
    image.make(MadeKind::node, "/etc/keep");
    image.make(MadeKind::link, "/etc/keep");
    // Otherwise it would be removed if a kill came between the report and its correction.
    CHECK(image.told == 0);
    image.link("nowhere", "root/dangling");
    CHECK(make_directories_in({.top = image.context.root.get(), .log = &*image.context.made_log},
                              "/dangling/in"));
    image.undo();
    CHECK_FALSE(image.has("root/nowhere"));
    CHECK(image.has("root/dangling"));
}

TEST_CASE("what is made in a root: nodes alone are removed after the container's life") {
    RecordedImage image;
    image.make(MadeKind::folder, "/a");
    image.make(MadeKind::node, "/dev/null");
    CHECK(has_to_undo(image.made, Undo::nodes));
    image.undo(Undo::nodes);
    CHECK(image.has("root/a"));
    CHECK(image.has("root/dev"));
    CHECK_FALSE(image.has("root/dev/null"));
}

TEST_CASE("what is made in a root: what has been filled, written to or replaced is left") {
    RecordedImage image;
    image.make(MadeKind::folder, "/filled");
    image.make(MadeKind::file, "/written");
    image.make(MadeKind::file, "/linked");
    image.make(MadeKind::node, "/replaced");
    image.make(MadeKind::node, "/other");
    image.folder.write("root/filled/file", "");
    image.folder.write("root/written", "text");
    REQUIRE(::link((image.root() + "/linked").c_str(), (image.root() + "/twice").c_str()) == 0);
    image.rename("root/replaced", "root/moved");
    image.folder.write("root/replaced", "");
    image.rename("root/other", "root/other-moved");
    REQUIRE(::mkfifo((image.root() + "/other").c_str(), 0600) == 0);
    image.undo();
    for (const char* name : {"filled/file", "written", "linked", "replaced", "moved", "other"})
        CHECK_MESSAGE(image.has(std::string("root/") + name), name);
}

TEST_CASE("what is made in a root: exchanged names lead nowhere outside") {
    RecordedImage image;
    image.make_way_as_on_host();
    SUBCASE("a link out, absolute") {
        image.rename("root/way", "root/elsewhere");
        image.link(image.folder.path() + "/host", "root/way");
    }
    SUBCASE("a link out, relative") {
        image.rename("root/way", "root/elsewhere");
        image.link("../host", "root/way");
    }
    SUBCASE("a link in the place of the root") {
        image.rename("root", "moved");
        image.rename("host", "host2");
        REQUIRE(::mkdir((image.folder.path() + "/host").c_str(), 0755) == 0);
        image.rename("host2", "host/way");
        image.link("host", "root");
        image.undo();
        CHECK(image.has("host/way/empty"));
        CHECK(image.has("host/way/canary"));
        return;
    }
    image.undo();
    CHECK(image.has("host/empty"));
    CHECK(image.has("host/canary"));
}

TEST_CASE("what is made in a root: where only the name is known, no mount below is entered") {
    const std::string left = in_mount_namespace([] {
        RecordedImage image;
        image.make_way_as_on_host();
        image.folder.write("root/volume/keep", "");
        const std::string host = image.folder.path() + "/host";
        const std::string volume = image.root() + "/volume";
        if (::mount(host.c_str(), volume.c_str(), nullptr, MS_BIND, nullptr) < 0) return "mount";
        image.rename("root/way", "root/elsewhere");
        image.link("volume", "root/way");
        image.undo();
        const bool whole = image.has("host/empty") && image.has("host/canary");
        (void)::umount2(volume.c_str(), MNT_DETACH);
        return whole ? "all" : "too little";
    });
    CHECK(left == "all");
}

TEST_CASE("what is made in a root: what has been undone is no longer recorded") {
    RecordedImage image;
    image.make(MadeKind::folder, "/a/b");
    image.make(MadeKind::node, "/null");
    image.folder.write("root/a/b/file", "");
    for (MadeFile& file : image.made.files)
        if (file.kind == MadeKind::node) file.identity = {};
    image.undo();
    // A folder that is emptied later must still be removed.
    REQUIRE(image.made.files.size() == 2);
    CHECK(image.made.files.back().path == "/a/b");
    REQUIRE(::mkfifo((image.root() + "/null").c_str(), 0600) == 0);
    REQUIRE(::unlink((image.root() + "/a/b/file").c_str()) == 0);
    image.undo();
    CHECK(image.has("root/null"));
    CHECK_FALSE(image.has("root/a"));
}

TEST_CASE("what is made in a root: another root under the same path is left alone") {
    RecordedImage image;
    image.make(MadeKind::folder, "/a");
    image.rename("root", "old");
    REQUIRE(::mkdir(image.root().c_str(), 0755) == 0);
    REQUIRE(::mkdir((image.root() + "/a").c_str(), 0755) == 0);
    image.forget_identities();
    image.undo();
    CHECK(image.has("root/a"));
}
