#include "host/user_namespaces.h"

#include <cerrno>

#include <doctest/doctest.h>

#include "base/text.h"

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

TEST_CASE("lent ids: all ranges of a user, by name or number") {
    const auto shown = [](std::string_view text, std::string_view name, uint32_t uid) {
        std::string list;
        for (const LentIds& ids : lent_ids(text, name, uid))
            list += format("{}+{} ", ids.first, ids.count);
        return list;
    };
    constexpr std::string_view text =
        "ann:100000:65536\nbob:165536:65536\n1000:300000:10\n# ann:1:1\nann:x\nann:1:y\n";
    CHECK(shown(text, "ann", 1000) == "100000+65536 300000+10 ");
    CHECK(shown(text, "bob", 1001) == "165536+65536 ");
    CHECK(shown(text, "carl", 1002).empty());
    CHECK(shown("", "ann", 1000).empty());
    CHECK(shown("ann:x:1\nann:1:0\nann:4294967295:2\nann:-1:5\n:1:1\n\n ann:200000:5 \n", "ann",
                1000) == "200000+5 ");
}
