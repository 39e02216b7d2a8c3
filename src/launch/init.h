// The inside: from the clone to the stub.
//
// These rules hold after the clone, in init.cc and in every apply() that it calls:
//
//  1. All memory of the parent may be used, since the program has one thread and the memory is a
//     copy (no CLONE_VM). malloc works, but is rarely needed.
//  2. Never use stdio streams (their buffers are the parent's), exit(3), static destructors,
//     threads or signal handlers (except the empty one of let_writes_fail()). No exception may
//     leave our first function. Init ends by _exit(2), or executes the stub.
//  3. Inside the container's root, never use dlopen, NSS (getpwnam …), iconv or locales: they would
//     run the container's code with our rights. By then users and capabilities are numbers.
//  4. Every descriptor is close-on-exec, except for those that the stub needs.
//  5. Never rely on a signal to end init: as pid 1 it ignores signals with default actions.
#pragma once

#include "cgroup/create.h"
#include "launch/hooks.h"
#include "launch/sync.h"
#include "linux/context.h"
#include "linux/seccomp.h"
#include "plan/plan.h"

namespace sampan {

struct InitTask {
    const Plan& plan;
    const CgroupJoin& cgroup;
    const SeccompFilter* seccomp;  // null: none
    const HookIdentity& identity;
    Context& context;
    Sync& sync;
    const HookFiles& hook_files;
    int gate;
    // For an init that stays out of a pid namespace in which its child will live: the socket of
    // that child, and the file into which the kernel writes its pid (stub::Block). Otherwise -1.
    int execution;
    int cloned;
};

// When it begins, we are in all new and joined namespaces, except for the cgroup namespace and a
// time namespace that has offsets; in the cgroup of v2, but not yet in those of v1. Root and
// working directory are the host's. In a new user namespace no id is mapped yet. A failure is
// reported to the supervisor.
[[noreturn]] void run_init(InitTask task) noexcept;

}  // namespace sampan
