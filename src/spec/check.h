// Rules of the specification about more than one value, which field tables cannot express.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/config.h"

namespace sampan::spec {

// The version that we implement, and the first of its major version.
inline constexpr const char* oci_version_max = "1.3.0";
inline constexpr const char* oci_version_min = "1.0.0";

struct Findings {
    std::vector<Problem> problems;
    std::vector<Problem> warnings;  // allowed, but probably not meant, or deprecated

    void error(std::string pointer, std::string what, std::string hint = {}) {
        problems.push_back({std::move(pointer), std::move(what), std::move(hint), {}});
    }
    // The first problem, if the object is not in a file; its pointer starts at `place`.
    [[nodiscard]] Status first_error(std::string_view place = {}) const;
    void warn(std::string pointer, std::string what, std::string hint = {}) {
        warnings.push_back({std::move(pointer), std::move(what), std::move(hint), {}});
    }
};

// Everything that can be found wrong without looking at the machine, all at once. What only `start`
// needs (process, process.args) may be absent.
[[nodiscard]] Findings check_spec(const Config& config);

// The same for a process object alone, at which the pointers start.
[[nodiscard]] Findings check_process_alone(const Process& process);

// The namespace of this type that the container gets, or null if it keeps the one of sampan.
[[nodiscard]] const Namespace* find_namespace(const Config& config, NamespaceType type);

// The type of namespace to which a kernel parameter of linux.sysctl belongs; nothing for parameters
// of the whole machine.
[[nodiscard]] std::optional<NamespaceType> owner_of_sysctl(std::string_view key);

}  // namespace sampan::spec
