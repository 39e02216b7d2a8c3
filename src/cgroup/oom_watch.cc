#include "cgroup/oom_watch.h"

#include <fcntl.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <utility>

#include "base/text.h"
#include "cgroup/files.h"
#include "os/file.h"

namespace sampan {

namespace {

Result<uint64_t> read_kills(int events) {
    if (::lseek(events, 0, SEEK_SET) < 0) return fail_errno("reading memory.events");
    return find_value(TRY(read_all(events)), "oom_kill").value_or(0);
}

// The kernel counts the event up each time that the limit is met and nothing can be freed.
Result<Fd> register_event(const std::string& directory) {
    Fd event(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!event.valid()) return fail_errno("eventfd");
    const Fd control = TRY(open_at(cwd, directory + "/memory.oom_control", O_RDONLY));
    TRY(write_file(cwd, directory + "/cgroup.event_control",
                   format("{} {}", event.get(), control.get())));
    return event;
}

}  // namespace

Result<OomWatch> OomWatch::start(const CgroupRecord& record) {
    OomWatch watch;
    for (const CgroupPlace& place : record.places) {
        if (!has_controller(place, "memory")) continue;
        watch.directory_ = directory_of(place);
        watch.unified_ = place.unified;
        if (!place.unified) {
            watch.file_ = TRY(register_event(watch.directory_).in("watching memory.oom_control"));
            return watch;
        }
        watch.file_ = TRY(open_at(cwd, watch.directory_ + "/memory.events", O_RDONLY));
        // This arms the notification, too.
        watch.kills_ = TRY(read_kills(watch.file_.get()));
        return watch;
    }
    return watch;
}

pollfd OomWatch::wish() const {
    return {file_.get(), static_cast<short>(unified_ ? POLLPRI : POLLIN), 0};
}

Result<bool> OomWatch::take() {
    if (unified_) {
        const Result<uint64_t> kills = read_kills(file_.get());
        if (!kills && is_gone(kills.error())) return false;
        const uint64_t before = std::exchange(kills_, TRY(kills));
        return before < kills_;
    }
    uint64_t count = 0;
    if (::read(file_.get(), &count, sizeof count) < 0) return false;
    // The end of the cgroup is an event, too.
    return TRY(stat_at(cwd, directory_ + "/memory.oom_control")).has_value();
}

}  // namespace sampan
