#include "mounts/filesystem_names.h"

#include <algorithm>
#include <span>
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

constexpr std::string_view known_types[] = {"tmpfs",  "proc",   "sysfs",
                                            "devpts", "mqueue", "overlay"};

bool is_among(std::string_view name, std::span<const std::string_view> all) {
    return std::ranges::find(all, name) != all.end();
}

// The words of /proc/filesystems.
std::vector<std::string_view> types_in(std::string_view text) {
    std::vector<std::string_view> types;
    for (const std::string_view word : split_words(text))
        if (word != "nodev") types.push_back(word);
    return types;
}

}  // namespace

std::vector<Problem> mistyped_names(const MountFilesystem& step) {
    std::vector<Problem> warnings;
    const Result<std::string> text = read_file(cwd, "/proc/filesystems");
    const std::vector<std::string_view> types = types_in(text ? *text : "");
    // It may be loaded when it is mounted: then no other name is near.
    const std::string near = is_among(step.type, types) ? "" : did_you_mean(step.type, types);
    if (!near.empty())
        warnings.push_back({.pointer = step.origin + "/type",
                            .what = format("the kernel has no file system of type {}", step.type),
                            .hint = near,
                            .offset = {}});
    if (!is_among(step.type, known_types)) return warnings;
    for (size_t i = 0; i < step.data_places.size(); ++i)
        if (std::string hint = hint_for_option(step.data[i]); !hint.empty())
            warnings.push_back(
                {.pointer = format("{}/options/{}", step.origin, step.data_places[i]),
                 .what = format("{} probably refuses the option \"{}\"", step.type, step.data[i]),
                 .hint = std::move(hint),
                 .offset = {}});
    return warnings;
}

std::string hint_for_type(const std::string& type) {
    const Result<std::string> text = read_file(cwd, "/proc/filesystems");
    if (!text) return "";
    const std::vector<std::string_view> types = types_in(*text);
    const std::string near = did_you_mean(type, types);
    return near.empty() ? "/proc/filesystems lists the types that this kernel has" : near;
}

std::string hint_for_option(const std::string& option) {
    const std::vector<std::string> of_mounts = known_mount_options();
    std::vector<std::string_view> known(of_mounts.begin(), of_mounts.end());
    known.insert(known.end(), std::begin(common_options), std::end(common_options));
    const std::string_view name = std::string_view(option).substr(0, option.find('='));
    if (is_among(name, known)) return "";
    return did_you_mean(name, known);
}

}  // namespace sampan
