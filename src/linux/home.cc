#include "linux/home.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "linux/kept_mounts.h"
#include "os/file.h"
#include "os/passwd.h"
#include "os/path.h"

namespace sampan {

namespace {

constexpr size_t most_bytes = 1 << 20;

// At most `most_bytes` bytes, in one allocation.
Result<std::string> read_start(int fd, size_t size) {
    std::string text(std::min(size, most_bytes), '\0');
    size_t used = 0;
    while (used < text.size()) {
        const ssize_t got = ::read(fd, text.data() + used, text.size() - used);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return fail_errno("reading it");
        if (got == 0) break;
        used += static_cast<size_t>(got);
    }
    text.resize(used);
    return text;
}

bool is_home(std::string_view path) {
    return path.starts_with('/') &&
           std::ranges::none_of(path, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
}

}  // namespace

Result<std::string> find_home(const Context& context, uint32_t uid) {
    const Result<Fd> found = find_in_container(context, "/etc/passwd", 0);
    if (!found && (found.error().code() == ENOENT || found.error().code() == ENOTDIR)) return "/";
    const auto read = [&]() -> Result<std::string> {
        if (!found) return Failure(found.error());
        const Fd fd = TRY(reopen_regular(context.proc.get(), found->get()));
        return read_start(fd.get(), static_cast<size_t>(TRY(stat_of(fd.get())).st_size));
    };
    const std::string text = TRY(read().in("/etc/passwd"));
    for (const PasswdEntry& entry : parse_passwd(text))
        if (entry.uid == uid && is_home(entry.home)) return std::string(entry.home);
    return "/";
}

}  // namespace sampan
