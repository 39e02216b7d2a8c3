#include "cli/state_output.h"

#include "spec/check.h"
#include "spec/fields.h"
#include "spec/tables.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<StateOutput>() {
    static constexpr Field table[] = {
        required<&StateOutput::oci_version>("ociVersion"),
        required<&StateOutput::id>("id"),
        required<&StateOutput::pid>("pid"),
        required<&StateOutput::status>("status"),
        required<&StateOutput::bundle>("bundle"),
        required<&StateOutput::rootfs>("rootfs"),
        required<&StateOutput::created>("created"),
        optional<&StateOutput::annotations>("annotations"),
        required<&StateOutput::owner>("owner"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec

namespace sampan {

StateOutput show(const Container& container) {
    const Record& record = container.record;
    const bool has_process = container.status != ContainerStatus::stopped;
    return {
        .oci_version = spec::oci_version_max,
        .id = record.id,
        .pid = has_process ? record.pid : 0,
        .status = container.status,
        .bundle = record.bundle,
        .rootfs = record.rootfs,
        .created = record.created,
        .annotations = record.annotations,
        .owner = "",
    };
}

}  // namespace sampan
