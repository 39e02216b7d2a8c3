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

void check_linux(const spec::Linux& config, Unsupported& list) {
    list.check(config.intel_rdt.has_value(), "/linux/intelRdt");
}

}  // namespace

std::vector<Problem> find_unsupported(const Spec& spec) {
    Unsupported list;
    if (spec.linux_) check_linux(*spec.linux_, list);
    return std::move(list).take();
}

}  // namespace sampan
