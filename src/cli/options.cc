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
            parser.add_options()(names, "", cxxopts::value<std::string>());
        } else {
            parser.add_options()(names, "", cxxopts::value<bool>());
        }
    }
}

Parsed collect(const cxxopts::ParseResult& result, std::span<const Option> options) {
    Parsed parsed;
    for (const auto& given : result.arguments()) {
        const Option* option = find_option(options, given.key());
        if (option != nullptr && option->value != nullptr)
            parsed.values[option->name].push_back(given.value());
        else if (result[given.key()].as<bool>())
            parsed.values[given.key()] = {"true"};
    }
    // All that is no option, and everything after "--".
    parsed.arguments = result.unmatched();
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
