#include "launch/hook_files.h"

#include "base/text.h"
#include "os/file.h"
#include "os/regular_file.h"
#include "spec/annotations.h"

namespace sampan {

namespace {

Result<Fd> open_hook_file(const std::map<std::string, std::string>& annotations,
                          std::string_view name) {
    const std::optional<std::string> path = spec::find_annotation(annotations, name);
    if (!path) return Fd();
    return open_to_append(cwd, *path, 0600)
        .in("the file for what hooks print")
        .at(spec::place_of_annotation(name));
}

}  // namespace

Result<HookFiles> open_hook_files(const std::map<std::string, std::string>& annotations) {
    return HookFiles{TRY(open_hook_file(annotations, spec::hooks_stdout)),
                     TRY(open_hook_file(annotations, spec::hooks_stderr))};
}

Status append_hook_output(const std::map<std::string, std::string>& annotations,
                          std::string_view output) {
    if (output.empty()) return {};
    const Fd file = TRY(open_hook_file(annotations, spec::hooks_stdout));
    return file.valid() ? write_all(file.get(), output) : Status();
}

}  // namespace sampan
