// Device nodes for a user namespace, which may make none that could be opened (mknod(2)).
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
    // The host's at its path, whatever its owner and mode; made where the host has another or none.
    host_or_made,
    // The user namespace lacks the owner: what is meant can only be the host's node, from which
    // engines copy what they ask for. It is bound if it is just that.
    host
};

// A node of the host's with these numbers belongs to all who use it, so
// that its owner and mode are not the container's to change.
struct DeviceNode {
    mode_t type = 0;  // S_IFCHR or S_IFBLK
    unsigned major = 0;
    unsigned minor = 0;
    mode_t mode = 0;
    // As the host sees them; as the container does where it joins a user namespace, whose maps are
    // read when the node is made.
    uid_t uid = 0;
    gid_t gid = 0;
    std::optional<JoinNamespace> joined;
    std::string path;
    NodeSource source = NodeSource::made;
    bool operator==(const DeviceNode&) const = default;
};

// "a node 10:229 of 100000:100000 with mode 0660", "a copy of the host's node 10:229, …"
std::string describe(const DeviceNode& node);

// A detached mount of the node alone; of one that is made, in a file system of the host's user
// namespace. By the supervisor: that needs CAP_MKNOD and CAP_SYS_ADMIN there.
Result<Fd> supply_node(const DeviceNode& node, const Context& context);

}  // namespace sampan
