// What the apply functions may use. Init owns one, from the clone to the end; there is no Spec in
// it, so that nothing is decided twice.
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
    std::string destination;  // clean, as planned: links of the image may have led elsewhere
    Fd mount;                 // its root, O_PATH
    PlaceIdentity root;
};

struct Context {
    // The container's root directory (O_PATH) as a mount of its own; set by apply(AttachRoot).
    // Every path of the container is resolved below it (os/path.h), or below one of `mounts`.
    Fd root;
    std::vector<KeptMount> mounts;
    // Told of all that is made in the root itself. What is made in `mounts` goes with them, or is
    // in a volume, whose other users may have it by then.
    std::optional<MadeLog> made_log;
    // The host's /proc (O_PATH), opened and checked before anything of the container was mounted:
    // all writes to /proc go through it (CVE-2019-16884, CVE-2025-52881). It shows the namespaces
    // of whoever uses it, so init's sysctls are the container's.
    Fd proc;
    // Whose processes a new procfs shows, where that is not ours: a pid namespace that the
    // container joins, while we stay out of it ourselves. Invalid otherwise.
    Fd pid_namespace;
    // Bind sources that only the supervisor could open (detached mounts), by
    // BindMount::source_slot.
    std::vector<Fd> sources;
    // For all of these: a mount may need one. Given back before anything of the container's runs.
    DescriptorRoom room;
    // Mounts that become read-only at last, by MakeReadonly::slot. An empty one: a later remount
    // has said otherwise.
    std::vector<Fd> readonly_later;
    // An empty read-only tmpfs (detached), made on first use, that masks folders.
    Fd empty_folder;
    // Master of the container's terminal, once apply(OpenConsole) made it; sent to the supervisor.
    Fd console;
    // Its other side, for init's own stdio.
    Fd console_peer;
};

}  // namespace sampan
