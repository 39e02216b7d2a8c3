# The runtime, or init, is killed at each system call that it makes, one after another. Afterwards nothing is
# left: no process, no cgroup, no file below --root; mounts are looked for after each test. That makes some
# thousand containers, so only every KILL_EVERY-th call is tried unless asked for (KILL_EVERY=1).
# shellcheck shell=bash disable=SC2153

# KILL_AT is the program kill_at of this folder.
_killed_at() {
  # shellcheck disable=SC2086
  "$KILL_AT" "$1" "$2" $RUNTIME --root "$ROOT" "${@:3}" >"$T/killed.out" 2>"$T/killed.err" </dev/null
  RC=$?
  ERR=$(<"$T/killed.err")
  [[ $ERR == *reached* ]]
}
_requires() {
  requires_sampan
  KILL_AT=${RUNTIME%% *}
  KILL_AT=${KILL_AT%/src/cli/sampan}/tests/killed/kill_at
  [ -x "$KILL_AT" ] || skip 'kill_at is not built beside the runtime'
}

_no_trace() {
  local dir
  is "$(ls "$ROOT")" '' "$1: what is left below --root"
  for dir in "${CGROUP_ROOTS[@]}"; do
    is_absent "$dir/$TEST_PREFIX/$C-bundle" "$1"
  done
  # Init notices that nobody is left, because the conversation has ended.
  await '[ -z "$(_container_processes)" ]'
  is "$(compgen -G "$T/.*.pid*")" '' "$1: temporary pid files"
  rm -f "$T"/*.pid
}
_root_of_bundle() { (cd "$B/rootfs" && find . -printf '%p %y %i %m %l\n' | sort); }
_container_processes() {
  local dir name text
  for dir in /proc/[0-9]*; do
    { name=$(<"$dir/comm") && text=$(<"$dir/stat"); } 2>/dev/null || continue
    [[ ${text##*) } == [ZX]* ]] && continue
    case $name in sampan*|sleep) echo "${dir#/proc/}:$name" ;; esac
  done
}

_delete_by_force() { rt delete --force "$C" || fail "delete --force fails after $1"; }
# gc leaves what was complete, and a folder that a create may just have made.
_collect() {
  ! compgen -G "$ROOT/*" >/dev/null || touch -d '1 hour ago' "$ROOT"/*
  rt gc || fail "gc fails after $1"
  ! grep -qs '"ready":true' "$ROOT/$C/state.json" || _delete_by_force "$1"
}

# $1 is a function that brings the container about; the rest is the command, which is killed at every call,
# from the first one until it ends by itself.
_at_every_call() {
  local prepare=$1 at state; shift
  _requires
  for ((at = 1; at < 3000; at += KILL_EVERY)); do
    $prepare
    if ! _killed_at $at self "$@"; then
      is "$RC" 0 "$1 that is not killed: $ERR"
      [ $at -gt 20 ] || fail "only $at calls"
      echo "$at calls"
      return 0
    fi
    is "$RC" 137 "$1 killed at call $at"
    rt state "$C" || has "$ERR" 'does not exist' "state after call $at of $1"
    # A command that is killed early has not made the folder of --root.
    rt list || [ ! -d "$ROOT" ] || fail "list fails after call $at of $1"
    # A container that was complete has lived: then places to mount on stay.
    ! grep -qs '"ready":true' "$ROOT/$C/state.json" || UNTOUCHED=''
    "${REMOVE:-_delete_by_force}" "call $at of $1"
    [ -z "${PREDECESSOR:-}" ] || does delete "$PREDECESSOR"
    _no_trace "call $at of $1"
    [ -z "${UNTOUCHED:-}" ] || is "$(_root_of_bundle)" "$UNTOUCHED" "the root after call $at of $1"
  done
  fail 'the command has no end'
}

_nothing_yet() { :; }
_created() { does create --bundle "$B" "$C"; }
_running() { _created; start; }
_bundle() { bundle -p 'exec sleep 100' "$@"; }

# The root has no places for mounts, no working directory and hardly anything in /dev; what it has must stay.
_poor_bundle() {
  _bundle '.mounts |= map(select(.destination | startswith("/dev") | not))' '.process.cwd = "/srv/there"' \
    '.mounts += [{destination: "/made/folder", type: "tmpfs"}, {destination: "/made/file", source: "/dev/null", options: ["bind"]}]'
  mknod -m 0666 "$B/rootfs/dev/null" c 1 3
  mknod -m 0640 "$B/rootfs/dev/tty" c 5 0
  ln -s /proc/self/fd "$B/rootfs/dev/fd"
  ln -s fd/1 "$B/rootfs/dev/stdout"
  UNTOUCHED=$(_root_of_bundle)
}

create_killed_at_every_call() {
  spec own 'whenever create is killed, delete --force removes all that it made'
  _bundle
  _at_every_call _nothing_yet create --bundle "$B" "$C"
}

create_killed_at_every_call_leaves_nothing_that_gc_does_not_remove() {
  spec own 'whenever create is killed, gc removes all that it made unless it was complete'
  _poor_bundle
  REMOVE=_collect
  _at_every_call _nothing_yet create --bundle "$B" "$C"
}

create_in_a_poor_root_killed_at_every_call() {
  spec own 'whenever create is killed, delete --force removes all that it made in the root'
  _poor_bundle
  _at_every_call _nothing_yet create --bundle "$B" "$C"
}

# A container with the same cgroupsPath; it has stopped, and its cgroup still exists.
_predecessor() {
  PREDECESSOR=$C-first
  does create --bundle "$B" --pid-file "$T/first.pid" "$PREDECESSOR"
  does kill "$PREDECESSOR" KILL
  await_stopped "$(<"$T/first.pid")"
}
create_in_the_cgroup_of_another_killed_at_every_call() {
  spec own 'whenever create is killed while it takes a cgroup over, that goes with the one container or the other'
  _bundle
  _at_every_call _predecessor create --bundle "$B" "$C"
}

create_with_a_user_namespace_and_hooks_killed_at_every_call() {
  spec own 'whenever create is killed, delete --force removes all that it made'
  requires_userns
  _bundle "$USERNS" '.hooks = {createRuntime: [{path: "/bin/true"}], createContainer: [{path: "/bin/true"}]}'
  _at_every_call _nothing_yet create --bundle "$B" "$C"
}

start_killed_at_every_call() {
  spec own 'whenever start is killed, the container can be deleted by force'
  _bundle
  _at_every_call _created start "$C"
}

delete_killed_at_every_call() {
  spec own 'a delete that is killed can be done again'
  _bundle
  _at_every_call _running delete --force "$C"
}

run_killed_at_every_call() {
  spec own 'whenever run is killed, delete --force removes all that it made'
  bundle
  _at_every_call _nothing_yet run --bundle "$B" "$C"
}

exec_killed_at_every_call() {
  spec own 'whenever exec is killed, nothing of it stays in the container'
  # A pid namespace only ends when its dead processes are reaped, which pid 1 of this chapter does late.
  _bundle '.linux.namespaces |= map(select(.type != "pid"))'
  _at_every_call _running exec --detach --pid-file "$T/exec.pid" "$C" /bin/true
}

process_in_between_killed_at_every_call() {
  spec own 'exec fails, and the container goes on, when the process in between dies'
  _requires
  local at
  _bundle
  _running
  for ((at = 1; at < 3000; at += KILL_EVERY)); do
    if ! _killed_at $at init exec "$C" /bin/true; then
      is "$RC" 0 "exec whose process is not killed: $ERR"
      [ $at -gt 20 ] || fail "only $at calls"
      echo "$at calls"
      return 0
    fi
    case $RC in
      255) has "$ERR" SIGKILL "the error when the process is killed at call $at" ;;
      0) ;;  # the program's own process was there already
      *) fail "exit code $RC when the process is killed at call $at: $ERR" ;;
    esac
    status_is running
  done
}

init_killed_at_every_call() {
  spec own 'create fails and leaves nothing when init dies'
  _requires
  local at
  case $1 in
    plain) _bundle ;;
    userns) requires_userns; _bundle "$USERNS" ;;
    poor-root) _poor_bundle ;;
  esac
  for ((at = 1; at < 3000; at += KILL_EVERY)); do
    if ! _killed_at $at init create --bundle "$B" "$C"; then
      is "$RC" 0 "create whose init is not killed: $ERR"
      [ $at -gt 20 ] || fail "only $at calls"
      echo "$at calls"
      return 0
    fi
    if [ "$RC" = 0 ]; then
      # Init was ready already.
      status_is stopped
      does delete "$C"
      UNTOUCHED=''
    else
      is "$RC" 1 "exit code when init is killed at call $at: $ERR"
      has "$ERR" 'init was killed by SIGKILL before it was ready' "the error when init is killed at call $at"
    fi
    _no_trace "init killed at call $at"
    [ -z "${UNTOUCHED:-}" ] || is "$(_root_of_bundle)" "$UNTOUCHED" "the root after init was killed at call $at"
  done
}
cases init_killed_at_every_call plain userns poor-root
