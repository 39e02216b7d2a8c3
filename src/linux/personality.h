// linux.personality (config-linux.md#personality).
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "linux/context.h"
#include "spec/config.h"

namespace sampan {

struct SetPersonality {
    std::string origin;
    unsigned long persona = 0;  // PER_* of personality(2), without any flag
    bool operator==(const SetPersonality&) const = default;
};

// Pure. Nothing if config.json does not have it: then the personality of the caller is inherited.
std::optional<SetPersonality> plan_personality(const Spec& spec);
std::string describe(const SetPersonality& step);
// Kept by execve(2). Removes flags that the caller may have set (setarch -R).
Status apply(const SetPersonality& step, Context& context);

}  // namespace sampan
