#include "plan/inside_steps.h"

#include "base/text.h"
#include "spec/locate.h"

namespace sampan {

std::string describe(const BeginSession&) {
    return "reset signals and begin a session";
}

std::string describe(const ResetSignals&) {
    return "reset signals";
}

std::string describe(const MakeTimeNamespace& step) {
    return format("make a time namespace: {}", describe(step.offsets));
}

std::string describe(const TakeSource& step) {
    return format("take {} from the opener", step.source);
}

std::string describe(const BecomeNamespaceRoot&) {
    return "become root of the user namespace";
}

std::string describe(const CheckUser&) {
    return "see that the user namespace has the program's user and groups";
}

std::string describe(const HideFromOthers&) {
    return "hide from tracers (not dumpable)";
}

std::string describe(const EnterCgroup&) {
    return "enter the cgroup";
}

std::string describe(const MakeLateNamespaces& step) {
    return describe_new_namespaces(step.types);
}

std::string describe(const EnterInnerCgroup&) {
    return "move to the cgroup that is delegated to the container";
}

std::string describe(const EnterContainer&) {
    return "join the container's namespaces and root";
}

std::string describe(const SetUmask& step) {
    return format("set the umask {:04o}", step.umask);
}

std::string describe(const CloseSources&) {
    return "close what was opened on the host";
}

std::string describe(const UseOwnNull&) {
    return "open the container's /dev/null for streams that are the host's";
}

std::string describe(const UseTerminal&) {
    return "pass the terminal out, and use its other side as standard streams";
}

std::string describe(const EnterWorkingDirectory& step) {
    return format("enter the working directory {}", step.path);
}

std::string describe(const FindProgram& step) {
    return format("find the program {}", quote_word(step.name));
}

std::string describe(const BuildStub&) {
    return "build the stub, with the rest of the steps in it";
}

std::string describe(const ExecuteStub&) {
    return "execute the stub";
}

std::string describe(const BecomeUser& step) {
    return describe(step.credentials);
}

std::string describe(const WaitForStart&) {
    return "wait for start";
}

std::string describe(const SetNoNewPrivileges&) {
    return "set no_new_privs";
}

std::string describe(const LoadFilter&) {
    return "load the seccomp filter";
}

std::string describe(const DropSysAdmin&) {
    return "drop CAP_SYS_ADMIN, kept for the filter";
}

std::string describe(const ExecuteProgram& step) {
    std::string text = "execute";
    for (const std::string& argument : step.args)
        text += " " + quote_word(argument);
    return text;
}

}  // namespace sampan
