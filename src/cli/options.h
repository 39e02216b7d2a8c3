// Options of the command line as a table, read with cxxopts, whose types and exceptions end in
// options.cc.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

struct Option {
    const char* name;   // "bundle"
    char letter;        // 'b', or 0
    const char* value;  // what the value is called in help texts, "DIR"; null: a switch
    const char* help;
};

class Parsed {
  public:
    // A switch that is on, or an option that was given.
    [[nodiscard]] bool has(std::string_view name) const;
    // The last value given; "" when there is none.
    [[nodiscard]] std::string text(std::string_view name) const;
    // All values given, in order.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
    // All arguments that are no options, in order.
    std::vector<std::string> arguments;
    std::map<std::string, std::vector<std::string>, std::less<>> values;
};

// Long options with one dash are accepted too (containerd sends "-no-subreaper"), "--x=value" and
// "--x value", and "--x=false" for a switch. An unknown option, or a missing value, is an error.
Result<Parsed> parse_options(std::span<const Option> options, std::vector<std::string> words);

// The same for a command whose first argument ends the options: what follows it belongs to somebody
// else, and is left as it is.
Result<Parsed> parse_leading_options(std::span<const Option> options,
                                     std::vector<std::string> words);

// How many words at the front of `words` are options with their values: the command's name is next.
size_t leading_options(std::span<const Option> options, std::span<const std::string> words);

// One line an option, for --help.
std::string describe_options(std::span<const Option> options);

}  // namespace sampan
