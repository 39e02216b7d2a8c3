#include "compose/machine.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "compose/edits.h"
#include "compose/layers.h"
#include "compose/sub_ids.h"
#include "host/host.h"
#include "os/file.h"
#include "os/passwd.h"
#include "spec/default_config.h"

namespace sampan {

namespace {

// No file: nothing is lent.
Result<std::string> read_if_there(const std::string& path) {
    Result<std::string> text = read_file(cwd, path);
    if (!text && text.error().code() == ENOENT) return "";
    return text;
}

std::string name_of_user(std::string_view passwd, uid_t uid) {
    for (const PasswdEntry& entry : parse_passwd(passwd))
        if (entry.uid == uid) return std::string(entry.name);
    return "";
}

// Root of the host is root of the namespace too, with all ids: the files of the host keep their
// owners. What it loses are its capabilities outside.
std::vector<spec::IdMapping> same_ids() {
    constexpr uint32_t usual = 65536;
    return {{.container_id = 0, .host_id = 0, .size = usual}};
}

// A link such as /etc/resolv.conf may lead into /run, which the machine has anew.
void show_resolver(Spec& spec) {
    std::array<char, 4096> path{};
    if (::realpath("/etc/resolv.conf", path.data()) == nullptr) return;
    const std::string file = path.data();
    if (file.starts_with("/run/"))
        spec.mounts.push_back({.destination = file,
                               .type = "none",
                               .source = file,
                               .options = {"bind", "ro", "private"}});
}

// The host's system, with empty places for what belongs to its running services.
void add_fresh_folders(Spec& spec) {
    spec.mounts.push_back({.destination = "/run",
                           .type = "tmpfs",
                           .source = "tmpfs",
                           .options = {"nosuid", "nodev", "mode=755"}});
    spec.mounts.push_back({.destination = "/tmp",
                           .type = "tmpfs",
                           .source = "tmpfs",
                           .options = {"nosuid", "nodev", "mode=1777"}});
    show_resolver(spec);
}

Status add_root(Spec& spec, const MachineRequest& request, const Host& host, const Caller& caller) {
    spec.root = spec::Root{.path = request.root, .readonly = false};
    if (request.write) return {};
    const bool locked = host.in_user_namespace || has_user_namespace(spec);
    std::vector<spec::Mount> mounts = TRY(layers_of({request.root, locked}, caller.mounts));
    std::ranges::move(spec.mounts, std::back_inserter(mounts));
    spec.mounts = std::move(mounts);
    return {};
}

}  // namespace

Result<Caller> read_caller(const Host& host) {
    Caller caller;
    caller.mounts = parse_mountinfo(TRY(read_file(cwd, "/proc/self/mountinfo")));
    if (host.is_privileged()) {
        caller.uids = caller.gids = same_ids();
    } else {
        const std::string passwd = TRY(read_if_there("/etc/passwd"));
        const std::string name = name_of_user(passwd, host.euid);
        const auto map_of = [&](const char* file,
                                uint32_t own) -> Result<std::vector<spec::IdMapping>> {
            return map_lent_ids(lent_ids(TRY(read_if_there(file)), name, host.euid), own);
        };
        caller.uids = TRY(map_of("/etc/subuid", host.euid));
        caller.gids = TRY(map_of("/etc/subgid", host.egid));
    }
    return caller;
}

Result<Spec> compose_machine(const MachineRequest& request,
                             const Host& host,
                             const Caller& caller) {
    const auto facts = TRY(stat_at(cwd, request.root).in("--rootfs"));
    if (!facts || !S_ISDIR(facts->st_mode))
        return failf(ErrorKind::usage, "--rootfs: {} is not a folder", request.root);
    Spec spec = default_config();
    spec.process->terminal = false;
    spec.process->args.clear();
    spec.process->no_new_privileges = false;
    spec.process->rlimits.clear();
    set_capabilities(spec, default_capabilities());
    if (request.user_namespace || !host.is_privileged())
        add_user_namespace(spec, caller.uids, caller.gids);
    // Rules for devices need rights over cgroups, and in a user namespace no device can be made.
    if (!host.is_privileged()) spec.linux_->resources.reset();
    TRY(add_root(spec, request, host, caller));
    const bool of_host = request.root == "/";
    if (of_host) add_fresh_folders(spec);
    for (const std::string& variable : caller.variables)
        // A PATH says where the programs of this system are.
        if (of_host || !variable.starts_with("PATH=")) set_variable(*spec.process, variable);
    return spec;
}

}  // namespace sampan
