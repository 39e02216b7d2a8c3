# shellcheck shell=bash
# Ending a container: what kill says of signals that do nothing, wait, stop.

_lost='does nothing: the container'

# kill with the arguments, as somebody at a terminal calls it: ERR is what is seen there.
_kill_on_a_terminal() {
  requires_tool script
  COMMAND="kill $*"
  # shellcheck disable=SC2086
  command script -qec "$RUNTIME --root $ROOT kill $*" /dev/null >"$T/screen" 2>&1 </dev/null
  RC=$?
  ERR=$(tr -d '\r' <"$T/screen")
  is $RC 0 'exit code'
}

kill_says_that_the_first_process_does_not_get_the_signal() {
  spec own 'kill warns on a terminal when the signal does nothing, because the first process has no handler'
  requires_sampan
  container_that_is running
  _kill_on_a_terminal "$C"
  has "$ERR" "warning: SIGTERM $_lost" 'the terminal'
  has "$ERR" 'no handler' 'the terminal'
  _kill_on_a_terminal "$C" USR1
  has "$ERR" "warning: SIGUSR1 $_lost" 'the terminal'
  status_is running
}

kill_says_nothing_to_engines() {
  spec client 'kill says nothing without a terminal: engines send signals that do nothing, and take words for a failure'
  requires_sampan
  container_that_is running
  does kill "$C" TERM
  is "$ERR$OUT" '' 'what kill prints'
}

kill_says_that_the_first_process_ignores_the_signal() {
  spec own 'kill warns on a terminal when the signal does nothing, because the first process ignores it'
  requires_sampan
  SLEEPER='trap "" TERM; echo ready >/fifo; sleep 100' container_that_is running
  await_line "$B/rootfs/fifo"
  _kill_on_a_terminal "$C"
  has "$ERR" "warning: SIGTERM $_lost's first process ignores it" 'the terminal'
}

kill_says_nothing_where_the_signal_has_an_effect() {
  spec own 'kill does not warn of signals that are handled, or harmless, or end a container that waits'
  requires_sampan
  SLEEPER='trap : TERM; echo ready >/fifo; while :; do sleep 1; done' container_that_is created
  _kill_on_a_terminal "$C" WINCH
  is "$ERR" '' 'the terminal after WINCH before the start'
  start
  await_line "$B/rootfs/fifo"
  for signal in TERM WINCH 0 KILL; do
    _kill_on_a_terminal "$C" $signal
    is "$ERR" '' "the terminal after $signal"
  done
}

kill_says_nothing_of_a_process_that_is_no_first_one() {
  spec own 'outside of a pid namespace of its own, a container gets every signal'
  requires_sampan
  bundle -p 'exec sleep 100' '.linux.namespaces |= map(select(.type != "pid"))'
  container_that_is running
  _kill_on_a_terminal "$C"
  is "$ERR" '' 'the terminal'
  await_stopped
}

# Waits until the command that was started as HELPER has ended; its exit code is CODE.
_await_helper() {
  wait "$HELPER"
  CODE=$?
}

wait_ends_with_the_exit_code_of_the_container() {
  spec own 'wait prints nothing, and its exit code is that of the program'
  requires_sampan
  bundle -p 'read -r _ </fifo; exit 42'
  create
  helper $RUNTIME --root "$ROOT" wait "$C" >"$T/said" 2>&1
  start
  echo go >"$B/rootfs/fifo"
  _await_helper
  is "$(<"$T/said")" '' 'what wait prints'
  is $CODE 42 'exit code'
}

wait_tells_signals_and_success_apart() {
  spec own 'the exit code of wait is 128 and the signal, or 0'
  requires_sampan
  bundle -p 'read -r word </fifo; [ "$word" = end ] || kill -SEGV $$; exit 0'
  container_that_is running
  helper $RUNTIME --root "$ROOT" wait "$C"
  if [ "$1" = killed ]; then does kill "$C" KILL; else echo end >"$B/rootfs/fifo"; fi
  _await_helper
  case $1 in killed) is $CODE 137 'exit code' ;; *) is $CODE 0 'exit code' ;; esac
}
cases wait_tells_signals_and_success_apart killed ended

wait_works_before_the_start_too() {
  spec own 'wait may begin before the container runs, and any number of them may wait'
  requires_sampan
  container_that_is created
  helper $RUNTIME --root "$ROOT" wait "$C"
  local first=$HELPER
  helper $RUNTIME --root "$ROOT" wait "$C"
  does kill "$C" TERM
  _await_helper
  is $CODE 143 'exit code of one'
  HELPER=$first _await_helper
  is $CODE 143 'exit code of the other'
}

wait_says_when_it_comes_too_late() {
  spec own 'when nobody knows the exit code any more, wait says so, and fails with 255'
  requires_sampan
  container_that_is stopped
  await "[ ! -d /proc/$INIT ]"
  refuses wait "$C"
  is "$RC" 255 'exit code'
  has "$ERR" 'its exit code is not known' 'the error'
}

stop_lets_the_program_end_by_itself() {
  spec own 'stop sends SIGTERM, and returns when the container has stopped'
  requires_sampan
  SLEEPER='trap "echo bye; exit 3" TERM; echo ready >/fifo; while :; do sleep 0.05; done' container_that_is running
  await_line "$B/rootfs/fifo"
  does stop -t 1000 "$C"
  is "$ERR$OUT" '' 'what stop prints'
  status_is stopped
  is "$(<"$T/program.out")" bye 'last words'
}

stop_kills_a_program_that_goes_on() {
  spec own 'stop sends SIGKILL after the time of -t'
  requires_sampan
  container_that_is running
  does stop -t "$1" "$C"
  case $1 in
    0) is "$ERR" '' 'standard error: nothing was waited for' ;;
    1) has "$ERR" 'warning: SIGTERM does nothing' 'standard error' ;;
  esac
  status_is stopped
}
cases stop_kills_a_program_that_goes_on 0 1

stop_takes_a_container_in_any_status() {
  spec own 'stop ends what waits for its start or is paused, and is content with what has stopped'
  requires_sampan
  SLEEPER='trap "exit 3" TERM; echo ready >/fifo; while :; do sleep 0.05; done'
  bundle -p "$SLEEPER"
  create
  case $1 in
    created) ;;
    stopped) does kill "$C" KILL; await_stopped ;;
    paused) requires_pause; start; await_line "$B/rootfs/fifo"; does pause "$C" ;;
  esac
  does stop -t 1000 "$C"
  status_is stopped
}
cases stop_takes_a_container_in_any_status created paused stopped

stop_ends_all_processes_without_a_pid_namespace() {
  spec own 'stop leaves no process of the container, whatever its pid namespace'
  requires_sampan
  bundle -p 'trap exit TERM; sleep 1000 & echo $! >/tmp/other; echo ready >/fifo; while :; do sleep 0.05; done' \
    '.linux.namespaces |= map(select(.type != "pid"))'
  create
  start
  await_line "$B/rootfs/fifo"
  does stop -t 1000 "$C"
  status_is stopped
  await_gone "$(<"$B/rootfs/tmp/other")"
}

stop_takes_several_and_tries_all() {
  spec own 'stop takes several containers, and one that does not exist keeps none of the others running'
  requires_sampan
  local first=$C
  bundle -p 'sleep 100'
  create
  C=$first-second
  bundle -n second -p 'sleep 100'
  create
  refuses stop -t 0 "$first" none "$C"
  has "$ERR" 'stopping container none: container does not exist' 'the error'
  status_is stopped "$first"
  status_is stopped "$C"
  C=$first
}

stop_ends_only_the_container_that_it_asked() {
  spec own 'what is made with the ID of a container that stop has ended, while it waits for another one, goes on'
  requires_sampan
  local slow=$C-slow
  bundle -n slow -p 'trap : TERM; echo ready >/fifo; while :; do sleep 0.05; done'
  does create --bundle "$B" "$slow"
  does start "$slow"
  await_line "$B/rootfs/fifo"
  bundle -p 'trap exit TERM; echo ready >/fifo; while :; do sleep 0.05; done'
  create
  start
  await_line "$B/rootfs/fifo"
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" stop -t 1000 "$slow" "$C"
  await_stopped
  does delete "$C"
  create
  start
  await_line "$B/rootfs/fifo"
  does kill "$slow" KILL
  _await_helper
  is $CODE 0 'exit code of stop'
  status_is running
}

stop_refuses_a_time_that_is_none() {
  spec own 'the time of stop is a number of seconds'
  requires_sampan
  refuses stop -t "$1" "$C"
  has "$ERR" '--time takes a number of seconds' 'the error'
}
cases stop_refuses_a_time_that_is_none -1 soon 1.5 99999999999
