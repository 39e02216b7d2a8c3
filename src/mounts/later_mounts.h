// Mounts that come to a container which is already there.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/added_mounts.h"
#include "mounts/bind.h"
#include "mounts/filesystem.h"
#include "spec/config.h"

namespace sampan {

struct Host;

// The host's root is out of sight inside, so all mounts are made outside, detached, and are only
// attached inside.
struct LaterMounts {
    // SourceView::container: a file system is made in the container's namespaces. A bind is copied
    // in a mount namespace that belongs to the container's user namespace, where the kernel has
    // locked the host's flags for it.
    std::vector<OpenSource> sources;
    using Step = std::variant<MountFilesystem, BindMount>;
    std::vector<Step> setup;           // inside
    std::vector<MakeReadonly> finish;  // inside, after all of them
    std::vector<Problem> warnings;
    bool operator==(const LaterMounts&) const = default;
};

// Pure. `spec` is the container's config.json, with the new mounts in the place of its own. Refuses
// what cannot be made later: file systems that show the kernel of the process that mounts them
// (proc, sysfs, cgroup), changes of mounts, and what is copied from the root or into it.
Result<LaterMounts> plan_later_mounts(const Spec& spec,
                                      const Host& host,
                                      const std::string& bundle);

// In the container's mount namespace, with its root and the sources in `context`. If one fails,
// those before it are unmounted again, and what was made in the root for them is removed.
Status add_later(const LaterMounts& mounts, Context& context);

// In the container's mount namespace: unmounts those of the sources that are attached.
void remove_attached(const Context& context);

// What add_later() will attach, for the record: a mount keeps its numbers when it is attached.
// `sources` are those of Context.
Result<std::vector<AddedMount>> foresee_added(const LaterMounts& mounts,
                                              const std::vector<Fd>& sources);

}  // namespace sampan
