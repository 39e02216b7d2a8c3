// Help for tests that change their process, or need files.
#pragma once

#include <sys/types.h>

#include <functional>
#include <string>
#include <variant>

#include "base/result.h"
#include "os/process.h"

namespace sampan::testing {

struct ChildEnd {
    ExitStatus status;
    std::string output;  // what `act` has returned, if it did
};

// Runs `act` in a forked child, which then exits with 0, and returns its text. `act` must contain
// no CHECK.
ChildEnd in_child(const std::function<std::string()>& act);

// The same with new mount, ipc, uts and network namespaces, where no mount reaches the host.
// Returns what `act` has returned, or how the child has ended.
std::string in_mount_namespace(const std::function<std::string()>& act);

// A folder in $TMPDIR or /tmp, which is removed at the end with everything in it.
class TempFolder {
  public:
    TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder();
    [[nodiscard]] const std::string& path() const { return path_; }
    // Makes a file in it, and missing folders.
    std::string write(const std::string& name, std::string_view text, mode_t mode = 0644) const;

  private:
    std::string path_;
};

// True if we are root on a machine that lets us make namespaces. Otherwise reports that, and the
// test must end.
bool can_make_namespaces();

// "ok", or the error's message.
std::string text_of(const Status& status);

// Applies all steps in their order: "ok", or the first error.
template <class Steps, class Context>
std::string apply_all(const Steps& steps, Context& context) {
    for (const auto& step : steps) {
        const Status done = std::visit([&](const auto& s) { return apply(s, context); }, step);
        if (!done) return text_of(done);
    }
    return "ok";
}

}  // namespace sampan::testing
