// The mounts that we have attached, held by their descriptors, and paths of the container that lead
// through them. Between two of our steps the root's owner may rename folders of the host that have
// our mounts on them. If we looked a mount up by its path again, we would find the bare folder, or
// nothing.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "linux/context.h"
#include "os/fd.h"
#include "os/path.h"

namespace sampan {

// Attaches a detached mount to `target`. From now on it is what is kept at `destination` (a clean
// path). What it covers is forgotten: mounts at and below `destination`, and a mount on whose root
// it is put, whichever link led there. For "/" it becomes Context::root.
Status attach_and_keep(Context& context, int mount, int target, const std::string& destination);

// Calls `open` with the deepest kept mount through which `path` leads, and the rest of the path. If
// the path is on no such mount, or a link leads out of the mount, it is called with the root and
// the whole path.
using OpenInTree = std::function<Result<Fd>(const Tree& tree, const std::string& path)>;
Result<Fd> look_up(const Context& context, const std::string& path, const OpenInTree& open);

// Opens an O_PATH descriptor.
Result<Fd> find_in_container(const Context& context, const std::string& path, int flags);
// Makes folders that are missing.
Result<Fd> make_folders_in_container(const Context& context, const std::string& path);

struct ParentAndName {
    Fd parent;
    std::string name;
    std::string path;              // of the container, clean
    const MadeLog* log = nullptr;  // of the tree in which the parent is
};
// The directory that contains `path` (made if it is missing) and the last name, which is not
// resolved.
Result<ParentAndName> make_parent_in_container(const Context& context, const std::string& path);
// Makes a file of that name by `make`, a call like mkdirat(2); returns its errno, or 0.
Result<int> make_at(const ParentAndName& place, MadeKind kind, const std::function<int()>& make);
// Opens what has that name, without following a link (O_PATH); makes an empty file if it is
// missing.
Result<Fd> open_or_make_file(const ParentAndName& place, mode_t mode);

}  // namespace sampan
