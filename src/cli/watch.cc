#include "cli/watch.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>

#include "base/text.h"
#include "cli/timings.h"
#include "cli/trace_events.h"
#include "cli/trace_svg.h"
#include "os/file.h"
#include "os/trace.h"

namespace sampan {

namespace {

struct Watch {
    TracedCommand command;
    Fd file;  // of --trace
    bool is_picture = false;
    size_t written = 0;  // how many steps the file has
    bool timings = false;
    const Reporter* reporter = nullptr;  // of --debug
    Fd debug;
};

Watch& watch() {
    static Watch one;
    return one;
}

// Above the descriptors that a caller passes to the program (sd_listen_fds(3)).
Fd move_away(Fd file) {
    constexpr int far = 512;
    const int moved = ::fcntl(file.get(), F_DUPFD_CLOEXEC, far);
    return moved < 0 ? std::move(file) : Fd(moved);
}

// Nothing else may be lost, wherever a link leads, by a slip in the name.
Status check_is_trace(int file, const std::string& path, std::string_view begin) {
    std::array<char, 128> found;
    const ssize_t size = ::pread(file, found.data(), std::min(found.size(), begin.size()), 0);
    if (size < 0) return fail_errno("reading {}, to which the trace would be written", path);
    if (size == 0 || std::string_view(found.data(), static_cast<size_t>(size)) == begin) return {};
    return fail(ErrorKind::usage,
                format("{} is no trace of the same form, and stays as it is", path))
        .hint("--trace takes a file that is new, empty, or such a trace");
}

Status open_trace(const std::string& path) {
    const int flags = O_RDWR | O_CREAT | O_NOCTTY | O_NONBLOCK;
    watch().is_picture = path.ends_with(".svg");
    Fd file = TRY(open_at(cwd, path, watch().is_picture ? flags : flags | O_APPEND, 0644)
                      .in("opening the file of the trace"));
    // A pipe could make us wait, and end us when nobody reads it any more.
    if (!S_ISREG(TRY(stat_of(file.get())).st_mode))
        return failf(ErrorKind::usage, "the trace needs a regular file, which {} is not", path);
    TRY(check_is_trace(file.get(), path,
                       watch().is_picture ? trace_svg_begin : trace_events_begin));
    watch().file = move_away(std::move(file));
    return {};
}

// In each process that carries a step out.
void tell_step(std::string_view walker, std::string_view phase, std::string_view step) {
    const std::string line =
        watch().reporter->debug_line(format("{}: {}: {}", walker, phase, step));
    (void)write_all(watch().debug.get(), line);
}

Status watch_steps(const Invocation& invocation) {
    if (!invocation.reporter.tells_steps) return {};
    watch().debug = move_away(TRY(invocation.reporter.open_debug()));
    watch().reporter = &invocation.reporter;
    tell_steps_to(tell_step);
    return {};
}

Status write_picture(int file, const Timeline& timeline) {
    const std::string text = trace_svg(timeline, format("sampan {}", watch().command.name));
    if (::ftruncate(file, 0) < 0 || ::lseek(file, 0, SEEK_SET) < 0)
        return fail_errno("emptying it");
    return write_all(file, text);
}

Status write_events(int file, std::vector<TracedStep> steps) {
    const bool begins = TRY(stat_of(file)).st_size == 0;
    steps.erase(steps.begin(), steps.begin() + static_cast<ptrdiff_t>(watch().written));
    watch().written += steps.size();
    if (steps.empty()) return {};
    return write_all(
        file, trace_events(make_timeline(std::move(steps), trace_time()), watch().command, begins));
}

}  // namespace

Status watch_if_asked(const Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    watch().timings = parsed.has("timings");
    if (!parsed.has("trace") && !watch().timings && !invocation.reporter.tells_steps) return {};
    const std::string object = parsed.arguments.empty() ? "." : parsed.arguments[0];
    watch().command = {format("{} {}", invocation.command, object), ::getpid()};
    if (parsed.has("trace")) TRY(open_trace(parsed.text("trace")));
    TRY(watch_steps(invocation));
    return start_trace();
}

void write_trace(const Reporter& reporter) {
    const int file = watch().file.get();
    if (file < 0) return;
    std::vector<TracedStep> steps = traced_steps();
    Status written = watch().is_picture
                         ? write_picture(file, make_timeline(std::move(steps), trace_time()))
                         : write_events(file, std::move(steps));
    if (!written) reporter.warning(std::move(written).in("writing the trace").error());
}

void end_watching(const Reporter& reporter) {
    if (!is_traced()) return;
    write_trace(reporter);
    if (!watch().timings) return;
    const Timeline timeline = make_timeline(traced_steps(), trace_time());
    (void)write_all(STDERR_FILENO, timings_table(timeline, watch().command.name));
}

}  // namespace sampan
