// The config.json that `sampan spec` writes.
#pragma once

#include <sys/types.h>

#include "spec/config.h"

namespace sampan {

// A shell on a terminal in new namespaces, with few rights. It needs a folder "rootfs" with a `sh`.
[[nodiscard]] Spec default_config();
// The same for a user without privileges: root inside is `uid` and `gid` outside.
[[nodiscard]] Spec default_rootless_config(uid_t uid, gid_t gid);

}  // namespace sampan
