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
    // such a namespace must not be the host's. "" for nothing.
    std::string harm;
    bool operator==(const JoinNamespace&) const = default;
};

struct NamespacePlan {
    // CLONE_NEW* of the new ones, for clone3(2), which puts the child into a time namespace too.
    // Some are made by init, not by clone3: CLONE_NEWCGROUP once init is in its cgroup,
    // CLONE_NEWIPC once it is root of its user namespace, and CLONE_NEWTIME if there are offsets
    // (time_offsets.h).
    uint64_t new_types = 0;
    // In the order in which they are joined: user, mount, uts, ipc, network, cgroup, pid, time.
    std::vector<JoinNamespace> joins;

    [[nodiscard]] bool creates(int type) const {
        return (new_types & static_cast<uint64_t>(type)) != 0;
    }
    [[nodiscard]] const JoinNamespace* joined(int type) const;
    // Not our own: new or joined.
    [[nodiscard]] bool separate(int type) const { return creates(type) || joined(type) != nullptr; }
    bool operator==(const NamespacePlan&) const = default;
};

// Pure.
NamespacePlan plan_namespaces(const Spec& spec);

// Opens the file, and checks that it is a namespace of that type (config-linux.md#namespaces: MUST
// error). The descriptor is for join_namespace() of os/.
Result<Fd> open_namespace(const JoinNamespace& join);
// An error, with the place, if the container would change the namespace `fd`, and it is the one in
// which we or pid 1 are, as `proc` (a checked procfs) shows. The namespace at a path may be our
// own.
Status check_not_hosts(int proc, const JoinNamespace& join, int fd);
// Whether we are already in this user namespace: the kernel refuses to enter it again. `proc`: a
// checked procfs.
Result<bool> is_our_user_namespace(int ns, int proc);
// "join the network namespace /run/netns/web"
std::string describe(const JoinNamespace& join);
// "new namespaces: pid network mount"; "" for none.
std::string describe_new_namespaces(uint64_t types);

struct NamespaceKind {
    spec::NamespaceType type;
    int flag;  // CLONE_NEW*
    std::string_view name;
    std::string_view file;  // in /proc/PID/ns
};
// All kinds, in the order in which they are joined.
std::span<const NamespaceKind> namespace_kinds();

// CLONE_NEW* for a type of the specification, and the specification's word for a CLONE_NEW*.
int namespace_flag(spec::NamespaceType type);
std::string_view namespace_name(int flag);

}  // namespace sampan
