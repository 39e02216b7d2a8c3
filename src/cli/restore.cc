#include "container/restore.h"

#include "base/text.h"
#include "cli/bundle.h"
#include "cli/command.h"
#include "cli/criu_options.h"
#include "cli/foreground.h"
#include "cli/watch.h"
#include "launch/relay.h"
#include "launch/terminal.h"

namespace sampan {

namespace {

class Restorer {
  public:
    Restorer(Invocation& invocation, const PlannedBundle& bundle, Store store)
        : invocation_(invocation), bundle_(bundle), store_(std::move(store)) {}

    Result<int> run();

  private:
    Result<Restored> restore(const Foreground& foreground);
    Result<int> follow(Restored restored, const Fd& signals);
    [[nodiscard]] const Parsed& parsed() const { return invocation_.parsed; }

    Invocation& invocation_;
    const PlannedBundle& bundle_;
    Store store_;
    Fd terminal_;
};

Result<Restored> Restorer::restore(const Foreground& foreground) {
    RestoreOptions options{.job = TRY(read_criu_job(invocation_)),
                           .on_console = nullptr,
                           .pid_file = parsed().text("pid-file")};
    if (bundle_.plan.process.terminal)
        options.on_console = [this, &foreground](Fd master) {
            if (!foreground.own_terminal)
                return send_terminal(foreground.console_socket, std::move(master));
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
    remove_ended(invocation_, store_, id);
    return code;
}

Result<int> Restorer::run() {
    const Foreground foreground = TRY(prepare_foreground(parsed(), bundle_.plan.process.terminal));
    Restored restored = TRY(restore(foreground));
    if (!foreground.detach) return follow(std::move(restored), foreground.signals);
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
