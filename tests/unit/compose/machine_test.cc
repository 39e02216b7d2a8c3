#include "compose/machine.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "compose/seccomp_default.h"
#include "host/host.h"
#include "spec/check.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

Host host_of_root() {
    Host host;
    host.capabilities = ~uint64_t{0};
    return host;
}

Host host_of_user() {
    Host host;
    host.euid = host.egid = 1000;
    return host;
}

const Caller caller{.mounts = {{.id = 1, .parent = 0, .point = "/", .type = "ext4"}},
                    .uids = {{0, 1000, 1}},
                    .gids = {{0, 1000, 1}},
                    .variables = {"PATH=/opt/bin", "LANG=C"}};

Spec composed(const MachineRequest& request, const Host& host) {
    Result<Spec> spec = compose_machine(request, host, caller);
    REQUIRE_MESSAGE(spec.has_value(), spec.error().message());
    spec->process->args = {"sh"};
    return checked(*spec);
}

bool has_variable(const Spec& spec, const char* variable) {
    return std::ranges::find(spec.process->env, variable) != spec.process->env.end();
}

bool allows(const spec::Seccomp& filter, const char* call) {
    return std::ranges::any_of(filter.syscalls, [call](const spec::SeccompSyscall& rule) {
        return rule.args.empty() && rule.action == spec::SeccompAction::scmp_act_allow &&
               std::ranges::find(rule.names, call) != rule.names.end();
    });
}

}  // namespace

TEST_CASE("machine: the host's system, with the caller's PATH and places of its own") {
    const Spec spec = composed({}, host_of_root());
    CHECK(spec.root->path == "/");
    CHECK(spec.mounts.front().type == "overlay");
    CHECK(has_variable(spec, "PATH=/opt/bin"));
    CHECK(has_variable(spec, "LANG=C"));
    CHECK(spec::find_namespace(spec, spec::NamespaceType::user) == nullptr);
    for (const char* fresh : {"/proc", "/dev", "/sys", "/run", "/tmp"})
        CHECK_MESSAGE(
            std::ranges::find(spec.mounts, fresh, &spec::Mount::destination) != spec.mounts.end(),
            fresh);
}

TEST_CASE("machine: another root has the default PATH, and is written to only if asked") {
    const TempFolder folder;
    Spec spec = composed({.root = folder.path()}, host_of_root());
    CHECK_FALSE(has_variable(spec, "PATH=/opt/bin"));
    CHECK(spec.mounts.front().type == "overlay");
    spec = composed({.root = folder.path(), .write = true}, host_of_root());
    CHECK(spec.root->path == folder.path());
    CHECK(spec.mounts.front().destination == "/proc");
    const Result<Spec> missing =
        compose_machine({.root = folder.path() + "/x"}, host_of_root(), caller);
    REQUIRE_FALSE(missing.has_value());
}

TEST_CASE("machine: an ordinary user gets a user namespace, and no rules for devices") {
    const Spec spec = composed({}, host_of_user());
    CHECK(spec::find_namespace(spec, spec::NamespaceType::user) != nullptr);
    CHECK(spec.linux_->uid_mappings == caller.uids);
    CHECK_FALSE(spec.linux_->resources.has_value());
}

TEST_CASE("default filter: some capabilities open further system calls") {
    const spec::Seccomp plain = checked(default_seccomp({"CAP_CHOWN"}));
    CHECK(allows(plain, "openat"));
    CHECK_FALSE(allows(plain, "mount"));
    CHECK_FALSE(allows(plain, "clone"));
    CHECK_FALSE(allows(plain, "io_uring_setup"));
    CHECK_FALSE(allows(plain, "reboot"));
    // The kernel takes 32 bits of a family: AF_VSOCK with a high bit set is AF_VSOCK.
    for (const spec::SeccompSyscall& rule : plain.syscalls)
        for (const spec::SeccompArg& arg : rule.args)
            CHECK(arg.op != spec::SeccompOperator::scmp_cmp_gt);
    const spec::Seccomp admin = checked(default_seccomp({"CAP_SYS_ADMIN", "CAP_SYS_BOOT"}));
    CHECK(allows(admin, "mount"));
    CHECK(allows(admin, "clone"));
    CHECK(allows(admin, "reboot"));
}
