// The root file system: made a mount of its own, then made the root (config.md#root,
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

// Cuts all mounts of our namespace off from those of the host, so that nothing of the container's
// reaches it. MS_SLAVE still lets the host's later mounts in, MS_PRIVATE does not.
struct SetPropagation {
    std::string origin;
    Propagation propagation;
    bool operator==(const SetPropagation&) const = default;
};

// Sets Context::root to the root file system at `path` (absolute, a directory). With `mount` it is
// bound on itself, with everything below it; without, it is only opened (no mount namespace).
struct AttachRoot {
    std::string origin;
    std::string path;
    bool mount = true;
    int source_slot = -1;  // a copy that the supervisor made, Context::sources
    // Of the copy and all below it; absent where it is as it has to be.
    std::optional<Propagation> propagation;
    bool operator==(const AttachRoot&) const = default;
};

// Makes Context::root the root of our mount namespace; the old root is gone after it.
struct PivotRoot {
    std::string origin;
    bool operator==(const PivotRoot&) const = default;
};

// The same where pivot_root(2) is impossible: by moving the mount over "/" and chroot (a root on
// initramfs, --no-pivot), or by chroot alone (no mount namespace of our own; `move` is false).
struct ChrootInto {
    std::string origin;
    bool move = true;
    bool operator==(const ChrootInto&) const = default;
};

// Propagation and read-only state of the new root mount, after the switch.
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
    std::vector<RootSetupStep> setup;  // first of all in that phase
    std::vector<RootPivotStep> pivot;  // first of all in that phase
    bool operator==(const RootPlan&) const = default;
};

enum class RootSwitch { pivot, move };  // move: --no-pivot

RootPlan plan_root(const Spec& spec,
                   const Host& host,
                   const std::string& bundle,
                   RootSwitch root_switch);

// True when config.json lists a mount namespace, new or to be joined.
[[nodiscard]] bool has_mount_namespace(const Spec& spec);
// True when mounts of the host must be opened by the supervisor: in the container's user namespace
// init may lack the right to reach them.
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
