// Everything that is going to be done for a container, worked out before any of it is done.
//
// The phases, in the order in which they are carried out:
//   before_clone  by the supervisor: the cgroup made and limited, sources and namespaces opened
//   supervisor    by the supervisor while init waits: id maps, sources in a user namespace,
//                 oom_score_adj, hooks, scheduling, rlimits
//   setup         by init, in its new namespaces; the old root is still visible
//   pivot         by init: the container's root becomes the root
//   seal          by init, inside; the last preparations
//   start         by the stub (launch/stub/steps): credentials, gate, filter, program
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/error.h"
#include "base/result.h"
#include "cgroup/plan.h"
#include "host/host.h"
#include "linux/id_map.h"
#include "linux/intel_rdt.h"
#include "linux/namespaces.h"
#include "linux/net_devices.h"
#include "linux/time_offsets.h"
#include "plan/action.h"
#include "plan/process_plan.h"
#include "plan/request.h"
#include "spec/config.h"

namespace sampan {

struct Plan {
    std::string id;
    std::string bundle;
    NamespacePlan namespaces;
    CgroupPlan cgroup;
    std::vector<OpenSource> sources;
    std::vector<OpenSource> inner_sources;  // of SourceView::container
    std::optional<IdMaps> id_maps;
    IdMapRights id_map_rights;
    std::vector<MoveNetDevice> net_devices;
    std::optional<JoinRdtGroup> rdt_group;
    // Present when the new time namespace has offsets: then init makes it, not the clone.
    std::optional<WriteTimeOffsets> time_offsets;
    std::vector<Action> setup;
    std::vector<Action> pivot;
    std::vector<Action> seal;
    ProcessPlan process;
    std::optional<spec::Seccomp> seccomp;
    spec::Hooks hooks;
    std::map<std::string, std::string> annotations;
    bool new_keyring = true;
    // The folder of the host that is made for the socket of sd_notify(3); "": none.
    std::string notify_folder;
    int listen_fds = 0;
    // Reported, and nothing else changes.
    std::vector<Problem> warnings;

    // Init must not go on before the supervisor has done something to its namespaces.
    [[nodiscard]] bool waits_at_entry() const {
        return id_maps || !net_devices.empty() || !inner_sources.empty();
    }
};

// Pure: a function of its arguments, which touches neither the process nor the system.
Result<Plan> make_plan(const Spec& spec, const Host& host, const Request& request);

// The plan as text, a chapter for each phase.
std::string print_plan(const Plan& plan);

}  // namespace sampan
