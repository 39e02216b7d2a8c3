#include "support.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/fd.h"
#include "os/file.h"
#include "os/mount_api.h"

#include "skip.h"

namespace sampan::testing {

ChildEnd in_child(const std::function<std::string()>& act) {
    int ends[2];
    REQUIRE(::pipe2(ends, O_CLOEXEC) == 0);
    const Fd read_end(ends[0]);
    Fd write_end(ends[1]);
    const pid_t pid = ::fork();
    REQUIRE(pid >= 0);
    if (pid == 0) {
        const std::string text = act();
        (void)write_all(write_end.get(), text);
        ::_exit(0);
    }
    write_end.reset();
    Process process(pid, Fd());
    ChildEnd end;
    const Result<std::string> text = read_all(read_end.get());
    REQUIRE(text);
    end.output = *text;
    const Result<ExitStatus> status = process.wait();
    REQUIRE(status);
    end.status = *status;
    return end;
}

std::string in_mount_namespace(const std::function<std::string()>& act) {
    const ChildEnd end = in_child([&act]() -> std::string {
        if (::unshare(CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS | CLONE_NEWNET) < 0)
            return "unshare failed";
        const Status cut = change_propagation("/", MS_PRIVATE | MS_REC);
        return cut ? act() : cut.error().message();
    });
    return end.status.code == 0 ? end.output : describe(end.status);
}

TempFolder::TempFolder() {
    const char* place = ::secure_getenv("TMPDIR");
    path_ = format("{}/sampan-test-XXXXXX", place != nullptr ? place : "/tmp");
    REQUIRE(::mkdtemp(path_.data()) != nullptr);
    REQUIRE(::chmod(path_.c_str(), 0755) == 0);
}

TempFolder::~TempFolder() {
    (void)remove_tree(cwd, path_);
}

std::string TempFolder::write(const std::string& name, std::string_view text, mode_t mode) const {
    const std::string whole = path_ + "/" + name;
    REQUIRE(make_directories(whole.substr(0, whole.rfind('/')), 0755));
    const Result<Fd> fd = open_at(cwd, whole, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    REQUIRE(fd);
    REQUIRE(write_all(fd->get(), text));
    REQUIRE(::fchmod(fd->get(), mode) == 0);
    return whole;
}

bool can_make_namespaces() {
    const ChildEnd end = in_child([] {
        return std::string(::geteuid() == 0 && ::unshare(CLONE_NEWNS | CLONE_NEWNET) == 0 ? "yes"
                                                                                          : "no");
    });
    if (end.output == "yes") return true;
    skip("needs root and the right to make namespaces");
    return false;
}

std::string text_of(const Status& status) {
    return status ? "ok" : status.error().message();
}

}  // namespace sampan::testing
