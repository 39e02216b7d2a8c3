# One system call of a command fails, of whichever of its processes, one after another. What must come of each:
# an error that names the reason, and nothing is left; or success, and all is as asked. README.md.
# shellcheck shell=bash disable=SC2015,SC2016,SC2034,SC2086,SC2153

OUTPUT=out
HANGS=30  # seconds after which a command counts as hung: far more than any of them waits by itself on a busy machine

_requires() {
  requires_sampan
  INJECT=${RUNTIME%% *}
  INJECT=${INJECT%/src/cli/sampan}/tests/faults/inject
  [ -x "$INJECT" ] || skip 'inject is not built beside the runtime'
  [ "$1" != userns ] || requires_userns
}

# ---- the container --------------------------------------------------------------------------------------

# Prints everything that would change if a step was silently skipped.
_FACTS='id; hostname; pwd; umask; env | sort; ulimit -a
  grep -E "^(Cap|NoNewPrivs|Seccomp:|Groups)" /proc/self/status
  cut -d " " -f 4-6 /proc/self/mountinfo; ls -lnR /dev | cut -c 1-40; ls /proc/self/fd; cat /proc/self/oom_score_adj
  cat /proc/sys/net/ipv4/ip_unprivileged_port_start; wc -c </proc/timer_list; touch /proc/sys/none 2>&1
  while read -r name there; do
    [ "$(readlink "/proc/self/ns/$name")" = "$there" ] && echo "$name is the host'"'"'s"
  done </host; echo end'

# $1: plain or userns; $2: what the program does after it has printed the facts.
_faults_bundle() {
  local userns='.' name
  [ "$1" != userns ] || userns=$USERNS
  bundle -p "$_FACTS; $2" "$userns"' | .process.oomScoreAdj = 77 | .process.user = {uid: 7, gid: 8, additionalGids: [9]}
    | .process.rlimits = [{type: "RLIMIT_NOFILE", soft: 50, hard: 60}] | .process.cwd = "/tmp"
    | .linux.resources.pids = {limit: 50} | .linux.sysctl = {"net.ipv4.ip_unprivileged_port_start": "7"}
    | .linux.maskedPaths = ["/proc/timer_list"] | .linux.readonlyPaths = ["/proc/sys"]
    | .mounts += [{destination: "/bound", type: "bind", source: $B, options: ["bind", "ro"]}]
    | .linux.devices = [{path: "/dev/fuse", type: "c", major: 10, minor: 229, uid: 7}]
    | .linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mincore"], action: "SCMP_ACT_ERRNO"}]}
    | .hooks = {createRuntime: [{path: "/bin/touch", args: ["touch", ($T + "/hooked/createRuntime")]}],
                createContainer: [{path: "/bin/touch", args: ["touch", ($T + "/hooked/createContainer")]}],
                startContainer: [{path: "/bin/true"}],
                poststop: [{path: "/bin/touch", args: ["touch", ($T + "/hooked/poststop")]}]}'
  mkdir -m 0777 "$T/hooked"
  mkdir "$B/rootfs/bound"
  for name in cgroup ipc mnt net pid user uts; do
    echo "$name $(readlink "/proc/self/ns/$name")"
  done >"$B/rootfs/host"
}

_create() {
  rm -f "$T"/hooked/*
  _run "$T/program.out" "$T/err" create --bundle "$B" --pid-file "$T/pid" "$C" || fail 'create fails'
}
_run_to_its_facts() { _create; start; await 'grep -q "^end$" "$T/program.out"'; }
_paused() { _run_to_its_facts; does pause "$C"; }
_nothing_yet() { rm -f "$T"/hooked/*; }
# Commands that change nothing share one container, which exists until the end; its pid is recorded.
_running_once() { [ -d "$ROOT/$C" ] || _run_to_its_facts; }
_running_to_the_end() { _running_once; }

_limit() {
  local dir
  for dir in "${CGROUP_ROOTS[@]}"; do
    dir+=/$TEST_PREFIX/$C-bundle
    [ ! -e "$dir/pids.max" ] || cat "$dir/pids.max"
  done
}
_processes() {
  local dir name text
  for dir in /proc/[0-9]*; do
    { name=$(<"$dir/comm") && text=$(<"$dir/stat"); } 2>/dev/null || continue
    [[ ${text##*) } == [ZX]* ]] && continue
    case $name in sampan*|sleep|3|touch) echo "${dir#/proc/}:$name" ;; esac
  done
}

# ---- what is right --------------------------------------------------------------------------------------

_same_facts() { is "$(<"$1")" "$(<"$T/reference")" 'what the program tells'; }
_nothing_left() {
  local dir
  is "$(ls "$ROOT" 2>/dev/null)" '' 'what is left below --root'
  for dir in "${CGROUP_ROOTS[@]}"; do
    is_absent "$dir/$TEST_PREFIX/$C-bundle" 'what is left'
  done
  await '[ -z "$(_processes)" ]'
}

_created_as_asked() {
  exists "$T/hooked/createRuntime" 'the hook'
  exists "$T/hooked/createContainer" 'the hook'
  status_is created
  is "$PID" "$(<"$T/pid")" 'the pid file'
  is "$(_limit)" 50 'the limit'
  start
  _started_as_asked
}
_started_as_asked() {
  await 'grep -q "^end$" "$T/program.out"'
  _same_facts "$T/program.out"
  status_is running
}
# Running is possible too: the program is let go before start can know whether it is executed.
_start_failed() { state_of; [[ $STATUS == @(created|running|stopped|none) ]] || fail "the status is $STATUS"; }
_printed_the_facts() { _same_facts "$T/out"; }
# What cannot be removed after the program's end is reported, and does not change the exit code.
_is_told() { [[ $ERR == *warning* && ${ERR,,} == *"${text,,}"* ]]; }
_ran_as_asked() { _printed_the_facts; _is_told || _deleted_as_asked; }
# Its first process, once the shell that printed the facts has executed it.
_one_process() { status_is running; await '[ "$(_processes | wc -l)" = 1 ]'; }
_executed_as_asked() { _printed_the_facts; _one_process; }
_killed_as_asked() { await_stopped "$(<"$T/pid")"; status_is stopped; }
_kill_failed() { state_of; [[ $STATUS == @(running|stopped) ]] || fail "the status is $STATUS"; }
_deleted_as_asked() { _is_told || exists "$T/hooked/poststop" 'the hook'; _nothing_left; }
_is_paused() { status_is paused; }
_is_running() { status_is running; }
_resume_failed() { state_of; [[ $STATUS == @(running|paused) ]] || fail "the status is $STATUS"; }
_updated_as_asked() { is "$(_limit)" 33 'the limit'; }
_not_updated() { is "$(_limit)" 50 'the limit'; status_is running; }
_printed_the_same() { is "$(<"$T/out")" "$(<"$T/reference")" 'the output'; }
# With the owner's number, if the name cannot be read.
_listed_the_same() { sed 's/"#0"/"root"/' "$T/out" >"$T/named"; is "$(<"$T/named")" "$(<"$T/reference")" 'the output'; }
_whatever() { :; }

# ---- the points -----------------------------------------------------------------------------------------

# Runs the command under inject with these arguments. OUTPUT: the file of $T that its program writes to.
_inject() { "$INJECT" "$T/report" "$@" $RUNTIME --root "$ROOT" "${WORDS[@]}" >"$T/$OUTPUT" 2>"$T/err" </dev/null; }
_list() { _inject 20 list && mv "$T/report" "$T/points"; }

# Checks for the words of the errno (in lower case in an error about the program). Three failures cannot be
# reported: of a process that cannot write to standard error, of the stub that cannot read the last word of
# create or wait at the gate, and of a helper that cannot send what it has. The last two can only end, and
# their end is reported.
_names_the_reason() {
  [[ ${ERR,,} == *"${text,,}"* ]] && return
  case $role:$name in
    *:write) [ -z "$ERR" ] ;;
    helper:sendmsg) [[ $ERR == *'the process that '*' exited with 1'* ]] ;;
    stub:ppoll | stub:read | stub:accept4 | init:read) [[ $ERR == *' before '@('its program was executed'|'it was ready')* ]] ;;
    *) false ;;
  esac
}
_ended_unheard() { [ "$role:$name" = stub:read ] && state_of && [ "$STATUS" = stopped ]; }

# Tries one point: counts it, and reports it if it is not clean.
_try() {
  local verdict=clean why='' role name text again
  for again in 1 2 3 4 5; do
    "$PREPARE"
    _inject "$HANGS" "$1" "$2" "$FAULTS_ERRNO"
    RC=$? ERR=$(<"$T/err")
    # The kernel takes some time to release the keyrings of containers that are gone.
    [[ $ERR == *keyctl*'Disk quota exceeded'* ]] || break
    _clear
    sleep $again
  done
  read -r role name text <"$T/report" || { _clear; return; }
  COMMAND=''
  if [ $RC = 124 ] && grep -q ^hung "$T/report"; then
    verdict=hung why=$(sed -n '/^hung/,$p' "$T/report" | tr '\n' ' ')
  elif [ $RC = 0 ]; then
    why=$("$AS_ASKED" 2>&1) || _ended_unheard || verdict=lied
  elif [ $RC -gt 128 ] && [ $RC -lt 193 ]; then
    verdict=lied why="ended by signal $((RC - 128))"
  elif ! _names_the_reason; then
    verdict=lied
  else
    why=$("$AFTER_FAILURE" 2>&1) || verdict=leaked
  fi
  COUNT[points]=$((COUNT[points] + 1)) COUNT[$verdict]=$((COUNT[$verdict] + 1))
  [ $verdict = clean ] || {
    [ $RC = 0 ] || why+=" ($RC: ${ERR:0:300})"
    note "  $verdict: $1 $2, $name of $role: ${why//$'\n'/; }"
  }
  case $PREPARE:$verdict in
    _running_once:clean | _running_to_the_end:*) ;;
    *) _clear ;;
  esac
}

# After it is deleted by force, nothing may be left.
_clear() {
  local left
  timeout -s KILL 15 $RUNTIME --root "$ROOT" delete --force "$C" >"$T/delete.out" 2>&1 </dev/null ||
    note "  leaked: delete --force: $(<"$T/delete.out")"
  left=$(_nothing_left 2>&1) || { COUNT[leaked]=$((COUNT[leaked] + 1)); note "  leaked, and not removed: ${left//$'\n'/; }"; }
}

# Calls whose failures were once ignored or misreported are always tried.
_once_lied() { [[ $1 == @(getdents64|getcwd|access|faccessat|faccessat2|ppoll|pipe2) ]]; }

# Every FAULTS_EVERY-th point, starting with one that FAULTS_SEED chooses. TITLE names the command in the
# table.
_at_each_point() {
  local process call role name text number=0
  declare -gA COUNT=([points]=0 [clean]=0 [leaked]=0 [hung]=0 [lied]=0)
  "$PREPARE"
  _list || fail "$TITLE fails where nothing was injected: $(<"$T/err")"
  text=none
  "$AS_ASKED"
  [[ $PREPARE == _running_* ]] || _clear
  while read -r process call role name <&3; do
    (((number++ + FAULTS_SEED) % FAULTS_EVERY)) && ! _once_lied "$name" || _try "$process" "$call"
  done 3<"$T/points"
  [ -z "$(_processes)" ] || _clear
  note "$TITLE: ${COUNT[points]} points of $number, ${COUNT[clean]} clean, ${COUNT[leaked]} leaked," \
    "${COUNT[hung]} hung, ${COUNT[lied]} lied"
  [ "${COUNT[points]}" = "${COUNT[clean]}" ] || fail "${COUNT[clean]} of ${COUNT[points]} points are clean"
}
# _points TITLE PREPARE AS_ASKED AFTER_FAILURE COMMAND...
_points() {
  TITLE=$1 PREPARE=$2 AS_ASKED=$3 AFTER_FAILURE=$4 WORDS=("${@:5}")
  spec own 'whichever system call fails, the error names why and nothing is left, or all is as asked'
  _at_each_point
}

# ---- the commands ---------------------------------------------------------------------------------------

_container() {
  _requires "$1"
  _faults_bundle "$1" 'exec sleep 100'
  _run_to_its_facts
  cp "$T/program.out" "$T/reference"
}
_fresh() { _container "$1"; _clear; }
_reference() { does "$@"; cp "$T/out" "$T/reference"; }

create_where_a_call_fails() {
  _fresh "$1"
  OUTPUT=program.out
  _points "create, $1" _nothing_yet _created_as_asked _nothing_left create --bundle "$B" --pid-file "$T/pid" "$C"
}
start_where_a_call_fails() {
  _fresh "$1"
  _points "start, $1" _create _started_as_asked _start_failed start "$C"
}
run_where_a_call_fails() {
  _requires "$1"
  _faults_bundle "$1" ':'
  runs
  cp "$T/out" "$T/reference"
  _points "run, $1" _nothing_yet _ran_as_asked _nothing_left run --bundle "$B" "$C"
}
exec_where_a_call_fails() {
  _container "$1"
  _reference exec "$C" /bin/sh -c "$_FACTS"
  _points "exec, $1" _running_once _executed_as_asked _one_process exec "$C" /bin/sh -c "$_FACTS"
}
kill_where_a_call_fails() {
  _fresh "$1"
  _points "kill, $1" _run_to_its_facts _killed_as_asked _kill_failed kill "$C" KILL
}
delete_where_a_call_fails() {
  _fresh "$1"
  _points "delete, $1" _run_to_its_facts _deleted_as_asked _whatever delete --force "$C"
}
pause_where_a_call_fails() {
  requires_pause
  _fresh "$1"
  _points "pause, $1" _run_to_its_facts _is_paused _is_running pause "$C"
}
resume_where_a_call_fails() {
  requires_pause
  _fresh "$1"
  _points "resume, $1" _paused _is_running _resume_failed resume "$C"
}
update_where_a_call_fails() {
  _fresh "$1"
  _points "update, $1" _run_to_its_facts _updated_as_asked _not_updated update --pids-limit 33 "$C"
}
state_where_a_call_fails() {
  _container "$1"
  _reference state "$C"
  _points "state, $1" _running_to_the_end _printed_the_same _is_running state "$C"
}
list_where_a_call_fails() {
  _container "$1"
  _reference list --format json
  _points "list, $1" _running_to_the_end _listed_the_same _is_running list --format json
}
ps_where_a_call_fails() {
  _container "$1"
  _reference ps --format json "$C"
  _points "ps, $1" _running_to_the_end _printed_the_same _is_running ps --format json "$C"
}
plan_where_a_call_fails() {
  _fresh "$1"
  _reference plan "$B"
  _points "plan, $1" _nothing_yet _printed_the_same _nothing_left plan "$B"
}
features_where_a_call_fails() {
  _fresh "$1"
  _reference features
  _points "features, $1" _nothing_yet _printed_the_same _nothing_left features
}

helper_that_is_killed_is_named() {
  spec own 'create fails, and says so, when a process that helps it dies'
  local process call role name tried=0
  _fresh userns
  WORDS=(create --bundle "$B" "$C")
  _list || fail "create fails: $(<"$T/err")"
  _clear
  while read -r process call role name <&3; do
    [ "$role" = helper ] || continue
    _inject "$HANGS" "$process" "$call" KILL
    RC=$? ERR=$(<"$T/err")
    # The failure of a hook before it is executed is reported as that of a hook.
    [[ $ERR == *' hook '* ]] || {
      is "$RC" 1 "exit code when a helper is killed at its $name"
      has "$ERR" 'the process that opens sources of mounts in the container was killed by SIGKILL' 'the error'
      tried=$((tried + 1))
    }
    _clear
  done 3<"$T/points"
  [ $tried -gt 10 ] || fail "only $tried calls"
}

stub_names_what_it_cannot_read_of_a_start() {
  spec own 'a start whose word the waiting process cannot read fails with the reason'
  local process call role name text accepted=''
  _requires plain
  _faults_bundle plain ':'
  WORDS=(run --bundle "$B" "$C")
  _list || fail "run fails: $(<"$T/err")"
  _clear
  while read -r process call role name <&3; do
    [ "$accepted:$role:$name" != "$process:stub:read" ] || break
    [ "$role:$name" != stub:accept4 ] || accepted=$process
  done 3<"$T/points"
  isnt "$accepted" '' 'the stub'
  _inject "$HANGS" "$process" "$call" "$FAULTS_ERRNO"
  RC=$? ERR=$(<"$T/err")
  read -r role name text <"$T/report"
  is "$RC $role $name" '1 stub read' 'what failed'
  has "${ERR,,}" "${text,,}" 'the error'
}

keyring_that_is_one_too_many_is_explained() {
  spec own 'keys are counted for each user: where the limit is reached, the error names it and the option without'
  local process call role name
  _fresh plain
  WORDS=(create --bundle "$B" "$C")
  _list || fail "create fails: $(<"$T/err")"
  _clear
  while read -r process call role name <&3; do [ "$name" != keyctl ] || break; done 3<"$T/points"
  is "$name" keyctl 'the call'
  _inject "$HANGS" "$process" "$call" EDQUOT
  ERR=$(<"$T/err")
  has "$ERR" 'Disk quota exceeded' 'the reason'
  has "$ERR" kernel.keys. 'the hint'
  has "$ERR" --no-new-keyring 'the hint'
}

for _name in create start run exec kill delete pause resume update state list ps; do
  cases "${_name}_where_a_call_fails" plain userns
done
cases plan_where_a_call_fails plain
cases features_where_a_call_fails plain
