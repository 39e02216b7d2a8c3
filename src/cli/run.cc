#include <fcntl.h>
#include <unistd.h>

#include <array>

#include "base/text.h"
#include "cli/bundle.h"
#include "cli/command.h"
#include "cli/foreground.h"
#include "cli/line.h"
#include "cli/output.h"
#include "cli/report.h"
#include "cli/watch.h"
#include "container/create.h"
#include "container/destroy.h"
#include "container/start.h"
#include "launch/relay.h"
#include "launch/terminal.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/signals.h"

namespace sampan {

namespace {

// A line's program that nobody waits for must not keep the caller's pipes open, as in
// `id=$(sampan run -d …)`. Our own streams are /dev/null while init, which inherits them, is made.
class NullStreams {
  public:
    static Result<NullStreams> take_place() {
        const Fd null = TRY(open_at(cwd, "/dev/null", O_RDWR));
        NullStreams streams;
        for (int fd = 0; fd <= 2; ++fd) {
            streams.kept_[static_cast<size_t>(fd)] = Fd(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
            if (!streams.kept_[static_cast<size_t>(fd)].valid() || ::dup2(null.get(), fd) < 0)
                return fail_errno("the standard streams");
        }
        return streams;
    }
    NullStreams(NullStreams&&) = default;
    NullStreams& operator=(NullStreams&&) = delete;
    NullStreams(const NullStreams&) = delete;
    NullStreams& operator=(const NullStreams&) = delete;
    ~NullStreams() {
        for (int fd = 0; fd <= 2; ++fd)
            if (kept_[static_cast<size_t>(fd)].valid())
                (void)::dup2(kept_[static_cast<size_t>(fd)].get(), fd);
    }

  private:
    NullStreams() = default;
    std::array<Fd, 3> kept_;
};

class Runner {
  public:
    Runner(Invocation& invocation, const PlannedBundle& bundle, Store store)
        : invocation_(invocation), bundle_(bundle), store_(std::move(store)) {}

    Result<int> run();

  private:
    // The exit code of the program, or 128 and its signal (os/process.h, ExitStatus).
    Result<int> run_in_foreground(Created created, const Fd& signals);
    Result<Created> create(const CreateOptions& options);
    Status start(const Container& container, Lock lock);
    void tell(Warnings& warnings);
    [[nodiscard]] const Parsed& parsed() const { return invocation_.parsed; }

    Invocation& invocation_;
    const PlannedBundle& bundle_;
    Store store_;
    Fd terminal_;
    std::optional<NotifyProxy> notify_;
};

void Runner::tell(Warnings& warnings) {
    invocation_.reporter.warnings(warnings);
    warnings.clear();
}

// With the lock of create, so that nobody else can have changed what we have made.
Status Runner::start(const Container& container, Lock lock) {
    Warnings warnings;
    const StartOptions options{.notify_socket = notify_socket(),
                               .notify_proxy = parsed().has("detach") ? nullptr : &notify_};
    Status started;
    {
        Interruptible interruptible;
        started = start_container(store_, container, std::move(lock), options, warnings);
        if (started) started = interruptible.end();
    }
    tell(warnings);
    // A signal at the very end has killed init.
    if (heed_interruption()) started = check_interruption();
    if (!started) remove_ended(invocation_, store_, container.record.id);
    return started;
}

Result<int> Runner::run_in_foreground(Created created, const Fd& signals) {
    const std::string id = created.container.record.id;
    const Result<int> code = relay(std::move(created.init), std::move(terminal_), signals,
                                   notify_ ? &*notify_ : nullptr, tell_of_third_interrupt);
    if (!parsed().has("keep")) remove_ended(invocation_, store_, id);
    return code;
}

Result<Created> Runner::create(const CreateOptions& options) {
    Warnings warnings;
    Result<Created> created = [&]() -> Result<Created> {
        std::optional<NullStreams> streams;
        if (is_line(parsed()) && parsed().has("detach"))
            streams.emplace(TRY(NullStreams::take_place()));
        return create_container(store_, bundle_.file, bundle_.plan, options, warnings);
    }();
    tell(warnings);
    return created;
}

Result<int> Runner::run() {
    const Foreground foreground = TRY(prepare_foreground(parsed(), bundle_.plan.process.terminal));
    const CreateOptions options{
        .on_console =
            [&](Fd master) {
                if (!foreground.own_terminal)
                    return send_terminal(foreground.console_socket, std::move(master));
                keep_line_ends(master.get());
                terminal_ = std::move(master);
                return Status();
            },
    };
    Created made = TRY(create(options));
    if (Status started = start(made.container, std::move(made.lock)); !started) {
        made.init.release();  // ended and reaped, or gone with the container
        return Failure(std::move(started).error());
    }
    write_trace(invocation_.reporter);
    if (!foreground.detach) return run_in_foreground(std::move(made), foreground.signals);
    made.init.release();
    // Its name was made up, and is needed to find it again.
    if (is_line(parsed()) && !parsed().has("name")) TRY(print(bundle_.plan.id + "\n"));
    return 0;
}

}  // namespace

Result<int> run_run(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    if (parsed.arguments.empty() && !is_line(parsed))
        return fail(ErrorKind::usage, "run what? A bundle such as ./mine, or a program")
            .hint(::access("config.json", F_OK) == 0
                      ? "the bundle of this folder: sampan run .; a shell: sampan run -ti /bin/sh"
                      : "for example: sampan run -ti /bin/sh");
    const PlannedBundle bundle = TRY(plan_bundle(invocation));
    if (parsed.has("save")) TRY(save_bundle(bundle.file, bundle.plan.bundle));
    Store store = TRY(store_to_create_in(invocation));
    return Runner(invocation, bundle, std::move(store))
        .run()
        .in(format("running container {}", bundle.plan.id));
}

}  // namespace sampan
