#include "host/delegation.h"

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <string>

#include <doctest/doctest.h>

#include "support.h"

using namespace sampan;

namespace {

bool note(const std::string& directory, const char* name) {
    return ::setxattr(directory.c_str(), name, "1", 1, 0) == 0;
}

}  // namespace

TEST_CASE("delegation: what systemd has delegated to another user is not root's") {
    const testing::TempFolder folder;
    const std::string above = folder.path() + "/user.slice";
    const std::string place = above + "/user@1000.service";
    for (const std::string& directory : {above, place, place + "/app.scope"})
        REQUIRE(::mkdir(directory.c_str(), 0755) == 0);
    if (::geteuid() != 0 || !note(place, "trusted.delegate")) {
        MESSAGE("not tried: needs root and a file system with trusted attributes");
        return;
    }
    CgroupLayout layout;
    layout.unified = CgroupHierarchy{.mount_point = folder.path(),
                                     .own_path = "/user.slice/user@1000.service/app.scope"};
    CHECK(find_delegated(layout, DelegationNote::trusted) == "/user.slice/user@1000.service");
    REQUIRE(::chown(place.c_str(), 65534, 65534) == 0);
    CHECK(find_delegated(layout, DelegationNote::trusted) == std::nullopt);
    // Nor is a place of root's above it, with that user's in between.
    REQUIRE(note(above, "trusted.delegate"));
    CHECK(find_delegated(layout, DelegationNote::trusted) == std::nullopt);
}
