# Annotations that change what is done, and the socket for a pidfd: what runc's and crun's callers depend on.
# shellcheck shell=bash

# Listens on $T/pidfds. What comes is described in $T/received, a line for each: how many descriptors, whether
# it is a pidfd, its pid, and how long the message is. The first of them is sent SIGKILL when $T/kill is there.
_pidfd_receiver() {
  requires_python
  cat >"$T/receiver.py" <<'PY'
import array, os, signal, socket, sys, time
folder = sys.argv[1]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(folder + "/pidfds")
listener.listen(4)
open(folder + "/listening", "w").write("ready\n")
while True:
    connection, _ = listener.accept()
    data, ancillary, _, _ = connection.recvmsg(4096, socket.CMSG_LEN(16))
    fds = array.array("i")
    for level, kind, content in ancillary:
        fds.frombytes(content[: len(content) // 4 * 4])
    pid = [line.split()[1] for line in open("/proc/self/fdinfo/%d" % fds[0]) if line.startswith("Pid:")]
    with open(folder + "/received", "a") as file:
        file.write("fds=%d pid=%s data=%s\n" % (len(fds), "".join(pid), len(data) > 0))
    if os.path.exists(folder + "/kill"):
        signal.pidfd_send_signal(fds[0], signal.SIGKILL)
PY
  mkfifo "$T/listening"
  helper "$PYTHON" "$T/receiver.py" "$T"
  await_line "$T/listening"
}

pidfd_of_init_is_sent_by_create() {
  spec client 'create --pidfd-socket PATH: one message with the pidfd of the first process'
  _pidfd_receiver
  bundle -p 'sleep 100'
  rt create --bundle "$B" --pid-file "$T/pid" --pidfd-socket "$T/pidfds" "$C" || lacks_support --pidfd-socket
  await "[ -s $T/received ]"
  is "$(<"$T/received")" "fds=1 pid=$(<"$T/pid") data=True" 'what came over the socket'
}

pidfd_of_run_ends_the_container() {
  spec client 'run --pidfd-socket PATH: a signal to the pidfd reaches the first process'
  _pidfd_receiver
  : >"$T/kill"
  bundle -p 'sleep 100'
  rt run --bundle "$B" --pidfd-socket "$T/pidfds" "$C"
  case $ERR in *pidfd-socket*) lacks_support --pidfd-socket ;; esac
  isnt "$RC" 0 'the exit code of a container that was killed'
  exists "$T/received" 'what came over the socket'
}

pidfd_of_an_exec_is_sent() {
  spec client 'exec --pidfd-socket PATH: one message with the pidfd of the process'
  _pidfd_receiver
  bundle -p 'sleep 100'
  create
  start
  rt exec -d --pid-file "$T/exec.pid" --pidfd-socket "$T/pidfds" "$C" sleep 100 || lacks_support --pidfd-socket
  await "[ -s $T/received ]"
  is "$(<"$T/received")" "fds=1 pid=$(<"$T/exec.pid") data=True" 'what came over the socket'
}

pidfd_receiver_that_is_gone_makes_create_fail() {
  spec own 'a socket that is not there, or to which nobody listens, is an error that names it; nothing is left'
  requires_sampan
  bundle
  refuses create --bundle "$B" --pidfd-socket "$T/none" "$C"
  has "$ERR" "$T/none" 'the error'
  has "$ERR" 'the receiver of the pidfd' 'the error'
  edit ".annotations = {\"run.oci.pidfd_receiver\": \"$T/nobody\"}"
  refuses create --bundle "$B" "$C"
  has "$ERR" "$T/nobody" 'the error'
  has "$ERR" 'run.oci.pidfd_receiver' 'the place of the error'
  is_absent "$ROOT/$C" 'the folder of the container'
}

pidfd_receiver_that_takes_nothing_can_be_left() {
  spec own 'a signal ends a create whose receiver takes no connection, and undoes it'
  requires_sampan
  requires_python
  mkfifo "$T/full"
  # The queue of a listener is full with one more than it asks for.
  helper "$PYTHON" -c '
import socket, sys, time
path = sys.argv[1] + "/pidfds"
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(path)
listener.listen(0)
clients = []
try:
    while True:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        client.setblocking(False)
        client.connect(path)
        clients.append(client)
except BlockingIOError:
    open(sys.argv[1] + "/full", "w").write("full\n")
time.sleep(1000)' "$T"
  await_line "$T/full"
  bundle
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" create --bundle "$B" --pidfd-socket "$T/pidfds" "$C"
  await 'grep -qs "\"ready\":true" "$ROOT/$C/state.json"'
  kill -TERM "$HELPER"
  await_gone "$HELPER"
  is_absent "$ROOT/$C" 'the folder of the container'
}

annotation_pidfd_receiver() {
  spec client 'run.oci.pidfd_receiver: the socket that gets the pidfd of the first process'
  [ "$RUNTIME_NAME" != runc ] || skip "runc has no such annotation"
  _pidfd_receiver
  bundle -p 'sleep 100' ".annotations = {\"run.oci.pidfd_receiver\": \"$T/pidfds\"}"
  create
  await "[ -s $T/received ]"
  matches "$(<"$T/received")" '^fds=1 pid=[1-9][0-9]* data=' 'what came over the socket'
}

_groups_of_caller() {
  requires_tool setpriv
  local old=$RUNTIME
  RUNTIME="setpriv --groups 11,12 $RUNTIME"
  "$@"
  RUNTIME=$old
}

annotation_keep_original_groups() {
  spec client 'run.oci.keep_original_groups: the program has the supplementary groups of the caller'
  [ "$RUNTIME_NAME" != runc ] || skip "runc has no such annotation"
  bundle -p 'grep ^Groups /proc/self/status; sleep 100' '.process.user = {uid: 5, gid: 6, additionalGids: [7]}' \
    '.annotations = {"run.oci.keep_original_groups": "1"}'
  edit '.process.args[2] |= sub("sleep 100"; "true")'
  _groups_of_caller rt run --bundle "$B" "$C"
  matches "$OUT" $'^Groups:\t11 12 *$' 'the groups of the program'
  edit '.annotations = {"run.oci.keep_original_groups": "0"}'
  _groups_of_caller rt run --bundle "$B" "$C"
  matches "$OUT" $'^Groups:\t7 *$' 'the groups without the annotation'
}

annotation_keep_original_groups_in_exec() {
  spec own 'run.oci.keep_original_groups: a process of exec has the groups of its own caller'
  requires_sampan
  bundle -p 'sleep 100' '.annotations = {"run.oci.keep_original_groups": "1"}'
  create
  start
  _groups_of_caller does exec "$C" grep ^Groups /proc/self/status
  matches "$OUT" $'^Groups:\t11 12 *$' 'the groups of the process'
}

annotation_keep_original_groups_in_a_user_namespace() {
  spec client 'run.oci.keep_original_groups: in a user namespace, groups that are not mapped stay, and count'
  [ "$RUNTIME_NAME" != runc ] || skip "runc has no such annotation"
  requires_userns
  bundle -p 'grep ^Groups /proc/self/status' "$USERNS" '.annotations = {"run.oci.keep_original_groups": "1"}'
  chown -h 100000:100000 "$B/rootfs"
  _groups_of_caller rt run --bundle "$B" "$C"
  matches "$OUT" $'^Groups:\t65534 65534 *$' 'the groups of the program'
}

annotation_hooks_stdout_and_stderr() {
  spec client 'run.oci.hooks.stdout and .stderr: files to which the output of hooks is appended'
  [ "$RUNTIME_NAME" != runc ] || skip "runc has no such annotation"
  script "$T/hook" 'echo "out $1"; echo "err $1" >&2'
  local kind list=''
  for kind in prestart createRuntime createContainer poststart poststop; do
    list+="${list:+, }$kind: [{path: \"$T/hook\", args: [\"hook\", \"$kind\"]}]"
  done
  bundle ".hooks = {$list}" ".annotations = {\"run.oci.hooks.stdout\": \"$T/hooks.out\", \"run.oci.hooks.stderr\": \"$T/hooks.err\"}"
  echo before >"$T/hooks.out"
  does run --bundle "$B" "$C"
  has "$(<"$T/hooks.out")" before 'what was in the file'
  for kind in prestart createRuntime createContainer poststart poststop; do
    has "$(<"$T/hooks.out")" "out $kind" 'the output of hooks'
    has "$(<"$T/hooks.err")" "err $kind" 'the error output of hooks'
  done
  lacks "$(<"$T/hooks.out")" err 'the output of hooks'
}

annotation_hooks_stdout_of_start_container() {
  spec own 'run.oci.hooks.stdout: what startContainer hooks say is appended, and no file of the host is open inside'
  requires_sampan
  bundle '.hooks = {startContainer: [{path: "/bin/sh", args: ["sh", "-c", "echo inside; ls -l /proc/self/fd"]}]}' \
    ".annotations = {\"run.oci.hooks.stdout\": \"$T/hooks.out\"}"
  does run --bundle "$B" "$C"
  has "$(<"$T/hooks.out")" inside 'the output of the hook'
  lacks "$(<"$T/hooks.out")" hooks.out 'the descriptors of the hook'
  is "$(stat -c %a "$T/hooks.out")" 600 'the mode of the file'
}

annotation_hooks_stdout_that_is_gone_keeps_no_hook_from_running() {
  spec own 'run.oci.hooks.stdout: poststart and poststop hooks run even if the file cannot be opened any more'
  requires_sampan
  mkdir "$T/files"
  script "$T/hook" "echo \$1 >>$T/ran"
  bundle -p 'sleep 1000' '.hooks = {poststart: [{path: "\($T)/hook", args: ["hook", "poststart"]}],
      poststop: [{path: "\($T)/hook", args: ["hook", "poststop"]}]}' \
    ".annotations = {\"run.oci.hooks.stdout\": \"$T/files/out\"}"
  create
  rm -r "$T/files"
  start
  has "$ERR" 'the file for what hooks print' 'the warning'
  does delete --force "$C"
  has "$ERR" 'the file for what hooks print' 'the warning'
  is "$(tr '\n' ' ' <"$T/ran")" 'poststart poststop ' 'the hooks that ran'
}

annotation_hooks_stdout_is_a_regular_file() {
  spec own 'run.oci.hooks.stdout: a link, a FIFO or a device is an error, and nobody waits'
  requires_sampan
  echo precious >"$T/precious"
  ln -s "$T/precious" "$T/link"
  mkfifo "$T/fifo"
  local file
  for file in link fifo; do
    bundle -n "to-$file" '.hooks = {prestart: [{path: "/bin/echo"}]}' ".annotations = {\"run.oci.hooks.stdout\": \"$T/$file\"}"
    refuses create --bundle "$B" "$C"
    has "$ERR" "$T/$file" 'the error'
    has "$ERR" run.oci.hooks.stdout 'the place of the error'
  done
  is "$(<"$T/precious")" precious 'the file behind the link'
}

annotation_seccomp_fail_unknown_syscall() {
  spec client 'run.oci.seccomp_fail_unknown_syscall: an unknown system call in the profile is an error'
  [ "$RUNTIME_NAME" != runc ] || skip "runc has no such annotation"
  bundle '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["getcwd", "no_such_call_9"], action: "SCMP_ACT_ERRNO"}]}'
  does run --bundle "$B" "$C"
  edit '.annotations = {"run.oci.seccomp_fail_unknown_syscall": "1"}'
  refuses run --bundle "$B" "$C"
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" '/linux/seccomp/syscalls/0/names/1' 'the place of the error'
}

annotation_seccomp_receiver() {
  spec client 'run.oci.seccomp.receiver: the socket of the seccomp agent, as listenerPath has it'
  [ "$RUNTIME_NAME" != runc ] || skip "runc has no such annotation"
  requires_sampan
  bundle '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdirat"], action: "SCMP_ACT_NOTIFY"}]}'
  refuses create --bundle "$B" "$C"
  edit ".annotations = {\"run.oci.seccomp.receiver\": \"$T/agent\"}"
  refuses create --bundle "$B" "$C"
  has "$ERR" "$T/agent" 'the error: nobody listens there'
}

annotations_are_listed() {
  spec own 'features lists the annotations that change what is done'
  requires_sampan
  does features
  local name
  for name in pidfd_receiver keep_original_groups hooks.stdout hooks.stderr seccomp_fail_unknown_syscall \
    seccomp.receiver mount_context_type; do
    has "$OUT" "\"run.oci.$name\"" 'potentiallyUnsafeConfigAnnotations'
  done
}
