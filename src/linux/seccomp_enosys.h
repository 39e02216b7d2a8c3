// The beginning of a seccomp program, which answers ENOSYS to system calls that the author of the
// profile could not know.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace sampan {

// The highest system call that a profile names for one architecture.
struct HighestCall {
    uint32_t audit_arch = 0;  // AUDIT_ARCH_*
    bool x32 = false;         // the calls of x86_64 with bit 30 set
    uint32_t number = 0;
    bool operator==(const HighestCall&) const = default;
};

// Instructions (struct sock_filter, 8 bytes each) that return ENOSYS for calls above the given
// numbers, and otherwise go on after themselves. The default action of a profile is usually EPERM,
// which makes a C library give up; ENOSYS makes it use an older call. With few exceptions, calls
// are numbered in the order in which the kernel got them.
std::vector<uint64_t> enosys_prefix(std::span<const HighestCall> highest);

}  // namespace sampan
