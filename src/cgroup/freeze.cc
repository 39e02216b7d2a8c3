#include "cgroup/freeze.h"

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/owner.h"
#include "os/file.h"

namespace sampan {

namespace {

// A cgroup freezes within milliseconds, unless a process is in an uninterruptible call, such as a
// read from a file server that does not answer.
constexpr int freeze_timeout_ms = 10000;

Result<const CgroupPlace*> require_freezing_place(const CgroupRecord& record) {
    const CgroupPlace* place = freezing_place(record);
    if (place == nullptr) return fail("the container has no cgroup that can be frozen");
    TRY(check_not_lost(record));
    return place;
}

// If somebody thaws it meanwhile, it will never be frozen, and we do not wait.
Status check_still_asked_for(const std::string& directory, const char* file) {
    if (trim(TRY(read_file(cwd, format("{}/{}", directory, file)))) != "0") return {};
    return failf("freezing the cgroup {}: somebody has thawed it meanwhile", directory);
}

// FROZEN may have to be written again. A process that was forked at the wrong moment keeps the
// state at FREEZING until then (the kernel's freezer-subsystem documentation), and changes are not
// announced.
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

// In short waits, because it is not announced when somebody thaws it before it was frozen.
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

}  // namespace

const CgroupPlace* freezing_place(const CgroupRecord& record) {
    for (const CgroupPlace& place : record.places)
        if (place.unified) return &place;
    for (const CgroupPlace& place : record.places)
        if (has_controller(place, "freezer")) return &place;
    return nullptr;
}

Status thaw_place(const CgroupPlace& place) {
    const std::string directory = directory_of(place);
    Status thawed = place.unified ? write_file(cwd, directory + "/cgroup.freeze", "0")
                                  : write_file(cwd, directory + "/freezer.state", "THAWED");
    if (!thawed && is_gone(thawed.error())) return {};
    return thawed;
}

Status freeze(const CgroupRecord& record) {
    const CgroupPlace* place = TRY(require_freezing_place(record));
    const Deadline deadline = deadline_in(freeze_timeout_ms);
    const std::string directory = directory_of(*place);
    Status frozen =
        place->unified ? freeze_v2(directory, deadline) : freeze_v1(directory, deadline);
    // Running is better than half-frozen.
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
    // It is enough that freezing was asked for: cgroup.events says so only when the last process
    // has stopped.
    const std::optional<std::string> state =
        TRY(read_if_present(directory + (place->unified ? "/cgroup.freeze" : "/freezer.state")));
    if (!state) return false;
    return place->unified ? trim(*state) == "1" : trim(*state) != "THAWED";
}

}  // namespace sampan
