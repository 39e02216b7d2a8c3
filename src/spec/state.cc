#include "spec/state.h"

#include "spec/tables.h"

namespace sampan::spec {

template <>
const Words& words_of<ContainerStatus>() {
    static constexpr Word table[] = {
        word("creating", ContainerStatus::creating), word("created", ContainerStatus::created),
        word("running", ContainerStatus::running),   word("stopped", ContainerStatus::stopped),
        word("paused", ContainerStatus::paused),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const ObjectType& object_type<State>() {
    static constexpr Field table[] = {
        required<&State::oci_version>("ociVersion"), required<&State::id>("id"),
        required<&State::status>("status"),          optional<&State::pid>("pid", process_id),
        required<&State::bundle>("bundle"),          optional<&State::annotations>("annotations"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<ContainerProcessState>() {
    static constexpr Field table[] = {
        required<&ContainerProcessState::oci_version>("ociVersion"),
        optional<&ContainerProcessState::fds>("fds"),
        required<&ContainerProcessState::pid>("pid"),
        optional<&ContainerProcessState::metadata>("metadata"),
        required<&ContainerProcessState::state>("state"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec
