// Files of a cgroup, and cgroups below it: what several operations need.
#pragma once

#include <sys/vfs.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/record.h"
#include "os/fd.h"

namespace sampan {

// The place that lists the container's processes: they are in all of them. Null where there is
// none.
const CgroupPlace* listing_place(const CgroupRecord& record);

// For an error of a cgroup or of its files: it is not there, or went while it was looked at.
bool is_gone(const Error& error);

// The value behind a name in a file of "name value" lines (cgroup.events, memory.events).
std::optional<uint64_t> find_value(std::string_view text, std::string_view name);

// Nothing when the file, or the cgroup, is not there.
Result<std::optional<std::string>> read_if_present(const std::string& path);

// Nothing when the file is missing or has no number ("max").
std::optional<uint64_t> read_number(const std::string& path);
// The same for a file with a limit of memory in bytes: -1 for none, which is "max" on v2 and the
// largest multiple of the page size on v1. Nothing when the file is missing.
std::optional<int64_t> read_limit(const std::string& path);

// Whether statfs(2) tells of a cgroup file system, and not of something mounted on a cgroup.
bool is_of_cgroups(const struct statfs& facts);

// A cgroup, as the walk leaves it.
struct WalkedCgroup {
    int directory;            // open for reading
    int parent;               // the same; -1 for the cgroup from which the walk started
    const std::string& name;  // in `parent`
};

// A walk through the cgroups below one. The container may have nested them as deep as it likes, so
// that no path would be short enough for a system call (PATH_MAX), no stack deep enough for calls
// in calls, and no limit high enough for a descriptor each.
//
// Visits every cgroup below `directory`, and itself at last: those below come first. None when it
// is gone; one that goes meanwhile is left out. The first error of `leave` ends the walk.
Status walk_cgroups(const std::string& directory,
                    const std::function<Status(const WalkedCgroup&)>& leave);

// Processes of the cgroup and of those below it; none when it is gone. A process of another pid
// namespace, which has no number here, is left out.
Result<std::vector<pid_t>> processes_below(const std::string& directory);

// A moment until which something may take.
using Deadline = std::chrono::steady_clock::time_point;
Deadline deadline_in(int timeout_ms);

// Waits until `name` has `value` in cgroup.events of a v2 cgroup: false at the deadline, true also
// when the cgroup is gone.
Result<bool> wait_for_event(const std::string& directory,
                            std::string_view name,
                            uint64_t value,
                            Deadline deadline);

// Between two tries of what cgroup v1 gives no notice of. Starts at 0.2 ms and doubles up to 10 ms,
// so that a cgroup that is free soon costs next to nothing; false at the deadline.
class Retry {
  public:
    explicit Retry(Deadline deadline) : deadline_(deadline) {}
    bool wait();

  private:
    Deadline deadline_;
    std::chrono::microseconds pause_{200};
};

}  // namespace sampan
