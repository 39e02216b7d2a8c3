#include "spec/features.h"

#include "cli/command.h"
#include "cli/output.h"
#include "launch/hooks.h"
#include "linux/capabilities.h"
#include "linux/seccomp.h"
#include "mounts/mount_options.h"
#include "spec/annotations.h"
#include "spec/check.h"
#include "spec/tables.h"
#include "spec/writer.h"

namespace sampan {

namespace {

// All words of an enum, from the table that the reader uses.
template <class E>
std::vector<E> all_of() {
    std::vector<E> values;
    for (const spec::Word& word : spec::words_of<E>().words)
        values.push_back(static_cast<E>(word.value));
    return values;
}

std::vector<std::string> hook_names() {
    std::vector<std::string> names;
    for (const HookKind kind :
         {HookKind::prestart, HookKind::create_runtime, HookKind::create_container,
          HookKind::start_container, HookKind::poststart, HookKind::poststop})
        names.emplace_back(name_of(kind));
    return names;
}

Result<std::vector<spec::SeccompFlag>> supported_flags() {
    std::vector<spec::SeccompFlag> flags;
    for (const std::string& name : TRY(supported_seccomp_flags()))
        if (const auto flag = spec::from_name<spec::SeccompFlag>(name)) flags.push_back(*flag);
    return flags;
}

// Whether sampan-systemd was built.
constexpr bool with_systemd = WITH_SYSTEMD != 0;

Result<spec::LinuxFeatures> linux_features() {
    spec::LinuxFeatures features;
    features.namespaces = all_of<spec::NamespaceType>();
    features.capabilities = capability_names();
    features.cgroup = spec::CgroupFeatures{.v1 = true,
                                           .v2 = true,
                                           .systemd = with_systemd,
                                           .systemd_user = with_systemd,
                                           .rdma = true};
    features.seccomp = spec::SeccompFeatures{.enabled = true,
                                             .actions = all_of<spec::SeccompAction>(),
                                             .operators = all_of<spec::SeccompOperator>(),
                                             .archs = supported_seccomp_archs(),
                                             .known_flags = all_of<spec::SeccompFlag>(),
                                             .supported_flags = TRY(supported_flags())};
    features.apparmor = spec::EnabledFeature{true};
    features.selinux = spec::EnabledFeature{true};
    features.intel_rdt =
        spec::IntelRdtFeatures{.enabled = true, .schemata = true, .monitoring = true};
    features.memory_policy = spec::MemoryPolicyFeatures{.modes = all_of<spec::MemoryPolicyMode>(),
                                                        .flags = all_of<spec::MemoryPolicyFlag>()};
    features.mount_extensions = spec::MountExtensions{spec::EnabledFeature{true}};
    features.net_devices = spec::EnabledFeature{true};
    return features;
}

}  // namespace

Result<int> run_features(Invocation&) {
    spec::Features features;
    features.oci_version_min = "1.0.0";
    features.oci_version_max = spec::oci_version_max;
    features.hooks = hook_names();
    features.mount_options = known_mount_options();
    features.linux_ = TRY(linux_features());
    features.annotations = std::map<std::string, std::string>{
        {"io.github.seccomp.libseccomp.version", seccomp_library_version()},
        {"org.opencontainers.runc.checkpoint.enabled", "true"}};
    // Prefixes, which the specification allows.
    const std::span<const std::string_view> annotations = spec::known_annotations();
    features.potentially_unsafe_config_annotations =
        std::vector<std::string>(annotations.begin(), annotations.end());
    TRY(print(write_json(features, JsonStyle::indented) + "\n"));
    return 0;
}

}  // namespace sampan
