// A throw-away machine: the config.json for one line, `sampan run -ti /bin/bash`.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "os/mountinfo.h"
#include "spec/config.h"

namespace sampan {

struct Host;

// What the caller has and the container takes over. A plain value, so that tests fill one in.
struct Caller {
    std::vector<MountedPlace> mounts;   // of the host
    std::vector<spec::IdMapping> uids;  // for a user namespace in which the caller is root
    std::vector<spec::IdMapping> gids;  // the same
    std::vector<std::string>
        variables;  // "TERM=xterm": those that a container on this system needs
};

struct MachineRequest {
    std::string root = "/";       // absolute
    bool write = false;           // changes of the root stay
    bool user_namespace = false;  // also if the caller could do without
};

// The caller's facts, read from the system: mountinfo, /etc/subuid and /etc/subgid. No variables.
Result<Caller> read_caller(const Host& host);

// New namespaces, a fresh /proc, /dev and /sys, the capabilities of Docker's containers; the host's
// system below an overlay if the root is "/". No program, name, filter or limits yet. Not pure: it
// looks into the root to see of which parts the overlays are made.
Result<Spec> compose_machine(const MachineRequest& request, const Host& host, const Caller& caller);

}  // namespace sampan
