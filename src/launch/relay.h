// A container in the foreground: its terminal, its signals, its end.
#pragma once

#include <functional>

#include "base/result.h"
#include "launch/notify_proxy.h"
#include "os/fd.h"
#include "os/process.h"

namespace sampan {

// Returns when init has ended. Meanwhile it copies between our standard streams and the container's
// terminal (`terminal`, if there is one), passes our signals on, and reaps processes that become
// our children. `signals` comes from signals_as_fd(), which must be called before the container is
// made, so that no signal is lost. Returns the exit code of init, or 128 + signal if a signal ended
// it, and restores our own terminal. It does not wait for other processes of the container that go
// on writing to its terminal. Messages of `notify` (null: none) are passed on without another main
// pid, because we stay. Who presses Ctrl-C three times within two seconds ends a program that does
// not heed it; `tell` is called the second time.
Result<int> relay(Process init,
                  Fd terminal,
                  const Fd& signals,
                  NotifyProxy* notify,
                  const std::function<void()>& tell);

}  // namespace sampan
