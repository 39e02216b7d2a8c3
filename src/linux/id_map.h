// linux.uidMappings, linux.gidMappings (config-linux.md#user-namespace-mappings).
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "spec/config.h"

namespace sampan {

struct Host;

struct IdMaps {
    std::vector<spec::IdMapping> uids;
    std::vector<spec::IdMapping> gids;
    std::string origin;
    bool operator==(const IdMaps&) const = default;
};

// Pure. Nothing unless a new user namespace is asked for: one that is joined already has its maps.
std::optional<IdMaps> plan_id_maps(const Spec& spec);

// What the writer of the maps may do in the parent of the new user namespace.
struct IdMapRights {
    bool setuid = false;  // effective CAP_SETUID
    bool setgid = false;  // effective CAP_SETGID
    uid_t euid = 0;
    gid_t egid = 0;
};
IdMapRights id_map_rights(const Host& host);

// Writes both maps of the process `pid`, which has just entered its new user namespace, below
// `proc` (a checked procfs). The kernel wants each in one write. Without the capability, "deny" is
// written to setgroups, and only a map of our own id can be written. A longer map is given to
// newuidmap(1) and newgidmap(1), which are only looked for in /usr/bin and /bin.
Status write_id_maps(const IdMaps& maps, const IdMapRights& rights, int proc, pid_t pid);
// Why the kernel may have refused the map (EPERM), as a hint; "" if it cannot be told. `ours` is
// that of our own user namespace. Pure.
std::string why_map_is_refused(std::span<const spec::IdMapping> asked,
                               std::span<const spec::IdMapping> ours,
                               bool lacks_setfcap);
// "map uids 0-65535 to 100000, gids 0-65535 to 100000"
std::string describe(const IdMaps& maps);

// True if write_id_maps() will deny setgroups(2) in the namespace: then additionalGids cannot be
// set.
bool denies_setgroups(const IdMaps& maps, const IdMapRights& rights);

// The maps of a process's user namespace, from `proc` (a checked procfs); `process` is its pid, or
// "self". Read from another namespace, they map to ids as that namespace sees them.
Result<IdMaps> read_id_maps(int proc, const std::string& process);

// The ids of the container that have a meaning: "0-9, 1000".
std::string mapped_ids(std::span<const spec::IdMapping> map);
// The text of a map file, with a line "0 100000 65536\n" for each range.
std::string id_map_text(std::span<const spec::IdMapping> map);
// An id of the container as its parent namespace sees it, and back; nothing if it is not mapped.
std::optional<uint32_t> host_id(std::span<const spec::IdMapping> map, uint32_t container_id);
std::optional<uint32_t> container_id(std::span<const spec::IdMapping> map, uint32_t host_id);

}  // namespace sampan
