#include "cgroup/operations.h"

#include <algorithm>
#include <cerrno>
#include <csignal>
#include <iterator>
#include <span>

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/owner.h"
#include "cgroup/remove.h"
#include "cgroup/systemd.h"
#include "os/file.h"
#include "os/process.h"

namespace sampan {

namespace {

// A cgroup freezes within milliseconds unless a process sits in an uninterruptible call, such as a
// read from a dead file server.
constexpr int freeze_timeout_ms = 10000;

// The place that lists the container's processes: they are in all of them.
const CgroupPlace* listing_place(const CgroupRecord& record) {
    for (const CgroupPlace& place : record.places)
        if (place.unified) return &place;
    for (const CgroupPlace& place : record.places)
        if (has_controller(place, "pids")) return &place;
    return record.places.empty() ? nullptr : &record.places.front();
}

// Then there is nobody in it for the container: what is there are the processes of another one.
bool is_lost(const CgroupRecord& record) {
    const CgroupPlace* place = listing_place(record);
    return place != nullptr && is_anothers(*place, record);
}

// cgroup2 freezes also without controllers, and better: what it froze can be killed and traced.
const CgroupPlace* freezing_place(const CgroupRecord& record) {
    for (const CgroupPlace& place : record.places)
        if (place.unified) return &place;
    for (const CgroupPlace& place : record.places)
        if (has_controller(place, "freezer")) return &place;
    return nullptr;
}

Result<const CgroupPlace*> require_freezing_place(const CgroupRecord& record) {
    const CgroupPlace* place = freezing_place(record);
    if (place == nullptr) return fail("the container has no cgroup that can be frozen");
    return place;
}

// Who asks for the contrary meanwhile wins, and is not waited for: it will never be frozen then.
Status check_still_asked_for(const std::string& directory, const char* file) {
    if (trim(TRY(read_file(cwd, format("{}/{}", directory, file)))) != "0") return {};
    return failf("freezing the cgroup {}: somebody has thawed it meanwhile", directory);
}

// FROZEN may have to be written again: a process forked at the wrong moment keeps the state at
// FREEZING until then (the kernel's freezer-subsystem documentation), and nothing tells of the
// change.
Status freeze_v1(const std::string& directory, Deadline deadline) {
    Retry retry(deadline);
    const std::string file = directory + "/freezer.state";
    TRY(write_file(cwd, file, "FROZEN"));
    while (trim(TRY(read_file(cwd, file))) != "FROZEN") {
        if (!retry.wait()) return fail(format("freezing the cgroup {}", directory), ETIMEDOUT);
        TRY(check_still_asked_for(directory, "freezer.self_freezing"));
        TRY(write_file(cwd, file, "FROZEN"));
    }
    return {};
}

// In steps: there is no notice of a change of mind before it was frozen.
Status freeze_v2(const std::string& directory, Deadline deadline) {
    constexpr int step_ms = 100;
    TRY(write_file(cwd, directory + "/cgroup.freeze", "1"));
    while (!TRY(wait_for_event(directory, "frozen", 1, std::min(deadline, deadline_in(step_ms))))) {
        TRY(check_still_asked_for(directory, "cgroup.freeze"));
        if (deadline <= deadline_in(0))
            return fail(format("freezing the cgroup {}", directory), ETIMEDOUT);
    }
    return {};
}

Status thaw_place(const CgroupPlace& place) {
    const std::string directory = directory_of(place);
    Status thawed = place.unified ? write_file(cwd, directory + "/cgroup.freeze", "0")
                                  : write_file(cwd, directory + "/freezer.state", "THAWED");
    if (!thawed && is_gone(thawed.error())) return {};
    return thawed;
}

// Kernels before 5.14 have no cgroup.kill: false.
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

// The number of a process that has just ended may be another one's by now, anywhere on the host. So
// all of `pids` are opened, and only those that the cgroup lists once more after that are meant:
// a process that is still there to be signalled had its number meanwhile.
Status signal_listed(const CgroupRecord& record, std::span<const pid_t> pids, int signal) {
    std::vector<Target> targets;
    for (const pid_t pid : pids) {
        Result<Fd> pidfd = open_pidfd(pid);
        if (!pidfd && is_no_process(pidfd.error())) continue;
        targets.push_back({pid, TRY(std::move(pidfd))});
    }
    const std::vector<pid_t> listed = TRY(processes(record));
    for (const Target& target : targets) {
        if (!std::ranges::binary_search(listed, target.pid)) continue;
        const Status sent = send_signal(target.pidfd.get(), signal);
        if (!sent && sent.error().code() != ESRCH) return sent;
    }
    return {};
}

// Rounds until one finds nobody new: without a freezer processes may fork meanwhile.
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
    // So that nobody forks away; where it fails, the rounds of signal_each() do.
    if (freezer != nullptr && !was_frozen) (void)freeze(record);
    Status sent = signal_each(record, signal);
    // A paused container gets its signals when it is resumed, but for SIGKILL, which must not wait.
    const bool stays = was_frozen && signal != SIGKILL;
    if (freezer != nullptr && !stays) {
        Status thawed = thaw_place(*freezer);
        if (sent) sent = std::move(thawed);
    }
    return sent;
}

Status remove_cgroup(const CgroupRecord& record, int timeout_ms) {
    Status removed = remove_places(record, deadline_in(timeout_ms));
    if (!removed || !record.unit) return removed;
    // Mostly systemd has noticed already that nobody is left in it. Without a place create was
    // killed while systemd made it: a scope whose first process has died meanwhile is never
    // noticed.
    bool gone = !record.places.empty();
    for (const CgroupPlace& place : record.places)
        if (TRY(stat_at(cwd, directory_of(place)))) gone = false;
    return gone ? Status() : stop_unit(*record.unit);
}

Status freeze(const CgroupRecord& record) {
    const CgroupPlace* place = TRY(require_freezing_place(record));
    const Deadline deadline = deadline_in(freeze_timeout_ms);
    const std::string directory = directory_of(*place);
    Status frozen =
        place->unified ? freeze_v2(directory, deadline) : freeze_v1(directory, deadline);
    // Half-frozen is worse than running.
    if (!frozen) (void)thaw_place(*place);
    return frozen;
}

Status thaw(const CgroupRecord& record) {
    return thaw_place(*TRY(require_freezing_place(record)));
}

Result<bool> is_frozen(const CgroupRecord& record) {
    const CgroupPlace* place = freezing_place(record);
    if (place == nullptr || is_lost(record)) return false;
    const std::string directory = directory_of(*place);
    // Asked for is enough: cgroup.events tells it only when the last process has stopped.
    const std::optional<std::string> state =
        TRY(read_if_present(directory + (place->unified ? "/cgroup.freeze" : "/freezer.state")));
    if (!state) return false;
    return place->unified ? trim(*state) == "1" : trim(*state) != "THAWED";
}

Result<OomFacts> read_oom_facts(const CgroupRecord& record) {
    OomFacts facts;
    for (const CgroupPlace& place : record.places) {
        if (!has_controller(place, "memory")) continue;
        const std::string directory = directory_of(place);
        const std::optional<std::string> events = TRY(read_if_present(
            directory + (place.unified ? "/memory.events" : "/memory.oom_control")));
        if (events) facts.kills = find_value(*events, "oom_kill").value_or(0);
        facts.limit_bytes =
            read_limit(directory + (place.unified ? "/memory.max" : "/memory.limit_in_bytes"));
        if (facts.limit_bytes == -1) facts.limit_bytes.reset();
        // Kernels before 5.19 have no memory.peak. And none of it: what was killed had not yet
        // used anything that counts.
        facts.peak_bytes = read_number(
            directory + (place.unified ? "/memory.peak" : "/memory.max_usage_in_bytes"));
        if (facts.peak_bytes == 0U) facts.peak_bytes.reset();
        return facts;
    }
    return facts;
}

std::string describe(const OomFacts& facts) {
    std::string text;
    if (facts.limit_bytes) text = format("the limit is {} bytes", *facts.limit_bytes);
    if (facts.peak_bytes)
        text += format("{}the most used was {}{}", text.empty() ? "" : ", ", *facts.peak_bytes,
                       text.empty() ? " bytes" : "");
    return text;
}

}  // namespace sampan
