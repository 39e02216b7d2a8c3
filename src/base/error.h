// What went wrong, in its parts: only cli/report turns an Error into text for people.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error_kind.h"

namespace sampan {

// One problem of a file: where (a JSON pointer) and what.
struct Problem {
    std::string pointer;
    std::string what;
    std::string hint;
    // In bytes from the start of the file's text. If it is absent, the place is the pointer's
    // value.
    std::optional<size_t> offset;
    bool operator==(const Problem&) const = default;
};

// Holds only one pointer, because every Result contains an Error and most calls succeed. The parts
// of the error are behind it, and the functions that make and change them are compiled once, in
// error.cc. An Error that was moved from can only be assigned to or destroyed.
class Error {
  public:
    // `what` is a part of a sentence: what was tried, on what, and (if no errno says it) why it
    // failed. `code` is the errno of the failed system call, which becomes the reason; 0 if there
    // is none.
    explicit Error(std::string_view what, int code = 0);
    Error(ErrorKind kind, std::string_view what);
    Error(const Error& other);
    Error& operator=(const Error& other);
    Error(Error&&) noexcept = default;
    Error& operator=(Error&&) noexcept = default;
    ~Error() = default;

    Error& set_kind(ErrorKind kind);
    // Adds what the caller was doing. The outermost context is shown first.
    Error& add_context(std::string_view context);
    // Sets the place in config.json (a JSON pointer), unless a more exact one is already set.
    Error& set_pointer(std::string_view pointer);
    // Sets the hint, unless there is one already: who fails first knows most.
    Error& set_hint(std::string_view hint);
    // Sets the step of the plan that failed, in the words of `plan`, unless an inner one is set.
    Error& set_step(std::string_view step);
    // For a caller that knows more than the one that failed.
    Error& replace_hint(std::string_view hint);
    // Sets all problems of a file at once. `file` is the path that is shown; lines and columns are
    // found in `text`, the content of the file.
    Error& set_problems(std::string file, std::vector<Problem> problems, std::string text = {});
    // What was noticed in the same file besides, and is no reason for the error.
    Error& set_warnings(std::vector<Problem> warnings);

    [[nodiscard]] ErrorKind kind() const;
    // errno of the failed system call; 0 if there is none.
    [[nodiscard]] int code() const;
    [[nodiscard]] const std::string& pointer() const;
    [[nodiscard]] const std::string& hint() const;
    [[nodiscard]] const std::string& step() const;
    [[nodiscard]] const std::string& file() const;
    [[nodiscard]] const std::vector<Problem>& problems() const;
    [[nodiscard]] const std::vector<Problem>& warnings() const;
    [[nodiscard]] const std::string& text() const;
    // "context: context: what", on one line.
    [[nodiscard]] std::string what() const;
    // The same with the reason: "context: context: what: reason".
    [[nodiscard]] std::string message() const;

  private:
    struct Parts;
    struct Delete {
        void operator()(Parts* parts) const noexcept;
    };
    std::unique_ptr<Parts, Delete> parts_;
};

// The kernel's sentence for an errno: no locale, no allocation.
std::string_view errno_text(int code);

// What an operation reports besides its result, which it does not change. All warnings about a file
// are one Error with its problems.
using Warnings = std::vector<Error>;

}  // namespace sampan
