// What a process of a container really has, as the kernel tells it. What cannot be read is absent;
// texts come from the container, which may have written anything there.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "linux/id_map.h"
#include "os/fd.h"
#include "spec/config.h"

namespace sampan {

struct ObservedProcess {
    // In the ids of its user namespace. Of `env` and `args`, which may be long, the beginning.
    spec::Process process;
    std::optional<uint32_t> seccomp_mode;  // 0: none, 1: strict, 2: filter
    std::optional<uint32_t> seccomp_filters;
    std::optional<spec::Personality> personality;
    std::optional<spec::TimeOffsets> time_offsets;
};

// A process by its folder in a checked procfs. The folder never becomes that of another process.
struct ProcessFolder {
    pid_t pid = 0;
    Fd dir;
};

ObservedProcess observe_process(const ProcessFolder& folder, const IdMaps& maps);

// Pure. "NAME=value\0NAME=value\0": what the kernel shows of arguments and environment.
std::vector<std::string> split_at_nul(std::string_view text);
// The text of /proc/PID/timens_offsets.
std::optional<spec::TimeOffsets> parse_time_offsets(std::string_view text);

}  // namespace sampan
