#include "linux/labels.h"

#include "base/text.h"
#include "host/host.h"
#include "spec/annotations.h"

namespace sampan {

namespace {

constexpr std::string_view no_selinux = "SELinux is not active on this host";

}  // namespace

Result<std::vector<WriteLabel>> plan_labels(const spec::Process& process,
                                            const Host& host,
                                            std::string_view pointer) {
    std::vector<WriteLabel> labels;
    const std::string profile = process.apparmor_profile.value_or("");
    if (!profile.empty() && (host.apparmor || profile != "unconfined")) {
        const std::string origin = format("{}/apparmorProfile", pointer);
        if (!host.apparmor)
            return fail_at(origin, "AppArmor is not active on this host",
                           "remove the profile, or boot with AppArmor");
        labels.push_back({origin, SecurityModule::apparmor, "exec " + profile});
    }
    const std::string label = process.selinux_label.value_or("");
    if (!label.empty()) {
        const std::string origin = format("{}/selinuxLabel", pointer);
        if (!host.selinux)
            return fail_at(origin, no_selinux, "remove the label, or boot with SELinux");
        labels.push_back({origin, SecurityModule::selinux, label});
    }
    return labels;
}

std::string describe(const WriteLabel& label) {
    return format("write \"{}\" to /proc/{}", label.text, file_of(label.module));
}

std::string file_of(SecurityModule module) {
    // attr/exec belongs to whichever module comes first.
    return module == SecurityModule::apparmor ? "thread-self/attr/apparmor/exec"
                                              : "thread-self/attr/exec";
}

std::string label_option(const Spec& spec, const std::string& label) {
    if (label.empty()) return "";
    return format("{}={}",
                  spec::find_annotation(spec, spec::mount_context_type).value_or("context"), label);
}

Result<std::string> plan_mount_label(const Spec& spec, const Host& host) {
    if (!spec.linux_) return std::string();
    std::string label = spec.linux_->mount_label.value_or("");
    if (!label.empty() && !host.selinux)
        return fail_at("/linux/mountLabel", no_selinux, "remove the label, or boot with SELinux");
    return label;
}

}  // namespace sampan
