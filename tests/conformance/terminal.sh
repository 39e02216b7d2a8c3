# A terminal for the process, handed out over a console socket (config.md#process).
# shellcheck shell=bash

# Listens on $T/console, receives the terminal's master, sends it what comes through $T/keys, writes what the
# terminal says to $T/screen, and facts about the descriptor to $T/received.
_receiver() {
  requires_python
  cat >"$T/receiver.py" <<'PY'
import array, os, select, socket, sys
folder = sys.argv[1]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(folder + "/console")
listener.listen(1)
open(folder + "/listening", "w").write("ready\n")
connection, _ = listener.accept()
data, ancillary, _, _ = connection.recvmsg(4096, socket.CMSG_LEN(16))
fds = array.array("i")
for level, kind, content in ancillary:
    if level == socket.SOL_SOCKET and kind == socket.SCM_RIGHTS:
        fds.frombytes(content[: len(content) // 4 * 4])
rest = connection.recv(100)
with open(folder + "/received.new", "w") as file:
    file.write("fds=%d tty=%s bytes=%s rest=%d\n" % (len(fds), os.isatty(fds[0]), len(data) > 0, len(rest)))
os.rename(folder + "/received.new", folder + "/received")
keys = os.open(folder + "/keys", os.O_RDWR)
screen = open(folder + "/screen", "wb", buffering=0)
while True:
    for ready in select.select([fds[0], keys], [], [])[0]:
        try:
            text = os.read(ready, 4096)
        except OSError:
            text = b""
        if not text:
            open(folder + "/ended", "w").write("ended\n")
            sys.exit(0)
        if ready == keys:
            os.write(fds[0], text)
        else:
            screen.write(text)
PY
  mkfifo "$T/listening" "$T/keys" "$T/ended"
  helper "$PYTHON" "$T/receiver.py" "$T"
  await_line "$T/listening"
}
_screen_has() { await "grep -qs -- '$1' $T/screen"; }

terminal_is_handed_out_over_the_console_socket() {
  spec client 'one message: the master as SCM_RIGHTS with at least one byte of data, then the end'
  _receiver
  bundle '.process.terminal = true' '.process.args = ["/bin/sleep", "100"]'
  create --console-socket "$T/console"
  await "[ -e $T/received ]"
  is "$(<"$T/received")" 'fds=1 tty=True bytes=True rest=0' 'what came over the socket'
}

program_has_the_terminal_as_its_streams() {
  spec config.md#process 'terminal: a pseudoterminal is on the three standard streams of the process'
  _receiver
  bundle -p 'tty; tty <&1; tty <&2; echo and-done; sleep 100' '.process.terminal = true'
  create --console-socket "$T/console"
  start
  _screen_has and-done
  is "$(grep -c '^/dev/pts/0' "$T/screen")" 3 'streams that are the terminal'
}

terminal_is_the_controlling_one() {
  spec config.md#process 'a terminal is attached to the process'
  _receiver
  bundle -p 'echo over-tty >/dev/tty; trap "echo interrupted; exit" INT; echo ready; while :; do sleep 0.05; done' '.process.terminal = true'
  create --console-socket "$T/console"
  start
  _screen_has over-tty
  _screen_has ready
  printf '\003' >"$T/keys"
  _screen_has interrupted
}

terminal_takes_input() {
  spec config.md#process 'a terminal is attached to the process'
  _receiver
  bundle -p 'read -r line; echo "got $line"; sleep 100' '.process.terminal = true'
  create --console-socket "$T/console"
  start
  echo hello >"$T/keys"
  _screen_has 'got hello'
}

dev_console_is_the_terminal() {
  spec config-linux.md#default-devices '/dev/console is there if terminal is set, bound to the pseudoterminal'
  _receiver
  bundle -p 'echo to-console >/dev/console; stat -c %F /dev/console; sleep 100' '.process.terminal = true'
  create --console-socket "$T/console"
  start
  _screen_has to-console
  _screen_has 'character special file'
}

console_size_is_set() {
  spec config.md#process 'consoleSize is the size of the terminal'
  _receiver
  bundle -p 'stty size; sleep 100' '.process.terminal = true | .process.consoleSize = {height: 33, width: 111}'
  create --console-socket "$T/console"
  start
  _screen_has '33 111'
}

console_size_without_a_terminal_is_ignored() {
  spec config.md#process 'consoleSize is ignored if terminal is false or unset'
  bundle ".process.consoleSize = $1"
  runs
}
cases console_size_without_a_terminal_is_ignored '{height:33,width:111}' '{height:0}' '"80x25"'

terminal_belongs_to_the_user() {
  spec client 'the terminal can be opened again by the user of the process'
  _receiver
  bundle -p 'echo again >/dev/pts/0; stat -c owner-%u /dev/pts/0; sleep 100' \
    '.process.terminal = true | .process.user = {uid: 1000, gid: 1000}'
  create --console-socket "$T/console"
  start
  _screen_has again
  _screen_has owner-1000
}

terminal_works_in_a_user_namespace() {
  spec config.md#process 'a terminal is attached to the process'
  requires_userns
  _receiver
  bundle -p 'echo inside >/dev/tty; tty; sleep 100' '.process.terminal = true' "$USERNS"
  create --console-socket "$T/console"
  start
  _screen_has inside
}

terminal_hangs_up_when_the_container_ends() {
  spec client 'no process outside the container holds the other end'
  _receiver
  bundle -p 'echo bye' '.process.terminal = true'
  create --console-socket "$T/console"
  start
  await_line "$T/ended"
  is "$LINE" ended 'what the receiver saw'
}

terminal_without_a_console_socket_is_an_error() {
  spec client 'create with a terminal needs --console-socket'
  bundle '.process.terminal = true'
  create_fails
  status_is none
}

console_socket_without_a_terminal_is_an_error() {
  spec client '--console-socket is for processes with a terminal only'
  _receiver
  bundle
  create_fails --console-socket "$T/console"
}

console_socket_that_hangs_up_is_the_reason() {
  spec own 'an engine that hangs up before it has the terminal is told as the reason, and at once'
  requires_sampan
  requires_python
  requires_tool strace
  local before
  helper $PYTHON -c 'import socket, sys
listener = socket.socket(socket.AF_UNIX)
listener.bind(sys.argv[1])
listener.listen()
while True:
    listener.accept()[0].close()' "$T/console"
  await '[ -S "$T/console" ]'
  # The other side has hung up before connect(2) returns.
  local slow="strace -f -o /dev/null -e trace=connect -e inject=connect:delay_exit=300000"
  before=$SECONDS
  if [ "$1" = create ]; then
    bundle -p 'sleep 100' '.process.terminal = true'
    RUNTIME="$slow $RUNTIME" rt create --console-socket "$T/console" --bundle "$B" "$C"
  else
    bundle -p 'sleep 1000'
    create
    start
    RUNTIME="$slow $RUNTIME" rt exec --tty --console-socket "$T/console" "$C" true
  fi
  is "$RC" "$([ "$1" = create ] && echo 1 || echo 255)" 'exit code'
  has "$ERR" 'handing the terminal over: sending a message: Broken pipe' 'the error'
  [ $((SECONDS - before)) -lt 8 ] || fail "it took $((SECONDS - before)) seconds"
}
cases console_socket_that_hangs_up_is_the_reason create exec

console_socket_that_nobody_listens_to_is_an_error() {
  spec client 'create fails when the terminal cannot be handed out'
  bundle '.process.terminal = true'
  create_fails --console-socket "$T/nobody"
  status_is none
}

run_with_a_terminal_relays_it() {
  spec client 'run in the foreground with a terminal joins it to the caller'
  requires_tool script
  # The size may come a moment after the program.
  # shellcheck disable=SC2016
  bundle -p 'tty; for i in $(seq 60); do size=$(stty size 2>/dev/null) && break; sleep 0.05; done; echo "size $size"; exit 5' '.process.terminal = true'
  # shellcheck disable=SC2086
  command script -qec "stty rows 21 cols 77; $RUNTIME --root $ROOT run --bundle $B $C" /dev/null >"$T/out" 2>&1 </dev/null
  RC=$?
  OUT=$(tr -d '\r' <"$T/out")
  has "$OUT" /dev/pts/0 'output'
  has "$OUT" 'size 21 77' 'size of the terminal'
  is "$RC" 5 'exit code'
}

lines_end_plainly_where_the_output_is_no_terminal() {
  spec client 'run and exec with a terminal, whose output is a file or a pipe: line ends have no carriage return'
  [ "$RUNTIME_NAME" != crun ] || skip "crun writes what a terminal needs"
  bundle -p 'echo one; echo two' '.process.terminal = true'
  rt run --bundle "$B" "$C"
  [ "$RUNTIME_NAME" = sampan ] || [ "$RC" = 0 ] || skip "$RUNTIME_NAME needs a terminal of its caller"
  has "$OUT" $'one\ntwo' 'what the program writes'
  lacks "$OUT" $'\r' 'what the program writes'
  bundle -n waiting -p 'sleep 100'
  create
  start
  rt exec -t "$C" sh -c 'echo one; echo two'
  has "$OUT" $'one\ntwo' 'what exec writes'
}

run_gives_the_terminal_back_as_it_was() {
  spec own 'the terminal of the caller has its settings again after run'
  requires_sampan
  requires_tool script
  bundle -p 'stty raw -echo; echo changed' '.process.terminal = true'
  # shellcheck disable=SC2086
  command script -qec "stty -a >$T/before; $RUNTIME --root $ROOT run --bundle $B $C; stty -a >$T/after" /dev/null >"$T/out" 2>&1 </dev/null
  is "$(<"$T/after")" "$(<"$T/before")" 'settings of the terminal'
}
