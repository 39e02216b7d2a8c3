// What a container uses, and what happens in it: for `events` and `stats`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/usage.h"
#include "container/container.h"

namespace sampan {

struct NetworkUsage {
    std::string name;
    struct Counts {
        uint64_t bytes = 0;
        uint64_t packets = 0;
        uint64_t errors = 0;
        uint64_t dropped = 0;
        bool operator==(const Counts&) const = default;
    };
    Counts received;
    Counts sent;
    bool operator==(const NetworkUsage&) const = default;
};

struct ContainerUsage {
    CgroupCounts cgroup;
    // Of its own network namespace; empty if it has none.
    std::vector<NetworkUsage> networks;
};

// The container must be created, running or paused. It is an error if it has no cgroup, which would
// count.
Result<ContainerUsage> container_usage(const Container& container);

// The text of /proc/PID/net/dev; pure.
std::vector<NetworkUsage> parse_network_devices(std::string_view text);

struct ContainerEvents {
    std::function<Status(const ContainerUsage&)> on_usage;
    std::function<Status()> on_oom;  // processes were killed for lack of memory
};
// Calls on_usage now and each `interval_ms`, until the container has ended, and each function when
// its event comes. An error of one of them ends it.
Status watch_container(const Container& container, int interval_ms, const ContainerEvents& events);

}  // namespace sampan
