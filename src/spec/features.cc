#include "spec/features.h"

#include "spec/tables.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<CgroupFeatures>() {
    static constexpr Field table[] = {
        optional<&CgroupFeatures::v1>("v1"),
        optional<&CgroupFeatures::v2>("v2"),
        optional<&CgroupFeatures::systemd>("systemd"),
        optional<&CgroupFeatures::systemd_user>("systemdUser"),
        optional<&CgroupFeatures::rdma>("rdma"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<SeccompFeatures>() {
    static constexpr Field table[] = {
        optional<&SeccompFeatures::enabled>("enabled"),
        optional<&SeccompFeatures::actions>("actions"),
        optional<&SeccompFeatures::operators>("operators"),
        optional<&SeccompFeatures::archs>("archs"),
        optional<&SeccompFeatures::known_flags>("knownFlags"),
        optional<&SeccompFeatures::supported_flags>("supportedFlags"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<EnabledFeature>() {
    static constexpr Field table[] = {
        optional<&EnabledFeature::enabled>("enabled"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<IntelRdtFeatures>() {
    static constexpr Field table[] = {
        optional<&IntelRdtFeatures::enabled>("enabled"),
        optional<&IntelRdtFeatures::schemata>("schemata"),
        optional<&IntelRdtFeatures::monitoring>("monitoring"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<MemoryPolicyFeatures>() {
    static constexpr Field table[] = {
        optional<&MemoryPolicyFeatures::modes>("modes"),
        optional<&MemoryPolicyFeatures::flags>("flags"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<MountExtensions>() {
    static constexpr Field table[] = {
        optional<&MountExtensions::idmap>("idmap"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<LinuxFeatures>() {
    static constexpr Field table[] = {
        optional<&LinuxFeatures::namespaces>("namespaces"),
        optional<&LinuxFeatures::capabilities>("capabilities", capability),
        optional<&LinuxFeatures::cgroup>("cgroup"),
        optional<&LinuxFeatures::seccomp>("seccomp"),
        optional<&LinuxFeatures::apparmor>("apparmor"),
        optional<&LinuxFeatures::selinux>("selinux"),
        optional<&LinuxFeatures::intel_rdt>("intelRdt"),
        optional<&LinuxFeatures::memory_policy>("memoryPolicy"),
        optional<&LinuxFeatures::mount_extensions>("mountExtensions"),
        optional<&LinuxFeatures::net_devices>("netDevices"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Features>() {
    static constexpr Field table[] = {
        required<&Features::oci_version_min>("ociVersionMin"),
        required<&Features::oci_version_max>("ociVersionMax"),
        optional<&Features::hooks>("hooks"),
        optional<&Features::mount_options>("mountOptions"),
        optional<&Features::linux_>("linux"),
        optional<&Features::annotations>("annotations"),
        optional<&Features::potentially_unsafe_config_annotations>(
            "potentiallyUnsafeConfigAnnotations"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec
