#include "compose/layers.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

// Not shown: the container has its own, or they are places for mounts of the host.
constexpr std::array<std::string_view, 8> left_out{"/proc", "/sys", "/dev",   "/run",
                                                   "/tmp",  "/mnt", "/media", "/lost+found"};
constexpr std::array<std::string_view, 7> shown{"/usr", "/etc",  "/opt", "/srv",
                                                "/var", "/home", "/root"};
constexpr std::array<std::string_view, 9> disks{"ext2", "ext3", "ext4",     "xfs",  "btrfs",
                                                "f2fs", "zfs",  "bcachefs", "erofs"};
// A folder with mounts somewhere below it is divided into what is in it, this many times.
constexpr int most_divisions = 3;
constexpr size_t most_parts = 64;

template <class List>
bool contains(const List& list, std::string_view word) {
    return std::ranges::find(list, word) != list.end();
}

// In a list of layers a colon separates, and in one of options a comma.
std::string escape_layer(std::string_view path) {
    std::string escaped;
    for (const char c : path) {
        if (c == ':' || c == ',' || c == '\\') escaped += '\\';
        escaped += c;
    }
    return escaped;
}

spec::Mount overlay(const std::string& source, const std::string& destination) {
    return {.destination = destination,
            .type = "overlay",
            .source = "overlay",
            .options = {"lowerdir=" + escape_layer(source), "tmpupper"}};
}

spec::Mount show_as_it_is(std::string source, std::string destination) {
    return {.destination = std::move(destination),
            .type = "none",
            .source = std::move(source),
            .options = {"rbind", "rro", "rprivate"}};
}

class Layers {
  public:
    Layers(const LayersRequest& request, const std::vector<MountedPlace>& mounts)
        : request_(request), mounts_(mounts) {}

    Result<std::vector<spec::Mount>> make();

  private:
    Status add_disks();
    Status divide(const std::string& folder, int depth);
    Status add_part(const std::string& path, int depth);
    [[nodiscard]] bool has_mounts_below(std::string_view folder) const;
    [[nodiscard]] std::string inside(std::string_view path) const;

    const LayersRequest& request_;
    const std::vector<MountedPlace>& mounts_;
    std::vector<spec::Mount> layers_;
};

bool Layers::has_mounts_below(std::string_view folder) const {
    return std::ranges::any_of(
        mounts_, [folder](const MountedPlace& mount) { return is_below(mount.point, folder); });
}

// "/usr" in the container for "/srv/root/usr" of the host.
std::string Layers::inside(std::string_view path) const {
    return request_.top == "/" ? std::string(path) : std::string(path.substr(request_.top.size()));
}

// As if "/usr" or "/home" were no disks of their own.
Status Layers::add_disks() {
    for (const MountedPlace& mount : mounts_) {
        const bool is_shown = std::ranges::any_of(
            shown, [&](std::string_view folder) { return is_within(mount.point, folder); });
        if (!is_shown || !contains(disks, mount.type)) continue;
        const auto facts = TRY(stat_at(cwd, mount.point));
        if (facts && S_ISDIR(facts->st_mode)) layers_.push_back(overlay(mount.point, mount.point));
        // In a container of Docker's, /etc/hosts and the like.
        if (facts && S_ISREG(facts->st_mode))
            layers_.push_back(show_as_it_is(mount.point, mount.point));
    }
    return {};
}

Status Layers::add_part(const std::string& path, int depth) {
    const auto facts = TRY(stat_at(cwd, path, AT_SYMLINK_NOFOLLOW));
    if (!facts) return {};
    if (S_ISLNK(facts->st_mode)) {
        layers_.push_back(
            {.destination = inside(path), .source = path, .options = {"bind", "copy-symlink"}});
        return {};
    }
    if (!S_ISDIR(facts->st_mode)) return {};
    if (!has_mounts_below(path)) {
        layers_.push_back(overlay(path, inside(path)));
        return {};
    }
    return divide(path, depth + 1);
}

// If there are too many parts, or they cannot be read, the folder is shown as it is.
Status Layers::divide(const std::string& folder, int depth) {
    Result<std::vector<std::string>> names = list_directory(cwd, folder);
    if (depth > 0 && (depth > most_divisions || !names || names->size() > most_parts)) {
        layers_.push_back(show_as_it_is(folder, inside(folder)));
        return {};
    }
    std::vector<std::string> parts = TRY(std::move(names));
    std::ranges::sort(parts);
    for (const std::string& name : parts) {
        const std::string path = (folder == "/" ? "" : folder) + "/" + name;
        if (request_.top != "/" || !contains(left_out, path)) TRY(add_part(path, depth));
    }
    return {};
}

Result<std::vector<spec::Mount>> Layers::make() {
    if (!request_.locked || !has_mounts_below(request_.top)) {
        layers_.push_back(overlay(request_.top, "/"));
        if (request_.top == "/") TRY(add_disks());
        return std::move(layers_);
    }
    layers_.push_back(
        {.destination = "/", .type = "tmpfs", .source = "tmpfs", .options = {"mode=755"}});
    TRY(divide(request_.top, 0));
    return std::move(layers_);
}

}  // namespace

Result<std::vector<spec::Mount>> layers_of(const LayersRequest& request,
                                           const std::vector<MountedPlace>& mounts) {
    return Layers(request, mounts).make();
}

}  // namespace sampan
