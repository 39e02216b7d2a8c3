#include "os/lock.h"

#include <sys/file.h>
#include <time.h>

#include <algorithm>
#include <cerrno>
#include <chrono>

#include "base/text.h"
#include "os/interruption.h"

namespace sampan {

Result<Lock> Lock::wait_for(Fd folder, int kind) {
    while (::flock(folder.get(), kind) < 0)
        if (!is_to_be_repeated()) return fail_errno("locking the container's folder");
    return Lock(std::move(folder));
}

void Lock::release() {
    (void)::flock(folder_.get(), LOCK_UN);  // cannot fail with a descriptor of ours
    folder_.reset();
}

Result<Lock> Lock::take(Fd folder) {
    return wait_for(std::move(folder), LOCK_EX);
}

// flock(2) has no time limit of its own, so we try again, less and less often.
Result<Lock> Lock::take_within(Fd folder, int timeout_ms) {
    using std::chrono::milliseconds;
    constexpr milliseconds longest_pause{50};
    const auto deadline = std::chrono::steady_clock::now() + milliseconds(timeout_ms);
    milliseconds pause{1};
    while (::flock(folder.get(), LOCK_EX | LOCK_NB) < 0) {
        if (errno != EWOULDBLOCK && !is_to_be_repeated())
            return fail_errno("locking the container's folder");
        if (std::chrono::steady_clock::now() >= deadline)
            return fail("waiting for another operation on the container", ETIMEDOUT);
        const timespec time{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(pause).count()};
        (void)::nanosleep(&time, nullptr);  // a signal only makes the next try come earlier
        pause = std::min(pause * 2, longest_pause);
    }
    return Lock(std::move(folder));
}

Result<Lock> Lock::take_shared(Fd folder) {
    return wait_for(std::move(folder), LOCK_SH);
}

Result<std::optional<Lock>> Lock::try_take(Fd folder) {
    while (::flock(folder.get(), LOCK_EX | LOCK_NB) < 0) {
        if (errno == EWOULDBLOCK) return std::nullopt;
        if (!is_to_be_repeated()) return fail_errno("locking the container's folder");
    }
    return Lock(std::move(folder));
}

}  // namespace sampan
