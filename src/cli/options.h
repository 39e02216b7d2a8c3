// Options of the command line, as a table. They are read with cxxopts, whose types and exceptions
// stay in options.cc.
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
    // True for a switch that is on, and for an option that was given.
    [[nodiscard]] bool has(std::string_view name) const;
    // The last value that was given; "" if there is none.
    [[nodiscard]] std::string text(std::string_view name) const;
    // All values that were given, in order.
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
    // All arguments that are not options, in order.
    std::vector<std::string> arguments;
    std::map<std::string, std::vector<std::string>, std::less<>> values;
};

// Accepts "--x=value" and "--x value", and "--x=false" for a switch. A word with one dash is first
// of all the name of a long option (containerd sends "-no-subreaper"), and else a group of letters
// ("-it"): all of them must be options, and only the last may take a value, which is the next word.
// So a misspelt "-bundl" never means "-b undl". But a group of switches comes before a long option
// with a value, to which it would lose the next word: "-id" is "-i -d", and not "--id". An unknown
// option and a missing value are errors.
Result<Parsed> parse_options(std::span<const Option> options, std::vector<std::string> words);

// The same for a command whose first argument ends the options: what follows it belongs to a
// program, and is left as it is.
Result<Parsed> parse_leading_options(std::span<const Option> options,
                                     std::vector<std::string> words);

// The options that a word with a dash names: one, or those of a group of letters. None if it, or
// any letter, is unknown.
std::vector<const Option*> options_in(std::span<const Option> options, std::string_view word);

// The first option among `words` that is unknown, without its value; "" if there is none.
std::string unknown_option(std::span<const Option> options, std::span<const std::string> words);

// The value of an option that takes one of these words: the first one if it was not given or is
// empty, and an error if it is none of them.
Result<std::string> choice(const Parsed& parsed,
                           std::string_view name,
                           std::span<const std::string_view> words);

// How many words at the front of `words` are options and their values; the name of the command
// follows.
size_t leading_options(std::span<const Option> options, std::span<const std::string> words);

// A line for each option, for --help.
std::string describe_options(std::span<const Option> options);

}  // namespace sampan
