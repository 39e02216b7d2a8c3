// The session keyring: without one of its own a container would share its caller's keys.
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
    std::string label;  // SELinux's, so that the container may use it; "" for none
    bool operator==(const JoinKeyring&) const = default;
};

// Pure. `process`: config.json's, if it has one.
JoinKeyring plan_keyring(const std::optional<spec::Process>& process, const std::string& id);
std::string describe(const JoinKeyring& step);
// A kernel without keyrings, or one that refuses them to us (a seccomp filter around us), is no
// error.
Status apply(const JoinKeyring& step, Context& context);

}  // namespace sampan
