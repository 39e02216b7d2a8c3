#include "cli/bundle.h"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "cli/descriptors.h"
#include "cli/line.h"
#include "cli/watch.h"
#include "container/id.h"
#include "container/store.h"
#include "host/host.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

struct Naming {
    std::string id;
    std::string bundle;
};

Result<Naming> name_container(const Parsed& parsed) {
    const std::string argument = parsed.arguments.empty() ? "" : parsed.arguments[0];
    const bool is_bundle = names_bundle(argument);
    if (is_bundle && parsed.has("bundle"))
        return failf(ErrorKind::usage,
                     "{} names a bundle, and so does --bundle; a slash is an invalid character in "
                     "a container ID",
                     argument);
    if (!is_bundle && parsed.arguments.size() > 1)
        return failf(ErrorKind::usage, "too many arguments: {} names a container", argument)
            .hint(format("a program may follow a bundle, whose name has a slash, such as ./mine; a "
                         "program of the host needs -i or -ti: sampan run -i {} ...",
                         quote_word(argument)));
    std::string bundle = is_bundle ? argument : parsed.text("bundle");
    if (bundle.empty()) bundle = ".";
    Result<std::string> path = absolute_path(bundle).in("the bundle");
    if (!path && path.error().code() == ENOENT)
        path.error().set_hint("a bundle is a folder with a config.json; images are not known here");
    Naming naming{"", TRY(std::move(path))};
    naming.id = is_bundle || parsed.arguments.empty()
                    ? naming.bundle.substr(naming.bundle.rfind('/') + 1)
                    : argument;
    for (const char* option : {"name", "id"})
        if (parsed.has(option)) naming.id = parsed.text(option);
    Status checked = check_id(naming.id);
    if (!checked && is_bundle && !parsed.has("id"))
        checked.error().replace_hint(
            format("the ID is the folder's name unless another one is given: --id {}",
                   propose_id(naming.id)));
    TRY(std::move(checked));
    return naming;
}

// An ID without --bundle means the bundle in the current folder. If there is none, another one was
// meant.
std::string guess_bundle(const Parsed& parsed) {
    const std::string argument = parsed.arguments.empty() ? "" : parsed.arguments[0];
    if (parsed.has("bundle") || parsed.has("config") || names_bundle(argument)) return "";
    if (!argument.empty() && ::access((argument + "/config.json").c_str(), F_OK) == 0)
        return format("did you mean ./{}? Without a slash it is only the ID of the container",
                      argument);
    if (!argument.empty())
        return format(
            "the bundle is the current folder unless another one is named: ./FOLDER, or "
            "--bundle FOLDER; a program needs -i or -ti: sampan run -i {}",
            quote_word(argument));
    return "the bundle is the current folder unless another one is named: ./FOLDER, or --bundle "
           "FOLDER";
}

// sd_listen_fds(3): LISTEN_FDS counts only if LISTEN_PID is our pid.
int count_listen_fds() {
    const char* pid = ::secure_getenv("LISTEN_PID");
    const char* count = ::secure_getenv("LISTEN_FDS");
    if (count == nullptr) return 0;
    if (pid != nullptr && parse_number<pid_t>(pid) != ::getpid()) return 0;
    return std::clamp(parse_number<int>(count).value_or(0), 0, most_preserved_fds);
}

// A file in the place of a bundle, probably that of one.
std::string hint_for_file(const std::string& bundle) {
    const size_t slash = bundle.rfind('/');
    if (bundle.substr(slash + 1) != "config.json") return "a bundle is a folder with a config.json";
    return "the bundle is the folder, not the file: " + bundle.substr(0, slash);
}

// A path that need not exist yet, such as that of a folder which will be made.
Result<std::string> foresee_path(const std::string& path) {
    if (path.starts_with('/')) return clean_path(path);
    return clean_path(format("{}/{}", TRY(absolute_path(".")), path));
}

// A container's config.json, and what the container is called.
struct Source {
    Naming naming;
    SpecFile file;
};

// The bundle of a line is the folder in which --save keeps it, or else that of the container, which
// has its config.json too.
Result<Source> compose_source(const Parsed& parsed, const std::string& root) {
    Naming naming{TRY(name_line(parsed)), ""};
    TRY(check_id(naming.id));
    naming.bundle = TRY(
        foresee_path(parsed.has("save") ? parsed.text("save") : format("{}/{}", root, naming.id)));
    const Spec spec = TRY(make_line(parsed, naming.id));
    return Source{std::move(naming), TRY(check_text_of(spec, "config.json of this line"))};
}

Result<Source> read_source(const Parsed& parsed, Reporter& reporter) {
    TRY(check_is_for_bundle(parsed));
    Source source{TRY(name_container(parsed)), {}};
    const std::string path =
        parsed.has("config") ? parsed.text("config") : source.naming.bundle + "/config.json";
    Result<SpecFile> read = read_spec(path);
    if (!read && read.error().code() == ENOENT)
        if (const std::string guess = guess_bundle(parsed); !guess.empty())
            read.error().replace_hint(guess);
    if (!read && read.error().code() == ENOTDIR && !parsed.has("config"))
        read.error().replace_hint(hint_for_file(source.naming.bundle));
    source.file = TRY(std::move(read));
    if (!changes_spec(parsed)) return source;
    Spec& spec = source.file.spec;
    const std::string& root = spec.root->path;
    const bool absolute = root.starts_with('/');
    TRY(edit_spec(
        parsed, spec,
        {std::min(parsed.arguments.begin() + 1, parsed.arguments.end()), parsed.arguments.end()},
        absolute ? root : format("{}/{}", source.naming.bundle, root)));
    // Now: what is unknown in the file is not in the text that we make.
    reporter.config_path = source.file.path;
    reporter.config_text = source.file.text;
    reporter.warnings(source.file.warnings);
    source.file = TRY(check_text_of(spec, path + ", changed by options"));
    source.file.warnings.clear();
    return source;
}

}  // namespace

std::string notify_socket() {
    const char* name = ::secure_getenv("NOTIFY_SOCKET");
    return name == nullptr ? "" : name;
}

Result<PlannedBundle> plan_bundle(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    Source source = TRY(is_line(parsed) ? compose_source(parsed, invocation.globals.root)
                                        : read_source(parsed, invocation.reporter));
    SpecFile& file = source.file;
    invocation.reporter.config_path = file.path;
    invocation.reporter.config_text = file.text;
    invocation.reporter.container = source.naming.id;
    Request request{.id = source.naming.id, .bundle = source.naming.bundle};
    request.cgroup_manager = invocation.globals.cgroup_manager;
    if (parsed.has("no-pivot")) request.root_switch = RootSwitch::move;
    request.new_keyring = !parsed.has("no-new-keyring");
    request.pid_file = parsed.text("pid-file");
    request.pidfd_socket = parsed.text("pidfd-socket");
    request.listen_fds = count_listen_fds();
    TRY(keep_descriptors(invocation, request.listen_fds));
    TRY(watch_if_asked(invocation));
    if (!notify_socket().empty())
        request.notify_folder = TRY(foresee_path(
            format("{}/{}/{}", invocation.globals.root, request.id, notify_folder_name)));

    const Host host = TRY(read_host());
    Plan plan = TRY(make_plan(file.spec, host, request));
    invocation.reporter.warnings(file.warnings);
    invocation.reporter.warnings(plan.warnings);
    return PlannedBundle{std::move(file), std::move(plan)};
}

Result<Store> store_to_create_in(Invocation& invocation) {
    Store store = TRY(Store::open(invocation.globals.root));
    if (const std::optional<Error> doubt = store.doubt()) invocation.reporter.warning(*doubt);
    return store;
}

}  // namespace sampan
