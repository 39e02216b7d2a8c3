// inject REPORT SECONDS list COMMAND...
//     runs COMMAND, and writes to the file REPORT each system call of it that could fail
// inject REPORT SECONDS PROCESS CALL ERRNO COMMAND...
//     the same, and the CALLth call of the PROCESSth process is not carried out and fails with
//     ERRNO (EIO, ENOMEM, ...; KILL: the process is killed there); REPORT tells which one that was
//     and the words for the error, and is empty where it was not reached
// Ends as COMMAND ends; with 124 after SECONDS.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "tracer.h"

namespace {

int usage() {
    std::fputs("usage: inject REPORT SECONDS list|PROCESS CALL ERRNO COMMAND...\n", stderr);
    return 2;
}

// 0: there is no such errno.
int errno_called(std::string_view name) {
    if (name == "KILL") return faults::Point::kill;
    for (int code = 1; code < 200; ++code) {
        const char* known = strerrorname_np(code);
        if (known != nullptr && name == known) return code;
    }
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc < 5) return usage();
    const bool list = std::strcmp(argv[3], "list") == 0;
    if (!list && argc < 7) return usage();
    std::FILE* report = std::fopen(argv[1], "we");
    if (report == nullptr) {
        std::perror(argv[1]);
        return 2;
    }
    faults::Point point;
    if (!list) point = {std::atoi(argv[3]), std::atoi(argv[4]), errno_called(argv[5])};
    if (!list && (point.process <= 0 || point.call <= 0 || point.code == 0)) return usage();
    const int code = faults::Tracer(point, report)
                         .run(argv + (list ? 4 : 6), static_cast<unsigned>(std::atoi(argv[2])));
    std::fclose(report);
    return code;
}
