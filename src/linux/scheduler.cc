#include "linux/scheduler.h"

#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "spec/tables.h"

namespace sampan {

namespace {

using spec::SchedulerFlag;
using spec::SchedulerPolicy;

// struct sched_attr of the kernel; headers of the C library have it only since lately, and then
// twice.
struct Attributes {
    uint32_t size;
    uint32_t policy;
    uint64_t flags;
    int32_t nice;
    uint32_t priority;
    uint64_t runtime;
    uint64_t deadline;
    uint64_t period;
    uint32_t util_min;
    uint32_t util_max;
};
static_assert(sizeof(Attributes) == 56);

constexpr uint32_t deadline_policy = 6;

// As in the kernel's <linux/sched.h>.
uint32_t number_of(SchedulerPolicy policy) {
    switch (policy) {
        case SchedulerPolicy::sched_other:
            return 0;
        case SchedulerPolicy::sched_fifo:
            return 1;
        case SchedulerPolicy::sched_rr:
            return 2;
        case SchedulerPolicy::sched_batch:
            return 3;
        case SchedulerPolicy::sched_iso:
            return 4;
        case SchedulerPolicy::sched_idle:
            return 5;
        case SchedulerPolicy::sched_deadline:
            return deadline_policy;
    }
    return ~0U;
}

uint64_t number_of(SchedulerFlag flag) {
    switch (flag) {
        case SchedulerFlag::sched_flag_reset_on_fork:
            return 0x01;
        case SchedulerFlag::sched_flag_reclaim:
            return 0x02;
        case SchedulerFlag::sched_flag_dl_overrun:
            return 0x04;
        case SchedulerFlag::sched_flag_keep_policy:
            return 0x08;
        case SchedulerFlag::sched_flag_keep_params:
            return 0x10;
        case SchedulerFlag::sched_flag_util_clamp_min:
            return 0x20;
        case SchedulerFlag::sched_flag_util_clamp_max:
            return 0x40;
    }
    return 0;
}

std::string_view name_of_policy(uint32_t number) {
    for (const spec::Word& word : spec::words_of<SchedulerPolicy>().words)
        if (number_of(static_cast<SchedulerPolicy>(word.value)) == number) return word.text;
    return "an unknown policy";
}

std::string hint_for(const SetScheduler& step, int code) {
    switch (code) {
        case EPERM:
            if (step.policy == deadline_policy)
                return "a deadline needs CAP_SYS_NICE in the initial user namespace, and such a "
                       "process scheduler can't be used together with AllowedCPUs, unless they are "
                       "all CPUs of the host";
            return "real time and a higher priority need CAP_SYS_NICE in the initial user "
                   "namespace, and with cgroup v1 a share of cpu.rt_runtime_us";
        case EBUSY:
            return "the CPUs have not that much time left for deadlines: runtime / period is too "
                   "large";
        case EOPNOTSUPP:
            return "this kernel cannot clamp the utilisation (CONFIG_UCLAMP_TASK)";
        case EINVAL:
            return step.policy == number_of(SchedulerPolicy::sched_iso)
                       ? "Linux reserves SCHED_ISO and does not carry it out"
                       : "";
        default:
            return "";
    }
}

std::string_view name_of_class(spec::IoPriorityClass one) {
    return spec::name_of(one);
}

// As in <linux/ioprio.h>, whose newer versions are not valid C++: a parameter is named `class`.
constexpr int class_shift = 13;
constexpr int who_process = 1;

int class_number(spec::IoPriorityClass one) {
    switch (one) {
        case spec::IoPriorityClass::ioprio_class_rt:
            return 1;
        case spec::IoPriorityClass::ioprio_class_be:
            return 2;
        case spec::IoPriorityClass::ioprio_class_idle:
            return 3;
    }
    return 0;
}

}  // namespace

std::optional<SetScheduler> plan_scheduler(const spec::Process& process, std::string_view pointer) {
    if (!process.scheduler) return std::nullopt;
    const spec::Scheduler& asked = *process.scheduler;
    SetScheduler step{.origin = format("{}/scheduler", pointer),
                      .policy = number_of(asked.policy),
                      .flags = 0,
                      .nice = asked.nice.value_or(0),
                      .priority = static_cast<uint32_t>(asked.priority.value_or(0)),
                      .runtime = asked.runtime.value_or(0),
                      .deadline = asked.deadline.value_or(0),
                      .period = asked.period.value_or(0)};
    for (const SchedulerFlag flag : asked.flags)
        step.flags |= number_of(flag);
    return step;
}

std::optional<SetIoPriority> plan_io_priority(const spec::Process& process,
                                              std::string_view pointer) {
    if (!process.io_priority) return std::nullopt;
    return SetIoPriority{format("{}/ioPriority", pointer), *process.io_priority};
}

std::string describe(const SetScheduler& step) {
    std::string text = format("schedule as {}", name_of_policy(step.policy));
    if (step.nice != 0) text += format(", nice {}", step.nice);
    if (step.priority != 0) text += format(", priority {}", step.priority);
    if (step.policy == deadline_policy)
        text += format(", {} ns before {} ns of every {} ns", step.runtime, step.deadline,
                       step.period != 0 ? step.period : step.deadline);
    return text;
}

std::string describe(const SetIoPriority& step) {
    return format("set the I/O priority {} {}", name_of_class(step.priority.class_),
                  step.priority.priority);
}

std::optional<spec::Scheduler> read_scheduler(pid_t pid) {
    Attributes found{};
    if (::syscall(SYS_sched_getattr, pid, &found, sizeof found, 0) != 0) return std::nullopt;
    spec::Scheduler scheduler;
    bool known = false;
    for (const spec::Word& word : spec::words_of<SchedulerPolicy>().words) {
        const auto policy = static_cast<SchedulerPolicy>(word.value);
        if (number_of(policy) != found.policy) continue;
        scheduler.policy = policy;
        known = true;
    }
    if (!known) return std::nullopt;
    for (const spec::Word& word : spec::words_of<SchedulerFlag>().words)
        if ((number_of(static_cast<SchedulerFlag>(word.value)) & found.flags) != 0)
            scheduler.flags.push_back(static_cast<SchedulerFlag>(word.value));
    scheduler.nice = found.nice;
    scheduler.priority = static_cast<int32_t>(found.priority);
    if (found.policy != deadline_policy) return scheduler;
    scheduler.runtime = found.runtime;
    scheduler.deadline = found.deadline;
    scheduler.period = found.period;
    return scheduler;
}

std::optional<spec::IoPriority> read_io_priority(pid_t pid) {
    const long value = ::syscall(SYS_ioprio_get, who_process, pid);
    if (value < 0) return std::nullopt;
    constexpr long level_mask = 7;
    for (const spec::Word& word : spec::words_of<spec::IoPriorityClass>().words) {
        const auto one = static_cast<spec::IoPriorityClass>(word.value);
        if (class_number(one) == value >> class_shift)
            return spec::IoPriority{one, static_cast<int32_t>(value & level_mask)};
    }
    return std::nullopt;
}

Status apply(const SetScheduler& step, pid_t pid) {
    const Attributes attributes{.size = sizeof(Attributes),
                                .policy = step.policy,
                                .flags = step.flags,
                                .nice = step.nice,
                                .priority = step.priority,
                                .runtime = step.runtime,
                                .deadline = step.deadline,
                                .period = step.period,
                                .util_min = 0,
                                .util_max = 0};
    if (::syscall(SYS_sched_setattr, pid, &attributes, 0) == 0) return {};
    const int code = errno;
    return fail("sched_setattr", code)
        .hint(hint_for(step, code))
        .in(describe(step))
        .at(step.origin);
}

Status apply(const SetIoPriority& step, pid_t pid) {
    const int value = class_number(step.priority.class_) << class_shift | step.priority.priority;
    if (::syscall(SYS_ioprio_set, who_process, pid, value) == 0) return {};
    const int code = errno;
    const char* hint =
        code == EPERM ? "IOPRIO_CLASS_RT needs CAP_SYS_NICE in the initial user namespace" : "";
    return fail("ioprio_set", code).hint(hint).in(describe(step)).at(step.origin);
}

}  // namespace sampan
