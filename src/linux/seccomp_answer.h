// What a compiled seccomp filter answers to a system call, without making the call.
#pragma once

#include <cstdint>
#include <optional>

#include "linux/seccomp.h"

namespace sampan {

// The SECCOMP_RET_* and its data for the system call `number` of the architecture on which we run.
// Nothing if it depends on the arguments. Pure.
std::optional<uint32_t> answer_of(const SeccompFilter& filter, uint32_t number);

// The name that an answer has in config.json if it does not let the call through
// ("SCMP_ACT_ERRNO"). Null for answers that may let it through: a tracer or an agent can do so too.
const char* refusal_name(uint32_t answer);

}  // namespace sampan
