#include "cli/options.h"

#include <algorithm>

// A comma is part of an argument, and does not separate arguments.
#define CXXOPTS_VECTOR_DELIMITER '\0'
#include <cxxopts.hpp>

#include "base/text.h"

namespace sampan {

namespace {

const Option* find_option(std::span<const Option> options, std::string_view name) {
    for (const Option& option : options)
        if (name == option.name || (name.size() == 1 && name[0] == option.letter)) return &option;
    return nullptr;
}

// "name" of "--name=value", "-name", "-n".
std::string_view name_in(std::string_view word) {
    word.remove_prefix(word.starts_with("--") ? 2 : 1);
    return word.substr(0, word.find('='));
}

bool is_option(std::string_view word) {
    return word.size() > 1 && word[0] == '-' && word != "--";
}

// Go's flag package makes no difference between one dash and two. It does not know groups of
// letters either; with them a misspelt "-bundl" would mean "-b undl".
std::string with_two_dashes(const std::string& word) {
    return word[1] == '-' || name_in(word).size() == 1 ? word : "-" + word;
}

// Changes the words to the form that cxxopts reads.
Status prepare(std::span<const Option> options, std::vector<std::string>& words) {
    for (size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        if (!is_option(words[i])) continue;
        const Option* option = find_option(options, name_in(words[i]));
        words[i] = with_two_dashes(words[i]);
        if (option == nullptr || option->value == nullptr || words[i].contains('=')) continue;
        // The next word is its value, whatever it looks like. The error has Go's words: podman
        // looks for them to learn what an option takes.
        if (++i == words.size())
            return failf(ErrorKind::usage, "flag needs an argument: --{}", option->name);
    }
    return {};
}

void declare(cxxopts::Options& parser, std::span<const Option> options) {
    for (const Option& option : options) {
        std::string names = option.name;
        if (option.letter != 0) names = format("{},{}", option.letter, option.name);
        if (option.value != nullptr) {
            parser.add_options()(names, "", cxxopts::value<std::vector<std::string>>());
        } else {
            parser.add_options()(names, "", cxxopts::value<bool>());
        }
    }
    parser.add_options()("arguments", "", cxxopts::value<std::vector<std::string>>());
    parser.parse_positional({"arguments"});
}

Parsed collect(const cxxopts::ParseResult& result, std::span<const Option> options) {
    Parsed parsed;
    for (const Option& option : options) {
        if (result.count(option.name) == 0) continue;
        if (option.value != nullptr) {
            parsed.values[option.name] = result[option.name].as<std::vector<std::string>>();
        } else if (result[option.name].as<bool>()) {
            parsed.values[option.name] = {"true"};
        }
    }
    if (result.count("arguments") > 0)
        parsed.arguments = result["arguments"].as<std::vector<std::string>>();
    // After "--" everything is an argument.
    for (const std::string& word : result.unmatched())
        parsed.arguments.push_back(word);
    return parsed;
}

}  // namespace

bool Parsed::has(std::string_view name) const {
    return values.contains(name);
}

std::string Parsed::text(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? "" : found->second.back();
}

std::vector<std::string> Parsed::all(std::string_view name) const {
    const auto found = values.find(name);
    return found == values.end() ? std::vector<std::string>() : found->second;
}

Result<Parsed> parse_options(std::span<const Option> options, std::vector<std::string> words) {
    if (std::ranges::none_of(words,
                             [](const std::string& word) { return word.starts_with('-'); })) {
        Parsed parsed;  // no options to read: most commands get only an ID
        parsed.arguments = std::move(words);
        return parsed;
    }
    TRY(prepare(options, words));
    std::vector<const char*> pointers{"sampan"};
    for (const std::string& word : words)
        pointers.push_back(word.c_str());
    try {
        cxxopts::Options parser("sampan");
        declare(parser, options);
        return collect(parser.parse(static_cast<int>(pointers.size()), pointers.data()), options);
    } catch (const cxxopts::exceptions::exception& problem) {
        return failf(ErrorKind::usage, "{}", problem.what());
    }
}

Result<Parsed> parse_leading_options(std::span<const Option> options,
                                     std::vector<std::string> words) {
    const size_t front = leading_options(options, words);
    auto rest = words.begin() + static_cast<ptrdiff_t>(front);
    Parsed parsed = TRY(parse_options(options, {words.begin(), rest}));
    if (rest != words.end() && *rest == "--") ++rest;
    parsed.arguments.insert(parsed.arguments.end(), rest, words.end());
    return parsed;
}

size_t leading_options(std::span<const Option> options, std::span<const std::string> words) {
    size_t count = 0;
    while (count < words.size() && is_option(words[count])) {
        const Option* option = find_option(options, name_in(words[count]));
        const bool value_follows =
            option != nullptr && option->value != nullptr && !words[count].contains('=');
        count += value_follows ? 2 : 1;
    }
    return std::min(count, words.size());
}

std::string describe_options(std::span<const Option> options) {
    std::string text;
    for (const Option& option : options) {
        std::string names = option.letter != 0 ? format("-{}, ", option.letter) : "    ";
        names += format("--{}", option.name);
        if (option.value != nullptr) names += format(" {}", option.value);
        text += format("  {:<32} {}\n", names, option.help);
    }
    return text;
}

}  // namespace sampan
