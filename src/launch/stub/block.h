// What sampan passes to the stub: the last steps before the user's program, as data.
//
// The stub is a program of a few kilobytes without a C library. Its image and this block make up a
// sealed memfd, which init executes. From then on nothing of sampan's own binary can be seen in the
// container: neither through /proc/PID/exe nor by a program that is "#!/proc/self/exe"
// (CVE-2019-5736). And a container that waits for `start` has a few pages in memory instead of a
// copy of sampan.
//
// The block is a segment of the stub's image at a fixed address. So pointers in it are plain
// pointers, which are computed when it is built (launch/stub/image.h).
#pragma once

#include <cstdint>

#include "launch/stub/hook_process.h"

namespace sampan::stub {

// Far from the addresses where the kernel puts stacks, mappings and the stub itself.
inline constexpr uint64_t block_address = 0x1000000000;
inline constexpr uint64_t block_limit = 16 << 20;

// The kernel's name for the stub's process (prctl(2), PR_SET_NAME). execve gives a process the name
// of the program's file, which has no slash. So the name of a process that has ended says which of
// the two it was.
inline constexpr const char* process_name = "sampan/init";

// The purpose of a call in the list, for errors.
enum class What : uint32_t {
    name_process,
    hide_process,
    drop_bounding,
    keep_capabilities,
    set_groups,
    set_gid,
    set_uid,
    set_capabilities,
    set_ambient,
    change_directory,
    check_directory,  // getcwd(2); the stub looks at its answer
    no_new_privileges,
    load_seccomp,
    set_rlimit,
    write_apparmor,
    write_selinux,
    clone_program,
    new_session,
    controlling_terminal,
    wait_for_start,
    keep_apart,
    hand_over_listener,
    tell_execution,
    wait_for_word,
    last = wait_for_word,
};

struct Call {
    int64_t number;
    uint64_t arguments[5];
    What what;
    // the step of the plan that begins with this call, for a trace; null for none
    const char* step;
};

struct Calls {
    const Call* first;
    uint32_t count;
};

// The name that a security module has for the program. It is written to a file of `proc` in one
// piece.
struct Label {
    const char* file;
    const char* text;
    uint32_t size;
    What what;
    const char* step;
};

struct Labels {
    const Label* first;
    uint32_t count;
};

struct StartHook {
    HookRequest request;
    const char* step;
};

struct Hooks {
    const StartHook* first;
    uint32_t count;
};

// What the kernel itself tells our caller about the program's process. It is in a page of memory
// that only our caller and the process in between share, which makes the program's process.
struct ClonedProgram {
    int32_t pid;    // in the pid namespace of `exec` (CLONE_PARENT_SETTID)
    int32_t error;  // errno if there is no process
};

// Whose stub it is: one of create waits at the gate, one of exec for a word alone.
enum class Role : uint32_t { create, exec };

struct Block {
    Role role;
    // In a stub that becomes the program itself: sends Ready, call_failed or steps to the
    // supervisor, then receives one byte. In a stub that clones: for what only itself may say;
    // closed before the container can see anybody.
    int32_t sync;
    // A listening socket, to which `start` connects. -1: of exec.
    int32_t gate;
    // In a stub that clones (in exec, and in create if a pid namespace is joined): the socket of
    // the program's process, and the file of a ClonedProgram. Otherwise -1. The process that
    // executes the stub is then outside of the container's pid namespace. Once nothing is left to
    // give up, it clones the program's process into that namespace, and ends.
    int32_t execution;
    int32_t cloned;
    // Steps of the plan that are no calls, for a trace; null for no word.
    const char* ready_step;
    const char* committed_step;
    const char* start_step;
    const char* execute_step;
    int32_t proc;  // the host's procfs, checked; used for the labels and closed before the gate
    Labels labels;
    Calls before_gate;
    Calls in_child;  // made by the program's process, if it is cloned
    Hooks start_container;
    Calls after_gate;
    const char* program;
    const char* const* arguments;
    const char* const* environment;
};

// Reports are SOCK_SEQPACKET messages; their length depends on the output of a hook in them.
// Readers do not trust them (launch/message.h), because the container can send them too.
enum class ReportType : uint32_t {
    ready = 1,
    executing,  // then the connection ends with execve, unless the process ends
    listening,  // with the descriptor of a filter that notifies an agent
    call_failed,
    hook_done,  // with what it wrote; more reports follow
    hook_failed,
    exec_failed,  // hook.output holds the path
    step,         // that begins, for a trace: hook.output holds "PHASE\nSTEP"
    last = step,
};

struct Report {
    ReportType type;
    uint32_t index;  // of the hook
    What what;
    int32_t code;  // errno
    int64_t time;  // of a step: in nanoseconds of CLOCK_REALTIME
    HookOutcome hook;
};

}  // namespace sampan::stub
