// Words that people type out of habit, because other programs have them.
#pragma once

#include <string_view>

namespace sampan {

struct OtherWord {
    std::string_view word;
    std::string_view command;  // our command that does the same; "" if there is none
    std::string_view advice;   // what to do instead, if there is none
};

// Null if it is not known.
[[nodiscard]] const OtherWord* find_other_word(std::string_view word);

// For an option of other programs that we have not, with its hyphens: what to write instead. ""
// if it is not known.
[[nodiscard]] std::string_view advice_for_option(std::string_view word);

}  // namespace sampan
