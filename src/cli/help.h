// The texts of --help.
#pragma once

#include <string>

#include "cli/command.h"

namespace sampan {

// All commands and the global options.
[[nodiscard]] std::string describe_program();
// "usage: sampan kill [options] ID|BUNDLE [SIGNAL]"
[[nodiscard]] std::string usage_of(const Command& command);
// The usage and the options of a command.
[[nodiscard]] std::string describe_command(const Command& command);
// describe_program(), and describe_command() for each command.
[[nodiscard]] std::string describe_all();

}  // namespace sampan
