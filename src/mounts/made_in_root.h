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
    // Zeros: it did not exist, and was about to be made when create was killed.
    FileIdentity identity;
    bool operator==(const MadeFile&) const = default;
};

struct MadeInRoot {
    FileIdentity root;
    std::vector<MadeFile> files;  // the newest last
    bool operator==(const MadeInRoot&) const = default;
};

// For the record, before anything is made. Nothing if the root cannot be examined: then init will
// fail, or works where we cannot follow.
std::optional<MadeInRoot> foresee_made(const std::string& rootfs);

enum class Undo {
    everything,
    nodes  // of a container that has run: everything else belongs to its root by now
};
[[nodiscard]] bool has_to_undo(const MadeInRoot& made, Undo what);

// Removes from the folder `rootfs` what is still as it was made; what has been replaced, filled or
// written to stays. The root's owner may exchange any name meanwhile. So only descriptors below the
// root are used, and at worst a name in a folder of the root is removed which its owner could have
// removed as well. `made` keeps only what must still be removed: from then on, any other name
// belongs to somebody else. Returns what could not be removed.
std::vector<Error> undo_made(MadeInRoot& made, const std::string& rootfs, Undo what);

}  // namespace sampan

namespace sampan::spec {
template <>
const ObjectType& object_type<MadeInRoot>();
}  // namespace sampan::spec
