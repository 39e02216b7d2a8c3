#include "spec/mount.h"

#include "spec/tables.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<IdMapping>() {
    static constexpr Field table[] = {
        required<&IdMapping::container_id>("containerID"),
        required<&IdMapping::host_id>("hostID"),
        required<&IdMapping::size>("size"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Mount>() {
    static constexpr Field table[] = {
        required<&Mount::destination>("destination", not_empty),
        optional<&Mount::type>("type"),
        optional<&Mount::source>("source"),
        optional<&Mount::options>("options"),
        optional<&Mount::uid_mappings>("uidMappings"),
        optional<&Mount::gid_mappings>("gidMappings"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec
