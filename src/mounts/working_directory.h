// The folder in which the program starts (process.cwd).
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "linux/context.h"
#include "spec/config.h"

namespace sampan {

// Made when missing, by root of the container. Engines rely on it. Whoever enters it, later, is
// told why it could not be opened.
struct MakeWorkingDirectory {
    std::string origin;
    std::string path;
    bool operator==(const MakeWorkingDirectory&) const = default;
};

// Phase pivot, once hooks have put into the root what they like, and before anything becomes
// read-only. None for "/".
std::optional<MakeWorkingDirectory> plan_working_directory(const Spec& spec);

std::string describe(const MakeWorkingDirectory& step);
Status apply(const MakeWorkingDirectory& step, Context& context);

}  // namespace sampan
