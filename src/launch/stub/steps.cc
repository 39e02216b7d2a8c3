#include "launch/stub/steps.h"

#include <limits.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/prctl.h>
#include <linux/seccomp.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/text.h"
#include "launch/hooks.h"
#include "launch/stub/image.h"
#include "linux/seccomp_answer.h"

namespace sampan {

namespace {

using stub::Call;
using stub::What;

Call make_call(What what, long number, std::initializer_list<uint64_t> arguments) {
    Call call{.number = number, .arguments = {}, .what = what};
    size_t i = 0;
    for (const uint64_t argument : arguments)
        call.arguments[i++] = argument;
    return call;
}

Call set_capabilities(StubImage& image, const CapabilitySets& sets) {
    const __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<uint32_t, 6> words = capset_words(sets);
    return make_call(
        What::set_capabilities, SYS_capset,
        {image.add_bytes(&header, sizeof header), image.add_bytes(words.data(), sizeof words)});
}

// In the stub and not in init: executing the stub gives root the bounding set and no more, and the
// calls that follow need capabilities which the container may not have.
void drop_bounding(StubImage& image, uint64_t keep, unsigned last_capability) {
    for (unsigned capability = 0; capability <= last_capability; ++capability)
        if ((keep >> capability & 1) == 0)
            image.before_gate(
                make_call(What::drop_bounding, SYS_prctl, {PR_CAPBSET_DROP, capability}));
}

void add_identity(StubImage& image, const StubSteps& steps, const CapabilitySets& sets) {
    const Credentials& who = steps.credentials;
    drop_bounding(image, who.capabilities.bounding, who.last_capability);
    image.before_gate(make_call(What::keep_capabilities, SYS_prctl, {PR_SET_KEEPCAPS, 1}));
    // Also with an empty list: the caller's groups are not the container's.
    if (steps.setgroups == Setgroups::allowed)
        image.before_gate(
            make_call(What::set_groups, SYS_setgroups,
                      {who.groups.size(),
                       image.add_bytes(who.groups.data(), who.groups.size() * sizeof(gid_t))}));
    image.before_gate(make_call(What::set_gid, SYS_setresgid, {who.gid, who.gid, who.gid}));
    image.before_gate(make_call(What::set_uid, SYS_setresuid, {who.uid, who.uid, who.uid}));
    image.before_gate(set_capabilities(image, sets));
    for (const unsigned capability : capability_numbers(who.capabilities.ambient))
        image.before_gate(make_call(What::raise_ambient, SYS_prctl,
                                    {PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability}));
}

void add_rlimits(StubImage& image, const std::vector<SetRlimit>& limits) {
    for (const SetRlimit& limit : limits) {
        const rlimit64 wanted{limit.soft, limit.hard};
        image.after_gate(make_call(What::set_rlimit, SYS_prlimit64,
                                   {0, static_cast<uint64_t>(limit.resource),
                                    image.add_bytes(&wanted, sizeof wanted), 0}));
    }
}

void add_seccomp(StubImage& image, const SeccompFilter& filter) {
    const sock_fprog program{
        static_cast<unsigned short>(filter.instructions.size()),
        reinterpret_cast<sock_filter*>(image.add_bytes(
            filter.instructions.data(), filter.instructions.size() * sizeof(uint64_t)))};
    image.after_gate(make_call(
        What::load_seccomp, SYS_seccomp,
        {SECCOMP_SET_MODE_FILTER, filter.flags, image.add_bytes(&program, sizeof program)}));
}

void add_labels(StubImage& image, const std::vector<WriteLabel>& labels) {
    for (const WriteLabel& label : labels)
        image.add_label({.file = image.add_string(file_of(label.module)),
                         .text = image.add_string(label.text),
                         .size = static_cast<uint32_t>(label.text.size()),
                         .what = label.module == SecurityModule::apparmor ? What::write_apparmor
                                                                          : What::write_selinux});
}

void add_late_cwd(StubImage& image, const std::string& path) {
    const std::vector<char> answer(PATH_MAX);
    image.before_gate(make_call(What::change_directory, SYS_chdir,
                                {reinterpret_cast<uint64_t>(image.add_string(path))}));
    image.before_gate(make_call(What::check_directory, SYS_getcwd,
                                {image.add_bytes(answer.data(), answer.size()), answer.size()}));
}

// In the program's process and not in the one that cloned it: the end of a session's first process
// hangs the terminal up.
void add_session(StubImage& image, bool terminal) {
    image.in_child(make_call(What::new_session, SYS_setsid, {}));
    if (terminal)
        image.in_child(
            make_call(What::controlling_terminal, SYS_ioctl, {STDIN_FILENO, TIOCSCTTY, 0}));
}

void add_start_hooks(StubImage& image, const StubSteps& steps) {
    const char* state = image.add_string(steps.hook_state);
    for (const spec::Hook& hook : steps.start_hooks) {
        const std::vector<std::string> path_alone{hook.path};
        image.add_start_hook({
            .path = image.add_string(hook.path),
            .arguments = image.add_strings(hook.args.empty() ? path_alone : hook.args),
            .environment = image.add_strings(hook.env.value_or(steps.env)),
            .timeout_ms = timeout_ms(hook),
            .state = state,
            .state_size = steps.hook_state.size(),
            .folder = nullptr,
        });
    }
}

// An unprivileged process may not load a filter without no_new_privs.
bool lacks_privilege_for_filter(const Credentials& who) {
    constexpr uint64_t sys_admin = uint64_t{1} << CAP_SYS_ADMIN;
    const CapabilitySets& sets = who.capabilities;
    return !who.no_new_privileges && (sets.permitted & sets.effective & sys_admin) == 0;
}

Status check_call(const SeccompFilter& filter,
                  uint32_t number,
                  const char* what,
                  const char* hint) {
    const std::optional<uint32_t> answer = answer_of(filter, number);
    const char* refusal = answer ? refusal_name(*answer) : nullptr;
    if (refusal == nullptr) return {};
    return fail_at("/linux/seccomp", format("the seccomp filter answers {} with {}", what, refusal),
                   hint);
}

}  // namespace

Status check_filter(const SeccompFilter& filter, const Credentials& credentials) {
    TRY(check_call(filter, SYS_execve, "execve(2), which executes the program,", "allow execve"));
    if (!lacks_privilege_for_filter(credentials)) return {};
    return check_call(filter, SYS_capset, "capset(2), which takes CAP_SYS_ADMIN away again,",
                      "allow capset, or set process.noNewPrivileges: then nothing has to be taken "
                      "away after the filter was loaded");
}

Result<Fd> build_stub_image(const StubSteps& steps) {
    StubImage image;
    const Credentials& who = steps.credentials;
    const bool filter_needs_privilege = steps.seccomp != nullptr && lacks_privilege_for_filter(who);
    CapabilitySets waiting = who.capabilities;
    if (filter_needs_privilege) {
        constexpr uint64_t sys_admin = uint64_t{1} << CAP_SYS_ADMIN;
        waiting.permitted |= sys_admin;
        waiting.effective |= sys_admin;
    }
    image.before_gate(
        make_call(What::name_process, SYS_prctl,
                  {PR_SET_NAME, reinterpret_cast<uint64_t>(image.add_string(stub::process_name))}));
    // Another process of a shared pid namespace shall not trace this one while it may hold more
    // than the container does. execve makes the program itself dumpable again.
    image.before_gate(make_call(What::hide_process, SYS_prctl, {PR_SET_DUMPABLE, 0}));
    add_labels(image, steps.labels);
    add_identity(image, steps, waiting);
    if (!steps.late_cwd.empty()) add_late_cwd(image, steps.late_cwd);
    if (steps.cloned >= 0) add_session(image, steps.terminal);
    if (!steps.start_hooks.empty()) add_start_hooks(image, steps);
    add_rlimits(image, steps.late_rlimits);
    if (who.no_new_privileges)
        image.after_gate(make_call(What::no_new_privileges, SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1}));
    if (steps.seccomp != nullptr) add_seccomp(image, *steps.seccomp);
    if (filter_needs_privilege) image.after_gate(set_capabilities(image, who.capabilities));

    stub::Block block{};
    block.sync = steps.sync;
    block.gate = steps.gate;
    block.execution = steps.execution;
    block.cloned = steps.cloned;
    block.proc = steps.proc;
    block.program = image.add_string(steps.program);
    block.arguments = image.add_strings(steps.args);
    block.environment = image.add_strings(steps.env);
    return std::move(image).seal(block);
}

}  // namespace sampan
