// Compiled seccomp filters kept on disk: compiling costs 9 to 14 ms, reading back 0.1.
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

// The compiled filter of the profile, from the folder `folder` where it holds one, otherwise
// compiled and stored there. The folder is made (0700) when missing. What is in it is believed only
// when the folder and the file belong to us, nobody else may write to them, the sum of the content
// is right, and the stored profile, library, kernel and architecture equal the present ones byte
// for byte: the file's name is only a hash. Anything else, and any failure to read or write, means
// compiling: errors are those of compile_seccomp() only. At most 32 filters are kept; the oldest go
// first.
Result<CachedSeccomp> cached_seccomp(const spec::Seccomp& seccomp, const std::string& folder);

}  // namespace sampan
