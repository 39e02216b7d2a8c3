#include "cgroup/record.h"

#include <string>

#include <doctest/doctest.h>

#include "spec/reader.h"
#include "spec/writer.h"

using namespace sampan;

TEST_CASE("cgroup record: written and read again it is the same") {
    const CgroupRecord record = {
        .places = {{.controllers = {"cpu", "cpuacct"},
                    .mount_point = "/sys/fs/cgroup/cpu,cpuacct",
                    .path = "/pods/web",
                    .made = 1,
                    .inode = 4711},
                   {.unified = true, .mount_point = "/sys/fs/cgroup/unified", .path = "/web"}},
        .unit = UnitRecord{"sampan-web.scope", "web, 2026", true}};
    const std::string text = write_json(record, JsonStyle::compact);
    const Result<CgroupRecord> read = read_json<CgroupRecord>(text, "state.json");
    REQUIRE(read);
    CHECK(*read == record);
    CHECK(read_json<CgroupRecord>("{}", "state.json").value() == CgroupRecord{});
}
