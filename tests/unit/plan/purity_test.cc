// make_plan only depends on its arguments: it may ask the kernel for memory, and for nothing else.

#include <unistd.h>

#include <doctest/doctest.h>

#include "linux/seccomp.h"
#include "os/process.h"

#include "bundles.h"
#include "skip.h"

namespace sampan {

namespace {

// Kills for any call except those for memory and exit. AddressSanitizer looks at the signal stack
// before it exits.
spec::Seccomp memory_only() {
    spec::Seccomp seccomp;
    seccomp.default_action = spec::SeccompAction::scmp_act_kill_process;
    spec::SeccompSyscall allowed;
    allowed.action = spec::SeccompAction::scmp_act_allow;
    allowed.names = {"brk",      "mmap",  "munmap",     "mremap",     "madvise",
                     "mprotect", "futex", "exit_group", "sigaltstack"};
    seccomp.syscalls.push_back(allowed);
    return seccomp;
}

ExitStatus end_of_child(void (*work)(const std::vector<Example>&)) {
    const std::vector<Example> examples = read_examples();
    const SeccompFilter filter = compile_seccomp(memory_only()).value();
    Cloned child = clone_process(0).value();
    if (child.pid == 0) {
        if (!load_seccomp(filter)) ::_exit(2);
        work(examples);
        ::_exit(0);
    }
    return Process(child.pid, std::move(child.pidfd)).wait().value();
}

constexpr const char* needs_root = "only root may load the filter";

}  // namespace

TEST_CASE("make_plan: touches neither the process nor the system, for any example bundle") {
    if (::geteuid() != 0) return skip(needs_root);
    const ExitStatus ended = end_of_child([](const std::vector<Example>& examples) {
        const Host host = made_up_host();
        for (const Example& example : examples)
            if (!make_plan(example.spec, host, example.request)) ::_exit(3);
    });
    CHECK(ended.signal == 0);
    CHECK(ended.code == 0);
}

TEST_CASE("make_plan: the filter of the test above does kill") {
    if (::geteuid() != 0) return skip(needs_root);
    const ExitStatus ended = end_of_child([](const std::vector<Example>&) { (void)::getppid(); });
    CHECK(ended.signal != 0);
}

}  // namespace sampan
