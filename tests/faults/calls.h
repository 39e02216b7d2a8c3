// What is known of system calls by number.
#pragma once

#include <cstdint>
#include <string>

namespace faults {

// "openat"; the number where it has no name.
std::string call_name(uint64_t number);
// Those whose failure says something about the kernel or the C library, not about the runtime: some
// never fail, and of the others the C library makes only calls at its start.
bool can_fail(uint64_t number);
// Those that have their effect also when they fail: close(2) gives the descriptor up in any case.
bool takes_effect(uint64_t number);

}  // namespace faults
