// Files of a cgroup and the cgroups below it: what several operations need.
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

// The place whose list of processes is read: the container's processes are in all places. Null if
// there is none.
const CgroupPlace* listing_place(const CgroupRecord& record);

// For an error of a cgroup or its files: whether the reason is that the cgroup is not there, or was
// removed while it was examined.
bool is_gone(const Error& error);

// The value of a name in a file with lines "name value" (cgroup.events, memory.events).
std::optional<uint64_t> find_value(std::string_view text, std::string_view name);

// Nothing if the file or the cgroup does not exist.
Result<std::optional<std::string>> read_if_present(const std::string& path);

// Nothing if the file does not exist or contains no number ("max").
std::optional<uint64_t> read_number(const std::string& path);
// The same for a file with a limit of memory in bytes. -1 is no limit, which is "max" on v2, and on
// v1 the largest multiple of the page size. Nothing if the file does not exist.
std::optional<int64_t> read_limit(const std::string& path);

// Whether statfs(2) reports a cgroup file system, rather than something that is mounted on a
// cgroup.
bool is_of_cgroups(const struct statfs& facts);

// A cgroup that the walk is about to leave.
struct WalkedCgroup {
    int directory;            // open for reading
    int parent;               // the same; -1 for the cgroup from which the walk started
    const std::string& name;  // in `parent`
};

// Walks through the cgroups below one. The container may have nested them as deep as it likes: a
// path may be too long for a system call (PATH_MAX), recursive calls may need too much stack, and a
// descriptor for each level may exceed the limit. So this does none of that.
//
// Visits every cgroup below `directory` before that cgroup itself, and `directory` last. Visits
// nothing if it does not exist; a cgroup that vanishes meanwhile is left out. The first error of
// `leave` ends the walk.
Status walk_cgroups(const std::string& directory,
                    const std::function<Status(const WalkedCgroup&)>& leave);

// The processes in the cgroup and in those below it; none if it does not exist. A process of
// another pid namespace, which has no number here, is left out.
Result<std::vector<pid_t>> processes_below(const std::string& directory);

// A moment until which an operation may take.
using Deadline = std::chrono::steady_clock::time_point;
Deadline deadline_in(int timeout_ms);

// Waits until `name` has `value` in cgroup.events of a v2 cgroup. False at the deadline; true also
// if the cgroup is gone.
Result<bool> wait_for_event(const std::string& directory,
                            std::string_view name,
                            uint64_t value,
                            Deadline deadline);

// Pauses between tries, for changes that cgroup v1 does not announce. The first pause is 0.2 ms,
// and each is twice as long as the one before, up to 10 ms, so that a quick change costs little.
// False at the deadline.
class Retry {
  public:
    explicit Retry(Deadline deadline) : deadline_(deadline) {}
    bool wait();

  private:
    Deadline deadline_;
    std::chrono::microseconds pause_{200};
};

}  // namespace sampan
