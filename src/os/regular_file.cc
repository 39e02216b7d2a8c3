#include "os/regular_file.h"

#include <fcntl.h>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

// O_NONBLOCK is for a file that turns out to be a FIFO; regular files ignore it.
Result<Fd> open_regular(int dir, const std::string& name, int flags, mode_t mode) {
    Fd fd = TRY(open_at(dir, name, flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY, mode));
    if (!S_ISREG(TRY(stat_of(fd.get())).st_mode)) return failf("{} is not a regular file", name);
    return fd;
}

}  // namespace

Result<std::string> read_regular_file(int dir, const std::string& name, size_t limit) {
    const Fd fd = TRY(open_regular(dir, name, O_RDONLY, 0));
    return read_all(fd.get(), limit).in(name);
}

Result<Fd> open_to_append(int dir, const std::string& name, mode_t mode) {
    return open_regular(dir, name, O_WRONLY | O_APPEND | O_CREAT, mode);
}

}  // namespace sampan
