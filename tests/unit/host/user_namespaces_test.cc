#include "host/user_namespaces.h"

#include <cerrno>

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("user namespaces: the command lifts the parameter that forbids them") {
    CHECK(user_namespace_remedy({.most = 0}, ENOSPC) == "sysctl -w user.max_user_namespaces=10000");
    CHECK(user_namespace_remedy({.most = 5}, ENOSPC) == "sysctl -w user.max_user_namespaces=10000");
    CHECK(user_namespace_remedy({.most = 5, .unprivileged_clone = 0}, EPERM) ==
          "sysctl -w kernel.unprivileged_userns_clone=1");
    CHECK(user_namespace_remedy({.apparmor_restriction = 1}, EACCES) ==
          "sysctl -w kernel.apparmor_restrict_unprivileged_userns=0");
    CHECK(user_namespace_remedy({.most = 5, .unprivileged_clone = 1, .apparmor_restriction = 0},
                                EPERM)
              .empty());
    CHECK(user_namespace_remedy({}, EPERM).empty());
}

TEST_CASE("subordinate ids: all ranges of a user count, by name or number") {
    constexpr std::string_view text =
        "ann:100000:65536\nbob:165536:65536\n1000:300000:10\n# ann:1:1\nann:x\nann:1:y\n";
    CHECK(count_subordinate_ids(text, "ann", 1000) == 65546);
    CHECK(count_subordinate_ids(text, "bob", 1001) == 65536);
    CHECK(count_subordinate_ids(text, "carl", 1002) == 0);
    CHECK(count_subordinate_ids("", "ann", 1000) == 0);
}
