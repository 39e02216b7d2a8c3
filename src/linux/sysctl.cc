#include "linux/sysctl.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "linux/mount_target.h"
#include "linux/rootfs.h"
#include "os/path.h"

namespace sampan {

namespace {

// As sysctl(8): whichever of "." and "/" comes first separates, the other one is part of a name
// ("net.ipv4.conf.eth0/1.rp_filter", "net/ipv4/conf/eth0.1/rp_filter").
std::string path_of(std::string_view key) {
    std::string path(key);
    const size_t first = path.find_first_of("./");
    if (first == std::string::npos || path[first] == '/') return path;
    for (char& c : path)
        c = c == '.' ? '/' : c == '/' ? '.' : c;
    return path;
}

constexpr std::array<std::string_view, 8> ipc_parameters{
    "kernel/msgmax", "kernel/msgmnb", "kernel/msgmni", "kernel/sem",
    "kernel/shmall", "kernel/shmmax", "kernel/shmmni", "kernel/shm_rmid_forced"};

struct Owner {
    spec::NamespaceType type;
    const char* name;
};

// The namespace that a parameter belongs to; null for one of the whole machine.
const Owner* owner_of(std::string_view path) {
    static constexpr Owner ipc{spec::NamespaceType::ipc, "ipc"};
    static constexpr Owner network{spec::NamespaceType::network, "network"};
    static constexpr Owner uts{spec::NamespaceType::uts, "uts"};
    static constexpr Owner user{spec::NamespaceType::user, "user"};
    if (std::ranges::find(ipc_parameters, path) != ipc_parameters.end()) return &ipc;
    if (path.starts_with("fs/mqueue/")) return &ipc;
    if (path.starts_with("net/")) return &network;
    if (path == "kernel/domainname") return &uts;
    if (path.starts_with("user/")) return &user;
    return nullptr;
}

Status check_key(const Spec& spec, const std::string& key, const std::string& path) {
    for (const std::string_view part : split(path, '/'))
        if (part.empty() || part == "." || part == "..")
            return failf("\"{}\" is not the name of a kernel parameter", key);
    if (path == "kernel/hostname") return failf("set hostname instead of the parameter {}", key);
    const Owner* owner = owner_of(path);
    if (owner == nullptr) return failf("{} belongs to no namespace: it would change the host", key);
    if (find_namespace(spec, owner->type) == nullptr)
        return failf("{} needs a {} namespace of the container: it would change the host", key,
                     owner->name);
    return {};
}

// A key as a part of a JSON pointer (RFC 6901).
std::string escape(std::string_view key) {
    std::string escaped;
    for (const char c : key) {
        if (c == '~')
            escaped += "~0";
        else if (c == '/')
            escaped += "~1";
        else
            escaped += c;
    }
    return escaped;
}

}  // namespace

Result<std::vector<WriteSysctl>> plan_sysctl(const Spec& spec) {
    std::vector<WriteSysctl> steps;
    if (!spec.linux_) return steps;
    for (const auto& [key, value] : spec.linux_->sysctl) {
        WriteSysctl step{format("/linux/sysctl/{}", escape(key)), path_of(key), value};
        TRY(check_key(spec, key, step.path).at(step.origin));
        steps.push_back(std::move(step));
    }
    return steps;
}

std::string describe(const WriteSysctl& step) {
    return format("set {} to \"{}\"", step.path, step.value);
}

Status apply(const WriteSysctl& step, Context& context) {
    // Without links: none of the parameters that a namespace owns is behind one.
    const Fd file = TRY(open_beneath(context.proc.get(), "sys/" + step.path, O_WRONLY));
    if (!TRY(is_on_proc(file.get()))) return failf("sys/{} is not on a procfs", step.path);
    if (::write(file.get(), step.value.data(), step.value.size()) < 0)
        return fail_errno("writing \"{}\" to /proc/sys/{}", step.value, step.path);
    return {};
}

}  // namespace sampan
