#include "os/out_of_memory.h"

#include <unistd.h>

#include <exception>
#include <string_view>

namespace sampan {

namespace {

// Only bad_alloc is ever thrown, and nothing can be allocated now.
[[noreturn]] void end_without_memory() {
    constexpr std::string_view text = "sampan: out of memory\n";
    (void)!::write(STDERR_FILENO, text.data(), text.size());
    ::_exit(1);
}

}  // namespace

void tell_uncaught_exceptions() {
    std::set_terminate(end_without_memory);
}

}  // namespace sampan
