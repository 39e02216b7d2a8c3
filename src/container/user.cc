#include "container/user.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/text.h"
#include "container/container.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/path.h"
#include "os/procfs.h"

namespace sampan {

namespace {

// In memory, so that nothing of the container is open in our process.
Result<Fd> copy_to_memory(const std::string& text) {
    Fd memory(::memfd_create("accounts", MFD_CLOEXEC));
    if (!memory.valid()) return fail_errno("memfd_create");
    TRY(write_all(memory.get(), text));
    if (::lseek(memory.get(), 0, SEEK_SET) < 0) return fail_errno("going back");
    return memory;
}

Result<std::string> read_beside(int root, int proc, const char* path) {
    const auto copy = [&]() -> Result<Fd> {
        return copy_to_memory(TRY(read_account_file(root, proc, path)));
    };
    const Fd memory = TRY(open_beside("reads the names of users", copy));
    return read_all(memory.get());
}

Result<AccountFiles> read_files_of(const Container& container) {
    const Fd proc = TRY(open_proc());
    const Fd root =
        TRY(open_at(proc.get(), format("{}/root", container.record.pid), O_PATH | O_DIRECTORY)
                .in("the container's root"));
    // Only now is it certain whose root that is.
    TRY(open_init(container.record));
    AccountFiles files;
    files.passwd = TRY(read_beside(root.get(), proc.get(), "etc/passwd"));
    files.group = TRY(read_beside(root.get(), proc.get(), "etc/group"));
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
