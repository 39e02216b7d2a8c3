// process of config.json (config.md#process): the program that the container runs.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sampan::spec {

// In characters; ignored unless the process has a terminal.
struct ConsoleSize {
    uint64_t height = 0;
    uint64_t width = 0;
    bool operator==(const ConsoleSize&) const = default;
};

// Numbers in the container's user namespace. Without a user it is root, as in every other runtime.
struct User {
    uint32_t uid = 0;
    uint32_t gid = 0;
    std::optional<uint32_t> umask;  // absent: 0022
    std::vector<uint32_t> additional_gids;
    bool operator==(const User&) const = default;
};

// getrlimit(2)
enum class RlimitType {
    rlimit_as,
    rlimit_core,
    rlimit_cpu,
    rlimit_data,
    rlimit_fsize,
    rlimit_locks,
    rlimit_memlock,
    rlimit_msgqueue,
    rlimit_nice,
    rlimit_nofile,
    rlimit_nproc,
    rlimit_rss,
    rlimit_rtprio,
    rlimit_rttime,
    rlimit_sigpending,
    rlimit_stack,
};

// In the kernel's units; 2^64-1 means RLIM_INFINITY.
struct Rlimit {
    RlimitType type{};
    uint64_t soft = 0;
    uint64_t hard = 0;
    bool operator==(const Rlimit&) const = default;
};

// Names of capabilities(7), such as "CAP_CHOWN". Not an enum: a name that is unknown or cannot be
// granted is a warning (config.md#linux-process), and the kernel may know more names than we do.
struct Capabilities {
    std::vector<std::string> bounding;
    std::vector<std::string> effective;
    std::vector<std::string> inheritable;
    std::vector<std::string> permitted;
    std::vector<std::string> ambient;
    bool operator==(const Capabilities&) const = default;
};

enum class SchedulerPolicy {
    sched_other,
    sched_fifo,
    sched_rr,
    sched_batch,
    sched_iso,
    sched_idle,
    sched_deadline,
};

enum class SchedulerFlag {
    sched_flag_reset_on_fork,
    sched_flag_reclaim,
    sched_flag_dl_overrun,
    sched_flag_keep_policy,
    sched_flag_keep_params,
    sched_flag_util_clamp_min,
    sched_flag_util_clamp_max,
};

// sched_setattr(2); runtime, deadline and period in nanoseconds. An absent number is 0.
struct Scheduler {
    SchedulerPolicy policy{};
    std::optional<int32_t> nice;
    std::optional<int32_t> priority;
    std::vector<SchedulerFlag> flags;
    std::optional<uint64_t> runtime;
    std::optional<uint64_t> deadline;
    std::optional<uint64_t> period;
    bool operator==(const Scheduler&) const = default;
};

enum class IoPriorityClass {
    ioprio_class_rt,
    ioprio_class_be,
    ioprio_class_idle,
};

// ioprio_set(2)
struct IoPriority {
    IoPriorityClass class_{};  // `class` in JSON
    int32_t priority = 0;      // 0 (highest) to 7
    bool operator==(const IoPriority&) const = default;
};

// CPU lists such as "0-3,7", only for processes of `exec`.
struct CpuAffinity {
    std::optional<std::string> initial;
    std::optional<std::string> final;
    bool operator==(const CpuAffinity&) const = default;
};

struct Process {
    bool terminal = false;
    std::optional<ConsoleSize> console_size;
    User user;
    std::vector<std::string> args;  // required if the program is started, not before
    std::vector<std::string> env;   // "NAME=value"
    std::string cwd;
    std::optional<Capabilities> capabilities;
    std::vector<Rlimit> rlimits;
    bool no_new_privileges = false;
    std::optional<std::string> apparmor_profile;
    std::optional<int32_t> oom_score_adj;  // absent: left as it is
    std::optional<Scheduler> scheduler;
    std::optional<std::string> selinux_label;
    std::optional<IoPriority> io_priority;
    std::optional<CpuAffinity> exec_cpu_affinity;
    bool operator==(const Process&) const = default;
};

}  // namespace sampan::spec
