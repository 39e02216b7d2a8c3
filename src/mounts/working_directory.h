// The folder in which the program starts (process.cwd).
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "linux/context.h"
#include "spec/config.h"

namespace sampan {

// Made by root of the container if it is missing; engines rely on it. If it exists but cannot be
// opened, that is no error here: whoever enters it later says why.
struct MakeWorkingDirectory {
    std::string origin;
    std::string path;
    bool operator==(const MakeWorkingDirectory&) const = default;
};

// For when hooks have put into the root what they want, and before anything becomes read-only.
// Nothing for "/".
std::optional<MakeWorkingDirectory> plan_working_directory(const Spec& spec);

std::string describe(const MakeWorkingDirectory& step);
Status apply(const MakeWorkingDirectory& step, Context& context);

}  // namespace sampan
