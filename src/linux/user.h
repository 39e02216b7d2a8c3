// What /etc/passwd of the container tells about its user.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "linux/context.h"

namespace sampan {

// HOME for `uid`: the home of the first entry of etc/passwd in the root with this uid, "/" where
// there is none. Ids are compared as numbers, never a name: an entry named "1000" is not uid 1000
// (CVE-2016-3697). The file is the image's, so anything may be in it: it is opened below the root,
// only as a regular file, never blocking, read to 1 MiB at most; lines that are not entries are
// skipped, and a home that is not an absolute path, or holds control characters, is passed over. An
// error where it is there and cannot be read.
Result<std::string> find_home(const Context& context, uint32_t uid);

}  // namespace sampan
