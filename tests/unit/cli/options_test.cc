#include "cli/options.h"

#include <string>
#include <vector>

#include <doctest/doctest.h>

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
    CHECK_FALSE(refusal({"--detach=maybe"}).empty());
}

TEST_CASE("options: what is given twice counts the last time") {
    CHECK(parse({"--bundle", "a", "--bundle", "b"}).text("bundle") == "b");
    CHECK_FALSE(parse({"--detach", "--detach=false"}).has("detach"));
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

TEST_CASE("leading options: they end where the command's name stands") {
    const auto count = [](Words words) { return leading_options(table, words); };
    CHECK(count({"create", "-d"}) == 0);
    CHECK(count({"--detach", "create"}) == 1);
    CHECK(count({"--bundle", "x", "create"}) == 2);
    CHECK(count({"-bundle=x", "-d", "create", "--limit", "1"}) == 2);
    CHECK(count({"--bundle"}) == 1);
    CHECK(count({}) == 0);
}

namespace {

constexpr Option exec_like[] = {
    {"env", 'e', "NAME=VALUE", ""},
    {"tty", 't', nullptr, ""},
    {"cwd", 0, "DIR", ""},
};

}  // namespace

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
