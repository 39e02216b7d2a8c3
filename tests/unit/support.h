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
    std::string output;  // what `act` returned, when it did
};

// Runs `act` in a forked child and hands back its text. The child exits with 0 then; no CHECK
// inside.
ChildEnd in_child(const std::function<std::string()>& act);

// The same with mount, ipc, uts and network namespaces of its own, where no mount reaches the host:
// what `act` returned, or how the child ended.
std::string in_mount_namespace(const std::function<std::string()>& act);

// A folder under $TMPDIR or /tmp, removed with all that is in it at the end.
class TempFolder {
  public:
    TempFolder();
    TempFolder(const TempFolder&) = delete;
    TempFolder& operator=(const TempFolder&) = delete;
    ~TempFolder();
    [[nodiscard]] const std::string& path() const { return path_; }
    // Makes a file below it; missing folders too.
    std::string write(const std::string& name, std::string_view text, mode_t mode = 0644) const;

  private:
    std::string path_;
};

// True as root of a machine that lets it make namespaces; says so otherwise, and the test ends
// there.
bool can_make_namespaces();

// "ok", or the error's message.
std::string text_of(const Status& status);

// Applies all steps of variants in order: "ok", or the first error.
template <class Steps, class Context>
std::string apply_all(const Steps& steps, Context& context) {
    for (const auto& step : steps) {
        const Status done = std::visit([&](const auto& s) { return apply(s, context); }, step);
        if (!done) return text_of(done);
    }
    return "ok";
}

}  // namespace sampan::testing
