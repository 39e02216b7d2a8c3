// Rules of the specification that bind more than one value, which field tables cannot express.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "spec/config.h"

namespace sampan::spec {

// The version that we implement, and the first of its major version.
inline constexpr const char* oci_version_max = "1.3.0";
inline constexpr const char* oci_version_min = "1.0.0";

struct Findings {
    std::vector<Problem> problems;
    std::vector<Problem> warnings;  // legal, yet hardly meant, or deprecated

    void error(std::string pointer, std::string what, std::string hint = {}) {
        problems.push_back({std::move(pointer), std::move(what), std::move(hint), {}});
    }
    void warn(std::string pointer, std::string what, std::string hint = {}) {
        warnings.push_back({std::move(pointer), std::move(what), std::move(hint), {}});
    }
};

// Everything that can be known wrong without looking at the machine, all at once. What is needed
// only by `start` (process, process.args) may be absent.
[[nodiscard]] Findings check_spec(const Config& config);

// The same of a process object alone: pointers count from it.
[[nodiscard]] Findings check_process_alone(const Process& process);

// The namespace of this type that the container gets, or null when it keeps the runtime's.
[[nodiscard]] const Namespace* find_namespace(const Config& config, NamespaceType type);

// The type of namespace that a kernel parameter of linux.sysctl belongs to; nothing for those of
// the whole machine.
[[nodiscard]] std::optional<NamespaceType> owner_of_sysctl(std::string_view key);

}  // namespace sampan::spec
