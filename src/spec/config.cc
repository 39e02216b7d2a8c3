#include "spec/config.h"

#include "spec/tables.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<Root>() {
    static constexpr Field table[] = {
        required<&Root::path>("path", not_empty),
        optional<&Root::readonly>("readonly"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Config>() {
    static constexpr Field table[] = {
        required<&Config::oci_version>("ociVersion"),
        optional<&Config::process>("process"),
        optional<&Config::root>("root"),
        optional<&Config::hostname>("hostname"),
        optional<&Config::domainname>("domainname"),
        optional<&Config::mounts>("mounts"),
        optional<&Config::hooks>("hooks"),
        optional<&Config::annotations>("annotations"),
        optional<&Config::linux_>("linux"),
        ignored("solaris"),
        ignored("windows"),
        ignored("vm"),
        ignored("zos"),
        ignored("freebsd"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec
