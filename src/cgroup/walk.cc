#include "cgroup/walk.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/vfs.h>

#include <cerrno>
#include <memory>
#include <vector>

#include "base/text.h"
#include "cgroup/files.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

bool is_of_cgroups(const struct statfs& facts) {
    return facts.f_type == CGROUP2_SUPER_MAGIC || facts.f_type == CGROUP_SUPER_MAGIC;
}

namespace {

// What somebody has mounted on a cgroup is theirs: nothing of it is looked at, or removed.
Result<Fd> open_top(const std::string& directory) {
    Fd fd = TRY(open_at(cwd, directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    struct statfs facts {};
    if (::fstatfs(fd.get(), &facts) < 0) return fail_errno("looking at {}", directory);
    if (!is_of_cgroups(facts)) return failf("another file system is mounted on {}", directory);
    return fd;
}

Result<Fd> open_below(int parent, const std::string& name) {
    return open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
}

// None when the cgroup is gone.
Result<std::vector<std::string>> children_of(int directory) {
    std::vector<std::string> names;
    Result<Fd> opened = open_below(directory, ".");
    if (!opened && is_gone(opened.error())) return names;
    Fd fd = TRY(std::move(opened));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.get()), &::closedir);
    if (!stream) return fail_errno("listing a cgroup");
    (void)fd.release();  // closedir closes it
    // The entries of a cgroup file system tell their type: no stat of some eighty files.
    while (true) {
        Result<const dirent*> next = next_entry(stream.get());
        if (!next && is_gone(next.error())) return names;
        const dirent* const entry = TRY(std::move(next));
        if (entry == nullptr) return names;
        const std::string_view name = entry->d_name;
        if (entry->d_type == DT_DIR && name != "." && name != "..") names.emplace_back(name);
    }
}

// A cgroup on the way from the top to where we are, with what is still to be visited below it.
struct Level {
    std::string name;
    std::vector<std::string> left;
};

}  // namespace

Status walk_cgroups(const std::string& directory,
                    const std::function<Status(const WalkedCgroup&)>& leave) {
    Result<Fd> top = open_top(directory);
    if (!top && is_gone(top.error())) return {};
    Fd here = TRY(std::move(top));
    std::vector<Level> way;
    way.push_back({directory, TRY(children_of(here.get()).in(directory))});
    while (true) {
        Level& level = way.back();
        if (!level.left.empty()) {
            const std::string name = std::move(level.left.back());
            level.left.pop_back();
            Result<Fd> next = open_below(here.get(), name);
            if (!next && is_gone(next.error())) continue;
            here = TRY(std::move(next));
            way.push_back({name, TRY(children_of(here.get()).in(directory))});
            continue;
        }
        if (way.size() == 1) return leave({here.get(), -1, level.name});
        // A cgroup keeps its parent all its life, also once it is removed.
        Fd parent = TRY(open_at(here.get(), "..", O_RDONLY | O_DIRECTORY));
        TRY(leave({here.get(), parent.get(), level.name}));
        here = std::move(parent);
        way.pop_back();
    }
}

}  // namespace sampan
