# Checkpoint and restore, by CRIU. Skipped where there is no criu that works with this kernel.
# shellcheck shell=bash

# A CRIU that was built for newer kernels may need its own libraries: then CRIU names a program.
_requires_criu() {
  command -v "${CRIU:=criu}" >/dev/null || skip 'criu is not installed'
  "$CRIU" check >"$T/check" 2>&1 || skip "criu check: $(grep -m 1 Error "$T/check" || tail -n 1 "$T/check")"
  RUNTIME="$RUNTIME --criu $(command -v "$CRIU")"
  # What somebody has configured for this machine would get in the way.
  NO_CONFIG='.annotations = {"org.criu.config": ""}'
}
# Counts in the file $1 of the container.
_counter() { echo 'i=0; while :; do i=$((i + 1)); echo $i >'"$1"'; sleep 0.05; done'; }
_number() { local n; n=$(<"$1"); echo "${n:-0}"; }
_counts_on() {
  local before
  before=$(_number "$1")
  await "[ \$(_number $1) -gt $before ]"
}

counter_goes_on_where_it_was() {
  spec client 'restore lets the processes of a checkpoint go on'
  _requires_criu
  bundle -p "$(_counter /tmp/n)" "$NO_CONFIG"
  create
  start
  await "[ -s $B/rootfs/tmp/n ]"
  _counts_on "$B/rootfs/tmp/n"
  does checkpoint --image-path "$T/images" "$C"
  status_is none
  local before
  before=$(_number "$B/rootfs/tmp/n")
  does restore --detach --bundle "$B" --image-path "$T/images" --pid-file "$T/again" "$C"
  status_is running
  is "$PID" "$(<"$T/again")" 'the pid file'
  _counts_on "$B/rootfs/tmp/n"
  [ "$(_number "$B/rootfs/tmp/n")" -gt "$before" ] || fail 'it began anew'
  does exec "$C" /bin/true
  does kill "$C" KILL
  await_stopped "$PID"
  does delete "$C"
}

# A terminal, a bind mount, and a connection between two processes of the container.
_counter_over_tcp() {
  bundle -p 'mkfifo /tmp/in
nc -l -p 7000 </tmp/in >/data/received & exec 9>/tmp/in; sleep 0.3
mkfifo /tmp/out; nc 127.0.0.1 7000 </tmp/out & exec 8>/tmp/out
i=0; while :; do i=$((i + 1)); echo $i >&8; echo "count $i"; sleep 0.1; done' \
    '.process.terminal = true' '.mounts += [{destination: "/data", source: "\($T)/data", options: ["rbind"]}]' \
    '.linux.maskedPaths = ["/proc/kcore", "/proc/acpi", "/sys/firmware"] | .linux.readonlyPaths = ["/proc/sys"]' \
    "$NO_CONFIG" "$@"
}
counter_with_a_terminal_a_bind_mount_and_a_connection() {
  spec client 'terminals, bind mounts and open connections are restored'
  _requires_criu
  # shellcheck disable=SC1091
  . "$(dirname "${BASH_SOURCE[0]}")/terminal.sh"
  mkdir "$T/data" "$T/first" "$T/second"
  _counter_over_tcp
  T=$T/first _receiver
  create --console-socket "$T/first/console"
  start
  await "grep -q 'count 3' $T/first/screen && [ -s $T/data/received ]"
  does checkpoint --tcp-established --image-path "$T/images" "$C"
  local before
  before=$(tail -n 1 "$T/data/received")
  T=$T/second _receiver
  does restore --detach --tcp-established --bundle "$B" --image-path "$T/images" \
    --console-socket "$T/second/console" "$C"
  await "[ \$(tail -n 1 $T/data/received) -gt $((before + 3)) ]"
  await "grep -q 'count $((before + 3))' $T/second/screen"
  # Nothing was lost or came twice.
  is "$(head -n $((before + 3)) "$T/data/received" | tr '\n' ' ')" "$(seq -s ' ' $((before + 3))) " 'what came'
}

container_can_be_left_running() {
  spec client '--leave-running: the container runs on'
  _requires_criu
  bundle -p "$(_counter /tmp/n)" "$NO_CONFIG"
  create
  start
  await "[ -s $B/rootfs/tmp/n ]"
  does checkpoint --leave-running --image-path "$T/images" --work-path "$T/logs" "$C"
  exists "$T/logs/dump.log" 'the log'
  exists "$T/images/descriptors.json" 'the streams'
  status_is running
  _counts_on "$B/rootfs/tmp/n"
}

failure_says_what_criu_says_and_the_container_runs_on() {
  spec own 'the last errors of the log of CRIU are in the error'
  requires_sampan
  _requires_criu
  mkdir "$T/data"
  _counter_over_tcp '.process.terminal = false'
  create
  start
  await "[ -s $T/data/received ]"
  refuses checkpoint --image-path "$T/images" "$C"
  has "$ERR" 'Connected TCP socket' 'the error'
  has "$ERR" "$T/images/dump.log" 'the error'
  status_is running
}

failed_restore_leaves_nothing_but_the_log() {
  spec own 'a restore that fails is undone'
  requires_sampan
  _requires_criu
  bundle -p "$(_counter /tmp/n)" "$NO_CONFIG"
  create
  start
  await "[ -s $B/rootfs/tmp/n ]"
  does checkpoint --image-path "$T/images" "$C"
  rm "$T/images"/mountpoints-*.img
  refuses restore --detach --bundle "$B" --image-path "$T/images" "$C"
  has "$ERR" "$T/images/restore.log" 'the error'
  status_is none
  is_absent "$ROOT/$C" 'the folder'
}

hooks_of_the_runtime_run_at_a_restore() {
  spec client 'prestart and createRuntime hooks run again at a restore'
  _requires_criu
  script "$T/hook" "echo \$1 >>$T/ran"
  bundle -p "$(_counter /tmp/n)" "$NO_CONFIG" \
    '.hooks = {prestart: [{path: "\($T)/hook", args: ["hook", "prestart"]}],
      createRuntime: [{path: "\($T)/hook", args: ["hook", "createRuntime"]}],
      poststop: [{path: "\($T)/hook", args: ["hook", "poststop"]}]}'
  create
  start
  await "[ -s $B/rootfs/tmp/n ]"
  does checkpoint --image-path "$T/images" "$C"
  does restore --detach --bundle "$B" --image-path "$T/images" "$C"
  is "$(tr '\n' ' ' <"$T/ran")" 'prestart createRuntime poststop prestart createRuntime ' 'hooks'
}

# Processes that are many take CRIU a while.
_container_of_many() {
  bundle -p 'for i in $(seq 60); do sleep 1000 & done; '"$(_counter /tmp/n)" "$NO_CONFIG"
  create
  start
  await "[ -s $B/rootfs/tmp/n ]"
}
signal_to_the_group_leaves_the_container_running() {
  spec own 'a signal to the process group, as a terminal sends it, does not end CRIU in the middle of a dump'
  requires_sampan
  _requires_criu
  requires_tool setsid
  _container_of_many
  # shellcheck disable=SC2086
  setsid $RUNTIME --root "$ROOT" checkpoint --image-path "$T/images" "$C" >"$T/said" 2>&1 &
  local group=$! rc=0
  await "ls $T/images/core-*.img >$T/seen 2>&1"
  kill -TERM -- "-$group"
  wait "$group" || rc=$?
  is "$rc" 143 'how it ends'
  lacks "$(<"$T/said")" 'killed by' 'what it says'
  state_of "$C"
  if [ "$STATUS" = none ]; then
    # The signal came too late.
    has "$(<"$T/said")" 'the checkpoint is complete' 'what it says'
    return
  fi
  is "$STATUS" running 'status'
  _counts_on "$B/rootfs/tmp/n"
  has "$(tail -n 3 "$T/images/dump.log")" 'Dumping FAILED' 'the end of the log'
}

paused_container_is_checkpointed() {
  spec own 'a paused container can be checkpointed; after a failure it is still paused'
  requires_sampan
  _requires_criu
  requires_pause
  mkdir "$T/data"
  _counter_over_tcp '.process.terminal = false'
  create
  start
  await "[ -s $T/data/received ]"
  does pause "$C"
  refuses checkpoint --image-path "$T/images" "$C"
  status_is paused
  does checkpoint --tcp-established --image-path "$T/images" "$C"
  status_is none
}

created_container_is_not_checkpointed() {
  spec client 'only what runs can be checkpointed'
  container_that_is created
  refuses checkpoint --image-path "$T/images" "$C"
  is_absent "$T/images" 'images'
}

missing_criu_is_named_with_its_package() {
  spec own 'without CRIU the error says what to install'
  requires_sampan
  container_that_is running
  RUNTIME="$RUNTIME --criu /nowhere/criu" refuses checkpoint --image-path "$T/images" "$C"
  has "$ERR" 'install the package criu' 'the error'
  status_is running
}

probes_of_podman_are_answered() {
  spec client 'podman asks for the help of checkpoint, and for an option of restore without its value'
  does checkpoint --help
  rt restore --lsm-mount-context
  matches "$ERR" '(flag needs an argument|requires an argument)' 'the answer'
}
