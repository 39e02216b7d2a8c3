#include "plan/outside_steps.h"

#include "base/text.h"
#include "linux/namespaces.h"
#include "mounts/notify_mount.h"

namespace sampan {

namespace {

std::string_view meaning_of(Word word) {
    switch (word) {
        case Word::entered:
            return "init is in its namespaces";
        case Word::proceed:
            return "init's namespaces are complete";
        case Word::rootfs_ready:
            return "the root file system is complete";
        case Word::hooks_done:
            return "the hooks of the runtime have run";
        case Word::sealed:
            return "init has done what it has to do inside";
        case Word::scheduled:
            return "init is scheduled";
        case Word::ready:
            return "init is ready";
        case Word::committed:
            return "the container is recorded";
        case Word::released:
            return "exec lets it go on";
    }
    return "";
}

}  // namespace

std::string describe(const Say& step) {
    return format("say that {}", meaning_of(step.word));
}

std::string describe(const Await& step) {
    return format("wait until {}", meaning_of(step.word));
}

std::string describe(const MakeFolder&) {
    return "make the container's folder and lock it";
}

std::string describe(const RecordIntent&) {
    return "record what is going to be made, and keep config.json";
}

std::string describe(const MakeNotifyFolder& step) {
    return format("make {} for the socket of sd_notify(3)", step.folder);
}

std::string describe(const PrepareFilter&) {
    return "compile the seccomp filter, or take it from the cache";
}

std::string describe(const CheckAgent&) {
    return "see that the seccomp agent listens";
}

std::string describe(const MakeRdtGroup& step) {
    return step.group.group.empty() ? "use the default resctrl group"
                                    : format("make the resctrl group {}", step.group.group);
}

std::string describe(const EnterRdtGroup& step) {
    return describe(step.group);
}

std::string describe(const ListenAtGate&) {
    return "listen at the gate, to which start connects";
}

std::string describe(const CloneInit& step) {
    const std::string fresh = describe_new_namespaces(step.new_types);
    return fresh.empty() ? "clone init, in our own namespaces"
                         : format("clone init, with {}", fresh);
}

std::string describe(const RecordInit&) {
    return "record the pid of init";
}

std::string describe(const WriteIdMaps& step) {
    return describe(step.maps);
}

std::string describe(const MoveNetDevices& step) {
    std::vector<std::string> moves;
    moves.reserve(step.devices.size());
    for (const MoveNetDevice& device : step.devices)
        moves.push_back(describe(device));
    return join(moves, ", ");
}

std::string describe(const RunHook& step) {
    return format("run the {} hook {}", name_of(step.kind), step.hook.path);
}

std::string describe(const HandTerminalOn&) {
    return "hand the container's terminal on";
}

std::string describe(const GivePipes&) {
    return "give pipes among the standard streams to the container's user";
}

std::string describe(const RecordReady&) {
    return "record that the container is created";
}

std::string describe(const WritePidFile& step) {
    return format("write the pid to {}", step.path);
}

std::string describe(const SendPidfd& step) {
    return format("send the pidfd to the socket {}", step.path);
}

std::string describe(const CloneBetween& step) {
    const std::string what = "clone the process that enters the container";
    return step.affinity ? format("{}, and {}", what, describe(*step.affinity)) : what;
}

std::string describe(const ListenForReadiness&) {
    return "listen for the program's READY=1";
}

std::string describe(const ConnectToAgent&) {
    return "connect to the seccomp agent";
}

std::string describe(const LetExecute&) {
    return "let the program be executed";
}

std::string describe(const RemoveGate&) {
    return "remove the gate";
}

std::string describe(const AwaitReadiness&) {
    return format("pass READY=1 of {} on to the service manager", notify_destination);
}

std::string describe(const EndInit&) {
    return "kill init";
}

std::string describe(const RemoveCgroup&) {
    return "kill what is left in the cgroup, and remove it";
}

std::string describe(const RemoveRdtGroup&) {
    return "remove the resctrl group";
}

std::string describe(const UndoMounts&) {
    return "unmount what was mounted below the root file system";
}

std::string describe(const ClearRoot&) {
    return "remove the device nodes that were made in the root file system";
}

std::string describe(const RemoveFolder&) {
    return "remove the container's folder";
}

}  // namespace sampan
