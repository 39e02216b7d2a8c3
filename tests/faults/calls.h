// What is known of system calls by number.
#pragma once

#include <cstdint>
#include <string>

namespace faults {

// "openat"; the number where it has no name.
std::string call_name(uint64_t number);
// False for those whose failure says something about the kernel or the C library and nothing about
// the runtime: some never fail, and others the C library makes, which is not prepared for it
// (brk(2) while it starts).
bool can_fail(uint64_t number);
// Those that have their effect also when they fail: close(2) gives the descriptor up in any case.
bool takes_effect(uint64_t number);

}  // namespace faults
