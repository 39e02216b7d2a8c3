#include "linux/cpu_affinity.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "base/bit_list.h"
#include "base/text.h"

namespace sampan {

namespace {

Result<std::optional<SetCpuAffinity>> plan_one(const std::optional<std::string>& list,
                                               std::string origin) {
    if (!list) return std::nullopt;
    SetCpuAffinity step{std::move(origin), *list, {}};
    step.cpus = TRY(parse_bit_list(*list, cpu_numbers).at(step.origin));
    return step;
}

}  // namespace

std::string describe(const ResetCpuAffinity&) {
    return "run on all CPUs of the cgroup, whatever those of the caller are";
}

Status apply(const ResetCpuAffinity&, Context&) {
    (void)set_cpu_mask(std::vector<uint64_t>(cpu_numbers.most / 64, ~uint64_t{0}));
    return {};
}

std::string describe(const SetCpuAffinity& step) {
    return format("run on the CPUs {}", step.list);
}

Status apply(const SetCpuAffinity& step) {
    Status done = set_cpu_mask(step.cpus);
    if (!done && done.error().code() == EINVAL)
        done.error().set_hint("none of them is there, or the cgroup allows none of them");
    return done;
}

Status apply(const SetCpuAffinity& step, Context&) {
    return apply(step);
}

Result<ExecAffinity> plan_exec_affinity(const spec::Process& process, std::string_view pointer) {
    ExecAffinity affinity;
    if (!process.exec_cpu_affinity) return affinity;
    const std::string origin = format("{}/execCPUAffinity", pointer);
    affinity.initial = TRY(plan_one(process.exec_cpu_affinity->initial, origin + "/initial"));
    affinity.final = TRY(plan_one(process.exec_cpu_affinity->final, origin + "/final"));
    return affinity;
}

Result<std::vector<uint64_t>> cpu_mask() {
    std::vector<uint64_t> cpus(cpu_numbers.most / 64);
    if (::syscall(SYS_sched_getaffinity, 0, cpus.size() * sizeof(uint64_t), cpus.data()) < 0)
        return fail_errno("sched_getaffinity");
    return cpus;
}

// The kernel ignores bits above the CPUs that it knows.
Status set_cpu_mask(const std::vector<uint64_t>& cpus) {
    if (::syscall(SYS_sched_setaffinity, 0, cpus.size() * sizeof(uint64_t), cpus.data()) < 0)
        return fail_errno("sched_setaffinity");
    return {};
}

}  // namespace sampan
