# The socket of sd_notify(3): a program in a container tells the service manager of the runtime's caller that it
# is ready. No specification asks for it; services that run `runc run` or `runc start` depend on it.
# shellcheck shell=bash disable=SC2153

# A service manager: prints each message that it gets as a line into the FIFO $T/said, and closes the
# descriptors that came with it; those of BARRIER=1 only once $T/barrier was written to, if it exists.
_manager() {
  requires_python
  cat >"$T/manager.py" <<'PY'
import array, os, socket, sys
name, said, barrier = sys.argv[1:]
receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
receiver.bind("\0" + name[1:] if name[0] == "@" else name)
out = open(said, "w")
print("here", file=out, flush=True)
while True:
    data, control, flags, sender = receiver.recvmsg(4096, 256)
    print(data.decode().strip("\n").replace("\n", " "), file=out, flush=True)
    if data == b"BARRIER=1" and os.path.exists(barrier):
        open(barrier).read()
    for level, kind, content in control:
        for fd in array.array("i", content):
            os.close(fd)
PY
  mkfifo "$T/said"
  helper "$PYTHON" "$T/manager.py" "${1:-$T/manager}" "$T/said" "$T/barrier"
  exec 8<>"$T/said"
  export NOTIFY_SOCKET=${1:-$T/manager}
  _said; is "$SAID" here 'the manager'
}
_said() { IFS= read -r -t 10 -u 8 SAID || fail 'the manager was told nothing'; }
# Until both have come: runc sends pid and readiness separately.
_said_ready_and_pid() {
  local all=
  until [[ $all == *READY=1* && $all == *MAINPID=* ]]; do _said; all+=" $SAID"; done
  has_word "$all" READY=1 'what the manager was told'
  has_word "$all" "MAINPID=$INIT" 'what the manager was told'
}
_start_in_the_background() {
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" start "$C"
  STARTER=$HELPER
  await '_path_inside && [ -S "$INSIDE" ]'
}
# The path by which we reach the socket of the container's program: INSIDE.
_path_inside() {
  local entry
  INSIDE=
  while IFS= read -r -d '' entry; do
    case $entry in NOTIFY_SOCKET=*) INSIDE=/proc/$INIT/root${entry#*=} ;; esac
  done 2>/dev/null <"/proc/$INIT/environ"
  [ -n "$INSIDE" ]
}
# Sends a message like the container's program; as another user and group if they are given.
_notify() {
  "$PYTHON" - "$INSIDE" "$1" "${2:-0}" <<'PY' || fail 'nothing can be sent'
import os, socket, sys
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
# Through a descriptor, so that only the path inside the container counts.
folder = os.open(os.path.dirname(sys.argv[1]), os.O_PATH)
os.setgroups([]); os.setgid(int(sys.argv[3])); os.setuid(int(sys.argv[3]))
os.fchdir(folder)
sender.sendto(sys.argv[2].replace("\\n", "\n").encode(), os.path.basename(sys.argv[1]))
PY
}
_await_starter() { wait "$STARTER"; is "$?" 0 'exit code of start'; }

start_waits_until_the_program_is_ready() {
  spec client 'with NOTIFY_SOCKET start ends when the program has said READY=1, which is passed on with its pid'
  _manager
  bundle -p 'sleep 100'
  create
  _start_in_the_background
  status_is running
  _notify 'STATUS=nearly'
  [ -e "/proc/$STARTER" ] || fail 'start did not wait'
  _notify 'READY=1'
  _said_ready_and_pid
  _await_starter
}

any_user_of_the_container_may_notify() {
  spec client 'the socket can be written to by whoever is in the container'
  local filter=. uid=1000
  [ "$1" = plain ] || { requires_userns; filter=$USERNS uid=101000; }
  _manager
  bundle -p 'sleep 100' "$filter" '.process.user = {uid: 1000, gid: 1000}'
  mkdir -p "$B/rootfs/run/notify"  # the root is not the container's own
  [ "$RUNTIME_NAME" != sampan ] || umask 077
  create
  _start_in_the_background
  _notify 'READY=1' "$uid"
  _said
  has_word "$SAID" READY=1 'what the manager was told'
  _await_starter
}
cases any_user_of_the_container_may_notify plain userns

start_ends_with_a_program_that_is_never_ready() {
  spec client 'start does not wait for a container that has ended'
  _manager
  bundle -p 'sleep 100'
  create
  _start_in_the_background
  kill -KILL "$INIT"
  wait "$STARTER"
  does delete --force "$C"
}

waiting_start_does_not_keep_delete_out() {
  spec own 'a start that waits for READY=1 does not keep the container from being deleted'
  requires_sampan
  _manager
  bundle -p 'sleep 100'
  create
  _start_in_the_background
  does delete --force "$C"
  _await_starter
}

start_ends_after_the_manager_has_read() {
  spec client 'the manager finds the sender by its pid: start ends after it has read (sd_notify_barrier)'
  _manager
  mkfifo "$T/barrier"
  bundle -p 'sleep 100'
  create
  _start_in_the_background
  _notify 'READY=1'
  until [ "$SAID" = BARRIER=1 ]; do _said; done
  [ -e "/proc/$STARTER" ] || fail 'start did not wait'
  echo >"$T/barrier"
  _await_starter
}

only_harmless_messages_are_passed_on() {
  spec own 'what a manager would believe of the runtime alone is not passed on from a container'
  requires_sampan
  _manager
  bundle -p 'sleep 100'
  create
  _start_in_the_background
  _notify 'MAINPID=1\nSTATUS=working\nFDSTORE=1\nREADY=10'
  _said
  is "$SAID" STATUS=working 'what the manager was told'
  _notify 'MAINPID=1\nREADY=1\nNOTIFYACCESS=all'
  _said
  is "$SAID" "MAINPID=$INIT READY=1" 'what the manager was told'
  _await_starter
}

run_passes_on_what_the_program_says() {
  spec own 'run stays, and passes on all the time without another main pid'
  requires_sampan
  local name=$T/manager
  [ "$1" = path ] || name=@sampan-$TEST_PREFIX-manager
  _manager "$name"
  bundle -p 'sleep 100'
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" run --bundle "$B" --pid-file "$T/pid" "$C"
  await '[ -s "$T/pid" ]'
  INIT=$(<"$T/pid")
  await '_path_inside && [ -S "$INSIDE" ]'
  _notify 'READY=1\nSTATUS=up'
  _said
  is "$SAID" 'READY=1 STATUS=up' 'what the manager was told'
  _notify 'WATCHDOG=1'
  _said
  is "$SAID" 'WATCHDOG=1' 'what the manager was told'
  kill -KILL "$INIT"
  await_gone "$HELPER"
  status_is none
}
# Also a manager whose socket has an abstract name, as in a user's session.
cases run_passes_on_what_the_program_says path abstract

run_detached_waits_until_the_program_is_ready() {
  spec client 'run --detach ends when the program has said READY=1'
  _manager
  bundle -p 'sleep 100'
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" run --detach --bundle "$B" --pid-file "$T/pid" "$C"
  STARTER=$HELPER
  await '[ -s "$T/pid" ]'
  INIT=$(<"$T/pid")
  await '_path_inside && [ -S "$INSIDE" ]'
  _notify 'READY=1'
  _said_ready_and_pid
  _await_starter
  status_is running
}

container_cannot_fill_the_folder_of_the_socket() {
  spec client 'the folder of the socket is in the state folder of the host: nothing can be put into it'
  _manager
  bundle -p 'touch ${NOTIFY_SOCKET%/*}/file 2>/dev/null || echo refused; rm $NOTIFY_SOCKET 2>/dev/null || echo refused
    echo >/fifo; sleep 100'
  create
  _start_in_the_background
  await_line "$B/rootfs/fifo"
  is "$(<"$T/program.out")" $'refused\nrefused' 'output'
}

nothing_is_added_without_a_manager() {
  spec client 'without NOTIFY_SOCKET the program has none'
  unset NOTIFY_SOCKET
  bundle -p 'env | grep -c NOTIFY; ls /run 2>/dev/null; true'
  run_container
  is "$OUT" 0 'output'
}

socket_of_the_bundle_is_kept() {
  spec own 'a NOTIFY_SOCKET of process.env is left alone'
  requires_sampan
  _manager
  bundle -p 'env | grep NOTIFY; ls /run 2>/dev/null; true' '.process.env += ["NOTIFY_SOCKET=/own"]'
  runs
  is "$OUT" NOTIFY_SOCKET=/own 'output'
}

manager_that_is_not_there_is_a_warning() {
  spec own 'a manager that cannot be reached keeps no container from running'
  requires_sampan
  bundle -p 'echo ran >/fifo; sleep 100'
  export NOTIFY_SOCKET=$T/nobody
  create
  start
  has "$ERR" 'warning: ' 'what start says'
  has "$ERR" NOTIFY_SOCKET 'what start says'
  await_line "$B/rootfs/fifo"
  is "$LINE" ran 'the program'
  status_is running
}

plan_shows_the_socket() {
  spec own 'plan tells of the socket'
  requires_sampan
  bundle
  NOTIFY_SOCKET=$T/manager rt plan "$B"
  has "$OUT" "make $ROOT/bundle/notify for the socket of sd_notify(3)" plan
  has "$OUT" 'on /run/notify (bind,ro' plan
  has "$OUT" 'READY=1' plan
}
