#include <algorithm>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "cgroup/device_rules.h"
#include "cgroup/devices_v1.h"
#include "cgroup/devices_v2.h"

using namespace sampan;

namespace {

using Lines = std::vector<std::string>;
using Rules = std::vector<spec::DeviceRule>;
constexpr auto c = spec::DeviceRuleType::c;
constexpr auto b = spec::DeviceRuleType::b;

Lines v1(const Rules& rules) {
    const Result<std::vector<CgroupWrite>> writes = plan_devices_v1(rules);
    REQUIRE(writes);
    Lines all;
    for (const CgroupWrite& write : *writes)
        all.push_back(describe(write));
    return all;
}

const Lines standard{"devices.deny = a",
                     "devices.allow = c *:* m",
                     "devices.allow = c 1:3 rwm",
                     "devices.allow = c 1:5 rwm",
                     "devices.allow = c 1:7 rwm",
                     "devices.allow = c 1:8 rwm",
                     "devices.allow = c 1:9 rwm",
                     "devices.allow = c 5:0 rwm",
                     "devices.allow = c 5:2 rwm",
                     "devices.allow = c 136:* rwm",
                     "devices.allow = c 10:200 rwm",
                     "devices.allow = b *:* m"};

// In the form of a program.
Rules all_rules(const Rules& configured) {
    Rules rules;
    for (const PlacedDeviceRule& placed : all_device_rules(configured))
        rules.push_back(placed.rule);
    return rules;
}

// What the kernel would answer: a small interpreter for the instructions that are used.
int run(const std::vector<bpf_insn>& program, __u32 type, __u32 access, __u32 major, __u32 minor) {
    const bpf_cgroup_dev_ctx context{
        .access_type = access << 16 | type, .major = major, .minor = minor};
    __u32 registers[11] = {};
    for (size_t at = 0; at < program.size(); ++at) {
        const bpf_insn& one = program[at];
        __u32& to = registers[one.dst_reg];
        const __u32 value = static_cast<__u32>(one.imm);
        const auto jump = [&] { at += static_cast<size_t>(one.off); };
        switch (one.code) {
            case BPF_LDX | BPF_MEM | BPF_W:
                to = one.off == 0   ? context.access_type
                     : one.off == 4 ? context.major
                                    : context.minor;
                break;
            case BPF_ALU | BPF_MOV | BPF_X:
                to = registers[one.src_reg];
                break;
            case BPF_ALU | BPF_MOV | BPF_K:
                to = value;
                break;
            case BPF_ALU | BPF_RSH | BPF_K:
                to >>= value;
                break;
            case BPF_ALU | BPF_AND | BPF_K:
                to &= value;
                break;
            case BPF_JMP32 | BPF_JNE | BPF_K:
                if (to != value) jump();
                break;
            case BPF_JMP32 | BPF_JEQ | BPF_K:
                if (to == value) jump();
                break;
            case BPF_JMP | BPF_EXIT:
                return static_cast<int>(registers[0]);
            default:
                return -1;
        }
    }
    return -2;
}

constexpr __u32 block = BPF_DEVCG_DEV_BLOCK;
constexpr __u32 character = BPF_DEVCG_DEV_CHAR;
constexpr __u32 r = BPF_DEVCG_ACC_READ;
constexpr __u32 w = BPF_DEVCG_ACC_WRITE;
constexpr __u32 m = BPF_DEVCG_ACC_MKNOD;

}  // namespace

TEST_CASE("devices v1: without rules only the standard nodes") {
    CHECK(v1({}) == standard);
}

TEST_CASE("devices v1: an engine's leading denial does not close the standard nodes") {
    CHECK(v1({{.allow = false, .access = "rwm"}}) == standard);
}

TEST_CASE("devices v1: all allowed is one write") {
    CHECK(v1({{.allow = true, .access = "rwm"}}) == Lines{"devices.allow = a"});
    CHECK(v1({{.allow = true}}) == Lines{"devices.allow = a"});
}

TEST_CASE("devices v1: the last match wins") {
    const Lines denied_again = v1({{.allow = true, .type = b, .major = 8, .minor = 0},
                                   {.allow = false, .type = b, .major = 8, .minor = 0}});
    CHECK(denied_again == standard);
    const Lines partly = v1({{.allow = true, .type = b, .major = 8, .minor = 0, .access = "rw"},
                             {.allow = false, .type = b, .major = 8, .access = "w"}});
    CHECK(partly.back() == "devices.allow = b 8:0 r");
    const Lines excepted = v1({{.allow = true}, {.allow = false, .type = b, .major = 8}});
    CHECK(excepted == Lines{"devices.allow = a", "devices.deny = b 8:* rwm"});
}

TEST_CASE("devices v1: a rule for both types is two exceptions") {
    const Lines both = v1({{.allow = true, .major = 10, .minor = 229, .access = "rw"}});
    const Lines added(both.end() - 2, both.end());
    CHECK(added == Lines{"devices.allow = c 10:229 rw", "devices.allow = b 10:229 rw"});
}

TEST_CASE("devices v1: a hole in a wider rule is refused with its place") {
    const Result<std::vector<CgroupWrite>> writes =
        plan_devices_v1({{.allow = true, .type = c, .major = 10},
                         {.allow = false, .type = c, .major = 10, .minor = 200}});
    REQUIRE_FALSE(writes);
    CHECK(writes.error().pointer() == "/linux/resources/devices/1");
}

TEST_CASE("devices v1: writes point at their rules") {
    const Result<std::vector<CgroupWrite>> writes = plan_devices_v1(
        {{.allow = false, .access = "rwm"}, {.allow = true, .type = b, .major = 8, .minor = 1}});
    REQUIRE(writes);
    CHECK(writes->at(0).origin == "/linux/resources/devices/0");
    CHECK(writes->at(1).origin == "/linux/resources/devices");
    CHECK(writes->back().origin == "/linux/resources/devices/1");
}

TEST_CASE("devices v1: a denial behind the standard rules is carried out") {
    const Lines denied = v1({{.allow = false, .access = "rwm"},
                             {.allow = false, .type = c, .major = 1, .minor = 5, .access = "rw"}});
    Lines expected = standard;
    std::ranges::replace(expected, "devices.allow = c 1:5 rwm", "devices.allow = c 1:5 m");
    CHECK(denied == expected);
    const Lines no_nodes = v1({{.allow = false, .access = "m"}});
    CHECK(std::ranges::find(no_nodes, "devices.allow = c 1:3 rw") != no_nodes.end());
    CHECK(std::ranges::none_of(
        no_nodes, [](const std::string& line) { return line.find("*:*") != line.npos; }));
}

TEST_CASE("devices v1: of a denial of one device, m is passed over beside the standard rule") {
    // The rules of Docker.
    CHECK(v1({{.allow = false, .access = "rwm"},
              {.allow = false, .type = c, .major = 10, .minor = 229, .access = "rwm"}}) ==
          standard);
    CHECK_FALSE(
        plan_devices_v1({{.allow = false, .type = c, .major = 1, .minor = 3, .access = "m"}}));
    CHECK_FALSE(plan_devices_v1({{.allow = true, .type = b, .major = 8},
                                 {.allow = false, .type = b, .major = 8, .minor = 1}}));
}

TEST_CASE("devices: the standard rules stand behind the last rule that denies all of their type") {
    const auto allowed = [](const Rules& rules, __u32 type, __u32 access, __u32 major,
                            __u32 minor) {
        return run(device_program(all_rules(rules)), type, access, major, minor) == 1;
    };
    const spec::DeviceRule deny_all{.allow = false, .access = "rwm"};
    const spec::DeviceRule deny_zero{
        .allow = false, .type = c, .major = 1, .minor = 5, .access = "rwm"};
    CHECK(allowed({}, character, r | w, 1, 5));
    CHECK(allowed({deny_all}, character, r | w, 1, 5));
    CHECK(allowed({deny_zero, deny_all}, character, r | w, 1, 5));
    CHECK_FALSE(allowed({deny_all, deny_zero}, character, r, 1, 5));
    CHECK_FALSE(allowed({deny_zero}, character, m, 1, 5));
    CHECK(allowed({deny_zero}, character, r | w, 1, 3));
    // For one type only: rules of the other one stay where they are.
    const spec::DeviceRule deny_blocks{.allow = false, .type = b, .major = -1};
    CHECK_FALSE(allowed({deny_zero, deny_blocks}, character, r, 1, 5));
    CHECK(allowed({deny_blocks}, block, m, 8, 0));
    CHECK_FALSE(allowed({{.allow = true}, deny_blocks}, block, r, 8, 0));
    // Not all access.
    CHECK_FALSE(allowed({{.allow = false, .access = "m"}}, character, m, 1, 3));
    CHECK(allowed({{.allow = false, .access = "m"}}, character, r | w, 1, 3));
    CHECK_FALSE(
        allowed({deny_all, {.allow = false, .type = c, .major = 136}}, character, r, 136, 0));
}

TEST_CASE("devices bpf: standard nodes and creation of any node") {
    const std::vector<bpf_insn> program =
        device_program(all_rules({{.allow = false, .access = "rwm"}}));
    CHECK(run(program, character, r | w, 1, 3) == 1);
    CHECK(run(program, character, r | w, 136, 12) == 1);
    CHECK(run(program, character, r, 1, 1) == 0);
    CHECK(run(program, block, m, 8, 0) == 1);
    CHECK(run(program, block, r, 8, 0) == 0);
    CHECK(run(program, block, r | m, 8, 0) == 0);
}

TEST_CASE("devices bpf: the last match wins, by kind of access") {
    const std::vector<bpf_insn> program =
        device_program({{.allow = true, .type = c, .major = 10},
                        {.allow = false, .type = c, .major = 10, .minor = 200, .access = "w"}});
    CHECK(run(program, character, r, 10, 200) == 1);
    CHECK(run(program, character, r | w, 10, 200) == 0);
    CHECK(run(program, character, r | w, 10, 201) == 1);
    CHECK(run(program, block, r, 10, 201) == 0);
}

TEST_CASE("devices bpf: access may come from several rules") {
    const std::vector<bpf_insn> program =
        device_program({{.allow = true, .type = b, .major = 8, .minor = 0, .access = "r"},
                        {.allow = true, .type = b, .major = 8, .access = "w"}});
    CHECK(run(program, block, r | w, 8, 0) == 1);
    CHECK(run(program, block, w, 8, 1) == 1);
    CHECK(run(program, block, r | w, 8, 1) == 0);
}

TEST_CASE("devices bpf: a rule for everything ends the program") {
    const std::vector<bpf_insn> open =
        device_program({{.allow = false, .type = b, .major = 8}, {.allow = true}});
    CHECK(run(open, block, r | w | m, 8, 0) == 1);
    CHECK(open.size() == 8);
    CHECK(run(device_program({}), character, r, 1, 3) == 0);
    // -1 is how some engines write "all".
    CHECK(device_program({{.allow = true, .major = -1, .minor = -1}}).size() == 8);
}
