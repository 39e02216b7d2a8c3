// What the apply functions may use. Init has one from the clone to its end. There is no Spec in it,
// so that nothing is decided twice.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "os/descriptor_room.h"
#include "os/fd.h"
#include "os/made.h"
#include "os/mount_api.h"

namespace sampan {

// A mount that we attached in the container (linux/kept_mounts.h).
struct KeptMount {
    std::string destination;  // clean, as planned; links of the image may have led elsewhere
    Fd mount;                 // its root, O_PATH
    PlaceIdentity root;
};

struct Context {
    // The container's root directory (O_PATH), which is a mount of its own; set by
    // apply(AttachRoot). Every path of the container is resolved below it (os/path.h), or below one
    // of `mounts`.
    Fd root;
    std::vector<KeptMount> mounts;
    // Reports everything that is made in the root itself. What is made in `mounts` is not reported:
    // it vanishes with them, or is in a volume, whose other users may already use it.
    std::optional<MadeLog> made_log;
    // The host's /proc (O_PATH), opened and checked before anything of the container was mounted:
    // all writes to /proc go through it (CVE-2019-16884, CVE-2025-52881). It shows the namespaces
    // of the process that uses it, so that init writes the container's sysctls.
    Fd proc;
    // If we stay out of a pid namespace that the container joins: that namespace, whose processes a
    // new procfs must show. Otherwise invalid.
    Fd pid_namespace;
    // Bind sources that only the supervisor could open (detached mounts), indexed by
    // BindMount::source_slot.
    std::vector<Fd> sources;
    // Room for all of these, because a mount may need a descriptor. Given back before anything of
    // the container runs.
    DescriptorRoom room;
    // Mounts that become read-only at the end, indexed by MakeReadonly::slot. An empty one: a later
    // remount has changed that.
    std::vector<Fd> readonly_later;
    // An empty read-only tmpfs (detached) that masks folders; made when it is first needed.
    Fd empty_folder;
    // The master of the container's terminal, once apply(OpenConsole) has made it; sent to the
    // supervisor.
    Fd console;
    // Its other side, for init's own standard streams.
    Fd console_peer;
};

}  // namespace sampan
