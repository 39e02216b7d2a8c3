# shellcheck shell=bash disable=SC2015,SC2034,SC2086,SC2119,SC2120
# What the conformance tests are written with. run starts a bash in new pid and mount namespaces, which
# reads this file and calls run_chapter.
#
# A chapter is a file of functions. Each function whose name does not begin with "_" is a test, named by
# what a user sees. It runs in its own subshell with
#   $T     its own folder, empty        $ROOT  the runtime's --root, below $T
#   $C     a container ID               $B     the folder of its bundle, which `bundle` makes
#   $1     the case, when `cases` lists some for the test
# and passes when it comes to its end. After it every container is deleted by force, and the test fails
# when a process, a mount or a cgroup is left then.

TEST_SECONDS=${TEST_SECONDS:-15}

# ---- saying what is tested ------------------------------------------------------------------------------

# The sentence of the specification that the following assertions show: its place, and what it says in our
# words. "client" instead of a place: no specification asks for it, but engines depend on it. "own": only
# sampan promises it.
spec() { SPEC_PLACE=$1 SPEC_TEXT=$2; }

fail() {
  echo "$*"
  [ -z "${SPEC_PLACE:-}" ] || echo "broken: $SPEC_PLACE: $SPEC_TEXT"
  [ -z "${COMMAND:-}" ] || echo "after: $COMMAND (exit code $RC)"
  [ -z "${ERR:-}" ] || printf '%s\n' "${ERR:0:2000}" | sed 's/^/stderr: /'
  exit 1
}
skip() { echo "$*" >"$T/skip"; exit 77; }
# To be called after a failed command: other runtimes need not support this, but sampan must.
lacks_support() {
  [ "$RUNTIME_NAME" != sampan ] || fail "there is no support of $1"
  skip "$RUNTIME_NAME has no $1"
}
# A line that is shown with the result, whatever that is.
note() { echo "# $*" >>"$T/notes"; }

# Test NAME runs once for each of the words, which is its $1.
declare -A CASES
cases() { local name=$1; shift; CASES[$name]="$*"; }

# A misspelt helper must not pass for a check. Bash calls this in a subshell, which cannot end the test.
command_not_found_handle() {
  echo "the test calls $1, which does not exist" | tee "$T/misspelt" >&2
  return 127
}
is() { [ "$1" = "$2" ] || fail "$3: expected '$2', found '$1'"; }
isnt() { [ "$1" != "$2" ] || fail "$3: found '$1', which it must not be"; }
# The text $1 contains $2.
has() { [[ $1 == *"$2"* ]] || fail "$3: expected '$2' in '${1:0:600}'"; }
lacks() { [[ $1 != *"$2"* ]] || fail "$3: found '$2' in '${1:0:600}'"; }
matches() { [[ $1 =~ $2 ]] || fail "$3: expected something like /$2/, found '${1:0:600}'"; }
# The list $1, separated by commas or spaces, contains the word $2.
has_word() { [[ ,${1// /,}, == *,"$2",* ]] || fail "$3: expected '$2' among '$1'"; }
lacks_word() { [[ ,${1// /,}, != *,"$2",* ]] || fail "$3: found '$2' among '$1'"; }
exists() { [ -e "$1" ] || fail "$2: there is no $1"; }
is_absent() { [ ! -e "$1" ] || fail "$2: there is a $1"; }

# ---- driving the runtime --------------------------------------------------------------------------------

# Runs the runtime with our --root. Sets RC, OUT (stdout) and ERR (stderr).
rt() { _run "$T/out" "$T/err" "$@"; }
_run() {
  local out=$1 err=$2; shift 2
  COMMAND="$RUNTIME_NAME $*"
  local traced=() place=''
  case ${TEST_TRACE:-}:$1 in
    yes:create|yes:run) _plan_first "$@" ;;
    yes:start) _trace_on "${2:-}" ;;
  esac
  # RUNTIME may contain arguments.
  $RUNTIME --root "$ROOT" "$1" "${traced[@]}" "${@:2}" >"$out" 2>"$err" <"${STDIN:-/dev/null}"
  RC=$?
  [ -z "$place" ] || [ $RC != 0 ] || [ "$1" = run ] || echo "$1" >>"$place.done"
  OUT=$(tr -d '\0' <"$out") ERR=$(<"$err")
  return $RC
}
# What is going to be done, as the runtime plans it, and the option by which it tells what it did: compared
# at the end of the chapter. Where a plan is refused, so is the container.
_plan_first() {
  place=$(mktemp "$TEST_WORK/plans/$1-XXXXXX")
  if ! $RUNTIME --root "$ROOT" plan --json "${@:2}" >"$place" 2>/dev/null </dev/null; then
    rm "$place"
    place=''
    return
  fi
  printf '%s\n' "$(basename "$T"): $COMMAND" >"$place.of"
  traced=(--trace "$place.trace")
  echo "$place" >"$T/last-plan"
}
# The start of what was created last in this test.
_trace_on() {
  [ "$1" = "${C:-}" ] && [ -e "$T/last-plan" ] || return 0
  place=$(<"$T/last-plan")
  traced=(--trace "$place.trace")
}
# Ended by a signal? (crun answers 255 to some errors)
_crashed() { [ "$RC" -gt 128 ] && [ "$RC" -lt 193 ]; }
# The same, but it must succeed, or fail.
does() { rt "$@" || fail "$1 fails"; }
refuses() {
  rt "$@" && fail "$1 is accepted"
  ! _crashed || fail "$1 crashes"
  [ -n "$ERR$OUT" ] || fail "$1 says nothing"
}

# If sampan does not support something yet, it says so and does not ignore it.
_not_yet() { [[ $ERR != *'is not carried out yet'* ]] || skip "not carried out yet: $(grep -o '/linux[^:]*: is not carried' <<<"$ERR" | head -n 1 | cut -d: -f1)"; }

# create writes the program's output to $T/program.out, because its stdout belongs to the program.
create() {
  _run "$T/program.out" "$T/create.err" create --bundle "$B" --pid-file "$T/pid" "$@" "$C" || { _not_yet; fail 'create fails'; }
  INIT=$(<"$T/pid")
}
create_fails() {
  _run "$T/program.out" "$T/create.err" create --bundle "$B" --pid-file "$T/pid" "$@" "$C" && fail 'create is accepted'
  ! _crashed || fail 'create crashes'
  [ -n "$ERR$OUT" ] || fail 'create says nothing'
}
start() { does start "${1:-$C}"; }
# Creates, starts, waits, deletes. OUT is what the program has printed, RC its exit code.
run_container() { rt run --bundle "$B" "$@" "$C"; }
# Like run_container, for a program that must end with 0.
runs() { run_container "$@" || { _not_yet; fail 'the container fails'; }; }
run_fails() { run_container "$@" && fail 'the container runs'; ! _crashed || fail 'run crashes'; }

# Reads the state of a container: STATUS, PID, and the whole state in OUT. If there is no container, STATUS is
# "none".
state_of() {
  STATUS=none PID=''
  rt state "${1:-$C}" || return 0
  [[ $OUT =~ \"status\":[[:space:]]*\"([a-z]+)\" ]] && STATUS=${BASH_REMATCH[1]}
  [[ $OUT =~ \"pid\":[[:space:]]*([0-9]+) ]] && PID=${BASH_REMATCH[1]}
  return 0
}
status_is() { state_of "${2:-$C}"; is "$STATUS" "$1" 'status'; }

# Brings the container into a status; its program sleeps.
container_that_is() {
  [ -d "$B" ] || bundle -p "${SLEEPER:-sleep 100}"
  create
  case $1 in
    created) ;;
    running) start ;;
    stopped) start; rt kill "$C" KILL; await_stopped ;;
    paused) requires_pause; start; does pause "$C" ;;
  esac
  status_is "$1"
}

# ---- waiting, always bounded ----------------------------------------------------------------------------

# A short pause without a fork: nobody ever writes to this descriptor.
_moment() { read -r -t 0.005 -u "$NEVER" _; true; }
await_gone() {
  local i text
  for ((i = 0; i < 6000; i++)); do
    { text=$(<"/proc/$1/stat"); } 2>/dev/null || return 0
    [[ ${text##*) } == [ZX]* ]] && return 0
    _moment
  done
  fail "process $1 does not end"
}
# $1 is an expression for eval that must become true.
await() {
  local i
  for ((i = 0; i < 6000; i++)); do eval "$1" && return 0; _moment; done
  fail "waited in vain for: $1"
}
await_stopped() { await_gone "${1:-$INIT}"; }
# Reads one line from a FIFO into LINE.
await_line() {
  LINE=''
  IFS= read -r -t "${2:-10}" LINE <>"$1" || fail "nothing came through the FIFO $1"
}
# A process of the test, which ends with the test. HELPER is its pid.
helper() { "$@" & HELPER=$!; HELPERS+=("$HELPER"); }

# ---- bundles --------------------------------------------------------------------------------------------

# bundle [-p SCRIPT] [-n NAME] [FILTER…]: makes the bundle $T/NAME (default "bundle") and sets B to it. SCRIPT
# is what the container's shell runs. Each FILTER is a jq filter over config.json, in which $T and $B can be
# used.
bundle() {
  local script='' name=bundle filter=.
  while :; do
    case ${1:-} in
      -p) script=$2; shift 2 ;;
      -n) name=$2; shift 2 ;;
      *) break ;;
    esac
  done
  B=$T/$name
  mkdir "$B" && cp -al "$TEST_WORK/rootfs" "$B/rootfs" || fail 'cannot make the bundle'
  cp --remove-destination "$TEST_WORK/rootfs/etc/passwd" "$TEST_WORK/rootfs/etc/group" "$B/rootfs/etc/"
  mkfifo -m 0666 "$B/rootfs/fifo"
  local text=${BASE_CONFIG/@CGROUP@/"/$TEST_PREFIX/$C-${name//[!a-z0-9]/_}"}
  if [ -n "$script" ]; then
    json_string "$script"
    text=${text/'["/bin/true"]'/"[\"/bin/sh\", \"-c\", $JSON_STRING]"}
  fi
  for part in "$@"; do [ -z "$part" ] || filter+=" | $part"; done
  [ "$filter" = . ] || _filter_by_jq "$filter" "$text"
  [ "$filter" = . ] || text=$FILTERED
  printf '%s\n' "$text" >"$B/config.json"
}
_without_names() {
  NAMELESS=${1//"$B"/"/@B@"}
  NAMELESS=${NAMELESS//"$T"/"/@T@"}
  NAMELESS=${NAMELESS//"$C"/@C@}
  NAMELESS=${NAMELESS//"$TEST_PREFIX"/@PREFIX@}
}
# The text $2 after the filter $1: FILTERED. jq takes longer than many a container, so the same question is
# only asked once: its results are in MADE, without the names that differ from run to run.
_filter_by_jq() {
  local filter text key made
  _without_names "$1" && filter=$NAMELESS
  _without_names "$2" && text=$NAMELESS
  key=$filter$'\n'$text
  made=${MADE[$key]:-}
  if [ -z "$made" ]; then
    made=$(jq --arg T /@T@ --arg B /@B@ "$filter" <<<"$text") || fail 'cannot write config.json'
    printf 'MADE[%q]=%q\n' "$key" "$made" >>"$T/made"
  fi
  made=${made//"/@B@"/"$B"} made=${made//"/@T@"/"$T"} made=${made//@C@/"$C"}
  FILTERED=${made//@PREFIX@/"$TEST_PREFIX"}
}
# The text as a JSON string: JSON_STRING.
json_string() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//$'\n'/\\n}
  JSON_STRING="\"${text//$'\t'/\\t}\""
}
# Changes the config of the bundle $B.
edit() {
  _filter_by_jq "$1" "$(<"$B/config.json")"
  # A new file: the old one may be linked.
  printf '%s\n' "$FILTERED" >"$T/edited" && mv "$T/edited" "$B/config.json"
}

# Writes an executable file with a script for busybox's shell, which exists on both sides.
script() {
  printf '#!/bin/busybox sh\n%s\n' "$2" >"$1"
  chmod 0755 "$1"
}

_make_rootfs() {
  local root=$1 name
  mkdir -p "$root"/{bin,dev,etc,proc,root,sbin,sys,tmp,usr/bin,usr/local/bin,var}
  chmod 1777 "$root/tmp"
  cp "$(command -v busybox)" "$root/bin/busybox"
  for name in awk base64 cat chgrp chmod chown cp cut date dd df env expr false find grep head hostname id ip kill \
    ln ls mkdir mkfifo mknod mount mv nc od printenv printf ps pwd readlink realpath rm rmdir sed seq sh sleep \
    sort stat stty tail tee test touch tr true tty umount uname uniq wc; do
    ln -s busybox "$root/bin/$name"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n' >"$root/etc/passwd"
  printf 'root:x:0:\nann:x:1000:\ntty:x:5:\n' >"$root/etc/group"
}

_base_config() {
  cat <<'JSON'
{
  "ociVersion": "1.0.2",
  "process": {
    "user": { "uid": 0, "gid": 0 },
    "args": ["/bin/true"],
    "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"],
    "cwd": "/",
    "capabilities": {
      "bounding": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
      "effective": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"],
      "permitted": ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
    },
    "noNewPrivileges": true
  },
  "root": { "path": "rootfs" },
  "hostname": "conformance",
  "mounts": [
    { "destination": "/proc", "type": "proc", "source": "proc" },
    { "destination": "/dev", "type": "tmpfs", "source": "tmpfs",
      "options": ["nosuid", "strictatime", "mode=755", "size=65536k"] },
    { "destination": "/dev/pts", "type": "devpts", "source": "devpts",
      "options": ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620", "gid=5"] },
    { "destination": "/dev/shm", "type": "tmpfs", "source": "shm",
      "options": ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"] }
  ],
  "linux": {
    "cgroupsPath": "@CGROUP@",
    "resources": { "devices": [{ "allow": false, "access": "rwm" }] },
    "namespaces": [
      { "type": "pid" }, { "type": "network" }, { "type": "ipc" }, { "type": "uts" }, { "type": "mount" }
    ]
  }
}
JSON
}

# jq filters that several chapters use.
# shellcheck disable=SC2034
USERNS='.linux.namespaces += [{type: "user"}]
  | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
  | .linux.gidMappings = [{containerID: 0, hostID: 100000, size: 65536}]'
# shellcheck disable=SC2034
ALL_CAPS='.process.capabilities |= (["CAP_SYS_ADMIN", "CAP_NET_ADMIN", "CAP_MKNOD", "CAP_CHOWN", "CAP_DAC_OVERRIDE",
  "CAP_FOWNER", "CAP_KILL", "CAP_SETUID", "CAP_SETGID", "CAP_SYS_CHROOT"] as $all
  | {bounding: $all, effective: $all, permitted: $all}) | .process.noNewPrivileges = false'

# ---- what a test needs ----------------------------------------------------------------------------------

requires_sampan() { [ "$RUNTIME_NAME" = sampan ] || skip "a promise of sampan's own"; }
requires_tool() { command -v "$1" >/dev/null || skip "$1 is not installed"; }
requires_kernel_file() { [ -e "$1" ] || skip "the kernel has no $1"; }
requires_userns() {
  requires_kernel_file /proc/self/ns/user
  unshare --user true 2>/dev/null || skip 'the kernel refuses user namespaces'
}
# The shim of a version manager takes longer than a whole test, so Debian's own comes first.
requires_python() {
  PYTHON=/usr/bin/python3
  [ -x $PYTHON ] || PYTHON=$(command -v python3) || skip 'python3 is not installed'
}
# Can the caller itself do this? $1 is the number of a capability, $2 its name.
requires_capability() {
  local name value rest
  while read -r name value rest; do [ "$name" = CapEff: ] && break; done </proc/self/status
  (( (16#$value >> $1) & 1 )) || skip "we lack $2"
}
cgroup_version() {
  [ -e /sys/fs/cgroup/cgroup.controllers ] && { echo 2; return; }
  echo 1
}
# Is the controller (or "name=systemd") in a mounted hierarchy of cgroup v1? It is not enough that its folder
# exists: it stays when the hierarchy is unmounted.
has_hierarchy() {
  local line
  while read -r line; do
    [[ $line == *' - cgroup '* && ,${line##* }, == *,"$1",* ]] && return 0
  done </proc/self/mountinfo
  return 1
}
# The folder with the files of a controller for the test's container: CGROUP.
requires_controller() {
  if [ "$(cgroup_version)" = 2 ]; then
    has_controller=" $(</sys/fs/cgroup/cgroup.controllers) "
    [[ $has_controller == *" $1 "* ]] || skip "cgroup v2 has no controller $1"
    CGROUP=/sys/fs/cgroup/$TEST_PREFIX/$C-bundle
  else
    has_hierarchy "$1" || skip "there is no cgroup v1 hierarchy with $1"
    CGROUP=/sys/fs/cgroup/$1/$TEST_PREFIX/$C-bundle
  fi
}
requires_cgroup() { [ "$(cgroup_version)" = "$1" ] || skip "the host has cgroup v$(cgroup_version)"; }
requires_pause() {
  requires_freezer
  $RUNTIME pause --help >/dev/null 2>&1 </dev/null || lacks_support 'the command pause'
}
requires_update() { $RUNTIME update --help >/dev/null 2>&1 </dev/null || lacks_support 'the command update'; }
requires_freezer() { [ "$(cgroup_version)" = 2 ] || has_hierarchy freezer || skip 'there is no freezer'; }

# ---- running a chapter ----------------------------------------------------------------------------------

# Runs after every test, in the chapter's own shell. Prints what it finds left.
_leftovers() {
  local prefix dir mounts i pids self=$BASHPID
  for ((i = 0; ; i++)); do
    pids=$(_other_processes "$self")
    [ -z "$pids" ] && break
    [ $i -lt 60 ] || { echo "left behind: processes: $pids"; kill -KILL -1 2>/dev/null; break; }
    _moment
  done
  mounts=$(</proc/self/mountinfo)
  [ "$mounts" = "$MOUNTS" ] || {
    echo 'left behind: mounts (<: missing, >: new)'
    diff <(printf '%s\n' "$MOUNTS") <(printf '%s\n' "$mounts")
    MOUNTS=$mounts
  }
  for prefix in "${CGROUP_ROOTS[@]/%//$TEST_PREFIX/$C-}"; do
    for dir in "$prefix"*; do
      [ -d "$dir" ] || continue
      echo "left behind: cgroup $dir"
      find "$dir" -depth -type d -exec rmdir {} + 2>/dev/null
    done
  done
}
_other_processes() {
  local dir text
  for dir in /proc/[0-9]*; do
    case ${dir#/proc/} in 1|"$1"|"$BASHPID") continue ;; esac
    { text=$(<"$dir/stat"); } 2>/dev/null || continue
    [[ ${text##*) } == [ZX]* ]] || echo "${text%%)*})"
  done
}

_end_containers() {
  local dir
  for dir in /sys/fs/cgroup/freezer/"$TEST_PREFIX"/"$C"-*; do
    [ -d "$dir" ] && echo THAWED >"$dir/freezer.state"
  done
  for dir in "$ROOT"/*/; do
    [ -d "$dir" ] || continue
    dir=${dir%/}
    timeout --foreground -s KILL 20 $RUNTIME --root "$ROOT" delete --force "${dir##*/}" >>"$T/delete.out" 2>&1 </dev/null ||
      { echo "delete --force ${dir##*/} fails:"; cat "$T/delete.out"; }
  done
}

# Of a runtime with sanitizers: a test could take its end for a failure that it expects.
_sanitizer_reports() {
  grep -s -h -I -A 40 -d skip -D skip -e AddressSanitizer -e 'runtime error: ' "$T"/*
}

# By a line of the file TEST_SKIP; sets REASON.
_is_to_be_skipped() {
  local pattern
  [ -n "${TEST_SKIP:-}" ] || return 1
  while read -r pattern REASON; do
    # shellcheck disable=SC2053
    case $pattern in ''|'#'*) ;; *) [[ $1 == $pattern ]] && return 0 ;; esac
  done <"$TEST_SKIP"
  return 1
}

# Sets code. Waits for a second at a time: during a bounded read bash does not notice children that end. So
# long, what the test leaves to us would stay a zombie, with the session keyring that counts against its
# user's keys. The second may be over early.
_await_end() {
  local part last=$((SECONDS + TEST_SECONDS))
  code=''
  until read -r -t 1 -u "$DONE" part; do
    code+=$part
    [ $SECONDS -lt $last ] || return 1
  done
  code+=$part
}

_run_test() {
  local title=$TEST_CHAPTER/$1${2:+[$2]} code pid begin=${EPOCHREALTIME/./} remains reports
  ! _is_to_be_skipped "$title" || { echo "ok - $title # SKIP $REASON"; return; }
  NUMBER=$((NUMBER + 1))
  # The chapter comes first: no ID followed by a dash is the beginning of another one that runs at the same
  # time.
  C=$TEST_CHAPTER-t$$-$NUMBER T=$TEST_WORK/t$NUMBER ROOT=$T/root B=$T/bundle COMMAND='' RC='' ERR='' HELPERS=()
  mkdir "$T"
  {
    (
      trap 'kill -KILL "${HELPERS[@]}" 2>/dev/null; wait' EXIT
      cd "$T" || exit 1
      "$@"
      exit 0
    ) >>"$T/log" 2>&1 </dev/null
    echo $? >&"$DONE"
  } &
  pid=$!
  if ! _await_end; then
    code=124
    echo "no end after $TEST_SECONDS seconds" >>"$T/log"
    kill -KILL "$pid" 2>/dev/null
    _end_containers >/dev/null
    kill -KILL -1 2>/dev/null
  fi
  wait "$pid" 2>/dev/null
  # shellcheck source=/dev/null
  [ ! -e "$T/made" ] || . "$T/made"
  remains=$(_end_containers)
  remains+=$(_leftovers)
  MOUNTS=$(</proc/self/mountinfo)
  [ ! -e "$T/misspelt" ] || code=1
  reports=$(_sanitizer_reports) && code=1 && printf '%s\n' "$reports" >>"$T/log"
  if [ $code = 77 ]; then
    echo "ok - $title # SKIP $(<"$T/skip")"
  elif [ $code = 0 ] && [ -z "$remains" ]; then
    echo "ok - $title # $(( (${EPOCHREALTIME/./} - begin) / 1000 )) ms"
  else
    echo "not ok - $title"
    [ $code = 0 ] || sed 's/^/#   /' "$T/log"
    [ -z "$remains" ] || { echo 'broken: runtime.md#delete: delete removes everything that create made'
                           printf '%s\n' "$remains"; } | sed 's/^/#   /'
  fi
  [ ! -e "$T/notes" ] || cat "$T/notes"
  rm -rf --one-file-system "$T"
}

# When its mount point is removed, a mount vanishes from all namespaces, and when a folder above it is
# renamed, it is renamed too. This may happen while we look at mounts of others (an engine that is tested at
# the same time, a system that is being installed in somebody's cache). So these are removed from our
# namespace now.
_forget_mounts_of_others() {
  local place
  for place in $(awk -v one="${TEST_WORK%/*/*}/" -v other="$HOME/" \
    'index($5, one) == 1 || index($5, other) == 1 { print $5 }' /proc/self/mountinfo); do
    case "$RUNTIME $TEST_FILE $TEST_WORK ${BUNDLE_CACHE:-} " in *"$place"/*) ;; *) umount -l "$place" 2>/dev/null ;; esac
  done
}

# One more result: everything that was created in this chapter was made by the steps of its plan.
_compare_plans() {
  local name=$TEST_CHAPTER/what_is_done_is_the_plan told
  [ -n "$(ls -A "$TEST_WORK/plans")" ] || return 0
  if told=$("$TEST_TOP/conformance/compare-plans" "$TEST_WORK/plans" 2>&1); then
    printf 'ok - %s # %s\n' "$name" "$told"
  else
    printf 'not ok - %s\n' "$name"
    sed 's/^/# /' <<<"$told"
  fi
}
run_chapter() {
  local name item
  umask 022
  unset LISTEN_FDS LISTEN_PID NOTIFY_SOCKET XDG_RUNTIME_DIR
  _forget_mounts_of_others
  # Shared, so that a container's mount that propagates is seen; a private host would hide it.
  mount --make-rshared /
  mount -t tmpfs -o mode=0755 sampan-test "$TEST_WORK" || exit 1
  # Debian's crun does not start if v1 and v2 are both mounted; but it writes to the folder nevertheless.
  if [ "$RUNTIME_NAME" = crun ] && [ -d /sys/fs/cgroup/unified ]; then
    umount /sys/fs/cgroup/unified
    mount -t tmpfs sampan-test /sys/fs/cgroup/unified
  fi
  # crun gives the streams of its caller to the container's user, and so would give away the host's /dev/null.
  if [ "$RUNTIME_NAME" = crun ]; then
    mknod -m 0666 "$TEST_WORK/null" c 1 3
    mount --bind "$TEST_WORK/null" /dev/null && exec </dev/null
  fi
  mapfile -t CGROUP_ROOTS < <(awk '/ - cgroup2? / { print $5 }' /proc/self/mountinfo)
  _make_rootfs "$TEST_WORK/rootfs"
  BASE_CONFIG=$(_base_config)
  # What jq has made before; with $BUNDLE_CACHE also in other runs, and on other machines.
  local cache=${BUNDLE_CACHE:+$BUNDLE_CACHE/$TEST_CHAPTER}
  declare -A MADE=()
  # shellcheck source=/dev/null
  [ ! -e "$cache" ] || . "$cache"
  mkfifo "$TEST_WORK/never" "$TEST_WORK/done"
  mkdir -m 0700 "$TEST_WORK/plans"
  [ "$RUNTIME_NAME" = sampan ] || TEST_TRACE=''
  exec {NEVER}<>"$TEST_WORK/never" {DONE}<>"$TEST_WORK/done"
  MOUNTS=$(</proc/self/mountinfo)
  NUMBER=0
  # shellcheck source=/dev/null
  . "$TEST_FILE"
  # shellcheck disable=SC2013
  for name in $(sed -n 's/^\([a-z][a-z0-9_]*\)() {.*/\1/p' "$TEST_FILE"); do
    # shellcheck disable=SC2254
    case $name in $TEST_PATTERN) ;; *) continue ;; esac
    if [ -n "${CASES[$name]:-}" ]; then
      for item in ${CASES[$name]}; do _run_test "$name" "$item"; done
    else
      _run_test "$name"
    fi
  done
  [ -z "${TEST_TRACE:-}" ] || _compare_plans
  [ -z "$cache" ] || { declare -p MADE >"$cache.$TEST_PREFIX" && mv "$cache.$TEST_PREFIX" "$cache"; }
  exit 0
}
