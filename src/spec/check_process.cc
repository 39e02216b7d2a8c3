#include <linux/limits.h>

#include <algorithm>
#include <array>
#include <limits>

#include "base/text.h"
#include "spec/check_parts.h"
#include "spec/tables.h"

namespace sampan::spec {

namespace {

void check_env(const std::vector<std::string>& env, Findings& findings) {
    for (size_t i = 0; i < env.size(); ++i) {
        const size_t sign = env[i].find('=');
        const std::string pointer = format("/process/env/{}", i);
        if (sign == std::string::npos) {
            findings.warn(pointer, "a variable without \"=\" is invisible to most programs",
                          "write NAME=value");
        } else if (sign == 0) {
            findings.warn(pointer, "a variable without a name", "write NAME=value");
        }
    }
}

void check_user(const User& user, Findings& findings) {
    const auto check = [&](uint32_t id, const std::string& pointer) {
        // For the kernel it means "do not change": root would stay root.
        constexpr auto no_id = static_cast<uint32_t>(-1);
        if (id == no_id) findings.error(pointer, format("{} is no id", no_id));
    };
    check(user.uid, "/process/user/uid");
    check(user.gid, "/process/user/gid");
    const std::vector<uint32_t>& groups = user.additional_gids;
    if (groups.size() > NGROUPS_MAX) {
        findings.error("/process/user/additionalGids",
                       format("{} groups: the kernel takes {}", groups.size(), NGROUPS_MAX));
    }
    for (size_t i = 0; i < groups.size(); ++i) {
        check(groups[i], format("/process/user/additionalGids/{}", i));
    }
    if (user.umask.value_or(0) > 0777) {
        findings.error("/process/user/umask", "a umask has at most the bits 0777, in decimal 511",
                       "write it as a decimal number: 0022 is 18");
    }
}

void check_rlimits(const std::vector<Rlimit>& rlimits, Findings& findings) {
    uint32_t seen = 0;
    for (size_t i = 0; i < rlimits.size(); ++i) {
        const Rlimit& limit = rlimits[i];
        const uint32_t bit = uint32_t{1} << static_cast<int>(limit.type);
        if ((seen & bit) != 0) {
            findings.error(format("/process/rlimits/{}", i),
                           format("{} is given twice", name_of(limit.type)),
                           "remove one of them, with the comma before or after it");
        }
        seen |= bit;
        if (limit.soft > limit.hard) {
            findings.error(
                format("/process/rlimits/{}/soft", i),
                format("the soft limit {} is above the hard limit {}", limit.soft, limit.hard),
                "lower soft or raise hard");
        }
    }
}

void check_console(const Process& process, Findings& findings) {
    if (!process.console_size) return;
    constexpr uint64_t widest = std::numeric_limits<uint16_t>::max();
    const std::array<std::pair<const char*, uint64_t>, 2> sides{
        {{"height", process.console_size->height}, {"width", process.console_size->width}}};
    for (const auto& [name, size] : sides) {
        if (size > widest) {
            findings.error(format("/process/consoleSize/{}", name),
                           format("a terminal has at most {} lines and columns", widest));
        }
    }
}

void check_affinity(const CpuAffinity& affinity, Findings& findings) {
    check_number_list(affinity.initial, cpu_numbers, "/process/execCPUAffinity/initial", findings);
    check_number_list(affinity.final, cpu_numbers, "/process/execCPUAffinity/final", findings);
}

void check_real_time(const Scheduler& scheduler, Findings& findings) {
    const int priority = scheduler.priority.value_or(0);
    const bool real_time = scheduler.policy == SchedulerPolicy::sched_fifo ||
                           scheduler.policy == SchedulerPolicy::sched_rr;
    if (real_time && (priority < 1 || priority > 99)) {
        findings.error(scheduler.priority ? "/process/scheduler/priority" : "/process/scheduler",
                       format("{} needs a priority from 1 to 99", name_of(scheduler.policy)));
    } else if (!real_time && priority != 0) {
        findings.error("/process/scheduler/priority",
                       format("{} has no priority", name_of(scheduler.policy)),
                       "remove it, or use SCHED_FIFO or SCHED_RR");
    }
}

// The rules of the kernel (__checkparam_dl), in crun's words. Empty if all is well.
std::string wrong_times(const Scheduler& scheduler) {
    constexpr uint64_t least_ns = 1024;
    constexpr uint64_t most_ns = std::numeric_limits<int64_t>::max();
    if (!scheduler.runtime) return "requires `runtime`";
    if (!scheduler.deadline) return "requires `deadline`";
    const uint64_t runtime = *scheduler.runtime;
    const uint64_t deadline = *scheduler.deadline;
    const uint64_t period = scheduler.period.value_or(0);
    if (runtime == 0) return "runtime must be greater than 0";
    if (runtime < least_ns || runtime > most_ns)
        return format("runtime {} must be between {} and {} ns", runtime, least_ns, most_ns);
    if (runtime > deadline) return format("runtime {} must be <= deadline {}", runtime, deadline);
    if (period != 0 && deadline > period)
        return format("deadline {} must be <= period {}", deadline, period);
    if (std::max(deadline, period) > most_ns)
        return format("deadline and period must be below {} ns", most_ns);
    return {};
}

void check_deadline(const Scheduler& scheduler, Findings& findings) {
    const uint64_t runtime = scheduler.runtime.value_or(0);
    const uint64_t deadline = scheduler.deadline.value_or(0);
    const uint64_t period = scheduler.period.value_or(0);
    if (scheduler.policy != SchedulerPolicy::sched_deadline) {
        if (runtime != 0 || deadline != 0 || period != 0) {
            findings.error("/process/scheduler",
                           format("runtime, deadline and period have no meaning with {}",
                                  name_of(scheduler.policy)),
                           "remove them, or use SCHED_DEADLINE");
        }
    } else if (const std::string wrong = wrong_times(scheduler); !wrong.empty()) {
        findings.error("/process/scheduler", "refused by sched_setattr: `SCHED_DEADLINE` " + wrong);
    }
}

}  // namespace

void check_scheduler(const Scheduler& scheduler, Findings& findings) {
    const int nice = scheduler.nice.value_or(0);
    const bool has_nice = scheduler.policy == SchedulerPolicy::sched_other ||
                          scheduler.policy == SchedulerPolicy::sched_batch;
    if (nice < -20 || nice > 19) {
        findings.error("/process/scheduler/nice", "nice goes from -20 to 19");
    } else if (nice != 0 && !has_nice) {
        findings.warn("/process/scheduler/nice",
                      format("ignored: {} has no nice value", name_of(scheduler.policy)),
                      "remove it, or use SCHED_OTHER or SCHED_BATCH");
    }
    check_real_time(scheduler, findings);
    check_deadline(scheduler, findings);
}

void check_process(const Process& process, Findings& findings) {
    check_console(process, findings);
    if (!process.args.empty() && process.args.front().empty()) {
        findings.error("/process/args/0", "the program's name is empty");
    }
    check_env(process.env, findings);
    check_rlimits(process.rlimits, findings);
    check_user(process.user, findings);
    if (process.scheduler) check_scheduler(*process.scheduler, findings);
    if (process.exec_cpu_affinity) check_affinity(*process.exec_cpu_affinity, findings);
}

}  // namespace sampan::spec
