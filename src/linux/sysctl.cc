#include "linux/sysctl.h"

#include <fcntl.h>
#include <unistd.h>

#include <string_view>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/procfs.h"
#include "spec/json.h"

namespace sampan {

namespace {

// Like sysctl(8): whichever of "." and "/" comes first is the separator, and the other one is part
// of a name ("net.ipv4.conf.eth0/1.rp_filter", "net/ipv4/conf/eth0.1/rp_filter").
std::string path_of(std::string_view key) {
    std::string path(key);
    const size_t first = path.find_first_of("./");
    if (first == std::string::npos || path[first] == '/') return path;
    for (char& c : path)
        c = c == '.' ? '/' : c == '/' ? '.' : c;
    return path;
}

}  // namespace

std::vector<WriteSysctl> plan_sysctl(const Spec& spec) {
    std::vector<WriteSysctl> steps;
    if (!spec.linux_) return steps;
    for (const auto& [key, value] : spec.linux_->sysctl) {
        steps.push_back({"/linux/sysctl" + pointer_part(key), path_of(key), value});
    }
    return steps;
}

std::string describe(const WriteSysctl& step) {
    return format("set {} to \"{}\"", step.path, step.value);
}

Result<std::string> read_sysctl(int proc, const std::string& path) {
    constexpr size_t longest = 64 << 10;
    const Fd file = TRY(open_beneath(proc, "sys/" + path, O_RDONLY));
    if (!TRY(is_on_proc(file.get()))) return failf("sys/{} is not on a procfs", path);
    return std::string(trim(TRY(read_all(file.get(), longest))));
}

Status apply(const WriteSysctl& step, Context& context) {
    // Without links: no parameter that a namespace owns is behind one.
    const Fd file = TRY(open_beneath(context.proc.get(), "sys/" + step.path, O_WRONLY));
    if (!TRY(is_on_proc(file.get()))) return failf("sys/{} is not on a procfs", step.path);
    return write_once(file.get(), step.value, "/proc/sys/" + step.path);
}

}  // namespace sampan
