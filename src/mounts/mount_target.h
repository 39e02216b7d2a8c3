// Where in the container a mount goes: resolved below the root, used through a descriptor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/mount_options.h"
#include "os/fd.h"

namespace sampan {

// What a destination is held to, beyond being inside the root.
enum class Placement {
    anywhere,   // but on nothing that is inside a procfs
    no_links,   // the same, and no folder on the way may be a link (CVE-2023-27561)
    proc,       // /proc itself: no links, and only a procfs may go there (CVE-2019-16884)
    over_proc,  // one of the files of /proc that may be covered
};

// The placement of a mount of `type` (empty for a bind) on the clean path `destination`; an error
// for a place inside /proc that must keep its meaning.
Result<Placement> place_of(std::string_view destination, std::string_view type);

enum class TargetKind { directory, file };

// What becomes of a symbolic link that is the last part of a destination. Those before it are
// followed, inside the root.
enum class LastLink {
    follow,
    cover  // dest-nofollow: the mount goes on the link itself
};

// An O_PATH descriptor of the destination, which is made when missing.
Result<Fd> open_target(const Context& context,
                       const std::string& destination,
                       TargetKind kind,
                       Placement placement,
                       LastLink last_link);

// attach_and_keep(), and changes of the mount's propagation.
Status attach_at(Context& context,
                 int mount,
                 int target,
                 const std::string& destination,
                 const std::vector<Propagation>& propagation);

}  // namespace sampan
