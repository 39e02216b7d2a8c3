// What sampan's own process does for create, exec, start and delete, outside of the container.
// Plain values. Each is carried out by an overload of apply() of the walker of its phase
// (container/create.cc, launch/supervise.cc and similar files). `origin` is the place in
// config.json that asked for a step, if there is one.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cgroup/steps.h"
#include "linux/cpu_affinity.h"
#include "linux/id_map.h"
#include "linux/intel_rdt.h"
#include "linux/net_devices.h"
#include "linux/oom_score_adj.h"
#include "linux/rlimits.h"
#include "linux/scheduler.h"
#include "mounts/bind.h"
#include "spec/hooks.h"

namespace sampan {

// The words of the conversation between the runtime and init (launch/sync.h).
enum class Word {
    entered,       // init: it is in its namespaces
    proceed,       // sampan: everything that init needs from outside is done
    rootfs_ready,  // init: everything is mounted, the old root is still visible
    hooks_done,    // sampan: init may go on
    sealed,        // init: it has done all that forks, and still is root of the container
    scheduled,     // sampan: init has its policy and priorities
    ready,         // the stub: only what waits for `start` is left
    committed,     // sampan: the record says so
    released,      // exec: the process may execute its program
};
struct Say {
    Word word{};
    bool operator==(const Say&) const = default;
};
struct Await {
    Word word{};
    bool operator==(const Await&) const = default;
};

// Makes the container's folder, below the folder of all containers, and locks it.
struct MakeFolder {
    bool operator==(const MakeFolder&) const = default;
};
// Records what will be made, so that it can be undone if create is killed; and config.json.
struct RecordIntent {
    bool operator==(const RecordIntent&) const = default;
};
struct MakeNotifyFolder {
    std::string folder;
    bool operator==(const MakeNotifyFolder&) const = default;
};
// Takes the filter from the cache, or compiles it, and checks that it does not end every start.
struct PrepareFilter {
    std::string origin;
    bool operator==(const PrepareFilter&) const = default;
};
struct CheckAgent {
    std::string origin;
    bool operator==(const CheckAgent&) const = default;
};
struct MakeRdtGroup {
    JoinRdtGroup group;
    std::string origin;
    bool operator==(const MakeRdtGroup&) const = default;
};
struct EnterRdtGroup {
    JoinRdtGroup group;
    std::string origin;
    bool operator==(const EnterRdtGroup&) const = default;
};
struct ListenAtGate {
    bool operator==(const ListenAtGate&) const = default;
};
// Clones init, which begins in its cgroup (v2) and in the new namespaces (CLONE_NEW*).
struct CloneInit {
    uint64_t new_types = 0;
    bool operator==(const CloneInit&) const = default;
};
struct RecordInit {
    bool operator==(const RecordInit&) const = default;
};
struct WriteIdMaps {
    IdMaps maps;
    IdMapRights rights;
    std::string origin;
    bool operator==(const WriteIdMaps&) const = default;
};
// Moves all of them, or none.
struct MoveNetDevices {
    std::vector<MoveNetDevice> devices;
    std::string origin;
    bool operator==(const MoveNetDevices&) const = default;
};
struct RunHook {
    spec::HookKind kind{};
    size_t index = 0;
    spec::Hook hook;
    std::string origin;
    bool operator==(const RunHook&) const = default;
};
// Passes the terminal that init has made to the process that the caller named for it.
struct HandTerminalOn {
    bool operator==(const HandTerminalOn&) const = default;
};
// Gives pipes of our standard streams to the container's user.
struct GivePipes {
    bool operator==(const GivePipes&) const = default;
};
struct RecordReady {
    bool operator==(const RecordReady&) const = default;
};
struct WritePidFile {
    std::string path;
    bool operator==(const WritePidFile&) const = default;
};

// Sends the pidfd of the program's process to whoever listens there.
struct SendPidfd {
    std::string path;
    std::string origin;
    bool operator==(const SendPidfd&) const = default;
};

// Of exec: the process in between, which enters the container and makes the program's process.
struct CloneBetween {
    std::optional<SetCpuAffinity> affinity;  // of that process, before it enters the cgroup
    std::string origin;
    bool operator==(const CloneBetween&) const = default;
};

// Of start: the socket of sd_notify(3) in the container.
struct ListenForReadiness {
    bool operator==(const ListenForReadiness&) const = default;
};
struct ConnectToAgent {
    std::string origin;
    bool operator==(const ConnectToAgent&) const = default;
};
// Gives the word, and listens to the stub until the program has been executed.
struct LetExecute {
    bool operator==(const LetExecute&) const = default;
};
struct RemoveGate {
    bool operator==(const RemoveGate&) const = default;
};
struct AwaitReadiness {
    bool operator==(const AwaitReadiness&) const = default;
};

// Of delete.
struct EndInit {
    bool operator==(const EndInit&) const = default;
};
// Ends all processes that are left in it, and removes it.
struct RemoveCgroup {
    bool operator==(const RemoveCgroup&) const = default;
};
struct RemoveRdtGroup {
    bool operator==(const RemoveRdtGroup&) const = default;
};
// Of a container without a mount namespace of its own.
struct UndoMounts {
    bool operator==(const UndoMounts&) const = default;
};
struct ClearRoot {
    bool operator==(const ClearRoot&) const = default;
};
struct RemoveFolder {
    bool operator==(const RemoveFolder&) const = default;
};

std::string describe(const Say& step);
std::string describe(const Await& step);
std::string describe(const MakeFolder& step);
std::string describe(const RecordIntent& step);
std::string describe(const MakeNotifyFolder& step);
std::string describe(const PrepareFilter& step);
std::string describe(const CheckAgent& step);
std::string describe(const MakeRdtGroup& step);
std::string describe(const EnterRdtGroup& step);
std::string describe(const ListenAtGate& step);
std::string describe(const CloneInit& step);
std::string describe(const RecordInit& step);
std::string describe(const WriteIdMaps& step);
std::string describe(const MoveNetDevices& step);
std::string describe(const RunHook& step);
std::string describe(const HandTerminalOn& step);
std::string describe(const GivePipes& step);
std::string describe(const RecordReady& step);
std::string describe(const WritePidFile& step);
std::string describe(const SendPidfd& step);
std::string describe(const CloneBetween& step);
std::string describe(const ListenForReadiness& step);
std::string describe(const ConnectToAgent& step);
std::string describe(const LetExecute& step);
std::string describe(const RemoveGate& step);
std::string describe(const AwaitReadiness& step);
std::string describe(const EndInit& step);
std::string describe(const RemoveCgroup& step);
std::string describe(const RemoveRdtGroup& step);
std::string describe(const UndoMounts& step);
std::string describe(const ClearRoot& step);
std::string describe(const RemoveFolder& step);

}  // namespace sampan
