// linux.resources of config.json (config-linux.md#control-groups): limits, in the units of cgroup
// v1.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace sampan::spec {

enum class DeviceRuleType {
    a,  // all
    c,
    b,
};

// One rule of the allowed device list; rules apply in their order. What is absent means "all".
struct DeviceRule {
    bool allow = false;
    std::optional<DeviceRuleType> type;
    std::optional<int64_t> major;
    std::optional<int64_t> minor;
    std::optional<std::string> access;  // of r, w, m
    bool operator==(const DeviceRule&) const = default;
};

// In bytes, -1 for no limit.
struct Memory {
    std::optional<int64_t> limit;
    std::optional<int64_t> reservation;
    std::optional<int64_t> swap;  // memory and swap together, as in cgroup v1
    std::optional<int64_t> kernel;
    std::optional<int64_t> kernel_tcp;
    std::optional<uint64_t> swappiness;  // 0 to 100
    std::optional<bool> disable_oom_killer;
    std::optional<bool> use_hierarchy;
    std::optional<bool> check_before_update;
    bool operator==(const Memory&) const = default;
};

// Times in microseconds.
struct Cpu {
    std::optional<uint64_t> shares;
    std::optional<int64_t> quota;
    std::optional<uint64_t> burst;
    std::optional<uint64_t> period;
    std::optional<int64_t> realtime_runtime;
    std::optional<uint64_t> realtime_period;
    std::optional<std::string> cpus;  // lists such as "0-3,7"
    std::optional<std::string> mems;
    std::optional<int64_t> idle;
    bool operator==(const Cpu&) const = default;
};

struct Pids {
    // -1: no limit; 0 is a limit. Absent: not set.
    std::optional<int64_t> limit;
    bool operator==(const Pids&) const = default;
};

struct WeightDevice {
    int64_t major = 0;
    int64_t minor = 0;
    std::optional<uint16_t> weight;
    std::optional<uint16_t> leaf_weight;
    bool operator==(const WeightDevice&) const = default;
};

struct ThrottleDevice {
    int64_t major = 0;
    int64_t minor = 0;
    uint64_t rate = 0;  // bytes or operations per second
    bool operator==(const ThrottleDevice&) const = default;
};

struct BlockIo {
    std::optional<uint16_t> weight;
    std::optional<uint16_t> leaf_weight;
    std::vector<WeightDevice> weight_device;
    std::vector<ThrottleDevice> throttle_read_bps_device;
    std::vector<ThrottleDevice> throttle_write_bps_device;
    std::vector<ThrottleDevice> throttle_read_iops_device;
    std::vector<ThrottleDevice> throttle_write_iops_device;
    bool operator==(const BlockIo&) const = default;
};

struct HugepageLimit {
    std::string page_size;  // "2MB", as in the name of the cgroup's file
    uint64_t limit = 0;
    bool operator==(const HugepageLimit&) const = default;
};

struct InterfacePriority {
    std::string name;
    uint32_t priority = 0;
    bool operator==(const InterfacePriority&) const = default;
};

struct Network {
    std::optional<uint32_t> class_id;
    std::vector<InterfacePriority> priorities;
    bool operator==(const Network&) const = default;
};

struct Rdma {
    std::optional<uint32_t> hca_handles;
    std::optional<uint32_t> hca_objects;
    bool operator==(const Rdma&) const = default;
};

struct Resources {
    std::vector<DeviceRule> devices;
    std::optional<Memory> memory;
    std::optional<Cpu> cpu;
    std::optional<Pids> pids;
    std::optional<BlockIo> block_io;
    std::vector<HugepageLimit> hugepage_limits;
    std::optional<Network> network;
    std::map<std::string, Rdma> rdma;            // by device
    std::map<std::string, std::string> unified;  // by file of cgroup v2
    bool operator==(const Resources&) const = default;
};

}  // namespace sampan::spec
