#include "mounts/added_mounts.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "base/text.h"
#include "os/file.h"
#include "os/mountinfo.h"
#include "os/path.h"
#include "spec/fields.h"
#include "spec/reader.h"
#include "spec/writer.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<MountIdentity>() {
    static constexpr Field table[] = {
        required<&MountIdentity::id>("id"),
        optional<&MountIdentity::unique>("unique"),
        required<&MountIdentity::device>("device"),
        required<&MountIdentity::inode>("inode"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<AddedMount>() {
    static constexpr Field table[] = {
        required<&AddedMount::destination>("destination"),
        required<&AddedMount::identity>("identity"),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<AddedMounts>() {
    static constexpr Field table[] = {
        optional<&AddedMounts::mounts>("mounts"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec

namespace sampan {

namespace {

bool is_at_or_below(std::string_view path, std::string_view folder) {
    if (!path.starts_with(folder)) return false;
    return path.size() == folder.size() || path[folder.size()] == '/';
}

// Whether a newer one may hide it, which is unmounted before.
bool may_be_hidden(const std::vector<ChosenMount>& chosen, size_t i, std::string_view mountinfo) {
    const auto point = point_of_mount(mountinfo, chosen[i].mount.identity);
    for (size_t newer = 0; point && newer < i; ++newer) {
        const auto above = point_of_mount(mountinfo, chosen[newer].mount.identity);
        if (above && is_at_or_below(*point, *above)) return true;
    }
    return false;
}

Result<std::string> read_mountinfo_of_us(const Context& context) {
    return read_file(context.proc.get(), "self/mountinfo");
}

std::string destination_in(const ChosenMount& chosen) {
    return chosen.origin + "/destination";
}

}  // namespace

std::string write_added(const AddedMounts& added) {
    return write_json(added, JsonStyle::compact);
}

Result<AddedMounts> read_added(std::string_view text, std::string_view name) {
    Result<AddedMounts> read = read_json<AddedMounts>(text, name);
    if (!read) read.error().set_kind(ErrorKind::failed);
    return read;
}

Result<std::vector<ChosenMount>> choose_added(const AddedMounts& added,
                                              const std::vector<std::string>& destinations) {
    std::vector<ChosenMount> chosen;
    for (size_t i = 0; i < destinations.size(); ++i) {
        const std::string origin = format("/mounts/{}", i);
        const std::string wanted = clean_path(destinations[i]);
        bool known = false;
        bool taken = false;
        for (size_t number = added.mounts.size(); number-- > 0 && !taken;) {
            if (added.mounts[number].destination != wanted) continue;
            known = true;
            taken = std::ranges::find(chosen, number, &ChosenMount::number) == chosen.end();
            if (taken) chosen.push_back({added.mounts[number], number, origin});
        }
        if (!known)
            return fail_at(origin + "/destination",
                           format("nothing is mounted on {} that `mounts add` has added", wanted),
                           "the mounts of config.json, masks and read-only paths stay as they are");
    }
    std::ranges::sort(chosen, std::ranges::greater(), &ChosenMount::number);
    return chosen;
}

std::optional<std::string> point_of_mount(std::string_view mountinfo, const MountIdentity& mount) {
    for (MountedPlace& place : parse_mountinfo(mountinfo))
        if (place.id == mount.id) return std::move(place.point);
    return std::nullopt;
}

Result<std::optional<Fd>> find_added(const AddedMount& added,
                                     int root,
                                     std::string_view mountinfo) {
    const auto point = point_of_mount(mountinfo, added.identity);
    if (!point) return std::nullopt;
    // No link is followed, and what is found must be that mount.
    Result<Fd> found = open_without_links({root}, *point, O_PATH | O_NOFOLLOW);
    if (found) {
        const MountIdentity identity = TRY(identify_mount(found->get()));
        if (is_same_mount(identity, added.identity)) return std::optional<Fd>(std::move(*found));
        // The kernel has given its number to a later mount.
        if (identity.id == added.identity.id) return std::nullopt;
    }
    return failf(
               "the container has moved the mount, or another mount covers it: {} does not "
               "show it",
               *point)
        .hint("unmount first what covers it");
}

// By a path in the host's /proc, because that of the container may be anything.
Status unmount_by(int proc, int mount) {
    if (::fchdir(proc) < 0) return fail_errno("entering /proc");
    return unmount_lazily(format("self/fd/{}", mount));
}

Status unmount_added(const std::vector<ChosenMount>& chosen, const Context& context) {
    std::string mountinfo = TRY(read_mountinfo_of_us(context));
    const auto find = [&](const ChosenMount& one) {
        return find_added(one.mount, context.root.get(), mountinfo)
            .in(one.mount.destination)
            .at(destination_in(one));
    };
    for (size_t i = 0; i < chosen.size(); ++i)
        if (!may_be_hidden(chosen, i, mountinfo)) TRY(find(chosen[i]));
    for (const ChosenMount& one : chosen) {
        mountinfo = TRY(read_mountinfo_of_us(context));
        const std::optional<Fd> mount = TRY(find(one));
        if (!mount) continue;
        TRY(unmount_by(context.proc.get(), mount->get())
                .in(one.mount.destination)
                .at(destination_in(one)));
    }
    return {};
}

}  // namespace sampan
