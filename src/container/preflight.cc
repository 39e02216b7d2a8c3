#include "container/preflight.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/text.h"
#include "launch/await_execution.h"
#include "linux/program.h"
#include "linux/seccomp_names.h"
#include "mounts/filesystem_names.h"
#include "mounts/foreseen_files.h"
#include "mounts/missing_path.h"
#include "os/file.h"
#include "os/path.h"
#include "os/procfs.h"
#include "spec/spec.h"

namespace sampan {

namespace {

Problem as_problem(const Error& error) {
    return {
        .pointer = error.pointer(), .what = error.message(), .hint = error.hint(), .offset = {}};
}

void add(spec::Findings& findings, const Error& error) {
    findings.problems.push_back(as_problem(error));
}

void append(std::vector<Problem>& all, const std::vector<Problem>& more) {
    all.insert(all.end(), more.begin(), more.end());
}

// Calls `take` with each of the plan's steps that are carried out while the old root is in sight.
template <class Take>
void each_action(const Plan& plan, const Take& take) {
    for (const Phase& phase : plan.phases)
        for (const Step& step : phase.steps)
            if (const Action* action = std::get_if<Action>(&step)) std::visit(take, *action);
}

const OpenSource* source_in(const Plan& plan, int slot) {
    for (const Phase& phase : plan.phases)
        for (const Step& step : phase.steps)
            if (const OpenSource* source = std::get_if<OpenSource>(&step))
                if (slot >= 0 && source->slot == static_cast<size_t>(slot)) return source;
    return nullptr;
}

// The root on the host.
Result<Fd> open_root_of(const Spec& spec, const Plan& plan) {
    const std::string path = root_path(spec, plan.bundle);
    Result<Fd> root = open_at(cwd, path, O_PATH | O_DIRECTORY).in("the root file system");
    if (root) return root;
    explain_missing_root(root.error(), path);
    return Failure(std::move(root).error()).at("/root/path");
}

// What a step adds to the files.
template <class Kind>
void foresee_mount(const Plan& plan, const Kind& step, ForeseenFiles& files) {
    if constexpr (std::is_same_v<Kind, BindMount>) {
        const OpenSource* source = source_in(plan, step.source_slot);
        const bool mapped = source != nullptr && source->id_maps;
        if (mapped || !step.stands_in_for.empty() || step.source_link != SourceLink::follow)
            files.hide(step.destination);
        else
            files.bind(step.source, step.destination);
    } else {
        files.hide(step.destination);
    }
}

// The owner of the root must be somebody in a new user namespace, if a place to mount on is to be
// made in it.
void check_destination(const Plan& plan,
                       const std::string& origin,
                       const std::string& destination,
                       const ForeseenFiles& files,
                       spec::Findings& findings) {
    if (!plan.id_maps || !origin.starts_with("/mounts/")) return;
    const Result<Fd> place = files.open(destination);
    if (place || place.error().code() != ENOENT) return;
    const std::string hint = hint_for_owner(plan.process.root, *plan.id_maps);
    if (!hint.empty())
        findings.warn(origin + "/destination", "the root has no such place to mount on", hint);
}

ForeseenFiles foresee_files(const Plan& plan, Fd root, spec::Findings& findings) {
    ForeseenFiles files(std::move(root));
    each_action(plan, [&]<class Kind>(const Kind& step) {
        if constexpr (std::is_same_v<Kind, BindMount> || std::is_same_v<Kind, MountFilesystem> ||
                      std::is_same_v<Kind, MountCgroup>) {
            check_destination(plan, step.origin, step.destination, files, findings);
            foresee_mount(plan, step, files);
        }
    });
    return files;
}

void look_for_types(const Plan& plan, spec::Findings& findings) {
    each_action(plan, [&]<class Kind>(const Kind& step) {
        if constexpr (std::is_same_v<Kind, MountFilesystem>)
            if (step.origin.starts_with("/mounts/"))
                append(findings.warnings, mistyped_names(step));
    });
}

void look_for_sources(const Plan& plan, spec::Findings& findings) {
    each_action(plan, [&]<class Kind>(const Kind& step) {
        if constexpr (std::is_same_v<Kind, BindMount>) {
            if (!step.origin.starts_with("/mounts/") || !step.stands_in_for.empty()) return;
            const int link = step.source_link == SourceLink::follow ? 0 : O_NOFOLLOW;
            Result<Fd> source = open_at(cwd, step.source, O_PATH | link).in(describe(step));
            if (source) return;
            explain_missing_source(source.error(), step.source);
            add(findings, source.error().set_pointer(step.origin + "/source"));
        }
    });
}

void look_for_namespaces(const Plan& plan, int proc, spec::Findings& findings) {
    for (const JoinNamespace& join : plan.namespaces.joins) {
        const Result<Fd> opened = open_namespace(join);
        if (!opened) {
            add(findings, opened.error());
        } else if (const Status good = check_not_hosts(proc, join, opened->get()); !good) {
            add(findings, good.error());
        }
    }
}

FailedExec describe_program_user(const Spec& spec, const Plan& plan) {
    FailedExec who = describe_user(
        {.process = *spec.process, .id_maps = plan.id_maps, .pid = 0, .pidfd = -1, .origin = {}});
    // Its ids are known once it is joined.
    if (plan.namespaces.joined(CLONE_NEWUSER) != nullptr) who.capabilities = ~uint64_t{0};
    return who;
}

// Looks for programs that the container executes, in the files that it will have.
class ProgramSearch {
  public:
    ProgramSearch(const ForeseenFiles& files, int proc) : proc_(proc), files_(files) {}

    // The error of the first candidate, if none of them could be executed.
    [[nodiscard]] std::optional<Error> search(const Program& program,
                                              const std::string& root,
                                              FailedExec who) const;
    [[nodiscard]] std::optional<ExecFailure> look_at(const FailedExec& who) const {
        return foresee_exec_failure([this](const std::string& path) { return files_.open(path); },
                                    proc_, who);
    }

  private:
    int proc_;
    const ForeseenFiles& files_;
};

std::optional<Error> ProgramSearch::search(const Program& program,
                                           const std::string& root,
                                           FailedExec who) const {
    who.name = program.args[0];
    const std::string path(find_variable(program.env, "PATH"));
    std::optional<ExecFailure> first;
    for (const std::string& candidate : candidate_paths(who.name, path, program.cwd)) {
        who.path = candidate;
        std::optional<ExecFailure> failure = look_at(who);
        if (!failure) return std::nullopt;
        if (!first || first->kind == ErrorKind::program_not_found) first = std::move(failure);
    }
    const bool missing = first->kind == ErrorKind::program_not_found;
    const bool in_path = !who.name.contains('/');
    Error error(first->kind,
                format("{}: {}", exec_words(who.name, *first),
                       missing && in_path ? "executable file not found in $PATH" : first->reason));
    error.set_hint(first->hint);
    if (missing)
        error.set_hint(hint_for_missing(
            {.name = who.name, .path = path, .cwd = program.cwd, .root = root},
            [this](const std::string& folder, size_t most) { return files_.list(folder, most); }));
    return error;
}

void look_for_program(const Spec& spec,
                      const Plan& plan,
                      const ProgramSearch& search,
                      spec::Findings& findings) {
    if (!plan.process.has_program()) {
        findings.warn("/process/args", "without a program the container cannot be started",
                      "add \"args\" to /process, such as [\"/bin/sh\"]");
        return;
    }
    std::optional<Error> error =
        search.search(*plan.process.program, plan.process.root, describe_program_user(spec, plan));
    if (error) add(findings, error->set_pointer(plan.process.origin + "/args/0"));
}

void look_for_hooks(const Spec& spec,
                    const Plan& plan,
                    const ProgramSearch& ours,
                    const ProgramSearch* inside,
                    spec::Findings& findings) {
    using enum spec::HookKind;
    for (const spec::HookKind kind :
         {prestart, create_runtime, create_container, start_container, poststart, poststop}) {
        const std::vector<spec::Hook>& hooks = hooks_of(plan.hooks, kind);
        for (size_t i = 0; i < hooks.size(); ++i) {
            const bool in_container = kind == start_container && spec.process;
            const ProgramSearch* search = in_container ? inside : &ours;
            if (search == nullptr) continue;
            FailedExec who =
                in_container ? describe_program_user(spec, plan) : describe_ourselves();
            who.path = hooks[i].path;
            if (const std::optional<ExecFailure> failure = search->look_at(who))
                findings.error(format("/hooks/{}/{}/path", name_of(kind), i),
                               format("{} hook {} ({}) could not be executed: {}", name_of(kind), i,
                                      hooks[i].path, failure->reason),
                               failure->hint.empty() ? std::string(spec::hint_for_place(kind))
                                                     : failure->hint);
        }
    }
}

}  // namespace

spec::Findings find_absent(const Spec& spec, const Plan& plan) {
    spec::Findings findings;
    const Result<Fd> proc = open_proc();
    Result<Fd> host_root = open_at(cwd, "/", O_PATH | O_DIRECTORY);
    if (!proc || !host_root) {
        add(findings, proc ? host_root.error() : proc.error());
        return findings;
    }
    look_for_namespaces(plan, proc->get(), findings);
    look_for_sources(plan, findings);
    look_for_types(plan, findings);
    const ForeseenFiles host_files(std::move(*host_root));
    const ProgramSearch ours(host_files, proc->get());
    Result<Fd> root = open_root_of(spec, plan);
    if (!root) {
        add(findings, root.error());
        look_for_hooks(spec, plan, ours, nullptr, findings);
        return findings;
    }
    const ForeseenFiles files = foresee_files(plan, std::move(*root), findings);
    const ProgramSearch inside(files, proc->get());
    look_for_program(spec, plan, inside, findings);
    look_for_hooks(spec, plan, ours, &inside, findings);
    if (plan.seccomp) append(findings.warnings, mistyped_calls(*plan.seccomp));
    return findings;
}

Verdict judge(const std::string& config_path, const Host& host, const Request& request) {
    Verdict verdict{.path = config_path, .text = {}, .problems = {}, .warnings = {}};
    Result<SpecFile> file = read_spec(config_path);
    if (!file) {
        verdict.text = file.error().text();
        verdict.problems = file.error().problems();
        if (verdict.problems.empty()) verdict.problems.push_back(as_problem(file.error()));
        verdict.warnings = file.error().warnings();
        return verdict;
    }
    verdict.text = std::move(file->text);
    verdict.warnings = std::move(file->warnings);
    const Result<Plan> plan = make_plan(file->spec, host, request);
    if (!plan) {
        verdict.problems.push_back(as_problem(plan.error()));
        return verdict;
    }
    append(verdict.warnings, plan->warnings);
    const spec::Findings absent = find_absent(file->spec, *plan);
    append(verdict.warnings, absent.warnings);
    append(verdict.problems, absent.problems);
    return verdict;
}

}  // namespace sampan
