#include "cli/resource_options.h"

#include <doctest/doctest.h>

using namespace sampan;

namespace {

Parsed given(const std::map<std::string, std::string>& values) {
    Parsed parsed;
    for (const auto& [name, value] : values)
        parsed.values[name] = {value};
    return parsed;
}

}  // namespace

TEST_CASE("resource options: each sets its value, and no other") {
    spec::Resources resources = {.cpu = spec::Cpu{.shares = 512, .quota = 1}};
    const Parsed parsed = given({{"memory", "64m"},
                                 {"memory-swap", "-1"},
                                 {"cpu-quota", "-1"},
                                 {"cpuset-cpus", "0-3"},
                                 {"blkio-weight", "100"},
                                 {"pids-limit", "0"}});
    REQUIRE(apply_resource_options(parsed, resources));
    const spec::Resources expected = {
        .memory = spec::Memory{.limit = 64 << 20, .swap = -1},
        .cpu = spec::Cpu{.shares = 512, .quota = -1, .cpus = "0-3"},
        .pids = spec::Pids{.limit = 0},
        .block_io = spec::BlockIo{.weight = 100},
    };
    CHECK(resources == expected);
}

TEST_CASE("resource options: a value that is none is refused with the option's name") {
    for (const auto& [name, value] :
         std::map<std::string, std::string>{{"memory", "64q"},
                                            {"cpu-quota", "1e5"},
                                            {"cpu-share", "-1"},
                                            {"blkio-weight", "70000"}}) {
        spec::Resources resources;
        const Status applied = apply_resource_options(given({{name, value}}), resources);
        REQUIRE_FALSE(applied);
        CHECK(applied.error().message().starts_with("--" + name + ": takes a number"));
    }
}

TEST_CASE("resource options: lines for resctrl are lines") {
    CHECK(read_rdt_lines(given({}))->empty());
    CHECK(*read_rdt_lines(given({{"mem-bw-schema", "MB:0=50"}, {"l3-cache-schema", "L3:0=3"}})) ==
          std::vector<std::string>{"L3:0=3", "MB:0=50"});
    CHECK_FALSE(read_rdt_lines(given({{"l3-cache-schema", "L3:0=3\nL3:1=1"}})));
    const auto wrong = read_rdt_lines(given({{"mem-bw-schema", "L3:0=3"}}));
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message() ==
          "--mem-bw-schema: expected one line that starts with \"MB:\", found \"L3:0=3\"");
}

TEST_CASE("resource options: an error finds the option that asked for the value") {
    const Parsed parsed = given({{"memory", "64m"}});
    CHECK(resource_option_at(parsed, "/linux/resources/memory/limit") == "memory");
    CHECK(resource_option_at(parsed, "/linux/resources/memory/swap").empty());
    CHECK(resource_option_at(parsed, "/memory/limit").empty());
}
