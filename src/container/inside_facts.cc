#include "container/inside_facts.h"

#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include <array>

#include "base/text.h"
#include "linux/sysctl.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "os/process.h"

namespace sampan {

namespace {

struct InnerNamespace {
    const char* file;
    int type;
};
// The user namespace comes first: it gives an ordinary user the right to join the others.
constexpr std::array<InnerNamespace, 4> inner_namespaces{{{"ns/user", CLONE_NEWUSER},
                                                          {"ns/uts", CLONE_NEWUTS},
                                                          {"ns/ipc", CLONE_NEWIPC},
                                                          {"ns/net", CLONE_NEWNET}}};

// Root has all rights without the user namespace of the container, in which it might be traced.
bool is_needed(const InnerNamespace& one) {
    return one.type != CLONE_NEWUSER || ::geteuid() != 0;
}

Status join_inside(int proc, const ProcessFolder& process) {
    TRY(set_dumpable(false));
    std::vector<Fd> opened;
    opened.reserve(inner_namespaces.size());
    for (const InnerNamespace& one : inner_namespaces)
        opened.push_back(TRY(open_at(process.dir.get(), one.file, O_RDONLY)));
    for (size_t i = 0; i < opened.size(); ++i) {
        const InnerNamespace& one = inner_namespaces[i];
        const struct stat theirs = TRY(stat_of(opened[i].get()));
        const auto ours = TRY(stat_at(proc, format("self/{}", one.file)));
        const bool same = ours && ours->st_ino == theirs.st_ino && ours->st_dev == theirs.st_dev;
        if (!same && is_needed(one)) TRY(join_namespace(opened[i].get(), one.type));
    }
    return {};
}

// "path\0value\0"
std::string write_values(int proc, const std::vector<std::string>& paths) {
    std::string text;
    for (const std::string& path : paths) {
        const Result<std::string> value = read_sysctl(proc, path);
        if (value) text += path + '\0' + *value + '\0';
    }
    return text;
}

}  // namespace

Result<std::map<std::string, std::string>> read_sysctls_inside(
    int proc, const ProcessFolder& process, const std::vector<std::string>& paths) {
    const std::vector<std::string> parts =
        split_at_nul(TRY(read_beside("looks into the container", [&]() -> Result<std::string> {
            TRY(join_inside(proc, process));
            return write_values(proc, paths);
        })));
    std::map<std::string, std::string> values;
    for (size_t i = 0; i + 1 < parts.size(); i += 2)
        values.emplace(parts[i], parts[i + 1]);
    return values;
}

}  // namespace sampan
