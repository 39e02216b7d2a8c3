# The state of a container, as `state` prints it (runtime.md#state).
# shellcheck shell=bash

_json() { RESULT=$(jq -r "$1" "$T/out" 2>"$T/jq.err") || fail "state is not JSON: $(<"$T/jq.err")"; }

state_is_json_with_the_required_members() {
  spec runtime.md#state 'ociVersion, id, status and bundle are required, pid while created or running'
  container_that_is created
  does state "$C"
  _json '[.ociVersion, .id, .status, .bundle] | map(type == "string" and length > 0) | all'
  is "$RESULT" true 'the required strings are there'
  _json '.pid | type'
  is "$RESULT" number 'type of pid'
  _json .id
  is "$RESULT" "$C" 'id'
}

state_names_a_version_of_the_specification() {
  spec runtime.md#state 'ociVersion is the version of the specification with which the state complies'
  container_that_is created
  does state "$C"
  _json .ociVersion
  matches "$RESULT" '^1\.[0-9]+\.[0-9]+' ociVersion
}

state_has_the_absolute_path_of_the_bundle() {
  spec runtime.md#state "bundle is the absolute path to the container's bundle directory"
  container_that_is created
  does state "$C"
  _json .bundle
  is "$RESULT" "$B" bundle
}

pid_is_the_container_process_as_the_caller_sees_it() {
  spec runtime.md#state 'pid is the ID of the container process'
  bundle '.process.args = ["/bin/sleep", "4321"]'
  create
  start
  state_of
  is "$(tr '\0' ' ' <"/proc/$PID/cmdline")" '/bin/sleep 4321 ' 'command line of the pid'
}

pid_is_the_same_while_created_and_running() {
  spec runtime.md#state 'pid is the ID of the container process'
  bundle -p 'sleep 100'
  create
  state_of
  local before=$PID
  is "$before" "$INIT" 'pid and the pid file'
  start
  state_of
  is "$PID" "$before" 'pid after start'
}

pid_of_a_stopped_container_is_not_shown() {
  spec client 'pid is 0 or absent once the container is stopped, never the old one'
  container_that_is stopped
  state_of
  is "${PID:-0}" 0 pid
}

status_of_a_zombie_is_stopped() {
  spec runtime.md#state 'stopped: the container process has exited'
  requires_python
  bundle -p 'sleep 100'
  # A parent that adopts the container process and does not reap it.
  cat >"$T/parent.py" <<'PY'
import ctypes, subprocess, sys, os
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
code = subprocess.call(sys.argv[2:], stdin=subprocess.DEVNULL)
with open(sys.argv[1], "w") as fifo:
    fifo.write("%d\n" % code)
open(sys.argv[1] + ".end").read()
PY
  mkfifo "$T/fifo" "$T/fifo.end"
  # shellcheck disable=SC2086
  helper "$PYTHON" "$T/parent.py" "$T/fifo" $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C"
  await_line "$T/fifo"
  is "$LINE" 0 'exit code of create'
  INIT=$(<"$T/pid")
  start
  does kill "$C" KILL
  await_gone "$INIT"
  [ -e "/proc/$INIT" ] || fail 'the test failed to keep a zombie'
  status_is stopped
  does delete "$C"
  kill -KILL "$HELPER"
}

recycled_pid_is_another_process() {
  spec own 'a process that got the number of an ended container is not the container'
  requires_sampan
  container_that_is running
  kill -KILL "$INIT"
  await_gone "$INIT"
  # The record of a container whose pid belongs to a process of somebody else by now.
  # Start times count in hundredths of a second, and both may begin in the same one.
  sleep 0.05
  helper sleep 100
  jq -c --argjson pid "$HELPER" '.pid = $pid' "$ROOT/$C/state.json" >"$T/edited" && mv "$T/edited" "$ROOT/$C/state.json"
  status_is stopped
  is "$PID" 0 pid
  refuses kill "$C" KILL
  has "$ERR" 'not running' 'the error of kill'
  does delete --force "$C"
  # A signal arrives at once: then it would be a zombie.
  matches "$(</proc/"$HELPER"/stat)" '\) [SR] ' 'the process of somebody else'
}

_status_in() {
  local runtime=$RUNTIME
  RUNTIME="$* $runtime" status_is running
  RUNTIME="$* $runtime" refuses delete "$C"
  matches "$(ps -o stat= -p "$INIT")" '^[SR]' 'the process of the container'
}

status_is_the_same_in_another_time_namespace() {
  spec own "the clock of the caller's time namespace does not matter"
  requires_sampan
  requires_kernel_file /proc/self/ns/time
  local there=(unshare --time --boottime 100000 --fork)
  "${there[@]}" true 2>/dev/null || skip 'no time namespace can be made'
  container_that_is running
  _status_in "${there[@]}"
  RUNTIME="${there[*]} $RUNTIME" does delete --force "$C"
  await_gone "$INIT"
  # And the other way round.
  RUNTIME="${there[*]} $RUNTIME" create
  status_is created
  start
  status_is running
}

# shellcheck disable=SC2016
status_that_cannot_be_known_is_an_error() {
  spec own 'a container whose process cannot be looked at does not pass for one that has stopped'
  requires_sampan
  local there
  case $1 in
    no-proc) script "$T/there" 'umount -l /proc; exec "$@"'; there="unshare --mount $T/there" ;;
    other-proc) there='unshare --pid --fork' ;;
    other-pids) there='unshare --pid --fork --mount-proc' ;;
    proc-of-others)
      mkdir "$T/proc"
      helper unshare --mount --propagation unchanged --pid --fork --kill-child sh -c "mount -t proc proc $T/proc; exec sleep 100"
      await '[ -e "$T/proc/1" ]'
      script "$T/there" "mount --bind $T/proc /proc; exec \"\$@\""; there="unshare --mount $T/there" ;;
  esac
  local runtime=$RUNTIME command
  container_that_is running
  for command in state delete 'kill --all' pause ps; do
    # shellcheck disable=SC2086
    RUNTIME="$there $runtime" refuses $command "$C"
    matches "$ERR" '/proc|another pid namespace' "the error of $command"
  done
  status_is running
  [ "$1" != proc-of-others ] || umount "$T/proc"
}
cases status_that_cannot_be_known_is_an_error no-proc other-proc other-pids proc-of-others

delete_by_force_works_from_another_pid_namespace() {
  spec own 'the processes are found by their cgroup then'
  requires_sampan
  container_that_is running
  local kill
  for kill in /sys/fs/cgroup{,/unified}/"$TEST_PREFIX/$C-bundle/cgroup.kill"; do [ ! -e "$kill" ] || break; done
  [ -e "$kill" ] || skip 'only cgroup v2 can end processes of another pid namespace'
  RUNTIME="unshare --pid --fork --mount-proc $RUNTIME" does delete --force "$C"
  await_gone "$INIT"
  status_is none
}

files_of_a_container_are_private() {
  spec own 'the folder of a container can be passed, its record is for the owner alone, whatever the umask'
  requires_sampan
  bundle -p 'sleep 100'
  umask "$1"
  create
  is "$(stat -c %a "$ROOT/$C/state.json")" 600 'mode of the record'
  is "$(stat -c %a "$ROOT/$C/config.json")" 600 'mode of the config.json'
  matches "$(stat -c %a "$ROOT/$C")" '^7[01][01]$' 'mode of the folder'
}
cases files_of_a_container_are_private 000 022 077

state_has_the_annotations() {
  spec runtime.md#state 'annotations contains the annotations of the container'
  bundle -p 'sleep 1' '.annotations = {"org.example.one": "1", "org.example.two": "a \"b\" \u00e4"}'
  create
  does state "$C"
  _json '.annotations["org.example.one"], .annotations["org.example.two"]'
  is "$RESULT" $'1\na "b" ä' 'annotations'
}

state_without_annotations_has_none() {
  spec runtime.md#state 'without annotations the property is absent or an empty map'
  container_that_is created
  does state "$C"
  _json '.annotations // {} | length'
  is "$RESULT" 0 'number of annotations'
}

state_writes_nothing_else_to_stdout() {
  spec client 'stdout of state is one JSON document'
  container_that_is running
  does state "$C"
  is "$(jq -s length "$T/out")" 1 'JSON documents on stdout'
  is "$ERR" '' 'stderr'
}

state_tells_when_the_container_was_created() {
  spec client 'created is a time as RFC 3339 has it (CRI-O decodes it strictly)'
  container_that_is created
  does state "$C"
  _json .created
  matches "$RESULT" '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}(\.[0-9]+)?(Z|[+-][0-9:]{5})$' created
  [ "$RUNTIME_NAME" = sampan ] || return 0
  _json '.rootfs, (.owner | type)'
  is "$RESULT" "$B/rootfs"$'\nstring' 'rootfs, and type of owner'
}

state_of_an_unknown_container_says_that_it_does_not_exist() {
  spec client 'the error says "does not exist" (containerd, CRI-O)'
  refuses state no-such-container
  has "$ERR" 'does not exist' 'the error'
}

list_shows_the_containers() {
  spec client 'list -q prints IDs, list -f json an array of states'
  container_that_is running
  does list -q
  is "$OUT" "$C" 'list -q'
  does list --format json
  _json '.[] | [.id, .status, .pid] | join(" ")'
  is "$RESULT" "$C running $INIT" 'list --format json'
  does list
  matches "$OUT" '^ID +PID +STATUS +BUNDLE +CREATED +OWNER' 'first line of list'
  has "$OUT" "$B" 'list'
}

list_of_nothing_is_empty() {
  spec client 'list works when there is no container'
  mkdir -p "$ROOT"
  does list -q
  is "$OUT" '' 'list -q'
  does list --format json
  _json '(. // []) | length'
  is "$RESULT" 0 'containers in list --format json'
}

state_survives_an_exchange_of_the_bundle() {
  spec runtime.md#state 'the state does not depend on the bundle after create'
  container_that_is running
  mv "$B" "$B.away"
  status_is running
  mv "$B.away" "$B"
}
