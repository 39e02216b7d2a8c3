// A process that another process clones for us, as our child (CLONE_PARENT). Only the kernel tells
// us its pid. A number in a message could come from the container, which can reach everything that
// the new process has from its first moment on.
#pragma once

#include <sys/types.h>

#include "base/result.h"
#include "launch/stub/block.h"
#include "os/fd.h"
#include "os/process.h"

namespace sampan {

// The page into which the kernel writes the pid. It is shared by us and the process in between,
// which must keep it from its child before it clones: the stub does so by itself, others by
// keep_to_ourselves().
class ClonedPage {
  public:
    static Result<ClonedPage> make();
    ClonedPage(ClonedPage&& other) noexcept;
    ClonedPage(const ClonedPage&) = delete;
    ClonedPage& operator=(const ClonedPage&) = delete;
    ClonedPage& operator=(ClonedPage&&) = delete;
    ~ClonedPage();

    // For a process in between that first executes something else, and then maps the page again.
    [[nodiscard]] int file() const { return file_.get(); }
    // Called by the process in between: its children will have neither the page nor the file.
    Status keep_to_ourselves();
    // What the kernel or the process in between has written.
    [[nodiscard]] stub::ClonedProgram& told() const { return *page_; }

  private:
    ClonedPage(Fd file, stub::ClonedProgram* page) : file_(std::move(file)), page_(page) {}
    Fd file_;
    stub::ClonedProgram* page_;
};

}  // namespace sampan
