// What create has made in a root is undone, whatever the root's owner has put in its place.
#include "linux/made_in_root.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "linux/kept_mounts.h"
#include "os/path.h"

#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

// A root beside a folder "host", and what is made in the root.
struct RecordedImage {
    TempFolder folder;
    Context context;
    MadeInRoot made;

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
    void undo(Undo what = Undo::everything) const { CHECK(undo_made(made, root(), what).empty()); }
};

}  // namespace

TEST_CASE("what is made in a root is undone with its folders, and nothing else") {
    RecordedImage image;
    image.make(MadeKind::folder, "/a/b/c");
    image.make(MadeKind::file, "/etc/hosts");
    image.make(MadeKind::link, "/dev/fd");
    image.make(MadeKind::node, "/dev/null");
    CHECK(image.made.files.size() == 7);
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
    CHECK(image.made.files.empty());
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
    image.make(MadeKind::folder, "/way/empty");
    image.make(MadeKind::file, "/way/canary");
    // As after a kill, when only the names are known.
    for (MadeFile& file : image.made.files)
        file.identity = {};
    image.folder.write("host/canary", "");
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

TEST_CASE("what is made in a root: another root under the same path is left alone") {
    RecordedImage image;
    image.make(MadeKind::folder, "/a");
    image.rename("root", "old");
    REQUIRE(::mkdir(image.root().c_str(), 0755) == 0);
    REQUIRE(::mkdir((image.root() + "/a").c_str(), 0755) == 0);
    for (MadeFile& file : image.made.files)
        file.identity = {};
    image.undo();
    CHECK(image.has("root/a"));
}
