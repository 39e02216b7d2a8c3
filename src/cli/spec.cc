#include <unistd.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/line.h"
#include "cli/output.h"
#include "compose/edits.h"
#include "spec/default_config.h"

namespace sampan {

namespace {

// The program after the options, or the words of --args.
std::vector<std::string> program_of(const Parsed& parsed) {
    return parsed.arguments.empty() ? parsed.all("args") : parsed.arguments;
}

Result<Spec> make_spec(const Parsed& parsed) {
    if (asks_for_line(parsed)) return make_line(parsed, TRY(name_line(parsed)));
    TRY(check_is_for_bundle(parsed));
    Spec spec = parsed.has("rootless") ? default_rootless_config(::geteuid(), ::getegid())
                                       : default_config();
    if (parsed.has("no-terminal")) spec.process->terminal = false;
    if (parsed.has("host-usr")) TRY(add_host_usr(spec));
    const std::string bundle = parsed.has("bundle") ? parsed.text("bundle") : ".";
    TRY(edit_spec(parsed, spec, program_of(parsed), bundle + "/" + spec.root->path));
    return spec;
}

}  // namespace

Result<int> run_spec(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const SpecFile file = TRY(check_text_of(TRY(make_spec(parsed)), "the config.json"));
    std::string path = parsed.has("file") ? parsed.text("file") : "config.json";
    if (path == "-") {
        TRY(print(file.text));
        return 0;
    }
    if (parsed.has("bundle") && !path.starts_with('/')) path = parsed.text("bundle") + "/" + path;
    TRY(write_new_file(path, file.text));
    return 0;
}

}  // namespace sampan
