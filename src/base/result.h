// Result<T>: a value or an Error. TRY passes an error on to the caller.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <utility>

#include "base/error.h"

namespace sampan {

template <class T = void>
class [[nodiscard]] Result : public std::expected<T, Error> {
  public:
    using std::expected<T, Error>::expected;

    // Adds the caller's context to an error; a value passes unchanged. `context` is evaluated even
    // if there is no error, so pass a literal where speed matters.
    Result in(std::string_view context) && {
        if (!*this) this->error().add_context(context);
        return std::move(*this);
    }
    // Sets the place in config.json, unless the error already has one.
    Result at(std::string_view pointer) && {
        if (!*this) this->error().set_pointer(pointer);
        return std::move(*this);
    }
    // A member of the object at `pointer`, if it has a place: "/source".
    Result at(std::string_view pointer, std::string_view member) && {
        if (!*this && !pointer.empty())
            this->error().set_pointer(std::string(pointer).append(member));
        return std::move(*this);
    }
};

using Status = Result<void>;

// What a function returns that fails, whatever its Result: `return
// fail("...").at(pointer).hint(text);`
class [[nodiscard]] Failure : public std::unexpected<Error> {
  public:
    explicit Failure(Error error);
    // As in Result.
    Failure in(std::string_view context) &&;
    Failure at(std::string_view pointer) &&;
    // Sets how the failure can be mended.
    Failure hint(std::string_view text) &&;
};

// The one way to fail. After a system call, give the errno as reason; it must be read before
// anything can change it. Otherwise the text says why. text.h has both with formatting.
Failure fail(std::string_view what, int code = 0);
Failure fail(ErrorKind kind, std::string_view what);
// What config.json asks for at this place breaks a rule, or is not possible here.
Failure fail_at(std::string_view pointer, std::string_view what, std::string_view hint = {});

}  // namespace sampan

// The value of a Result; if it is an Error, returns it to the caller. It is a GNU statement
// expression, because no standard construct can leave a function from inside an expression. It is
// variadic because template arguments contain commas. Each use has a name of its own, because uses
// nest.
#define TRY_JOIN(a, b) a##b
#define TRY_NAMED(name, ...)                                 \
    __extension__({                                          \
        auto&& name = (__VA_ARGS__);                         \
        if (!name) [[unlikely]]                              \
            return std::unexpected(std::move(name).error()); \
        std::move(name).value();                             \
    })
#define TRY_UNIQUE(number, ...) TRY_NAMED(TRY_JOIN(try_result_, number), __VA_ARGS__)
#define TRY(...) TRY_UNIQUE(__COUNTER__, __VA_ARGS__)
