// What is made in a tree that outlives its maker, told to whoever undoes it.
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
    // Before it is there, and nothing else is. `path` is that in the tree, with links on the way as
    // they stand there.
    std::function<Status(MadeKind kind, const std::string& path)> before;
    // Nothing: it could not be made, or somebody else has made it just now.
    std::function<Status(const std::optional<FileIdentity>& made)> after;
};

struct NewFile {
    const MadeLog* log = nullptr;  // null: nobody wants to know
    MadeKind kind = MadeKind::file;
    int parent = -1;
    const std::string& name;
    const std::string& path;
};

// The errno of `make`, which makes the file as mkdirat(2) does, or 0. An error: the log's.
Result<int> make_told(const NewFile& file, const std::function<int()>& make);

}  // namespace sampan
