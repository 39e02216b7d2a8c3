// The session keyring: without one of its own, a container would share the keys of its caller.
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "linux/context.h"
#include "spec/process.h"

namespace sampan {

// Joins a new session keyring of this name.
struct JoinKeyring {
    std::string origin;
    std::string name;
    std::string label;  // the SELinux label, so that the container may use it; "" for none
    bool operator==(const JoinKeyring&) const = default;
};

// Pure. `process` is that of config.json, if there is one.
JoinKeyring plan_keyring(const std::optional<spec::Process>& process, const std::string& id);
std::string describe(const JoinKeyring& step);
// It is not an error if the kernel has no keyrings, or refuses them to us (by a seccomp filter
// around us).
Status apply(const JoinKeyring& step, Context& context);

}  // namespace sampan
