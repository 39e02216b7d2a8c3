// Decides the order of everything that is done: puts the steps of planners into phases. Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "linux/net_devices.h"
#include "linux/time_offsets.h"
#include "mounts/bind.h"
#include "plan/action.h"
#include "plan/plan.h"
#include "plan/request.h"
#include "plan/step.h"

namespace sampan {

// What planners found for the root and its surroundings, besides what the Plan itself holds.
struct Parts {
    std::vector<OpenSource> sources;
    std::vector<OpenSource> inner_sources;  // of SourceView::container
    std::vector<MoveNetDevice> net_devices;
    // Present if a new time namespace has offsets: then init makes the namespace, not the clone.
    std::optional<WriteTimeOffsets> time_offsets;
    std::vector<Action> setup;  // while the old root is still visible
    std::vector<Action> pivot;  // when the container's root becomes the root
    std::vector<Action> seal;   // inside
    std::vector<SendPidfd> pidfd_receivers;
};

std::vector<Phase> create_phases(const Plan& plan, Parts parts, const Request& request);

// Of exec. `initial_affinity` is set before the cgroup is entered.
struct ExecParts {
    std::optional<SetCpuAffinity> initial_affinity;
    std::vector<Action> inside;
    std::optional<JoinRdtGroup> rdt_group;
    bool has_filter = false;
    bool has_agent = false;
    std::string pid_file;      // "": none
    std::string pidfd_socket;  // the same
};
std::vector<Phase> exec_phases(const ProcessPlan& process, ExecParts parts);

// Of start, also as part of create_phases(). What it needs is in the record, and the hooks are in
// the config.json that was kept.
struct StartParts {
    bool has_agent = false;
    bool notifies = false;  // sd_notify(3)
    std::vector<spec::Hook> poststart;
};
struct StartPhases {
    Phase before;  // up to the execution of the program
    Phase after;
};
StartPhases start_phases(const StartParts& parts);

// Of restore. CRIU makes the processes, with the namespaces and mounts that they had: it is started
// between the first two, and lets the processes go between the last two.
struct RestorePhases {
    Phase before;
    Phase begun;  // CRIU waits, and becomes what restored processes begin as
    Phase hooks;  // the first process is there, in its namespaces, and nothing runs yet
    Phase after;
};
RestorePhases restore_phases(const Plan& plan, const std::string& pid_file);

// Of delete, likewise.
struct DeleteParts {
    bool has_rdt_group = false;
    bool undoes_mounts = false;  // without a mount namespace of its own
    std::vector<spec::Hook> poststop;
};
Phase delete_phase(const DeleteParts& parts);

}  // namespace sampan
