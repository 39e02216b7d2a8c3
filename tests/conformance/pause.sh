# Pausing and resuming: the status `paused`, which sampan, runc and crun have beyond the specification.
# shellcheck shell=bash

# A program that answers each line that it gets.
_echo() { bundle -p 'mkfifo /in && echo ready >/fifo; while read -r line </in; do echo "$line" >/fifo; done'; }
_asked() { printf '%s\n' "$1" 1<>"$B/rootfs/in"; }
# Whether all processes of the container are frozen, according to the kernel.
_frozen() {
  local file
  for file in /sys/fs/cgroup{,/unified}/"$TEST_PREFIX/$C-bundle/cgroup.events"; do
    [ ! -e "$file" ] || ! grep -q '^frozen 1' "$file" || return 0
  done
  file=/sys/fs/cgroup/freezer/$TEST_PREFIX/$C-bundle/freezer.state
  [ -e "$file" ] && [ "$(<"$file")" = FROZEN ]
}

paused_container_does_nothing_until_it_is_resumed() {
  spec client 'pause freezes the processes of the container, resume lets them go on'
  requires_pause
  _echo
  create
  start
  await_line "$B/rootfs/fifo"
  does pause "$C"
  _frozen || fail 'not frozen'
  status_is paused
  exec 7<>"$B/rootfs/in" 8<>"$B/rootfs/fifo"
  echo hello >&7
  ! read -r -t 0.2 -u 8 LINE || fail "the container answers: $LINE"
  does resume "$C"
  read -r -t 10 -u 8 LINE || fail 'no answer after resume'
  is "$LINE" hello answer
  status_is running
}

pause_freezes_processes_of_child_cgroups_too() {
  spec client 'pause freezes every process of the container'
  requires_pause
  bundle -p 'sleep 100 & echo $! >/fifo; wait' 'del(.linux.namespaces[] | select(.type == "pid"))'
  create
  start
  await_line "$B/rootfs/fifo"
  local dir made=0
  # In the hierarchy that freezes, whichever that is.
  for dir in /sys/fs/cgroup{,/unified,/freezer}/"$TEST_PREFIX/$C-bundle"; do
    [ -e "$dir/cgroup.procs" ] || continue
    mkdir "$dir/child" || fail 'no child cgroup'
    echo "$INIT" >"$dir/child/cgroup.procs" || fail 'cannot move'
    made=1
  done
  [ $made = 1 ] || fail 'no cgroup of the container'
  does pause "$C"
  _frozen || fail 'not frozen'
  does delete --force "$C"
}

created_container_can_be_paused() {
  spec client 'a created container can be paused, and is created again when it is resumed'
  requires_pause
  container_that_is created
  does pause "$C"
  status_is paused
  refuses start "$C"
  status_is paused
  does resume "$C"
  status_is created
  start
  status_is running
}

pause_is_refused() {
  spec client 'only what is created or running can be paused'
  requires_pause
  container_that_is "$1"
  refuses pause "$C"
  status_is "$1"
}
cases pause_is_refused stopped paused

pause_of_a_paused_container_changes_nothing() {
  spec own 'what is refused has no effect'
  requires_sampan
  container_that_is paused
  refuses pause "$C"
  has "$ERR" 'cannot pause a container that is paused' message
  does resume "$C"
  status_is running
}

resume_is_refused() {
  spec client 'only what is paused can be resumed'
  requires_pause
  container_that_is "$1"
  refuses resume "$C"
  status_is "$1"
}
cases resume_is_refused created running stopped

pause_and_resume_of_no_container_are_errors() {
  spec runtime.md#operations 'an operation on a container that does not exist, or without an ID, is an error'
  requires_pause
  refuses "$1" no-such-container
  refuses "$1"
}
cases pause_and_resume_of_no_container_are_errors pause resume

list_shows_a_paused_container() {
  spec client 'list --format json has the status of each container'
  requires_pause
  container_that_is paused
  does list --format json
  is "$(jq -r '.[].status' <<<"$OUT")" paused status
}

signal_reaches_a_paused_container_when_it_is_resumed() {
  spec client 'kill of a paused container is accepted; the signal is delivered when it is resumed'
  requires_pause
  bundle -p 'trap "echo got it >/fifo; exit" USR1; echo ready >/fifo; while :; do sleep 100 & wait; done'
  create
  start
  await_line "$B/rootfs/fifo"
  does pause "$C"
  does kill "$C" USR1
  status_is paused
  exec 8<>"$B/rootfs/fifo"
  ! read -r -t 0.2 -u 8 LINE || fail "the container answers: $LINE"
  does resume "$C"
  read -r -t 10 -u 8 LINE || fail 'no signal came'
  is "$LINE" 'got it' answer
}

sigkill_ends_a_paused_container_at_once() {
  spec client 'SIGKILL does not wait for resume'
  requires_pause
  container_that_is paused
  does kill "$C" KILL
  await_stopped
  status_is stopped
  does delete "$C"
}

kill_all_of_a_paused_container_keeps_it_paused() {
  spec own 'a signal to all processes is delivered on resume, too'
  requires_sampan
  container_that_is paused
  does kill --all "$C" USR1
  status_is paused
}

delete_by_force_ends_a_paused_container() {
  spec client 'delete --force works in any status'
  requires_pause
  container_that_is paused
  does delete --force "$C"
  await_gone "$INIT"
  status_is none
}

container_without_a_cgroup_cannot_be_paused() {
  spec own 'an error tells why there is nothing to freeze'
  requires_sampan
  bundle -p 'sleep 100'
  RUNTIME="$RUNTIME --cgroup-manager disabled" create
  refuses pause "$C"
  has "$ERR" 'no cgroup that can be frozen' message
  status_is created
}

pause_by_the_freezer_of_cgroup_v1() {
  spec own 'where cgroup v2 is not mounted, the freezer of cgroup v1 is used'
  requires_sampan
  requires_cgroup 1
  requires_freezer
  script "$T/v1" 'umount /sys/fs/cgroup/unified 2>/dev/null; exec "$@"'
  RUNTIME="unshare --mount $T/v1 $RUNTIME" container_that_is paused
  is "$(<"/sys/fs/cgroup/freezer/$TEST_PREFIX/$C-bundle/freezer.state")" FROZEN freezer.state
  case $1 in
    resume) does resume "$C"; status_is running ;;
    kill) does kill "$C" KILL; await_stopped ;;
    delete) does delete --force "$C"; await_gone "$INIT" ;;
  esac
}
cases pause_by_the_freezer_of_cgroup_v1 resume kill delete

resume_does_not_wait_for_an_operation_that_waits_for_the_container() {
  spec own 'resume needs nobody: what holds the lock may be waiting for it'
  requires_sampan
  requires_tool flock
  container_that_is paused
  helper flock --no-fork "$ROOT/$C" sh -c 'echo locked >"$0"; exec sleep 100' "$B/rootfs/fifo"
  await_line "$B/rootfs/fifo"
  does resume "$C"
  status_is running
}

# Until $1, a process, has ended.
_resume_until_it_has_ended() {
  while [ -e "/proc/$1/exe" ]; do rt resume "$C" || true; done
}

pause_and_resume_may_meet() {
  spec own 'one comes after the other: neither fails for the other, nor waits for what will not be'
  requires_sampan
  requires_pause
  # Freezing all of them takes some time.
  bundle -p 'i=0; while [ $i -lt 60 ]; do while :; do :; done & i=$((i + 1)); done; echo ready >/fifo; wait'
  create
  start
  await_line "$B/rootfs/fifo"
  local i
  for ((i = 0; i < ${ATTACK_ROUNDS:-20}; i++)); do
    # shellcheck disable=SC2086
    $RUNTIME --root "$ROOT" pause "$C" 2>"$T/pause.err" &
    _resume_until_it_has_ended $!
    wait $! || fail "pause fails: $(<"$T/pause.err")"
    rt resume "$C" || true
    status_is running
  done
}
