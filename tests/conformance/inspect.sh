# What the kernel has: inspect shows it, and diff compares it with config.json.
# shellcheck shell=bash

BUNDLES=$TEST_TOP/../bundles

# A copy of an example bundle that is started: its program would end at once, so another one waits. $1 is
# its name below bundles/, $2 the ID.
_start_example() {
  local wait='["/bin/busybox", "sleep", "1000"]'
  [ "$1" != shell ] || wait='["sleep", "1000"]'
  mkdir -p "$T/examples"
  [ -d "$T/examples/${1%%/*}" ] || cp -a "$BUNDLES/${1%%/*}" "$T/examples/"
  jq ".process.args = $wait" "$BUNDLES/$1/config.json" >"$T/examples/$1/config.json"
  if [ "$1" = shell ]; then
    # Its terminal.
    mkfifo "$T/keys"
    # shellcheck disable=SC2094
    helper "$(type -P script)" -qec "$RUNTIME --root $ROOT run --bundle $T/examples/$1 $2" /dev/null <>"$T/keys" >/dev/null
    await 'status_now "$2" running'
  else
    _run "$T/out" "$T/err" create --bundle "$T/examples/$1" "$2" || fail 'create fails'
    does start "$2"
  fi
}
status_now() { state_of "$1"; [ "$STATUS" = "$2" ]; }

example_bundles_differ_in_nothing() {
  spec own 'a container that was started differs from its config.json in nothing, and inspect tells what it has'
  requires_sampan
  requires_tool script
  [ "$1" != pod/app ] || _start_example pod/infra "$C-infra"
  _start_example "$1" "$C"
  does diff "$C"
  is "$OUT" '' 'diff'
  does diff --json "$C"
  is "$(jq -c . <<<"$OUT")" '[]' 'diff --json'
  does inspect "$C"
  has "$OUT" "container $C" inspect
  does inspect --json "$C"
  local config=$BUNDLES/$1/config.json
  is "$(jq -r .status <<<"$OUT")" running 'the status'
  is "$(jq -c .config.root.readonly <<<"$OUT")" "$(jq -c .root.readonly "$config")" 'the root'
  is "$(jq -r '.config.process.args[-1]' <<<"$OUT")" 1000 'the last argument'
  is "$(jq -c '.config.process.noNewPrivileges // false' <<<"$OUT")" \
    "$(jq -c '.process.noNewPrivileges // false' "$config")" noNewPrivileges
  if [ "$1" = shell ]; then
    does kill "$C" KILL
    await_gone "$HELPER"
  fi
}
cases example_bundles_differ_in_nothing hello hooks limits readonly seccomp userns pod/infra pod/app shell

example_bundle_that_waits_differs_in_nothing() {
  spec own 'what is only set before the program runs is not compared earlier'
  requires_sampan
  does create --bundle "$BUNDLES/$1" "$C"
  does diff "$C"
  is "$OUT" '' 'diff'
  does inspect "$C"
  has "$OUT" 'status            created' 'inspect'
}
cases example_bundle_that_waits_differs_in_nothing hello limits readonly seccomp userns

_await_sleep() { await 'tr "\0" " " <"/proc/$INIT/cmdline" | grep -q "sleep 1000 $"'; }

_limited() {
  requires_controller memory
  requires_controller pids
  bundle -p 'exec sleep 1000' '.linux.resources.memory = {limit: 67108864}' '.linux.resources.pids = {limit: 20}' \
    '.process.rlimits = [{type: "RLIMIT_CORE", soft: 0, hard: 0}, {type: "RLIMIT_NOFILE", soft: 512, hard: 1024}]' \
    '.process.oomScoreAdj = 100' "$@"
  create
  start
  does diff "$C"
  is "$OUT" '' 'diff before anything is changed'
}
# diff ends with 1 and prints exactly this.
_differs() {
  refuses diff "$C"
  is "$RC" 1 'the exit code'
  is "$OUT" "$1" diff
}

diff_shows_what_update_has_changed() {
  spec own 'diff shows the limits that update has changed, with their pointers'
  requires_sampan
  requires_update
  _limited
  does update --memory 134217728 "$C"
  _differs '/linux/resources/memory/limit: config 67108864, kernel 134217728'
  does update --pids-limit 21 "$C"
  refuses diff --json "$C"
  is "$(jq -c . <<<"$OUT")" '[{"pointer":"/linux/resources/memory/limit","config":67108864,"kernel":134217728},{"pointer":"/linux/resources/pids/limit","config":20,"kernel":21}]' 'diff --json'
  does update --memory 67108864 --pids-limit 20 "$C"
  does diff "$C"
}

diff_shows_what_was_written_to_a_cgroup() {
  spec own 'diff shows a limit that somebody has changed by hand'
  requires_sampan
  _limited
  echo max >"$CGROUP/pids.max"
  _differs '/linux/resources/pids/limit: config 20, kernel -1'
}

diff_shows_shares_in_the_words_of_the_cgroup() {
  spec own 'diff shows CPU shares and the list of CPUs that were changed by hand'
  requires_sampan
  requires_controller cpuset
  local cpus=$CGROUP
  requires_controller cpu
  bundle -p 'exec sleep 1000' '.linux.resources.cpu = {shares: 512, quota: 50000, period: 100000, cpus: "0"}'
  create
  start
  does diff "$C"
  if [ "$(cgroup_version)" = 2 ]; then
    echo 200 >"$CGROUP/cpu.weight"
    _differs '/linux/resources/cpu/shares: config 512, kernel "cpu.weight 200"'
  else
    echo 2048 >"$CGROUP/cpu.shares"
    _differs '/linux/resources/cpu/shares: config 512, kernel 2048'
  fi
  [ "$(nproc)" -gt 1 ] || return 0
  echo 1 >"$cpus/cpuset.cpus"
  refuses diff "$C"
  has "$OUT" '/linux/resources/cpu/cpus: config "0", kernel "1"' diff
}

diff_shows_what_was_done_to_the_process() {
  spec own 'diff shows the limits, the score and the names that were changed from outside'
  requires_sampan
  requires_tool prlimit
  requires_tool nsenter
  _limited '.linux.maskedPaths = ["/proc/none", "/proc/interrupts"]' '.linux.readonlyPaths = ["/proc/sys"]'
  case $1 in
    umount)
      nsenter --mount --pid --target "$INIT" /bin/busybox umount /dev/shm
      refuses diff "$C"
      matches "$OUT" '^/mounts/3: config \{"destination":"/dev/shm",.*\}, kernel "nothing is mounted there"$' diff
      ;;
    unmask)
      nsenter --mount --pid --target "$INIT" /bin/busybox umount /proc/interrupts
      _differs '/linux/maskedPaths/1: config "/proc/interrupts", kernel "not masked"'
      ;;
    writable)
      nsenter --mount --pid --target "$INIT" /bin/busybox umount /proc/sys
      _differs '/linux/readonlyPaths/0: config "/proc/sys", kernel "not read-only"'
      ;;
    rlimit)
      prlimit --pid "$INIT" --nofile=256:1024
      _differs '/process/rlimits/1/soft: config 512, kernel 256'
      ;;
    oom)
      echo 200 >"/proc/$INIT/oom_score_adj"
      _differs '/process/oomScoreAdj: config 100, kernel 200'
      ;;
    hostname)
      nsenter --uts --target "$INIT" hostname other
      _differs '/hostname: config "conformance", kernel "other"'
      ;;
    mount)
      nsenter --mount --pid --target "$INIT" /bin/busybox mount -o remount,bind,nosuid,nodev,exec /dev/shm
      refuses diff "$C"
      matches "$OUT" '^/mounts/3/options: config \["nosuid","noexec","nodev",.*\], kernel \["rw","nosuid","nodev",' diff
      is "$(wc -l <<<"$OUT")" 1 'the number of differences'
      ;;
    root)
      nsenter --mount --pid --target "$INIT" /bin/busybox mount -o remount,bind,ro /
      _differs '/root/readonly: config false, kernel true'
      ;;
  esac
}
cases diff_shows_what_was_done_to_the_process rlimit oom hostname mount root umount unmask writable

diff_shows_a_changed_sysctl() {
  spec own 'diff shows a kernel parameter of the container that has another value now'
  requires_sampan
  requires_tool nsenter
  bundle -p 'exec sleep 1000' '.linux.sysctl = {"net.ipv4.ip_forward": "1", "kernel.msgmax": "4096"}'
  create
  start
  does diff "$C"
  nsenter --net --target "$INIT" sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'
  _differs '/linux/sysctl/net.ipv4.ip_forward: config "1", kernel "0"'
  does inspect "$C"
  matches "$OUT" 'net.ipv4.ip_forward 0' inspect
}

diff_shows_what_the_program_has_given_up() {
  spec own 'diff shows that the program has given up a capability'
  requires_sampan
  busybox setpriv --help 2>&1 | grep -q inh-caps || skip 'busybox has no setpriv'
  bundle -p 'exec busybox setpriv --inh-caps -kill busybox sleep 1000' '.process.capabilities.inheritable = ["CAP_KILL"]'
  create
  start
  _await_sleep
  _differs '/process/capabilities/inheritable: config ["CAP_KILL"], kernel []'
}

capabilities_that_execve_changes_are_no_difference() {
  spec own 'what execve makes of capabilities by its rules is no difference: a user gets none, root those of the bounding set'
  requires_sampan
  case $1 in
    user) bundle -p 'exec sleep 1000' '.process.user.uid = 1000' ;;
    root) bundle -p 'exec sleep 1000' '.process.capabilities.permitted = [] | .process.capabilities.effective = []' \
      '.process.noNewPrivileges = false' ;;
  esac
  create
  start
  _await_sleep
  does inspect --json "$C"
  is "$(jq -c '.config.process.capabilities.effective | length' <<<"$OUT")" "$([ "$1" = user ] && echo 0 || echo 3)" \
    'the number of effective capabilities'
  does diff "$C"
  is "$OUT" '' diff
}
cases capabilities_that_execve_changes_are_no_difference user root

settings_of_a_container_are_shown() {
  spec own 'inspect shows ids, capabilities, limits, mounts and namespaces as the kernel has them'
  requires_sampan
  _limited '.process.user = {uid: 1000, gid: 1001, umask: 63, additionalGids: [5, 7]}' \
    '.process.env += ["GREETING=hello"]' \
    '.linux.maskedPaths = ["/proc/interrupts"]' '.linux.readonlyPaths = ["/proc/sys"]' '.linux.namespaces += [{type: "cgroup"}]'
  does inspect --json "$C"
  is "$(jq -c '.config.process.user' <<<"$OUT")" '{"uid":1000,"gid":1001,"umask":63,"additionalGids":[5,7]}' user
  is "$(jq -c '.config.process.capabilities.bounding' <<<"$OUT")" \
    '["CAP_KILL","CAP_NET_BIND_SERVICE","CAP_AUDIT_WRITE"]' 'the bounding set'
  is "$(jq -c '.config.process.rlimits[] | select(.type == "RLIMIT_NOFILE")' <<<"$OUT")" \
    '{"type":"RLIMIT_NOFILE","soft":512,"hard":1024}' RLIMIT_NOFILE
  is "$(jq -c '.config.process.oomScoreAdj' <<<"$OUT")" 100 oomScoreAdj
  has "$(jq -r '.config.process.env[]' <<<"$OUT")" GREETING=hello env
  is "$(jq -c '.config.linux.maskedPaths + .config.linux.readonlyPaths' <<<"$OUT")" '["/proc/interrupts","/proc/sys"]' paths
  is "$(jq -c '.config.linux.resources.memory.limit' <<<"$OUT")" 67108864 'the limit of memory'
  is "$(jq -r '.config.hostname' <<<"$OUT")" conformance hostname
  is "$(jq -c '.config.mounts[] | select(.destination == "/proc") | .type' <<<"$OUT")" '"proc"' 'the mount of proc'
  is "$(jq -c '.namespaces[] | select(.type == "network") | .inode' <<<"$OUT")" \
    "$(stat -Lc %i "/proc/$INIT/ns/net")" 'the network namespace'
  is "$(jq -c '.namespaces[] | select(.type == "time") | .sharedWithCaller' <<<"$OUT")" true 'the time namespace'
  is "$(jq -c '.usage.pids' <<<"$OUT")" 1 'processes in use'
}

what_a_container_says_of_itself_is_escaped() {
  spec own 'inspect prints no control character that comes from the container'
  requires_sampan
  bundle '.process.args = ["/bin/sh", "-c", "exec sleep 1000", "a\u001b[2Jb\nc"]' '.process.env += ["EVIL=\u001b]0;x\u0007"]'
  create
  start
  _await_sleep
  does inspect "$C"
  has "$OUT" 'EVIL              \x1b]0;x\x07' 'the environment'
  lacks "$OUT" $'\e' 'inspect'
}

long_arguments_are_cut_and_do_no_harm() {
  spec own 'inspect reads a bounded part of what a container can make as long as it likes'
  requires_sampan
  bundle '.process.args = ["/bin/sh", "-c", "read x </fifo"] + [range(4000) | "0123456789012345678901234567890123456789"]'
  create
  start
  does inspect --json "$C"
  matches "$(jq '.config.process.args | length' <<<"$OUT")" '^[123][0-9]{3}$' 'the number of arguments'
}

stopped_container_has_no_settings() {
  spec own 'inspect and diff of a container that has stopped are errors, and diff does not say that it differs'
  requires_sampan
  container_that_is stopped
  refuses inspect "$C"
  has "$ERR" 'container not running' 'the error of inspect'
  refuses diff "$C"
  is "$RC" 2 'the exit code of diff'
  refuses diff "$C-missing"
  is "$RC" 2 'the exit code of diff'
}

paused_container_can_be_inspected() {
  spec own 'inspect and diff do not wait for the container'
  requires_sampan
  container_that_is paused
  does inspect "$C"
  does diff "$C"
}

container_of_an_ordinary_user_can_be_inspected() {
  spec own 'an ordinary user inspects a container of a user namespace, which differs in nothing'
  requires_sampan
  requires_userns
  requires_tool setpriv
  bundle -p 'exec sleep 1000' 'del(.linux.cgroupsPath, .linux.resources, .process.capabilities)' \
    '.linux.namespaces |= map(select(.type != "network")) + [{type: "user"}]' '.mounts |= map(select(.type != "devpts"))' \
    '.linux.uidMappings = [{containerID: 0, hostID: 54321, size: 1}] | .linux.gidMappings = [{containerID: 0, hostID: 54321, size: 1}]' \
    '.linux.sysctl = {"kernel.msgmax": "4096"}'
  mkdir -m 0700 "$T/users" && chown 54321:54321 "$T/users"
  local command
  for command in 'run --detach' 'diff' 'inspect --json' 'delete --force'; do
    # shellcheck disable=SC2086
    setpriv --reuid 54321 --regid 54321 --clear-groups $RUNTIME --root "$T/users" $command "$B" >"$T/$command.out" 2>"$T/err" ||
      fail "$command fails: $(<"$T/err")"
  done
  is "$(<"$T/diff.out")" '' diff
  is "$(jq -c '[.config.process.user.uid, .config.linux.uidMappings[0].hostID, .config.linux.sysctl["kernel.msgmax"]]' \
    "$T/inspect --json.out")" '[0,54321,"4096"]' 'what inspect tells'
}

container_that_is_being_made_has_no_settings_yet() {
  spec own 'inspect of a container that is being made says so'
  requires_sampan
  bundle '.hooks = {createRuntime: [{path: "/bin/busybox", args: ["sleep", "1000"]}]}'
  # shellcheck disable=SC2086
  helper $RUNTIME --root "$ROOT" create --bundle "$B" "$C"
  await 'grep -qs "\"pid\":[1-9]" "$ROOT/$C/state.json"'
  refuses inspect "$C"
  has "$ERR" 'cannot inspect a container that is creating' 'the error'
  refuses diff "$C"
  is "$RC" 2 'the exit code of diff'
}
