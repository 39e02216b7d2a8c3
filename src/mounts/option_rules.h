// Rules about the options of a new file system, where the kernel would only say "invalid argument".
// The errors have the place of the option.
#pragma once

#include <string_view>

#include "base/result.h"
#include "mounts/mount_options.h"
#include "spec/config.h"

namespace sampan {

// "nosuid,nodev": the file system would get them as options of its own. Its own options may be
// joined.
Status check_joined(const spec::Mount& mount, const MountOptions& options, std::string_view origin);
// "gid=5" in a new user namespace that does not map this id. People mostly meet this with devpts.
Status check_option_ids(const Spec& spec, const MountOptions& options, std::string_view origin);

}  // namespace sampan
