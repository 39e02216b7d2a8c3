#include "cgroup/devices_v2.h"

#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "base/text.h"
#include "cgroup/device_rules.h"
#include "os/file.h"

namespace sampan {

namespace {

// Which register holds what.
enum Register : __u8 {
    answer = 0,
    context = 1,
    type = 2,
    access_left = 3,
    major = 4,
    minor = 5,
    scratch = 6
};

bpf_insn instruction(
    unsigned code, unsigned destination, unsigned source, int offset, __s32 value) {
    bpf_insn made{};
    made.code = static_cast<__u8>(code);
    made.dst_reg = static_cast<__u8>(destination & 0xf);
    made.src_reg = static_cast<__u8>(source & 0xf);
    made.off = static_cast<__s16>(offset);
    made.imm = value;
    return made;
}

bpf_insn load(Register to, size_t offset) {
    return instruction(BPF_LDX | BPF_MEM | BPF_W, to, context, static_cast<int>(offset), 0);
}
bpf_insn compute(unsigned operation, Register to, __s32 value) {
    return instruction(BPF_ALU | operation | BPF_K, to, 0, 0, value);
}
bpf_insn copy(Register to, Register from) {
    return instruction(BPF_ALU | BPF_MOV | BPF_X, to, from, 0, 0);
}

// The instructions of a rule. Jumps to the next rule are filled in when the length is known.
class RuleCode {
  public:
    void unless_equal_skip(Register one, __s32 value) { jump(BPF_JNE, one, value); }
    void if_equal_skip(Register one, __s32 value) { jump(BPF_JEQ, one, value); }
    void add(const bpf_insn& one) { code_.push_back(one); }
    void give(int value) {
        add(compute(BPF_MOV, answer, value));
        add(instruction(BPF_JMP | BPF_EXIT, 0, 0, 0, 0));
    }
    void move_to(std::vector<bpf_insn>& program) {
        for (const size_t at : jumps_)
            code_[at].off = static_cast<__s16>(code_.size() - at - 1);
        program.insert(program.end(), code_.begin(), code_.end());
    }

  private:
    void jump(unsigned condition, Register one, __s32 value) {
        jumps_.push_back(code_.size());
        code_.push_back(instruction(BPF_JMP32 | condition | BPF_K, one, 0, 0, value));
    }
    std::vector<bpf_insn> code_;
    std::vector<size_t> jumps_;
};

__s32 kernel_access(unsigned access) {
    unsigned bits = 0;
    if ((access & device_read) != 0) bits |= BPF_DEVCG_ACC_READ;
    if ((access & device_write) != 0) bits |= BPF_DEVCG_ACC_WRITE;
    if ((access & device_mknod) != 0) bits |= BPF_DEVCG_ACC_MKNOD;
    return static_cast<__s32>(bits);
}

// True if no rule before this one matters any more.
bool add_rule(const spec::DeviceRule& rule, std::vector<bpf_insn>& program) {
    RuleCode code;
    const int64_t wanted_major = rule.major.value_or(any_number);
    const int64_t wanted_minor = rule.minor.value_or(any_number);
    const spec::DeviceRuleType of = rule.type.value_or(spec::DeviceRuleType::a);
    if (of != spec::DeviceRuleType::a)
        code.unless_equal_skip(
            type, of == spec::DeviceRuleType::b ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
    if (wanted_major != any_number) code.unless_equal_skip(major, static_cast<__s32>(wanted_major));
    if (wanted_minor != any_number) code.unless_equal_skip(minor, static_cast<__s32>(wanted_minor));
    const bool every_device =
        of == spec::DeviceRuleType::a && wanted_major == any_number && wanted_minor == any_number;
    const unsigned access = device_access(rule);
    if (access != all_access && rule.allow) {
        // Access that this rule grants needs no other rule; the rest must come from earlier ones.
        code.add(compute(BPF_AND, access_left, ~kernel_access(access)));
        code.unless_equal_skip(access_left, 0);
    } else if (access != all_access) {
        code.add(copy(scratch, access_left));
        code.add(compute(BPF_AND, scratch, kernel_access(access)));
        code.if_equal_skip(scratch, 0);
    }
    code.give(rule.allow ? 1 : 0);
    code.move_to(program);
    return every_device && access == all_access;
}

template <class Attributes>
long bpf(bpf_cmd command, Attributes& attributes) {
    return ::syscall(SYS_bpf, command, &attributes, sizeof attributes);
}

Result<Fd> load_program(const std::vector<bpf_insn>& program) {
    static constexpr char license[] = "Apache-2.0";  // no helper of the kernel's is called
    bpf_attr attributes{};
    attributes.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE;
    attributes.insns = reinterpret_cast<__u64>(program.data());
    attributes.insn_cnt = static_cast<__u32>(program.size());
    attributes.license = reinterpret_cast<__u64>(license);
    Fd loaded(static_cast<int>(bpf(BPF_PROG_LOAD, attributes)));
    if (!loaded.valid()) return fail_errno("loading the device program");
    return loaded;
}

}  // namespace

std::vector<bpf_insn> device_program(const std::vector<spec::DeviceRule>& rules) {
    std::vector<bpf_insn> program{
        load(type, offsetof(bpf_cgroup_dev_ctx, access_type)),
        load(major, offsetof(bpf_cgroup_dev_ctx, major)),
        load(minor, offsetof(bpf_cgroup_dev_ctx, minor)),
        copy(access_left, type),
        compute(BPF_RSH, access_left, 16),
        compute(BPF_AND, type, 0xffff),
    };
    bool decided = false;
    for (auto rule = rules.rbegin(); rule != rules.rend() && !decided; ++rule)
        decided = add_rule(*rule, program);
    if (!decided) {
        RuleCode last;
        last.give(0);
        last.move_to(program);
    }
    return program;
}

Status attach_device_program(const std::string& directory,
                             const std::vector<spec::DeviceRule>& rules) {
    const Fd program = TRY(load_program(device_program(rules)));
    const Fd cgroup = TRY(open_at(cwd, directory, O_RDONLY | O_DIRECTORY));
    bpf_attr attributes{};
    attributes.target_fd = static_cast<__u32>(cgroup.get());
    attributes.attach_bpf_fd = static_cast<__u32>(program.get());
    attributes.attach_type = BPF_CGROUP_DEVICE;
    // A manager above (systemd) can then have a program of its own, and so can the container below.
    attributes.attach_flags = BPF_F_ALLOW_MULTI;
    if (bpf(BPF_PROG_ATTACH, attributes) < 0)
        return fail_errno("attaching the device program to {}", directory);
    return {};
}

}  // namespace sampan
