#include "cli/ps_table.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("ps table: the header stays, and the lines of the processes") {
    const char* table =
        "UID          PID    PPID  C STIME TTY          TIME CMD\n"
        "root           1       0  0 10:00 ?        00:00:01 init 20\n"
        "root          20       1  0 10:00 ?        00:00:00 sleep 1\n"
        "root         200      20  0 10:00 ?        00:00:00 sleep 20\n";
    CHECK(*keep_processes(table, {20}) ==
          "UID          PID    PPID  C STIME TTY          TIME CMD\n"
          "root          20       1  0 10:00 ?        00:00:00 sleep 1\n");
    CHECK(*keep_processes("  PID CMD\n    1 init\n", {20}) == "  PID CMD\n");
}

TEST_CASE("ps table: without numbers below PID nothing can be chosen") {
    CHECK_FALSE(keep_processes("", {1}));
    CHECK_FALSE(keep_processes("CMD\ninit\n", {1}));
    CHECK_FALSE(keep_processes("CMD PID\nsleep 20 1\ninit\n", {1}));
}
