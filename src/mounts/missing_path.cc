#include "mounts/missing_path.h"

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "base/text.h"
#include "os/file.h"
#include "spec/locate.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

// A folder may have millions of names.
constexpr size_t most_listed = 4096;

// The name in `folder` that is similar to `name`; "" if there is none.
std::string similar_name(const std::string& folder, std::string_view name) {
    Result<std::vector<std::string>> names = list_directory(cwd, folder, most_listed);
    if (!names) return "";
    // The nearest does not depend on the order of a folder.
    std::ranges::sort(*names);
    return std::string(
        suggest(name, std::vector<std::string_view>(names->begin(), names->end())).value_or(""));
}

}  // namespace

std::string hint_for_missing_path(const std::string& path, std::string_view rule) {
    std::string folder = "/";
    for (const std::string_view part : split(path, '/')) {
        if (part.empty()) continue;
        const std::string next = format("{}{}{}", folder, folder.ends_with('/') ? "" : "/", part);
        const Result<std::optional<struct stat>> facts = stat_at(cwd, next);
        if (!facts) break;
        if (*facts) {
            folder = next;
            continue;
        }
        const std::string near = similar_name(folder, part);
        if (near.empty()) break;
        return format("did you mean {}{}{}? {}", folder, folder.ends_with('/') ? "" : "/", near,
                      rule);
    }
    return std::string(rule);
}

void explain_missing_root(Error& error, const std::string& path) {
    if (error.code() == ENOENT)
        error.set_hint(
            hint_for_missing_path(path, "root.path names the folder with the container's files"));
}

void explain_missing_source(Error& error, const std::string& path) {
    if (error.code() == ENOENT)
        error.set_hint(
            hint_for_missing_path(path, "the source of a bind mount must exist on the host"));
}

std::string hint_for_owner(const std::string& root, const IdMaps& maps) {
    const Result<std::optional<struct stat>> facts = stat_at(cwd, root);
    const std::optional<uint32_t> uid = host_id(maps.uids, 0);
    const std::optional<uint32_t> gid = host_id(maps.gids, 0);
    if (!facts || !*facts || !uid || !gid || container_id(maps.uids, (*facts)->st_uid)) return "";
    return format(
        "uid {}, to whom the root belongs, is nobody in the container's user namespace: chown -R "
        "{}:{} {}",
        (*facts)->st_uid, *uid, *gid, quote_word(root));
}

}  // namespace sampan
