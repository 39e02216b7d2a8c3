#include "os/made.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

namespace sampan {

Result<int> make_told(const NewFile& file, const std::function<int()>& make) {
    const auto try_to_make = [&make] { return make() < 0 ? errno : 0; };
    if (file.log == nullptr) return try_to_make();
    // Checked before it is reported. If we were killed right here, whoever undoes it would know
    // only the name, and must not find somebody else's file under it.
    if (TRY(stat_at(file.parent, file.name, AT_SYMLINK_NOFOLLOW))) return EEXIST;
    TRY(file.log->before(file.kind, file.path));
    const int code = try_to_make();
    std::optional<FileIdentity> made;
    if (code == 0)
        if (const auto facts = TRY(stat_at(file.parent, file.name, AT_SYMLINK_NOFOLLOW)))
            made = FileIdentity{facts->st_dev, facts->st_ino};
    TRY(file.log->after(made));
    return code;
}

}  // namespace sampan
