// A further process in a container that exists, worked out before any of it is done.
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

// What the command line says of the process. What it does not say comes from `file`, and without a
// file from the container's own process.
struct ExecRequest {
    std::string id;  // the container's
    bool new_keyring = true;
    std::optional<spec::Process> file;  // --process
    std::vector<std::string> args;
    std::vector<std::string> env;  // "NAME=value", each in place of one of that name
    std::optional<std::string> cwd;
    std::optional<uint32_t> uid;
    std::optional<uint32_t> gid;
    std::vector<uint32_t> additional_gids;  // beside those that are there
    std::vector<std::string> capabilities;  // beside those that are there; never inheritable
    std::optional<std::string> apparmor_profile;
    std::optional<std::string> selinux_label;
    bool no_new_privileges = false;
    // Absent: what the file says. Without a file none: the container's own terminal is no reason
    // for another one.
    std::optional<bool> terminal;
    std::string pid_file;  // "": none
};

struct ExecPlan {
    spec::Process process_asked;  // what the parts below were made from
    ProcessPlan process;
    // All that is done, by exec, the process in between and the stub.
    std::vector<Phase> phases;
    std::optional<IdMaps> id_maps;
    std::optional<spec::Seccomp> seccomp;
    std::vector<Problem> warnings;
};

// Pure. The `process` object that the request comes to. `container` is that of config.json, if any.
// An error where there is no program, and for a capability that has no name.
Result<spec::Process> make_exec_process(const ExecRequest& request,
                                        const std::optional<spec::Process>& container);

// Pure. Pointers of errors count from the file, where there is one, and otherwise from the
// container's config.json.
Result<ExecPlan> make_exec_plan(const Spec& spec, const Host& host, const ExecRequest& request);

}  // namespace sampan
