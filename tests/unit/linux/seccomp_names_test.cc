#include "linux/seccomp_names.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("seccomp names: only what is near to a known call is taken for mistyped") {
    spec::Seccomp seccomp;
    seccomp.syscalls = {{.names = {"mkdirat", "fchmodat2", "mseal"}},
                        {.names = {"read", "mkdiratt", "none_such_call", "openta"}}};
    const std::vector<Problem> found = mistyped_calls(seccomp);
    REQUIRE(found.size() == 2);
    CHECK(found[0].pointer == "/linux/seccomp/syscalls/1/names/1");
    CHECK(found[0].what == "no system call is known as \"mkdiratt\": the rule has no effect on it");
    CHECK(found[0].hint == "did you mean \"mkdirat\"?");
    CHECK(found[1].hint == "did you mean \"openat\"?");
}
