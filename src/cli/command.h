// The commands, in one table, which is used to call them, for --help, and to test the man pages.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "cgroup/plan.h"
#include "cli/options.h"
#include "cli/report.h"

namespace sampan {

// Global options.
struct Globals {
    std::string root;
    bool root_is_given = false;  // with --root; the default one need not exist
    CgroupManager cgroup_manager = CgroupManager::cgroupfs;
    std::string criu;  // "": the one that is found
};

// What a command works with.
struct Invocation {
    const char* command;
    const Globals& globals;
    const Parsed& parsed;
    Reporter& reporter;
};

// Returns 0, or the exit code of the container's program. The caller reports an error, and exits
// with 1.
using Run = Result<int> (*)(Invocation& invocation);

struct Command {
    const char* name;
    const char* arguments;  // "ID|BUNDLE [SIGNAL]"
    const char* summary;
    // A reference, so that the table of commands needs no work when the program starts.
    const std::span<const Option>& options;
    size_t least_arguments;
    size_t most_arguments;
    Run run;
    // Whether everything after the first argument belongs to a program; `leading` has the options
    // before it. Null: never.
    bool (*program_follows)(const Parsed& leading) = nullptr;
    // Exit code when it fails.
    int failure = 1;
    // Rewrites words that a table of options cannot describe (kill -9).
    std::vector<std::string> (*accept)(std::vector<std::string> words) = nullptr;
};

std::span<const Command> commands();
std::span<const Option> global_options();

// "-9" and "-KILL" of kill become "--signal=9" and "--signal=KILL".
std::vector<std::string> spell_out_signals(std::vector<std::string> words);

// One function for each command, in the file of its name.
Result<int> run_checkpoint(Invocation& invocation);
Result<int> run_console(Invocation& invocation);
Result<int> run_create(Invocation& invocation);
Result<int> run_delete(Invocation& invocation);
Result<int> run_diff(Invocation& invocation);
Result<int> run_doctor(Invocation& invocation);
Result<int> run_events(Invocation& invocation);
Result<int> run_exec(Invocation& invocation);
Result<int> run_features(Invocation& invocation);
Result<int> run_gc(Invocation& invocation);
Result<int> run_inspect(Invocation& invocation);
Result<int> run_kill(Invocation& invocation);
Result<int> run_list(Invocation& invocation);
Result<int> run_logs(Invocation& invocation);
Result<int> run_mounts(Invocation& invocation);
Result<int> run_pause(Invocation& invocation);
Result<int> run_plan(Invocation& invocation);
Result<int> run_ps(Invocation& invocation);
Result<int> run_restore(Invocation& invocation);
Result<int> run_resume(Invocation& invocation);
Result<int> run_run(Invocation& invocation);
Result<int> run_spec(Invocation& invocation);
Result<int> run_start(Invocation& invocation);
Result<int> run_state(Invocation& invocation);
Result<int> run_stats(Invocation& invocation);
Result<int> run_stop(Invocation& invocation);
Result<int> run_update(Invocation& invocation);
Result<int> run_validate(Invocation& invocation);
Result<int> run_wait(Invocation& invocation);

}  // namespace sampan
