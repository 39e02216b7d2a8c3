#include "mounts/observed_mounts.h"

#include <linux/mount.h>

#include <algorithm>
#include <array>
#include <ranges>

#include "base/text.h"
#include "mounts/mount_options.h"
#include "os/mountinfo.h"
#include "os/path.h"
#include "spec/json.h"
#include "spec/tables.h"
#include "spec/writer.h"

namespace sampan {

namespace {

struct MountFlag {
    std::string_view word;
    uint64_t attribute;
};
constexpr std::array<MountFlag, 4> compared_flags{{{"ro", MOUNT_ATTR_RDONLY},
                                                   {"nosuid", MOUNT_ATTR_NOSUID},
                                                   {"nodev", MOUNT_ATTR_NODEV},
                                                   {"noexec", MOUNT_ATTR_NOEXEC}}};

std::vector<std::string> words_of(std::string_view list) {
    std::vector<std::string> words;
    for (const std::string_view word : split(list, ','))
        words.push_back(unescape_mountinfo(word));
    return words;
}

std::string json_list(const std::vector<std::string>& words) {
    std::vector<std::string> texts;
    for (const std::string& word : words)
        texts.push_back(json_string(word));
    return "[" + join(texts, ",") + "]";
}

// Whether each flag that was set or cleared is so.
bool has_flags(const ObservedMount& mount, const MountOptions& asked) {
    const uint64_t set = asked.changes.own.set | asked.changes.tree.set;
    const uint64_t clear = asked.changes.own.clear | asked.changes.tree.clear;
    return std::ranges::all_of(compared_flags, [&](const MountFlag& flag) {
        if ((set & flag.attribute) != 0) return mount.has(flag.word);
        return (clear & flag.attribute) == 0 ||
               std::ranges::find(mount.options, flag.word) == mount.options.end();
    });
}

// A bind has the type of what is bound, and cgroup is a name for several things.
bool has_type(const ObservedMount& mount, const spec::Mount& asked, const MountOptions& options) {
    if (!asked.type || options.bind != Binding::none) return true;
    if (*asked.type == "bind" || *asked.type == "none" || asked.type->starts_with("cgroup"))
        return true;
    return mount.type == *asked.type;
}

void compare_mount(const spec::Mount& asked,
                   const ObservedMount& mount,
                   const std::string& pointer,
                   std::vector<Difference>& differences) {
    const MountOptions options = parse_mount_options(asked.options);
    if (!has_type(mount, asked, options))
        differences.push_back(
            {pointer + "/type", json_string(*asked.type), json_string(mount.type)});
    if (!has_flags(mount, options))
        differences.push_back(
            {pointer + "/options", json_list(asked.options), json_list(mount.options)});
}

// Of several mounts at one place, only the last one is seen; and a mount hides what is below it.
bool covers(std::string_view later, std::string_view place) {
    const std::string top = clean_path(later);
    return place.starts_with(top) && (place.size() == top.size() || place[top.size()] == '/');
}

// Not for what only changes another mount, or makes a link.
bool is_mounted_there(const spec::Mount& asked) {
    const MountOptions options = parse_mount_options(asked.options);
    return !options.remount && !options.copy_symlink;
}

}  // namespace

bool ObservedMount::has(std::string_view option) const {
    return std::ranges::find(options, option) != options.end() ||
           std::ranges::find(system_options, option) != system_options.end();
}

// "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw,errors=continue"
std::vector<ObservedMount> parse_observed_mounts(std::string_view mountinfo) {
    std::vector<ObservedMount> mounts;
    for (const std::string_view line : split(mountinfo, '\n')) {
        const std::vector<std::string_view> fields = split_words(line);
        const auto dash = std::ranges::find(fields, std::string_view("-"));
        if (dash - fields.begin() < 6 || fields.end() - dash < 3) continue;
        const bool has_source = fields.end() - dash > 3;
        mounts.push_back({.root = unescape_mountinfo(fields[3]),
                          .point = unescape_mountinfo(fields[4]),
                          .type = std::string(dash[1]),
                          .source = has_source ? unescape_mountinfo(dash[2]) : "",
                          .options = words_of(fields[5]),
                          .system_options = words_of(fields.back())});
    }
    return mounts;
}

const ObservedMount* find_observed(const std::vector<ObservedMount>& mounts,
                                   std::string_view path) {
    const std::string clean = clean_path(path);
    for (const ObservedMount& mount : mounts | std::views::reverse)
        if (mount.point == clean) return &mount;
    return nullptr;
}

spec::Mount as_config_mount(const ObservedMount& mount) {
    spec::Mount shown{.destination = mount.point, .type = mount.type};
    if (!mount.source.empty()) shown.source = mount.source;
    shown.options = mount.options;
    for (const std::string& option : mount.system_options)
        if (std::ranges::find(shown.options, option) == shown.options.end() && option != "rw")
            shown.options.push_back(option);
    return shown;
}

std::vector<Difference> compare_mounts(const std::vector<spec::Mount>& asked,
                                       const std::vector<ObservedMount>& found,
                                       const BarePaths& bare) {
    std::vector<Difference> differences;
    for (size_t i = 0; i < asked.size(); ++i) {
        const std::string place = clean_path(asked[i].destination);
        const bool covered = std::ranges::any_of(
            asked | std::views::drop(i + 1),
            [&](const spec::Mount& later) { return covers(later.destination, place); });
        if (covered) continue;
        const std::string pointer = format("/mounts/{}", i);
        if (const ObservedMount* mount = find_observed(found, place))
            compare_mount(asked[i], *mount, pointer, differences);
        else if (bare.contains(place) && is_mounted_there(asked[i]))
            differences.push_back({pointer, write_json(asked[i], JsonStyle::compact),
                                   json_string("nothing is mounted there")});
    }
    return differences;
}

}  // namespace sampan
