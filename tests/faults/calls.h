// Facts about system calls, by number.
#pragma once

#include <cstdint>
#include <string>

namespace faults {

// "openat"; the number if it has no name.
std::string call_name(uint64_t number);
// False for calls whose failure shows nothing about the runtime. Some never fail. Others are made
// by the C library, which is not prepared for a failure (brk(2) while it starts).
bool can_fail(uint64_t number);
// Calls that have their effect even if they fail: close(2) always gives the descriptor up.
bool takes_effect(uint64_t number);

}  // namespace faults
