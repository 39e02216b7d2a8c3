#include "plan/phases.h"

#include <sys/resource.h>

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include <doctest/doctest.h>

#include "bundles.h"

namespace sampan {

namespace {

// Where a step is: who carries it out, and its place among all steps.
struct Placed {
    Walker walker{};
    size_t place = 0;
    const Step* step = nullptr;
};

std::vector<Placed> all_steps(const std::vector<Phase>& phases) {
    std::vector<Placed> steps;
    for (const Phase& phase : phases)
        for (const Step& step : phase.steps)
            steps.push_back({phase.walker, steps.size(), &step});
    return steps;
}

template <class Kind>
std::vector<Placed> steps_of(const std::vector<Phase>& phases) {
    std::vector<Placed> found;
    for (const Placed& step : all_steps(phases)) {
        const auto* action = std::get_if<Action>(step.step);
        bool is_one = false;
        if constexpr (std::is_constructible_v<Action, Kind>)
            is_one = action != nullptr && std::holds_alternative<Kind>(*action);
        else
            is_one = std::holds_alternative<Kind>(*step.step);
        if (is_one) found.push_back(step);
    }
    return found;
}

template <class Kind>
Placed only(const std::vector<Phase>& phases) {
    const std::vector<Placed> found = steps_of<Kind>(phases);
    REQUIRE(found.size() == 1);
    return found[0];
}

Placed hook(const std::vector<Phase>& phases, spec::HookKind kind) {
    for (const Placed& placed : steps_of<RunHook>(phases))
        if (std::get<RunHook>(*placed.step).kind == kind) return placed;
    FAIL("no such hook");
    return {};
}

Placed word(const std::vector<Phase>& phases, Word word) {
    for (const Placed& placed : steps_of<Await>(phases))
        if (std::get<Await>(*placed.step).word == word) return placed;
    FAIL("nobody waits for that word");
    return {};
}

Example example_named(const std::string& name) {
    for (Example& example : read_examples())
        if (example.name == name) return std::move(example);
    FAIL("no such bundle");
    return {};
}

std::vector<Phase> phases_of(const Example& example, const Host& host = made_up_host()) {
    Result<Plan> plan = make_plan(example.spec, host, example.request);
    REQUIRE(plan.has_value());
    return std::move(plan->phases);
}

// Everything that a plan can have at once, except for joined namespaces.
Example everything() {
    Example example = example_named("hooks");
    spec::Process& process = *example.spec.process;
    process.oom_score_adj = 100;
    process.rlimits = {{spec::RlimitType::rlimit_core, 0, 0},
                       {spec::RlimitType::rlimit_nproc, 9, 9},
                       {spec::RlimitType::rlimit_nofile, 5, 5}};
    process.scheduler.emplace();
    process.scheduler->policy = spec::SchedulerPolicy::sched_batch;
    process.io_priority = spec::IoPriority{};
    process.terminal = true;
    process.no_new_privileges = false;
    spec::Linux& linux = *example.spec.linux_;
    linux.seccomp.emplace();
    linux.resources = spec::Resources{.pids = spec::Pids{.limit = 5}};
    linux.namespaces.push_back({spec::NamespaceType::user, std::nullopt});
    linux.namespaces.push_back({spec::NamespaceType::time, std::nullopt});
    linux.time_offsets.emplace();
    linux.time_offsets->boottime = spec::TimeOffset{.secs = 5};
    linux.uid_mappings = {{0, 100000, 65536}};
    linux.gid_mappings = {{0, 100000, 65536}};
    example.request.pid_file = "/run/web.pid";
    return example;
}

}  // namespace

TEST_CASE("phases: each word that is said is waited for by another, later") {
    std::vector<Example> examples = read_examples();
    examples.push_back(everything());
    for (const Example& example : examples) {
        CAPTURE(example.name);
        const std::vector<Phase> phases = phases_of(example);
        const std::vector<Placed> said = steps_of<Say>(phases);
        const std::vector<Placed> awaited = steps_of<Await>(phases);
        REQUIRE(said.size() == awaited.size());
        for (const Placed& say : said) {
            const Word spoken = std::get<Say>(*say.step).word;
            const auto answer = std::ranges::find_if(awaited, [spoken](const Placed& await) {
                return std::get<Await>(*await.step).word == spoken;
            });
            REQUIRE(answer != awaited.end());
            CHECK(answer->walker != say.walker);
            // The stub says that it is ready, and goes on waiting, before create knows.
            if (spoken != Word::committed) CHECK(answer->place > say.place);
        }
    }
}

TEST_CASE("phases: what is recorded is recorded before it is made, and init before it goes on") {
    const std::vector<Phase> phases = phases_of(everything());
    const size_t intent = only<RecordIntent>(phases).place;
    CHECK(only<MakeFolder>(phases).place < intent);
    REQUIRE_FALSE(steps_of<MakeCgroup>(phases).empty());
    for (const Placed& cgroup : steps_of<MakeCgroup>(phases))
        CHECK(cgroup.place > intent);
    CHECK(only<ListenAtGate>(phases).place > intent);
    const size_t cloned = only<CloneInit>(phases).place;
    CHECK(only<RecordInit>(phases).place == cloned + 1);
    // A limit counts from init's first page.
    REQUIRE_FALSE(steps_of<LimitCgroup>(phases).empty());
    for (const Placed& limit : steps_of<LimitCgroup>(phases))
        CHECK(limit.place < cloned);
    const size_t ready = only<RecordReady>(phases).place;
    CHECK(word(phases, Word::ready).place < ready);
    CHECK(only<WritePidFile>(phases).place == ready + 1);
    CHECK(std::get<Say>(*steps_of<Say>(phases).back().step).word == Word::committed);
    CHECK(steps_of<Say>(phases).back().place == ready + 2);
}

TEST_CASE("phases: init hides once its files in /proc were written, and before it is in reach") {
    const std::vector<Phase> phases = phases_of(everything());
    const size_t hidden = only<HideFromOthers>(phases).place;
    CHECK(only<WriteOomScoreAdj>(phases).place < hidden);
    CHECK(only<MakeTimeNamespace>(phases).place < only<WriteIdMaps>(phases).place);
    CHECK(only<WriteIdMaps>(phases).place < only<BecomeNamespaceRoot>(phases).place);
    CHECK(only<BecomeNamespaceRoot>(phases).place < hidden);
    CHECK(hidden < only<EnterCgroup>(phases).place);
    CHECK(hidden < steps_of<RunHook>(phases).front().place);
}

TEST_CASE("phases: hooks are where the specification has them") {
    using enum spec::HookKind;
    const std::vector<Phase> phases = phases_of(everything());
    CHECK(hook(phases, prestart).walker == Walker::create);
    CHECK(hook(phases, create_runtime).walker == Walker::create);
    CHECK(hook(phases, create_container).walker == Walker::init);
    CHECK(hook(phases, start_container).walker == Walker::stub);
    CHECK(hook(phases, poststart).walker == Walker::start);
    CHECK(hook(phases, poststop).walker == Walker::remove);
    std::vector<size_t> places;
    for (const spec::HookKind kind :
         {prestart, create_runtime, create_container, start_container, poststart, poststop})
        places.push_back(hook(phases, kind).place);
    CHECK(std::ranges::is_sorted(places));
    // The namespaces and mounts are there, and the root is still the host's.
    CHECK(steps_of<MountFilesystem>(phases).back().place < hook(phases, prestart).place);
    CHECK(hook(phases, create_container).place < only<PivotRoot>(phases).place);
    CHECK(only<WaitForStart>(phases).place < hook(phases, start_container).place);
    CHECK(hook(phases, start_container).place < only<ExecuteProgram>(phases).place);
    CHECK(only<RemoveGate>(phases).place < hook(phases, poststart).place);
    CHECK(only<RemoveFolder>(phases).place < hook(phases, poststop).place);
}

TEST_CASE("phases: what needs the runtime's privileges is done from outside") {
    const std::vector<Phase> phases = phases_of(everything());
    const size_t ready = word(phases, Word::ready).place;
    const size_t recorded = only<RecordReady>(phases).place;
    CHECK(only<HandTerminalOn>(phases).place < ready);
    const Placed devices = steps_of<AttachDeviceProgram>(phases).front();
    CHECK(devices.walker == Walker::create);
    CHECK(devices.place > ready);
    CHECK(devices.place < recorded);
    // While init is root of the container, and after all that forks.
    for (const Placed& placed : {only<SetScheduler>(phases), only<SetIoPriority>(phases)}) {
        CHECK(placed.walker == Walker::create);
        CHECK(placed.place > word(phases, Word::sealed).place);
        CHECK(placed.place > hook(phases, spec::HookKind::create_container).place);
        CHECK(placed.place < word(phases, Word::scheduled).place);
    }
    CHECK(word(phases, Word::scheduled).place < only<BuildStub>(phases).place);
}

TEST_CASE("phases: rlimits are set by who may, and those that hinder the stub by the stub") {
    const auto walkers = [](const Example& example) {
        std::vector<Walker> who;
        for (const Placed& placed : steps_of<SetRlimit>(phases_of(example)))
            who.push_back(placed.walker);
        return who;
    };
    CHECK(walkers(everything()) == std::vector{Walker::create, Walker::create, Walker::stub});
    Example ours = example_named("hello");
    ours.spec.process->rlimits = {{spec::RlimitType::rlimit_core, 0, 0},
                                  {spec::RlimitType::rlimit_nproc, 9, 9},
                                  {spec::RlimitType::rlimit_nofile, 5, 5}};
    CHECK(walkers(ours) == std::vector{Walker::init, Walker::init, Walker::stub});
    const std::vector<Phase> phases = phases_of(ours);
    // A low limit would hinder the building of the stub.
    CHECK(only<BuildStub>(phases).place < steps_of<SetRlimit>(phases).front().place);
}

TEST_CASE("phases: a filter without no_new_privs is loaded with CAP_SYS_ADMIN, dropped after it") {
    Example example = everything();
    std::vector<Phase> phases = phases_of(example);
    CHECK(std::get<BecomeUser>(*only<BecomeUser>(phases).step).keep_sys_admin);
    CHECK(steps_of<SetNoNewPrivileges>(phases).empty());
    const size_t loaded = only<LoadFilter>(phases).place;
    CHECK(only<DropSysAdmin>(phases).place == loaded + 1);
    CHECK(only<ExecuteProgram>(phases).place == loaded + 2);
    CHECK(steps_of<SetRlimit>(phases).back().place < loaded);
    example.spec.process->no_new_privileges = true;
    phases = phases_of(example);
    CHECK_FALSE(std::get<BecomeUser>(*only<BecomeUser>(phases).step).keep_sys_admin);
    CHECK(steps_of<DropSysAdmin>(phases).empty());
    CHECK(only<SetNoNewPrivileges>(phases).place + 1 == only<LoadFilter>(phases).place);
}

TEST_CASE("phases: root joins a user namespace last, anybody else first") {
    Example example = example_named("hello");
    spec::Linux& linux = *example.spec.linux_;
    linux.namespaces.push_back({spec::NamespaceType::user, "/run/ns/user"});
    linux.namespaces.push_back({spec::NamespaceType::network, "/run/ns/net"});
    std::erase_if(linux.namespaces, [](const spec::Namespace& one) {
        return one.type == spec::NamespaceType::network && !one.path;
    });
    const auto order = [&](const Host& host) {
        std::string names;
        const std::vector<Phase> phases = phases_of(example, host);
        for (const Placed& placed : steps_of<JoinNamespace>(phases)) {
            CHECK(placed.walker == Walker::joiner);
            names += std::get<JoinNamespace>(*placed.step).path + " ";
        }
        return names;
    };
    Host host = made_up_host();
    CHECK(order(host) == "/run/ns/net /run/ns/user ");
    host.euid = 1000;
    CHECK(order(host) == "/run/ns/user /run/ns/net ");
}

TEST_CASE("phases: exec hides before it enters the cgroup, and is let go at last") {
    Example example = everything();
    ExecRequest request{.id = "web",
                        .args = {"ls"},
                        .terminal = true,
                        .pid_file = "/run/ls.pid",
                        .pidfd_socket = "/run/ls.sock"};
    const std::vector<Phase> phases =
        make_exec_plan(example.spec, made_up_host(), request).value().phases;
    CHECK(only<HideFromOthers>(phases).place < only<EnterCgroup>(phases).place);
    CHECK(only<EnterCgroup>(phases).place < only<EnterContainer>(phases).place);
    CHECK(only<EnterContainer>(phases).place < only<UseTerminal>(phases).place);
    CHECK(only<UseTerminal>(phases).place < only<EnterWorkingDirectory>(phases).place);
    CHECK(only<PrepareFilter>(phases).place < only<CloneBetween>(phases).place);
    const size_t ready = word(phases, Word::ready).place;
    CHECK(only<HandTerminalOn>(phases).place < ready);
    CHECK(only<SendPidfd>(phases).place > ready);
    CHECK(only<WritePidFile>(phases).place == only<SendPidfd>(phases).place + 1);
    CHECK(only<LetExecute>(phases).place == only<WritePidFile>(phases).place + 1);
    CHECK(steps_of<ListenAtGate>(phases).empty());
    CHECK(steps_of<WaitForStart>(phases).empty());
    // The stub forks as the user, whose processes are counted.
    std::vector<Walker> limiters;
    for (const Placed& placed : steps_of<SetRlimit>(phases))
        limiters.push_back(placed.walker);
    CHECK(limiters == std::vector{Walker::exec, Walker::stub, Walker::stub});
}

TEST_CASE("phases: start and delete do what the plan says, from what the record knows") {
    const Example example = everything();
    const Plan plan = make_plan(example.spec, made_up_host(), example.request).value();
    const StartPhases start = start_phases({.poststart = plan.hooks.poststart});
    const Phase end = delete_phase({.poststop = plan.hooks.poststop});
    const auto text_of = [&](Walker walker) {
        std::vector<Phase> phases;
        std::ranges::copy_if(plan.phases, std::back_inserter(phases),
                             [walker](const Phase& phase) { return phase.walker == walker; });
        return print_phases(phases);
    };
    CHECK(print_phases(std::vector{start.before, start.after}) == text_of(Walker::start));
    CHECK(print_phases(std::vector{end}) == text_of(Walker::remove));
}

TEST_CASE("phases: arguments are printed as words, quoted where they need it") {
    const ExecuteProgram step{{"sh", "-c", "echo \"a b\"\n", "", "\x1b[31m", "a=b"}, ""};
    CHECK(describe(step) == R"(execute sh -c "echo \"a b\"\n" "" "\x1b[31m" a=b)");
    const Phase phase{"program", Walker::stub, {FindProgram{"a b", "/x\x07"}}};
    CHECK(print_phases(std::span(&phase, 1)).find("\n  find the program \"a b\"    (/x\\x07)\n") !=
          std::string::npos);
}

}  // namespace sampan
