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

// Pure. Nothing when config.json does not have it: the caller's personality is inherited then.
std::optional<SetPersonality> plan_personality(const Spec& spec);
std::string describe(const SetPersonality& step);
// Kept over execve(2). Flags that the caller may have set (setarch -R) are gone afterwards.
Status apply(const SetPersonality& step, Context& context);

}  // namespace sampan
