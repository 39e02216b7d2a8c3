#include "linux/working_directory.h"

#include <fcntl.h>

#include <cerrno>

#include "base/text.h"
#include "os/path.h"

namespace sampan {

std::optional<MakeWorkingDirectory> plan_working_directory(const Spec& spec) {
    if (!spec.process || spec.process->cwd == "/") return std::nullopt;
    return MakeWorkingDirectory{.origin = "/process/cwd", .path = spec.process->cwd};
}

std::string describe(const MakeWorkingDirectory& step) {
    return format("make the working directory {} if it is missing", step.path);
}

Status apply(const MakeWorkingDirectory& step, Context& context) {
    const int root = context.root.get();
    const Result<Fd> there = open_in_root(root, step.path, O_PATH | O_DIRECTORY);
    if (there || there.error().code() != ENOENT) return {};
    TRY(make_directories_in_root(root, step.path));
    return {};
}

}  // namespace sampan
