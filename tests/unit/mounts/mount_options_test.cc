#include "mounts/mount_options.h"

#include <linux/mount.h>
#include <sys/mount.h>

#include <algorithm>

#include <doctest/doctest.h>

#include "base/text.h"

using namespace sampan;

namespace {

MountOptions parse(const char* list) {
    std::vector<std::string> options;
    for (const std::string_view option : split(list, ','))
        options.emplace_back(option);
    return parse_mount_options(options);
}

}  // namespace

TEST_CASE("mount options: each word of the specification's table is known, none reaches the data") {
    const std::string table =
        "async,atime,bind,defaults,dev,diratime,dirsync,exec,iversion,lazytime,loud,mand,noatime,"
        "nodev,nodiratime,noexec,noiversion,nolazytime,nomand,norelatime,nostrictatime,nosuid,"
        "nosymfollow,private,ratime,rbind,rdev,rdiratime,relatime,remount,rexec,rnoatime,"
        "rnodiratime,rnoexec,rnorelatime,rnostrictatime,rnosuid,rnosymfollow,ro,rprivate,"
        "rrelatime,rro,rrw,rshared,rslave,rstrictatime,rsuid,rsymfollow,runbindable,rw,shared,"
        "silent,slave,strictatime,suid,symfollow,sync,tmpcopyup,unbindable,idmap,ridmap,rnodev";
    CHECK(parse(table.c_str()).data.empty());
    CHECK(parse("copy-symlink,src-nofollow,dest-nofollow,tmpupper").data.empty());
    const std::vector<std::string> known = known_mount_options();
    CHECK(std::ranges::is_sorted(known));
    for (const std::string_view name : split(table, ','))
        CHECK_MESSAGE(std::ranges::find(known, name) != known.end(), std::string(name));
    for (const std::string& name : known)
        CHECK_MESSAGE(parse(name.c_str()).data.empty(), name);
}

TEST_CASE("mount options: other words are for the file system, in their order") {
    CHECK(parse("size=64k,nosuid,mode=755,rsize,rbindx").data ==
          std::vector<std::string>{"size=64k", "mode=755", "rsize", "rbindx"});
}

TEST_CASE("mount options: the later one wins") {
    CHECK(parse("ro,rw").changes.own == MountAttributes{.clear = MOUNT_ATTR_RDONLY});
    CHECK(parse("rw,ro").changes.own == MountAttributes{.set = MOUNT_ATTR_RDONLY});
    CHECK(parse("ro,rw").superblock_clear == MS_RDONLY);
    CHECK(parse("ro,rw").superblock_set == 0);
    CHECK(parse("nosuid,nodev,noexec,suid,exec").changes.own ==
          MountAttributes{.set = MOUNT_ATTR_NODEV, .clear = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC});
    CHECK(parse("sync,lazytime,async").superblock_set == MS_LAZYTIME);
    CHECK(parse("iversion").superblock_set == MS_I_VERSION);
    CHECK(parse("iversion,noiversion").superblock_set == 0);
    CHECK(parse("bind,rbind").bind == Binding::whole_tree);
    CHECK(parse("rbind,bind").bind == Binding::whole_tree);
}

TEST_CASE("mount options: rro is for the whole tree, and a rw behind it for the mount alone") {
    const MountChanges changes = parse("rro,rw").changes;
    CHECK(changes.tree == MountAttributes{.set = MOUNT_ATTR_RDONLY});
    CHECK(changes.own == MountAttributes{.clear = MOUNT_ATTR_RDONLY});
    CHECK(parse("rw,rro").changes.own == MountAttributes{});
    CHECK(parse("rro").superblock_set == 0);
}

TEST_CASE("mount options: access times are one field of three values") {
    constexpr uint64_t mask = MOUNT_ATTR__ATIME;
    CHECK(parse("noatime").changes.own ==
          MountAttributes{.set = MOUNT_ATTR_NOATIME, .clear = mask});
    CHECK(parse("noatime,strictatime").changes.own ==
          MountAttributes{.set = MOUNT_ATTR_STRICTATIME, .clear = mask});
    CHECK(parse("noatime,atime").changes.own == MountAttributes{.clear = mask});
    CHECK(parse("strictatime,nostrictatime").changes.own == MountAttributes{.clear = mask});
    CHECK(parse("relatime,norelatime").changes.own == MountAttributes{});
    CHECK(parse("noatime,norelatime").changes.own == parse("noatime").changes.own);
    CHECK(parse("noatime,nostrictatime").changes.own == parse("noatime").changes.own);
    CHECK(parse("strictatime,atime").changes.own == parse("strictatime").changes.own);
    CHECK(parse("strictatime,norelatime").changes.own == parse("strictatime").changes.own);
    CHECK(parse("rnoatime").changes.tree ==
          MountAttributes{.set = MOUNT_ATTR_NOATIME, .clear = mask});
}

TEST_CASE("mount options: propagation is kept in order, and told in words") {
    const MountOptions options = parse("rbind,rslave,shared,nosuid,rnodev,noatime");
    CHECK(options.changes.propagation ==
          std::vector<Propagation>{{MS_SLAVE, Reach::whole_tree}, {MS_SHARED, Reach::one_mount}});
    CHECK(describe(options.changes) == "nosuid,noatime,rnodev,rslave,shared");
}

TEST_CASE("mount options: of one mount, what is said of the tree and of the mount is one") {
    const auto one = [](const char* list) { return for_one_mount(parse(list).changes); };
    CHECK(one("rro,rw").own == MountAttributes{.clear = MOUNT_ATTR_RDONLY});
    CHECK(one("rw,rro").own == MountAttributes{.set = MOUNT_ATTR_RDONLY});
    CHECK(one("rnosuid,rro,suid").own ==
          MountAttributes{.set = MOUNT_ATTR_RDONLY, .clear = MOUNT_ATTR_NOSUID});
    CHECK(one("rnoatime,strictatime").own ==
          MountAttributes{.set = MOUNT_ATTR_STRICTATIME, .clear = MOUNT_ATTR__ATIME});
    CHECK(one("noatime,rstrictatime,nodev").own ==
          MountAttributes{.set = MOUNT_ATTR_STRICTATIME | MOUNT_ATTR_NODEV,
                          .clear = MOUNT_ATTR__ATIME});
    CHECK(one("rnoexec,slave").tree == MountAttributes{});
    CHECK(one("rnoexec,slave").propagation.size() == 1);
}

TEST_CASE(
    "mount options: a comma ends an option of a file system, where none belongs to the value") {
    const auto data_of = [](const char* option) { return parse_mount_options({option}).data; };
    using Data = std::vector<std::string>;
    CHECK(data_of("size=64k,mode=700") == Data{"size=64k", "mode=700"});
    CHECK(data_of(",size=64k,,mode=700,") == Data{"size=64k", "mode=700"});
    CHECK(data_of("") == Data{});
    CHECK(data_of(",") == Data{});
    CHECK(data_of("mpol=bind:0,2-3,size=1") == Data{"mpol=bind:0,2-3", "size=1"});
    CHECK(data_of("lowerdir=/a\\,b:/c,upperdir=/d") == Data{"lowerdir=/a\\,b:/c", "upperdir=/d"});
    CHECK(data_of("x=\\") == Data{"x=\\"});
    CHECK(data_of("context=u:r:t:s0:c1,c2") == Data{"context=u:r:t:s0:c1,c2"});
    CHECK(data_of("size=1,context=\"u:r:t:s0:c1,c2\",mode=7") ==
          Data{"size=1", "context=u:r:t:s0:c1,c2", "mode=7"});
    CHECK(data_of("x=\"a,b") == Data{"x=\"a,b"});
}
