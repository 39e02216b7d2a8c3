#include "linux/home.h"

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "linux/kept_mounts.h"
#include "linux/user_names.h"
#include "os/passwd.h"

namespace sampan {

namespace {

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
        return read_account_file(found->get(), context.proc.get());
    };
    const std::string text = TRY(read().in("/etc/passwd"));
    for (const PasswdEntry& entry : parse_passwd(text))
        if (entry.uid == uid && is_home(entry.home)) return std::string(entry.home);
    return "/";
}

}  // namespace sampan
