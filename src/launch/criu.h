// CRIU as a program: a process that carries out one dump or restore, while we answer what it asks
// on the way (`criu swrk`).
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/enter.h"
#include "launch/criu_message.h"
#include "os/fd.h"
#include "os/process.h"

namespace sampan {

// The path of the program: `asked` (--criu), or `criu` in the folders of `search_path` (PATH), or
// beside other tools of root. An error that says what to install if there is none.
Result<std::string> find_criu(const std::string& asked, const std::string& search_path);

// Restored processes are made by CRIU, and so begin where it is.
struct CriuSurroundings {
    std::string program;
    // Its cgroups; null: ours.
    const CgroupJoin* cgroup = nullptr;
    // A root file system (absolute, on the host) and the folder at which only CRIU sees it mounted:
    // it restores mounts only below a mount. Empty: it stays in our mount namespace.
    std::string root;
    std::string root_place;
    // Our standard streams; otherwise it has /dev/null.
    bool has_streams = false;
    // Our process group; otherwise it has one of its own, and signals to ours do not reach it.
    bool stays_in_group = false;
    // Folders that it opens, where it sees them: their descriptors have the numbers from
    // first_criu_fd on.
    std::vector<std::string> folders;
    // Descriptors of ours, which follow.
    std::vector<int> inherited;
};
inline constexpr int first_criu_fd = 4;

// What CRIU tells while it works, and waits for the answer.
struct CriuNotification {
    std::string name;  // "setup-namespaces"
    pid_t pid = 0;     // of the restored first process, with some of them
    Fd fd;             // the master of a terminal, with "orphan-pts-master"
};
// If it fails, CRIU undoes what it has done, and fails too.
using OnNotification = std::function<Status(CriuNotification)>;

// While it exists, a signal that asks us to end (os/interruption.h) makes CRIU undo its work,
// instead of killing it: it has processes of the container in its hands, which would stay stopped.
class Criu {
  public:
    static Result<Criu> start(const CriuSurroundings& around);

    [[nodiscard]] pid_t pid() const { return process_.pid(); }
    // In any order, before work().
    Result<CriuVersion> version();
    Result<CriuFeatures> features(const CriuFeatures& wanted);
    // Returns once CRIU has done everything, and has ended. The error of a notification counts more
    // than that of CRIU, which follows from it.
    Result<CriuResponse> work(CriuTask task,
                              const CriuOptions& options,
                              const OnNotification& on_notification);

  private:
    Criu(Process process, Fd socket) : process_(std::move(process)), socket_(std::move(socket)) {}
    Result<CriuResponse> ask(CriuTask task, const std::string& request);
    struct Answer {
        CriuResponse response;
        Fd fd;
    };
    Result<Answer> receive();
    Status send(const std::string& text);
    Status answer(Answer asked, const OnNotification& on_notification);
    Failure explain_end();

    Process process_;
    Fd socket_;
};

}  // namespace sampan
