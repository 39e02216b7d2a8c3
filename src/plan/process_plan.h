// What follows from a `process` object (config.md#process): of the container's own for create, of
// another one for exec.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "host/host.h"
#include "linux/credentials.h"
#include "linux/id_map.h"
#include "linux/labels.h"
#include "linux/oom_score_adj.h"
#include "linux/rlimits.h"
#include "linux/scheduler.h"
#include "spec/process.h"

namespace sampan {

// The user's program.
struct Program {
    std::vector<std::string> args;
    std::vector<std::string> env;
    std::string cwd;
    bool operator==(const Program&) const = default;
};

struct ProcessPlan {
    std::string origin;  // place of the process object, "/process" in config.json
    std::optional<WriteOomScoreAdj> oom_score_adj;
    std::vector<SetRlimit> rlimits;
    std::vector<SetRlimit> late_rlimits;  // set by the stub
    std::optional<SetScheduler> scheduler;
    std::optional<SetIoPriority> io_priority;
    std::vector<WriteLabel> labels;
    Credentials credentials;
    // Root of the container is not root of the host.
    bool own_user_namespace = false;
    // Absent if config.json has no process (then the container cannot be started).
    std::optional<Program> program;
    bool terminal = false;
    // The container's root on the host, for people; "" if it is not known (exec).
    std::string root;

    [[nodiscard]] bool has_program() const { return program && !program->args.empty(); }
};

// What surrounds the process.
struct ProcessSurroundings {
    bool own_user_namespace = false;
    // As far as it can be known before the user namespace exists.
    bool setgroups_denied = false;
    bool keeps_groups = false;        // those of the caller
    const IdMaps* id_maps = nullptr;  // of a new user namespace
};

// Pure. Adds a warning for everything that was asked for and is left out.
Result<ProcessPlan> plan_process(const spec::Process& process,
                                 const Host& host,
                                 const ProcessSurroundings& around,
                                 std::string_view origin,
                                 std::vector<Problem>& warnings);

}  // namespace sampan
