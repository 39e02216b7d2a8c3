// What is done inside: by init, and by the process in between of exec, from the clone to the
// execution of the stub; and by the stub itself. Plain values. Mounts and everything else that is
// an Action (plan/action.h) are done inside too.
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "linux/credentials.h"
#include "linux/labels.h"
#include "linux/namespaces.h"
#include "linux/time_offsets.h"

namespace sampan {

// Resets signals to what a program expects, and begins a session.
struct BeginSession {
    bool operator==(const BeginSession&) const = default;
};
// Of exec: only resets signals, because the program's process begins its session itself.
struct ResetSignals {
    bool operator==(const ResetSignals&) const = default;
};
struct MakeTimeNamespace {
    WriteTimeOffsets offsets;
    std::string origin;
    bool operator==(const MakeTimeNamespace&) const = default;
};
// A source that was opened among init's mounts, with the rights of the supervisor.
struct TakeSource {
    size_t slot = 0;
    std::string source;  // for people
    std::string origin;
    bool operator==(const TakeSource&) const = default;
};
struct BecomeNamespaceRoot {
    std::string origin;
    bool operator==(const BecomeNamespaceRoot&) const = default;
};
// It is an error if the user namespace does not map an id, or does not let us set groups.
struct CheckUser {
    Credentials credentials;
    std::string origin;  // place of the process object
    bool operator==(const CheckUser&) const = default;
};
// Makes us not dumpable: nobody can trace us, or open our files in /proc.
struct HideFromOthers {
    bool operator==(const HideFromOthers&) const = default;
};
struct EnterCgroup {
    bool operator==(const EnterCgroup&) const = default;
};
// Those that clone3(2) would make too early.
struct MakeLateNamespaces {
    uint64_t types = 0;  // CLONE_NEWCGROUP, CLONE_NEWIPC
    bool operator==(const MakeLateNamespaces&) const = default;
};
// Below the root of that namespace (run.oci.delegate-cgroup).
struct EnterInnerCgroup {
    bool operator==(const EnterInnerCgroup&) const = default;
};
// Of exec: enters the container's own namespaces, and its root.
struct EnterContainer {
    bool operator==(const EnterContainer&) const = default;
};
struct SetUmask {
    mode_t umask = 0;
    std::string origin;
    bool operator==(const SetUmask&) const = default;
};
// Closes sources of mounts, and everything else of the host that is still open.
struct CloseSources {
    bool operator==(const CloseSources&) const = default;
};
// Opens the container's /dev/null for those standard streams that are the null device of the host:
// what is open from outside cannot be checkpointed.
struct UseOwnNull {
    bool operator==(const UseOwnNull&) const = default;
};
// Sends the terminal that was made to the supervisor, and makes it our standard streams.
struct UseTerminal {
    uid_t owner = 0;
    bool operator==(const UseTerminal&) const = default;
};
struct EnterWorkingDirectory {
    std::string path;
    std::string origin;
    bool operator==(const EnterWorkingDirectory&) const = default;
};
struct FindProgram {
    std::string name;
    std::string origin;
    bool operator==(const FindProgram&) const = default;
};
// The stub contains the rest of the steps.
struct BuildStub {
    bool operator==(const BuildStub&) const = default;
};
struct ExecuteStub {
    bool operator==(const ExecuteStub&) const = default;
};

// Done by the stub: bounding set, groups, ids, capabilities.
struct BecomeUser {
    Credentials credentials;
    // A filter without no_new_privs is loaded with CAP_SYS_ADMIN, which the container may lack.
    bool keep_sys_admin = false;
    std::string origin;
    bool operator==(const BecomeUser&) const = default;
};
struct WaitForStart {
    bool operator==(const WaitForStart&) const = default;
};
struct SetNoNewPrivileges {
    std::string origin;
    bool operator==(const SetNoNewPrivileges&) const = default;
};
struct LoadFilter {
    std::string origin;
    bool operator==(const LoadFilter&) const = default;
};
struct DropSysAdmin {
    CapabilitySets capabilities;
    std::string origin;
    bool operator==(const DropSysAdmin&) const = default;
};
struct ExecuteProgram {
    std::vector<std::string> args;
    std::string origin;
    bool operator==(const ExecuteProgram&) const = default;
};

std::string describe(const BeginSession& step);
std::string describe(const ResetSignals& step);
std::string describe(const MakeTimeNamespace& step);
std::string describe(const TakeSource& step);
std::string describe(const BecomeNamespaceRoot& step);
std::string describe(const CheckUser& step);
std::string describe(const HideFromOthers& step);
std::string describe(const EnterCgroup& step);
std::string describe(const MakeLateNamespaces& step);
std::string describe(const EnterInnerCgroup& step);
std::string describe(const EnterContainer& step);
std::string describe(const SetUmask& step);
std::string describe(const CloseSources& step);
std::string describe(const UseOwnNull& step);
std::string describe(const UseTerminal& step);
std::string describe(const EnterWorkingDirectory& step);
std::string describe(const FindProgram& step);
std::string describe(const BuildStub& step);
std::string describe(const ExecuteStub& step);
std::string describe(const BecomeUser& step);
std::string describe(const WaitForStart& step);
std::string describe(const SetNoNewPrivileges& step);
std::string describe(const LoadFilter& step);
std::string describe(const DropSysAdmin& step);
std::string describe(const ExecuteProgram& step);

}  // namespace sampan
