// What went wrong, kept as parts: only cli/report turns an Error into text for a person.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sampan {

// One problem of a file that is being read: where (a JSON pointer) and what.
struct Problem {
    std::string pointer;
    std::string what;
    std::string hint;
    // In bytes from the start of the file's text. Without one, the pointer's value is meant.
    std::optional<std::size_t> offset;
    bool operator==(const Problem&) const = default;
};

class Error {
  public:
    // `what` is a sentence part: what was tried, on what, and (when no errno says it) why it
    // failed.
    explicit Error(std::string what) : what_(std::move(what)) {}
    // The same with the errno of a failed system call, which becomes the reason.
    Error(std::string what, int code) : what_(std::move(what)), code_(code) {}

    // Adds what the caller was doing; contexts are shown outermost first.
    Error& add_context(std::string context);
    // The place in config.json (a JSON pointer), unless a nearer one is already known.
    Error& set_pointer(std::string pointer);
    Error& set_hint(std::string hint);
    // A file's problems, all of them at once; `file` is the path that is shown with line and
    // column, `text` what was read from it, from which they are found.
    Error& set_problems(std::string file, std::vector<Problem> problems, std::string text = {});

    // errno of the system call that failed; 0 where none did.
    [[nodiscard]] int code() const { return code_; }
    [[nodiscard]] const std::string& pointer() const { return pointer_; }
    [[nodiscard]] const std::string& hint() const { return hint_; }
    [[nodiscard]] const std::string& file() const { return file_; }
    [[nodiscard]] const std::vector<Problem>& problems() const { return problems_; }
    [[nodiscard]] const std::string& text() const { return text_; }
    // "context: context: what: reason", on one line.
    [[nodiscard]] std::string message() const;

  private:
    std::string what_;
    int code_ = 0;
    std::vector<std::string> contexts_;  // innermost first
    std::string pointer_;
    std::string hint_;
    std::string file_;
    std::vector<Problem> problems_;
    std::string text_;
};

// The kernel's sentence for an errno: no locale, no allocation.
std::string_view errno_text(int code);

}  // namespace sampan
