#include "cgroup/observed.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("observed limits: what the kernel writes in another way is the same") {
    CHECK(is_same_value("memory.max", "67108864", "67108864"));
    CHECK(is_same_value("memory.limit_in_bytes", "67108865", "67108864"));
    CHECK(is_same_value("memory.limit_in_bytes", "-1", "9223372036854771712"));
    CHECK(is_same_value("memory.max", "max", "max"));
    CHECK(is_same_value("cpuset.cpus", "0,1,2", "0-2\n"));
    CHECK(is_same_value("cpu.max", "50000", "50000 100000"));
    CHECK(is_same_value("cpu.max", "max 100000", "max 100000"));
    CHECK(is_same_value("io.max", "8:0 wbps=5", "8:0 rbps=max wbps=5 riops=max wiops=max"));
    CHECK(is_same_value("io.weight", "50", "default 50"));
    CHECK(is_same_value("io.weight", "8:0 50", "8:0 50"));
    CHECK(is_same_value("rdma.max", "mlx hca_handle=3", "mlx hca_handle=3 hca_object=max"));
}

TEST_CASE("observed limits: another value is a difference") {
    CHECK_FALSE(is_same_value("memory.max", "67108864", "134217728"));
    CHECK_FALSE(is_same_value("memory.max", "67108864", "max"));
    CHECK_FALSE(is_same_value("pids.max", "4097", "4096"));
    CHECK_FALSE(is_same_value("cpuset.cpus", "0", "0-1"));
    CHECK_FALSE(is_same_value("cpuset.cpus", "0", ""));
    CHECK_FALSE(is_same_value("cpu.max", "50000 100000", "50000 50000"));
    CHECK_FALSE(is_same_value("io.max", "8:0 wbps=5", "8:0 rbps=5 wbps=max"));
    CHECK_FALSE(is_same_value("cpu.weight", "100", ""));
}
