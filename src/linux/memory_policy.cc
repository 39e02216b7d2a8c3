#include "linux/memory_policy.h"

#include <linux/mempolicy.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/bit_list.h"
#include "base/text.h"
#include "spec/tables.h"

namespace sampan {

namespace {

using spec::MemoryPolicyFlag;
using spec::MemoryPolicyMode;

// By number, because headers of older systems do not have the newer ones.
int number_of(MemoryPolicyMode mode) {
    switch (mode) {
        case MemoryPolicyMode::mpol_default:
            return 0;
        case MemoryPolicyMode::mpol_preferred:
            return 1;
        case MemoryPolicyMode::mpol_bind:
            return 2;
        case MemoryPolicyMode::mpol_interleave:
            return 3;
        case MemoryPolicyMode::mpol_local:
            return 4;
        case MemoryPolicyMode::mpol_preferred_many:
            return 5;
        case MemoryPolicyMode::mpol_weighted_interleave:
            return 6;
    }
    return -1;
}

int number_of(MemoryPolicyFlag flag) {
    switch (flag) {
        case MemoryPolicyFlag::mpol_f_static_nodes:
            return MPOL_F_STATIC_NODES;
        case MemoryPolicyFlag::mpol_f_relative_nodes:
            return MPOL_F_RELATIVE_NODES;
        case MemoryPolicyFlag::mpol_f_numa_balancing:
            return MPOL_F_NUMA_BALANCING;
    }
    return 0;
}

std::string hint_for(int code) {
    switch (code) {
        case ENOSYS:
            return "this kernel has no memory policies (CONFIG_NUMA)";
        case EINVAL:
            return "at least one of the nodes must be there and allowed by the cgroup's "
                   "cpuset.mems, and the kernel must know the mode and the flags together "
                   "(set_mempolicy(2))";
        default:
            return "";
    }
}

}  // namespace

Result<std::optional<SetMemoryPolicy>> plan_memory_policy(const Spec& spec) {
    if (!spec.linux_ || !spec.linux_->memory_policy) return std::nullopt;
    const spec::MemoryPolicy& asked = *spec.linux_->memory_policy;
    SetMemoryPolicy step{.origin = "/linux/memoryPolicy",
                         .mode = number_of(asked.mode),
                         .nodes = {},
                         .text = std::string(spec::name_of(asked.mode))};
    for (const MemoryPolicyFlag flag : asked.flags) {
        step.mode |= number_of(flag);
        step.text += format("|{}", spec::name_of(flag));
    }
    if (asked.nodes) {
        step.nodes =
            TRY(parse_bit_list(*asked.nodes, node_numbers).at("/linux/memoryPolicy/nodes"));
        step.text += format(" of {}", *asked.nodes);
    }
    return step;
}

std::string describe(const SetMemoryPolicy& step) {
    return format("set the memory policy {}", step.text);
}

Status apply(const SetMemoryPolicy& step, Context&) {
    // The kernel uses one bit less than it is told.
    const size_t bits = step.nodes.empty() ? 0 : step.nodes.size() * 64 + 1;
    if (::syscall(SYS_set_mempolicy, step.mode, step.nodes.empty() ? nullptr : step.nodes.data(),
                  bits) == 0)
        return {};
    const int code = errno;
    return fail("set_mempolicy", code).hint(hint_for(code));
}

}  // namespace sampan
