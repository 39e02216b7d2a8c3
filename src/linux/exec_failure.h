// Why a program could not be executed: execve(2) only gives a number, which often means another
// file than the one that was named.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// The kernel's sentence with a small first letter: podman, dockerd and containerd look for these
// words.
std::string exec_reason(int code);
// program_not_found, not_executable, or out_of_memory.
ErrorKind exec_kind(int code);

struct FailedExec {
    std::string name;  // args[0], as the user wrote it
    std::string path;  // that execve got, absolute in the container's root
    int code = 0;      // its errno
    // Ids of the container's process as this process sees them (mapped to the parent's, if the
    // container has a user namespace).
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    uint64_t capabilities = 0;  // its effective ones, as bits
};

// A sentence that starts with `exec: "NAME": ` (`exec NAME: ` if the file exists, and another one
// that it needs does not) and the words for which clients look ("no such file
// or directory", "permission denied", "exec format error", ...), then the true reason, and a hint
// if there is a remedy. `root` is the container's root directory (from outside /proc/PID/root). All
// files are opened below it (openat2): only regular ones, never blocking, a few KB of each. `proc`
// is a procfs that was checked. Never fails: what cannot be found out is left out.
Error explain_exec_failure(int root, int proc, const FailedExec& failed);

// The same for any other program, without the first part of the sentence: "no such file or
// directory: the interpreter ...".
struct ExecFailure {
    std::string reason;
    std::string hint;
    ErrorKind kind;  // see exec_kind()
    // The program is there, but its interpreter is not.
    bool is_of_another_file = false;
};
// The beginning of the sentence, as runc has it: `exec: "NAME"`, or `exec NAME` if another file is
// missing.
std::string exec_words(const std::string& name, const ExecFailure& failure);
ExecFailure find_exec_failure(int root, int proc, const FailedExec& failed);

// Opens a path of the container (O_PATH). An error whose code is neither ENOENT nor ENOTDIR means
// that nothing is known about the file.
using OpenPath = std::function<Result<Fd>(const std::string& path)>;
// The same for a program that nobody has tried to execute yet: what speaks against it, or nothing.
// The code of `who` does not count.
std::optional<ExecFailure> foresee_exec_failure(const OpenPath& open, int proc, FailedExec who);

// Our own ids, for programs that we execute ourselves. Name, path and code stay empty.
FailedExec describe_ourselves();

}  // namespace sampan
