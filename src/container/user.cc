#include "container/user.h"

#include <fcntl.h>

#include "base/text.h"
#include "container/container.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/path.h"
#include "os/procfs.h"

namespace sampan {

namespace {

Result<std::string> read_names(int root, int proc, const char* path) {
    return read_beside("reads the names of users",
                       [&] { return read_account_file(root, proc, path); });
}

Result<AccountFiles> read_files_of(const Container& container) {
    const Fd proc = TRY(open_proc());
    const Fd root =
        TRY(open_at(proc.get(), format("{}/root", container.record.pid), O_PATH | O_DIRECTORY)
                .in("the container's root"));
    // Only now is it certain whose root that is.
    TRY(open_init(container.record));
    AccountFiles files;
    files.passwd = TRY(read_names(root.get(), proc.get(), "etc/passwd"));
    files.group = TRY(read_names(root.get(), proc.get(), "etc/group"));
    return files;
}

}  // namespace

Result<FoundUser> find_user_in(const Store& store, const std::string& name, std::string_view user) {
    Interruptible interruptible;
    const Container container = TRY(find_container(store, name));
    TRY(allow(Operation::exec, container.status, container.record.id));
    const Result<AccountFiles> files = read_files_of(container);
    if (!files && heed_interruption()) return Failure(check_interruption().error());
    if (!files) return Failure(files.error());
    TRY(interruptible.end());
    return find_user(user, *files);
}

}  // namespace sampan
