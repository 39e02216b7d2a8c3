#include "host/host.h"

#include <linux/capability.h>
#include <unistd.h>

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("host: ids are those of this process") {
    const Result<Host> host = read_host();
    REQUIRE(host);
    CHECK(host->euid == ::geteuid());
    CHECK(host->egid == ::getegid());
}

TEST_CASE("host: privileged is root with CAP_SYS_ADMIN") {
    Host host;
    CHECK_FALSE(host.is_privileged());
    host.capabilities = uint64_t{1} << CAP_SYS_ADMIN;
    CHECK(host.is_privileged());
    host.euid = 1000;
    CHECK_FALSE(host.is_privileged());
}
