// Everything that will be done for a container, decided before any of it is done.
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
#include "linux/seccomp.h"
#include "plan/process_plan.h"
#include "plan/request.h"
#include "plan/step.h"
#include "spec/config.h"

namespace sampan {

struct Plan {
    std::string id;
    std::string bundle;
    // Everything from create to delete. Each walker carries out its phases in this order, and waits
    // for the others by Say and Await.
    std::vector<Phase> phases;

    // Parts of it that are also needed besides its steps: for the record, and to explain a failure.
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
    // The folder of the host in which the socket of sd_notify(3) is made; "": none.
    std::string notify_folder;
    int listen_fds = 0;
    // They are reported, and change nothing else.
    std::vector<Problem> warnings;

    // SCMP_ACT_NOTIFY: an agent answers for the container's system calls.
    [[nodiscard]] bool asks_agent() const { return seccomp && notifies(*seccomp); }
};

// Pure: depends only on its arguments, and touches neither the process nor the system.
Result<Plan> make_plan(const Spec& spec, const Host& host, const Request& request);

}  // namespace sampan
