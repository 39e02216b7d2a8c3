#include "mounts/foreseen_files.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <ranges>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

// On its way through one path. It keeps a descriptor of every folder above, because ".." leads back
// to it, whatever has been renamed meanwhile.
class ForeseenFiles::Walk {
  public:
    Walk(const ForeseenFiles& files, const std::string& path) : files_(files) { add_parts(path); }

    Status go();
    // Where it has come to, and what it did not come to.
    [[nodiscard]] std::string reached() const;
    Result<Fd> take() &&;

  private:
    Status step(const std::string& name);
    [[nodiscard]] Result<Fd> open_next(const std::string& path, const std::string& name) const;
    [[nodiscard]] std::string passed() const;
    Status follow(int link);
    void add_parts(const std::string& path);
    [[nodiscard]] int here() const {
        return above_.empty() ? files_.root_.get() : above_.back().fd.get();
    }

    struct Folder {
        std::string name;
        Fd fd;  // invalid: a folder that will be made for a mount below it
    };
    const ForeseenFiles& files_;
    std::vector<Folder> above_;
    std::deque<std::string> ahead_;
    int links_left_ = 40;  // the kernel's own limit
};

void ForeseenFiles::Walk::add_parts(const std::string& path) {
    for (const std::string_view part : split(path, '/') | std::views::reverse)
        if (!part.empty() && part != ".") ahead_.emplace_front(part);
    if (path.starts_with('/')) above_.clear();
}

std::string ForeseenFiles::Walk::passed() const {
    std::string path;
    for (const Folder& folder : above_)
        path += "/" + folder.name;
    return path;
}

std::string ForeseenFiles::Walk::reached() const {
    std::string path = passed();
    for (const std::string& part : ahead_)
        path += "/" + part;
    return clean_path(path);
}

Status ForeseenFiles::Walk::go() {
    while (!ahead_.empty()) {
        const std::string name = ahead_.front();
        if (name == "..") {
            ahead_.pop_front();
            if (!above_.empty()) above_.pop_back();
        } else {
            TRY(step(name));
        }
    }
    return {};
}

// A part that cannot be opened stays ahead.
Status ForeseenFiles::Walk::step(const std::string& name) {
    const std::string path = format("{}/{}", passed(), name);
    Fd next = TRY(open_next(path, name));
    const bool made_later = !next.valid();
    const mode_t mode = made_later ? S_IFDIR : TRY(stat_of(next.get())).st_mode;
    ahead_.pop_front();
    if (S_ISLNK(mode)) return follow(next.get());
    if (!ahead_.empty() && !S_ISDIR(mode)) return fail("opening " + path, ENOTDIR);
    above_.push_back({name, std::move(next)});
    return {};
}

// An invalid descriptor for a folder that will be made.
Result<Fd> ForeseenFiles::Walk::open_next(const std::string& path, const std::string& name) const {
    if (const Mount* mount = files_.mounted_on(path)) {
        Result<Fd> source = open_at(cwd, mount->source, O_PATH);
        // One that is missing is a problem of its own, and not of this path.
        return source ? std::move(source) : fail("opening " + path, EXDEV);
    }
    const bool in_made = !above_.empty() && !above_.back().fd.valid();
    Result<Fd> next =
        in_made ? fail("opening " + path, ENOENT) : open_at(here(), name, O_PATH | O_NOFOLLOW);
    if (!next && next.error().code() == ENOENT && files_.has_mounts_below(path)) return Fd();
    return next;
}

Status ForeseenFiles::Walk::follow(int link) {
    if (--links_left_ < 0) return fail("following links", ELOOP);
    add_parts(TRY(read_link(link, "")));
    return {};
}

Result<Fd> ForeseenFiles::Walk::take() && {
    if (above_.empty()) return Fd(::fcntl(files_.root_.get(), F_DUPFD_CLOEXEC, 3));
    if (!above_.back().fd.valid()) return fail("opening a folder that will be made", EXDEV);
    return std::move(above_.back().fd);
}

void ForeseenFiles::bind(const std::string& source, const std::string& destination) {
    add(source, destination);
}

void ForeseenFiles::hide(const std::string& destination) {
    add("", destination);
}

// If a part of the destination is missing, it will be made.
void ForeseenFiles::add(std::string source, const std::string& destination) {
    Walk walk(*this, destination);
    (void)walk.go();
    mounts_.push_back({walk.reached(), std::move(source)});
}

const ForeseenFiles::Mount* ForeseenFiles::mounted_on(const std::string& path) const {
    const auto last = std::ranges::find(mounts_ | std::views::reverse, path, &Mount::destination);
    return last == mounts_.rend() ? nullptr : &*last;
}

bool ForeseenFiles::has_mounts_below(const std::string& path) const {
    return std::ranges::any_of(
        mounts_, [&](const Mount& mount) { return mount.destination.starts_with(path + "/"); });
}

Result<Fd> ForeseenFiles::open(const std::string& path) const {
    Walk walk(*this, path);
    if (const Status went = walk.go(); !went) return Failure(went.error());
    return std::move(walk).take();
}

std::vector<std::string> ForeseenFiles::list(const std::string& folder, size_t most) const {
    const Result<Fd> opened = open(folder);
    if (!opened) return {};
    return list_directory(opened->get(), ".", most).value_or(std::vector<std::string>());
}

}  // namespace sampan
