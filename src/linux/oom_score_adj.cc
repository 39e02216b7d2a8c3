#include "linux/oom_score_adj.h"

#include "base/text.h"
#include "os/file.h"

namespace sampan {

std::optional<WriteOomScoreAdj> plan_oom_score_adj(const spec::Process& process,
                                                   std::string_view pointer) {
    if (!process.oom_score_adj) return std::nullopt;
    return WriteOomScoreAdj{*process.oom_score_adj, format("{}/oomScoreAdj", pointer)};
}

Status apply(const WriteOomScoreAdj& step, int proc, pid_t pid) {
    const std::string path =
        pid == 0 ? std::string("self/oom_score_adj") : format("{}/oom_score_adj", pid);
    Status written = write_file(proc, path, format("{}", step.value));
    if (!written && written.error().code() == EACCES) {
        const Result<std::string> present = read_file(proc, path, 64);
        written.error().set_hint(
            format("going below the present {} needs CAP_SYS_RESOURCE in the initial user "
                   "namespace",
                   present ? trim(*present) : "value"));
    }
    return written;
}

std::string describe(const WriteOomScoreAdj& step) {
    return format("write {} to oom_score_adj", step.value);
}

}  // namespace sampan
