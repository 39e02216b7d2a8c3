#include "spec/fields.h"

namespace sampan::spec {

std::string_view word_text(const Words& words, int value) {
    for (const Word& word : words.words) {
        if (word.value == value) return word.text;
    }
    return {};
}

std::optional<int> word_value(const Words& words, std::string_view text) {
    for (const Word& word : words.words) {
        if (text == word.text) return word.value;
    }
    return std::nullopt;
}

IntegerRange range_of(const Type& type, const Check* check) {
    if (check != nullptr && check->has_range) return {check->low, check->high};
    const unsigned bits = type.size * 8U;
    if (!type.is_signed) return {0, std::numeric_limits<uint64_t>::max() >> (64 - bits)};
    const uint64_t high = (uint64_t{1} << (bits - 1)) - 1;
    return {-static_cast<int64_t>(high) - 1, high};
}

}  // namespace sampan::spec
