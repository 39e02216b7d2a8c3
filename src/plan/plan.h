// Everything that is going to be done for a container, worked out before any of it is done.
#pragma once

#include <map>
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
#include "plan/process_plan.h"
#include "plan/request.h"
#include "plan/step.h"
#include "spec/config.h"

namespace sampan {

struct Plan {
    std::string id;
    std::string bundle;
    // All that is done, from create to delete: each walker carries out its phases in this order,
    // and meets the others by Say and Await.
    std::vector<Phase> phases;

    // What of it is asked for beside its steps: by the record, and by what explains a failure.
    NamespacePlan namespaces;
    CgroupPlan cgroup;
    std::optional<IdMaps> id_maps;
    IdMapRights id_map_rights;
    std::optional<JoinRdtGroup> rdt_group;
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
};

// Pure: a function of its arguments, which touches neither the process nor the system.
Result<Plan> make_plan(const Spec& spec, const Host& host, const Request& request);

}  // namespace sampan
