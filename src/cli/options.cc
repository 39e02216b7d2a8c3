#include "cli/options.h"

#include <algorithm>

// Everything that cxxopts includes: if it did so below, these headers would be read with our `std`.
#include <cctype>
#include <cstring>
#include <exception>
#include <functional>
#include <initializer_list>
#include <limits>
#include <list>
#include <locale>
#include <map>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

// cxxopts asks std::locale which characters are letters. With std::locale, all facets of all
// locales would come into a static program: 600 KB. So cxxopts gets a `std` that is the real one,
// except for a locale that only knows ASCII. It must not parse vectors either, because it does so
// by a stringstream.
// NOLINTBEGIN(readability-identifier-naming): the names of the standard library
namespace sampan::plain {
using namespace ::std;
struct locale {
    static locale classic() { return {}; }
};
inline bool isalnum(char letter, locale) {
    return ::isalnum(static_cast<unsigned char>(letter)) != 0;
}
}  // namespace sampan::plain
#define std sampan::plain
#include <cxxopts.hpp>
#undef std
// NOLINTEND(readability-identifier-naming)

#include "base/text.h"
#include "spec/suggest.h"

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

// None if one of them is unknown, or any but the last takes a value.
std::vector<const Option*> letters_in(std::span<const Option> options, std::string_view word) {
    if (word.starts_with("--") || word.contains('=')) return {};
    std::vector<const Option*> group;
    for (size_t i = 1; i < word.size(); ++i) {
        const Option* option = find_option(options, word.substr(i, 1));
        const bool is_last = i + 1 == word.size();
        if (option == nullptr || (option->value != nullptr && !is_last)) return {};
        group.push_back(option);
    }
    return group;
}

bool takes_next_word(const std::vector<const Option*>& named, std::string_view word) {
    return !named.empty() && named.back()->value != nullptr && !word.contains('=');
}

// The words with each option as "--name" or "--name=value": the form in which cxxopts takes every
// value as it is.
Result<std::vector<std::string>> spell_out(std::span<const Option> options,
                                           std::span<const std::string> words) {
    std::vector<std::string> spelled;
    size_t i = 0;
    for (; i < words.size() && words[i] != "--"; ++i) {
        const std::string& word = words[i];
        if (!is_option(word)) {
            spelled.push_back(word);
            continue;
        }
        const std::vector<const Option*> named = options_in(options, word);
        if (named.empty()) return failf(ErrorKind::usage, "unknown option {}", word);
        for (const Option* option : named)
            spelled.push_back(format("--{}", option->name));
        if (word.contains('=')) spelled.back() += word.substr(word.find('='));
        if (!takes_next_word(named, word)) continue;
        // The next word is its value, whatever it looks like. The error has Go's words: podman
        // looks for them to learn what an option takes.
        if (++i == words.size())
            return failf(ErrorKind::usage, "flag needs an argument: --{}", named.back()->name);
        spelled.back() += "=" + words[i];
    }
    spelled.insert(spelled.end(), words.begin() + static_cast<ptrdiff_t>(i), words.end());
    return spelled;
}

void declare(cxxopts::Options& parser, std::span<const Option> options) {
    for (const Option& option : options) {
        const auto value = cxxopts::value<std::string>();
        if (option.value == nullptr) value->implicit_value("true");
        parser.add_options()(option.name, "", value);
    }
}

// As Go reads it.
std::optional<bool> parse_switch(std::string_view text) {
    for (const char* on : {"true", "True", "TRUE", "t", "T", "1"})
        if (text == on) return true;
    for (const char* off : {"false", "False", "FALSE", "f", "F", "0"})
        if (text == off) return false;
    return std::nullopt;
}

Result<Parsed> collect(const cxxopts::ParseResult& result, std::span<const Option> options) {
    Parsed parsed;
    for (const auto& given : result.arguments()) {
        const Option* option = find_option(options, given.key());
        if (option != nullptr && option->value != nullptr) {
            parsed.values[option->name].push_back(given.value());
            continue;
        }
        const std::optional<bool> on = parse_switch(given.value());
        if (!on)
            return failf(ErrorKind::usage, "--{} is true or false, not \"{}\"", given.key(),
                         given.value());
        if (*on)
            parsed.values[given.key()] = {"true"};
        else
            parsed.values.erase(given.key());
    }
    // All that is no option, and everything after "--".
    parsed.arguments = result.unmatched();
    return parsed;
}

}  // namespace

// unknown.
std::vector<const Option*> options_in(std::span<const Option> options, std::string_view word) {
    const std::vector<const Option*> letters = letters_in(options, word);
    const bool are_switches = !letters.empty() && letters.back()->value == nullptr;
    const Option* named = find_option(options, name_in(word));
    if (named == nullptr || (named->value != nullptr && are_switches)) return letters;
    return {named};
}

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
    const std::vector<std::string> spelled = TRY(spell_out(options, words));
    std::vector<const char*> pointers{"sampan"};
    for (const std::string& word : spelled)
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

std::string unknown_option(std::span<const Option> options, std::span<const std::string> words) {
    for (size_t i = 0; i < words.size() && words[i] != "--"; ++i) {
        if (!is_option(words[i])) continue;
        const std::vector<const Option*> named = options_in(options, words[i]);
        if (named.empty()) return words[i].substr(0, words[i].find('='));
        if (takes_next_word(named, words[i])) ++i;
    }
    return "";
}

Result<std::string> choice(const Parsed& parsed,
                           std::string_view name,
                           std::span<const std::string_view> words) {
    std::string given = parsed.text(name);
    if (given.empty()) return std::string(words[0]);
    if (std::ranges::find(words, given) != words.end()) return given;
    std::string list;
    for (size_t i = 0; i < words.size(); ++i)
        list += format("{}{}", i == 0 ? "" : i + 1 == words.size() ? " or " : ", ", words[i]);
    return failf(ErrorKind::usage, "--{} is {}, not \"{}\"", name, list, given)
        .hint(did_you_mean(given, words));
}

size_t leading_options(std::span<const Option> options, std::span<const std::string> words) {
    size_t count = 0;
    while (count < words.size() && is_option(words[count])) {
        count += takes_next_word(options_in(options, words[count]), words[count]) ? 2 : 1;
    }
    return std::min(count, words.size());
}

std::string describe_options(std::span<const Option> options) {
    std::string text;
    for (const Option& option : options) {
        std::string names = option.letter != 0 ? format("-{}, ", option.letter) : "    ";
        names += format("--{}", option.name);
        if (option.value != nullptr) names += format(" {}", option.value);
        // A longer one has a line of its own.
        constexpr size_t column = 32;
        text +=
            format("  {:<{}}{} {}\n", names, column,
                   names.size() > column ? "\n" + std::string(column + 2, ' ') : "", option.help);
    }
    return text;
}

}  // namespace sampan
