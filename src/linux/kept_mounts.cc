#include "linux/kept_mounts.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "os/file.h"
#include "os/mount_api.h"

namespace sampan {

namespace {

bool leads_through(std::string_view path, std::string_view destination) {
    if (!path.starts_with(destination)) return false;
    return path.size() == destination.size() || path[destination.size()] == '/';
}

// "/a/b/../c" from "a//b/./../c". A ".." stays, because it starts where the links before it lead.
std::string without_idle_parts(std::string_view path) {
    std::string kept;
    for (const std::string_view part : split(path, '/')) {
        if (part.empty() || part == ".") continue;
        kept += '/';
        kept += part;
    }
    return kept;
}

const KeptMount* deepest(const Context& context, std::string_view path) {
    const KeptMount* found = nullptr;
    for (const KeptMount& kept : context.mounts)
        if (leads_through(path, kept.destination) &&
            (found == nullptr || kept.destination.size() > found->destination.size()))
            found = &kept;
    return found;
}

Result<Fd> copy_of(int fd) {
    Fd copy(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
    if (!copy.valid()) return fail_errno("keeping a mount");
    return copy;
}

}  // namespace

Status attach_and_keep(Context& context, int mount, int target, const std::string& destination) {
    const PlaceIdentity place = TRY(place_of_fd(target));
    TRY(attach_mount(mount, target));
    if (destination == "/") {
        context.made_log.reset();
        context.mounts.clear();
        context.root = TRY(copy_of(mount));
        return {};
    }
    std::erase_if(context.mounts, [&](const KeptMount& kept) {
        return leads_through(kept.destination, destination);
    });
    // If a link is mounted (src-nofollow), the path goes on to wherever it leads.
    if (S_ISLNK(TRY(stat_of(mount)).st_mode)) return {};
    const PlaceIdentity root = TRY(place_of_fd(mount));
    const auto covered = std::ranges::find(context.mounts, place, &KeptMount::root);
    if (covered != context.mounts.end()) {
        const std::string under = covered->destination;
        std::erase_if(context.mounts, [&](const KeptMount& kept) {
            return leads_through(kept.destination, under);
        });
        context.mounts.push_back({under, TRY(copy_of(mount)), root});
    }
    context.mounts.push_back({destination, TRY(copy_of(mount)), root});
    return {};
}

Result<Fd> look_up(const Context& context, const std::string& path, const OpenInTree& open) {
    const Tree whole{.top = context.root.get(),
                     .log = context.made_log ? &*context.made_log : nullptr};
    const std::string plain = without_idle_parts(path);
    const KeptMount* const kept = deepest(context, plain);
    if (kept == nullptr) return open(whole, path);
    // Nothing can be opened below a file, not even ".".
    if (plain.size() == kept->destination.size()) return copy_of(kept->mount.get());
    Result<Fd> found =
        open({kept->mount.get(), kept->destination}, plain.substr(kept->destination.size()));
    if (found || found.error().code() != EXDEV) return found;
    return open(whole, path);
}

Result<Fd> find_in_container(const Context& context, const std::string& path, int flags) {
    return look_up(context, path, [flags](const Tree& tree, const std::string& rest) {
        return open_in(tree, rest, O_PATH | flags);
    });
}

Result<Fd> make_folders_in_container(const Context& context, const std::string& path) {
    return look_up(context, path, [](const Tree& tree, const std::string& rest) {
        return make_directories_in(tree, rest);
    });
}

Result<ParentAndName> make_parent_in_container(const Context& context, const std::string& path) {
    const std::string clean = clean_path(path);
    const size_t slash = clean.rfind('/');
    if (clean == "/") return failf("{} names the root itself", path);
    ParentAndName place{.parent = Fd(), .name = clean.substr(slash + 1), .path = clean};
    const auto make = [&place](const Tree& tree, const std::string& folder) {
        place.log = tree.log;
        return make_directories_in(tree, folder);
    };
    place.parent = TRY(look_up(context, clean.substr(0, slash + 1), make));
    return place;
}

Result<int> make_at(const ParentAndName& place, MadeKind kind, const std::function<int()>& make) {
    return make_told({place.log, kind, place.parent.get(), place.name, place.path}, make);
}

Result<Fd> open_or_make_file(const ParentAndName& place, mode_t mode) {
    const int parent = place.parent.get();
    Result<Fd> found = open_at(parent, place.name, O_PATH | O_NOFOLLOW);
    if (found || found.error().code() != ENOENT) return found;
    const int code = TRY(
        make_at(place, MadeKind::file, [&] { return make_empty_file(parent, place.name, mode); }));
    if (code != 0) return fail(format("creating the file {} in the root", place.path), code);
    return open_at(parent, place.name, O_PATH | O_NOFOLLOW);
}

}  // namespace sampan
