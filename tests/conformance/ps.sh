# The processes of a container, as engines ask for them (docker top, podman top, containerd's Pids).
# shellcheck shell=bash

_two_processes() {
  bundle -p 'sleep 100 & echo ready >/fifo; wait'
  create
  start
  await_line "$B/rootfs/fifo"
}
# The processes of the cgroup according to the kernel, as pids separated by blanks.
_pids() { requires_controller pids; sort -n "$CGROUP/cgroup.procs" | tr '\n' ' '; }

ps_lists_the_processes_as_json() {
  spec client 'ps --format json is an array of the pids that the caller sees'
  requires_controller pids
  _two_processes
  does ps --format json "$C"
  is "$(jq -r 'sort | .[]' <<<"$OUT" | tr '\n' ' ')" "$(_pids)" pids
  is "$(jq length <<<"$OUT")" 2 'number of processes'
  has_word "$(jq -r 'join(",")' <<<"$OUT")" "$INIT" pids
}

ps_lists_a_container_in_its_status() {
  spec client 'ps works in every status'
  requires_controller pids
  container_that_is "$1"
  does ps --format json "$C"
  is "$(jq -c . <<<"$OUT")" "[$INIT]" pids
}
cases ps_lists_a_container_in_its_status created running paused

ps_of_a_stopped_container_is_an_empty_list() {
  spec client 'a stopped container has no processes: that is an answer, and no error'
  container_that_is stopped
  does ps --format json "$C"
  is "$(jq -c 'length' <<<"$OUT")" 0 'number of processes'
  [ "$RUNTIME_NAME" = sampan ] || return 0
  requires_tool ps
  does ps "$C"
  is "$(wc -l <<<"$OUT")" 1 'lines: the titles alone'
}

ps_prints_a_table() {
  spec client 'ps prints what ps -ef prints, cut to the processes of the container'
  requires_tool ps
  requires_controller pids
  _two_processes
  does ps "$C"
  is "$(head -n 1 <<<"$OUT")" "$(ps -ef | head -n 1)" header
  is "$(awk 'NR > 1 { print $2 }' <<<"$OUT" | sort -n | tr '\n' ' ')" "$(_pids)" pids
}

ps_takes_options_of_ps() {
  spec client 'what follows the ID are options for ps'
  requires_tool ps
  requires_controller pids
  _two_processes
  case $1 in
    plain) does ps "$C" ax ;;
    dash) does ps "$C" -e -o pid,comm ;;
    separated) [ "$RUNTIME_NAME" = sampan ] || skip "it hands -- on to ps"
      does ps "$C" -- -e -o pid,comm ;;
  esac
  matches "$(head -n 1 <<<"$OUT")" '^ *PID ' header
  is "$(awk 'NR > 1 { print $1 }' <<<"$OUT" | sort -n | tr '\n' ' ')" "$(_pids)" pids
}
cases ps_takes_options_of_ps plain dash separated

ps_without_a_column_of_pids_is_an_error() {
  spec own 'lines without pids cannot be told from those of other containers'
  requires_sampan
  requires_tool ps
  container_that_is running
  refuses ps "$C" -- -e -o comm
  has "$ERR" 'no column PID' message
  refuses ps "$C" -- --no-such-option
  has "$ERR" 'ps exited with 1' message
}

ps_has_the_processes_of_child_cgroups_too() {
  spec client 'processes of cgroups that the container made are its own'
  requires_controller pids
  _two_processes
  mkdir "$CGROUP/child" || fail 'no child cgroup'
  echo "$INIT" >"$CGROUP/child/cgroup.procs" || fail 'cannot move'
  does ps --format json "$C"
  is "$(jq length <<<"$OUT")" 2 'number of processes'
  does delete --force "$C"
}

ps_with_bad_arguments_is_an_error() {
  spec runtime.md#operations 'an operation on a container that does not exist is an error'
  case $1 in
    unknown) refuses ps no-such-container ;;
    format) container_that_is running; refuses ps --format yaml "$C" ;;
  esac
}
cases ps_with_bad_arguments_is_an_error unknown format

container_without_a_cgroup_cannot_be_listed() {
  spec own 'an error tells that nothing would list them'
  requires_sampan
  bundle -p 'sleep 100'
  RUNTIME="$RUNTIME --cgroup-manager disabled" create
  refuses ps --format json "$C"
  has "$ERR" 'the container has no cgroup of its own' message
}
