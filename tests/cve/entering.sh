# Containers that attack whatever enters them: they take the sockets of the processes that appear, and say there
# what the runtime would like to hear. Races: ATTACK_ROUNDS is how often each is tried.
# shellcheck shell=bash disable=SC2016,SC2086,SC2119,SC2120,SC2153

PTRACE='.process.capabilities |= map_values(. + ["CAP_SYS_PTRACE"])'
# The capabilities that Docker gives.
DEFAULT_CAPS='.process.capabilities |= map_values(["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD",
  "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID", "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT",
  "CAP_KILL", "CAP_AUDIT_WRITE"]) | .process.noNewPrivileges = false'

# A running container whose program is hostile.cc with the arguments before "--"; the rest is for bundle.
_hostile() {
  local words=() program=${RUNTIME%% *} json
  while [ "${1:---}" != -- ]; do words+=("$1"); shift; done
  shift
  program=${program%/src/cli/sampan}/tests/cve/hostile
  [ -x "$program" ] || skip 'hostile is not built beside the runtime'
  json=$(printf '%s\n' /hostile "${words[@]}" | jq -R . | jq -cs .)
  bundle ".process.args = $json" "$@"
  cp "$program" "$B/rootfs/hostile"
  create
  start
  await_line "$B/rootfs/fifo"
}
# A process of the host that belongs to no container: CANARY.
_canary() { helper sleep 1000; CANARY=$HELPER; }
_canary_lives() {
  kill -0 "$CANARY" 2>/dev/null || fail 'a process of the host was killed'
  is "$(_limit_of "$CANARY")" "$LIMIT" 'the limit of open files of a process of the host'
}
_limit_of() { grep '^Max open files' "/proc/$1/limits"; }
# Each exec ends, whatever the container says, and its pid file never contains another process.
_execs_under_attack() {
  local i
  LIMIT=$(_limit_of "$CANARY")
  for ((i = 0; i < ATTACK_ROUNDS; i++)); do
    RUNTIME="timeout -s KILL 20 $RUNTIME" rt exec --detach --pid-file "$T/exec.pid" "$@" "$C" /bin/true
    isnt "$RC" 137 'exec does not end: its exit code'
    ! _crashed || fail 'exec crashes'
    [ ! -e "$T/exec.pid" ] || isnt "$(<"$T/exec.pid")" "$CANARY" 'the pid file'
    rm -f "$T/exec.pid"
    _canary_lives
  done
}
_was_attacked() { [ -s "$B/rootfs/taken" ] || fail 'the container could take no socket: there was no attack'; }

forged_pid_of_a_container_that_may_trace() {
  spec own 'who the process of exec is comes from the kernel, not from the container (CVE-2016-9962)'
  requires_sampan
  _canary
  _hostile ready "$CANARY" -- "$PTRACE"
  _execs_under_attack
  _was_attacked
}

forged_pid_of_a_container_in_a_user_namespace_of_its_own_making() {
  spec own 'a container with few capabilities gets no rights over what enters it by a user namespace of its own'
  requires_sampan
  requires_userns
  _canary
  _hostile nested ready "$CANARY" -- "$DEFAULT_CAPS"
  _execs_under_attack
  is_absent "$B/rootfs/taken" 'sockets that the container took'
  does exec "$C" /bin/true
}

# In the pid namespace of a pod, each container sees the first process of the next one.
forged_pid_of_a_neighbour() {
  spec own 'who the first process of a container is comes from the kernel, not from its neighbours'
  requires_sampan
  local i pod=$C pid
  _canary
  LIMIT=$(_limit_of "$CANARY")
  _hostile ready "$CANARY" -- "$PTRACE"
  pid=$INIT
  bundle -n guest "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$pid/ns/pid\""
  for ((i = 0; i < ATTACK_ROUNDS; i++)); do
    RUNTIME="timeout -s KILL 20 $RUNTIME" rt create --bundle "$B" --pid-file "$T/guest.pid" "$pod-guest"
    isnt "$RC" 137 'create does not end: its exit code'
    ! _crashed || fail 'create crashes'
    [ ! -e "$T/guest.pid" ] || isnt "$(<"$T/guest.pid")" "$CANARY" 'the pid file'
    rm -f "$T/guest.pid"
    does delete --force "$pod-guest"
    _canary_lives
  done
}

forged_sizes() {
  spec own 'a message that claims another size than it has is refused'
  requires_sampan
  _canary
  _hostile sizes -- "$PTRACE"
  _execs_under_attack
  _was_attacked
}

# A container that takes the word that lets the process go on, and keeps the socket, delays nobody else.
stolen_word_keeps_nobody_waiting() {
  spec own 'whatever the container does to what enters it, others can pause and delete it'
  requires_sampan
  requires_pause
  _hostile hold -- "$PTRACE"
  local i
  for ((i = 0; i < ATTACK_ROUNDS && i < 20; i++)); do
    helper $RUNTIME --root "$ROOT" exec "$C" /bin/true
  done
  await '[ -s "$B/rootfs/taken" ]'
  does pause "$C"
  does resume "$C"
  does delete --force "$C"
  for i in "${HELPERS[@]}"; do await_gone "$i"; done
}

forged_listener() {
  spec own 'an agent gets the descriptor of a seccomp filter, or none'
  requires_sampan
  requires_python
  cat >"$T/agent.py" <<'PY'
import array, os, socket, sys
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(sys.argv[1] + "/agent")
listener.listen(64)
open(sys.argv[1] + "/listening", "w").close()
while True:
    connection, _ = listener.accept()
    for _, kind, data in connection.recvmsg(65536, 65536)[1]:
        for fd in array.array("i", data[:len(data) // 4 * 4]):
            with open(sys.argv[1] + "/got", "a") as got:
                got.write(os.readlink("/proc/self/fd/%d" % fd) + "\n")
            os.close(fd)
    connection.close()
PY
  helper "$PYTHON" "$T/agent.py" "$T"
  await '[ -e "$T/listening" ]'
  _canary
  # A filter that notifies of a call that nobody here makes.
  _hostile listener -- "$PTRACE" '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerPath: ($T + "/agent"),
    syscalls: [{names: ["acct"], action: "SCMP_ACT_NOTIFY"}]}'
  _execs_under_attack
  _was_attacked
  is "$(sort -u "$T/got")" 'anon_inode:seccomp notify' 'what the agent got'
}

# ---- containers that have moved -----------------------------------------------------------------------------

_flag() { case $1 in user) echo 0x10000000 ;; mnt) echo 0x20000 ;; net) echo 0x40000000 ;; uts) echo 0x4000000 ;; esac; }
_namespace() { readlink "/proc/$1/ns/$2"; }
_program_of_exec() {
  does exec --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  PROGRAM=$(<"$T/exec.pid")
}

exec_does_not_follow_into_a_user_namespace() {
  spec own 'exec joins the user namespace of create, whatever the container has made since'
  requires_sampan
  requires_userns
  case $1 in
    none) _hostile unshare "$(_flag user)" -- ;;
    own) _hostile unshare "$(_flag user)" -- "$USERNS" ;;
  esac
  isnt "$(_namespace "$INIT" user)" "$(_namespace self user)" 'the user namespace of its program'
  does exec "$C" /bin/cat /proc/self/uid_map
  case $1 in
    none) is "$(tr -s ' ' <<<"$OUT")" ' 0 0 4294967295' 'the ids that exec has' ;;
    own) is "$(tr -s ' ' <<<"$OUT")" ' 0 100000 65536' 'the ids that exec has' ;;
  esac
}
cases exec_does_not_follow_into_a_user_namespace none own

exec_follows_into_another_namespace_of_the_types_of_config_json() {
  spec client 'exec joins the namespaces in which the container is, as runc does'
  requires_sampan
  _hostile unshare "$(_flag uts)" -- "$ALL_CAPS"
  _program_of_exec
  is "$(_namespace "$PROGRAM" uts)" "$(_namespace "$INIT" uts)" 'the uts namespace of exec'
}

exec_joins_no_namespace_of_another_type() {
  spec own 'exec joins namespaces of the types that config.json has, and no others'
  requires_sampan
  _hostile unshare "$(_flag net)" -- "$ALL_CAPS" '.linux.namespaces |= map(select(.type != "network"))'
  isnt "$(_namespace "$INIT" net)" "$(_namespace self net)" 'the network namespace of its program'
  _program_of_exec
  is "$(_namespace "$PROGRAM" net)" "$(_namespace self net)" 'the network namespace of exec'
}

exec_enters_a_container_of_an_earlier_sampan() {
  spec own 'a record without the identities of namespaces is good enough'
  requires_sampan
  requires_userns
  bundle -p 'sleep 1000' "$USERNS"
  create
  start
  jq -c 'del(.namespaces)' "$ROOT/$C/state.json" >"$T/state.json"
  cp "$T/state.json" "$ROOT/$C/state.json"
  _program_of_exec
  local type
  for type in user mnt net ipc uts pid; do
    is "$(_namespace "$PROGRAM" $type)" "$(_namespace "$INIT" $type)" "the $type namespace of exec"
  done
}
