// What a compiled seccomp filter answers to a system call, found out without making the call.
#pragma once

#include <cstdint>
#include <optional>

#include "linux/seccomp.h"

namespace sampan {

// The SECCOMP_RET_* with its data for system call `number` of the architecture that we run on.
// Nothing where it depends on the arguments. Pure.
std::optional<uint32_t> answer_of(const SeccompFilter& filter, uint32_t number);

// The name in config.json of an answer that does not let the call through ("SCMP_ACT_ERRNO"); null
// for all that may: also a tracer or an agent can.
const char* refusal_name(uint32_t answer);

}  // namespace sampan
