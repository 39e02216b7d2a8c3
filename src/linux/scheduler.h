// process.scheduler and process.ioPriority (config.md#linux-process).
//
// The supervisor sets both on init, from outside. If a privilege is needed (for real time, a
// deadline, or a nice value below 0), it is needed in the initial user namespace, where init may
// have none. It is done before init becomes the container's user, whose processes an ordinary
// caller could not change.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "spec/process.h"

namespace sampan {

// In the form of sched_setattr(2); times are in nanoseconds.
struct SetScheduler {
    std::string origin;
    uint32_t policy = 0;
    uint64_t flags = 0;
    int32_t nice = 0;
    uint32_t priority = 0;
    uint64_t runtime = 0;
    uint64_t deadline = 0;
    uint64_t period = 0;
    bool operator==(const SetScheduler&) const = default;
};

struct SetIoPriority {
    std::string origin;
    spec::IoPriority priority;
    bool operator==(const SetIoPriority&) const = default;
};

// Pure; `pointer` is the place of the process object.
std::optional<SetScheduler> plan_scheduler(const spec::Process& process, std::string_view pointer);
std::optional<SetIoPriority> plan_io_priority(const spec::Process& process,
                                              std::string_view pointer);
std::string describe(const SetScheduler& step);
std::string describe(const SetIoPriority& step);

// What a process has. Nothing if it has ended, or has what config.json has no word for.
std::optional<spec::Scheduler> read_scheduler(pid_t pid);
std::optional<spec::IoPriority> read_io_priority(pid_t pid);

// On a process (0: ourselves). Errors say what was to be done, and carry the place. To be called
// after its CPU affinity was reset, because a deadline needs all CPUs.
Status apply(const SetScheduler& step, pid_t pid);
// The same; at any time.
Status apply(const SetIoPriority& step, pid_t pid);

}  // namespace sampan
