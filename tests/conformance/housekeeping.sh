# Keeping order: delete of several containers, what gc removes and leaves, and how list shows what is there.
# shellcheck shell=bash

# Containers with the names given, each of which has stopped.
_stopped_containers() {
  local name
  for name; do
    bundle -n "$name"
    does create --bundle "$B" --pid-file "$T/$name.pid" "$C-$name"
    does kill "$C-$name" KILL
    await_stopped "$(<"$T/$name.pid")"
  done
}
# A create whose hook never ends: HELPER is its process, and the record has its init.
_hanging_create() {
  bundle '.hooks = {createRuntime: [{path: "/bin/busybox", args: ["sleep", "1000"]}]}'
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" create --bundle "$B" "$C"
  await 'grep -qs "\"pid\":[1-9]" "$ROOT/$C/state.json"'
  # The hook runs once init has said that it is ready for it.
  await '[ -n "$(_hook_process)" ]'
}
_hook_process() {
  local dir
  for dir in /proc/[0-9]*; do
    { [ "$(tr '\0' ' ' <"$dir/cmdline")" = 'sleep 1000 ' ] && echo "${dir#/proc/}"; } 2>/dev/null
  done
}
_kill_create() {
  kill -KILL "$HELPER"
  await_gone "$HELPER"
  kill -KILL "$(_hook_process)"
}

delete_takes_several_containers() {
  spec own 'delete removes all containers that are named, whatever happens to one of them'
  requires_sampan
  _stopped_containers one two three
  bundle -n running -p 'sleep 100'
  does create --bundle "$B" "$C-running"
  does start "$C-running"
  refuses delete "$C-one" "$C-running" "$C-missing" "$C-two"
  has "$ERR" "deleting container $C-running: cannot delete" 'the first error'
  has "$ERR" "deleting container $C-missing: container does not exist" 'the second error'
  does list -q
  is "$OUT" "$C-running"$'\n'"$C-three" 'what is left'
  does delete --force "$C-running" "$C-missing" "$C-three"
  does list -q
  is "$OUT" '' 'what is left in the end'
}

delete_and_kill_take_a_pattern() {
  spec client 'kill --regex and delete --regex: all containers whose ID a POSIX extended regular expression matches'
  [ "$RUNTIME_NAME" != runc ] || skip "runc has no --regex"
  local name
  for name in web1 web2 db1; do
    bundle -n "$name" -p 'sleep 100'
    does create --bundle "$B" --pid-file "$T/$name.pid" "$C-$name"
    does start "$C-$name"
  done
  does kill --regex "^$C-web[0-9]+\$" KILL
  await_stopped "$(<"$T/web1.pid")"
  await_stopped "$(<"$T/web2.pid")"
  does state "$C-db1"
  has "$OUT" '"running"' 'the status of a container that does not match'
  does delete -r "$C-web.$"
  does list -q
  is "$OUT" "$C-db1" 'what is left'
  does delete --regex --force "$C-.*"
  does list -q
  is "$OUT" '' 'what is left'
}

a_pattern_that_fails_for_one_is_tried_on_all() {
  spec own 'kill --regex and delete --regex tell each failure, and end with 1 if there was one'
  requires_sampan
  _stopped_containers one
  bundle -n two -p 'sleep 100'
  does create --bundle "$B" "$C-two"
  does start "$C-two"
  refuses kill -r "^$C-" TERM
  has "$ERR" "signalling container $C-one: container not running" 'the error'
  refuses delete --regex "^$C-"
  is "$OUT" "$C-one" 'what it prints'
  has "$ERR" "deleting container $C-two: cannot delete" 'the error'
  refuses delete --regex '['
  has "$ERR" '"[" is not a regular expression' 'the error'
  refuses delete --force --regex ''
  has "$ERR" 'the pattern is empty' 'the error'
  refuses kill --regex '' KILL
  does kill -r nothing-like-this
  has "$ERR" 'no container has an ID that matches' 'the warning'
}

delete_all_removes_every_container() {
  spec own 'delete --all removes all that may be deleted, and with --force all'
  requires_sampan
  _stopped_containers one
  bundle -n two -p 'sleep 100'
  does create --bundle "$B" "$C-two"
  does start "$C-two"
  refuses delete --all
  is "$OUT" "$C-one" 'what it prints'
  does delete --all --force
  is "$OUT" "$C-two" 'what it prints'
  does delete --all
  refuses delete --all "$C-two"
}

delete_all_stopped_leaves_what_has_not_stopped() {
  spec own 'delete --all-stopped removes the containers that have stopped, tells which, and no others'
  requires_sampan
  _stopped_containers one two
  bundle -n created
  does create --bundle "$B" "$C-created"
  does delete --all-stopped
  is "$OUT" "$C-one"$'\n'"$C-two" 'what it prints'
  does list -q
  is "$OUT" "$C-created" 'what is left'
  does delete --all-stopped
  is "$OUT" '' 'what it prints when nothing has stopped'
}

delete_all_stopped_leaves_what_was_made_meanwhile() {
  spec own 'delete --all-stopped does not remove a container that was made with the ID of one that had stopped'
  requires_sampan
  bundle -n second
  script "$T/renew" "exec >/dev/null 2>&1
    $RUNTIME --root $ROOT delete $C-second && $RUNTIME --root $ROOT create --bundle $B $C-second && echo renewed >$T/renewed"
  bundle -n first '.hooks = {poststop: [{path: "\($T)/renew"}]}'
  local name
  for name in first second; do
    does create --bundle "$T/$name" --pid-file "$T/$name.pid" "$C-$name"
    does kill "$C-$name" KILL
    await_stopped "$(<"$T/$name.pid")"
  done
  does delete --all-stopped
  exists "$T/renewed" 'what the hook has made'
  is "$OUT" "$C-first" 'what it prints'
  status_is created "$C-second"
}

delete_needs_a_name_or_all_stopped() {
  spec own 'delete without a container, or with both, is a mistake on the command line'
  requires_sampan
  refuses delete
  has "$ERR" 'usage: sampan delete' 'the error'
  _stopped_containers one
  refuses delete --all-stopped "$C-one"
  has "$ERR" '--all-stopped takes no container' 'the error'
  status_is stopped "$C-one"
}

gc_removes_what_a_killed_create_has_left() {
  spec own 'gc removes the record, the processes and the cgroup of a create that was killed, and says so'
  requires_sampan
  _hanging_create
  _kill_create
  local dir cgroups=''
  for dir in "${CGROUP_ROOTS[@]}"; do
    [ ! -d "$dir/$TEST_PREFIX/$C-bundle" ] || cgroups+="$dir/$TEST_PREFIX/$C-bundle "
  done
  isnt "$cgroups" '' 'the cgroups that it has left'
  does gc --dry-run
  has "$OUT" "would remove $C: create was killed" 'the plan'
  exists "$ROOT/$C/state.json" 'after the dry run'
  does gc
  has "$OUT" "removed $C: create was killed before the container was complete" 'what it says'
  for dir in $cgroups; do
    has "$OUT" "and its cgroup $dir" 'what it says'
    is_absent "$dir" 'the cgroup'
  done
  is "$(ls "$ROOT")" '' 'what is left below --root'
  does gc
  is "$OUT" 'nothing to remove' 'a second time'
}

gc_leaves_a_create_that_is_under_way() {
  spec own 'gc does not touch a container that is being made'
  requires_sampan
  _hanging_create
  does gc
  is "$OUT" 'nothing to remove' 'what it says'
  exists "$ROOT/$C/state.json" 'the record'
  kill -0 "$HELPER" || fail 'create has ended'
}

gc_leaves_a_container_in_any_status() {
  spec own 'gc does not touch a container that is created, runs, is paused or has stopped'
  requires_sampan
  container_that_is "$1"
  does gc
  is "$OUT" 'nothing to remove' 'what it says'
  status_is "$1"
}
cases gc_leaves_a_container_in_any_status created running paused stopped

# What is left of a container: $1 as in the cases below.
_leave() {
  local record=$ROOT/$C/state.json
  case $1 in
    cut) head -c $(($(stat -c %s "$record") / 2)) "$record" >"$T/cut" && mv "$T/cut" "$record" ;;
    empty) : >"$record" ;;
    fifo) rm "$record" && mkfifo "$record" ;;
    gone) rm "$record" ;;
    half) rm "$ROOT/$C/config.json" ;;
  esac
}

gc_removes_what_is_broken_and_has_no_process() {
  spec own 'gc removes a folder whose record is broken or half gone, with the cgroup, once no process is left'
  requires_sampan
  container_that_is stopped
  _leave "$1"
  does gc
  has "$OUT" "removed $C: " 'what it says'
  is "$(ls "$ROOT")" '' 'what is left below --root'
  local dir
  for dir in "${CGROUP_ROOTS[@]}"; do is_absent "$dir/$TEST_PREFIX/$C-bundle" 'the cgroup'; done
}
cases gc_removes_what_is_broken_and_has_no_process cut empty fifo gone half

gc_leaves_what_is_broken_but_lives() {
  spec own 'gc does not touch a container whose record is broken while it lives, and says what does'
  requires_sampan
  container_that_is running
  _leave "$1"
  does gc
  is "$OUT" 'nothing to remove' 'what it says'
  [ "$1" = half ] || has "$ERR" "sampan delete --force $C" 'the warning'
  kill -0 "$INIT" || fail 'init has ended'
}
cases gc_leaves_what_is_broken_but_lives cut empty fifo gone half

gc_does_not_guess_about_a_record_that_tells_nothing() {
  spec own 'gc leaves a container of which neither process nor cgroup can be known'
  requires_sampan
  container_that_is running
  mkdir "$T/kept"
  mv "$ROOT/$C/state.json" "$ROOT/$C/config.json" "$T/kept/"
  : >"$ROOT/$C/state.json"
  does gc
  is "$OUT" 'nothing to remove' 'what it says'
  has "$ERR" "$C stays" 'the warning'
  kill -0 "$INIT" || fail 'init has ended'
  # From here nobody could find this process any more.
  mv "$T/kept/"* "$ROOT/$C/"
}

gc_leaves_a_container_without_record_and_cgroup() {
  spec own 'gc leaves a container without a cgroup whose record is gone: nothing tells whether it lives'
  requires_sampan
  bundle -p 'sleep 100'
  RUNTIME="$RUNTIME --cgroup-manager disabled" create
  start
  mv "$ROOT/$C/state.json" "$T/record"
  does gc
  is "$OUT" 'nothing to remove' 'what it says'
  has "$ERR" "$C stays" 'the warning'
  kill -0 "$INIT" || fail 'init has ended'
  mv "$T/record" "$ROOT/$C/state.json"
}

gc_removes_an_empty_folder_that_is_not_new() {
  spec own 'gc removes the folder of a create that was killed at once, but not one that was made just now, and says so'
  requires_sampan
  mkdir -p "$ROOT/old" "$ROOT/new"
  touch -d '1 hour ago' "$ROOT/old"
  does gc
  is "$OUT" 'removed old: create was killed before it wrote a record
new stays: it was made less than a minute ago, and create may still be at work' 'what it says'
  is "$(ls "$ROOT")" new 'what is left below --root'
}

list_marks_broken_containers() {
  spec own 'list shows a container that cannot be read as broken, says why, and shows the others'
  requires_sampan
  _stopped_containers one two
  : >"$ROOT/$C-one/state.json"
  does list
  matches "$OUT" "$C-one +- +broken" 'the broken one'
  matches "$OUT" "$C-two +0 +stopped" 'the other one'
  has "$ERR" "$C-one: reading the record" 'the reason'
  does list -q
  is "$OUT" "$C-one"$'\n'"$C-two" 'list -q'
  # The array of states has no place for it.
  refuses list --format json
  is "$(jq -r '.[].id' <<<"$OUT")" "$C-two" 'list --format json'
  has "$ERR" "$C-one: reading the record" 'the error'
}

list_does_not_take_what_is_hidden_for_broken() {
  spec own 'list shows a container that its caller may not read as unreadable'
  requires_sampan
  requires_tool setpriv
  _stopped_containers one two
  chmod 0 "$ROOT/$C-one/state.json"
  RUNTIME="setpriv --bounding-set -dac_override,-dac_read_search $RUNTIME" does list
  matches "$OUT" "$C-one +- +unreadable" 'the one that cannot be read'
  lacks "$OUT" broken 'the table'
  has "$ERR" 'Permission denied' 'the reason'
}

list_filters_by_status() {
  spec own 'list --filter status= shows the containers with one of the statuses only'
  requires_sampan
  _stopped_containers one two
  bundle -n created
  does create --bundle "$B" "$C-created"
  : >"$ROOT/$C-one/state.json"
  does list -q --filter status=stopped
  is "$OUT" "$C-two" stopped
  does list -q --filter status=created,broken
  is "$OUT" "$C-created"$'\n'"$C-one" 'created and broken'
  does list -q --filter status=created --filter status=stopped
  is "$OUT" "$C-created"$'\n'"$C-two" 'created and stopped'
  does list --format json --filter status=created
  is "$(jq -r '.[].id' <<<"$OUT")" "$C-created" json
  refuses list --filter status=runing
  has "$ERR" 'did you mean "running"?' 'the error'
}

list_says_how_long_ago() {
  spec own 'the table of list tells the time of creation in words, JSON as it was recorded'
  requires_sampan
  _stopped_containers one
  local record=$ROOT/$C-one/state.json now created
  now=$(date -u -d '125 minutes ago' +%FT%T.000000000Z)
  jq -c --arg now "$now" '.created = $now' "$record" >"$T/edited" && mv "$T/edited" "$record"
  does list
  has "$OUT" ' 2 hours ago ' 'the table'
  does list --format json
  created=$(jq -r '.[0].created' <<<"$OUT")
  is "$created" "$now" 'the time in JSON'
}

delete_of_a_running_container_says_how() {
  spec own 'the refusal to delete a container that runs says what deletes it'
  requires_sampan
  container_that_is "$1"
  refuses delete "$C"
  has "$ERR" "cannot delete container $C that is not stopped: $1" 'the error'
  has "$ERR" "sampan delete -f $C ends it first" 'the hint'
}
cases delete_of_a_running_container_says_how running paused

id_that_is_taken_says_by_which_bundle() {
  spec own 'an ID that is in use tells from which folder its container came, and what can be done'
  requires_sampan
  container_that_is running
  local first=$B
  bundle -n other
  create_fails
  has "$ERR" "container with given ID already exists: $C" 'the error'
  has "$ERR" "it was made from $first: give the new one another ID with --id, or remove it: sampan delete $C" 'the hint'
  : >"$ROOT/$C/state.json"
  create_fails
  has "$ERR" "sampan delete -f $C" 'the hint of a broken one'
}

cgroup_that_is_in_use_says_by_whom() {
  spec own 'a cgroup that is in use tells which container of which bundle and --root has it'
  requires_sampan
  container_that_is running
  ROOT=$T/root2 rt create --bundle "$B" "$C" && fail 'create is accepted'
  has "$ERR" "container's cgroup is not empty: " 'the error'
  has "$ERR" "it is that of sampan container $C, 20" 'the hint'
  has "$ERR" "made from $B and recorded in $ROOT; give this container another ID (--id)" 'the hint'
  status_is running
  is "$(ls "$T/root2")" '' 'what is left below the other --root'
}
