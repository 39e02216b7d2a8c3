#include "os/descriptor_room.h"

#include <algorithm>

#include "base/text.h"

namespace sampan {

Status DescriptorRoom::make(size_t wanted) {
    rlimit64 limit{};
    if (::getrlimit64(RLIMIT_NOFILE, &limit) < 0) return fail_errno("reading RLIMIT_NOFILE");
    const rlimit64 more{std::min<rlim64_t>(wanted, limit.rlim_max), limit.rlim_max};
    if (more.rlim_cur <= limit.rlim_cur) return {};
    if (::setrlimit64(RLIMIT_NOFILE, &more) < 0) return fail_errno("raising RLIMIT_NOFILE");
    before_ = limit;
    return {};
}

Status DescriptorRoom::give_back() {
    if (before_ && ::setrlimit64(RLIMIT_NOFILE, &*before_) < 0)
        return fail_errno("lowering RLIMIT_NOFILE");
    before_.reset();
    return {};
}

}  // namespace sampan
