// linux of config.json (config-linux.md), except for resources and seccomp, which have files of
// their own.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "spec/mount.h"
#include "spec/resources.h"
#include "spec/seccomp.h"

namespace sampan::spec {

enum class NamespaceType {
    pid,
    network,
    mount,
    ipc,
    uts,
    user,
    cgroup,
    time,
};

struct Namespace {
    NamespaceType type{};
    std::optional<std::string> path;  // absolute; absent: a new namespace
    bool operator==(const Namespace&) const = default;
};

struct TimeOffset {
    std::optional<int64_t> secs;
    std::optional<uint32_t> nanosecs;
    bool operator==(const TimeOffset&) const = default;
};

// The clocks that a time namespace can shift; the names are the keys in JSON.
struct TimeOffsets {
    std::optional<TimeOffset> monotonic;
    std::optional<TimeOffset> boottime;
    bool operator==(const TimeOffsets&) const = default;
};

// mknod(1)
enum class DeviceType {
    c,
    b,
    u,
    p,
};

struct Device {
    DeviceType type{};
    std::string path;
    std::optional<int64_t> major;  // both required, unless the type is p
    std::optional<int64_t> minor;
    std::optional<uint32_t> file_mode;
    std::optional<uint32_t> uid;  // in the container's user namespace
    std::optional<uint32_t> gid;
    bool operator==(const Device&) const = default;
};

struct NetDevice {
    std::optional<std::string> name;  // inside the container; absent: the name on the host
    bool operator==(const NetDevice&) const = default;
};

enum class RootfsPropagation {
    shared,
    slave,
    private_,  // "private" in JSON
    unbindable,
};

struct IntelRdt {
    std::optional<std::string> clos_id;
    std::vector<std::string> schemata;
    std::optional<std::string> l3_cache_schema;
    std::optional<std::string> mem_bw_schema;
    bool enable_monitoring = false;
    bool operator==(const IntelRdt&) const = default;
};

enum class MemoryPolicyMode {
    mpol_default,
    mpol_bind,
    mpol_interleave,
    mpol_weighted_interleave,
    mpol_preferred,
    mpol_preferred_many,
    mpol_local,
};

enum class MemoryPolicyFlag {
    mpol_f_numa_balancing,
    mpol_f_relative_nodes,
    mpol_f_static_nodes,
};

// set_mempolicy(2)
struct MemoryPolicy {
    MemoryPolicyMode mode{};
    std::optional<std::string> nodes;  // a list such as "0-3,7"
    std::vector<MemoryPolicyFlag> flags;
    bool operator==(const MemoryPolicy&) const = default;
};

enum class PersonalityDomain {
    linux_,   // "LINUX" in JSON; with GNU extensions `linux` is a macro
    linux32,  // "LINUX32"
};

// personality(2)
struct Personality {
    PersonalityDomain domain{};
    std::vector<std::string> flags;  // no value is defined yet
    bool operator==(const Personality&) const = default;
};

struct Linux {
    std::vector<Namespace> namespaces;
    std::vector<IdMapping> uid_mappings;
    std::vector<IdMapping> gid_mappings;
    std::optional<TimeOffsets> time_offsets;
    std::vector<Device> devices;
    std::map<std::string, NetDevice> net_devices;  // by name on the host
    std::optional<std::string> cgroups_path;
    std::optional<Resources> resources;
    std::optional<IntelRdt> intel_rdt;
    std::optional<MemoryPolicy> memory_policy;
    std::map<std::string, std::string> sysctl;
    std::optional<Seccomp> seccomp;
    std::optional<RootfsPropagation> rootfs_propagation;
    std::vector<std::string> masked_paths;
    std::vector<std::string> readonly_paths;
    std::optional<std::string> mount_label;
    std::optional<Personality> personality;
    bool operator==(const Linux&) const = default;
};

}  // namespace sampan::spec
