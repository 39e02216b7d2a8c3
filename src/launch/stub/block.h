// What sampan hands to the stub: the last steps before the user's program, as data.
//
// The stub is a program of a few kilobytes without a C library. Its image and this block make up a
// sealed memfd, which init executes. From then on nothing of sampan's own binary is to be seen in
// the container: not through /proc/PID/exe, not by a program that is "#!/proc/self/exe"
// (CVE-2019-5736); and a container that waits for `start` holds a few pages instead of a copy of
// us.
//
// The block is a segment of the stub's image at a fixed address, so that pointers in it are plain
// pointers, computed by whoever builds it (launch/stub/image.h).
#pragma once

#include <cstdint>

#include "launch/stub/hook_process.h"

namespace sampan::stub {

// Far from where the kernel puts stacks, mappings and the stub itself.
inline constexpr uint64_t block_address = 0x1000000000;
inline constexpr uint64_t block_limit = 16 << 20;

// What the kernel calls the stub's process (prctl(2), PR_SET_NAME). A program that is executed
// gives it the name of its file, in which there is no slash: the name tells which of the two has
// ended.
inline constexpr const char* process_name = "sampan/init";

// What a call of the list is for: told in errors.
enum class What : uint32_t {
    name_process,
    hide_process,
    drop_bounding,
    keep_capabilities,
    set_groups,
    set_gid,
    set_uid,
    set_capabilities,
    raise_ambient,
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
    const char* step;  // of the plan, whose first call it is: for a trace; null for no word
};

struct Calls {
    const Call* first;
    uint32_t count;
};

// What a security module shall call the program: written to a file of `proc` in one piece.
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

// What the kernel itself tells our caller of the program's process: in a page of memory that it
// shares with the process in between, which makes it, and with nobody else.
struct ClonedProgram {
    int32_t pid;    // in the pid namespace of `exec` (CLONE_PARENT_SETTID)
    int32_t error;  // errno where there is none
};

struct Block {
    // Of a stub that becomes the program itself: to the supervisor, Ready or call_failed, then one
    // byte back. Of one that clones: what only itself may say; closed before the container can see
    // anybody.
    int32_t sync;
    // A listening socket; `start` connects to it. -1: of exec.
    int32_t gate;
    // Of one that clones (exec, and create in a pid namespace that is joined), otherwise -1: the
    // socket of the program's process, and the file of a ClonedProgram. The process that executes
    // the stub stays outside of the container's pid namespace then: it clones the program's process
    // into it once nothing is left to give up, and ends.
    int32_t execution;
    int32_t cloned;
    // A file to whose end each step is written as it begins (os/trace.h); -1: none.
    int32_t trace;
    const char* ready_step;
    const char* committed_step;
    const char* start_step;
    const char* execute_step;
    int32_t proc;  // the host's procfs, checked; used for the labels and closed before the gate
    Labels labels;
    Calls before_gate;
    Calls in_child;  // by the program's process, where it is cloned
    Hooks start_container;
    Calls after_gate;
    const char* program;
    const char* const* arguments;
    const char* const* environment;
};

// Reports, SOCK_SEQPACKET messages as long as the hook's output in them. What reads them believes
// nothing of them (launch/message.h): the container can send them, too.
enum class ReportType : uint32_t {
    ready = 1,
    executing,  // after it the connection ends with execve, unless the process ends
    listening,  // with the descriptor of a filter that notifies
    call_failed,
    hook_done,  // with what it wrote; more reports follow
    hook_failed,
    exec_failed,  // hook.output holds the path
    last = exec_failed,
};

struct Report {
    ReportType type;
    uint32_t index;  // of the hook
    What what;
    int32_t code;  // errno
    HookOutcome hook;
};

}  // namespace sampan::stub
