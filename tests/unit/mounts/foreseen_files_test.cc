#include "mounts/foreseen_files.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include <doctest/doctest.h>

#include "mounts/missing_path.h"
#include "os/file.h"

#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

// A root beside a folder of the host.
struct ForeseenRoot {
    TempFolder folder;

    ForeseenRoot() {
        folder.write("root/usr/bin/tool", "in the root");
        folder.write("root/etc/keep", "");
        folder.write("host/tool", "of the host");
        folder.write("host/deep/file", "deep");
        link("usr/bin", "bin");
    }
    void link(const std::string& target, const std::string& name) const {
        REQUIRE(::symlink(target.c_str(), (folder.path() + "/root/" + name).c_str()) == 0);
    }
    [[nodiscard]] std::string host(const std::string& name) const {
        return folder.path() + "/host/" + name;
    }
    [[nodiscard]] ForeseenFiles files() const {
        Result<Fd> root = open_at(cwd, folder.path() + "/root", O_PATH | O_DIRECTORY);
        REQUIRE(root);
        return ForeseenFiles(std::move(*root));
    }
};

// What the file holds, or the errno.
std::string content(const ForeseenFiles& files, const std::string& path) {
    const Result<Fd> found = files.open(path);
    if (!found) return std::string(errno_text(found.error().code()));
    return read_file(cwd, "/proc/self/fd/" + std::to_string(found->get())).value_or("a folder");
}

}  // namespace

TEST_CASE("foreseen files: links and .. stay in the root") {
    const ForeseenRoot root;
    root.link("/usr/bin", "absolute");
    root.link("../../../../../../etc/keep", "up");
    root.link("circle", "circle");
    root.link("nowhere", "dangling");
    root.link("/host/tool", "out");
    const ForeseenFiles files = root.files();
    CHECK(content(files, "/bin/tool") == "in the root");
    CHECK(content(files, "/absolute/tool") == "in the root");
    CHECK(content(files, "/etc/../bin/./tool") == "in the root");
    CHECK(content(files, "/../../usr/bin/tool") == "in the root");
    CHECK(content(files, "/bin/../tool") == "No such file or directory");
    CHECK(content(files, "/up").empty());
    CHECK(content(files, "/circle") == "Too many levels of symbolic links");
    CHECK(content(files, "/dangling") == "No such file or directory");
    CHECK(content(files, "/out") == "No such file or directory");
    CHECK(content(files, "/usr/bin/tool/x") == "Not a directory");
    CHECK(content(files, "/") == "a folder");
}

TEST_CASE("foreseen files: a bind shows what it will show, wherever links lead to it") {
    const ForeseenRoot root;
    ForeseenFiles files = root.files();
    files.bind(root.host("tool"), "/bin/tool");
    CHECK(content(files, "/bin/tool") == "of the host");
    CHECK(content(files, "/usr/bin/tool") == "of the host");
    files.bind(root.host(""), "/usr/bin");
    CHECK(content(files, "/bin/deep/file") == "deep");
    CHECK(content(files, "/bin/deep/../../../etc/keep").empty());
    // Its place will be made.
    files.bind(root.host("deep"), "/new/place");
    CHECK(content(files, "/new/place/file") == "deep");
    std::vector<std::string> names = files.list("/bin", 100);
    std::ranges::sort(names);
    CHECK(names == std::vector<std::string>{"deep", "tool"});
}

TEST_CASE("foreseen files: nothing is said about a file system that does not exist yet") {
    const ForeseenRoot root;
    ForeseenFiles files = root.files();
    files.hide("/bin");
    CHECK(content(files, "/usr/bin/tool") == "Invalid cross-device link");
    CHECK(content(files, "/usr/bin/missing") == "Invalid cross-device link");
    CHECK(content(files, "/etc/keep").empty());
    files.bind(root.host("tool"), "/bin/tool");
    CHECK(content(files, "/etc/missing") == "No such file or directory");
    files.bind(root.host("missing"), "/etc");
    CHECK(content(files, "/etc/keep") == "Invalid cross-device link");
}

TEST_CASE("missing path: the first part that is not there is guessed from its neighbours") {
    const ForeseenRoot root;
    const std::string& top = root.folder.path();
    CHECK(hint_for_missing_path(top + "/hots/deep/file", "rule") ==
          "did you mean " + top + "/host? rule");
    CHECK(hint_for_missing_path(top + "/host/dep", "rule") ==
          "did you mean " + top + "/host/deep? rule");
    CHECK(hint_for_missing_path(top + "/something", "rule") == "rule");
    CHECK(hint_for_missing_path(top + "/host", "rule") == "rule");
}

TEST_CASE("missing path: a root that belongs to nobody in the user namespace is to be given away") {
    const ForeseenRoot root;
    const uint32_t mine = ::geteuid();
    IdMaps maps{.uids = {{0, mine + 1, 10}}, .gids = {{0, 7, 10}}, .origin = ""};
    const std::string path = root.folder.path() + "/root";
    CHECK(hint_for_owner(path, maps) ==
          "uid " + std::to_string(mine) +
              ", to whom the root belongs, is nobody in the container's user namespace: chown -R " +
              std::to_string(mine + 1) + ":7 " + path);
    maps.uids.push_back({10, mine, 1});
    CHECK(hint_for_owner(path, maps).empty());
}
