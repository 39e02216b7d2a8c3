// What went wrong, kept as parts: only cli/report turns an Error into text for a person.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error_kind.h"

namespace sampan {

// One problem of a file that is being read: where (a JSON pointer) and what.
struct Problem {
    std::string pointer;
    std::string what;
    std::string hint;
    // In bytes from the start of the file's text. Without one, the pointer's value is meant.
    std::optional<size_t> offset;
    bool operator==(const Problem&) const = default;
};

// One pointer, since a Result holds one and most calls succeed: what an error consists of lies
// behind it, and all that makes or changes one is compiled once, in error.cc. An Error that was
// moved from can only be assigned to or destroyed.
class Error {
  public:
    // `what` is a sentence part: what was tried, on what, and (when no errno says it) why it
    // failed. `code`: the errno of a failed system call, which becomes the reason; 0: none.
    explicit Error(std::string_view what, int code = 0);
    Error(ErrorKind kind, std::string_view what);
    Error(const Error& other);
    Error& operator=(const Error& other);
    Error(Error&&) noexcept = default;
    Error& operator=(Error&&) noexcept = default;
    ~Error() = default;

    Error& set_kind(ErrorKind kind);
    // Adds what the caller was doing; contexts are shown outermost first.
    Error& add_context(std::string_view context);
    // The place in config.json (a JSON pointer), unless a nearer one is already known.
    Error& set_pointer(std::string_view pointer);
    Error& set_hint(std::string_view hint);
    // A file's problems, all of them at once; `file` is the path that is shown with line and
    // column, `text` what was read from it, from which they are found.
    Error& set_problems(std::string file, std::vector<Problem> problems, std::string text = {});

    [[nodiscard]] ErrorKind kind() const;
    // errno of the system call that failed; 0 where none did.
    [[nodiscard]] int code() const;
    [[nodiscard]] const std::string& pointer() const;
    [[nodiscard]] const std::string& hint() const;
    [[nodiscard]] const std::string& file() const;
    [[nodiscard]] const std::vector<Problem>& problems() const;
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

}  // namespace sampan
