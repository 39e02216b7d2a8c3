#include "plan/unsupported.h"

#include "base/text.h"

namespace sampan {

namespace {

class Unsupported {
  public:
    void check(bool asked, std::string pointer) {
        if (asked) found_.push_back({std::move(pointer), "is not carried out yet", ""});
    }
    std::vector<Problem> take() && { return std::move(found_); }

  private:
    std::vector<Problem> found_;
};

void check_process(const spec::Process& process, Unsupported& list) {
    list.check(process.apparmor_profile.has_value(), "/process/apparmorProfile");
    list.check(process.selinux_label.has_value(), "/process/selinuxLabel");
    // execCPUAffinity concerns `exec` alone: nothing is left undone by create.
}

void check_linux(const spec::Linux& config, Unsupported& list) {
    list.check(!config.net_devices.empty(), "/linux/netDevices");
    list.check(config.intel_rdt.has_value(), "/linux/intelRdt");
    list.check(config.mount_label.has_value(), "/linux/mountLabel");
}

}  // namespace

std::vector<Problem> find_unsupported(const Spec& spec) {
    Unsupported list;
    if (spec.process) check_process(*spec.process, list);
    if (spec.linux_) check_linux(*spec.linux_, list);
    return std::move(list).take();
}

}  // namespace sampan
