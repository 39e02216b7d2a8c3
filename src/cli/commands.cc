#include <cstdint>

#include "cli/command.h"
#include "cli/line.h"
#include "cli/option_tables.h"

namespace sampan {

namespace {

bool always(const Parsed&) {
    return true;
}

constexpr Command command_table[] = {
    {"create", "ID|BUNDLE", "make a container that waits for its start", create_options, 1, 1,
     run_create},
    {"start", "ID|BUNDLE", "execute the program of a created container", start_options, 1, 1,
     run_start},
    {"run", "ID|BUNDLE|-t [PROGRAM [ARGUMENT...]]", "create, start, wait, delete", run_options, 0,
     SIZE_MAX, run_run, program_follows_in_a_line},
    {"state", "ID|BUNDLE", "show the state of a container", help_only, 1, 1, run_state},
    {"kill", "ID|BUNDLE [SIGNAL]", "send a signal (default TERM) to a container", kill_options, 1,
     2, run_kill, nullptr, 1, spell_out_signals},
    {"stop", "ID|BUNDLE...", "ask containers to end, and kill those that do not", stop_options, 1,
     SIZE_MAX, run_stop},
    {"wait", "ID|BUNDLE", "wait until a container has ended; exit with its exit code", help_only, 1,
     1, run_wait, nullptr, 255},
    {"stats", "[ID|BUNDLE...]", "show what containers use, again and again on a terminal",
     stats_options, 0, SIZE_MAX, run_stats},
    {"events", "ID|BUNDLE", "tell what a container uses, and when it runs out of memory, as JSON",
     events_options, 1, 1, run_events},
    {"logs", "--hooks ID|BUNDLE", "show what the hooks of a container have printed", logs_options,
     1, 1, run_logs},
    {"console", "SOCKET", "show the terminal that create sends to a socket", help_only, 1, 1,
     run_console},
    {"pause", "ID|BUNDLE", "freeze all processes of a container", help_only, 1, 1, run_pause},
    {"resume", "ID|BUNDLE", "let a paused container go on", help_only, 1, 1, run_resume},
    {"checkpoint", "ID|BUNDLE", "write the processes of a container to files, by CRIU",
     checkpoint_options, 1, 1, run_checkpoint},
    {"restore", "ID|BUNDLE", "make a container of a bundle and of a checkpoint", restore_options, 1,
     1, run_restore},
    {"update", "ID|BUNDLE", "change the limits of a container", update_options, 1, 1, run_update},
    {"mounts", "add|remove ID|BUNDLE FILE", "add mounts to a container, or remove them", help_only,
     3, 3, run_mounts},
    {"delete", "ID|BUNDLE...", "remove containers that are stopped or created", delete_options, 0,
     SIZE_MAX, run_delete},
    {"gc", "", "remove what is left of commands that were killed", gc_options, 0, 0, run_gc},
    {"exec", "ID|BUNDLE [PROGRAM [ARGUMENT...]]", "run another program in a container",
     exec_options, 1, SIZE_MAX, run_exec, always, 255},
    {"list", "", "list containers", list_options, 0, 0, run_list},
    {"ps", "[ID|BUNDLE [PS OPTIONS]]", "list the processes of a container", ps_options, 0, SIZE_MAX,
     run_ps, always},
    {"inspect", "ID|BUNDLE", "show the settings of a container, as the kernel has them", json_only,
     1, 1, run_inspect},
    {"diff", "ID|BUNDLE", "show where a container differs from its config.json", json_only, 1, 1,
     run_diff, nullptr, 2},
    {"doctor", "", "show what this machine lets this user do, and what mends the rest", json_only,
     0, 0, run_doctor},
    {"plan", "[BUNDLE|-t [PROGRAM [ARGUMENT...]]]",
     "show what create, start and delete would do, and do nothing", plan_options, 0, SIZE_MAX,
     run_plan, program_follows_in_a_line},
    {"validate", "BUNDLE...", "say what is wrong with a bundle, without making a container",
     validate_options, 1, SIZE_MAX, run_validate},
    {"spec", "[PROGRAM [ARGUMENT...]]", "write a config.json to begin with", spec_options, 0,
     SIZE_MAX, run_spec, always},
    {"features", "", "show what is implemented, in the form that the specification defines",
     help_only, 0, 0, run_features},
};

}  // namespace

std::span<const Command> commands() {
    return command_table;
}
std::span<const Option> global_options() {
    return globals_options;
}

}  // namespace sampan
