#include "os/process_status.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("process status: ids, groups, umask, capabilities and seccomp are read") {
    const ProcessStatus status = parse_process_status(
        "Name:\tsh\nUmask:\t0027\nUid:\t1\t2\t3\t4\nGid:\t5\t6\t7\t8\nGroups:\t10 20 \n"
        "CapInh:\t0000000000000000\nCapPrm:\t000001ffffffffff\nCapEff:\t0000000000000021\n"
        "CapBnd:\t8000000000000000\nCapAmb:\t0000000000000001\nNoNewPrivs:\t1\nSeccomp:\t2\n"
        "Seccomp_filters:\t3\n");
    CHECK(status.uid == 2);
    CHECK(status.gid == 6);
    CHECK(status.groups == std::vector<uint32_t>{10, 20});
    CHECK(status.umask == 027);
    CHECK(status.inheritable == 0);
    CHECK(status.permitted == 0x1ffffffffff);
    CHECK(status.effective == 0x21);
    CHECK(status.bounding == uint64_t{1} << 63);
    CHECK(status.ambient == 1);
    CHECK(status.no_new_privileges == true);
    CHECK(status.seccomp_mode == 2);
    CHECK(status.seccomp_filters == 3);
}

TEST_CASE("process status: what an older kernel does not say is absent") {
    CHECK(parse_process_status("") == ProcessStatus{});
    CHECK(parse_process_status("Uid:\nCapEff:\nUmask:\t\nnonsense\nSeccomp:\tx\n") ==
          ProcessStatus{});
}
