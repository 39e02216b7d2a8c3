#include "mounts/filesystem_names.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "mounts/mount_options.h"
#include "os/file.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

// tmpfs(5), proc(5), devpts in the kernel's documentation, overlayfs.
constexpr std::string_view common_options[] = {
    "size",  "nr_blocks",   "nr_inodes", "mode",     "uid",     "gid",      "huge",
    "mpol",  "inode32",     "inode64",   "noswap",   "hidepid", "subset",   "ptmxmode",
    "max",   "newinstance", "lowerdir",  "upperdir", "workdir", "metacopy", "redirect_dir",
    "index", "xino",        "userxattr", "volatile",
};

}  // namespace

std::string hint_for_type(const std::string& type) {
    const Result<std::string> text = read_file(cwd, "/proc/filesystems");
    if (!text) return "";
    std::vector<std::string_view> types;
    for (const std::string_view word : split_words(*text))
        if (word != "nodev") types.push_back(word);
    const std::string near = did_you_mean(type, types);
    return near.empty() ? "/proc/filesystems lists the types that this kernel has" : near;
}

std::string hint_for_option(const std::string& option) {
    const std::vector<std::string> of_mounts = known_mount_options();
    std::vector<std::string_view> known(of_mounts.begin(), of_mounts.end());
    known.insert(known.end(), std::begin(common_options), std::end(common_options));
    const std::string_view name = std::string_view(option).substr(0, option.find('='));
    if (std::ranges::find(known, name) != known.end()) return "";
    return did_you_mean(name, known);
}

}  // namespace sampan
