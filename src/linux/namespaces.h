// linux.namespaces (config-linux.md#namespaces): which are new, which are joined.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/fd.h"
#include "spec/config.h"

namespace sampan {

struct JoinNamespace {
    int type = 0;  // CLONE_NEW*
    std::string path;
    std::string origin;
    // What the container changes in it, as the end of a sentence ("which /hostname would change"):
    // then it may not be the host's. "" for nothing.
    std::string harm;
    bool operator==(const JoinNamespace&) const = default;
};

struct NamespacePlan {
    // CLONE_NEW* of the new ones, for clone3(2), which puts the child into a time namespace too.
    // Not by clone3 but by init: CLONE_NEWCGROUP, once it is in its cgroup, and CLONE_NEWTIME where
    // there are offsets (time_offsets.h).
    uint64_t new_types = 0;
    // In the order in which to join: user, mount, uts, ipc, network, cgroup, pid, time.
    std::vector<JoinNamespace> joins;

    [[nodiscard]] bool creates(int type) const {
        return (new_types & static_cast<uint64_t>(type)) != 0;
    }
    [[nodiscard]] const JoinNamespace* joined(int type) const;
    // Not the runtime's own: new or joined.
    [[nodiscard]] bool separate(int type) const { return creates(type) || joined(type) != nullptr; }
    bool operator==(const NamespacePlan&) const = default;
};

// Pure.
NamespacePlan plan_namespaces(const Spec& spec);

// Opens the file and checks that it is a namespace of that type (config-linux.md#namespaces: MUST
// error). The descriptor is for join_namespace() of os/.
Result<Fd> open_namespace(const JoinNamespace& join);
// An error, with the place, where the namespace `fd` would come to harm and is the one that we or
// pid 1 are in, as `proc` (a checked procfs) shows them. A path is no promise of another one.
Status check_not_hosts(int proc, const JoinNamespace& join, int fd);
// Whether we are in this user namespace already, of which the kernel takes a second entry for an
// error. `proc`: a checked procfs.
Result<bool> is_our_user_namespace(int ns, int proc);
// "join the network namespace /run/netns/web"
std::string describe(const JoinNamespace& join);
// "new namespaces: pid network mount"; "" for none.
std::string describe_new_namespaces(uint64_t types);

struct NamespaceKind {
    spec::NamespaceType type;
    int flag;  // CLONE_NEW*
    std::string_view name;
    std::string_view file;  // below /proc/PID/ns
};
// All that there are, in the order in which they are joined.
std::span<const NamespaceKind> namespace_kinds();

// CLONE_NEW* of a type of the spec, and the spec's word for a CLONE_NEW*.
int namespace_flag(spec::NamespaceType type);
std::string_view namespace_name(int flag);

}  // namespace sampan
