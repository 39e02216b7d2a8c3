// The options of each command.
#pragma once

#include <span>

#include "cli/options.h"

namespace sampan {

extern const std::span<const Option> globals_options;
// Parts of those of run, plan and spec (cli/line.h).
extern const std::span<const Option> change_options;
extern const std::span<const Option> line_options;
extern const std::span<const Option> checkpoint_options;
extern const std::span<const Option> create_options;
extern const std::span<const Option> restore_options;
extern const std::span<const Option> run_options;
extern const std::span<const Option> exec_options;
extern const std::span<const Option> help_only;
extern const std::span<const Option> kill_options;
extern const std::span<const Option> logs_options;
extern const std::span<const Option> events_options;
extern const std::span<const Option> stats_options;
extern const std::span<const Option> stop_options;
extern const std::span<const Option> delete_options;
extern const std::span<const Option> gc_options;
extern const std::span<const Option> json_only;
extern const std::span<const Option> list_options;
extern const std::span<const Option> update_options;
extern const std::span<const Option> ps_options;
extern const std::span<const Option> start_options;
extern const std::span<const Option> plan_options;
extern const std::span<const Option> spec_options;
extern const std::span<const Option> validate_options;

}  // namespace sampan
