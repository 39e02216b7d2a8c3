#include "linux/uts.h"

#include <unistd.h>

#include <climits>

#include "base/text.h"
#include "linux/rootfs.h"

namespace sampan {

namespace {

Status check_name(const Spec& spec, const std::string& name) {
    if (find_namespace(spec, spec::NamespaceType::uts) == nullptr)
        return failf("a name needs a uts namespace of the container: the host's would change");
    // The kernel's limit, which uname(2) shows (utsname without the NUL).
    if (name.size() > HOST_NAME_MAX) return failf("longer than {} bytes", HOST_NAME_MAX);
    return {};
}

}  // namespace

Result<std::vector<UtsStep>> plan_uts(const Spec& spec) {
    std::vector<UtsStep> steps;
    if (spec.hostname) {
        TRY(check_name(spec, *spec.hostname).in("hostname").at("/hostname"));
        steps.emplace_back(SetHostname{"/hostname", *spec.hostname});
    }
    if (spec.domainname) {
        TRY(check_name(spec, *spec.domainname).in("domainname").at("/domainname"));
        steps.emplace_back(SetDomainname{"/domainname", *spec.domainname});
    }
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
