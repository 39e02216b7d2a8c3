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
#include "os/trace.h"

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

// Lets the call through, and nobody else hears of it.
bool allows(const SeccompFilter& filter, long number) {
    const std::optional<uint32_t> answer = answer_of(filter, static_cast<uint32_t>(number));
    if (!answer) return false;
    const uint32_t action = *answer & SECCOMP_RET_ACTION_FULL;
    return action == SECCOMP_RET_ALLOW || action == SECCOMP_RET_LOG;
}

// The stub can tell of its steps as long as the filter lets it look at the clock and send.
bool lets_tell(const SeccompFilter& filter) {
    return allows(filter, SYS_clock_gettime) && allows(filter, SYS_sendto);
}

// In the program's process, not in the one that cloned it: when the first process of a session
// ends, the terminal is hung up.
void add_session(StubImage& image, bool terminal) {
    image.in_child(make_call(What::new_session, SYS_setsid, {}));
    if (terminal)
        image.in_child(
            make_call(What::controlling_terminal, SYS_ioctl, {STDIN_FILENO, TIOCSCTTY, 0}));
}

// Walks the phases of the stub: each step becomes what the stub does for it.
class StubBuilder {
  public:
    explicit StubBuilder(const StubSteps& steps) : steps_(steps) {
        if (steps.return_to >= 0)
            for (const long number : {SYS_fchdir, SYS_close})
                image_.before_gate(make_call(What::change_directory, number,
                                             {static_cast<uint64_t>(steps.return_to)}));
        image_.before_gate(make_call(
            What::name_process, SYS_prctl,
            {PR_SET_NAME, reinterpret_cast<uint64_t>(image_.add_string(stub::process_name))}));
        // In a shared pid namespace no other process may trace this one while it may have more
        // rights than the container. execve makes the program itself dumpable again.
        image_.before_gate(make_call(What::hide_process, SYS_prctl, {PR_SET_DUMPABLE, 0}));
    }

    Status add(const Phase& phase);
    Result<Fd> build() &&;

    Status apply(const WriteLabel& step);
    Status apply(const BecomeUser& step);
    Status apply(const Say& step);
    Status apply(const Await& step);
    Status apply(const WaitForStart& step);
    Status apply(const RunHook& step);
    Status apply(const SetRlimit& step);
    Status apply(const SetNoNewPrivileges& step);
    Status apply(const LoadFilter& step);
    Status apply(const DropSysAdmin& step);
    Status apply(const ExecuteProgram& step);

  private:
    // The first call of a step marks its beginning.
    void before_gate(Call call) {
        call.step = std::exchange(told_, nullptr);
        image_.before_gate(call);
    }
    void after_gate(Call call) {
        call.step = std::exchange(told_, nullptr);
        image_.after_gate(call);
    }
    void drop_bounding(const Credentials& who);
    void add_late_cwd();
    void add_limit(const SetRlimit& limit);

    const StubSteps& steps_;
    StubImage image_;
    stub::Block block_{};
    const char* told_ = nullptr;  // the trace's line about the step, at its address in the stub
    bool is_traced_ = is_traced();
    const char* state_ = nullptr;  // of all hooks, once there is one
    std::vector<std::string> args_;
};

Status StubBuilder::add(const Phase& phase) {
    for (const Step& step : phase.steps) {
        told_ = is_traced_ ? image_.add_string(told_step(phase, describe(step))) : nullptr;
        TRY(carry_out(step, *this));
    }
    return {};
}

Status StubBuilder::apply(const WriteLabel& step) {
    const bool apparmor = step.module == SecurityModule::apparmor;
    image_.add_label({.file = image_.add_string(file_of(step.module)),
                      .text = image_.add_string(step.text),
                      .size = static_cast<uint32_t>(step.text.size()),
                      .what = apparmor ? What::write_apparmor : What::write_selinux,
                      .step = told_});
    return {};
}

// In the stub, not in init: when root executes the stub, it gets the bounding set and no more, and
// the calls that follow need capabilities that the container may lack.
void StubBuilder::drop_bounding(const Credentials& who) {
    for (unsigned capability = 0; capability <= who.last_capability; ++capability)
        if ((who.capabilities.bounding >> capability & 1) == 0)
            before_gate(make_call(What::drop_bounding, SYS_prctl, {PR_CAPBSET_DROP, capability}));
}

void StubBuilder::add_late_cwd() {
    if (steps_.late_cwd.empty()) return;
    const std::vector<char> answer(PATH_MAX);
    const char* path = image_.add_string(steps_.late_cwd);
    before_gate(make_call(What::change_directory, SYS_chdir, {reinterpret_cast<uint64_t>(path)}));
    before_gate(make_call(What::check_directory, SYS_getcwd,
                          {image_.add_bytes(answer.data(), answer.size()), answer.size()}));
}

Status StubBuilder::apply(const BecomeUser& step) {
    const Credentials& who = step.credentials;
    CapabilitySets sets = who.capabilities;
    if (step.keep_sys_admin) {
        constexpr uint64_t sys_admin = uint64_t{1} << CAP_SYS_ADMIN;
        sets.permitted |= sys_admin;
        sets.effective |= sys_admin;
    }
    drop_bounding(who);
    before_gate(make_call(What::keep_capabilities, SYS_prctl, {PR_SET_KEEPCAPS, 1}));
    // Also with an empty list, because the caller's groups are not the container's.
    if (steps_.setgroups == Setgroups::allowed)
        before_gate(
            make_call(What::set_groups, SYS_setgroups,
                      {who.groups.size(),
                       image_.add_bytes(who.groups.data(), who.groups.size() * sizeof(gid_t))}));
    before_gate(make_call(What::set_gid, SYS_setresgid, {who.gid, who.gid, who.gid}));
    before_gate(make_call(What::set_uid, SYS_setresuid, {who.uid, who.uid, who.uid}));
    before_gate(set_capabilities(image_, sets));
    // The caller may have ambient capabilities, which stay where its user id does not change.
    before_gate(
        make_call(What::set_ambient, SYS_prctl, {PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL}));
    for (const unsigned capability : capability_numbers(who.capabilities.ambient))
        before_gate(make_call(What::set_ambient, SYS_prctl,
                              {PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, capability}));
    add_late_cwd();
    return {};
}

Status StubBuilder::apply(const Say&) {
    block_.ready_step = told_;
    return {};
}

Status StubBuilder::apply(const Await&) {
    block_.committed_step = std::exchange(told_, nullptr);
    for (const SetRlimit& limit : steps_.postponed)
        add_limit(limit);
    if (steps_.cloned >= 0) add_session(image_, steps_.terminal);
    return {};
}

Status StubBuilder::apply(const WaitForStart&) {
    block_.start_step = told_;
    return {};
}

Status StubBuilder::apply(const RunHook& step) {
    const spec::Hook& hook = step.hook;
    const std::vector<std::string> path_alone{hook.path};
    if (state_ == nullptr) state_ = image_.add_string(steps_.hook_state);
    const stub::HookRequest request{
        .path = image_.add_string(hook.path),
        .arguments = image_.add_strings(hook.args.empty() ? path_alone : hook.args),
        .environment = image_.add_strings(hook.env.value_or(steps_.env)),
        .timeout_ms = timeout_ms(hook),
        .state = state_,
        .state_size = steps_.hook_state.size(),
        .folder = nullptr,
    };
    image_.add_start_hook({request, told_});
    return {};
}

void StubBuilder::add_limit(const SetRlimit& limit) {
    const rlimit64 wanted{limit.soft, limit.hard};
    after_gate(make_call(
        What::set_rlimit, SYS_prlimit64,
        {0, static_cast<uint64_t>(limit.resource), image_.add_bytes(&wanted, sizeof wanted), 0}));
}

Status StubBuilder::apply(const SetRlimit& step) {
    add_limit(step);
    return {};
}

Status StubBuilder::apply(const SetNoNewPrivileges&) {
    after_gate(make_call(What::no_new_privileges, SYS_prctl, {PR_SET_NO_NEW_PRIVS, 1}));
    return {};
}

Status StubBuilder::apply(const LoadFilter&) {
    if (steps_.seccomp == nullptr) return failf("there is no seccomp filter to be loaded");
    const SeccompFilter& filter = *steps_.seccomp;
    const sock_fprog program{
        static_cast<unsigned short>(filter.instructions.size()),
        reinterpret_cast<sock_filter*>(image_.add_bytes(
            filter.instructions.data(), filter.instructions.size() * sizeof(uint64_t)))};
    after_gate(make_call(
        What::load_seccomp, SYS_seccomp,
        {SECCOMP_SET_MODE_FILTER, filter.flags, image_.add_bytes(&program, sizeof program)}));
    is_traced_ = is_traced_ && lets_tell(filter);
    return {};
}

Status StubBuilder::apply(const DropSysAdmin& step) {
    after_gate(set_capabilities(image_, step.capabilities));
    return {};
}

Status StubBuilder::apply(const ExecuteProgram& step) {
    block_.execute_step = told_;
    args_ = step.args;
    return {};
}

Result<Fd> StubBuilder::build() && {
    block_.sync = steps_.sync;
    block_.role = steps_.role;
    block_.gate = steps_.gate;
    block_.execution = steps_.execution;
    block_.cloned = steps_.cloned;
    block_.proc = steps_.proc;
    block_.program = image_.add_string(steps_.program);
    block_.arguments = image_.add_strings(args_);
    block_.environment = image_.add_strings(steps_.env);
    return std::move(image_).seal(block_);
}

}  // namespace

Result<Fd> build_stub_image(const StubSteps& steps) {
    StubBuilder builder(steps);
    for (const Phase& phase : steps.phases)
        if (phase.walker == Walker::stub) TRY(builder.add(phase));
    return std::move(builder).build();
}

}  // namespace sampan
