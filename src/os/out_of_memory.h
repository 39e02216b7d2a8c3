// What happens when the kernel refuses memory (RLIMIT_DATA, RLIMIT_AS, a full cgroup without an OOM
// killer).
#pragma once

#include <new>
#include <utility>

#include "base/result.h"

namespace sampan {

// Returns what `work` returns. If it runs out of memory, returns an error, once everything that it
// allocated is free again. For callers that must undo something; all others let the exception pass.
template <class Work>
auto or_out_of_memory(Work&& work) -> decltype(std::forward<Work>(work)()) {
    try {
        return std::forward<Work>(work)();
    } catch (const std::bad_alloc&) {
        return fail(ErrorKind::out_of_memory, "out of memory");
    }
}

// From now on an exception that nobody catches ends the process with exit code 1 and a line on
// standard error. That happens in children of clone3(2) too: their functions are noexcept, because
// an exception must not unwind into frames of the parent.
void tell_uncaught_exceptions();

}  // namespace sampan
