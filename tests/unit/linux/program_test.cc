#include "linux/program.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "linux/home.h"
#include "os/file.h"

#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

std::string find_in(const std::string& name, std::string_view path, std::string_view from) {
    const Result<std::string> found = find_program(name, path, from);
    return found ? *found : found.error().message();
}

std::string home(const TempFolder& root, uint32_t uid) {
    Result<Fd> fd = open_at(cwd, root.path(), O_PATH | O_DIRECTORY);
    Result<Fd> proc = open_at(cwd, "/proc", O_PATH | O_DIRECTORY);
    REQUIRE(fd);
    REQUIRE(proc);
    Context context;
    context.root = std::move(*fd);
    context.proc = std::move(*proc);
    return find_home(context, uid).value_or("unreadable");
}

}  // namespace

TEST_CASE("program: the first executable file of PATH") {
    const TempFolder folder;
    const std::string& at = folder.path();
    folder.write("a/tool", "x", 0644);
    folder.write("a/folder/inner", "x", 0755);
    folder.write("b/tool", "x", 0755);
    folder.write("c/tool", "x", 0755);
    folder.write("c/folder", "x", 0755);
    const std::string path = at + "/none:" + at + "/a:" + at + "/b:" + at + "/c";
    CHECK(find_in("tool", path, "/") == at + "/b/tool");
    CHECK(find_in("folder", path, "/") == at + "/c/folder");
    CHECK(find_in("tool", at + "/a", "/") == R"(exec: "tool": permission denied)");
    CHECK(find_in("folder", at + "/a", "/") ==
          R"(exec: "folder": executable file not found in $PATH)");
    CHECK(find_in("missing", path, "/") ==
          R"(exec: "missing": executable file not found in $PATH)");
    CHECK(find_in("", path, "/") == R"(exec: "": no such file or directory)");
}

TEST_CASE("program: one that is missing is of another kind than one that may not be executed") {
    const TempFolder folder;
    const std::string& at = folder.path();
    folder.write("tool", "x", 0644);
    const auto kind_of = [&at](const std::string& name) {
        return find_program(name, at, "/").error().kind();
    };
    for (const std::string& name : {std::string("missing"), at + "/missing", at + "/tool/x"})
        CHECK(kind_of(name) == ErrorKind::program_not_found);
    for (const std::string& name : {std::string("tool"), at + "/tool", at})
        CHECK(kind_of(name) == ErrorKind::not_executable);
}

TEST_CASE("program: empty parts of PATH are the working directory") {
    const TempFolder folder;
    folder.write("tool", "x", 0755);
    const Result<Fd> back = open_at(cwd, ".", O_PATH);
    REQUIRE(back);
    REQUIRE(::chdir(folder.path().c_str()) == 0);
    CHECK(find_in("tool", ":/none", folder.path()) == folder.path() + "/tool");
    CHECK(find_in("./tool", "", folder.path()) == folder.path() + "/./tool");
    CHECK(find_in("sub/tool", "", folder.path()) ==
          R"(exec: "sub/tool": no such file or directory)");
    CHECK(::fchdir(back->get()) == 0);
}

TEST_CASE("program: a name with a slash is not looked for") {
    const TempFolder folder;
    const std::string file = folder.write("plain", "x", 0644);
    CHECK(find_in(file, "", "/") == "exec: \"" + file + "\": permission denied");
    CHECK(find_in(folder.path() + "/none", "", "/") ==
          "exec: \"" + folder.path() + "/none\": no such file or directory");
    CHECK(find_in(folder.path(), "", "/") ==
          "exec: \"" + folder.path() + "\": is a directory: permission denied");
    CHECK(find_in(file + "/x", "", "/") == "exec: \"" + file + "/x\": not a directory");
}

TEST_CASE("program: the effective ids decide") {
    if (!can_make_namespaces()) return;
    const TempFolder folder;
    const std::string file = folder.write("only-root", "x", 0700);
    CHECK(find_in(file, "", "/") == file);
    const ChildEnd end = in_child([&] {
        if (::setresuid(0, 1000, 0) < 0) return std::string("setresuid");
        return find_in(file, "", "/");
    });
    CHECK(end.output == "exec: \"" + file + "\": permission denied");
}

TEST_CASE("program: the last entry of a variable counts") {
    const std::vector<std::string> env = {"PATH=/a", "PATHX=/no", "PATH=/b", "PAT=/no", "PATH"};
    CHECK(find_variable(env, "PATH") == "/b");
    CHECK(find_variable(env, "HOME").empty());
}

TEST_CASE("program: of a variable that is given twice the last is kept, at its place") {
    const std::vector<std::string> env{"A=1", "B=1", "A=2", "AB=1", "odd", "odd", "B="};
    CHECK(last_of_each(env) == std::vector<std::string>{"A=2", "AB=1", "odd", "B="});
    CHECK(last_of_each({}).empty());
}

TEST_CASE("home: the entry with the number") {
    const TempFolder root;
    CHECK(home(root, 0) == "/");
    root.write("etc/passwd",
               "root:x:0:0:root:/root:/bin/sh\n"
               "user:x:1000:1000::/home/user:/bin/sh\n"
               "second:x:1000:1000::/home/second:/bin/sh\n"
               "last:x:7:7::/last");
    CHECK(home(root, 0) == "/root");
    CHECK(home(root, 1000) == "/home/user");
    CHECK(home(root, 7) == "/last");
    CHECK(home(root, 8) == "/");
}

TEST_CASE("cve_2016_3697_a_numeric_user_name_is_not_an_id") {
    const TempFolder root;
    root.write("etc/passwd", "1000:x:0:0::/root:/bin/sh\n");
    CHECK(home(root, 1000) == "/");
}

TEST_CASE("home: garbage is passed over") {
    const TempFolder root;
    std::string text(
        "\n:\n::::::\n#5:x:5:5::/comment:\nx:x:5\nx:x: 5:5::/blank:\nx:x:+5:5::/plus:\n");
    text += "x:x:5x:5::/letters:\nx:x:4294967301:5::/wrapped:\nx:x:05y:5::/y:\n";
    text += "x:x:5:5::relative:\nx:x:5:5::/bad\x01name:\nx:x:5:5:::\n";
    text += std::string("\0\0:x:6:6::/n\0l:\n", 17);
    root.write("etc/passwd", text + "ok:x:5:5::/right:/bin/sh\n");
    CHECK(home(root, 5) == "/right");
    CHECK(home(root, 6) == "/");
}

TEST_CASE("home: neither links out of the root nor strange files are followed") {
    const TempFolder root;
    root.write("etc/other", "x:x:5:5::/inside:\n");
    const std::string passwd = root.path() + "/etc/passwd";
    REQUIRE(::symlink("/etc/other", passwd.c_str()) == 0);
    CHECK(home(root, 5) == "/inside");
    REQUIRE(::unlink(passwd.c_str()) == 0);
    REQUIRE(::symlink("../../../../../../etc/passwd", passwd.c_str()) == 0);
    CHECK(home(root, 0) == "unreadable");
    REQUIRE(::unlink(passwd.c_str()) == 0);
    REQUIRE(::mkfifo(passwd.c_str(), 0644) == 0);
    CHECK(home(root, 0) == "unreadable");
    REQUIRE(::unlink(passwd.c_str()) == 0);
    REQUIRE(::mkdir(passwd.c_str(), 0755) == 0);
    CHECK(home(root, 0) == "unreadable");
}

TEST_CASE("home: only the first MiB is read") {
    const TempFolder root;
    root.write("etc/passwd", std::string(1 << 20, '#') + "\nx:x:5:5::/far:\n");
    CHECK(home(root, 5) == "/");
}

TEST_CASE(
    "program: one that is missing is told with what may be meant, and where it was looked for") {
    const auto list = [](const std::string& folder, size_t) -> std::vector<std::string> {
        if (folder == "/bin") return {"ssh", "sh", "date"};
        return folder == "/home/tools" ? std::vector<std::string>{"hammer"}
                                       : std::vector<std::string>();
    };
    const auto hint = [&](const std::string& name, const std::string& path,
                          const std::string& root = "") {
        return hint_for_missing({.name = name, .path = path, .cwd = "/home", .root = root}, list);
    };
    CHECK(hint("shh", "/sbin:/bin") == R"(did you mean "sh"? PATH is /sbin:/bin)");
    CHECK(hint("hamer", "tools") == R"(did you mean "hammer"? PATH is tools)");
    CHECK(hint("/bin/shh", "/sbin", "/b/rootfs") ==
          R"(did you mean "/bin/sh"? the container's root is /b/rootfs)");
    CHECK(hint("tools/hamer", "") == R"(did you mean "tools/hammer"?)");
    CHECK(hint("sh -c date", "/bin") ==
          R"(each argument is a string of its own: ["sh", "-c", "date"]; PATH is /bin)");
    CHECK(hint("/bin/sh -c date", "")
              .starts_with(R"(each argument is a string of its own: ["/bin/sh", "-c", "date"])"));
    CHECK(hint("python3", "/bin", "/b/rootfs") ==
          "PATH is /bin, the container's root is /b/rootfs");
    CHECK(hint("python3", "") ==
          "PATH is not set: it was looked for in " + std::string(default_path));
}

TEST_CASE("program: however long PATH is, few folders and names are read for a hint") {
    size_t listed = 0;
    size_t names = 0;
    const auto list = [&](const std::string& /*folder*/, size_t most) {
        ++listed;
        names += most;
        return std::vector<std::string>(most / 2, "date");
    };
    const auto hint = [&](const std::string& path) {
        return hint_for_missing({.name = "dat", .path = path, .cwd = "/", .root = ""}, list);
    };
    std::string same;
    std::string different;
    for (int i = 0; i < 20'000; ++i) {
        same += "/bin:";
        different += "/bin" + std::to_string(i) + ":";
    }
    const std::string found = hint(same + "/bin");
    CHECK(listed == 1);
    CHECK(found.starts_with("did you mean \"date\"? PATH is /bin:/bin"));
    CHECK(found.size() < 1000);
    CHECK(hint(different).starts_with("did you mean \"date\"?"));
    CHECK(listed <= 1 + 32);
    CHECK(names <= 2 * 8192);
    CHECK(candidate_paths("x", "/bin:/sbin:/bin", "/") ==
          std::vector<std::string>{"/bin/x", "/sbin/x"});
    CHECK(candidate_paths(std::string(100'000, 'x'), different, "/").size() == 1);
}
