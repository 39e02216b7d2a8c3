# Lifecycle: which operation is allowed in which status, and what each of them does (runtime.md).
# shellcheck shell=bash disable=SC2153

create_makes_a_created_container() {
  spec runtime.md#create 'create makes a new container; its status is created afterwards'
  bundle
  create
  status_is created
}

create_does_not_run_the_program() {
  spec runtime.md#lifecycle 'step 2: the user-specified program is not run by create'
  bundle -p 'echo ran >>/ran'
  create
  _moment
  is_absent "$B/rootfs/ran" 'after create'
  start
  await_stopped
  is "$(<"$B/rootfs/ran")" ran 'after start'
}

create_applies_everything_but_the_process() {
  spec runtime.md#create 'all properties but process are applied by create'
  requires_controller pids
  bundle -p 'sleep 100' '.root.readonly = true' '.hostname = "applied"' '.linux.sysctl = {"net.ipv4.ip_default_ttl": "77"}' \
    '.mounts += [{destination: "/here", type: "tmpfs", source: "x"}]' '.linux.maskedPaths = ["/tmp"] | .linux.readonlyPaths = ["/etc"]' \
    '.linux.resources.pids.limit = 17 | .linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 3}]'
  create
  local seen
  seen=$(awk '{ split($6, flags, ","); print $5, flags[1] }' "/proc/$INIT/mountinfo")
  for mount in '/ ro' '/here rw' '/tmp ro' '/etc ro'; do has $'\n'"$seen"$'\n' $'\n'"$mount"$'\n' 'mounts'; done
  is "$(nsenter -t "$INIT" -u cat /proc/sys/kernel/hostname)" applied hostname
  is "$(nsenter -t "$INIT" -n cat /proc/sys/net/ipv4/ip_default_ttl)" 77 sysctl
  is "$(<"$CGROUP/pids.max")" 17 'limit of tasks'
  is "$(stat -c %t:%T "/proc/$INIT/root/dev/mine")" 1:3 'the device'
}

start_runs_the_program() {
  spec runtime.md#start 'start runs the program of process.args'
  bundle -p 'echo here >/fifo; sleep 100'
  create
  start
  await_line "$B/rootfs/fifo"
  is "$LINE" here 'what the program says'
  status_is running
}

program_that_ends_leaves_a_stopped_container() {
  spec runtime.md#state 'stopped: the container process has exited'
  bundle
  create
  start
  await_stopped
  status_is stopped
}

state_right_after_start_is_running_or_stopped() {
  spec client 'after start only running or stopped are seen, never created (buildah)'
  bundle -p 'sleep 100'
  create
  start
  status_is running
}

edits_of_config_json_after_create_have_no_effect() {
  spec runtime.md#lifecycle 'step 2: updates of config.json after create do not affect the container'
  bundle -p 'echo old >/fifo; sleep 100'
  create
  edit '.process.args = ["/bin/sh", "-c", "echo new >/fifo; sleep 100"]'
  start
  await_line "$B/rootfs/fifo"
  is "$LINE" old 'what the program says'
}

config_json_may_vanish_after_create() {
  spec runtime.md#create 'changes made to config.json after create have no effect on the container'
  bundle -p 'echo here >/fifo; sleep 100'
  create
  rm "$B/config.json"
  start
  await_line "$B/rootfs/fifo"
  does kill "$C" KILL
  await_stopped
  does delete "$C"
}

# What each operation does in each status: the operation in $1, as status:operation:expected.
_allowed() {
  local status operation expected
  IFS=: read -r status operation expected <<<"$1"
  container_that_is "$status"
  case $operation in
    start) set -- start "$C" ;;
    kill) set -- kill "$C" CONT ;;
    delete) set -- delete "$C" ;;
    force) set -- delete --force "$C" ;;
    state) set -- state "$C" ;;
    create) set -- create --bundle "$B" "$C" ;;
  esac
  if [ "$expected" = ok ]; then does "$@"; else refuses "$@"; fi
}
_status_stays() { status_is "${1%%:*}"; }

operation_of_the_table() {
  spec runtime.md#operations 'start needs a created, kill a created or running, delete a stopped container'
  _allowed "$1"
  case $1 in *:force:*|*:delete:ok|*:start:ok) ;; *) _status_stays "$1" ;; esac
}
cases operation_of_the_table \
  created:state:ok created:start:ok created:kill:ok created:force:ok created:create:no \
  running:state:ok running:start:no running:kill:ok running:delete:no running:force:ok running:create:no \
  stopped:state:ok stopped:start:no stopped:kill:no stopped:delete:ok stopped:force:ok stopped:create:no \
  paused:state:ok paused:start:no paused:kill:ok paused:delete:no paused:force:ok paused:create:no

delete_of_a_created_container_is_accepted() {
  spec client 'engines delete created containers; the specification would have it refused'
  container_that_is created
  does delete "$C"
  await_gone "$INIT"
  status_is none
}

operation_on_an_unknown_container_is_an_error() {
  spec runtime.md#operations 'an operation on a container that does not exist is an error'
  refuses "$1" no-such-container
}
cases operation_on_an_unknown_container_is_an_error state start kill delete

operation_without_an_id_is_an_error() {
  spec runtime.md#operations 'each operation is an error when it is not given the ID of a container'
  bundle
  cd "$B" || fail 'no bundle'
  refuses "$1"
}
cases operation_without_an_id_is_an_error state start kill delete create

refused_start_leaves_a_running_container_alone() {
  spec runtime.md#start 'start of a container that is not created has no effect on it'
  container_that_is running
  refuses start "$C"
  state_of
  is "$STATUS $PID" "running $INIT" 'status and pid'
}

refused_delete_leaves_a_running_container_alone() {
  spec runtime.md#delete 'delete of a container that is not stopped has no effect on it'
  container_that_is running
  refuses delete "$C"
  state_of
  is "$STATUS $PID" "running $INIT" 'status and pid'
}

create_with_a_used_id_is_an_error() {
  spec runtime.md#create 'an ID that is in use is an error, and no new container is made'
  bundle -n first -p 'sleep 100'
  create
  local first=$INIT
  bundle -n second
  refuses create --bundle "$B" "$C"
  state_of
  is "$STATUS $PID" "created $first" 'status and pid'
  has "$OUT" /first 'bundle of the first container'
}

id_can_be_used_again_after_delete() {
  spec runtime.md#delete 'once a container is deleted its ID may be used by another'
  bundle -n first
  create
  start
  await_stopped
  does delete "$C"
  bundle -n second
  create
  state_of
  has "$OUT" /second 'bundle'
}

invalid_id_is_an_error() {
  spec runtime.md#create 'an ID that is not valid is an error, and no container is made'
  case $1 in space|newline) spec client 'an ID is made of letters, digits and _ + . - only' ;; esac
  bundle
  cd "$B" || fail 'no bundle'
  case $1 in
    slash) refuses create --bundle "$B" a/../b ;;
    parent) refuses create --bundle "$B" .. ;;
    dot) refuses create --bundle "$B" . ;;
    empty) refuses create --bundle "$B" '' ;;
    space) refuses create --bundle "$B" 'a b' ;;
    newline) refuses create --bundle "$B" $'a\nb' ;;
  esac
  is "$(ls -A "$ROOT" 2>/dev/null)" '' 'what is left below --root'
}
cases invalid_id_is_an_error slash parent dot empty space newline

create_without_config_json_is_an_error() {
  spec bundle.md#container-format 'config.json is in the root of the bundle, by this name'
  bundle
  rm "$B/config.json"
  create_fails
  status_is none
}

create_with_a_missing_bundle_is_an_error() {
  spec runtime.md#create 'create needs the path of a bundle'
  refuses create --bundle "$T/nowhere" "$C"
  status_is none
}

bundle_is_the_working_directory_when_not_given() {
  spec client 'create without --bundle takes the current folder'
  bundle
  cd "$B" || fail 'no bundle'
  _run "$T/program.out" "$T/create.err" create "$C" || fail 'create fails'
  state_of
  has "$OUT" "\"$B\"" 'bundle'
}

bundle_may_be_a_relative_path() {
  spec runtime.md#state 'bundle is the absolute path of the bundle, whatever create was given'
  bundle
  cd "$T" || fail 'no folder'
  _run "$T/program.out" "$T/create.err" create --bundle bundle "$C" || fail 'create fails'
  state_of
  has "$OUT" "\"$B\"" 'bundle'
}

kill_sends_the_signal_that_was_asked_for() {
  spec runtime.md#kill 'kill sends the signal to the container process'
  bundle -p "trap 'echo got $1 >/fifo' $1; echo ready >/fifo; while :; do sleep 0.05; done"
  create
  start
  await_line "$B/rootfs/fifo"
  does kill "$C" "$1"
  await_line "$B/rootfs/fifo"
  is "$LINE" "got $1" 'what the program says'
}
cases kill_sends_the_signal_that_was_asked_for HUP INT USR1 USR2 TERM WINCH

kill_understands_the_signal() {
  spec client 'kill takes 9, KILL, SIGKILL, also in small letters'
  container_that_is running
  does kill "$C" "$1"
  await_stopped
  status_is stopped
}
cases kill_understands_the_signal 9 KILL SIGKILL sigkill kill

kill_has_the_signal_as_an_option() {
  spec own 'kill -9 ID, -s KILL ID and ID -KILL, as kill(1) has them'
  requires_sampan
  container_that_is running
  # shellcheck disable=SC2086
  does kill ${1//+/ } "$C"
  await_stopped
  status_is stopped
}
cases kill_has_the_signal_as_an_option -9 -KILL -SIGKILL -s+KILL -s+9 --signal=sigkill -a+-9

kill_has_options_behind_the_container() {
  spec own 'kill ID -9 and delete ID -f'
  requires_sampan
  container_that_is running
  does kill "$C" -0
  status_is running
  does kill "$C" -9
  await_stopped
  does delete "$C" -f
  status_is none
}

kill_takes_real_time_signals() {
  spec client 'podman passes stop signals of images as numbers, and people name them'
  [ "${1#[0-9]}" != "$1" ] || requires_sampan
  bundle -p 'trap "echo got >/fifo" RTMIN+1 35; echo up >/fifo; while :; do sleep 0.01; done'
  create
  start
  await_line "$B/rootfs/fifo"
  does kill "$C" "$1"
  await_line "$B/rootfs/fifo"
  is "$LINE" got 'what the trap wrote'
}
cases kill_takes_real_time_signals 35 SIGRTMIN+1 RTMIN+1

kill_with_signal_0_asks_whether_it_runs() {
  spec client 'kill ID 0 succeeds while there is a process, and is an error afterwards'
  container_that_is running
  does kill "$C" 0
  status_is running
  rt kill "$C" KILL
  await_stopped
  refuses kill "$C" 0
}

container_that_is_being_created_is_left_alone() {
  spec runtime.md#operations 'an operation on a container that is not created yet is an error'
  bundle -p 'sleep 100' '.hooks = {createRuntime: [{path: "/bin/sh",
    args: ["sh", "-c", "echo here >$0/here; read -r _ <$0/go", $T]}]}'
  mkfifo "$T/here" "$T/go"
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C"
  await_line "$T/here"
  refuses kill "$C" KILL
  refuses create --bundle "$B" "$C"
  echo >"$T/go"
  wait "$HELPER"
  is "$?" 0 'exit code of create'
  INIT=$(<"$T/pid")
  status_is created
}

operation_waits_for_a_create_that_is_under_way() {
  spec own 'start and delete of a container that is being created wait until it is created'
  requires_sampan
  bundle -p 'sleep 100' '.hooks = {createRuntime: [{path: "/bin/sh",
    args: ["sh", "-c", "echo here >$0/here; read -r _ <$0/go", $T]}]}'
  mkfifo "$T/here" "$T/go"
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C"
  local creator=$HELPER
  await_line "$T/here"
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" "$1" "$C"
  local waiter=$HELPER
  # It waits for the lock, or has failed.
  await '[[ $(<"/proc/$waiter/wchan") == *lock* ]] || [ ! -e "/proc/$waiter/exe" ]'
  echo >"$T/go"
  wait "$creator"
  is "$?" 0 'exit code of create'
  wait "$waiter"
  is "$?" 0 "exit code of $1"
  case $1 in start) status_is running ;; delete) status_is none ;; esac
}
cases operation_waits_for_a_create_that_is_under_way start delete

hook_of_create_does_not_wait_for_its_own_end() {
  spec own 'start and delete by a hook of the create that they would wait for are errors'
  requires_sampan
  local command
  printf -v command '%s --root %s %s %s' "$RUNTIME" "$ROOT" "$1" "$C"
  bundle -p 'sleep 100' '.hooks = {createRuntime: [{path: "/bin/sh", timeout: 10,
    args: ["sh", "-c", "! '"$command"' 2>$0/said", $T]}]}'
  create
  has "$(<"$T/said")" 'creating' 'the error in the hook'
  status_is created
}
cases hook_of_create_does_not_wait_for_its_own_end start delete

kill_without_a_signal_sends_term() {
  spec client 'the signal is TERM when none is given'
  bundle -p "trap 'echo term >/fifo; exit' TERM; echo ready >/fifo; while :; do sleep 0.05; done"
  create
  start
  await_line "$B/rootfs/fifo"
  does kill "$C"
  await_line "$B/rootfs/fifo"
  is "$LINE" term 'what the program says'
}

kill_with_an_unknown_signal_is_an_error() {
  spec runtime.md#kill 'a signal that does not exist cannot be sent'
  container_that_is running
  refuses kill "$C" "$1"
  status_is running
}
cases kill_with_an_unknown_signal_is_an_error NOSUCH 0x 99 -99

kill_ends_a_created_container() {
  spec runtime.md#kill 'kill sends the signal also to a created container'
  container_that_is created
  does kill "$C" KILL
  await_stopped
  status_is stopped
  refuses start "$C"
  does delete "$C"
}

kill_of_a_stopped_container_is_an_error() {
  spec runtime.md#kill 'a signal to a container that is neither created nor running is an error'
  container_that_is stopped
  refuses kill "$C" TERM
  status_is stopped
}

kill_all_reaches_every_process() {
  spec client 'kill --all signals all processes of the container (podman, containerd)'
  bundle -p 'sleep 111 & sleep 112 & echo ready >/fifo; wait' \
    '.linux.namespaces |= map(select(.type != "pid"))'
  create
  start
  await_line "$B/rootfs/fifo"
  does kill --all "$C" KILL
  await_stopped
  await '! grep -qsa "sleep.11[12]" /proc/[0-9]*/cmdline'
}

kill_reaches_what_init_has_left_behind() {
  spec client "kill reaches the container's other processes when its first one has ended (containerd's shim)"
  [ "$1" != KILL ] || [ "$RUNTIME_NAME" = sampan ] || skip 'newer than the runc that is compared'
  bundle -p 'sleep 115 & mkfifo /go; echo ready >/fifo; read -r _ </go' '.linux.namespaces |= map(select(.type != "pid"))'
  create
  start
  await_line "$B/rootfs/fifo"
  does exec --detach --pid-file "$T/left" "$C" /bin/sleep 116
  echo >"$B/rootfs/go"
  await_stopped
  status_is stopped
  local left
  left=$(<"$T/left")
  # shellcheck disable=SC2086
  does kill ${1/KILL/} "$C" KILL
  await_gone "$left"
  await '! grep -qsa "sleep.115" /proc/[0-9]*/cmdline'
}
cases kill_reaches_what_init_has_left_behind --all KILL

kill_of_a_container_of_which_nobody_is_left_is_an_error() {
  spec runtime.md#kill 'a signal to a container that is neither created nor running is an error (client: but not with --all)'
  requires_sampan
  bundle -p 'true' '.linux.namespaces |= map(select(.type != "pid"))'
  create
  start
  await_stopped
  does kill --all "$C" KILL
  refuses kill "$C" KILL
  has "$ERR" 'container not running' 'the error'
}

delete_may_follow_a_kill_at_once() {
  spec own 'kill with SIGKILL returns when the container has ended'
  requires_sampan
  local i
  for ((i = 0; i < ${ATTACK_ROUNDS:-10}; i++)); do
    # Its end takes some time, because the kernel first ends all processes of the pid namespace.
    bundle -n "b$i" -p 'i=0; while [ $i -lt 40 ]; do sleep 100 & i=$((i + 1)); done; echo ready >/fifo; wait'
    create
    start
    await_line "$B/rootfs/fifo"
    does kill "$C" KILL
    does delete "$C"
  done
}

delete_ends_every_process_of_a_shared_pid_namespace() {
  spec runtime.md#delete 'delete removes what create made: no process of the container survives'
  bundle -p 'sleep 113 & echo ready >/fifo; exec sleep 114' \
    '.linux.namespaces |= map(select(.type != "pid"))'
  create
  start
  await_line "$B/rootfs/fifo"
  does delete --force "$C"
  await '! grep -qsa "sleep.11[34]" /proc/[0-9]*/cmdline'
}

delete_removes_the_cgroup() {
  spec runtime.md#delete 'delete removes the resources that create made'
  bundle
  create
  start
  await_stopped
  does delete "$C"
  local dir
  for dir in "${CGROUP_ROOTS[@]}"; do
    is_absent "$dir/$TEST_PREFIX/$C-bundle" 'after delete'
  done
}

delete_removes_the_record() {
  spec runtime.md#delete 'a deleted container does not exist any more'
  bundle
  create
  start
  await_stopped
  does delete "$C"
  status_is none
  is "$(ls -A "$ROOT")" '' 'what is left below --root'
  refuses delete "$C"
}

delete_does_not_touch_the_bundle() {
  spec runtime.md#delete 'resources not made by create are not deleted'
  bundle
  find "$B" | sort >"$T/before"
  create
  start
  await_stopped
  does delete "$C"
  find "$B" | sort >"$T/after"
  is "$(<"$T/after")" "$(<"$T/before")" 'files of the bundle'
}

stopped_container_keeps_its_id() {
  spec runtime.md#create 'the ID stays in use until delete'
  container_that_is stopped
  refuses create --bundle "$B" "$C"
  status_is stopped
}

second_concurrent_start_fails() {
  spec runtime.md#start 'only a created container can be started, so only one of two starts wins'
  bundle -p 'echo up >>/starts; sleep 100'
  create
  local pids=() pid won=0 i
  for i in 1 2 3 4; do
    # shellcheck disable=SC2086
    $RUNTIME --root "$ROOT" start "$C" >/dev/null 2>"$T/start$i" </dev/null &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" && won=$((won + 1)); done
  is $won 1 'starts that succeeded'
  await "[ -s $B/rootfs/starts ]"
  is "$(wc -l <"$B/rootfs/starts")" 1 'times the program ran'
}

only_one_of_two_concurrent_creates_wins() {
  spec runtime.md#create 'an ID that is in use is an error'
  bundle -p 'sleep 100'
  local pids=() pid won=0 i
  for i in 1 2 3; do
    # shellcheck disable=SC2086
    $RUNTIME --root "$ROOT" create --bundle "$B" "$C" >/dev/null 2>"$T/create$i" </dev/null &
    pids+=($!)
  done
  for pid in "${pids[@]}"; do wait "$pid" && won=$((won + 1)); done
  is $won 1 'creates that succeeded'
  status_is created
}

container_survives_the_commands_that_made_it() {
  spec runtime.md#scope-of-a-container 'whoever made a container can use all operations on it later'
  bundle -p 'echo ready >/fifo; sleep 100'
  (create)
  (start)
  await_line "$B/rootfs/fifo"
  status_is running
  INIT=$(<"$T/pid")
  # From elsewhere, by somebody who only knows the ID.
  (cd / && does kill "$C" KILL) || exit
  await_stopped
  (cd / && does delete "$C") || exit
  status_is none
}

containers_of_different_roots_do_not_meet() {
  spec runtime.md#create 'the ID is unique within the scope of the runtime'
  bundle -n first
  create
  bundle -n second
  ROOT=$T/root2 create
  ROOT=$T/root2 does delete --force "$C"
  status_is created
}

pause_and_resume() {
  spec runtime.md#state 'additional values of status stand for new states: paused'
  requires_pause
  container_that_is running
  does pause "$C"
  status_is paused
  does resume "$C"
  status_is running
  spec client 'resume of a container that is not paused is an error'
  refuses resume "$C"
}

delete_by_force_ends_a_create_whose_hook_hangs() {
  spec own 'a hook that hangs does not keep a container which is being deleted'
  requires_sampan
  bundle '.hooks = {createRuntime: [{path: "/bin/sh", args: ["sh", "-c", "echo here >$0/rootfs/fifo; exec sleep 100", $B]}]}'
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" create --bundle "$B" "$C"
  await_line "$B/rootfs/fifo"
  does delete --force "$C"
  await_gone "$HELPER"
  status_is none
}

bundle_with_a_comma_in_its_name() {
  spec own 'a comma is a character like any other'
  requires_sampan
  bundle -n 'with,comma'
  does run --id "$C" "$B"
}

preserve_fds_beyond_what_can_be_is_an_error() {
  spec own 'a number of descriptors that cannot be is refused'
  requires_sampan
  bundle
  create_fails --preserve-fds "$1"
}
cases preserve_fds_beyond_what_can_be_is_an_error -1 2147483645 2147483647 99999999999 x

# What has happened to the record of a container: $1 as in the cases below.
_spoil_record() {
  local record=$ROOT/$C/state.json
  case $1 in
    empty) : >"$record" ;;
    cut) head -c $(($(stat -c %s "$record") / 2)) "$record" >"$T/cut" && mv "$T/cut" "$record" ;;
    text) echo 'no JSON' >"$record" ;;
    type) jq -c '.ready = "yes"' "$record" >"$T/edited" && mv "$T/edited" "$record" ;;
    gone) rm "$record" ;;
    cgroup) jq -c 'del(.cgroup)' "$record" >"$T/edited" && mv "$T/edited" "$record" ;;
    pid) jq -c 'del(.pid)' "$record" >"$T/edited" && mv "$T/edited" "$record" ;;
    fifo) mv "$record" "$T/record" && mkfifo "$record" ;;
    link) mv "$record" "$T/record" && ln -s "$T/record" "$record" ;;
    folder) mv "$record" "$T/record" && mkdir -p "$record/below" ;;
  esac
}

spoilt_record_is_a_clear_error() {
  spec own 'commands on a container whose record was edited say so, and hide no other container'
  requires_sampan
  bundle -p 'sleep 100'
  create
  _spoil_record "$1"
  local command
  for command in state start kill delete; do
    refuses $command "$C"
    has "$ERR" state.json "the error of $command"
  done
  bundle -n other -p 'sleep 100'
  does create --bundle "$B" "$C-other"
  does list
  has "$OUT" "$C-other" list
  has "$ERR" "$C: " 'the warning of list'
}
cases spoilt_record_is_a_clear_error empty cut text type cgroup pid fifo link folder

container_with_a_spoilt_record_can_be_deleted_by_force() {
  spec own 'delete --force ends and removes a container whose record was edited'
  requires_sampan
  bundle -p 'sleep 100' '.hooks = {poststop: [{path: "/bin/touch", args: ["touch", ($T + "/poststop")]}]}'
  create
  start
  _spoil_record "$1"
  does delete --force "$C"
  has "$ERR" 'what else than init and its cgroup the container had may be left' 'the warning'
  # If the record is not a file, only the cgroup shows which process is its.
  await_gone "$INIT"
  is "$(ls "$ROOT")" '' 'what is left below --root'
  exists "$T/poststop" 'the work of the poststop hook'
  local dir
  for dir in "${CGROUP_ROOTS[@]}"; do is_absent "$dir/$TEST_PREFIX/$C-bundle" 'the cgroup'; done
}
cases container_with_a_spoilt_record_can_be_deleted_by_force empty cut text type gone cgroup pid fifo link folder

what_is_no_container_does_no_harm() {
  spec own 'what somebody has put into the folder of all containers, or of one, hides none and blocks nothing'
  requires_sampan
  container_that_is running
  : >"$ROOT/file"; mkfifo "$ROOT/queue"; ln -s "$C" "$ROOT/link"
  does list --quiet
  is "$OUT" "$C" list
  is "$ERR" '' 'the error of list'
  refuses state file
  has "$ERR" 'does not exist' 'the error of state'
  refuses create --bundle "$B" file
  has "$ERR" "$ROOT/file is in the way" 'the error of create'
  rm "$ROOT"/{file,queue,link}
  mkfifo "$ROOT/$C/hooks.log"
  mv "$ROOT/$C/config.json" "$T/kept" && mkfifo "$ROOT/$C/config.json"
  refuses update --pids-limit 5 "$C"
  has "$ERR" 'config.json is not a regular file' 'the error of update'
  does delete --force "$C"
}

delete_by_force_ends_a_start_whose_poststart_hook_hangs() {
  spec own 'a poststart hook that hangs does not keep a container which is being deleted'
  requires_sampan
  bundle -p 'sleep 100' '.hooks = {poststart: [{path: "/bin/sh",
    args: ["sh", "-c", "echo here >$0/here; read -r _ <$0/go; echo done >$0/done", $T]}]}'
  mkfifo "$T/here" "$T/go" "$T/done"
  create
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" start "$C"
  await_line "$T/here"
  does delete --force "$C"
  await_gone "$INIT"
  status_is none
  # The hook does not belong to the container: it has waited all the time, and goes on.
  echo go >"$T/go"
  await_line "$T/done"
  await_gone "$HELPER"
}

# SIGCHLD stays ignored over execve(2), and then the kernel keeps no child that has ended.
run_ends_for_a_caller_that_ignores_sigchld() {
  spec client 'run ends with the exit code of the program, whatever signals its caller ignores'
  requires_sampan
  requires_python
  bundle -p 'exit 7'
  printf '%s\n' 'import os, signal, sys' 'signal.signal(signal.SIGCHLD, signal.SIG_IGN)' 'os.execv(sys.argv[1], sys.argv[1:])' >"$T/ignore.py"
  RUNTIME="timeout -s KILL 10 $PYTHON $T/ignore.py $RUNTIME" run_container
  is "$RC" 7 'exit code'
}

delete_force_ends_a_create_that_is_stopped() {
  spec own 'delete --force ends a create that is under way, whatever state that is in'
  requires_sampan
  bundle -p 'exec sleep 100' ".hooks.createRuntime = [{path: \"$T/hook\"}]"
  mkfifo "$T/fifo"
  script "$T/hook" "echo ready >$T/fifo; exec sleep 1000"
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" create --bundle "$B" "$C"
  await_line "$T/fifo"
  kill -STOP "$HELPER"
  await "[[ \$(</proc/$HELPER/stat) == *') T '* ]]"
  does delete --force "$C"
  await_gone "$HELPER"
  is "$(ls -A "$ROOT")" '' 'what is left below --root'
}
