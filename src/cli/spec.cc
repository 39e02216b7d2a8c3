#include "spec/spec.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "os/file.h"
#include "spec/default_config.h"

namespace sampan {

Result<int> run_spec(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const Spec spec = parsed.has("rootless") ? default_rootless_config(::geteuid(), ::getegid())
                                             : default_config();
    const std::string text = write_json(spec, JsonStyle::indented) + "\n";
    std::string path = parsed.has("file") ? parsed.text("file") : "config.json";
    if (path == "-") {
        TRY(print(text));
        return 0;
    }
    if (parsed.has("bundle") && !path.starts_with('/')) path = parsed.text("bundle") + "/" + path;
    Result<Fd> file = open_at(cwd, path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (!file && file.error().code() == EEXIST)
        return failf(ErrorKind::already_exists, "{} exists already; it is not overwritten", path);
    Status written = write_all(TRY(std::move(file)).get(), text).in(path);
    if (!written) (void)remove_file(cwd, path);
    TRY(std::move(written));
    return 0;
}

}  // namespace sampan
