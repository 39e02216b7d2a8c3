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

// Undoes the affinity mask that we have inherited from the caller (such as an engine that is pinned
// to some CPUs), so that only the cgroup decides. Since Linux 6.2, joining a cpuset does not do
// that.
struct ResetCpuAffinity {
    std::string origin;
    bool operator==(const ResetCpuAffinity&) const = default;
};

std::string describe(const ResetCpuAffinity& step);
// To be called after the cgroup was joined: the kernel cuts the mask to the CPUs of the cpuset. If
// it refuses, that is not an error: then the container runs where its caller may.
Status apply(const ResetCpuAffinity& step, Context& context);

// For this process and those that it clones.
struct SetCpuAffinity {
    std::string origin;
    std::string list;  // "0-3,7"
    std::vector<uint64_t> cpus;
    bool operator==(const SetCpuAffinity&) const = default;
};

std::string describe(const SetCpuAffinity& step);
Status apply(const SetCpuAffinity& step);
Status apply(const SetCpuAffinity& step, Context& context);

// process.execCPUAffinity (config.md#linux-process), only for processes of exec: `initial` is set
// before the cgroup is entered, `final` after that. If only one of the two is given, the mask is
// otherwise left alone, as the specification says. If neither is, ResetCpuAffinity is used.
struct ExecAffinity {
    std::optional<SetCpuAffinity> initial;
    std::optional<SetCpuAffinity> final;
};

// Pure; `pointer` is the place of the process object.
Result<ExecAffinity> plan_exec_affinity(const spec::Process& process, std::string_view pointer);

// The mask of this process, to be restored by set_cpu_mask().
Result<std::vector<uint64_t>> cpu_mask();
Status set_cpu_mask(const std::vector<uint64_t>& cpus);

}  // namespace sampan
