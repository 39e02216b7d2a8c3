// System calls without a C library: for the stub, which has none, and for the hook runner, which is
// compiled into both the stub and sampan itself.
#pragma once

#include <cstdint>

namespace sampan::stub {

// A raw system call: the result, or a negative errno.
#if defined(__x86_64__)
inline long raw_call(
    long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
    long result;
    register long r10 asm("r10") = d;
    register long r8 asm("r8") = e;
    register long r9 asm("r9") = f;
    asm volatile("syscall"
                 : "=a"(result)
                 : "a"(number), "D"(a), "S"(b), "d"(c), "r"(r10), "r"(r8), "r"(r9)
                 : "rcx", "r11", "memory");
    return result;
}
#elif defined(__aarch64__)
inline long raw_call(
    long number, long a = 0, long b = 0, long c = 0, long d = 0, long e = 0, long f = 0) {
    register long x8 asm("x8") = number;
    register long x0 asm("x0") = a;
    register long x1 asm("x1") = b;
    register long x2 asm("x2") = c;
    register long x3 asm("x3") = d;
    register long x4 asm("x4") = e;
    register long x5 asm("x5") = f;
    asm volatile("svc 0"
                 : "+r"(x0)
                 : "r"(x8), "r"(x1), "r"(x2), "r"(x3), "r"(x4), "r"(x5)
                 : "memory");
    return x0;
}
#else
#error "launch/stub/raw.h needs the system call instruction of this architecture"
#endif

inline long address(const void* pointer) {
    return reinterpret_cast<long>(pointer);
}
// For memory that the kernel writes: a compiler assumes that memory behind a pointer to const is
// only read.
inline long address(void* pointer) {
    return reinterpret_cast<long>(pointer);
}

}  // namespace sampan::stub
