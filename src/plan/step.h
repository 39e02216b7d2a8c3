// A plan consists of phases with steps, which are all that is done for a container. A walker
// carries out the steps of its phases in their order, `plan` prints them, and a trace reports each
// one when it begins.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/text.h"
#include "plan/action.h"
#include "plan/inside_steps.h"
#include "plan/outside_steps.h"
#include "plan/traced.h"

namespace sampan {

using Step = std::variant<
    // outside
    Say,
    Await,
    MakeFolder,
    RecordIntent,
    MakeNotifyFolder,
    PrepareFilter,
    CheckAgent,
    StartUnit,
    StepAside,
    MakeCgroup,
    CheckMemoryInUse,
    LimitCgroup,
    DelegateCgroup,
    MakeInnerCgroup,
    DelegateInnerCgroup,
    AttachDeviceProgram,
    LeaveUnit,
    TellUnit,
    MakeRdtGroup,
    EnterRdtGroup,
    ListenAtGate,
    OpenSource,
    CloneInit,
    RecordInit,
    WriteOomScoreAdj,
    WriteIdMaps,
    MoveNetDevices,
    RunHook,
    SetScheduler,
    SetIoPriority,
    SetRlimit,
    HandTerminalOn,
    GivePipes,
    RecordReady,
    SendPidfd,
    WritePidFile,
    CloneBetween,
    ListenForReadiness,
    ConnectToAgent,
    LetExecute,
    RemoveGate,
    AwaitReadiness,
    EndInit,
    RemoveCgroup,
    RemoveRdtGroup,
    UndoMounts,
    ClearRoot,
    RemoveFolder,
    // inside
    BeginSession,
    ResetSignals,
    JoinNamespace,
    MakeTimeNamespace,
    TakeSource,
    BecomeNamespaceRoot,
    CheckUser,
    HideFromOthers,
    EnterCgroup,
    MakeLateNamespaces,
    EnterInnerCgroup,
    EnterContainer,
    SetUmask,
    Action,
    CloseSources,
    UseOwnNull,
    UseTerminal,
    EnterWorkingDirectory,
    FindProgram,
    BuildStub,
    ExecuteStub,
    // the stub
    WriteLabel,
    BecomeUser,
    WaitForStart,
    SetNoNewPrivileges,
    LoadFilter,
    DropSysAdmin,
    ExecuteProgram>;

// The processes that walk. The joiner is init, or the process that makes init; the opener is a
// process in init's mount namespace.
enum class Walker { create, joiner, opener, init, exec, between, stub, start, remove };
std::string_view name_of(Walker walker);

struct Phase {
    std::string_view name;
    Walker walker{};
    std::vector<Step> steps;
};

// One line for people.
std::string describe(const Step& step);
// The place in config.json that asked for it; empty if there is none.
const std::string& origin_of(const Step& step);

// A line for each step, below its phase and walker.
std::string print_phases(std::span<const Phase> phases);
// The same as JSON: {"id": …, "phases": [{"name", "walker", "steps": [{"step", "origin"}]}]}.
std::string phases_as_json(std::string_view id, std::span<const Phase> phases);

// The same error, with the step in which it happened.
Failure failed_in(const Step& step, const Error& error);

// Calls the overload of apply() of `walker`. A step that is for another walker is an error.
template <class Who>
[[gnu::noinline]] Status carry_out(const Step& step, Who& walker) {
    return std::visit(
        [&walker](const auto& one) -> Status {
            if constexpr (requires { walker.apply(one); })
                return walker.apply(one);
            else
                return failf("a step of another process: {}", describe(one));
        },
        step);
}

// Carries out the steps of a phase, and stops at the first one that fails.
template <class Who>
Status walk(const Phase& phase, Who& walker) {
    for (const Step& step : phase.steps) {
        const Status done = is_traced() ? carry_out_traced(phase, describe(step),
                                                           [&] { return carry_out(step, walker); })
                                        : carry_out(step, walker);
        if (!done) [[unlikely]]
            return failed_in(step, done.error());
    }
    return {};
}

// The phases of one walker, in their order.
template <class Who>
Status walk_all(std::span<const Phase> phases, Walker name, Who& walker) {
    for (const Phase& phase : phases)
        if (phase.walker == name) TRY(walk(phase, walker));
    return {};
}

// The first step of that kind; null if there is none.
template <class Kind>
const Kind* find_step(std::span<const Phase> phases) {
    for (const Phase& phase : phases)
        for (const Step& step : phase.steps)
            if (const Kind* found = std::get_if<Kind>(&step)) return found;
    return nullptr;
}

}  // namespace sampan
