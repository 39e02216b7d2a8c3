#include "spec/resources.h"

#include "spec/tables.h"

namespace sampan::spec {

template <>
const Words& words_of<DeviceRuleType>() {
    static constexpr Word table[] = {
        word("a", DeviceRuleType::a),
        word("c", DeviceRuleType::c),
        word("b", DeviceRuleType::b),
    };
    static constexpr Words words{table};
    return words;
}

template <>
const ObjectType& object_type<DeviceRule>() {
    static constexpr Field table[] = {
        required<&DeviceRule::allow>("allow"),
        optional<&DeviceRule::type>("type"),
        optional<&DeviceRule::major>("major"),
        optional<&DeviceRule::minor>("minor"),
        optional<&DeviceRule::access>("access", device_access),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Memory>() {
    static constexpr Field table[] = {
        optional<&Memory::limit>("limit", bytes),
        optional<&Memory::reservation>("reservation", bytes),
        optional<&Memory::swap>("swap", bytes),
        optional<&Memory::kernel>("kernel", bytes),
        optional<&Memory::kernel_tcp>("kernelTCP", bytes),
        optional<&Memory::swappiness>("swappiness", percent),
        optional<&Memory::disable_oom_killer>("disableOOMKiller"),
        optional<&Memory::use_hierarchy>("useHierarchy"),
        optional<&Memory::check_before_update>("checkBeforeUpdate"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Cpu>() {
    static constexpr Field table[] = {
        optional<&Cpu::shares>("shares"),
        optional<&Cpu::quota>("quota"),
        optional<&Cpu::burst>("burst"),
        optional<&Cpu::period>("period"),
        optional<&Cpu::realtime_runtime>("realtimeRuntime"),
        optional<&Cpu::realtime_period>("realtimePeriod"),
        optional<&Cpu::cpus>("cpus", id_list),
        optional<&Cpu::mems>("mems", id_list),
        optional<&Cpu::idle>("idle"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Pids>() {
    static constexpr Field table[] = {
        optional<&Pids::limit>("limit"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<WeightDevice>() {
    static constexpr Field table[] = {
        required<&WeightDevice::major>("major"),
        required<&WeightDevice::minor>("minor"),
        optional<&WeightDevice::weight>("weight"),
        optional<&WeightDevice::leaf_weight>("leafWeight"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<ThrottleDevice>() {
    static constexpr Field table[] = {
        required<&ThrottleDevice::major>("major"),
        required<&ThrottleDevice::minor>("minor"),
        required<&ThrottleDevice::rate>("rate"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<BlockIo>() {
    static constexpr Field table[] = {
        optional<&BlockIo::weight>("weight"),
        optional<&BlockIo::leaf_weight>("leafWeight"),
        optional<&BlockIo::weight_device>("weightDevice"),
        optional<&BlockIo::throttle_read_bps_device>("throttleReadBpsDevice"),
        optional<&BlockIo::throttle_write_bps_device>("throttleWriteBpsDevice"),
        optional<&BlockIo::throttle_read_iops_device>("throttleReadIOPSDevice"),
        optional<&BlockIo::throttle_write_iops_device>("throttleWriteIOPSDevice"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<HugepageLimit>() {
    static constexpr Field table[] = {
        required<&HugepageLimit::page_size>("pageSize", page_size),
        required<&HugepageLimit::limit>("limit", bytes),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<InterfacePriority>() {
    static constexpr Field table[] = {
        required<&InterfacePriority::name>("name"),
        required<&InterfacePriority::priority>("priority"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Network>() {
    static constexpr Field table[] = {
        optional<&Network::class_id>("classID"),
        optional<&Network::priorities>("priorities"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Rdma>() {
    static constexpr Field table[] = {
        optional<&Rdma::hca_handles>("hcaHandles"),
        optional<&Rdma::hca_objects>("hcaObjects"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Resources>() {
    static constexpr Field table[] = {
        optional<&Resources::devices>("devices"),
        optional<&Resources::memory>("memory"),
        optional<&Resources::cpu>("cpu"),
        optional<&Resources::pids>("pids"),
        optional<&Resources::block_io>("blockIO"),
        optional<&Resources::hugepage_limits>("hugepageLimits"),
        optional<&Resources::network>("network"),
        optional<&Resources::rdma>("rdma"),
        optional<&Resources::unified>("unified"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec
