// Reports what is made in a tree that outlives us, so that it can be undone.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.h"
#include "os/file.h"

namespace sampan {

enum class MadeKind { folder, file, link, node };
inline constexpr MadeKind last_made_kind = MadeKind::node;

struct MadeLog {
    // Called before anything is made. `path` is the path in the tree; links on the way are not
    // resolved.
    std::function<Status(MadeKind kind, const std::string& path)> before;
    // Called afterwards. Nothing: it could not be made, or somebody else has made it just now.
    std::function<Status(const std::optional<FileIdentity>& made)> after;
};

struct NewFile {
    const MadeLog* log = nullptr;  // null: nothing is reported
    MadeKind kind = MadeKind::file;
    int parent = -1;
    const std::string& name;
    const std::string& path;
};

// Calls `make`, which makes the file like mkdirat(2), and returns its errno or 0. An error comes
// from the log.
Result<int> make_told(const NewFile& file, const std::function<int()>& make);

}  // namespace sampan
