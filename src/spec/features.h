// What this runtime implements (features.md, features-linux.md). Here absent and empty always
// differ: absent means unknown, empty means none.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/linux.h"

namespace sampan::spec {

struct CgroupFeatures {
    std::optional<bool> v1;
    std::optional<bool> v2;
    std::optional<bool> systemd;
    std::optional<bool> systemd_user;
    std::optional<bool> rdma;
    bool operator==(const CgroupFeatures&) const = default;
};

struct SeccompFeatures {
    std::optional<bool> enabled;
    std::optional<std::vector<SeccompAction>> actions;
    std::optional<std::vector<SeccompOperator>> operators;
    std::optional<std::vector<SeccompArch>> archs;
    std::optional<std::vector<SeccompFlag>> known_flags;
    std::optional<std::vector<SeccompFlag>> supported_flags;  // by the kernel and libseccomp here
    bool operator==(const SeccompFeatures&) const = default;
};

// For apparmor, selinux, idmap and netDevices.
struct EnabledFeature {
    std::optional<bool> enabled;
    bool operator==(const EnabledFeature&) const = default;
};

struct IntelRdtFeatures {
    std::optional<bool> enabled;
    std::optional<bool> schemata;
    std::optional<bool> monitoring;
    bool operator==(const IntelRdtFeatures&) const = default;
};

struct MemoryPolicyFeatures {
    std::optional<std::vector<MemoryPolicyMode>> modes;
    std::optional<std::vector<MemoryPolicyFlag>> flags;
    bool operator==(const MemoryPolicyFeatures&) const = default;
};

struct MountExtensions {
    std::optional<EnabledFeature> idmap;
    bool operator==(const MountExtensions&) const = default;
};

struct LinuxFeatures {
    std::optional<std::vector<NamespaceType>> namespaces;
    std::optional<std::vector<std::string>> capabilities;
    std::optional<CgroupFeatures> cgroup;
    std::optional<SeccompFeatures> seccomp;
    std::optional<EnabledFeature> apparmor;
    std::optional<EnabledFeature> selinux;
    std::optional<IntelRdtFeatures> intel_rdt;
    std::optional<MemoryPolicyFeatures> memory_policy;
    std::optional<MountExtensions> mount_extensions;
    std::optional<EnabledFeature> net_devices;
    bool operator==(const LinuxFeatures&) const = default;
};

struct Features {
    std::string oci_version_min;
    std::string oci_version_max;
    std::optional<std::vector<std::string>> hooks;
    std::optional<std::vector<std::string>> mount_options;
    std::optional<LinuxFeatures> linux_;  // "linux" in JSON
    std::optional<std::map<std::string, std::string>> annotations;
    std::optional<std::vector<std::string>> potentially_unsafe_config_annotations;
    bool operator==(const Features&) const = default;
};

}  // namespace sampan::spec
