# shellcheck shell=bash
# Ending a container: what kill says of signals that do nothing, wait, stop.

_lost='does nothing: the container'

kill_says_that_the_first_process_does_not_get_the_signal() {
  spec own 'kill warns when the signal does nothing, because the first process has no handler'
  requires_sampan
  container_that_is running
  does kill "$C"
  has "$ERR" "warning: SIGTERM $_lost" 'standard error'
  has "$ERR" 'no handler' 'standard error'
  does kill "$C" USR1
  has "$ERR" "warning: SIGUSR1 $_lost" 'standard error'
  status_is running
}

kill_says_that_the_first_process_ignores_the_signal() {
  spec own 'kill warns when the signal does nothing, because the first process ignores it'
  requires_sampan
  SLEEPER='trap "" TERM; echo ready >/fifo; sleep 100' container_that_is running
  await_line "$B/rootfs/fifo"
  does kill "$C"
  has "$ERR" "warning: SIGTERM $_lost's first process ignores it" 'standard error'
}

kill_says_nothing_where_the_signal_has_an_effect() {
  spec own 'kill does not warn of signals that are handled, or harmless, or end a container that waits'
  requires_sampan
  SLEEPER='trap : TERM; echo ready >/fifo; while :; do sleep 1; done' container_that_is created
  does kill "$C" WINCH
  is "$ERR" '' 'standard error of WINCH before the start'
  start
  await_line "$B/rootfs/fifo"
  for signal in TERM WINCH 0 KILL; do
    does kill "$C" $signal
    is "$ERR" '' "standard error of $signal"
  done
}

kill_says_nothing_of_a_process_that_is_no_first_one() {
  spec own 'outside of a pid namespace of its own, a container gets every signal'
  requires_sampan
  bundle -p 'exec sleep 100' '.linux.namespaces |= map(select(.type != "pid"))'
  container_that_is running
  does kill "$C"
  is "$ERR" '' 'standard error'
  await_stopped
}
