#include "linux/exec_failure.h"

#include <elf.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/text.h"
#include "host/host.h"
#include "linux/executable_file.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

// A reason why a file cannot be executed.
struct Finding {
    int code = 0;  // the errno that execve gives for it
    std::string what;
    std::string hint = {};
    ErrorKind kind = ErrorKind::not_executable;
};
using Findings = std::optional<Finding>;

// How the file is involved; this decides the words and, for a loader, the errno.
enum class Role { program, interpreter, loader };

struct Subject {
    const OpenPath& open;
    int proc;
    const FailedExec& failed;
    std::string path;
    std::string name;  // with its role: `the interpreter "/bin/foo" of /x`
    Role role = Role::program;
    int depth = 0;
};

Findings inspect(const Subject& subject);

// The errno of a program that nobody has tried to execute.
constexpr int not_tried = 0;

bool has(const FailedExec& failed, unsigned capability) {
    return (failed.capabilities >> capability & 1) != 0;
}

// By the kernel's rules (capabilities(7)): with CAP_DAC_OVERRIDE all folders may be searched, and a
// file may be executed if anybody may execute it.
bool may_execute(const struct stat& info, const FailedExec& failed) {
    if (S_ISDIR(info.st_mode) &&
        (has(failed, CAP_DAC_OVERRIDE) || has(failed, CAP_DAC_READ_SEARCH)))
        return true;
    if (has(failed, CAP_DAC_OVERRIDE) && (info.st_mode & 0111) != 0) return true;
    if (info.st_uid == failed.uid) return (info.st_mode & S_IXUSR) != 0;
    const bool member = info.st_gid == failed.gid ||
                        std::ranges::find(failed.groups, info.st_gid) != failed.groups.end();
    return (info.st_mode & (member ? S_IXGRP : S_IXOTH)) != 0;
}

std::string rights_text(const struct stat& info, const FailedExec& failed) {
    return format("mode {:04o}, owner {}:{}; the process is uid {}, gid {}", info.st_mode & 07777,
                  info.st_uid, info.st_gid, failed.uid, failed.gid);
}

// The first folder on the way that the process may not search.
Findings unsearchable_folder(const Subject& subject) {
    const std::string path = clean_path(subject.path);
    for (size_t slash = path.find('/', 1); slash != std::string::npos;
         slash = path.find('/', slash + 1)) {
        const std::string folder = path.substr(0, slash);
        const Result<Fd> fd = subject.open(folder);
        if (!fd) return std::nullopt;
        const Result<struct stat> info = stat_of(fd->get());
        if (!info || may_execute(*info, subject.failed)) continue;
        return Finding{EACCES, format("the folder {} may not be searched ({})", folder,
                                      rights_text(*info, subject.failed))};
    }
    return std::nullopt;
}

Findings rights(const Subject& subject, int fd, const struct stat& info) {
    if (S_ISDIR(info.st_mode)) return Finding{EACCES, subject.name + " is a directory"};
    if (!S_ISREG(info.st_mode)) return Finding{EACCES, subject.name + " is not a regular file"};
    struct statvfs mount {};
    if (::fstatvfs(fd, &mount) == 0 && (mount.f_flag & ST_NOEXEC) != 0)
        return Finding{EACCES, subject.name + " is on a mount with the option noexec",
                       "take noexec from the mount's options, or put the program elsewhere"};
    if ((info.st_mode & (S_IXUSR | S_IXGRP | S_IXOTH)) == 0)
        return Finding{
            EACCES,
            format("{} is executable for nobody (mode {:04o})", subject.name, info.st_mode & 07777),
            "chmod +x makes it executable"};
    // The loader of an ELF program is opened for execution too.
    if (!may_execute(info, subject.failed))
        return Finding{EACCES, format("{} is not executable for this user ({})", subject.name,
                                      rights_text(info, subject.failed))};
    return std::nullopt;
}

Findings script(const Subject& subject, const std::string& interpreter) {
    constexpr int max_depth = 5;  // the kernel's own limit on interpreters of interpreters
    if (interpreter.empty())
        return Finding{ENOEXEC, subject.name + " starts with #! but names no interpreter"};
    if (subject.depth >= max_depth)
        return Finding{ELOOP, subject.name + " needs more than 5 interpreters in a row"};
    if (interpreter.back() == '\r') {
        return Finding{ENOENT,
                       format("the first line of {} ends in CR LF, so its interpreter would be "
                              "\"{}\\r\"",
                              subject.path, interpreter.substr(0, interpreter.size() - 1)),
                       "save the file with Unix line endings (dos2unix)"};
    }
    return inspect({subject.open, subject.proc, subject.failed, interpreter,
                    format("the interpreter \"{}\" of {}", interpreter, subject.path),
                    Role::interpreter, subject.depth + 1});
}

Findings elf(const Subject& subject, const ElfFacts& facts) {
    // fs/binfmt_elf.c returns ELIBBAD for a loader that is broken itself.
    const int bad = subject.role == Role::loader ? ELIBBAD : ENOEXEC;
    if (facts.broken.empty() || facts.machine != 0) {
        if (!is_compatible_machine(facts.machine))
            return Finding{bad,
                           format("{} is built for {}, and this machine is {}", subject.name,
                                  machine_name(facts.machine), machine_name(own_machine())),
                           "use an image for this architecture"};
    }
    if (!facts.broken.empty())
        return Finding{bad, format("{} is damaged: {}", subject.name, facts.broken)};
    if (facts.type != ET_EXEC && facts.type != ET_DYN)
        return Finding{bad, format("{} is an ELF file but not a program ({})", subject.name,
                                   facts.type == ET_REL    ? "an object file"
                                   : facts.type == ET_CORE ? "a core dump"
                                                           : "unknown type")};
    if (!facts.loader.empty() && subject.role != Role::loader) {
        Findings found = inspect({subject.open, subject.proc, subject.failed, facts.loader,
                                  format("the loader \"{}\" of {}", facts.loader, subject.path),
                                  Role::loader, subject.depth + 1});
        if (found) {
            if (found->code == ENOENT)
                found->hint =
                    "the program is dynamically linked: the root needs the C library that "
                    "it was built with, or a static build of it";
            return found;
        }
    }
    if (facts.machine != own_machine())
        return Finding{bad, format("{} is built for {}, which this kernel does not run",
                                   subject.name, machine_name(facts.machine))};
    return std::nullopt;
}

Findings content(const Subject& subject, int path_fd) {
    const Result<Fd> fd = reopen_regular(subject.proc, path_fd);
    if (!fd) return std::nullopt;
    char buffer[executable_head_bytes];
    const ssize_t got = ::pread(fd->get(), buffer, sizeof buffer, 0);
    if (got < 0) return std::nullopt;
    const std::string_view head(buffer, static_cast<size_t>(got));
    const int bad = subject.role == Role::loader ? ELIBBAD : ENOEXEC;
    if (head.empty()) return Finding{bad, subject.name + " is an empty file"};
    if (const std::optional<std::string> interpreter = script_interpreter(head))
        return script(subject, *interpreter);
    if (const std::optional<ElfFacts> facts = read_elf(fd->get(), head))
        return elf(subject, *facts);
    if (starts_with_mark(head))
        return Finding{bad, subject.name + " starts with a byte order mark, before its #!",
                       "save the file as UTF-8 without a byte order mark (BOM)"};
    if (looks_like_text(head))
        return Finding{bad, subject.name + " is a text file without #!",
                       "make its first line name an interpreter: #!/bin/sh"};
    return Finding{bad, subject.name + " is not a program: neither ELF nor a script with #!"};
}

Findings not_there(const Subject& subject, int code) {
    if (code != ENOENT && code != ENOTDIR) return std::nullopt;
    return Finding{
        .code = code,
        .what = subject.name +
                (code == ENOENT ? " does not exist" : ": a part of its path is not a directory"),
        .kind = subject.role == Role::program ? ErrorKind::program_not_found
                                              : ErrorKind::not_executable};
}

Findings inspect(const Subject& subject) {
    // A relative interpreter is relative to the working directory, which is not known here.
    if (!subject.path.starts_with('/')) return std::nullopt;
    const Result<Fd> fd = subject.open(subject.path);
    if (!fd) return not_there(subject, fd.error().code());
    const Result<struct stat> info = stat_of(fd->get());
    if (!info) return std::nullopt;
    if (subject.failed.code == EACCES || subject.failed.code == not_tried) {
        if (Findings found = unsearchable_folder(subject)) return found;
        if (Findings found = rights(subject, fd->get(), *info)) return found;
    }
    return content(subject, fd->get());
}

bool has_file_capabilities(int root, int proc, const std::string& path) {
    const Result<Fd> found = open_in_root(root, path, O_PATH);
    if (!found) return false;
    const Result<Fd> fd = reopen_regular(proc, found->get());
    return fd && ::fgetxattr(fd->get(), "security.capability", nullptr, 0) > 0;
}

// Failures that do not depend on the file's content.
Finding other_reason(int root, int proc, const FailedExec& failed) {
    switch (failed.code) {
        case EPERM:
            if (has_file_capabilities(root, proc, failed.path))
                return {EPERM,
                        failed.path + " has file capabilities that the container may not have",
                        "add them to /process/capabilities/bounding, or remove them from the file "
                        "(setcap -r)"};
            return {EPERM, "a security policy refuses it",
                    "does the seccomp profile allow execve?"};
        case ENOSYS:
            return {ENOSYS, "the seccomp profile refuses execve"};
        case E2BIG:
            return {E2BIG, "process.args and process.env are larger than the kernel takes",
                    "one string may have 128 KiB, all together a quarter of RLIMIT_STACK"};
        case ETXTBSY:
            return {ETXTBSY, failed.path + " is open for writing"};
        case EAGAIN:
            return {EAGAIN,
                    format("uid {} has more processes than RLIMIT_NPROC lets it have", failed.uid)};
        case ENOMEM:
            return {.code = ENOMEM,
                    .what = "the memory limit is too low for the program",
                    .kind = ErrorKind::out_of_memory};
        default:
            return {};
    }
}

ExecFailure failure_of(Finding found) {
    std::string reason = exec_reason(found.code);
    if (!found.what.empty()) reason += ": " + found.what;
    return {std::move(reason), std::move(found.hint), found.kind,
            found.code == ENOENT && found.kind == ErrorKind::not_executable};
}

}  // namespace

ErrorKind exec_kind(int code) {
    switch (code) {
        case ENOENT:
        case ENOTDIR:
        case ELOOP:
        case ENAMETOOLONG:
            return ErrorKind::program_not_found;
        case ENOMEM:
            return ErrorKind::out_of_memory;
        default:
            return ErrorKind::not_executable;
    }
}

std::string exec_reason(int code) {
    std::string text(errno_text(code));
    if (!text.empty() && text.front() >= 'A' && text.front() <= 'Z')
        text.front() = static_cast<char>(text.front() - 'A' + 'a');
    return text;
}

ExecFailure find_exec_failure(int root, int proc, const FailedExec& failed) {
    Finding found;
    switch (failed.code) {
        case ENOENT:
        case ENOTDIR:
        case EACCES:
        case ENOEXEC:
        case ELIBBAD:
        case ELOOP: {
            const OpenPath open = [root](const std::string& path) {
                return open_in_root(root, path, O_PATH);
            };
            const Findings inspected =
                inspect({open, proc, failed, failed.path, failed.path, Role::program, 0});
            // A reason for another errno is not used: the files may have changed since.
            if (inspected && inspected->code == failed.code) found = *inspected;
            break;
        }
        default:
            found = other_reason(root, proc, failed);
    }
    found.code = failed.code;
    return failure_of(std::move(found));
}

std::optional<ExecFailure> foresee_exec_failure(const OpenPath& open, int proc, FailedExec who) {
    who.code = not_tried;
    Findings found = inspect({open, proc, who, who.path, who.path, Role::program, 0});
    if (!found) return std::nullopt;
    return failure_of(std::move(*found));
}

std::string exec_words(const std::string& name, const ExecFailure& failure) {
    return failure.is_of_another_file ? format("exec {}", name) : format("exec: \"{}\"", name);
}

Error explain_exec_failure(int root, int proc, const FailedExec& failed) {
    ExecFailure found = find_exec_failure(root, proc, failed);
    Error error(found.kind, format("{}: {}", exec_words(failed.name, found), found.reason));
    return std::move(error.set_hint(found.hint));
}

FailedExec describe_ourselves() {
    FailedExec us{.uid = ::geteuid(), .gid = ::getegid()};
    us.capabilities = effective_capabilities().value_or(0);
    const int count = ::getgroups(0, nullptr);
    us.groups.resize(static_cast<size_t>(std::max(count, 0)));
    if (::getgroups(count, us.groups.data()) != count) us.groups.clear();
    return us;
}

}  // namespace sampan
