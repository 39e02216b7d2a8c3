// Names of users and groups (passwd(5), group(5)), by the container's own files. These come from
// the image, so they may contain anything.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/path.h"

namespace sampan {

// The files of a root, as texts; "" for one that does not exist.
struct AccountFiles {
    std::string passwd;
    std::string group;
};

// The files of the root `root` (O_PATH): only regular files, never blocking, 1 MiB of each. `proc`
// is a procfs that was checked.
Result<AccountFiles> read_account_files(int root, int proc);
// The one at `path` in the root.
Result<std::string> read_account_file(int root, int proc, const char* path);
// At most 1 MiB of what `path_fd` (O_PATH) refers to, which must be a regular file.
Result<std::string> read_account_file(int path_fd, int proc);

struct FoundUser {
    uint32_t uid = 0;
    uint32_t gid = 0;
    std::vector<uint32_t> additional_gids;  // of the groups that list the user
    bool operator==(const FoundUser&) const = default;
};

// "USER[:GROUP]", each a number or a name. A number is never taken for a name (CVE-2016-3697).
// Without a group, it is the one that passwd gives the user, and the groups that list the user are
// added; a number without an entry has the group 0. The error for a name that is not there has the
// near ones.
Result<FoundUser> find_user(std::string_view text, const AccountFiles& files);

// A complete number that is an id: the largest one tells the kernel to leave the id as it is.
[[nodiscard]] std::optional<uint32_t> parse_id(std::string_view text);

}  // namespace sampan
