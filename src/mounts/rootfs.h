// The root file system: it becomes a mount of its own, and then the root (config.md#root,
// config-linux.md#rootfs-mount-propagation).
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/bind.h"
#include "mounts/mount_options.h"
#include "mounts/working_directory.h"
#include "spec/config.h"

namespace sampan {

struct Host;

// Cuts all mounts of our namespace off from those of the host, so that nothing of the container
// reaches the host. With MS_SLAVE later mounts of the host still come in, with MS_PRIVATE they do
// not.
struct SetPropagation {
    std::string origin;
    Propagation propagation;
    bool operator==(const SetPropagation&) const = default;
};

// Sets Context::root to the root file system at `path` (absolute, a directory). With `mount` it is
// bound on itself, with everything below it; otherwise it is only opened: there is no mount
// namespace, or the first mount of config.json is on "/" and `covered` becomes the root instead.
struct AttachRoot {
    std::string origin;
    std::string path;
    bool mount = true;
    bool covered = false;
    int source_slot = -1;  // a copy that the supervisor has made, in Context::sources
    // For the copy and everything below it. Absent if it is already as it must be.
    std::optional<Propagation> propagation;
    bool operator==(const AttachRoot&) const = default;
};

// Makes Context::root the root of our mount namespace; then the old root is gone.
struct PivotRoot {
    std::string origin;
    bool operator==(const PivotRoot&) const = default;
};

// The same if pivot_root(2) is impossible: moves the mount over "/" and calls chroot (for a root on
// an initramfs, and for --no-pivot), or only calls chroot (`move` is false: no mount namespace of
// our own).
struct ChrootInto {
    std::string origin;
    bool move = true;
    bool operator==(const ChrootInto&) const = default;
};

// Sets the propagation and the read-only state of the new root mount, after the switch.
struct ChangeRoot {
    std::string origin;
    std::optional<Propagation> propagation;
    bool readonly = false;
    bool operator==(const ChangeRoot&) const = default;
};

using RootSetupStep = std::variant<SetPropagation, AttachRoot>;
using RootPivotStep = std::variant<PivotRoot, ChrootInto, MakeWorkingDirectory, ChangeRoot>;

struct RootPlan {
    std::vector<OpenSource> sources;   // by the supervisor
    std::vector<RootSetupStep> setup;  // the first in that phase
    std::vector<RootPivotStep> pivot;  // the first in that phase
    bool operator==(const RootPlan&) const = default;
};

enum class RootSwitch { pivot, move };  // move: --no-pivot

RootPlan plan_root(const Spec& spec,
                   const Host& host,
                   const std::string& bundle,
                   RootSwitch root_switch);

// The root file system on the host, absolute; "" if config.json has none.
std::string root_path(const Spec& spec, const std::string& bundle);

// True if config.json lists a mount namespace, new or joined.
[[nodiscard]] bool has_mount_namespace(const Spec& spec);
// True if the first mount is a new one on "/": it becomes the root.
[[nodiscard]] bool covers_root(const Spec& spec);
// True if the supervisor must open mounts of the host: in the container's user namespace init may
// lack the right to reach them.
[[nodiscard]] bool opens_sources_outside(const Spec& spec, const Host& host);

std::string describe(const SetPropagation& step);
std::string describe(const AttachRoot& step);
std::string describe(const PivotRoot& step);
std::string describe(const ChrootInto& step);
std::string describe(const ChangeRoot& step);
Status apply(const SetPropagation& step, Context& context);
Status apply(const AttachRoot& step, Context& context);
Status apply(const PivotRoot& step, Context& context);
Status apply(const ChrootInto& step, Context& context);
Status apply(const ChangeRoot& step, Context& context);

}  // namespace sampan
