#include "spec/suggest.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace sampan {

namespace {

// Known words are shorter; a longer word is not a typing error.
constexpr size_t longest = 64;

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

// How many letters must be inserted, removed, replaced or swapped with a neighbour to make `b` from
// `a`.
size_t distance(std::string_view a, std::string_view b) {
    std::vector<size_t> before(b.size() + 1);
    std::vector<size_t> above(b.size() + 1);
    std::vector<size_t> row(b.size() + 1);
    for (size_t j = 0; j <= b.size(); ++j)
        above[j] = j;
    for (size_t i = 1; i <= a.size(); ++i) {
        row[0] = i;
        for (size_t j = 1; j <= b.size(); ++j) {
            const size_t replaced = above[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            row[j] = std::min({replaced, above[j] + 1, row[j - 1] + 1});
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                row[j] = std::min(row[j], before[j - 2] + 1);
            }
        }
        before.swap(above);
        above.swap(row);
    }
    return above[b.size()];
}

// How distant a word may be to be meant: a third of its letters, or one of three. Of two letters,
// one is half of the word. One letter may be in capitals, but is not another one.
size_t most_distant(std::string_view a, std::string_view b) {
    const size_t least = std::max(a.size(), b.size()) >= 3 ? 1 : 0;
    return std::max<size_t>(least, std::min<size_t>(3, std::min(a.size(), b.size()) / 3));
}

// A word of which only the end is wrong ("nett" for "network"), if it begins only one known word.
std::optional<std::string_view> only_beginning(const std::string& word,
                                               std::span<const std::string_view> known) {
    constexpr size_t least = 4;
    if (word.size() < least) return std::nullopt;
    const std::string_view begin = std::string_view(word).substr(0, word.size() - 1);
    std::optional<std::string_view> found;
    for (const std::string_view candidate : known) {
        if (!lower(candidate).starts_with(begin)) continue;
        if (found) return std::nullopt;
        found = candidate;
    }
    return found;
}

}  // namespace

std::optional<std::string_view> suggest(std::string_view typed,
                                        std::span<const std::string_view> known) {
    if (typed.empty() || typed.size() > longest) return std::nullopt;
    const std::string word = lower(typed);
    size_t best = longest;
    std::optional<std::string_view> found;
    for (const std::string_view candidate : known) {
        const std::string other = lower(candidate);
        const bool part = word.size() >= 3 && (other.starts_with(word) || other.ends_with(word));
        const size_t length = part ? 1 : distance(word, other);
        if (length <= most_distant(word, other) && length < best) {
            best = length;
            found = candidate;
        }
    }
    return found ? found : only_beginning(word, known);
}

std::string did_you_mean(std::string_view typed, std::span<const std::string_view> known) {
    const std::optional<std::string_view> near = suggest(typed, known);
    return near ? format("did you mean \"{}\"?", *near) : std::string();
}

}  // namespace sampan
