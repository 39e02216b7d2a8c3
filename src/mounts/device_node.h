// Device nodes for a user namespace, which cannot make any that could be opened (mknod(2)).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>

#include "base/result.h"
#include "linux/context.h"
#include "linux/namespaces.h"
#include "os/fd.h"

namespace sampan {

enum class NodeSource {
    made,  // anew, with the owner and the mode that are asked for
    // The host's node at this path, whatever its owner and mode; made if the host has none, or
    // another one.
    host_or_made,
    // The user namespace does not map the owner. So only the host's node can be meant, from which
    // engines copy what they ask for. It is bound if it is exactly that one.
    host
};

// A node of the host with these numbers belongs to everybody who uses it, so its owner and mode
// must not be changed for the container.
struct DeviceNode {
    mode_t type = 0;  // S_IFCHR or S_IFBLK
    unsigned major = 0;
    unsigned minor = 0;
    mode_t mode = 0;
    // As the host sees them. If the container joins a user namespace, as the container sees them:
    // then the maps are read when the node is made.
    uid_t uid = 0;
    gid_t gid = 0;
    std::optional<JoinNamespace> joined;
    std::string path;
    NodeSource source = NodeSource::made;
    bool operator==(const DeviceNode&) const = default;
};

// "a node 10:229 of 100000:100000 with mode 0660", "a copy of the host's node 10:229, …"
std::string describe(const DeviceNode& node);

// A detached mount of only the node. A node that is made is in a file system of the host's user
// namespace. The supervisor does it, because that needs CAP_MKNOD and CAP_SYS_ADMIN there.
Result<Fd> supply_node(const DeviceNode& node, const Context& context);

// Takes suid and exec from the detached mount of a node of the host, which has the options of the
// host's /dev.
Result<Fd> harden_node(Fd node);

}  // namespace sampan
