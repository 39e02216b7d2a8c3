// The part in front of a seccomp program that answers ENOSYS to system calls which the profile's
// author could not know.
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

// Instructions (struct sock_filter, 8 bytes each) that return ENOSYS above the given numbers, and
// go on behind themselves in all other cases. A profile's default action is mostly EPERM, which
// makes a C library give up where ENOSYS would make it use the older call. Calls are numbered in
// the order in which the kernel got them, but for a few.
std::vector<uint64_t> enosys_prefix(std::span<const HighestCall> highest);

}  // namespace sampan
