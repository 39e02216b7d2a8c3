#include "cgroup/kill.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <span>

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/freeze.h"
#include "cgroup/owner.h"
#include "os/file.h"
#include "os/process.h"

namespace sampan {

namespace {

// False on kernels before 5.14, which have no cgroup.kill.
Result<bool> kill_by_kernel(const CgroupRecord& record) {
    const CgroupPlace* place = listing_place(record);
    if (place == nullptr || !place->unified) return false;
    const std::string directory = directory_of(*place);
    const Status killed = write_file(cwd, directory + "/cgroup.kill", "1");
    if (killed) return true;
    if (killed.error().code() == ENODEV) return true;  // the cgroup went meanwhile
    if (killed.error().code() != ENOENT) return Failure(killed.error());
    return !TRY(stat_at(cwd, directory)).has_value();
}

struct Target {
    pid_t pid;
    Fd pidfd;
};

// When a process ends, its number may be given to any other process of the host. So all of `pids`
// are opened first, and then only those are signalled that the cgroup still lists: a process that
// is still there had its number all the time.
Status signal_listed(const CgroupRecord& record, std::span<const pid_t> pids, int signal) {
    std::vector<Target> targets;
    for (const pid_t pid : pids) {
        std::optional<Fd> pidfd = TRY(find_pidfd(pid));
        if (pidfd) targets.push_back({pid, std::move(*pidfd)});
    }
    const std::vector<pid_t> listed = TRY(processes(record));
    for (const Target& target : targets) {
        if (!std::ranges::binary_search(listed, target.pid)) continue;
        const Status sent = send_signal(target.pidfd.get(), signal);
        if (!sent && sent.error().code() != ESRCH) return sent;
    }
    return {};
}

// Repeats until a round finds no new process: without a freezer, processes may fork meanwhile.
Status signal_each(const CgroupRecord& record, int signal) {
    constexpr int rounds = 100;
    constexpr size_t at_once = 128;  // as many descriptors are open
    std::vector<pid_t> told;
    for (int round = 0; round < rounds; ++round) {
        std::vector<pid_t> found;
        std::ranges::set_difference(TRY(processes(record)), told, std::back_inserter(found));
        if (found.empty()) return {};
        for (size_t first = 0; first < found.size(); first += at_once)
            TRY(signal_listed(
                record, std::span(found).subspan(first, std::min(at_once, found.size() - first)),
                signal));
        const auto middle = static_cast<ptrdiff_t>(told.size());
        told.insert(told.end(), found.begin(), found.end());
        std::ranges::inplace_merge(told, told.begin() + middle);
    }
    return fail("processes of the container fork faster than they can be signalled");
}

}  // namespace

Result<std::vector<pid_t>> processes(const CgroupRecord& record) {
    const CgroupPlace* place = listing_place(record);
    if (place == nullptr || is_lost(record)) return std::vector<pid_t>();
    return processes_below(directory_of(*place));
}

Status kill_all(const CgroupRecord& record, int signal) {
    if (is_lost(record)) return {};
    if (signal == SIGKILL && TRY(kill_by_kernel(record))) return {};
    const CgroupPlace* freezer = freezing_place(record);
    const bool was_frozen = TRY(is_frozen(record));
    // Freezing keeps processes from forking. If it fails, the rounds of signal_each() suffice.
    if (freezer != nullptr && !was_frozen) (void)freeze(record);
    Status sent = signal_each(record, signal);
    // A paused container gets its signals when it is resumed, except for SIGKILL, which must not
    // wait.
    const bool stays = was_frozen && signal != SIGKILL;
    if (freezer != nullptr && !stays) {
        Status thawed = thaw_place(*freezer);
        if (sent) sent = std::move(thawed);
    }
    return sent;
}

}  // namespace sampan
