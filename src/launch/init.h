// The inside: from the clone to the stub.
//
// What holds after the clone, in init.cc and in every apply() that it calls:
//   1. It is legal to use all memory of the parent, since the program has one thread and the memory
//      is copied (no CLONE_VM). malloc works; there is little need for it.
//   2. Never: stdio streams (their buffers are the parent's), exit(3), static destructors, threads,
//      signal handlers (but the empty one of let_writes_fail()), an exception that leaves our first
//      function. Init leaves by _exit(2) or by executing the stub.
//   3. Never, once inside the container's root: dlopen, NSS (getpwnam …), iconv, locales: they
//      would run the container's code with our rights. Users and capabilities are numbers by then.
//   4. Every descriptor is close-on-exec; only the two sockets of the stub are exempt.
//   5. As pid 1 its signals with default actions are ignored: it never relies on one to end itself.
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
    int gate;
    // Of an init that works out of sight of a pid namespace which its child shall live in: the
    // child's socket, and the file into which the kernel writes who that is (stub::Block). Or -1.
    int execution;
    int cloned;
};

// At entry: in all new and joined namespaces but the cgroup namespace and a time namespace that has
// offsets; in the cgroup of v2, in
// those of v1 not yet; root and working directory are the host's; with a new user namespace no id
// is mapped yet. Reports a failure to the supervisor.
[[noreturn]] void run_init(InitTask task) noexcept;

}  // namespace sampan
