// process.rlimits (config.md#posix-process).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/process.h"

namespace sampan {

struct SetRlimit {
    int resource = 0;  // RLIMIT_*
    uint64_t soft = 0;
    uint64_t hard = 0;
    std::string origin;
    bool operator==(const SetRlimit&) const = default;
};

// Pure. `pointer`: place of the process object, "/process" in config.json.
std::vector<SetRlimit> plan_rlimits(const spec::Process& process, std::string_view pointer);

// Sets the limit of the process `pid` (0: this one) by prlimit(2). The supervisor does it from
// outside, and late: to raise a hard limit needs CAP_SYS_RESOURCE in the initial user namespace,
// which init may lack, and a low limit would hinder init's own work.
Status apply(const SetRlimit& limit, pid_t pid);
// All limits of the text of /proc/PID/limits. Pure.
std::vector<spec::Rlimit> parse_proc_limits(std::string_view text);
// "limit RLIMIT_NOFILE to 1024 (hard 4096)"
std::string describe(const SetRlimit& limit);
// Takes out of `limits` those that would hinder the stub, which needs a few descriptors and some
// memory before it executes the program, and may fork as the container's user. The stub sets them
// itself, at the end. They only lower limits, which then needs no privilege.
std::vector<SetRlimit> take_late_rlimits(std::vector<SetRlimit>& limits);
// The same for a stub that forks as the container's user, which a limit on that user's processes
// must not hinder. `most_processes`: our own hard limit RLIMIT_NPROC, which this one may only
// lower.
std::vector<SetRlimit> take_process_limit(std::vector<SetRlimit>& limits, uint64_t most_processes);

}  // namespace sampan
