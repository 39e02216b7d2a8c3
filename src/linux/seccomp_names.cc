#include "linux/seccomp_names.h"

#include <algorithm>
#include <cstdlib>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>

#include <seccomp.h>

#include "base/text.h"
#include "spec/annotations.h"
#include "spec/suggest.h"

namespace sampan {

namespace {

// Calls that are newer than many an installed libseccomp, with names near to older ones.
constexpr std::string_view newer_calls[] = {
    "cachestat",     "fchmodat2",  "file_getattr", "file_setattr", "futex_requeue",
    "futex_wait",    "futex_wake", "getxattrat",   "listxattrat",  "open_tree_attr",
    "removexattrat", "setxattrat", "statmount",    "listmount",    "mseal",
};

bool is_known(const std::string& name) {
    return seccomp_syscall_resolve_name(name.c_str()) != __NR_SCMP_ERROR ||
           std::ranges::find(newer_calls, name) != std::end(newer_calls);
}

// Of the machine's own architecture.
std::vector<std::string> known_calls() {
    constexpr int beyond_all = 1024;
    std::vector<std::string> names;
    for (int number = 0; number < beyond_all; ++number) {
        const std::unique_ptr<char, void (*)(void*)> name(
            seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number), &std::free);
        if (name) names.emplace_back(name.get());
    }
    return names;
}

}  // namespace

std::vector<Problem> mistyped_calls(const spec::Seccomp& seccomp) {
    std::vector<Problem> warnings;
    std::vector<std::string> known;
    for (size_t i = 0; i < seccomp.syscalls.size(); ++i) {
        const std::vector<std::string>& names = seccomp.syscalls[i].names;
        for (size_t k = 0; k < names.size(); ++k) {
            if (is_known(names[k])) continue;
            if (known.empty()) known = known_calls();
            std::string hint =
                did_you_mean(names[k], std::vector<std::string_view>(known.begin(), known.end()));
            if (hint.empty()) continue;
            warnings.push_back(
                {.pointer = format("/linux/seccomp/syscalls/{}/names/{}", i, k),
                 .what = format("no system call is known as \"{}\": the rule has no effect on it",
                                names[k]),
                 .hint = std::move(hint),
                 .offset = {}});
        }
    }
    return warnings;
}

Status check_known_calls(const Spec& spec) {
    if (!spec.linux_ || !spec.linux_->seccomp) return {};
    if (!spec::is_switched_on(spec, spec::fail_unknown_syscall)) return {};
    const std::vector<spec::SeccompSyscall>& rules = spec.linux_->seccomp->syscalls;
    for (size_t i = 0; i < rules.size(); ++i)
        for (size_t k = 0; k < rules[i].names.size(); ++k)
            if (seccomp_syscall_resolve_name(rules[i].names[k].c_str()) == __NR_SCMP_ERROR)
                return fail_at(format("/linux/seccomp/syscalls/{}/names/{}", i, k),
                               format("unknown system call \"{}\"", rules[i].names[k]),
                               format("without the annotation {} it would be skipped",
                                      spec::fail_unknown_syscall));
    return {};
}

}  // namespace sampan
