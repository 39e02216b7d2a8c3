#include "linux/cpu_affinity.h"

#include <sys/syscall.h>
#include <unistd.h>

#include <array>

namespace sampan {

std::string describe(const ResetCpuAffinity&) {
    return "run on all CPUs of the cgroup, whatever those of the caller are";
}

Status apply(const ResetCpuAffinity&, Context&) {
    // More CPUs than any kernel knows (NR_CPUS is at most 8192): it ignores the rest.
    std::array<unsigned char, 8192 / 8> all{};
    all.fill(0xff);
    (void)::syscall(SYS_sched_setaffinity, 0, all.size(), all.data());
    return {};
}

}  // namespace sampan
