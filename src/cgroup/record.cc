#include "cgroup/record.h"

#include <algorithm>

#include "spec/fields.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<CgroupPlace>() {
    static constexpr Field table[] = {
        optional<&CgroupPlace::controllers>("controllers"),
        optional<&CgroupPlace::unified>("unified"),
        required<&CgroupPlace::mount_point>("mountPoint"),
        required<&CgroupPlace::path>("path"),
        optional<&CgroupPlace::made>("made"),
        optional<&CgroupPlace::inode>("inode"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<UnitRecord>() {
    static constexpr Field table[] = {
        required<&UnitRecord::name>("name"),
        required<&UnitRecord::description>("description"),
        optional<&UnitRecord::user>("user"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<CgroupRecord>() {
    static constexpr Field table[] = {
        optional<&CgroupRecord::places>("places"),
        optional<&CgroupRecord::unit>("unit"),
        optional<&CgroupRecord::owner>("owner"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec

namespace sampan {

std::string directory_of(const CgroupPlace& place) {
    return place.mount_point + place.path;
}

bool has_controller(const CgroupPlace& place, std::string_view controller) {
    return std::find(place.controllers.begin(), place.controllers.end(), controller) !=
           place.controllers.end();
}

}  // namespace sampan
