#include "mounts/idmap_plan.h"

#include <linux/capability.h>
#include <sched.h>

#include <string_view>

#include "base/text.h"
#include "host/host.h"
#include "spec/check.h"
#include "spec/check_parts.h"

namespace sampan {

namespace {

using IdRanges = std::vector<spec::IdMapping>;

// "0-1000-10": the first id, the id that it becomes, how many. With "@" in front, the second is an
// id of the container, and stands for its id outside.
Result<spec::IdMapping> parse_range(std::string_view text, const IdRanges& container) {
    const bool relative = text.starts_with('@');
    const std::vector<std::string_view> words = split(relative ? text.substr(1) : text, '-');
    const auto number = [&words](size_t i) {
        return i < words.size() ? parse_number<uint32_t>(words[i]) : std::nullopt;
    };
    const auto from = number(0);
    const auto to = number(1);
    const auto size = number(2);
    if (words.size() != 3 || !from || !to || !size || *size == 0)
        return failf("\"{}\" is not a range of ids: write FROM-TO-COUNT, such as 0-1000-10", text);
    spec::IdMapping mapping{.container_id = *from, .host_id = *to, .size = *size};
    if (!relative) return mapping;
    const std::optional<uint32_t> outside = host_id(container, *to);
    if (!outside) return failf("\"{}\": the container's user namespace maps no id {}", text, *to);
    mapping.host_id = *outside;
    return mapping;
}

Result<IdRanges> parse_ranges(std::string_view text, const IdRanges& container) {
    IdRanges map;
    for (const std::string_view range : split(text, '#'))
        map.push_back(TRY(parse_range(range, container)));
    // The rules of mappings in config.json: the kernel would say "Invalid argument".
    spec::Findings findings;
    spec::check_id_mappings(map, "", findings);
    if (findings.problems.empty()) return map;
    return failf("\"{}\": {}", text, findings.problems.front().what);
}

// "uids=0-1000-10#20-2000-1;gids=@0-0-10", in any order. A kind that is missing is mapped like the
// container's.
Result<IdMaps> parse_option(std::string_view text, const IdMaps& container) {
    IdMaps maps = container;
    for (const std::string_view part : split(text, ';')) {
        if (part.starts_with("uids=")) {
            maps.uids = TRY(parse_ranges(part.substr(5), container.uids));
        } else if (part.starts_with("gids=")) {
            maps.gids = TRY(parse_ranges(part.substr(5), container.gids));
        } else {
            return failf("idmap takes uids= and gids=, not \"{}\"", part);
        }
    }
    if (maps.uids.empty() || maps.gids.empty())
        return failf("idmap needs uids= and gids=, since the container maps no ids");
    return maps;
}

}  // namespace

std::optional<JoinNamespace> joined_user_namespace(const Spec& spec) {
    const spec::Namespace* const user = spec::find_namespace(spec, spec::NamespaceType::user);
    if (user == nullptr || !user->path) return std::nullopt;
    return JoinNamespace{.type = CLONE_NEWUSER, .path = *user->path, .origin = "", .harm = ""};
}

bool maps_ids(const spec::Mount& mount, const MountOptions& options) {
    return options.idmap || options.idmap_tree || !mount.uid_mappings.empty();
}

Result<MountIdMaps> plan_mount_id_maps(const Spec& spec,
                                       const Host& host,
                                       const spec::Mount& mount,
                                       const MountOptions& options,
                                       const std::string& origin) {
    if (((host.capabilities >> CAP_SYS_ADMIN) & 1U) == 0)
        return failf("an ID-mapped mount needs CAP_SYS_ADMIN on the host");
    IdMaps container{{}, {}, origin};
    if (spec.linux_) container = {spec.linux_->uid_mappings, spec.linux_->gid_mappings, origin};
    if (!mount.uid_mappings.empty())
        return MountIdMaps{{mount.uid_mappings, mount.gid_mappings, origin}, std::nullopt};
    if (!options.id_ranges.empty())
        return MountIdMaps{TRY(parse_option(options.id_ranges, container)), std::nullopt};
    if (auto joined = joined_user_namespace(spec)) return MountIdMaps{{}, std::move(joined)};
    return MountIdMaps{container, std::nullopt};
}

std::string describe(const MountIdMaps& maps) {
    if (maps.by_namespace)
        return format("map ids as the user namespace {} does", maps.by_namespace->path);
    return describe(maps.maps);
}

}  // namespace sampan
