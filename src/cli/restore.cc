#include "container/restore.h"

#include "base/text.h"
#include "cli/bundle.h"
#include "cli/command.h"
#include "cli/criu_options.h"
#include "cli/watch.h"
#include "container/destroy.h"
#include "launch/relay.h"
#include "launch/terminal.h"
#include "os/signals.h"

namespace sampan {

namespace {

class Restorer {
  public:
    Restorer(Invocation& invocation, const PlannedBundle& bundle, Store store)
        : invocation_(invocation), bundle_(bundle), store_(std::move(store)) {}

    Result<int> run();

  private:
    Result<Restored> restore(bool own_terminal, const std::string& socket);
    Result<int> follow(Restored restored, const Fd& signals);
    [[nodiscard]] const Parsed& parsed() const { return invocation_.parsed; }

    Invocation& invocation_;
    const PlannedBundle& bundle_;
    Store store_;
    Fd terminal_;
};

Result<Restored> Restorer::restore(bool own_terminal, const std::string& socket) {
    RestoreOptions options{.job = TRY(read_criu_job(invocation_)),
                           .on_console = nullptr,
                           .pid_file = parsed().text("pid-file")};
    if (bundle_.plan.process.terminal)
        options.on_console = [this, own_terminal, socket](Fd master) {
            if (!own_terminal) return send_terminal(socket, std::move(master));
            terminal_ = std::move(master);
            return Status();
        };
    Warnings warnings;
    Result<Restored> restored =
        restore_container(store_, bundle_.file, bundle_.plan, std::move(options), warnings);
    invocation_.reporter.warnings(warnings);
    return restored;
}

// As after `run`, the container is gone when its program has ended.
Result<int> Restorer::follow(Restored restored, const Fd& signals) {
    const std::string id = restored.container.record.id;
    const Result<int> code = relay(std::move(restored.init), std::move(terminal_), signals, nullptr,
                                   tell_of_third_interrupt);
    Result<Warnings> removed = delete_container(store_, id, Force::yes);
    if (removed)
        invocation_.reporter.warnings(*removed);
    else if (removed.error().kind() != ErrorKind::not_found)
        invocation_.reporter.warning(removed.error());
    return code;
}

Result<int> Restorer::run() {
    const std::string socket = parsed().text("console-socket");
    const bool detach = parsed().has("detach");
    const bool own_terminal = bundle_.plan.process.terminal && !detach && socket.empty();
    if (!own_terminal) TRY(check_console_socket(bundle_.plan.process.terminal, socket));
    const Fd signals = TRY(signals_as_fd());
    if (!detach && !parsed().has("no-subreaper")) TRY(become_subreaper());
    Restored restored = TRY(restore(own_terminal, socket));
    if (!detach) return follow(std::move(restored), signals);
    restored.init.release();
    return 0;
}

}  // namespace

Result<int> run_restore(Invocation& invocation) {
    const PlannedBundle bundle = TRY(plan_bundle(invocation));
    Store store = TRY(store_to_create_in(invocation));
    return Restorer(invocation, bundle, std::move(store))
        .run()
        .in(format("restoring container {}", bundle.plan.id));
}

}  // namespace sampan
