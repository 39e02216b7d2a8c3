// Paths that the container must not read, or not write (config-linux.md#masked-paths,
// #readonly-paths).
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "spec/config.h"

namespace sampan {

// Covers a file by the host's /dev/null, which is checked (CVE-2025-31133), and a folder by an
// empty read-only tmpfs. A path that does not exist is skipped.
struct MaskPath {
    std::string origin;
    std::string path;
    std::string label;  // label_option() of the tmpfs; "" for none
    bool operator==(const MaskPath&) const = default;
};

// Makes a path and the mounts below it read-only; other flags stay. A path that does not exist is
// skipped.
struct MakePathReadonly {
    std::string origin;
    std::string path;
    bool operator==(const MakePathReadonly&) const = default;
};

using PathStep = std::variant<MaskPath, MakePathReadonly>;

// For after devices and console, before the old root is left, which supplies /dev/null. `label` is
// the option that gives new mounts their label (label_option()).
std::vector<PathStep> plan_masked_paths(const Spec& spec, const std::string& label);

std::string describe(const MaskPath& step);
std::string describe(const MakePathReadonly& step);
Status apply(const MaskPath& step, Context& context);
Status apply(const MakePathReadonly& step, Context& context);

}  // namespace sampan
