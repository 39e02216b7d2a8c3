// What run and restore have in common: a container that is made by this command, which may stay
// with its program until that ends.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/command.h"
#include "container/store.h"
#include "os/fd.h"

namespace sampan {

struct Foreground {
    bool detach = false;         // this command returns once the program runs
    std::string console_socket;  // gets the terminal; "": none
    bool own_terminal = false;   // the program's terminal is passed on to that of our caller
    // From here on a signal is meant for the program; before the program runs, it ends us
    // (os/interruption.h).
    Fd signals;
};

// `has_terminal`: process.terminal. It is an error if the terminal goes nowhere.
Result<Foreground> prepare_foreground(const Parsed& parsed, bool has_terminal);

// The container's program has ended: failing to remove something is reported and does not change
// the result.
void remove_ended(const Invocation& invocation, const Store& store, const std::string& id);

}  // namespace sampan
