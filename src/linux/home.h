// What the container's /etc/passwd says about its user.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "linux/context.h"

namespace sampan {

// HOME for `uid`: the home of the first entry with this uid in etc/passwd of the root; "/" if there
// is none. Ids are compared as numbers, never as names: an entry named "1000" is not uid 1000
// (CVE-2016-3697). The file comes from the image, so it may contain anything. It is opened below
// the root, only if it is a regular file, never blocking, and read up to 1 MiB. Lines that are not
// entries are skipped, and so is a home that is not an absolute path or contains control
// characters. It is an error if the file exists but cannot be read.
Result<std::string> find_home(const Context& context, uint32_t uid);

}  // namespace sampan
