#include "mounts/working_directory.h"

#include <fcntl.h>

#include <cerrno>

#include "base/text.h"
#include "linux/kept_mounts.h"

namespace sampan {

std::optional<MakeWorkingDirectory> plan_working_directory(const Spec& spec) {
    if (!spec.process || spec.process->cwd == "/") return std::nullopt;
    return MakeWorkingDirectory{.origin = "/process/cwd", .path = spec.process->cwd};
}

std::string describe(const MakeWorkingDirectory& step) {
    return format("make the working directory {} if it is missing", step.path);
}

Status apply(const MakeWorkingDirectory& step, Context& context) {
    const Result<Fd> there = find_in_container(context, step.path, O_DIRECTORY);
    if (there || there.error().code() != ENOENT) return {};
    TRY(make_folders_in_container(context, step.path));
    return {};
}

}  // namespace sampan
