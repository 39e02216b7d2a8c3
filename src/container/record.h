// What is remembered of a container (state.json in its folder): everything that later commands
// need, and that is needed to undo a create that was killed. It has no status, which is computed
// from facts each time (status.h).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/record.h"
#include "linux/intel_rdt.h"
#include "linux/namespace_record.h"
#include "mounts/host_mounts.h"
#include "mounts/made_in_root.h"

namespace sampan {

struct Record {
    std::string oci_version;
    std::string id;
    std::string bundle;   // absolute
    std::string rootfs;   // absolute
    std::string created;  // RFC 3339, UTC, with nanoseconds
    uint32_t owner = 0;   // uid of the process that called create
    std::map<std::string, std::string> annotations;

    // The pid namespace of create, by its inode: pids in the record are those of that namespace.
    uint64_t pid_namespace = 0;

    // The process of create. It holds the container's lock until everything is done.
    int32_t create_pid = 0;
    // Init, from the moment it exists.
    int32_t pid = 0;
    // field 22 of /proc/PID/stat: tells it from another process of that number
    uint64_t start_time = 0;
    // What init executes while it waits for `start` (the file behind /proc/PID/exe). When it
    // executes something else, that is the user's program.
    uint64_t waiting_device = 0;
    uint64_t waiting_inode = 0;
    // Create is complete. Before that, the record only lists what must be undone.
    bool ready = false;

    bool has_program = false;        // config.json has process.args
    bool own_pid_namespace = false;  // the kernel ends all processes with init
    bool new_keyring = false;        // other processes get one too
    bool has_seccomp_agent = false;  // a filter with SCMP_ACT_NOTIFY: start needs its listenerPath
    bool has_notify_folder = false;  // for the socket of sd_notify(3)
    bool has_poststart_hooks = false;
    bool has_poststop_hooks = false;
    // Our standard streams, which became the container's, in CRIU's words: "pipe:[4711]",
    // "file[1c:2a]"; "" for others. A restore puts its own in their place. Empty for a terminal.
    std::vector<std::string> streams;
    std::vector<NamespaceRecord> namespaces;
    CgroupRecord cgroup;
    std::optional<RdtRecord> rdt;
    std::optional<HostMountsRecord> host_mounts;  // if it has no mount namespace of its own
    std::optional<MadeInRoot> made_in_root;
    bool operator==(const Record&) const = default;
};

std::string write_record(const Record& record);
Result<Record> read_record(std::string_view text, std::string_view name);

// "sampan container web, 2026-01-01T00:00:00.000000000Z": names this container and no other, for
// its cgroup and unit.
std::string describe(const Record& record);

}  // namespace sampan
