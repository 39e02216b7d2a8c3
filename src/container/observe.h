// A container as the kernel has it now, for `inspect` and `diff`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/observed.h"
#include "container/container.h"
#include "mounts/observed_mounts.h"

namespace sampan {

struct ObservedNamespace {
    spec::NamespaceType type{};
    uint64_t inode = 0;
    bool ours = false;      // the caller is in it too
    bool recorded = false;  // the one that the container was created with
};

struct Observed {
    // What has a place in config.json. The root's path, which the kernel does not know, is that of
    // the record. Masked and read-only paths are those of config.json that are so.
    Spec spec;
    std::vector<ObservedNamespace> namespaces;
    std::vector<ObservedMount> mounts;  // of the root too
    // Of the places of config.json's mounts, masks and read-only paths. Empty where looking for
    // them would probably wait for a file system of the container.
    BarePaths bare;
    std::optional<uint32_t> seccomp_mode;
    std::optional<uint32_t> seccomp_filters;
    CgroupUsage usage;
};

// `config`: the kept config.json. Nothing of the container is executed, and none of its files is
// read. The error is "container not running" if it has ended, also meanwhile. A signal ends the
// wait for a file system of the container that does not answer.
Result<Observed> observe(const Container& container, const Spec& config);

}  // namespace sampan
