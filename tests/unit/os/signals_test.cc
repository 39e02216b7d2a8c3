#include "os/signals.h"

#include <signal.h>

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("signals: names, also of those that have none") {
    CHECK(signal_name(SIGTERM) == "SIGTERM");
    CHECK(signal_name(SIGRTMIN + 3) == "signal 37");
}

TEST_CASE("signals: the sets of a process are read from its status") {
    const SignalSets sets = parse_signal_sets(
        "Name:\tsleep\nSigQ:\t0/1\nSigBlk:\t0000000000010000\nSigIgn:\t0000000000000004\n"
        "SigCgt:\t0000000180004002\nCapInh:\t0\n");
    CHECK(sets.blocked == 0x10000);
    CHECK(sets.ignored == 4);
    CHECK(sets.catches(SIGTERM));
    CHECK(sets.catches(SIGINT));
    CHECK_FALSE(sets.catches(SIGHUP));
}

TEST_CASE("signals: the first process of a pid namespace gets what it catches or blocks") {
    const auto bit = [](int signal) { return uint64_t{1} << (signal - 1); };
    CHECK(is_lost_on_first_process(SIGTERM, {}));
    CHECK(is_lost_on_first_process(SIGTERM, {.ignored = bit(SIGTERM)}));
    CHECK_FALSE(is_lost_on_first_process(SIGTERM, {.caught = bit(SIGTERM)}));
    CHECK_FALSE(is_lost_on_first_process(SIGTERM, {.blocked = bit(SIGTERM)}));
    CHECK(is_lost_on_first_process(SIGTERM, {.caught = bit(SIGINT)}));
}

TEST_CASE("signals: those that reach everybody, or would do nothing anyway, are not lost") {
    for (const int signal : {0, SIGKILL, SIGSTOP, SIGCHLD, SIGCONT, SIGWINCH})
        CHECK_FALSE(is_lost_on_first_process(signal, {}));
}

TEST_CASE("signals: a name, with SIG or without, in capitals or not, and a number are read") {
    for (const char* text : {"9", "KILL", "SIGKILL", "sigkill", "Kill"})
        CHECK_MESSAGE(parse_signal(text) == SIGKILL, text);
    CHECK(parse_signal("0") == 0);
    CHECK(parse_signal("RTMIN+1") == SIGRTMIN + 1);
    for (const char* text : {"", "-9", "65", "SIG", "KIL", "9 ", "RTMIN+99"})
        CHECK_FALSE_MESSAGE(parse_signal(text).has_value(), text);
}

TEST_CASE("signals: each name of the list is that of its own signal") {
    int before = 0;
    for (const std::string_view name : signal_names()) {
        CAPTURE(name);
        const std::optional<int> signal = parse_signal(name);
        REQUIRE(signal.has_value());
        CHECK(*signal > before);
        before = *signal;
    }
    CHECK(before > SIGTERM);
}
