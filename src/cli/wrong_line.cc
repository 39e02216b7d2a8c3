#include "cli/wrong_line.h"

#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "cli/help.h"
#include "cli/other_words.h"
#include "container/id.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

const Command* command_of(std::string_view name) {
    const OtherWord* other = find_other_word(name);
    if (other != nullptr && !other->command.empty()) name = other->command;
    for (const Command& command : commands())
        if (name == command.name) return &command;
    return nullptr;
}

bool is_bundle(const std::string& folder) {
    return ::access((folder + "/config.json").c_str(), F_OK) == 0;
}

// "–q" and "—quiet": a text processor has made one dash of the hyphens.
std::string guess_hyphens(std::string_view word) {
    for (const std::string_view dash : {"\xe2\x80\x93", "\xe2\x80\x94"}) {
        if (!word.starts_with(dash)) continue;
        const std::string_view name = word.substr(dash.size());
        return format("did you mean {}{}? Options begin with hyphens, not with a dash",
                      name.size() == 1 ? "-" : "--", name);
    }
    return "";
}

std::string guess_command(std::span<const std::string> words) {
    const std::string& name = words[0];
    if (std::string guess = guess_hyphens(name); !guess.empty()) return guess;
    if (names_bundle(name)) return format("did you mean \"sampan run {}\"?", name);
    if (words.size() > 1 && command_of(words[1]) != nullptr)
        return format("the command stands first: sampan {} {}", words[1], name);
    if (const OtherWord* other = find_other_word(name)) return std::string(other->advice);
    if (is_bundle(name)) return format("did you mean \"sampan run ./{}\"?", name);
    std::vector<std::string_view> names{"help", "version"};
    for (const Command& command : commands())
        names.emplace_back(command.name);
    return did_you_mean(name, names);
}

std::string two_lines(std::string_view first, std::string_view second) {
    return format("{}{}{}", first, first.empty() ? "" : "\n", second);
}

// The word as an example: "--bundle DIR".
std::string with_value(std::span<const Option> options, std::string_view word) {
    const Option* last = options_in(options, word).back();
    return last->value == nullptr ? std::string(word) : format("{} {}", word, last->value);
}

std::vector<const Command*> commands_with(std::string_view word) {
    std::vector<const Command*> found;
    for (const Command& command : commands())
        if (!options_in(command.options, word).empty()) found.push_back(&command);
    return found;
}

std::string name_some(const std::vector<const Command*>& all) {
    constexpr size_t most = 3;
    std::vector<std::string> names;
    for (const Command* command : all)
        if (names.size() < most) names.emplace_back(command->name);
    return join(names, ", ") + (all.size() > most ? " and others" : "");
}

// An option of another place.
std::string guess_place(const Command* command, std::string_view word) {
    if (command != nullptr && !options_in(global_options(), word).empty())
        return format("{} stands before the command: sampan {} {}", word,
                      with_value(global_options(), word), command->name);
    const std::vector<const Command*> owners = commands_with(word);
    if (owners.empty()) return "";
    const std::string names = name_some(owners);
    if (command != nullptr) return format("{} is an option of {}", word, names);
    const Command& first = *owners[0];
    return format("{} stands after the command ({}): sampan {} {} {}", word, names, first.name,
                  with_value(first.options, word), first.arguments);
}

// A misspelt name, or a letter in the other case.
std::string guess_name(std::span<const Option> options, std::string_view name) {
    std::vector<std::string_view> names;
    for (const Option& option : options) {
        names.emplace_back(option.name);
        const bool other_case =
            option.letter != 0 && name.size() == 1 && (name[0] ^ option.letter) == ('a' ^ 'A');
        if (other_case) return format("did you mean \"-{}\"?", option.letter);
    }
    const std::optional<std::string_view> near = suggest(name, names);
    return near ? format("did you mean \"--{}\"?", *near) : "";
}

// "-u0" for "-u 0", and "-itx", of which one letter is unknown.
std::string guess_letters(std::span<const Option> options, std::string_view word) {
    if (word.starts_with("--") || word.size() < 3) return "";
    const std::vector<const Option*> first = options_in(options, word.substr(0, 2));
    if (!first.empty() && first[0]->value != nullptr)
        return format("did you mean \"{} {}\"?", word.substr(0, 2), word.substr(2));
    for (size_t i = 1; i < word.size() && !first.empty(); ++i) {
        const std::string letter = format("-{}", word[i]);
        if (options_in(options, letter).empty()) return format("there is no {}", letter);
    }
    return "";
}

std::string guess_option(const Command* command, std::string_view word) {
    const std::span<const Option> options =
        command == nullptr ? global_options() : command->options;
    const std::string_view name = word.substr(word.starts_with("--") ? 2 : 1);
    const bool is_run = command != nullptr && command->run == run_run;
    if (is_run && !advice_for_option(word).empty()) return std::string(advice_for_option(word));
    for (std::string guess :
         {guess_place(command, word), guess_name(options, name), guess_letters(options, word)})
        if (!guess.empty()) return guess;
    return "";
}

}  // namespace

std::string where_to_read(const Command* command) {
    return command == nullptr ? "see sampan help" : format("see sampan help {}", command->name);
}

Result<const Command*> find_command(std::span<const std::string> words) {
    if (const Command* command = command_of(words[0])) return command;
    return failf(ErrorKind::usage, "there is no command \"{}\"", words[0])
        .hint(two_lines(guess_command(words), where_to_read(nullptr)));
}

Status check_option_names(const Command* command, std::span<const std::string> words, Which which) {
    const std::span<const Option> options =
        command == nullptr ? global_options() : command->options;
    const size_t count = which == Which::leading ? leading_options(options, words) : words.size();
    const std::string unknown = unknown_option(options, words.first(count));
    if (unknown.empty()) return {};
    return failf(ErrorKind::usage, "unknown option {}{}{}", unknown,
                 command == nullptr ? "" : " for ", command == nullptr ? "" : command->name)
        .hint(two_lines(guess_option(command, unknown), where_to_read(command)));
}

Status check_count(const Command& command, const std::vector<std::string>& arguments) {
    const size_t count = arguments.size();
    const std::string usage = two_lines(usage_of(command), where_to_read(&command));
    if (count > command.most_arguments) {
        const std::string& first = arguments[command.most_arguments];
        return failf(ErrorKind::usage, "{}: \"{}\" is one argument too many", command.name, first)
            .hint(two_lines(guess_hyphens(first), usage));
    }
    if (count >= command.least_arguments) return {};
    const std::string_view wanted(command.arguments);
    const bool can_be_here = wanted.starts_with("ID|BUNDLE") && count == 0 && is_bundle(".");
    return failf(ErrorKind::usage, "{}: an argument is missing", command.name)
        .hint(two_lines(
            can_be_here ? format("the bundle of this folder: sampan {} .", command.name) : "",
            usage));
}

}  // namespace sampan
