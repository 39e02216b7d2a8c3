// Device nodes and the links of /dev (config-linux.md#devices, #default-devices).
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "mounts/bind.h"
#include "spec/config.h"

namespace sampan {

struct Host;

enum class DeviceSupply {
    node,  // mknod(2)
    bind,  // the host's node of this path: a user namespace cannot make nodes
    find   // must already exist: /dev is bound from elsewhere and not ours to fill, or we cannot
};

// A device at `path`; folders on the way may be links inside the root. An existing file must be
// this device.
struct MakeDevice {
    std::string origin;
    std::string path;
    mode_t type = 0;  // S_IFCHR, S_IFBLK or S_IFIFO
    unsigned major = 0;
    unsigned minor = 0;
    DeviceSupply supply = DeviceSupply::node;
    mode_t mode = 0666;
    uid_t uid = 0;
    gid_t gid = 0;
    // Which of these are asked for: then an existing node gets them too.
    bool asks_mode = false;
    bool asks_uid = false;
    bool asks_gid = false;
    int source_slot = -1;  // in Context::sources, if the supervisor makes it (OpenSource)
    [[nodiscard]] bool adjusts() const { return asks_mode || asks_uid || asks_gid; }
    bool operator==(const MakeDevice&) const = default;
};

// What happens to a file that has the name of a link but does not mean the same.
enum class TakenName { error, keep, replace };

// A symbolic link of /dev.
struct MakeLink {
    std::string origin;
    std::string path;
    std::string target;
    TakenName taken = TakenName::error;
    std::string only_if;  // a file of /proc that must exist; "" for always
    bool operator==(const MakeLink&) const = default;
};

using DeviceStep = std::variant<MakeDevice, MakeLink>;

// For after the mounts. Default devices and links are left out if config.json binds something on
// /dev, and in a user namespace without a mount namespace.
std::vector<DeviceStep> plan_devices(const Spec& spec, const Host& host);

// Nodes for those of `steps` that config.json lists and that must be bound; their slots begin with
// `slot`. If the supervisor may make nodes, it opens them, and makes those that the host lacks or
// that have another owner or mode. Otherwise, and if the user namespace does not map the owner, the
// host must have exactly that node.
Result<std::vector<OpenSource>> plan_device_nodes(std::vector<DeviceStep>& steps,
                                                  const Spec& spec,
                                                  const Host& host,
                                                  size_t slot);

std::string describe(const MakeDevice& step);
std::string describe(const MakeLink& step);
Status apply(const MakeDevice& step, Context& context);
Status apply(const MakeLink& step, Context& context);

}  // namespace sampan
