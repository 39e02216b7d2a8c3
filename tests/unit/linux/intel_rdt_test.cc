// No processor with RDT is needed: a folder stands in for the mounted resctrl.
#include "linux/intel_rdt.h"

#include <doctest/doctest.h>

#include "os/file.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

Spec with(const spec::IntelRdt& rdt) {
    Spec spec;
    spec.linux_.emplace();
    spec.linux_->intel_rdt = rdt;
    return spec;
}

JoinRdtGroup planned(const spec::IntelRdt& rdt) {
    return *plan_intel_rdt(checked(with(rdt)), "web");
}

}  // namespace

TEST_CASE(
    "intelRdt: L3 first, then MB, then schemata; the group is the container's without closID") {
    spec::IntelRdt rdt;
    rdt.l3_cache_schema = "L3:0=f";
    rdt.mem_bw_schema = "MB:0=20";
    rdt.schemata = {"L2:0=3"};
    rdt.enable_monitoring = true;
    CHECK(planned(rdt) ==
          JoinRdtGroup{"web", true, {"L3:0=f", "MB:0=20"}, {"L2:0=3"}, "web", "/linux/intelRdt"});
    rdt.clos_id = "/";
    CHECK(planned(rdt).group.empty());
    CHECK_FALSE(planned(rdt).is_own);
    rdt.clos_id = "";
    CHECK(planned(rdt).group == "web");
    CHECK(planned(rdt).is_own);
}

TEST_CASE("intelRdt: resctrl is found among the mounts, or its lack is an error") {
    const std::string one = "31 23 0:28 / /sys/fs/resctrl rw shared:1 - resctrl resctrl rw\n";
    CHECK(*find_resctrl(one, nullptr) == "/sys/fs/resctrl");
    CHECK(find_resctrl("31 23 0:28 / /proc rw - proc proc rw\n", nullptr).error().pointer() ==
          "/linux/intelRdt");
    const std::string other = "41 23 0:28 / /mnt/r\\040s rw shared:1 - resctrl resctrl rw\n";
    const auto is_seen = [](const std::string& path, uint64_t id) {
        return id == (path == "/mnt/r s" ? 41 : 99);
    };
    CHECK(*find_resctrl(one + other, is_seen) == "/mnt/r s");
    CHECK_FALSE(find_resctrl(one, is_seen));
}

TEST_CASE("intelRdt: schemata are compared by domain and value") {
    const std::string_view text = "    MB:0=100;1=70\n    L3:0=7f0;1=01f\n";
    CHECK(has_schema(text, "L3:0=7F0;1=1f"));
    CHECK(has_schema(text, "MB:1=70"));
    CHECK_FALSE(has_schema(text, "L3:0=7f0;1=1e"));
    CHECK_FALSE(has_schema(text, "L3:2=1"));
    CHECK_FALSE(has_schema(text, "L2:0=1"));
}

TEST_CASE("intelRdt: a group of the container's own is made, written, joined, and foreseen") {
    const TempFolder root;
    const JoinRdtGroup step = planned({.schemata = {"L3:0=f", "MB:0=20"}});
    const Result<RdtRecord> record = foresee_rdt_group(step, root.path());
    REQUIRE(record);
    CHECK(*record == RdtRecord{root.path() + "/web", ""});
    CHECK(make_rdt_group(step, root.path()));
    CHECK(*read_file(cwd, root.path() + "/web/schemata") == "L3:0=f\nMB:0=20\n");
    CHECK(text_of(enter_rdt_group(step, root.path(), 77)) == "ok");
    CHECK(*read_file(cwd, root.path() + "/web/tasks") == "77");
    // Now it exists and belongs to somebody: it is not foreseen, and must match.
    CHECK(foresee_rdt_group(step, root.path())->group.empty());
    CHECK(make_rdt_group(planned({.l3_cache_schema = "L3:0=f"}), root.path()));
    CHECK_FALSE(make_rdt_group(planned({.l3_cache_schema = "L3:0=3"}), root.path()));
}

TEST_CASE("intelRdt: schemata are written to a group that is there, and compared with nothing") {
    const TempFolder root;
    root.write("gold/schemata", "L3:0=f\nMB:0=100\n");
    const JoinRdtGroup step = planned({.clos_id = "gold", .schemata = {"L3:0=3", "L3:1=1"}});
    REQUIRE(make_rdt_group(step, root.path()));
    CHECK(*read_file(cwd, root.path() + "/gold/schemata") == "L3:0=3\nL3:1=1\n");
    // If the comparison fails, nothing is written.
    const JoinRdtGroup other =
        planned({.clos_id = "gold", .schemata = {"L3:0=7"}, .mem_bw_schema = "MB:0=50"});
    CHECK_FALSE(make_rdt_group(other, root.path()));
    CHECK(*read_file(cwd, root.path() + "/gold/schemata") == "L3:0=3\nL3:1=1\n");
}

TEST_CASE("intelRdt: a closID without a schema must exist, and is never removed") {
    const TempFolder root;
    const JoinRdtGroup step = planned({.clos_id = "gold"});
    CHECK_FALSE(make_rdt_group(step, root.path()));
    root.write("gold/schemata", "L3:0=f\n");
    CHECK(make_rdt_group(step, root.path()));
    CHECK(*foresee_rdt_group(step, root.path()) == RdtRecord{});
    CHECK(*read_file(cwd, root.path() + "/gold/schemata") == "L3:0=f\n");
}

TEST_CASE("intelRdt: an update writes the lines that it is given into the group that is there") {
    const TempFolder root;
    root.write("gold/schemata", "L3:0=f\nMB:0=100\n");
    const JoinRdtGroup step = planned({.clos_id = "gold"});
    CHECK(text_of(update_rdt_group(step, {"L3:0=3", "MB:0=50"}, root.path())) == "ok");
    CHECK(*read_file(cwd, root.path() + "/gold/schemata") == "L3:0=3\nMB:0=50\n");
    CHECK(text_of(update_rdt_group(planned({.clos_id = "none"}), {"L3:0=3"}, root.path())) != "ok");
}

TEST_CASE("intelRdt: a monitoring group is made below the group, and removed") {
    const TempFolder root;
    root.write("gold/mon_groups/other", "");
    const JoinRdtGroup step = planned({.clos_id = "gold", .enable_monitoring = true});
    const RdtRecord record = foresee_rdt_group(step, root.path()).value();
    CHECK(record == RdtRecord{"", root.path() + "/gold/mon_groups/web"});
    CHECK(make_rdt_group(step, root.path()));
    CHECK_FALSE(make_rdt_group(step, root.path()));
    CHECK(text_of(remove_rdt_group(record)) == "ok");
    CHECK_FALSE(stat_at(cwd, record.monitor)->has_value());
}

TEST_CASE("intelRdt: a group with a closID is made with its schema, told, and left by delete") {
    const TempFolder root;
    const JoinRdtGroup step = planned({.clos_id = "gold", .l3_cache_schema = "L3:0=f"});
    CHECK(foresee_rdt_group(step, root.path()).value() == RdtRecord{});
    const RdtRecord made = make_rdt_group(step, root.path()).value();
    CHECK(made == RdtRecord{root.path() + "/gold", ""});
    CHECK(*read_file(cwd, root.path() + "/gold/schemata") == "L3:0=f\n");
    CHECK(make_rdt_group(step, root.path()).value() == RdtRecord{});
}

TEST_CASE("intelRdt: without a place for the monitoring group nothing stays") {
    const TempFolder root;
    // Unlike the kernel's, a new folder here has no mon_groups.
    const JoinRdtGroup step = planned({.enable_monitoring = true});
    CHECK_FALSE(make_rdt_group(step, root.path()));
    CHECK_FALSE(stat_at(cwd, root.path() + "/web")->has_value());
}
