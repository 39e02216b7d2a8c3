// linux.timeOffsets (config-linux.md#offset-for-time-namespace).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/result.h"
#include "spec/config.h"

namespace sampan {

struct WriteTimeOffsets {
    std::string text;  // of /proc/PID/timens_offsets: "monotonic 60 0\nboottime -5 0\n"
    std::string origin;
    bool operator==(const WriteTimeOffsets&) const = default;
};

// Pure. Nothing if no offsets are asked for.
std::optional<WriteTimeOffsets> plan_time_offsets(const Spec& spec);

// Writes the file of `pid` (0: self) below `proc`, a checked procfs. The kernel accepts it only
// after unshare(CLONE_NEWTIME) and before the first process is in the namespace
// (time_namespaces(7)). Needs CAP_SYS_TIME in the user namespace that owns the time namespace.
Status apply(const WriteTimeOffsets& step, int proc, pid_t pid);
std::string describe(const WriteTimeOffsets& step);

}  // namespace sampan
