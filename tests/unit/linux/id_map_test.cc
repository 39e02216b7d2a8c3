#include "linux/id_map.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/file.h"
#include "os/process.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;
using Map = std::vector<spec::IdMapping>;

namespace {

Spec with_maps(const Map& uids, const Map& gids) {
    Spec spec;
    spec.linux_.emplace();
    spec.linux_->namespaces = {{spec::NamespaceType::user, std::nullopt}};
    spec.linux_->uid_mappings = uids;
    spec.linux_->gid_mappings = gids;
    return spec;
}

// Writes the maps of a child in a new user namespace, and returns what the kernel then shows.
std::string write_and_read(const IdMaps& maps, const IdMapRights& rights, const std::string& file) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC) < 0) return "pipe";
    Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    Result<Cloned> child = clone_process(CLONE_NEWUSER);
    if (!child) return child.error().message();
    if (child->pid == 0) {
        // Until the other side is closed.
        write_end.reset();
        char byte = 0;
        (void)!::read(read_end.get(), &byte, 1);
        ::_exit(0);
    }
    Process process(child->pid, std::move(child->pidfd));
    const Result<Fd> proc = open_at(cwd, "/proc", O_PATH);
    if (!proc) return proc.error().message();
    if (Status done = write_id_maps(maps, rights, proc->get(), process.pid()); !done)
        return text_of(done);
    const Result<std::string> text = read_file(proc->get(), format("{}/{}", process.pid(), file));
    return text ? *text : text.error().message();
}

std::string words(const std::string& text) {
    std::string joined;
    for (const std::string_view word : split_words(text))
        joined += std::string(word) + " ";
    return joined;
}

}  // namespace

TEST_CASE("id map: nothing without a new user namespace") {
    Spec spec;
    CHECK(plan_id_maps(checked(spec)) == std::nullopt);
    spec = with_maps({{0, 1000, 1}}, {{0, 2000, 1}});
    CHECK(plan_id_maps(checked(spec)) ==
          IdMaps{{{0, 1000, 1}}, {{0, 2000, 1}}, "/linux/uidMappings"});
    spec.linux_->namespaces[0].path = "/proc/1/ns/user";
    CHECK(plan_id_maps(checked(spec)) == std::nullopt);
}

TEST_CASE("id map: ids are found in both directions") {
    const Map map = {{0, 100000, 1000}, {1000, 5, 1}, {0xFFFFFFF0, 0xFFFFFFF0, 14}};
    CHECK(host_id(map, 0) == 100000);
    CHECK(host_id(map, 999) == 100999);
    CHECK(host_id(map, 1000) == 5);
    CHECK_FALSE(host_id(map, 1001));
    CHECK(host_id(map, 0xFFFFFFFD) == 0xFFFFFFFD);
    CHECK_FALSE(host_id(map, 0xFFFFFFFE));
    CHECK(container_id(map, 100999) == 999);
    CHECK(container_id(map, 5) == 1000);
    CHECK_FALSE(container_id(map, 101000));
    CHECK(mapped_ids(map) == "0-999, 1000, 4294967280-4294967293");
}

TEST_CASE("id map: the supervisor writes long maps in one go") {
    if (!can_make_namespaces()) return;
    Map map;
    for (uint32_t i = 0; i < 340; ++i)
        map.push_back({i * 2, 4'000'000'000U + i * 2, 1});
    const IdMapRights root{.setuid = true, .setgid = true};
    const std::string text = write_and_read({map, map, ""}, root, "uid_map");
    CHECK(split(trim(text), '\n').size() == 340);
    CHECK(words(write_and_read({{{0, 7, 3}}, {{0, 8, 2}, {5, 90, 1}}, ""}, root, "gid_map")) ==
          "0 8 2 5 90 1 ");
    CHECK(words(write_and_read({{{0, 7, 3}}, {{0, 8, 2}}, ""}, root, "setgroups")) == "allow ");
}

TEST_CASE("id map: without the capability, the own id alone, and setgroups denied") {
    if (!can_make_namespaces()) return;
    const IdMaps maps{{{0, 1000, 1}}, {{0, 1000, 1}}, ""};
    const IdMapRights rights{.setuid = false, .setgid = false, .euid = 1000, .egid = 1000};
    CHECK(denies_setgroups(maps, rights));
    const ChildEnd end = in_child([&] {
        if (::setresgid(1000, 1000, 1000) < 0 || ::setresuid(1000, 1000, 1000) < 0)
            return std::string("setresuid");
        // Otherwise its files in /proc belong to root after the change of ids.
        if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) return std::string("dumpable");
        return words(write_and_read(maps, rights, "gid_map")) +
               words(write_and_read(maps, rights, "setgroups"));
    });
    CHECK(end.output == "0 1000 1 deny ");
}

TEST_CASE("id map: more than the own id without the capability asks the helpers") {
    const IdMapRights rights{.setuid = false, .setgid = false, .euid = 1000, .egid = 1000};
    const IdMaps maps{{{0, 1000, 1}, {1, 100000, 10}}, {{0, 1000, 1}}, ""};
    const std::string text = write_and_read(maps, rights, "uid_map");
    // Either the package is missing, or it refuses, because nobody has given us these ranges.
    if (::access("/usr/bin/newuidmap", X_OK) != 0)
        CHECK(text == "mapping more than the own id needs newuidmap");
}

TEST_CASE("id map: the helpers get the ranges, and what they say is told") {
    if (!can_make_namespaces()) return;
    const TempFolder folder;
    const IdMaps maps{{{0, 1000, 1}, {1, 100000, 10}}, {{0, 1000, 1}}, ""};
    const IdMapRights rights{.setuid = false, .setgid = false, .euid = 1000, .egid = 1000};
    const ChildEnd end = in_child([&] {
        const std::string& at = folder.path();
        const std::string layers =
            format("lowerdir=/usr/bin,upperdir={}/up,workdir={}/work", at, at);
        if (::unshare(CLONE_NEWNS) < 0 ||
            ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) < 0 ||
            ::mount("tmpfs", at.c_str(), "tmpfs", 0, nullptr) < 0 ||
            ::mkdir((at + "/up").c_str(), 0755) < 0 || ::mkdir((at + "/work").c_str(), 0755) < 0 ||
            ::mount("overlay", "/usr/bin", "overlay", 0, layers.c_str()) < 0)
            return std::string("no overlay");
        folder.write("up/newuidmap", "#!/bin/sh\nshift\necho \"refused: $*\" >&2\nexit 3\n", 0755);
        return write_and_read(maps, rights, "uid_map");
    });
    if (end.output != "no overlay")
        CHECK(end.output == "newuidmap exited with 3: refused: 0 1000 1 1 100000 10");
}

TEST_CASE("id map: why the kernel refuses one is told") {
    // As a user's container has it: its own id, and those that are lent.
    const Map ours{{0, 1000, 1}, {1, 100000, 65536}};
    CHECK(why_map_is_refused(Map{{0, 0, 1}, {1, 1, 65536}}, ours, false).empty());
    CHECK(why_map_is_refused(Map{{0, 0, 1000}}, ours, false)
              .starts_with("the ids 0-999 of our own user namespace, which has 0, 1-65536, "));
    CHECK(
        why_map_is_refused(Map{{0, 60000, 10000}}, ours, false).starts_with("the ids 60000-69999"));
    CHECK(why_map_is_refused(Map{{0, 0, 1}}, ours, true).contains("CAP_SETFCAP"));
    CHECK(why_map_is_refused(Map{{0, 1, 1000}}, ours, true).empty());
}
