# shellcheck shell=bash
# What is kept of a container's words, and how its terminal is shown: logs and console.

logs_have_what_hooks_printed() {
  spec own 'logs --hooks prints what hooks have printed, also those that succeeded'
  requires_sampan
  script "$T/hook" 'echo "from $1"; echo "and an error" >&2'
  bundle -p 'sleep 100' ".hooks = {prestart: [{path: \"$T/hook\", args: [\"hook\", \"prestart\"]}],
    createRuntime: [{path: \"/bin/true\"}], poststart: [{path: \"$T/hook\", args: [\"hook\", \"poststart\"]}]}"
  create
  start
  does logs --hooks "$C"
  matches "$OUT" "prestart hook 0 \($T/hook\) exited with 0 after [0-9]+ ms:
from prestart
and an error" 'the log'
  has "$OUT" 'from poststart' 'the log'
  lacks "$OUT" createRuntime 'the log: that hook printed nothing'
}

logs_of_a_container_whose_hooks_said_nothing_are_empty() {
  spec own 'logs --hooks prints nothing if no hook did'
  requires_sampan
  bundle
  create
  does logs --hooks "$C"
  is "$OUT" '' 'the log'
}

logs_say_where_the_output_of_the_program_is() {
  spec own 'logs without --hooks says that the output of the program is not kept'
  requires_sampan
  bundle
  create
  refuses logs "$C"
  has "$ERR" 'only the output of hooks is kept' 'the error'
  refuses logs --hooks none
  has "$ERR" 'does not exist' 'the error'
}

_console() {
  mkfifo "$T/keys"
  helper $RUNTIME console "$T/console" <>"$T/keys" >"$T/screen" 2>"$T/console.err"
  await '[ -S "$T/console" ]'
}

console_shows_the_terminal_of_a_container() {
  spec own 'console receives the terminal that create sends, and copies between it and its own streams'
  requires_sampan
  _console
  bundle -p 'tty; read -r line; echo "got $line"' '.process.terminal = true'
  create --console-socket "$T/console"
  is_absent "$T/console" 'the socket is removed once it is used'
  start
  await 'grep -q /dev/pts/0 "$T/screen"'
  echo hello >"$T/keys"
  wait "$HELPER" || fail 'console ends with an error' "$(<"$T/console.err")"
  has "$(<"$T/screen")" 'got hello' 'the screen'
}

console_works_for_exec_too() {
  spec own 'console receives the terminal of exec'
  requires_sampan
  container_that_is running
  _console
  does exec -d -t --console-socket "$T/console" "$C" /bin/sh -c 'read -r line; echo "got $line"'
  echo hello >"$T/keys"
  wait "$HELPER" || fail 'console ends with an error'
  has "$(<"$T/screen")" 'got hello' 'the screen'
}

console_leaves_no_socket_when_it_is_ended() {
  spec own 'SIGTERM ends console, and the socket is removed'
  requires_sampan
  _console
  kill -TERM "$HELPER"
  wait "$HELPER"
  is $? 143 'exit code'
  is_absent "$T/console" 'the socket'
}

console_takes_no_place_that_is_taken() {
  spec own 'console listens only where nothing is yet, and only takes a terminal'
  requires_sampan
  requires_python
  echo precious >"$T/file"
  refuses console "$T/file"
  is "$(<"$T/file")" precious 'the file'
  refuses console "$T/missing/console"
  has "$ERR" "$T/missing/console" 'the error'
  _console
  $PYTHON - "$T/console" <<'PY'
import array, socket, sys
connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
connection.connect(sys.argv[1])
connection.sendmsg([b"name"], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [0]))])
PY
  wait "$HELPER" && fail 'console takes a file for a terminal'
  has "$(<"$T/console.err")" 'is not a terminal' 'the error'
  is_absent "$T/console" 'the socket'
}
