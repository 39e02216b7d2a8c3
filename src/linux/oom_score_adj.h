// process.oomScoreAdj (config.md#linux-process).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "spec/process.h"

namespace sampan {

struct WriteOomScoreAdj {
    int value = 0;  // -1000 to 1000
    std::string origin;
    bool operator==(const WriteOomScoreAdj&) const = default;
};

// Pure. Nothing if config.json does not have it: then the value must not be touched, not even by
// writing 0. `pointer`: place of the process object, "/process" in config.json.
std::optional<WriteOomScoreAdj> plan_oom_score_adj(const spec::Process& process,
                                                   std::string_view pointer);

// Writes /proc/PID/oom_score_adj below `proc` (a checked procfs; pid 0: self). To be called early,
// because the file belongs to root once the process is not dumpable. To go below the present
// minimum needs CAP_SYS_RESOURCE.
Status apply(const WriteOomScoreAdj& step, int proc, pid_t pid);
std::string describe(const WriteOomScoreAdj& step);

}  // namespace sampan
