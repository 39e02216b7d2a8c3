#include "compose/layers.h"

#include <sys/stat.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/text.h"

#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

// "/ overlay lowerdir=/,tmpupper; /home …"
std::string shown(const LayersRequest& request, const std::vector<MountedPlace>& mounts) {
    const Result<std::vector<spec::Mount>> layers = layers_of(request, mounts);
    if (!layers) return layers.error().message();
    std::string text;
    for (const spec::Mount& mount : *layers) {
        if (!text.empty()) text += "; ";
        text += format("{} {} {}", mount.destination, mount.type.value_or("bind"),
                       join(mount.options, ","));
    }
    return text;
}

MountedPlace mounted(const char* point, const char* type) {
    return {.id = 0, .parent = 0, .point = point, .type = type};
}

}  // namespace

TEST_CASE("layers: one overlay of the host's root, and one of each disk of the system") {
    CHECK(shown({}, {mounted("/", "ext4"), mounted("/proc", "proc"), mounted("/home", "xfs"),
                     mounted("/homes", "ext4"), mounted("/var/lib/dpkg", "btrfs"),
                     mounted("/var/lib/net", "nfs"), mounted("/mnt/stick", "ext4")}) ==
          "/ overlay lowerdir=/,tmpupper; /home overlay lowerdir=/home,tmpupper; "
          "/var/lib/dpkg overlay lowerdir=/var/lib/dpkg,tmpupper");
}

TEST_CASE("layers: a file that is a mount of its own is shown as it is") {
    CHECK(shown({}, {mounted("/etc/passwd", "ext4"), mounted("/etc/no-such-file", "ext4")}) ==
          "/ overlay lowerdir=/,tmpupper; /etc/passwd none rbind,rro,rprivate");
}

TEST_CASE("layers: another root is one overlay, and its path is escaped") {
    CHECK(shown({"/srv/a:b,c", false},
                {mounted("/srv/a:b,c/proc", "proc"), mounted("/home", "xfs")}) ==
          "/ overlay lowerdir=/srv/a\\:b\\,c,tmpupper");
    CHECK(shown({"/srv/a", true}, {mounted("/srv", "ext4"), mounted("/srv/ab", "ext4")}) ==
          "/ overlay lowerdir=/srv/a,tmpupper");
}

TEST_CASE(
    "layers: in a user namespace folders without mounts below them, links, and nothing else") {
    const TempFolder folder;
    const std::string top = folder.path();
    for (const char* name : {"/usr", "/var", "/var/lib", "/var/lib/disk", "/var/log"})
        REQUIRE(::mkdir((top + name).c_str(), 0755) == 0);
    folder.write("file", "");
    REQUIRE(::symlink("usr/bin", (top + "/bin").c_str()) == 0);
    const std::string disk = top + "/var/lib/disk";
    CHECK(shown({top, true}, {mounted(disk.c_str(), "ext4")}) ==
          format("/ tmpfs mode=755; /bin bind bind,copy-symlink; "
                 "/usr overlay lowerdir={0}/usr,tmpupper; "
                 "/var/lib/disk overlay lowerdir={0}/var/lib/disk,tmpupper; "
                 "/var/log overlay lowerdir={0}/var/log,tmpupper",
                 top));
}

TEST_CASE("layers: a folder that would be divided too often is shown as it is") {
    const TempFolder folder;
    std::string path = folder.path();
    for (int depth = 0; depth < 6; ++depth) {
        path += "/d";
        REQUIRE(::mkdir(path.c_str(), 0755) == 0);
    }
    CHECK(shown({folder.path(), true}, {mounted(path.c_str(), "ext4")}) ==
          "/ tmpfs mode=755; /d/d/d/d none rbind,rro,rprivate");
}
