// A process that another one clones for us, as our child (CLONE_PARENT): who it is comes from the
// kernel alone. A number in a message would be the container's word, which can reach whatever the
// new process has from its first moment on.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "launch/stub/block.h"
#include "os/fd.h"
#include "os/process.h"

namespace sampan {

// The page into which the kernel writes the pid, shared by us and the process in between. That one
// leaves it out of what its child gets, before it clones: the stub by itself, others by
// keep_to_ourselves().
class ClonedPage {
  public:
    static Result<ClonedPage> make();
    ClonedPage(ClonedPage&& other) noexcept;
    ClonedPage(const ClonedPage&) = delete;
    ClonedPage& operator=(const ClonedPage&) = delete;
    ClonedPage& operator=(ClonedPage&&) = delete;
    ~ClonedPage();

    // For a process in between that executes something else first, and maps it anew.
    [[nodiscard]] int file() const { return file_.get(); }
    // By the process in between: its children shall have neither page nor file.
    Status keep_to_ourselves();
    // What is told, by the kernel or by the process in between; the latter's place for it.
    [[nodiscard]] stub::ClonedProgram& told() const { return *page_; }

  private:
    ClonedPage(Fd file, stub::ClonedProgram* page) : file_(std::move(file)), page_(page) {}
    Fd file_;
    stub::ClonedProgram* page_;
};

}  // namespace sampan
