#include "mount_support.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <utility>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan::testing {

Result<Context> make_context(const std::string& path) {
    Context context;
    context.proc = TRY(open_at(cwd, "/proc", O_PATH | O_DIRECTORY));
    TRY(apply(AttachRoot{.origin = "", .path = path}, context));
    return context;
}

std::string facts_of(const Context& context, const std::string& path) {
    const Result<Fd> fd = open_in_root(context.root.get(), path, O_PATH);
    if (!fd) return std::string(errno_text(fd.error().code()));
    struct statfs facts {};
    if (::fstatfs(fd->get(), &facts) < 0) return "fstatfs failed";
    std::string text = "other";
    for (const auto& [magic, name] : {std::pair<long, const char*>{TMPFS_MAGIC, "tmpfs"},
                                      {PROC_SUPER_MAGIC, "proc"},
                                      {SYSFS_MAGIC, "sysfs"},
                                      {DEVPTS_SUPER_MAGIC, "devpts"},
                                      {0x19800202, "mqueue"},
                                      {CGROUP_SUPER_MAGIC, "cgroup"},
                                      {CGROUP2_SUPER_MAGIC, "cgroup2"}})
        if (facts.f_type == magic) text = name;
    for (const auto& [flag, name] : {std::pair<long, const char*>{ST_RDONLY, "ro"},
                                     {ST_NOSUID, "nosuid"},
                                     {ST_NODEV, "nodev"},
                                     {ST_NOEXEC, "noexec"},
                                     {ST_NOATIME, "noatime"},
                                     {ST_NODIRATIME, "nodiratime"},
                                     {0x2000, "nosymfollow"}})
        if ((facts.f_flags & flag) != 0) text += format(" {}", name);
    return text;
}

std::string kind_at(const Context& context, const std::string& path) {
    const Result<Fd> fd = open_in_root(context.root.get(), path, O_PATH | O_NOFOLLOW);
    if (!fd) return fd.error().code() == ENOENT ? "none" : fd.error().message();
    const Result<struct stat> facts = stat_of(fd->get());
    if (!facts) return facts.error().message();
    if (S_ISDIR(facts->st_mode)) return "dir";
    if (S_ISREG(facts->st_mode)) return "file";
    if (S_ISLNK(facts->st_mode)) return "link";
    if (S_ISFIFO(facts->st_mode)) return "fifo";
    return format("{} {}:{}", S_ISCHR(facts->st_mode) ? "c" : "b", major(facts->st_rdev),
                  minor(facts->st_rdev));
}

int count_mounts(const std::string& text) {
    const Result<std::string> mounts = read_file(cwd, "/proc/self/mountinfo");
    int count = 0;
    if (!mounts) return -1;
    for (const std::string_view line : split(*mounts, '\n'))
        if (line.find(text) != std::string_view::npos) ++count;
    return count;
}

Spec spec_with(std::vector<spec::Mount> mounts) {
    Spec spec;
    spec.root = spec::Root{.path = "rootfs"};
    spec.mounts = std::move(mounts);
    spec.linux_.emplace();
    spec.linux_->namespaces = {{.type = spec::NamespaceType::mount}};
    return spec;
}

spec::Mount mount_of(const std::string& destination,
                     const std::string& type,
                     const std::string& source,
                     std::vector<std::string> options) {
    spec::Mount mount{.destination = destination, .options = std::move(options)};
    if (!type.empty()) mount.type = type;
    if (!source.empty()) mount.source = source;
    return mount;
}

}  // namespace sampan::testing
