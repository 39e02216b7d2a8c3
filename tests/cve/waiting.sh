# What a container could keep sampan waiting with (docs/security.md, Waiting): each wait has a bound, or SIGTERM
# ends it.
# shellcheck shell=bash disable=SC2016,SC2153

# Runs the runtime in the background like a shell with job control: no signal is ignored, whatever our caller
# does.
_background() {
  # shellcheck disable=SC2086
  helper env --default-signal=TERM,INT,HUP $RUNTIME --root "$ROOT" "$@"
}
# The exit code in the form of a shell: 128 and the signal.
_ends_by() {
  wait "$1"
  is "$?" $((128 + $(kill -l "$2"))) 'exit code'
}

# A program that ends while another process of the container goes on writing to its terminal. That process has
# made it the terminal of its own session before, so that it is not hung up together with the program.
WRITES_ON='mkfifo /go; /bin/busybox setsid -c sh -c "for i in 1 2 3 4 5 6; do while :; do echo more; done & done; echo >/go; wait" <>$(tty) & read -r _ </go
  echo last words; exit 5'

# What the program has written is shown, and of what others write no more than a terminal holds.
_little_follows_the_last_words() {
  has "$OUT" 'last words' output
  local more
  more=$(sed '1,/last words/d' "$T/out" | wc -c)
  [ "$more" -lt 160000 ] || fail "$more bytes follow the last words of the program"
}

exec_ends_while_others_write_to_its_terminal() {
  spec own 'what was written before the end of the program is shown, and no more is waited for'
  requires_sampan
  bundle -p 'sleep 1000' "$ALL_CAPS"
  create
  start
  rt exec --tty "$C" /bin/sh -c "$WRITES_ON"
  is "$RC" 5 'exit code'
  _little_follows_the_last_words
}

run_ends_while_others_write_to_its_terminal() {
  spec own 'the same without a pid namespace, which would end the others'
  requires_sampan
  bundle -p "$WRITES_ON" "$ALL_CAPS" '.process.terminal = true' 'del(.linux.namespaces[] | select(.type == "pid"))'
  run_container
  is "$RC" 5 'exit code'
  _little_follows_the_last_words
  status_is none
}

end_of_the_output_waits_for_its_reader() {
  spec own 'what the program wrote last is not lost when our own reader takes its time'
  requires_sampan
  # More than a pipe holds, and less than a pipe and a terminal hold.
  bundle -p 'i=0; while [ $i -lt 2000 ]; do echo "line $i of the output of the program"; i=$((i + 1)); done' \
    '.process.terminal = true'
  mkfifo "$T/slow"
  helper bash -c "exec $RUNTIME --root $ROOT run --bundle $B --pid-file $T/pid $C >$T/slow"
  exec 7<"$T/slow"
  # Until the program has ended, or waits because its terminal is full.
  await '[ -s "$T/pid" ] && { [ ! -e "/proc/$(<"$T/pid")" ] || [[ $(<"/proc/$(<"$T/pid")/wchan") == @(n_tty_write|wait_woken)* ]]; }' 2>/dev/null
  is "$(tr -d '\r' <&7 | grep -c '^line .* of the output of the program$')" 2000 'lines'
  wait "$HELPER"
}

signal_ends_a_run_that_waits_for_a_hook() {
  spec own 'SIGINT, SIGTERM and SIGHUP end a run whose program does not run yet; what was made is undone'
  requires_sampan
  requires_python
  local kind signal
  IFS=: read -r kind signal <<<"$1"
  bundle -p 'sleep 100' ".hooks = {$kind: [{path: \"/bin/sh\",
    args: [\"sh\", \"-c\", \"echo \$\$ >\$0/hook; exec sleep 1000\", \$T]}]}"
  mkfifo "$T/hook"
  _background run --bundle "$B" "$C"
  await_line "$T/hook"
  kill -"$signal" "$HELPER"
  _ends_by "$HELPER" "$signal"
  await_gone "$LINE"
  status_is none
}
cases signal_ends_a_run_that_waits_for_a_hook createRuntime:INT createRuntime:TERM poststart:TERM prestart:HUP

signal_ends_a_run_that_waits_for_a_poststop_hook() {
  spec own 'when the program has ended a signal ends our waiting, not the removal'
  requires_sampan
  requires_python
  bundle -p 'exit 3' '.hooks = {poststop: [{path: "/bin/sh", args: ["sh", "-c", "echo $$ >$0/hook; exec sleep 1000", $T]}]}'
  mkfifo "$T/hook"
  _background run --bundle "$B" "$C"
  await_line "$T/hook"
  kill -TERM "$HELPER"
  _ends_by "$HELPER" TERM
  await_gone "$LINE"
  status_is none
}

signal_ends_an_exec_that_waits_for_the_container() {
  spec own 'an exec that a frozen container keeps waiting ends with a signal, and its process with it'
  requires_sampan
  requires_python
  container_that_is paused
  _background exec --ignore-paused "$C" /bin/sleep 1234
  local entering
  await 'entering=$(ps -o pid= --ppid "$HELPER") && entering=${entering// /}'
  kill -"$1" "$HELPER"
  _ends_by "$HELPER" "$1"
  await_gone "$entering"
  status_is paused
  does resume "$C"
  status_is running
}
cases signal_ends_an_exec_that_waits_for_the_container INT TERM

exec_that_waits_keeps_nobody_out() {
  spec own 'an exec that the container keeps waiting gives up the lock'
  requires_sampan
  container_that_is paused
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" exec --ignore-paused "$C" /bin/true
  local entering
  await 'entering=$(ps -o pid= --ppid "$HELPER") && entering=${entering// /}'
  does update --pids-limit 77 "$C"
  does resume "$C"
  wait "$HELPER"
  is "$?" 0 'exit code of exec'
}

# A file system on /etc of the container that a process in its cgroup serves, and that never answers. Whoever
# looks there waits, and not even SIGKILL ends this before the server is gone.
_mount_silent_etc() {
  requires_python
  requires_kernel_file /dev/fuse
  cat >"$T/silent.py" <<'PY'
import ctypes, os, struct, sys
fuse = os.open("/dev/fuse", os.O_RDWR)
for procs in sys.argv[3:]:  # which let nobody open the device
    open(procs, "w").write("0")
libc = ctypes.CDLL(None, use_errno=True)
there = os.open("/proc/%s/ns/mnt" % sys.argv[1], os.O_RDONLY)
told = open(sys.argv[2], "w")
if libc.setns(there, 0x20000) != 0:
    sys.exit("setns")
options = b"fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other" % fuse
if libc.mount(b"silent", b"/etc", b"fuse", 0, options) != 0:
    print("no", file=told, flush=True)
    sys.exit("mount")
request = os.read(fuse, 1 << 17)
unique = struct.unpack_from("<IIQ", request)[2]
init = struct.pack("<IIIIHHIIHHI", 7, 31, 4096, 0, 12, 10, 4096, 1, 1, 0, 0) + bytes(28)
os.write(fuse, struct.pack("<IiQ", 16 + len(init), 0, unique) + init)
print("mounted", file=told, flush=True)
while True:  # the first request that is not answered
    os.read(fuse, 1 << 17)
    print("asked", file=told, flush=True)
PY
  mkfifo "$T/silent"
  exec 8<>"$T/silent"
  local procs all=()
  for procs in "${CGROUP_ROOTS[@]/%//$TEST_PREFIX/$C-bundle/cgroup.procs}"; do
    [ ! -e "$procs" ] || all+=("$procs")
  done
  helper "$PYTHON" "$T/silent.py" "$INIT" "$T/silent" "${all[@]}"
  read -r -t 10 -u 8 LINE || fail 'the file system is not mounted'
  [ "$LINE" = mounted ] || skip 'the kernel refuses to mount a FUSE'
}

silent_file_system_on_etc_keeps_nobody_out() {
  spec own 'exec waits for it; update, delete --force and a signal do not, and pause has a limit'
  requires_sampan
  requires_python
  requires_pause
  bundle -p 'sleep 1000'
  create
  start
  _mount_silent_etc
  _background exec "$C" /bin/true
  local exec=$HELPER
  read -r -t 10 -u 8 LINE || fail 'nobody asks the file system'
  case $1 in
    pause) refuses pause "$C"; has "$ERR" 'freezing the cgroup' 'the error of pause' ;;
    update) does update --pids-limit 77 "$C" ;;
    signal) kill -TERM "$exec"; _ends_by "$exec" TERM ;;
    delete) ;;
  esac
  status_is running
  does delete --force "$C"
  await_gone "$exec"
}
cases silent_file_system_on_etc_keeps_nobody_out pause update signal delete

# An overlay on /etc of the container, whose lower layer is a file system that does not answer when it is asked
# for a name. The mounts of the container only show the overlay.
_mount_overlay_of_silence() {
  requires_python
  requires_kernel_file /dev/fuse
  cat >"$T/below.py" <<'PY'
import ctypes, os, struct, sys
init, folder, fifo = sys.argv[1:]
told = open(fifo, "w")
fuse = os.open("/dev/fuse", os.O_RDWR)
libc = ctypes.CDLL(None, use_errno=True)
below, empty, over = (folder + name for name in ("/below", "/empty", "/over"))
for made in below, empty, over:
    os.mkdir(made)

def mount(kind, place, options):
    if libc.mount(b"silent", place.encode(), kind, 0, options.encode()) != 0:
        print("no", file=told, flush=True)
        os._exit(1)

def make_mounts():
    mount(b"fuse", below, "fd=%d,rootmode=40000,user_id=0,group_id=0,allow_other" % fuse)
    os.write(ready, b"!")
    mount(b"overlay", over, "lowerdir=%s:%s" % (below, empty))
    tree = libc.syscall(428, -100, over.encode(), 1)  # open_tree, a clone
    for place in over, below:
        libc.umount2(place.encode(), 2)
    libc.setns(os.open("/proc/%s/ns/mnt" % init, os.O_RDONLY), 0x20000)
    moved = libc.syscall(429, tree, b"", -100, b"/etc", 4)  # move_mount, of a descriptor
    print("mounted" if moved == 0 else "no", file=told, flush=True)

begin, ready = os.pipe()
if os.fork() == 0:
    make_mounts()
    os._exit(0)
os.close(ready)
os.read(begin, 1)
INIT, STATFS, GETATTR, LOOKUP = 26, 17, 3, 1
answers = {INIT: struct.pack("<IIIIHHIIHHI", 7, 31, 4096, 0, 12, 10, 4096, 1, 1, 0, 0) + bytes(28),
           STATFS: struct.pack("<5Q4I", 0, 0, 0, 0, 0, 4096, 255, 4096, 0) + bytes(24),
           GETATTR: struct.pack("<QII6Q10I", 1000, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0o40755, 2, 0, 0, 0, 4096, 0)}
while True:
    operation, unique = struct.unpack_from("<IQ", os.read(fuse, 1 << 17), 4)
    if operation == LOOKUP:
        print("asked", file=told, flush=True)
    elif operation in answers:
        os.write(fuse, struct.pack("<IiQ", 16 + len(answers[operation]), 0, unique) + answers[operation])
    else:
        os.write(fuse, struct.pack("<IiQ", 16, -38, unique))  # ENOSYS
PY
  mkfifo "$T/below.said"
  exec 8<>"$T/below.said"
  helper "$PYTHON" "$T/below.py" "$INIT" "$T" "$T/below.said"
  read -r -t 10 -u 8 LINE || fail 'the overlay is not mounted'
  [ "$LINE" = mounted ] || skip 'the kernel refuses an overlay of a FUSE'
}

signal_ends_a_look_that_waits_for_a_hidden_file_system() {
  spec own 'inspect and diff that a file system of the container keeps waiting end with a signal, also if its mounts do not show it'
  requires_sampan
  bundle -p 'sleep 1000' '.linux.maskedPaths = ["/etc/passwd"]'
  create
  start
  _mount_overlay_of_silence
  local server=$HELPER
  _background "$1" "$C"
  local looks=$HELPER
  read -r -t 10 -u 8 LINE || fail 'nobody asks the file system'
  kill -TERM "$looks"
  await '[[ ! -e /proc/$looks/stat || $(<"/proc/$looks/stat") == *") Z "* ]]' 2>/dev/null
  _ends_by "$looks" TERM
  kill -KILL "$server"
}
cases signal_ends_a_look_that_waits_for_a_hidden_file_system inspect diff

manager_that_does_not_read_keeps_no_signal_from_run() {
  spec own 'a container that says more than its service manager reads waits, and run does not'
  requires_sampan
  requires_python
  cat >"$T/deaf.py" <<'PY'
import os, socket, sys, time
manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
manager.bind(sys.argv[1])
os.read(os.open(sys.argv[2], os.O_RDONLY), 1)
PY
  mkfifo "$T/end"
  helper "$PYTHON" "$T/deaf.py" "$T/manager" "$T/end"
  await '[ -S "$T/manager" ]'
  export NOTIFY_SOCKET=$T/manager
  bundle -p 'trap "exit 9" TERM; echo up >/fifo; while :; do sleep 0.05; done'
  _background run --bundle "$B" --pid-file "$T/pid" "$C"
  local run=$HELPER
  await_line "$B/rootfs/fifo"
  # More than the manager's queue holds, until the container's own queue is full.
  "$PYTHON" - "/proc/$(<"$T/pid")/root/run/notify/notify.sock" <<'PY' || fail 'nothing can be sent'
import os, select, socket, sys
sender = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
sender.setblocking(False)
folder = os.open(os.path.dirname(sys.argv[1]), os.O_PATH)
os.fchdir(folder)
sender.connect(os.path.basename(sys.argv[1]))
while select.select([], [sender], [], 1)[1]:
    sender.send(b"STATUS=busy")
PY
  kill -TERM "$run"
  wait "$run"
  is "$?" 9 'exit code'
}
