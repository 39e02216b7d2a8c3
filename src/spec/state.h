// The state of a container, for hooks and callers (runtime.md#state).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sampan::spec {

enum class ContainerStatus {
    creating,
    created,
    running,
    stopped,
    paused,  // not in the specification, which lets a runtime add states
};

struct State {
    std::string oci_version;
    std::string id;
    ContainerStatus status{};
    std::optional<int32_t> pid;  // required while it is created or running
    std::string bundle;          // absolute
    std::map<std::string, std::string> annotations;
    bool operator==(const State&) const = default;
};

// What a seccomp agent gets (config-linux.md#the-container-process-state).
struct ContainerProcessState {
    std::string oci_version;
    std::vector<std::string> fds;  // names of the descriptors that are sent with it, in their order
    int32_t pid = 0;
    std::optional<std::string> metadata;
    State state;
    bool operator==(const ContainerProcessState&) const = default;
};

}  // namespace sampan::spec
