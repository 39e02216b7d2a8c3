#include "base/error.h"

#include <cstring>
#include <ranges>

#include "base/result.h"

namespace sampan {

struct Error::Parts {
    std::string what;
    int code = 0;
    std::vector<std::string> contexts;  // innermost first
    std::string pointer;
    std::string hint;
    std::string file;
    std::vector<Problem> problems;
    std::string text;
};

void Error::Delete::operator()(Parts* parts) const noexcept {
    delete parts;
}

Error::Error(std::string_view what, int code)
    : parts_(new Parts{.what = std::string(what), .code = code}) {}

Error::Error(const Error& other) : parts_(new Parts(*other.parts_)) {}

Error& Error::operator=(const Error& other) {
    return *this = Error(other);
}

Error& Error::add_context(std::string_view context) {
    parts_->contexts.emplace_back(context);
    return *this;
}

Error& Error::set_pointer(std::string_view pointer) {
    if (parts_->pointer.empty()) parts_->pointer = pointer;
    return *this;
}

Error& Error::set_hint(std::string_view hint) {
    if (parts_->hint.empty()) parts_->hint = hint;
    return *this;
}

Error& Error::set_problems(std::string file, std::vector<Problem> problems, std::string text) {
    parts_->file = std::move(file);
    parts_->problems = std::move(problems);
    parts_->text = std::move(text);
    return *this;
}

int Error::code() const {
    return parts_->code;
}
const std::string& Error::pointer() const {
    return parts_->pointer;
}
const std::string& Error::hint() const {
    return parts_->hint;
}
const std::string& Error::file() const {
    return parts_->file;
}
const std::vector<Problem>& Error::problems() const {
    return parts_->problems;
}
const std::string& Error::text() const {
    return parts_->text;
}

std::string Error::message() const {
    std::string text;
    for (const std::string& context : std::views::reverse(parts_->contexts))
        text += context + ": ";
    text += parts_->what;
    if (parts_->code != 0) {
        text += ": ";
        text += errno_text(parts_->code);
    }
    return text;
}

std::unexpected<Error> fail(std::string_view what, int code) {
    return std::unexpected(Error(what, code));
}

std::string_view errno_text(int code) {
    const char* text = strerrordesc_np(code);
    return text != nullptr ? text : "unknown error";
}

}  // namespace sampan
