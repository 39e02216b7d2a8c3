#include "cli/options.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "base/text.h"

using namespace sampan;

namespace {

constexpr Option table[] = {
    {"bundle", 'b', "DIR", "a folder"},
    {"limit", 0, "N", "a number"},
    {"detach", 'd', nullptr, "a switch"},
    {"no-pivot", 0, nullptr, "a switch"},
};

using Words = std::vector<std::string>;

Parsed parse(Words words) {
    Result<Parsed> parsed = parse_options(table, std::move(words));
    REQUIRE_MESSAGE(parsed, parsed.error().message());
    return std::move(*parsed);
}

std::string refusal(Words words) {
    const Result<Parsed> parsed = parse_options(table, std::move(words));
    return parsed ? "" : parsed.error().message();
}

}  // namespace

TEST_CASE("options: a value follows, or stands behind an equals sign, with one dash or two") {
    for (const Words& words :
         {Words{"--bundle", "/pods"}, Words{"--bundle=/pods"}, Words{"-bundle", "/pods"},
          Words{"-bundle=/pods"}, Words{"-b", "/pods"}}) {
        CAPTURE(words[0]);
        const Parsed parsed = parse(words);
        CHECK(parsed.has("bundle"));
        CHECK(parsed.text("bundle") == "/pods");
        CHECK(parsed.arguments.empty());
    }
}

TEST_CASE("options: a switch is on when it is given") {
    for (const Words& words : {Words{"--no-pivot"}, Words{"-no-pivot"}, Words{"--no-pivot=true"},
                               Words{"-no-pivot=true"}}) {
        CAPTURE(words[0]);
        CHECK(parse(words).has("no-pivot"));
    }
    CHECK(parse({"-d"}).has("detach"));
    CHECK_FALSE(parse({"web"}).has("detach"));
}

TEST_CASE("options: a switch can be given as off") {
    CHECK_FALSE(parse({"--no-pivot=false"}).has("no-pivot"));
    CHECK_FALSE(parse({"-no-pivot=false"}).has("no-pivot"));
}

TEST_CASE("options: a switch takes no word that follows") {
    const Parsed parsed = parse({"--detach", "false"});
    CHECK(parsed.has("detach"));
    CHECK(parsed.arguments == Words{"false"});
}

TEST_CASE("options: a switch that is neither true nor false is an error") {
    CHECK(refusal({"--detach=maybe"}) == "--detach is true or false, not \"maybe\"");
    CHECK_FALSE(refusal({"-d="}).empty());
}

TEST_CASE("options: what is given twice counts the last time") {
    CHECK(parse({"--bundle", "a", "--bundle", "b"}).text("bundle") == "b");
    CHECK_FALSE(parse({"--detach", "--detach=false"}).has("detach"));
    CHECK(parse({"--detach=false", "-d"}).has("detach"));
}

TEST_CASE("options: arguments stand anywhere, in their order") {
    const Parsed parsed = parse({"web", "--bundle", "/pods", "KILL", "-d"});
    CHECK(parsed.arguments == Words{"web", "KILL"});
    CHECK(parsed.has("detach"));
}

TEST_CASE("options: behind two dashes everything is an argument") {
    const Parsed parsed = parse({"-d", "--", "--bundle", "-no-pivot", "--"});
    CHECK(parsed.has("detach"));
    CHECK_FALSE(parsed.has("bundle"));
    CHECK(parsed.arguments == Words{"--bundle", "-no-pivot", "--"});
}

TEST_CASE("options: a value may begin with a dash, be empty, or hold a comma or equals sign") {
    CHECK(parse({"--limit", "-1"}).text("limit") == "-1");
    CHECK(parse({"--limit=-1"}).text("limit") == "-1");
    CHECK(parse({"--bundle", "-"}).text("bundle") == "-");
    CHECK(parse({"--bundle", "a,b=c"}).text("bundle") == "a,b=c");
    const Parsed empty = parse({"--bundle="});
    CHECK(empty.has("bundle"));
    CHECK(empty.text("bundle").empty());
    CHECK(parse({"--bundle", ""}).has("bundle"));
}

TEST_CASE("options: an argument may be empty, a lone dash or hold a comma") {
    CHECK(parse({"-d", "a,b"}).arguments == Words{"a,b"});
    CHECK(parse({"-d", ""}).arguments == Words{""});
    CHECK(parse({"-d", "-"}).arguments == Words{"-"});
}

TEST_CASE("options: an unknown one is an error that names it") {
    for (const char* word : {"--bundles", "--no", "-x", "-bundl", "--bundl=x"}) {
        CAPTURE(word);
        const std::string text = refusal({word, "web"});
        CHECK_FALSE(text.empty());
    }
    CHECK(refusal({"--bundles"}).find("bundles") != std::string::npos);
}

namespace {

constexpr Option exec_like[] = {
    {"env", 'e', "NAME=VALUE", ""},
    {"tty", 't', nullptr, ""},
    {"interactive", 'i', nullptr, ""},
    {"cwd", 0, "DIR", ""},
};

}  // namespace

TEST_CASE("options: letters may stand in one group, and the last may take the next word") {
    const Parsed both = parse_options(exec_like, {"-it", "web"}).value();
    CHECK(both.has("tty"));
    CHECK(both.has("interactive"));
    CHECK(both.arguments == Words{"web"});
    const Parsed three = parse_options(exec_like, {"-tie", "A=1", "web"}).value();
    CHECK(three.has("interactive"));
    CHECK(three.text("env") == "A=1");
    CHECK(three.arguments == Words{"web"});
    CHECK(parse_options(exec_like, {"-tie"}).error().message() == "flag needs an argument: --env");
    CHECK(parse_leading_options(exec_like, {"-te", "A=1", "web", "-it"}).value().arguments ==
          Words{"web", "-it"});
}

TEST_CASE("options: a group has no unknown letter, and no value within") {
    for (const char* word : {"-itx", "-eA=1", "-et", "-it=true", "--it", "-eA"}) {
        CAPTURE(word);
        const Result<Parsed> parsed = parse_options(exec_like, {word, "web"});
        REQUIRE_FALSE(parsed);
        CHECK(parsed.error().message() == format("unknown option {}", word));
    }
}

TEST_CASE("options: the name of a long option is no group of letters") {
    constexpr Option table_with_name[] = {
        {"ab", 0, nullptr, ""}, {"all", 'a', nullptr, ""}, {"brief", 'b', nullptr, ""}};
    const Parsed named = parse_options(table_with_name, {"-ab"}).value();
    CHECK(named.has("ab"));
    CHECK_FALSE(named.has("all"));
    const Parsed group = parse_options(table_with_name, {"-ba"}).value();
    CHECK(group.has("all"));
    CHECK(group.has("brief"));
}

TEST_CASE("options: a group of switches is no long option with a value") {
    constexpr Option table_with_id[] = {
        {"id", 0, "ID", ""}, {"interactive", 'i', nullptr, ""}, {"detach", 'd', nullptr, ""}};
    const Parsed group = parse_options(table_with_id, {"-id", "web"}).value();
    CHECK(group.has("interactive"));
    CHECK(group.has("detach"));
    CHECK(group.arguments == Words{"web"});
    CHECK(parse_options(table_with_id, {"-id=web"}).value().text("id") == "web");
    CHECK(parse_options(table_with_id, {"--id", "web"}).value().text("id") == "web");
}

// podman looks for these words.
TEST_CASE("options: a missing value is an error in Go's words") {
    CHECK(refusal({"--bundle"}) == "flag needs an argument: --bundle");
    CHECK(refusal({"web", "-bundle"}) == "flag needs an argument: --bundle");
    CHECK(refusal({"-b"}) == "flag needs an argument: --bundle");
}

TEST_CASE("options: behind two dashes no value is missing") {
    CHECK(parse({"--", "--bundle"}).arguments == Words{"--bundle"});
}

TEST_CASE("options: a value that looks like an option is a value") {
    CHECK(parse({"--limit", "--detach"}).text("limit") == "--detach");
    CHECK(parse({"--limit", "-bundle"}).text("limit") == "-bundle");
}

TEST_CASE("options: the first unknown one is found, and no value is taken for one") {
    const auto unknown = [](Words words) { return unknown_option(table, words); };
    CHECK(unknown({"web", "--limit", "--what", "-x", "-y"}) == "-x");
    CHECK(unknown({"--limit=1", "--what=2"}) == "--what");
    CHECK(unknown({"-bundl", "x"}) == "-bundl");
    CHECK(unknown({"-db", "--what"}) == "");
    CHECK(unknown({"-", "--", "--what"}) == "");
    CHECK(unknown({}) == "");
}

TEST_CASE("options: one of some words; the first one counts if none is given") {
    constexpr std::string_view words[] = {"table", "json", "text"};
    const auto chosen = [&](const char* word) {
        return choice(parse({"--limit", word}), "limit", words);
    };
    CHECK(choice(parse({}), "limit", words).value() == "table");
    CHECK(chosen("").value() == "table");
    CHECK(chosen("json").value() == "json");
    const Result<std::string> wrong = chosen("jason");
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message() == "--limit is table, json or text, not \"jason\"");
    CHECK(wrong.error().hint() == "did you mean \"json\"?");
}

TEST_CASE("leading options: they end where the command's name stands") {
    const auto count = [](Words words) { return leading_options(table, words); };
    CHECK(count({"create", "-d"}) == 0);
    CHECK(count({"--detach", "create"}) == 1);
    CHECK(count({"--bundle", "x", "create"}) == 2);
    CHECK(count({"-bundle=x", "-d", "create", "--limit", "1"}) == 2);
    CHECK(count({"--bundle"}) == 1);
    CHECK(count({}) == 0);
}

TEST_CASE("options: what is given again is kept in order, and the last one counts alone") {
    const Parsed parsed =
        parse_options(exec_like, {"--env", "A=1,2", "-e", "B=1", "--env=C=3", "x"}).value();
    CHECK(parsed.all("env") == std::vector<std::string>{"A=1,2", "B=1", "C=3"});
    CHECK(parsed.text("env") == "C=3");
    CHECK(parsed.all("cwd").empty());
    CHECK(parsed.arguments == std::vector<std::string>{"x"});
}

TEST_CASE("options: where a program follows they end at the first argument") {
    const Parsed parsed = parse_leading_options(exec_like, {"-t", "--cwd", "/", "web", "ls", "-t",
                                                            "--", "--nonesuch"})
                              .value();
    CHECK(parsed.has("tty"));
    CHECK(parsed.text("cwd") == "/");
    CHECK(parsed.arguments == std::vector<std::string>{"web", "ls", "-t", "--", "--nonesuch"});
    CHECK(parse_leading_options(exec_like, {"--tty=false", "--", "web"}).value().arguments ==
          std::vector<std::string>{"web"});
    CHECK_FALSE(parse_leading_options(exec_like, {"--tty=false", "web"}).value().has("tty"));
    CHECK_FALSE(parse_leading_options(exec_like, {"--nonesuch", "web"}).has_value());
    CHECK_FALSE(parse_leading_options(exec_like, {"web", "x", "--cwd"})->has("cwd"));
    CHECK_FALSE(parse_leading_options(exec_like, {"--cwd"}).has_value());
}
