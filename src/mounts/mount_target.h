// Where in the container a mount goes: the place is found below the root, and used through a
// descriptor.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/mount_options.h"
#include "os/fd.h"

namespace sampan {

// What is demanded of a destination besides being inside the root.
enum class Placement {
    anywhere,   // but nothing that is inside a procfs
    no_links,   // the same, and no folder on the way may be a link (CVE-2023-27561)
    proc,       // /proc itself: no links, and only a procfs may go there (CVE-2019-16884)
    over_proc,  // one of the files of /proc that may be covered
};

// The placement of a mount of `type` (empty for a bind) on the clean path `destination`. It is an
// error if the place is inside /proc and must keep its meaning.
Result<Placement> place_of(std::string_view destination, std::string_view type);

enum class TargetKind { directory, file };

// What happens to a symbolic link that is the last part of a destination. Links before it are
// followed, inside the root.
enum class LastLink {
    follow,
    cover  // dest-nofollow: mounts on the link itself
};

// An O_PATH descriptor of the destination, which is made if it is missing.
Result<Fd> open_target(const Context& context,
                       const std::string& destination,
                       TargetKind kind,
                       Placement placement,
                       LastLink last_link);

// attach_and_keep(), then changes the mount's propagation.
Status attach_at(Context& context,
                 int mount,
                 int target,
                 const std::string& destination,
                 const std::vector<Propagation>& propagation);

}  // namespace sampan
