#include "base/error.h"

#include <cstring>
#include <ranges>

namespace sampan {

Error& Error::add_context(std::string context) {
    contexts_.push_back(std::move(context));
    return *this;
}

Error& Error::set_pointer(std::string pointer) {
    if (pointer_.empty()) pointer_ = std::move(pointer);
    return *this;
}

Error& Error::set_hint(std::string hint) {
    if (hint_.empty()) hint_ = std::move(hint);
    return *this;
}

Error& Error::set_problems(std::string file, std::vector<Problem> problems, std::string text) {
    file_ = std::move(file);
    problems_ = std::move(problems);
    text_ = std::move(text);
    return *this;
}

std::string Error::message() const {
    std::string text;
    for (const std::string& context : std::views::reverse(contexts_))
        text += context + ": ";
    text += what_;
    if (code_ != 0) {
        text += ": ";
        text += errno_text(code_);
    }
    return text;
}

std::string_view errno_text(int code) {
    const char* text = strerrordesc_np(code);
    return text != nullptr ? text : "unknown error";
}

}  // namespace sampan
