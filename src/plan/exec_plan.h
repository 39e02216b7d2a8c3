// Everything that is done for another process in an existing container, decided before any of it is
// done.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "host/host.h"
#include "linux/id_map.h"
#include "plan/process_plan.h"
#include "plan/step.h"
#include "spec/config.h"

namespace sampan {

// What the command line says about the process. What it does not say is taken from `file` or,
// without a file, from the container's own process.
struct ExecRequest {
    std::string id;  // the container's
    bool new_keyring = true;
    std::optional<spec::Process> file;  // --process
    std::vector<std::string> args;
    std::vector<std::string> env;  // "NAME=value"; replaces a variable of that name
    std::optional<std::string> cwd;
    std::optional<uint32_t> uid;
    std::optional<uint32_t> gid;
    std::vector<uint32_t> additional_gids;  // added to those of the process
    std::vector<std::string> capabilities;  // added to those of the process; never inheritable
    std::optional<std::string> apparmor_profile;
    std::optional<std::string> selinux_label;
    bool no_new_privileges = false;
    // Absent: as the file says. Without a file there is no terminal: that the container's own
    // process has one is no reason for another one.
    std::optional<bool> terminal;
    std::string pid_file;      // "": none
    std::string pidfd_socket;  // the same
};

struct ExecPlan {
    spec::Process process_asked;  // from which the parts below were made
    ProcessPlan process;
    // Everything that exec, the process in between and the stub do.
    std::vector<Phase> phases;
    std::optional<IdMaps> id_maps;
    std::optional<spec::Seccomp> seccomp;
    std::vector<Problem> warnings;
};

// Pure. The `process` object that results from the request. `container` is that of config.json, if
// it has one. It is an error if there is no program, or if a capability has no name.
Result<spec::Process> make_exec_process(const ExecRequest& request,
                                        const std::optional<spec::Process>& container);

// Pure. Pointers of errors refer to the file if there is one, otherwise to the container's
// config.json.
Result<ExecPlan> make_exec_plan(const Spec& spec, const Host& host, const ExecRequest& request);

}  // namespace sampan
