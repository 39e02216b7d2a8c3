#include "cgroup/files.h"

#include <dirent.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <poll.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <vector>

#include "base/text.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/path.h"

namespace sampan {

namespace {

Error covered(std::string_view directory) {
    return Error(format("another file system is mounted on {}", directory));
}

// If somebody has mounted something on a cgroup, it is neither examined nor removed.
Result<Fd> open_top(const std::string& directory) {
    Fd fd = TRY(open_at(cwd, directory, O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
    struct statfs facts {};
    if (::fstatfs(fd.get(), &facts) < 0) return fail_errno("looking at {}", directory);
    if (!is_of_cgroups(facts)) return Failure(covered(directory));
    return fd;
}

Result<Fd> open_below(int parent, const std::string& name) {
    return open_beneath(parent, name, O_RDONLY | O_DIRECTORY);
}

// None if the cgroup is gone.
Result<std::vector<std::string>> children_of(int directory) {
    std::vector<std::string> names;
    Result<Fd> opened = open_below(directory, ".");
    if (!opened && is_gone(opened.error())) return names;
    Fd fd = TRY(std::move(opened));
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(fd.get()), &::closedir);
    if (!stream) return fail_errno("listing a cgroup");
    (void)fd.release();  // closedir closes it
    // Entries of a cgroup file system have their type, so that some eighty files need no stat.
    while (true) {
        Result<const dirent*> next = next_entry(stream.get());
        if (!next && is_gone(next.error())) return names;
        const dirent* const entry = TRY(std::move(next));
        if (entry == nullptr) return names;
        const std::string_view name = entry->d_name;
        if (entry->d_type == DT_DIR && name != "." && name != "..") names.emplace_back(name);
    }
}

// A cgroup on the way from the top to the present one, with those below it that are still to be
// visited.
struct Level {
    std::string name;
    std::vector<std::string> left;
};

// Says why the cgroup `name` below the last one of `way` cannot be opened.
Error explain(Error error, const std::vector<Level>& way, const std::string& name) {
    std::string path;
    for (const Level& level : way)
        path += level.name + "/";
    path += name;
    if (error.code() == EXDEV) return covered(path);
    return std::move(error.add_context(path));
}

// 0 at the deadline, and never more than poll(2) takes.
int milliseconds_left(Deadline deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return static_cast<int>(std::clamp<int64_t>(left.count(), 0, 1 << 30));
}

// The processes in the cgroup itself; none if it is gone.
Status collect_processes(int directory, std::vector<pid_t>& all) {
    const Result<std::string> text = read_file(directory, "cgroup.procs");
    if (!text) {
        // A threaded cgroup lists no processes: they are listed by its domain, above it.
        if (is_gone(text.error()) || text.error().code() == EOPNOTSUPP) return {};
        return Failure(text.error());
    }
    for (const std::string_view word : split_words(*text))
        if (const pid_t pid = parse_number<pid_t>(word).value_or(0); pid > 0) all.push_back(pid);
    return {};
}

}  // namespace

bool is_of_cgroups(const struct statfs& facts) {
    return facts.f_type == CGROUP2_SUPER_MAGIC || facts.f_type == CGROUP_SUPER_MAGIC;
}

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
            if (!next) return Failure(explain(std::move(next).error(), way, name));
            here = std::move(*next);
            way.push_back({name, TRY(children_of(here.get()).in(directory))});
            continue;
        }
        if (way.size() == 1) return leave({here.get(), -1, level.name});
        // A cgroup keeps its parent, even when it is removed.
        Fd parent = TRY(open_at(here.get(), "..", O_RDONLY | O_DIRECTORY));
        TRY(leave({here.get(), parent.get(), level.name}));
        here = std::move(parent);
        way.pop_back();
    }
}

bool is_gone(const Error& error) {
    return error.code() == ENOENT || error.code() == ENODEV;
}

std::optional<uint64_t> find_value(std::string_view text, std::string_view name) {
    for (const std::string_view line : split(text, '\n'))
        if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ' ')
            return parse_number<uint64_t>(line.substr(name.size() + 1));
    return std::nullopt;
}

Result<std::optional<std::string>> read_if_present(const std::string& path) {
    Result<std::string> text = read_file(cwd, path);
    if (text) return std::optional(std::move(*text));
    if (is_gone(text.error())) return std::optional<std::string>();
    return Failure(std::move(text).error());
}

std::optional<uint64_t> read_number(const std::string& path) {
    const std::string text = read_file(cwd, path).value_or("");
    return parse_number<uint64_t>(trim(text));
}

std::optional<int64_t> read_limit(const std::string& path) {
    constexpr uint64_t none = uint64_t{1} << 62;
    const Result<std::string> text = read_file(cwd, path);
    if (!text) return std::nullopt;
    const uint64_t value = parse_number<uint64_t>(trim(*text)).value_or(none);
    return value < none ? static_cast<int64_t>(value) : -1;
}

Result<std::vector<pid_t>> processes_below(const std::string& directory) {
    std::vector<pid_t> all;
    TRY(walk_cgroups(directory, [&all](const WalkedCgroup& cgroup) {
            return collect_processes(cgroup.directory, all);
        }).in(directory));
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
}

const CgroupPlace* listing_place(const CgroupRecord& record) {
    for (const CgroupPlace& place : record.places)
        if (place.unified) return &place;
    for (const CgroupPlace& place : record.places)
        if (has_controller(place, "pids")) return &place;
    return record.places.empty() ? nullptr : &record.places.front();
}

Deadline deadline_in(int timeout_ms) {
    return std::chrono::steady_clock::now() + std::chrono::milliseconds(timeout_ms);
}

Result<bool> wait_for_event(const std::string& directory,
                            std::string_view name,
                            uint64_t value,
                            Deadline deadline) {
    Result<Fd> opened = open_at(cwd, directory + "/cgroup.events", O_RDONLY);
    if (!opened && is_gone(opened.error())) return true;
    const Fd events = TRY(std::move(opened));
    while (true) {
        // Reading arms the notification: any later change ends the poll below.
        if (::lseek(events.get(), 0, SEEK_SET) < 0) return fail_errno("reading cgroup.events");
        const Result<std::string> text = read_all(events.get());
        if (!text && is_gone(text.error())) return true;
        if (!text) return Failure(text.error());
        if (find_value(*text, name) == value) return true;
        pollfd changed{.fd = events.get(), .events = POLLPRI, .revents = 0};
        const int ready = ::poll(&changed, 1, milliseconds_left(deadline));
        if (ready < 0 && !is_to_be_repeated()) return fail_errno("waiting for {}", directory);
        if (ready == 0) return false;
    }
}

bool Retry::wait() {
    if (std::chrono::steady_clock::now() >= deadline_) return false;
    const timespec pause{.tv_sec = 0, .tv_nsec = std::chrono::nanoseconds(pause_).count()};
    (void)::nanosleep(&pause, nullptr);  // a signal only makes the next try come earlier
    pause_ = std::min(pause_ * 2, std::chrono::microseconds(10000));
    return true;
}

}  // namespace sampan
