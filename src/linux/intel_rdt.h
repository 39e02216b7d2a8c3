// linux.intelRdt (config-linux.md#intelrdt): groups of a mounted resctrl file system.
#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/mount_api.h"
#include "spec/config.h"
#include "spec/object_type.h"

namespace sampan {

struct JoinRdtGroup {
    std::string group;    // below the root of resctrl; "" is the default group
    bool is_own = false;  // named after the container: if we make it, it is removed with it
    // l3CacheSchema and memBwSchema: written to a group that we make, compared with a group that
    // exists.
    std::vector<std::string> lines;
    // schemata: written after them, in this order, to an existing group too.
    std::vector<std::string> schemata;
    std::string monitor;  // the MON group below it; "" for none
    std::string origin;
    bool operator==(const JoinRdtGroup&) const = default;
};

// Folders that delete must remove, absolute; "" for none.
struct RdtRecord {
    std::string group;
    std::string monitor;
    bool operator==(const RdtRecord&) const = default;
};

// Pure.
std::optional<JoinRdtGroup> plan_intel_rdt(const Spec& spec, const std::string& id);
std::string describe(const JoinRdtGroup& step);

// Where resctrl is mounted and visible. An error if it is not.
Result<std::string> find_resctrl();
// The same from the text of /proc/self/mountinfo. `is_seen` says whether a mount is covered; null:
// none is.
Result<std::string> find_resctrl(std::string_view mountinfo, const IsSeenAt& is_seen);
// True if each domain of `wanted` ("L3:0=ff;1=3") has that value in the text of a schemata file.
bool has_schema(std::string_view schemata, std::string_view wanted);

// What make_rdt_group() will make below `root`, for the record.
Result<RdtRecord> foresee_rdt_group(const JoinRdtGroup& step, const std::string& root);
// Makes the group and writes its schemata, or checks the existing group: with a closID and no
// schema it must exist, with l3CacheSchema or memBwSchema it must match. Returns what it has made,
// even a group with a closID, for a create that fails later. On failure nothing of it stays.
Result<RdtRecord> make_rdt_group(const JoinRdtGroup& step, const std::string& root);
Status enter_rdt_group(const JoinRdtGroup& step, const std::string& root, pid_t pid);

// For `update`: changes only the resources that the lines name.
Status update_rdt_group(const JoinRdtGroup& step,
                        const std::vector<std::string>& lines,
                        const std::string& root);
// Removes what is left of the group.
Status remove_rdt_group(const RdtRecord& record);

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<RdtRecord>();
}  // namespace sampan::spec
