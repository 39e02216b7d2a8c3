// A container in the foreground: its terminal, its signals, its end.
#pragma once

#include "base/result.h"
#include "launch/notify_proxy.h"
#include "os/fd.h"
#include "os/process.h"

namespace sampan {

// Stays until init ends: copies between our stdio and the container's terminal (`terminal`, if it
// has one), passes our signals on, and reaps what becomes our child. `signals` comes from
// signals_as_fd(), called before the container was made, so that none is lost. Gives the exit code
// of init, 128 + signal when one ended it; our own terminal is as it was before. Others of the
// container that go on writing to its terminal do not keep it.
// `notify` (null: none): its messages are passed on, without another main pid, since we stay.
Result<int> relay(Process init, Fd terminal, const Fd& signals, NotifyProxy* notify);

}  // namespace sampan
