// Help for tests that mount: a child in a mount namespace of its own, and a root file system in it.
#pragma once

#include <string>
#include <vector>

#include "linux/context.h"
#include "mounts/rootfs.h"
#include "spec/config.h"

#include "support.h"

namespace sampan::testing {

// A context whose root is `path`, bound on itself. To be called in such a child.
Result<Context> make_context(const std::string& path);

// "tmpfs ro,nosuid" for the file system and the mount at `path` in the root; otherwise the text of
// the error.
std::string facts_of(const Context& context, const std::string& path);

// "dir", "file", "link", "c 1:3", "fifo", "none": what is at `path` in the root, links not
// followed.
std::string kind_at(const Context& context, const std::string& path);

// The number of mounts in our namespace whose line in mountinfo contains `text`.
int count_mounts(const std::string& text);

// A config.json with a mount namespace, a root "rootfs", and these mounts.
Spec spec_with(std::vector<spec::Mount> mounts);
spec::Mount mount_of(const std::string& destination,
                     const std::string& type,
                     const std::string& source,
                     std::vector<std::string> options);

}  // namespace sampan::testing
