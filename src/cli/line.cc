#include "cli/line.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/random.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.h"
#include "cli/option_tables.h"
#include "cli/resource_options.h"
#include "compose/edits.h"
#include "compose/machine.h"
#include "compose/seccomp_default.h"
#include "container/id.h"
#include "host/host.h"
#include "linux/user_names.h"
#include "mounts/foreseen_files.h"
#include "mounts/mount_options.h"
#include "os/file.h"
#include "os/procfs.h"
#include "spec/writer.h"

namespace sampan {

namespace {

// The terminal, the language and the time zone. Others may be secrets, and -e passes them on.
constexpr std::array taken_over{"PATH", "TERM", "COLORTERM", "LANG", "LANGUAGE", "LC_ALL", "TZ"};

std::string variable_of_ours(const std::string& name) {
    const char* value = ::secure_getenv(name.c_str());
    return value == nullptr ? "" : format("{}={}", name, value);
}

Result<Caller> describe_caller(const Host& host) {
    Caller caller = TRY(read_caller(host));
    // The user is root in the container, but /root is not the user's to read.
    if (!host.is_privileged())
        if (std::string home = variable_of_ours("HOME"); !home.empty())
            caller.variables.push_back(std::move(home));
    for (const char* name : taken_over)
        if (std::string variable = variable_of_ours(name); !variable.empty())
            caller.variables.push_back(std::move(variable));
    return caller;
}

// A file name as a part of an ID.
std::string plain_name(std::string_view path) {
    const std::string_view name = path.substr(path.rfind('/') + 1);
    constexpr size_t enough = 20;
    std::string plain;
    for (const char c : name.substr(0, enough))
        if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')) plain += c;
    return plain.empty() ? "line" : plain;
}

Result<std::string> with_environment(const std::string& text) {
    if (text.empty() || text.starts_with('='))
        return failf(ErrorKind::usage, "takes NAME=VALUE, or NAME to pass on, not \"{}\"", text);
    if (text.contains('=')) return text;
    // A variable that the caller does not have is not set, as with Docker.
    return variable_of_ours(text);
}

Status edit_environment(const Parsed& parsed, Spec& spec) {
    for (const std::string& text : parsed.all("env")) {
        const std::string assignment = TRY(with_environment(text).in("--env"));
        if (!assignment.empty()) set_variable(*spec.process, assignment);
    }
    return {};
}

// What the container will see: its root, and what is bound over it.
Result<AccountFiles> foresee_account_files(const Spec& spec, const std::string& root) {
    ForeseenFiles files(TRY(open_at(cwd, root, O_PATH | O_DIRECTORY).in("the root")));
    for (const spec::Mount& mount : spec.mounts)
        if (parse_mount_options(mount.options).bind != Binding::none && mount.source)
            files.bind(*mount.source, mount.destination);
    const Fd proc = TRY(open_proc());
    const auto read = [&](const char* path) -> Result<std::string> {
        const Result<Fd> found = files.open(path);
        if (!found && (found.error().code() == ENOENT || found.error().code() == ENOTDIR))
            return "";
        if (!found) return Failure(found.error());
        return read_account_file(found->get(), proc.get()).in(path);
    };
    return AccountFiles{TRY(read("/etc/passwd")), TRY(read("/etc/group"))};
}

// A program of another user than root has no capabilities, as with Docker; what it executes could
// still gain those of the bounding set.
Status edit_user(const Parsed& parsed, Spec& spec, const std::string& root) {
    if (!parsed.has("user")) return {};
    const FoundUser found =
        TRY(find_user(parsed.text("user"), TRY(foresee_account_files(spec, root))));
    spec::User& user = spec.process->user;
    user.uid = found.uid;
    user.gid = found.gid;
    user.additional_gids = found.additional_gids;
    if (user.uid == 0 || !spec.process->capabilities) return {};
    spec.process->capabilities->effective.clear();
    spec.process->capabilities->permitted.clear();
    return {};
}

// As with Docker, whatever the order: without ALL first, then what is added, then what is taken
// away.
Status edit_capabilities(const Parsed& parsed, Spec& spec, unsigned last) {
    const auto names_of = [&](const char* option) {
        std::vector<std::string> names;
        for (const std::string& list : parsed.all(option))
            for (const std::string_view name : split(list, ','))
                names.emplace_back(name);
        return names;
    };
    const std::vector<std::string> dropped = names_of("cap-drop");
    const auto drop = [&](bool all) -> Status {
        for (const std::string& name : dropped)
            if (is_all(name) == all) TRY(drop_capability(spec, name).in("--cap-drop"));
        return {};
    };
    TRY(drop(true));
    for (const std::string& name : names_of("cap-add"))
        TRY(add_capability(spec, name, last).in("--cap-add"));
    TRY(drop(false));
    return {};
}

Status edit_mounts(const Parsed& parsed, Spec& spec) {
    if (parsed.has("read-only")) spec.root->readonly = true;
    if (!parsed.has("volume")) return {};
    const std::string folder = TRY(absolute_path("."));
    for (const std::string& volume : parsed.all("volume"))
        TRY(add_volume(spec, volume, folder).in("--volume"));
    return {};
}

Status edit_network(const Parsed& parsed, Spec& spec) {
    const std::string net = parsed.has("net") ? parsed.text("net") : "none";
    if (net == "host") share_network(spec);
    if (net == "host" || net == "none") return {};
    return failf(ErrorKind::usage, "--net is host or none, not \"{}\"", net)
        .hint("sampan sets up no networks: an engine, or ip(8) from a hook, can");
}

Status edit_propagation(const Parsed& parsed, Spec& spec) {
    if (!parsed.has("propagation")) return {};
    using enum spec::RootfsPropagation;
    constexpr std::array names{std::pair("private", private_), std::pair("slave", slave),
                               std::pair("shared", shared), std::pair("unbindable", unbindable)};
    std::string name = parsed.text("propagation");
    if (name.starts_with('r') && name != "r") name.erase(0, 1);
    for (const auto& [word, value] : names) {
        if (name != word) continue;
        spec.linux_->rootfs_propagation = value;
        return {};
    }
    return failf(ErrorKind::usage,
                 "--propagation is private, slave, shared or unbindable, not \"{}\"",
                 parsed.text("propagation"));
}

Status edit_limits(const Parsed& parsed, Spec& spec) {
    spec::Resources resources;
    if (spec.linux_->resources) resources = *spec.linux_->resources;
    const spec::Resources before = resources;
    TRY(apply_resource_options(parsed, resources));
    if (resources != before) spec.linux_->resources = std::move(resources);
    if (parsed.has("cpus")) TRY(set_cpus(spec, parsed.text("cpus")).in("--cpus"));
    return {};
}

Status check_is_no_bundle(const std::string& program) {
    const auto facts = stat_at(cwd, program + "/config.json");
    if (!program.contains('/') || !facts || !*facts) return {};
    return failf(ErrorKind::usage,
                 "{} is a bundle, and with -t, -i or --rootfs a program must follow", program)
        .hint(format("leave these options out: sampan run {}", program));
}

bool is_one_of(std::span<const Option> options, const std::string& name) {
    return std::ranges::any_of(options, [&](const Option& option) { return name == option.name; });
}

}  // namespace

bool asks_for_line(const Parsed& parsed) {
    return parsed.has("tty") || parsed.has("interactive") || parsed.has("rootfs");
}

bool is_line(const Parsed& parsed) {
    if (asks_for_line(parsed)) return true;
    const std::string first = parsed.arguments.empty() ? "" : parsed.arguments[0];
    if (parsed.has("bundle") || parsed.has("config") || first.empty() || names_bundle(first))
        return false;
    return std::ranges::any_of(parsed.values, [](const auto& given) {
        return is_one_of(change_options, given.first) || is_one_of(line_options, given.first);
    });
}

bool program_follows_in_a_line(const Parsed& leading) {
    const std::vector<std::string>& words = leading.arguments;
    return is_line(leading) ||
           (words.size() > 1 && names_bundle(words[0]) && !words[1].starts_with('-'));
}

Status check_is_for_bundle(const Parsed& parsed) {
    for (const char* option : {"write", "privileged", "user-ns", "save"})
        if (parsed.has(option))
            return failf(
                       ErrorKind::usage,
                       "--{} is for a line without a bundle: a bundle says this in its config.json",
                       option)
                .hint("for example: sampan run -i --rootfs DIR PROGRAM");
    return {};
}

bool changes_spec(const Parsed& parsed) {
    return parsed.arguments.size() > 1 || std::ranges::any_of(parsed.values, [](const auto& given) {
               return is_one_of(change_options, given.first);
           });
}

Result<std::string> name_line(const Parsed& parsed) {
    for (const char* option : {"name", "id"})
        if (parsed.has(option)) return parsed.text(option);
    if (parsed.arguments.empty())
        return fail(ErrorKind::usage, "which program? Its name and arguments come last")
            .hint("for example: sampan run -ti /bin/sh");
    std::array<unsigned char, 3> random{};
    if (::getrandom(random.data(), random.size(), 0) < 0) return fail_errno("making up an ID");
    return format("{}-{:02x}{:02x}{:02x}", plain_name(parsed.arguments[0]), random[0], random[1],
                  random[2]);
}

Result<Spec> make_line(const Parsed& parsed, const std::string& id) {
    if (parsed.has("write") && !parsed.has("rootfs"))
        return fail(ErrorKind::usage,
                    "--write is for --rootfs: the host's own system is never changed");
    if (!parsed.arguments.empty()) TRY(check_is_no_bundle(parsed.arguments[0]));
    const Host host = TRY(read_host());
    MachineRequest request{.write = parsed.has("write"), .user_namespace = parsed.has("user-ns")};
    if (parsed.has("rootfs"))
        request.root = TRY(absolute_path(parsed.text("rootfs")).in("--rootfs"));
    Spec spec = TRY(compose_machine(request, host, TRY(describe_caller(host))));
    constexpr size_t longest = 64;  // sethostname(2)
    spec.hostname = id.substr(0, longest);
    spec.process->terminal = parsed.has("tty");
    if (parsed.has("privileged")) set_privileged(spec, host.last_capability);
    TRY(edit_spec(parsed, spec, parsed.arguments, request.root));
    if (!parsed.has("privileged"))
        spec.linux_->seccomp = default_seccomp(spec.process->capabilities->bounding);
    return spec;
}

Status edit_spec(const Parsed& parsed,
                 Spec& spec,
                 const std::vector<std::string>& program,
                 const std::string& root) {
    if (!spec.process) spec.process.emplace();
    if (!spec.linux_) spec.linux_.emplace();
    if (!program.empty()) spec.process->args = program;
    if (parsed.has("hostname")) {
        if (parsed.text("hostname").empty()) return fail(ErrorKind::usage, "--hostname is empty");
        spec.hostname = parsed.text("hostname");
    }
    if (parsed.has("workdir")) spec.process->cwd = parsed.text("workdir");
    TRY(edit_environment(parsed, spec));
    TRY(edit_mounts(parsed, spec));
    TRY(edit_network(parsed, spec));
    TRY(edit_propagation(parsed, spec));
    if (parsed.has("cap-add") || parsed.has("cap-drop"))
        TRY(edit_capabilities(parsed, spec, TRY(read_host()).last_capability));
    // After the mounts, which may bring another passwd, and the capabilities.
    TRY(edit_user(parsed, spec, root).in("--user"));
    return edit_limits(parsed, spec);
}

Result<SpecFile> check_text_of(const Spec& spec, const std::string& path) {
    return read_spec_text(write_json(spec, JsonStyle::indented) + "\n", path);
}

Status write_new_file(const std::string& path, const std::string& text) {
    Result<Fd> file = open_at(cwd, path, O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (!file && file.error().code() == EEXIST)
        return failf(ErrorKind::already_exists, "{} exists already; it is not overwritten", path);
    Status written = write_all(TRY(std::move(file)).get(), text).in(path);
    if (!written) (void)remove_file(cwd, path);
    return written;
}

Status save_bundle(const SpecFile& file, const std::string& folder) {
    TRY(make_directories(folder, 0755));
    return write_new_file(folder + "/config.json", file.text);
}

}  // namespace sampan
