// What create makes in the container's root itself: places to mount on, device nodes and links in a
// /dev of the image, the working directory. It does not vanish with the container's mounts.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/file.h"
#include "os/made.h"
#include "spec/object_type.h"

namespace sampan {

struct MadeFile {
    MadeKind kind = MadeKind::folder;
    std::string path;  // in the root
    // Zeros: it was about to be made, by a create that was killed then, and had not been there.
    FileIdentity identity;
    bool operator==(const MadeFile&) const = default;
};

struct MadeInRoot {
    FileIdentity root;
    std::vector<MadeFile> files;  // the newest last
    bool operator==(const MadeInRoot&) const = default;
};

// For the record, before anything is made. Nothing where the root cannot be looked at: then init
// fails, or works where we cannot follow.
std::optional<MadeInRoot> foresee_made(const std::string& rootfs);

enum class Undo {
    everything,
    nodes  // of a container that has lived: the rest is its root's by now
};
[[nodiscard]] bool has_to_undo(const MadeInRoot& made, Undo what);

// Removes from the folder `rootfs` what is as it was made; what has been replaced, filled or
// written to is left. The root's owner may exchange any name meanwhile: all goes by descriptors
// below the root, and what is removed in the end is a name in a folder of the root, which its owner
// could have removed as well. Only what is still there to be removed stays in `made`: a name that
// has been dealt with is somebody else's from then on. Gives what could not be removed.
std::vector<Error> undo_made(MadeInRoot& made, const std::string& rootfs, Undo what);

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<MadeInRoot>();
}  // namespace sampan::spec
