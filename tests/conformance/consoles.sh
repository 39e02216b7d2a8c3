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

logs_hold_nothing_that_commands_a_terminal() {
  spec own 'logs prints control characters of hooks, and of their paths, escaped: a startContainer hook is a program of the container'
  requires_sampan
  local name=$'hook\e[31m'
  script "$T/$name" 'printf "one\033[31m\n"'
  bundle '.hooks = {prestart: [{path: "\($T)/hook\u001b[31m"}], startContainer: [{path: "/bin/printf", args: ["printf", "two\u001b[32m"]}]}'
  create
  start
  does logs --hooks "$C"
  has "$OUT" 'one\x1b[31m' 'the log'
  has "$OUT" 'two\x1b[32m' 'the log'
  has "$OUT" 'hook\x1b[31m) exited with 0' 'the log'
  lacks "$OUT" $'\e' 'the log'
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
  spec own 'console listens only where nothing is yet'
  requires_sampan
  echo precious >"$T/file"
  refuses console "$T/file"
  is "$(<"$T/file")" precious 'the file'
  refuses console "$T/missing/console"
  has "$ERR" "$T/missing/console" 'the error'
}

# Writes $T/visitor.py, which connects to a console and sends "text", or a "folder", and waits to be sent away,
# or sends "nothing" and stays.
_visitor() {
  cat >"$T/visitor.py" <<'PY'
import array, os, socket, sys, time
connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
connection.connect(sys.argv[2])
descriptors = [(socket.SOL_SOCKET, socket.SCM_RIGHTS, array.array("i", [os.open("/", os.O_RDONLY)]))]
if sys.argv[1] != "nothing":
    connection.sendmsg([b"name"], descriptors if sys.argv[1] == "folder" else [])
    connection.recv(1)
else:
    print("connected", flush=True)
    time.sleep(1000)
PY
}

console_goes_on_after_a_visitor_without_a_terminal() {
  spec own 'console tells of a visitor that brings no terminal, and waits for the next one'
  requires_sampan
  requires_python
  _console
  _visitor
  $PYTHON "$T/visitor.py" text "$T/console"
  $PYTHON "$T/visitor.py" folder "$T/console"
  bundle -p 'echo from the container' '.process.terminal = true'
  create --console-socket "$T/console"
  start
  wait "$HELPER" || fail 'console ends with an error' "$(<"$T/console.err")"
  has "$(<"$T/screen")" 'from the container' 'the screen'
  has "$(<"$T/console.err")" 'what came has no descriptor of a terminal' 'standard error'
  has "$(<"$T/console.err")" 'is not a terminal' 'standard error'
}

console_is_not_held_up_by_a_silent_visitor() {
  spec own 'a visitor that sends nothing keeps console neither from its end nor from the next one'
  requires_sampan
  requires_python
  _console
  local console=$HELPER
  _visitor
  mkfifo "$T/visitor"
  helper $PYTHON "$T/visitor.py" nothing "$T/console" 1<>"$T/visitor"
  await_line "$T/visitor"
  if [ "$1" = end ]; then
    kill -TERM "$console"
    wait "$console"
    is $? 143 'exit code'
    is_absent "$T/console" 'the socket'
    return
  fi
  bundle -p 'echo from the container' '.process.terminal = true'
  create --console-socket "$T/console"
  start
  wait "$console" || fail 'console ends with an error' "$(<"$T/console.err")"
  has "$(<"$T/screen")" 'from the container' 'the screen'
}
cases console_is_not_held_up_by_a_silent_visitor end next
