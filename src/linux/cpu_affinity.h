// The CPUs that a process may run on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "spec/process.h"

namespace sampan {

// Takes back the affinity mask that was inherited from the caller (an engine pinned to some CPUs),
// so that the cgroup alone decides. Since Linux 6.2 joining a cpuset does not do that by itself.
struct ResetCpuAffinity {
    std::string origin;
    bool operator==(const ResetCpuAffinity&) const = default;
};

std::string describe(const ResetCpuAffinity& step);
// After joining the cgroup: the kernel cuts the mask to the CPUs of the cpuset. A refusal is no
// error: the container then runs where its caller may.
Status apply(const ResetCpuAffinity& step, Context& context);

// Of this process and of those that it clones.
struct SetCpuAffinity {
    std::string origin;
    std::string list;  // "0-3,7"
    std::vector<uint64_t> cpus;
    bool operator==(const SetCpuAffinity&) const = default;
};

std::string describe(const SetCpuAffinity& step);
Status apply(const SetCpuAffinity& step);
Status apply(const SetCpuAffinity& step, Context& context);

// process.execCPUAffinity (config.md#linux-process), for processes of exec only: `initial` before
// the cgroup is entered, `final` after it. Where there is one of the two, the mask is otherwise
// left alone, as the specification says; where there is none, ResetCpuAffinity is for it.
struct ExecAffinity {
    std::optional<SetCpuAffinity> initial;
    std::optional<SetCpuAffinity> final;
};

// Pure; `pointer` is the place of the process object.
Result<ExecAffinity> plan_exec_affinity(const spec::Process& process, std::string_view pointer);

// The mask of this process, to be taken back with set_cpu_mask().
Result<std::vector<uint64_t>> cpu_mask();
Status set_cpu_mask(const std::vector<uint64_t>& cpus);

}  // namespace sampan
