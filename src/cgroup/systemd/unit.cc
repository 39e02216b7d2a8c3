#include "cgroup/systemd/unit.h"

#include <algorithm>

#include "base/text.h"
#include "cgroup/path.h"
#include "cgroup/systemd/annotations.h"

namespace sampan {

namespace {

constexpr std::string_view slice_end = ".slice";

Failure not_a_unit(const std::string& what) {
    return fail_at(cgroups_path_pointer, what,
                   "the systemd cgroup manager takes \"slice:prefix:name\", such as "
                   "\"system.slice:sampan:web\"");
}

// systemd.unit(5)
bool is_unit_name(std::string_view name) {
    constexpr std::string_view others = ":-_.\\@";
    constexpr size_t longest = 255;
    return !name.empty() && name.size() <= longest && std::ranges::all_of(name, [&](char c) {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               others.find(c) != std::string_view::npos;
    });
}

// systemd.slice(5): in the name of a slice, a dash separates the slice from the one that contains
// it.
bool is_slice_name(std::string_view name) {
    if (!name.ends_with(slice_end) || !is_unit_name(name)) return false;
    name.remove_suffix(slice_end.size());
    if (name == "-") return true;  // the root
    return !name.empty() && !name.starts_with('-') && !name.ends_with('-') &&
           name.find("--") == std::string_view::npos;
}

// "a-b.slice" to "/a.slice/a-b.slice".
std::string slice_place(std::string_view slice) {
    slice.remove_suffix(slice_end.size());
    if (slice == "-") return "";
    std::string place;
    for (size_t end = slice.find('-'); end != std::string_view::npos;
         end = slice.find('-', end + 1))
        place += format("/{}{}", slice.substr(0, end), slice_end);
    return place + format("/{}{}", slice, slice_end);
}

Result<SystemdUnit> parse_unit(const std::string& cgroups_path, bool user) {
    const std::vector<std::string_view> parts = split(cgroups_path, ':');
    if (!is_systemd_form(cgroups_path))
        return not_a_unit(
            format("\"{}\" does not have systemd's form slice:prefix:name", cgroups_path));
    SystemdUnit unit;
    unit.slice = parts[0].empty() ? (user ? "user.slice" : "system.slice") : parts[0];
    if (!is_slice_name(unit.slice))
        return not_a_unit(format("\"{}\" is not the name of a slice", unit.slice));
    if (parts[2].empty()) return not_a_unit(format("\"{}\" names no unit", cgroups_path));
    unit.name = format("{}{}{}.scope", parts[1], parts[1].empty() ? "" : "-", parts[2]);
    if (!is_unit_name(unit.name))
        return not_a_unit(format("\"{}\" is not the name of a unit", unit.name));
    return unit;
}

}  // namespace

bool is_systemd_form(std::string_view cgroups_path) {
    return !cgroups_path.starts_with('/') &&
           std::count(cgroups_path.begin(), cgroups_path.end(), ':') == 2;
}

Result<SystemdUnit> plan_unit(const std::optional<std::string>& cgroups_path,
                              std::string_view container_id,
                              const std::map<std::string, std::string>& annotations,
                              const Host& host) {
    const bool user = !host.is_privileged() || host.in_user_namespace;
    const bool named = cgroups_path && !cgroups_path->empty();
    SystemdUnit unit =
        TRY(parse_unit(named ? *cgroups_path : format(":sampan:{}", container_id), user));
    unit.user = user;
    unit.only_v2 = host.cgroups.mode == CgroupMode::v2;
    TRY(read_unit_annotations(annotations, unit));
    return unit;
}

std::string path_of(const SystemdUnit& unit, const Host& host) {
    std::string place;
    if (unit.user) {
        const CgroupHierarchy* const tree = tree_of_systemd(host.cgroups);
        const std::string own = tree == nullptr ? "" : tree->own_place().value_or("");
        place = delegated_place(own).value_or(
            format("/user.slice/user-{0}.slice/user@{0}.service", host.euid));
    }
    place += format("{}/{}", slice_place(unit.slice), unit.name);
    return unit.subgroup.empty() ? place : format("{}/{}", place, unit.subgroup);
}

const CgroupHierarchy* tree_of_systemd(const CgroupLayout& layout) {
    return layout.mode == CgroupMode::v2 ? &*layout.unified : layout.find("name=systemd");
}

size_t end_of_unit(std::string_view path, std::string_view unit) {
    const std::string own = format("/{}", unit);
    for (size_t at = path.find(own); at != std::string_view::npos; at = path.find(own, at + 1)) {
        const size_t end = at + own.size();
        if (end == path.size() || path[end] == '/') return end;
    }
    return std::string_view::npos;
}

std::string describe(const UnitProperty& property) {
    std::string value = property.value == unlimited_property ? "infinity" : property.value;
    std::ranges::replace(value, '\n', ' ');
    return format("{}={}", property.name, value);
}

}  // namespace sampan
