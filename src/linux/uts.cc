#include "linux/uts.h"

#include <unistd.h>

#include "base/text.h"

namespace sampan {

std::vector<UtsStep> plan_uts(const Spec& spec) {
    std::vector<UtsStep> steps;
    if (spec.hostname) steps.emplace_back(SetHostname{"/hostname", *spec.hostname});
    if (spec.domainname) steps.emplace_back(SetDomainname{"/domainname", *spec.domainname});
    return steps;
}

std::string describe(const SetHostname& step) {
    return format("set the host name {}", step.name);
}

std::string describe(const SetDomainname& step) {
    return format("set the domain name {}", step.name);
}

Status apply(const SetHostname& step, Context&) {
    if (::sethostname(step.name.data(), step.name.size()) < 0) return fail_errno("sethostname");
    return {};
}

Status apply(const SetDomainname& step, Context&) {
    if (::setdomainname(step.name.data(), step.name.size()) < 0) return fail_errno("setdomainname");
    return {};
}

}  // namespace sampan
