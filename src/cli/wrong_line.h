// A command line that cannot be understood: what is wrong with it, and what was probably meant.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command.h"

namespace sampan {

// The command that words[0] names, or means: ls is list. The other words are only looked at for a
// better error.
Result<const Command*> find_command(std::span<const std::string> words);

// An error for the first word that is an option and not one of the command's; of the global ones if
// `command` is null. What follows the leading options may be a program, with options of its own.
enum class Which { leading, all };
Status check_option_names(const Command* command, std::span<const std::string> words, Which which);

// An error if the command takes fewer or more arguments.
Status check_count(const Command& command, const std::vector<std::string>& arguments);

// "see sampan help kill"
std::string where_to_read(const Command* command);

}  // namespace sampan
