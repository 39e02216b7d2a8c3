// When memory is refused (RLIMIT_DATA, RLIMIT_AS, a full cgroup without an OOM killer).
#pragma once

#include <new>
#include <utility>

#include "base/result.h"

namespace sampan {

// What `work` gives; where it ran out of memory, an error, once all that it held is free again. For
// who has something to undo; everybody else lets the exception pass.
template <class Work>
auto or_out_of_memory(Work&& work) -> decltype(std::forward<Work>(work)()) {
    try {
        return std::forward<Work>(work)();
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::out_of_memory, "out of memory");
    }
}

// From now on an exception that nobody catches, as in a child of clone3(2), whose functions are
// noexcept since it must not unwind into what is its parent's to undo, ends the process with exit
// code 1 and a line on standard error.
void tell_uncaught_exceptions();

}  // namespace sampan
