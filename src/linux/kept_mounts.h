// The mounts that we attached, held by their descriptors, and paths of the container that lead
// through them. Between two steps of ours the root's owner may rename folders of the host with our
// mounts on them: who looks a mount up again by its path then finds the bare folder, or nothing.
#pragma once

#include <functional>
#include <string>

#include "base/result.h"
#include "linux/context.h"
#include "os/fd.h"
#include "os/path.h"

namespace sampan {

// Attaches a detached mount on `target` and keeps it as what is at `destination` (clean) from now
// on. What it covers is forgotten: mounts at and below `destination`, and one on whose very root it
// is put, whichever link led there. For "/" it becomes Context::root.
Status attach_and_keep(Context& context, int mount, int target, const std::string& destination);

// Calls `open` with the deepest kept mount that `path` leads through, and what is left of the path;
// for a path that is on none, or that a link leads out of its mount, with the root and the whole.
using OpenInTree = std::function<Result<Fd>(const Tree& tree, const std::string& path)>;
Result<Fd> look_up(const Context& context, const std::string& path, const OpenInTree& open);

// O_PATH descriptors.
Result<Fd> find_in_container(const Context& context, const std::string& path, int flags);
// Missing ones are made.
Result<Fd> make_folders_in_container(const Context& context, const std::string& path);

struct ParentAndName {
    Fd parent;
    std::string name;
    std::string path;              // of the container, clean
    const MadeLog* log = nullptr;  // of the tree that the parent is in
};
// The directory that holds `path` (made when missing) and the last name, not resolved.
Result<ParentAndName> make_parent_in_container(const Context& context, const std::string& path);
// Makes what has that name, by a call as mkdirat(2); gives its errno, or 0.
Result<int> make_at(const ParentAndName& place, MadeKind kind, const std::function<int()>& make);
// What has that name, as it stands there (O_PATH); an empty file is made when it is missing.
Result<Fd> open_or_make_file(const ParentAndName& place, mode_t mode);

}  // namespace sampan
