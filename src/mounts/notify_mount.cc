#include "mounts/notify_mount.h"

#include <algorithm>

#include "mounts/propagation.h"
#include "mounts/rootfs.h"

namespace sampan {

std::optional<NotifyPlan> plan_notify(const Spec& spec, const std::string& folder, size_t slot) {
    if (folder.empty() || !has_mount_namespace(spec)) return std::nullopt;
    if (!spec.process || std::ranges::any_of(spec.process->env, [](const std::string& entry) {
            return entry.starts_with("NOTIFY_SOCKET=");
        }))
        return std::nullopt;
    const MountOptions options = parse_mount_options({"bind", "ro", "nosuid", "nodev", "noexec"});
    return NotifyPlan{.source = {.origin = "",
                                 .source = folder,
                                 .bind = Binding::one_mount,
                                 .filesystem = {},
                                 .propagation = no_propagation,
                                 .id_maps = {},
                                 .slot = slot},
                      .mount = {.origin = "",
                                .source = folder,
                                .source_slot = static_cast<int>(slot),
                                .bind = Binding::one_mount,
                                .destination = notify_destination,
                                .changes = options.changes}};
}

}  // namespace sampan
