#include "container/wait.h"

#include "base/text.h"
#include "container/container.h"
#include "os/exit_status.h"

namespace sampan {

namespace {

Failure unknown_exit_code() {
    return fail(ErrorKind::not_running, "the container has ended, and its exit code is not known")
        .hint(
            "only the parent of its first process was told; `wait` learns it if it begins before "
            "the end, since Linux 6.15");
}

}  // namespace

Result<int> wait_for_container(const Store& store, const std::string& name) {
    const Container container = TRY(find_container(store, name));
    const Result<Fd> init = open_init(container.record);
    if (!init && init.error().kind() == ErrorKind::not_running) return unknown_exit_code();
    if (!init) return Failure(init.error());
    const std::optional<ExitStatus> status = TRY(wait_for_other(container.record.pid, init->get()));
    if (!status) return unknown_exit_code();
    return status->code;
}

}  // namespace sampan
