#include "mounts/option_rules.h"

#include <optional>
#include <string>

#include "base/text.h"
#include "linux/id_map.h"
#include "spec/check.h"

namespace sampan {

Status check_joined(const spec::Mount& mount,
                    const MountOptions& options,
                    std::string_view origin) {
    for (const size_t place : options.data_places) {
        const std::string& option = mount.options[place];
        if (!option.contains(',')) continue;
        std::string list;
        bool has_others = false;
        for (const std::string_view part : split(option, ',')) {
            if (part.empty()) continue;
            has_others = has_others || parse_mount_options({std::string(part)}).data.empty();
            list += format("{}\"{}\"", list.empty() ? "" : ", ", part);
        }
        if (has_others)
            return failf("\"{}\" is several options in one string", option)
                .at(format("{}/options/{}", origin, place))
                .hint(format("write each as a string of its own: {}", list));
    }
    return {};
}

Status check_option_ids(const Spec& spec, const MountOptions& options, std::string_view origin) {
    const spec::Namespace* user = spec::find_namespace(spec, spec::NamespaceType::user);
    if (user == nullptr || user->path || !spec.linux_) return {};
    for (size_t i = 0; i < options.data.size(); ++i) {
        const std::string& option = options.data[i];
        const bool group = option.starts_with("gid=");
        if (!group && !option.starts_with("uid=")) continue;
        const std::optional<uint32_t> id =
            parse_number<uint32_t>(std::string_view(option).substr(4));
        const auto& mappings = group ? spec.linux_->gid_mappings : spec.linux_->uid_mappings;
        if (id && !host_id(mappings, *id))
            return failf("the option \"{}\": the container's user namespace maps no such id",
                         option)
                .at(format("{}/options/{}", origin, options.data_places[i]))
                .hint(format("remove it, or map the id: the ids that are mapped: {}",
                             mapped_ids(mappings)));
    }
    return {};
}

}  // namespace sampan
