#include "spec/process.h"

#include "spec/tables.h"

namespace sampan::spec {

template <>
const Words& words_of<RlimitType>() {
    static constexpr Word table[] = {
        word("RLIMIT_AS", RlimitType::rlimit_as),
        word("RLIMIT_CORE", RlimitType::rlimit_core),
        word("RLIMIT_CPU", RlimitType::rlimit_cpu),
        word("RLIMIT_DATA", RlimitType::rlimit_data),
        word("RLIMIT_FSIZE", RlimitType::rlimit_fsize),
        word("RLIMIT_LOCKS", RlimitType::rlimit_locks),
        word("RLIMIT_MEMLOCK", RlimitType::rlimit_memlock),
        word("RLIMIT_MSGQUEUE", RlimitType::rlimit_msgqueue),
        word("RLIMIT_NICE", RlimitType::rlimit_nice),
        word("RLIMIT_NOFILE", RlimitType::rlimit_nofile),
        word("RLIMIT_NPROC", RlimitType::rlimit_nproc),
        word("RLIMIT_RSS", RlimitType::rlimit_rss),
        word("RLIMIT_RTPRIO", RlimitType::rlimit_rtprio),
        word("RLIMIT_RTTIME", RlimitType::rlimit_rttime),
        word("RLIMIT_SIGPENDING", RlimitType::rlimit_sigpending),
        word("RLIMIT_STACK", RlimitType::rlimit_stack),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<SchedulerPolicy>() {
    static constexpr Word table[] = {
        word("SCHED_OTHER", SchedulerPolicy::sched_other),
        word("SCHED_FIFO", SchedulerPolicy::sched_fifo),
        word("SCHED_RR", SchedulerPolicy::sched_rr),
        word("SCHED_BATCH", SchedulerPolicy::sched_batch),
        word("SCHED_ISO", SchedulerPolicy::sched_iso),
        word("SCHED_IDLE", SchedulerPolicy::sched_idle),
        word("SCHED_DEADLINE", SchedulerPolicy::sched_deadline),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<SchedulerFlag>() {
    static constexpr Word table[] = {
        word("SCHED_FLAG_RESET_ON_FORK", SchedulerFlag::sched_flag_reset_on_fork),
        word("SCHED_FLAG_RECLAIM", SchedulerFlag::sched_flag_reclaim),
        word("SCHED_FLAG_DL_OVERRUN", SchedulerFlag::sched_flag_dl_overrun),
        word("SCHED_FLAG_KEEP_POLICY", SchedulerFlag::sched_flag_keep_policy),
        word("SCHED_FLAG_KEEP_PARAMS", SchedulerFlag::sched_flag_keep_params),
        word("SCHED_FLAG_UTIL_CLAMP_MIN", SchedulerFlag::sched_flag_util_clamp_min),
        word("SCHED_FLAG_UTIL_CLAMP_MAX", SchedulerFlag::sched_flag_util_clamp_max),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<IoPriorityClass>() {
    static constexpr Word table[] = {
        word("IOPRIO_CLASS_RT", IoPriorityClass::ioprio_class_rt),
        word("IOPRIO_CLASS_BE", IoPriorityClass::ioprio_class_be),
        word("IOPRIO_CLASS_IDLE", IoPriorityClass::ioprio_class_idle),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const ObjectType& object_type<ConsoleSize>() {
    static constexpr Field table[] = {
        required<&ConsoleSize::height>("height"),
        required<&ConsoleSize::width>("width"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<User>() {
    static constexpr Field table[] = {
        assumed<&User::uid>("uid"),
        assumed<&User::gid>("gid"),
        optional<&User::umask>("umask"),
        optional<&User::additional_gids>("additionalGids"),
        foreign("username"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Rlimit>() {
    static constexpr Field table[] = {
        required<&Rlimit::type>("type"),
        required<&Rlimit::soft>("soft"),
        required<&Rlimit::hard>("hard"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Capabilities>() {
    static constexpr Field table[] = {
        optional<&Capabilities::bounding>("bounding"),
        optional<&Capabilities::effective>("effective"),
        optional<&Capabilities::inheritable>("inheritable"),
        optional<&Capabilities::permitted>("permitted"),
        optional<&Capabilities::ambient>("ambient"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Scheduler>() {
    static constexpr Field table[] = {
        required<&Scheduler::policy>("policy"),     optional<&Scheduler::nice>("nice"),
        optional<&Scheduler::priority>("priority"), optional<&Scheduler::flags>("flags"),
        optional<&Scheduler::runtime>("runtime"),   optional<&Scheduler::deadline>("deadline"),
        optional<&Scheduler::period>("period"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<IoPriority>() {
    static constexpr Field table[] = {
        required<&IoPriority::class_>("class"),
        kept<&IoPriority::priority>("priority", io_priority_level),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<CpuAffinity>() {
    static constexpr Field table[] = {
        optional<&CpuAffinity::initial>("initial", id_list),
        optional<&CpuAffinity::final>("final", id_list),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Process>() {
    static constexpr Field table[] = {
        optional<&Process::terminal>("terminal"),
        only_with("terminal", optional<&Process::console_size>("consoleSize")),
        kept<&Process::user>("user"),
        optional<&Process::args>("args", at_least_one),
        foreign("commandLine"),
        optional<&Process::env>("env"),
        required<&Process::cwd>("cwd", absolute_path),
        optional<&Process::capabilities>("capabilities"),
        optional<&Process::rlimits>("rlimits"),
        optional<&Process::no_new_privileges>("noNewPrivileges"),
        optional<&Process::apparmor_profile>("apparmorProfile"),
        optional<&Process::oom_score_adj>("oomScoreAdj", oom_score),
        optional<&Process::scheduler>("scheduler"),
        optional<&Process::selinux_label>("selinuxLabel"),
        optional<&Process::io_priority>("ioPriority"),
        optional<&Process::exec_cpu_affinity>("execCPUAffinity"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec
