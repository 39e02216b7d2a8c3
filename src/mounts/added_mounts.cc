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

// Null if there is none with this number any more.
const MountedPlace* place_of(const std::vector<MountedPlace>& mounts, const MountIdentity& mount) {
    const auto found = std::ranges::find(mounts, mount.id, &MountedPlace::id);
    return found == mounts.end() ? nullptr : &*found;
}

// Whether a newer one may hide it, which is unmounted before.
bool may_be_hidden(const std::vector<ChosenMount>& chosen,
                   size_t i,
                   const std::vector<MountedPlace>& mounts) {
    const MountedPlace* const place = place_of(mounts, chosen[i].mount.identity);
    for (size_t newer = 0; place != nullptr && newer < i; ++newer) {
        const MountedPlace* const above = place_of(mounts, chosen[newer].mount.identity);
        if (above != nullptr && is_within(place->point, above->point)) return true;
    }
    return false;
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

Result<std::optional<Fd>> find_added(const AddedMount& added,
                                     int root,
                                     const std::vector<MountedPlace>& mounts) {
    const MountedPlace* const place = place_of(mounts, added.identity);
    if (place == nullptr) return std::nullopt;
    // No link is followed, and what is found must be that mount.
    Result<Fd> found = open_without_links({root}, place->point, O_PATH | O_NOFOLLOW);
    if (found) {
        const MountIdentity identity = TRY(identify_mount(found->get()));
        if (is_same_mount(identity, added.identity)) return std::optional<Fd>(std::move(*found));
        // The kernel has given its number to a later mount.
        if (identity.id == added.identity.id) return std::nullopt;
    }
    return failf(
               "the container has moved the mount, or another mount covers it: {} does not "
               "show it",
               place->point)
        .hint("unmount first what covers it");
}

// By a path in the host's /proc, because that of the container may be anything.
Status unmount_by(int proc, int mount) {
    if (::fchdir(proc) < 0) return fail_errno("entering /proc");
    return unmount_lazily(format("self/fd/{}", mount));
}

Status unmount_added(const std::vector<ChosenMount>& chosen, const Context& context) {
    std::vector<MountedPlace> mounts = TRY(read_mountinfo(context.proc.get()));
    const auto find = [&](const ChosenMount& one) {
        return find_added(one.mount, context.root.get(), mounts)
            .in(one.mount.destination)
            .at(destination_in(one));
    };
    for (size_t i = 0; i < chosen.size(); ++i)
        if (!may_be_hidden(chosen, i, mounts)) TRY(find(chosen[i]));
    for (const ChosenMount& one : chosen) {
        mounts = TRY(read_mountinfo(context.proc.get()));
        const std::optional<Fd> mount = TRY(find(one));
        if (!mount) continue;
        TRY(unmount_by(context.proc.get(), mount->get())
                .in(one.mount.destination)
                .at(destination_in(one)));
    }
    return {};
}

}  // namespace sampan
