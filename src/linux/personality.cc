#include "linux/personality.h"

#include <sys/personality.h>

#include "base/text.h"

namespace sampan {

std::optional<SetPersonality> plan_personality(const Spec& spec) {
    if (!spec.linux_ || !spec.linux_->personality) return std::nullopt;
    const bool narrow = spec.linux_->personality->domain == spec::PersonalityDomain::linux32;
    return SetPersonality{"/linux/personality", narrow ? PER_LINUX32 : PER_LINUX};
}

std::string describe(const SetPersonality& step) {
    return format("take the personality {}", step.persona == PER_LINUX32 ? "LINUX32" : "LINUX");
}

Status apply(const SetPersonality& step, Context&) {
    if (::personality(step.persona) < 0) return fail_errno("personality");
    return {};
}

}  // namespace sampan
