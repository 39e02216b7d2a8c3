// The state of a container as hooks and callers see it (runtime.md#state).
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
    paused,  // ours: the specification lets a runtime add states of its own
};

struct State {
    std::string oci_version;
    std::string id;
    ContainerStatus status{};
    std::optional<int32_t> pid;  // required while created or running
    std::string bundle;          // absolute
    std::map<std::string, std::string> annotations;
    bool operator==(const State&) const = default;
};

// What a seccomp agent gets (config-linux.md#the-container-process-state).
struct ContainerProcessState {
    std::string oci_version;
    std::vector<std::string> fds;  // names of the descriptors that go with it, in their order
    int32_t pid = 0;
    std::optional<std::string> metadata;
    State state;
    bool operator==(const ContainerProcessState&) const = default;
};

}  // namespace sampan::spec
