// Host and domain name of the container (config.md#hostname, #domainname).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "spec/config.h"

namespace sampan {

struct SetHostname {
    std::string origin;
    std::string name;
    bool operator==(const SetHostname&) const = default;
};

struct SetDomainname {
    std::string origin;
    std::string name;
    bool operator==(const SetDomainname&) const = default;
};

using UtsStep = std::variant<SetHostname, SetDomainname>;

std::vector<UtsStep> plan_uts(const Spec& spec);

std::string describe(const SetHostname& step);
std::string describe(const SetDomainname& step);
Status apply(const SetHostname& step, Context& context);
Status apply(const SetDomainname& step, Context& context);

}  // namespace sampan
