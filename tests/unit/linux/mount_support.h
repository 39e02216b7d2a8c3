// Help for tests that mount: a child in a mount namespace of its own, and a root file system in it.
#pragma once

#include <functional>
#include <string>
#include <variant>
#include <vector>

#include "linux/context.h"
#include "linux/rootfs.h"
#include "spec/config.h"

#include "support.h"

namespace sampan::testing {

// Runs `act` in a child with mount, ipc, uts and network namespaces of its own, where no mount
// reaches the host, and returns what it returned, or how the child ended.
std::string in_mount_namespace(const std::function<std::string()>& act);

// A context whose root is `path` bound on itself. To be called in such a child.
Result<Context> make_context(const std::string& path);

// "tmpfs ro,nosuid" of the file system and mount at `path` in the root; the error's text otherwise.
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

// Applies all steps of variants in order: "ok", or the first error.
template <class Steps>
std::string apply_all(const Steps& steps, Context& context) {
    for (const auto& step : steps) {
        const Status done = std::visit([&](const auto& s) { return apply(s, context); }, step);
        if (!done) return done.error().message();
    }
    return "ok";
}

}  // namespace sampan::testing
