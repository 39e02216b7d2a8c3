#include "spec/linux.h"

#include "spec/tables.h"

namespace sampan::spec {

template <>
const Words& words_of<NamespaceType>() {
    static constexpr Word table[] = {
        word("pid", NamespaceType::pid),       word("network", NamespaceType::network),
        word("mount", NamespaceType::mount),   word("ipc", NamespaceType::ipc),
        word("uts", NamespaceType::uts),       word("user", NamespaceType::user),
        word("cgroup", NamespaceType::cgroup), word("time", NamespaceType::time),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<DeviceType>() {
    static constexpr Word table[] = {
        word("c", DeviceType::c),
        word("b", DeviceType::b),
        word("u", DeviceType::u),
        word("p", DeviceType::p),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<RootfsPropagation>() {
    static constexpr Word table[] = {
        word("shared", RootfsPropagation::shared),
        word("slave", RootfsPropagation::slave),
        word("private", RootfsPropagation::private_),
        word("unbindable", RootfsPropagation::unbindable),
        // The specification has only four values, but every engine writes these ("rslave" by Docker
        // and podman, "rprivate" and "rshared" by those of Kubernetes).
        word("rshared", RootfsPropagation::shared),
        word("rslave", RootfsPropagation::slave),
        word("rprivate", RootfsPropagation::private_),
        word("runbindable", RootfsPropagation::unbindable),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<MemoryPolicyMode>() {
    static constexpr Word table[] = {
        word("MPOL_DEFAULT", MemoryPolicyMode::mpol_default),
        word("MPOL_BIND", MemoryPolicyMode::mpol_bind),
        word("MPOL_INTERLEAVE", MemoryPolicyMode::mpol_interleave),
        word("MPOL_WEIGHTED_INTERLEAVE", MemoryPolicyMode::mpol_weighted_interleave),
        word("MPOL_PREFERRED", MemoryPolicyMode::mpol_preferred),
        word("MPOL_PREFERRED_MANY", MemoryPolicyMode::mpol_preferred_many),
        word("MPOL_LOCAL", MemoryPolicyMode::mpol_local),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<MemoryPolicyFlag>() {
    static constexpr Word table[] = {
        word("MPOL_F_NUMA_BALANCING", MemoryPolicyFlag::mpol_f_numa_balancing),
        word("MPOL_F_RELATIVE_NODES", MemoryPolicyFlag::mpol_f_relative_nodes),
        word("MPOL_F_STATIC_NODES", MemoryPolicyFlag::mpol_f_static_nodes),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const Words& words_of<PersonalityDomain>() {
    static constexpr Word table[] = {
        word("LINUX", PersonalityDomain::linux_),
        word("LINUX32", PersonalityDomain::linux32),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const ObjectType& object_type<Namespace>() {
    static constexpr Field table[] = {
        required<&Namespace::type>("type"),
        optional<&Namespace::path>("path", absolute_path),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<TimeOffset>() {
    static constexpr Field table[] = {
        optional<&TimeOffset::secs>("secs"),
        optional<&TimeOffset::nanosecs>("nanosecs", nanoseconds),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<TimeOffsets>() {
    static constexpr Field table[] = {
        optional<&TimeOffsets::monotonic>("monotonic"),
        optional<&TimeOffsets::boottime>("boottime"),
    };
    static constexpr ObjectType type{.fields = table, .unknown_is_error = true};
    return type;
}

template <>
const ObjectType& object_type<Device>() {
    static constexpr Field table[] = {
        required<&Device::type>("type"),
        required<&Device::path>("path", absolute_path),
        optional<&Device::major>("major"),
        optional<&Device::minor>("minor"),
        optional<&Device::file_mode>("fileMode"),
        optional<&Device::uid>("uid"),
        optional<&Device::gid>("gid"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<NetDevice>() {
    static constexpr Field table[] = {
        optional<&NetDevice::name>("name"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<IntelRdt>() {
    static constexpr Field table[] = {
        optional<&IntelRdt::clos_id>("closID"),
        optional<&IntelRdt::schemata>("schemata", one_line),
        optional<&IntelRdt::l3_cache_schema>("l3CacheSchema", one_line),
        optional<&IntelRdt::mem_bw_schema>("memBwSchema", bandwidth),
        optional<&IntelRdt::enable_monitoring>("enableMonitoring"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<MemoryPolicy>() {
    static constexpr Field table[] = {
        required<&MemoryPolicy::mode>("mode"),
        optional<&MemoryPolicy::nodes>("nodes", id_list),
        optional<&MemoryPolicy::flags>("flags"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Personality>() {
    static constexpr Field table[] = {
        required<&Personality::domain>("domain"),
        optional<&Personality::flags>("flags"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Linux>() {
    static constexpr Field table[] = {
        optional<&Linux::namespaces>("namespaces"),
        optional<&Linux::uid_mappings>("uidMappings"),
        optional<&Linux::gid_mappings>("gidMappings"),
        optional<&Linux::time_offsets>("timeOffsets"),
        optional<&Linux::devices>("devices"),
        optional<&Linux::net_devices>("netDevices"),
        optional<&Linux::cgroups_path>("cgroupsPath"),
        optional<&Linux::resources>("resources"),
        optional<&Linux::intel_rdt>("intelRdt"),
        optional<&Linux::memory_policy>("memoryPolicy"),
        optional<&Linux::sysctl>("sysctl"),
        optional<&Linux::seccomp>("seccomp"),
        optional<&Linux::rootfs_propagation>("rootfsPropagation"),
        optional<&Linux::masked_paths>("maskedPaths", absolute_path),
        optional<&Linux::readonly_paths>("readonlyPaths", absolute_path),
        optional<&Linux::mount_label>("mountLabel"),
        optional<&Linux::personality>("personality"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec
