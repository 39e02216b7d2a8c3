#include "base/error.h"

#include <cerrno>
#include <cstring>
#include <ranges>

#include "base/result.h"

namespace sampan {

struct Error::Parts {
    std::string what;
    int code = 0;
    ErrorKind kind = ErrorKind::failed;
    std::vector<std::string> contexts;  // innermost first
    std::string pointer;
    std::string hint;
    std::string step;
    std::string file;
    std::vector<Problem> problems;
    std::vector<Problem> warnings;
    std::string text;
};

void Error::Delete::operator()(Parts* parts) const noexcept {
    delete parts;
}

namespace {

// Some errnos have a kind of their own.
ErrorKind kind_of_errno(int code) {
    switch (code) {
        case EPIPE:
        case ECONNRESET:
            return ErrorKind::hung_up;
        case ENOMEM:
            return ErrorKind::out_of_memory;
        case ETIMEDOUT:
            return ErrorKind::timed_out;
        default:
            return ErrorKind::failed;
    }
}

}  // namespace

Error::Error(std::string_view what, int code)
    : parts_(new Parts{.what = std::string(what), .code = code, .kind = kind_of_errno(code)}) {}

Error::Error(ErrorKind kind, std::string_view what)
    : parts_(new Parts{.what = std::string(what), .kind = kind}) {}

Error::Error(const Error& other) : parts_(new Parts(*other.parts_)) {}

Error& Error::operator=(const Error& other) {
    return *this = Error(other);
}

Error& Error::set_kind(ErrorKind kind) {
    parts_->kind = kind;
    return *this;
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

Error& Error::replace_hint(std::string_view hint) {
    parts_->hint = hint;
    return *this;
}

Error& Error::set_step(std::string_view step) {
    if (parts_->step.empty()) parts_->step = step;
    return *this;
}

Error& Error::set_problems(std::string file, std::vector<Problem> problems, std::string text) {
    parts_->file = std::move(file);
    parts_->problems = std::move(problems);
    parts_->text = std::move(text);
    return *this;
}

Error& Error::set_warnings(std::vector<Problem> warnings) {
    parts_->warnings = std::move(warnings);
    return *this;
}

ErrorKind Error::kind() const {
    return parts_->kind;
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
const std::string& Error::step() const {
    return parts_->step;
}
const std::string& Error::file() const {
    return parts_->file;
}
const std::vector<Problem>& Error::problems() const {
    return parts_->problems;
}
const std::vector<Problem>& Error::warnings() const {
    return parts_->warnings;
}
const std::string& Error::text() const {
    return parts_->text;
}

std::string Error::what() const {
    std::string text;
    for (const std::string& context : std::views::reverse(parts_->contexts))
        text += context + ": ";
    return text + parts_->what;
}

std::string Error::message() const {
    std::string text = what();
    if (parts_->code != 0) {
        text += ": ";
        text += errno_text(parts_->code);
    }
    return text;
}

Failure::Failure(Error error) : std::unexpected<Error>(std::move(error)) {}

Failure Failure::in(std::string_view context) && {
    error().add_context(context);
    return std::move(*this);
}

Failure Failure::at(std::string_view pointer) && {
    error().set_pointer(pointer);
    return std::move(*this);
}

Failure Failure::hint(std::string_view text) && {
    error().set_hint(text);
    return std::move(*this);
}

Failure fail(std::string_view what, int code) {
    return Failure(Error(what, code));
}

Failure fail(ErrorKind kind, std::string_view what) {
    return Failure(Error(kind, what));
}

Failure fail_at(std::string_view pointer, std::string_view what, std::string_view hint) {
    return fail(ErrorKind::config, what).at(pointer).hint(hint);
}

std::string_view errno_text(int code) {
    const char* text = strerrordesc_np(code);
    return text != nullptr ? text : "unknown error";
}

}  // namespace sampan
