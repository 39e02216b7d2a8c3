// Compiled seccomp filters that are kept on disk: to compile one takes 9 to 14 ms, to read it 0.1.
#pragma once

#include <string>

#include "base/result.h"
#include "linux/seccomp.h"
#include "spec/seccomp.h"

namespace sampan {

struct CachedSeccomp {
    SeccompFilter filter;
    bool from_cache = false;
};

// The compiled filter of the profile: from the folder `folder` if it contains it, otherwise it is
// compiled and stored there. A missing folder is made (0700). A file there is only trusted if all
// of this is true: the folder and the file belong to us, nobody else may write to them, the sum of
// the content is right, and the stored profile, library, kernel and architecture equal the present
// ones byte for byte (the file's name is only a hash). Otherwise, and if a file cannot be read or
// written, the filter is compiled: all errors come from compile_seccomp(). At most 32 filters are
// kept; the oldest are removed first.
Result<CachedSeccomp> cached_seccomp(const spec::Seccomp& seccomp, const std::string& folder);

}  // namespace sampan
