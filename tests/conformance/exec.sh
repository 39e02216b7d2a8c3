# A further process in a container. The specification knows no such operation: what is asserted is what engines
# depend on, and what the parts of `process` mean (config.md#process).
# shellcheck shell=bash disable=SC2016

# A running container whose program sleeps; for the arguments see bundle.
_container() {
  bundle -p 'sleep 1000' "$@"
  create
  start
}
# Runs a script in the container's shell: OUT, ERR, RC.
_sh() { rt exec "${OPTIONS[@]}" "$C" /bin/sh -c "$1"; }
_runs() { OPTIONS=("${@:2}"); _sh "$1" || fail 'exec fails'; }
_fails() { OPTIONS=("${@:2}"); _sh "$1" && fail 'exec is accepted'; ! _crashed || fail 'exec crashes'; [ -n "$ERR" ] || fail 'exec says nothing'; }
# A process object in $T/process.json, changed by jq filters.
_process() {
  local filter=.process part
  for part in "$@"; do filter+=" | $part"; done
  jq "$filter" "$B/config.json" >"$T/process.json"
}

# ---- the program and its end ------------------------------------------------------------------------------

exec_runs_a_program_in_the_container() {
  spec client 'exec runs a further program in the namespaces and the root of the container'
  _container
  _runs 'hostname; ls /fifo; for ns in pid net ipc uts mnt; do [ $(readlink /proc/1/ns/$ns) = $(readlink /proc/self/ns/$ns) ] && echo same; done'
  is "$OUT" $'conformance\n/fifo\nsame\nsame\nsame\nsame\nsame' 'what it sees'
}

exit_code_is_that_of_the_program() {
  spec client 'exec ends with the exit code of the program'
  _container
  rt exec "$C" /bin/sh -c 'exit 7'
  is "$RC" 7 'exit code'
  rt exec "$C" /bin/true
  is "$RC" 0 'exit code'
}

exit_code_of_a_killed_program_is_128_and_the_signal() {
  spec client 'exec ends with 128 and the number of the signal that ended the program'
  _container
  rt exec "$C" /bin/sh -c 'kill -9 $$'
  is "$RC" 137 'exit code'
}

cases missing_program_fails_exec /nope nope /etc
missing_program_fails_exec() {
  spec client 'a program that cannot be executed is an error with the texts that engines match, and 255'
  _container
  rt exec "$C" "$1"
  is "$RC" 255 'exit code'
  case $1 in
    /nope) has "$ERR" 'no such file or directory' 'the error' ;;
    nope) has "$ERR" 'executable file not found in $PATH' 'the error' ;;
    /etc) matches "${ERR,,}" 'permission denied|is a directory' 'the error' ;;
  esac
}

missing_interpreter_fails_exec() {
  spec own 'exec fails when the program cannot be executed, and says why'
  requires_sampan
  _container
  printf '#!/no/such/interpreter\n' >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  rt exec "$C" /tool
  is "$RC" 255 'exit code'
  has "$ERR" /no/such/interpreter 'the error'
  rt exec --detach "$C" /tool && fail 'a detached one is accepted'
  has "$ERR" /no/such/interpreter 'the error'
}

arguments_behind_the_id_belong_to_the_program() {
  spec client 'options end at the ID'
  _container
  rt exec "$C" /bin/busybox echo --tty -e a --help -- b || fail 'exec fails'
  is "$OUT" '--tty -e a --help -- b' 'arguments'
}

exec_without_a_program_is_refused() {
  spec own 'without a program and without --process there is nothing to do'
  _container
  refuses exec "$C"
}

standard_streams_are_the_callers() {
  spec client 'standard input, output and error are those of the caller'
  _container
  echo from-outside >"$T/input"
  STDIN=$T/input _runs 'cat; echo to-stderr >&2'
  is "$OUT" from-outside 'output'
  is "$ERR" to-stderr 'standard error'
}

signals_are_passed_on() {
  spec client 'what exec is sent reaches the program'
  _container
  $RUNTIME --root "$ROOT" exec "$C" /bin/sh -c 'trap "exit 9" TERM; echo up >/fifo; while :; do sleep 0.05; done' >/dev/null 2>&1 &
  local pid=$!
  await_line "$B/rootfs/fifo"
  kill -TERM $pid
  wait $pid
  is "$?" 9 'exit code'
}

signal_of_the_first_moment_is_the_programs() {
  spec own 'a signal that the program itself makes its caller get is passed on, as soon as it runs'
  requires_sampan
  local program='trap "exit 9" TERM; kill -TERM $PPID; while :; do sleep 0.05; done' pid_namespace='del(.linux.namespaces[] | select(.type == "pid"))'
  if [ "$1" = run ]; then
    bundle -p "$program" "$pid_namespace"
    run_container
  else
    bundle -p 'sleep 1000' "$pid_namespace"
    create
    start
    rt exec "$C" /bin/sh -c "$program"
  fi
  is "$RC" 9 'exit code'
}
cases signal_of_the_first_moment_is_the_programs exec run

# ---- when ------------------------------------------------------------------------------------------------

exec_works_in_a_created_container() {
  spec client 'exec is possible before start'
  container_that_is created
  _runs 'echo here'
  is "$OUT" here 'output'
  status_is created
}

exec_in_a_stopped_container_is_refused() {
  spec client 'the error says so'
  container_that_is stopped
  _fails true
  requires_sampan
  has "$ERR" 'cannot exec in a stopped container' 'the error'
}

exec_in_a_paused_container_is_refused() {
  spec client 'a frozen process would keep the caller waiting'
  container_that_is paused
  _fails true
  status_is paused
}

ignore_paused_waits_for_the_container() {
  spec client '--ignore-paused enters all the same, and the program runs when the container does'
  requires_sampan
  container_that_is paused
  $RUNTIME --root "$ROOT" exec --ignore-paused "$C" /bin/sh -c 'echo later' >"$T/later" 2>&1 &
  local pid=$!
  does resume "$C"
  wait $pid || fail "exec fails: $(<"$T/later")"
  is "$(<"$T/later")" later 'output'
}

exec_in_no_container_is_refused() {
  spec client 'the error says that the container does not exist'
  bundle
  refuses exec "$C" /bin/true
  has "$ERR" 'does not exist' 'the error'
}

many_at_once() {
  spec own 'several may enter a container at the same time'
  _container
  local i pids=()
  for i in 1 2 3 4 5 6 7 8; do
    $RUNTIME --root "$ROOT" exec "$C" /bin/busybox echo "$i" >"$T/out.$i" 2>&1 &
    pids+=($!)
  done
  for i in "${pids[@]}"; do wait "$i" || fail 'one of them fails'; done
  is "$(cat "$T"/out.* | sort | tr -d '\n')" 12345678 'what they wrote'
}

exec_that_is_killed_leaves_nothing() {
  spec own 'the process in between ends with exec'
  requires_sampan
  _container
  local i pid
  for i in 1 2 3 4 5 6 7 8 9 10; do
    $RUNTIME --root "$ROOT" exec --detach --pid-file "$T/none/pid" "$C" /bin/sleep 1000 2>/dev/null &
    pid=$!
    kill -KILL $pid 2>/dev/null
    wait $pid 2>/dev/null
  done
  # Those that have ended wait to be reaped by this chapter.
  await '[ "$($RUNTIME --root "$ROOT" exec "$C" ps -o stat,comm | grep -v ^Z | grep -c "sleep\|sampan")" = 1 ]'
}

container_that_is_deleted_takes_its_processes_along() {
  spec client 'delete --force ends what exec brought in'
  bundle -p 'sleep 1000' '.linux.namespaces |= map(select(.type != "pid"))'
  create
  start
  does exec --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  local pid
  pid=$(<"$T/exec.pid")
  does delete --force "$C"
  await_gone "$pid"
}

# ---- options ----------------------------------------------------------------------------------------------

detach_returns_when_the_program_runs() {
  spec client 'exec --detach returns 0 when the program is executed, and its pid stands in the pid file'
  _container
  does exec --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  local pid
  pid=$(<"$T/exec.pid")
  matches "$pid" '^[0-9]+$' 'pid file'
  is "$(tail -c 1 "$T/exec.pid" | od -An -c | tr -d ' ')" "${pid: -1}" 'last byte of the pid file'
  is "$(tr '\0' ' ' <"/proc/$pid/cmdline")" '/bin/sleep 1000 ' 'command line of the process'
}

failed_exec_leaves_no_pid_file() {
  spec own 'without a process there is no pid file'
  requires_sampan
  _container
  printf '#!/no/such/interpreter\n' >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  refuses exec --detach --pid-file "$T/exec.pid" "$C" /tool
  is_absent "$T/exec.pid" 'after a failed exec'
}

env_and_cwd_come_from_the_container() {
  spec client 'what is not given is that of the container'
  _container '.process.env += ["A=1", "B=2"]' '.process.cwd = "/tmp"'
  _runs 'pwd; echo $A $B' --env B=3 --env C=4
  is "$OUT" $'/tmp\n1 3' 'working directory and variables'
  _runs 'pwd; echo $B $C' --cwd /bin --env=B=5,6 --env C=4=4
  is "$OUT" $'/bin\n5,6 4=4' 'working directory and variables'
}

home_is_that_of_the_user() {
  spec client 'HOME is that of the user of the process'
  _container
  _runs 'echo $HOME' --user 1000:1000
  is "$OUT" /home/ann HOME
}

cases user_is_what_was_asked_for 1:1:0 1000:1000:0 1000%1000:1000:1000 0%7:0:7
user_is_what_was_asked_for() {
  spec client '--user UID[:GID]'
  _container
  IFS=: read -r option uid gid <<<"$1"
  _runs 'echo $(id -u) $(id -g)' --user "${option/\%/:}"
  is "$OUT" "$uid $gid" 'user and group'
}

user_is_found_by_its_name() {
  spec own '--user takes names of the container'"'"'s passwd and group; a number is never a name (CVE-2016-3697)'
  requires_sampan
  _container
  local passwd=$B/rootfs/etc/passwd
  # The container's root writes them, and may write anything.
  printf '1000:x:0:0::/:/bin/sh\nbob:x:77:78::/home/bob:\n' >>"$passwd"
  printf 'staff:x:79:bob,ann\n' >>"$B/rootfs/etc/group"
  _runs 'echo $(id -u) $(id -g) $HOME; grep Groups /proc/self/status' --user bob
  is "$(echo $OUT)" '77 78 /home/bob Groups: 79' 'user, group, home, groups'
  _runs 'echo $(id -u) $(id -g)' --user bob:staff
  is "$OUT" '77 79' 'user and group'
  _runs 'echo $(id -u)' --user 1000
  is "$OUT" 1000 'a number that is a name too'
  _fails true --user bab
  has "$ERR" 'did you mean "bob"?' 'the error'
  # Neither a link out of the root, nor what is no file, is read.
  ln -sf /proc/self/root/etc/passwd "$passwd"
  _fails true --user nobody
  rm "$passwd"; mkfifo "$passwd"
  _fails true --user bob
  has "$ERR" /etc/passwd 'the error'
}

additional_gids_are_added() {
  spec client '--additional-gids adds groups'
  _container '.process.user.additionalGids = [11]'
  rt exec --additional-gids 12 --additional-gids 13 "$C" /bin/sh -c 'grep Groups /proc/self/status' || lacks_support --additional-gids
  is "$(echo $OUT)" 'Groups: 11 12 13' 'groups'
}

cap_is_added() {
  spec client '--cap adds a capability to the bounding, effective and permitted sets'
  _container
  _runs 'grep Cap /proc/self/status' --cap CAP_NET_ADMIN
  is "$(awk '{print $1 $2}' <<<"$OUT" | tr '\n' ' ')" \
    'CapInh:0000000000000000 CapPrm:0000000020001420 CapEff:0000000020001420 CapBnd:0000000020001420 CapAmb:0000000000000000 ' 'sets'
}

unknown_cap_is_an_error() {
  spec own 'a capability that does not exist is a mistake of the caller'
  requires_sampan
  _container
  _fails true --cap CAP_NONESUCH
  has "$ERR" CAP_NONESUCH 'the error'
}

no_new_privs_is_set() {
  spec client '--no-new-privs'
  _container '.process.noNewPrivileges = false'
  _runs 'grep NoNewPrivs /proc/self/status'
  has "$OUT" 0 'without the option'
  _runs 'grep NoNewPrivs /proc/self/status' --no-new-privs
  has "$OUT" 1 'with the option'
}

limits_are_those_of_the_container() {
  spec client 'rlimits of the container hold for a process of exec'
  _container '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}, {type: "RLIMIT_NPROC", soft: 300, hard: 400}]'
  _runs 'ulimit -Sn; ulimit -Hn; ulimit -Su; ulimit -Hu; grep -e processes /proc/self/limits'
  has "$OUT" $'100\n200' 'limits'
  has "$(tr -s ' ' <<<"$OUT")" 'Max processes 300 400' 'limits'
}

low_limit_of_processes_does_not_hinder_exec() {
  spec own 'the process that makes the program does not count against its limit'
  _container '.process.user = {uid: 4711, gid: 4711}' '.process.rlimits = [{type: "RLIMIT_NPROC", soft: 2, hard: 2}]'
  _runs 'echo here'
  is "$OUT" here 'output'
}

preserved_descriptors_reach_the_program() {
  spec client '--preserve-fds N keeps 3 and the following, and no other'
  _container
  echo three >"$T/three"
  OPTIONS=(--preserve-fds 1)
  _sh 'cat <&3; ls /proc/self/fd' 3<"$T/three" 4<"$T/three" || fail 'exec fails'
  is "$(head -n 1 <<<"$OUT")" three 'what is behind descriptor 3'
  lacks_word "$(tr '\n' ' ' <<<"$OUT")" 5 'open descriptors'
  OPTIONS=(--preserve-fds 5)
  requires_sampan
  _sh 'cat <&3; ls /proc/self/fd' 3<"$T/three" || fail 'descriptors that are not open are no reason to fail (crun)'
  has "$ERR" 'warning: descriptor 4 is to be kept for the program, but is not open' 'the warning'
  is "$(head -n 1 <<<"$OUT")" three 'what is behind descriptor 3'
}

oom_score_adj_is_set() {
  spec config.md#linux-process 'oomScoreAdj of the process'
  _container
  _process '.args = ["/bin/cat", "/proc/self/oom_score_adj"]' '.oomScoreAdj = 555'
  does exec --process "$T/process.json" "$C"
  is "$OUT" 555 'score'
}

scheduler_and_io_priority_are_set() {
  spec config.md#linux-process 'scheduler and ioPriority of the process'
  _container
  _process '.args = ["/bin/sh", "-c", "cut -d\" \" -f 19,41 /proc/self/stat"]' '.scheduler = {policy: "SCHED_BATCH", nice: 5}' \
    '.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 6}'
  does exec --process "$T/process.json" "$C"
  is "$OUT" '5 3' 'nice value and policy'
}

cases exec_affinity 0::0 0:1:1 :1:1 1::1
exec_affinity() {
  spec config.md#linux-process 'execCPUAffinity: initial before the cgroup is entered, final after it'
  [ "$(nproc)" -ge 2 ] || skip 'there is one CPU only'
  _container
  IFS=: read -r initial final result <<<"$1"
  _process '.args = ["/bin/grep", "Cpus_allowed_list", "/proc/self/status"]' ".execCPUAffinity = {initial: \"$initial\", final: \"$final\"}"
  does exec --process "$T/process.json" "$C"
  is "$(echo $OUT)" "Cpus_allowed_list: $result" 'CPUs'
}

affinity_of_the_caller_is_not_inherited() {
  spec own 'without execCPUAffinity the cgroup alone decides'
  [ "$(nproc)" -ge 2 ] || skip 'there is one CPU only'
  requires_tool taskset
  requires_sampan
  _container
  _runs 'grep Cpus_allowed_list /proc/self/status'
  local all=$OUT
  # shellcheck disable=SC2086
  is "$(taskset -c 0 $RUNTIME --root "$ROOT" exec "$C" /bin/grep Cpus_allowed_list /proc/self/status)" "$all" 'CPUs'
}

# ---- a process object of its own ----------------------------------------------------------------------------

process_file_says_it_all() {
  spec client 'with --process nothing comes from the process of the container'
  _container '.process.env += ["A=1"]'
  _process '.args = ["/bin/sh", "-c", "id -u; pwd; echo A=$A B=$B; grep NoNewPrivs /proc/self/status"]' \
    '.user = {uid: 1000, gid: 1000}' '.env = ["PATH=/bin", "B=2"]' '.cwd = "/tmp"' '.noNewPrivileges = false' 'del(.capabilities)'
  does exec --process "$T/process.json" "$C"
  is "$OUT" $'1000\n/tmp\nA= B=2\nNoNewPrivs:\t0' 'output'
}

mistake_in_the_process_file_is_shown() {
  spec own 'an error of the file is shown with its place'
  requires_sampan
  _container
  _process '.args = ["/bin/true"]' '.rlimits = [{type: "RLIMIT_CORE", soft: 2, hard: 1}]'
  refuses exec --process "$T/process.json" "$C"
  matches "$ERR" 'process.json:[0-9]+:[0-9]+: /rlimits/0/soft' 'the error'
  _process '.args = ["/nope"]'
  refuses exec --process "$T/process.json" "$C"
  matches "$ERR" 'process.json:[0-9]+:[0-9]+: /args/0' 'the error'
}

# ---- cgroups ------------------------------------------------------------------------------------------------

process_is_in_the_cgroups_of_the_container() {
  spec client 'a process of exec is in the cgroups of the container'
  _container
  does exec --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  is "$(sort "/proc/$(<"$T/exec.pid")/cgroup")" "$(sort "/proc/$INIT/cgroup")" 'cgroups'
}

cgroup_below_the_containers() {
  spec client '--cgroup PATH runs the process in a cgroup below that of the container'
  requires_sampan
  requires_controller memory
  _container
  local dir name
  for dir in "${CGROUP_ROOTS[@]}"; do
    dir=$dir/$TEST_PREFIX/$C-bundle
    [ -d "$dir" ] || continue
    mkdir "$dir/sub"
    # A cgroup of cpuset v1 takes no process before it has CPUs and memory.
    for name in cpus mems; do [ ! -e "$dir/cpuset.$name" ] || cat "$dir/cpuset.$name" >"$dir/sub/cpuset.$name"; done
  done
  does exec --cgroup sub --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  has "$(grep -E "memory|^0:" "/proc/$(<"$T/exec.pid")/cgroup")" "$C-bundle/sub" 'cgroup'
  refuses exec --cgroup nonesuch "$C" /bin/true
}

cgroup_of_one_controller() {
  spec client '--cgroup CONTROLLER:PATH does so in the hierarchy of the controller'
  requires_sampan
  requires_cgroup 1
  requires_controller memory
  _container
  mkdir "$CGROUP/sub"
  does exec --cgroup memory:sub --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  has "$(grep :memory: "/proc/$(<"$T/exec.pid")/cgroup")" "$C-bundle/sub" 'cgroup of memory'
  lacks "$(grep :pids: "/proc/$(<"$T/exec.pid")/cgroup")" /sub 'cgroup of pids'
}

# Moves all processes of the container, in every hierarchy, like somebody who owns the cgroups of the host.
_move_away() {
  local root from to file
  for root in "${CGROUP_ROOTS[@]}"; do
    from=$root/$TEST_PREFIX/$C-bundle to=$root/$TEST_PREFIX/$C-away
    [ -d "$from" ] || continue
    mkdir "$to"
    # cpuset of cgroup v1 takes no process before.
    for file in cpuset.cpus cpuset.mems; do [ ! -e "$to/$file" ] || cat "$from/$file" >"$to/$file"; done
    echo "$INIT" >"$to/cgroup.procs" && rmdir "$from" || fail "cannot move to $to"
  done
}

container_that_has_left_its_cgroup() {
  spec client 'where the cgroup of the container is gone exec joins that of its first process'
  requires_sampan
  bundle -p 'exec sleep 1000'
  create
  start
  _move_away
  _runs 'cat /proc/self/cgroup'
  has "$OUT" "/$TEST_PREFIX/$C-away" 'the cgroups of exec'
  lacks "$OUT" "$C-bundle" 'the cgroups of exec'
  does kill --all "$C" KILL
  await_gone "$INIT"
  local root
  for root in "${CGROUP_ROOTS[@]}"; do [ ! -d "$root/$TEST_PREFIX/$C-away" ] || rmdir "$root/$TEST_PREFIX/$C-away"; done
}

container_that_distributes_controllers() {
  spec client 'where the cgroup takes no process any more (v2), exec goes to that of the first process'
  requires_cgroup 2
  requires_controller pids
  _container
  mkdir "$CGROUP/init"
  echo "$INIT" >"$CGROUP/init/cgroup.procs"
  echo +pids >"$CGROUP/cgroup.subtree_control" || fail 'the cgroup distributes nothing'
  does exec --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  is "$(<"/proc/$(<"$T/exec.pid")/cgroup")" "$(<"/proc/$INIT/cgroup")" 'cgroup'
}

# ---- namespaces ---------------------------------------------------------------------------------------------

exec_in_a_user_namespace() {
  spec client 'a process of exec has the ids of the user namespace'
  requires_userns
  _container "$USERNS" '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}]'
  _runs 'id -u; ulimit -n; awk "{print \$2}" /proc/self/uid_map; hostname; touch /tmp/file && stat -c %u /tmp/file'
  is "$OUT" $'0\n100\n100000\nconformance\n0' 'what it sees'
  _runs 'id -u; grep CapEff /proc/self/status' --user 1000:1000
  has "$OUT" 1000 'user'
}

exec_in_a_container_without_a_pid_namespace() {
  spec client 'only what differs is joined'
  bundle -p 'sleep 1000' '.linux.namespaces |= map(select(.type != "pid"))'
  create
  start
  _runs 'hostname; readlink /proc/self/ns/pid'
  is "$OUT" "conformance"$'\n'"$(readlink /proc/self/ns/pid)" 'what it sees'
}

exec_in_a_container_without_a_mount_namespace() {
  spec own 'where there is no mount namespace the root of the container is that of its first process'
  requires_sampan
  bundle -p 'sleep 1000' '.linux.namespaces |= map(select(.type != "mount")) | .mounts = []'
  create
  start
  _runs 'cat /etc/group | head -n 1; pwd; ls /fifo'
  is "$OUT" $'root:x:0:\n/\n/fifo' 'what it sees'
}

exec_in_a_container_that_joined_namespaces() {
  spec client 'the namespaces of the process are those of the container'
  bundle -n other -p 'sleep 1000'
  local other=$C
  create
  start
  local pid=$INIT
  C=$other-guest
  bundle -p 'sleep 1000' "(.linux.namespaces[] | select(.type == \"pid\" or .type == \"network\")) |= (.path = \"/proc/$pid/ns/\" + (if .type == \"pid\" then \"pid\" else \"net\" end))"
  create
  start
  _runs 'readlink /proc/self/ns/net'
  is "$OUT" "$(readlink "/proc/$pid/ns/net")" 'network namespace'
  does exec --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  is "$(readlink "/proc/$(<"$T/exec.pid")/ns/pid")" "$(readlink "/proc/$pid/ns/pid")" 'pid namespace'
}

exec_in_a_time_namespace() {
  spec config-linux.md#offset-for-time-namespace 'the offsets hold for a process of exec'
  requires_kernel_file /proc/self/ns/time
  bundle -p 'sleep 1000' '.linux.namespaces += [{type: "time"}]' '.linux.timeOffsets = {boottime: {secs: 1000000}}'
  _run "$T/program.out" "$T/create.err" create --bundle "$B" --pid-file "$T/pid" "$C" || lacks_support 'time namespaces'
  INIT=$(<"$T/pid")
  start
  _runs 'cut -d. -f1 /proc/uptime'
  [ "$OUT" -gt 1000000 ] || fail "the clock shows $OUT"
}

process_leads_a_session_of_its_own() {
  spec client 'a process of exec leads a session'
  _container
  _runs 'cut -d" " -f 1,6 /proc/$$/stat'
  is "${OUT% *}" "${OUT#* }" 'pid and session'
}

# ---- terminal -----------------------------------------------------------------------------------------------

tty_gives_a_terminal() {
  spec client 'exec --tty gives the program a terminal, joined to that of the caller'
  requires_tool script
  _container
  # shellcheck disable=SC2086
  command script -qec "stty rows 21 cols 77; $RUNTIME --root $ROOT exec --tty $C /bin/sh -c 'tty; echo over-tty >/dev/tty; for i in 1 2 3 4 5 6 7 8 9; do size=\$(stty size) && break; sleep 0.05; done; echo size \$size; exit 5'" /dev/null >"$T/out" 2>&1 </dev/null
  RC=$?
  OUT=$(tr -d '\r' <"$T/out")
  has "$OUT" /dev/pts/ 'output'
  has "$OUT" over-tty 'output'
  is "$RC" 5 'exit code'
}

terminal_goes_over_the_console_socket() {
  spec client 'exec --process --detach --console-socket, as containerd and conmon call it'
  requires_python
  _container
  cat >"$T/receiver.py" <<'PY'
import array, os, socket, sys
folder = sys.argv[1]
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(folder + "/console")
listener.listen(1)
open(folder + "/listening", "w").write("ready\n")
connection, _ = listener.accept()
data, ancillary, _, _ = connection.recvmsg(4096, socket.CMSG_LEN(16))
fds = array.array("i")
for level, kind, content in ancillary:
    fds.frombytes(content[: len(content) // 4 * 4])
text = b""
while b"done" not in text:
    text += os.read(fds[0], 4096)
open(folder + "/screen.new", "wb").write(text)
os.rename(folder + "/screen.new", folder + "/screen")
PY
  mkfifo "$T/listening"
  helper "$PYTHON" "$T/receiver.py" "$T"
  await_line "$T/listening"
  _process '.args = ["/bin/sh", "-c", "tty; stty size; echo over-tty >/dev/tty; stat -c owner-%u $(tty); echo done; sleep 100"]' '.terminal = true' \
    '.consoleSize = {height: 33, width: 111}' '.user = {uid: 1000, gid: 1000}'
  does exec --process "$T/process.json" --detach --pid-file "$T/exec.pid" --console-socket "$T/console" "$C"
  await "[ -e $T/screen ]"
  local screen
  screen=$(tr -d '\r' <"$T/screen")
  has "$screen" /dev/pts/ 'the terminal'
  has "$screen" '33 111' 'the terminal'
  has "$screen" over-tty 'the terminal'
  has "$screen" owner-1000 'the terminal'
}

terminal_that_nobody_takes_is_an_error() {
  spec client 'a detached process with a terminal needs --console-socket'
  _container
  refuses exec --detach --tty "$C" /bin/true
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" 'leave out --detach' 'the hint'
  lacks "$ERR" 'sampan run' 'the hint'
}

missing_process_file_is_an_error() {
  spec client 'exec --process FILE: a file that is not there is an error'
  _container
  refuses exec --process "$T/none.json" "$C"
  has "$ERR" "$T/none.json" 'the file'
  lacks "$ERR" bundle 'what it says of the file'
}

# ---- seccomp ------------------------------------------------------------------------------------------------

filter_of_the_container_holds() {
  spec client 'the filter of the container is loaded for a process of exec'
  _container '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 95}]}'
  _runs 'grep Seccomp: /proc/self/status; mkdir /tmp/x && echo made; true'
  has "$OUT" 2 'mode of seccomp'
  lacks "$OUT" made 'what the filter lets through'
}

filter_without_no_new_privs_holds() {
  spec client 'a filter is loaded without no_new_privs, too'
  _container '.process.noNewPrivileges = false' \
    '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}]}'
  _runs 'grep -E "Seccomp:|NoNewPrivs|CapEff" /proc/self/status; mkdir /tmp/x && echo made; true' --user 1000:1000
  has "$(tr -d '\t' <<<"$OUT")" $'CapEff:0000000000000000\nNoNewPrivs:0\nSeccomp:2' 'facts of the process'
  lacks "$OUT" made 'what the filter lets through'
}

# ---- what engines hand over ---------------------------------------------------------------------------------

missing_cwd_of_exec_is_an_error() {
  spec client 'a working directory that is not there is told with the words of chdir(2), which podman turns into 127'
  _container
  _fails pwd --cwd /missing/x
  matches "${ERR,,}" 'chdir.*/missing/x.*no such file or directory' 'the error'
  is_absent "$B/rootfs/missing" 'a folder that exec made'
  [ "$RC" != 0 ] || fail 'exit code 0'
}

process_of_exec_comes_from_a_stream() {
  spec client '--process takes whatever can be read: a FIFO, /dev/stdin, and - for standard input'
  [ "$RUNTIME_NAME" = sampan ] || [ "$1" != - ] || skip "$RUNTIME_NAME takes it for the name of a file"
  _container
  _process '.args = ["/bin/sh", "-c", "echo from the stream"]'
  case $1 in
    fifo)
      mkfifo "$T/process.fifo"
      helper dd if="$T/process.json" of="$T/process.fifo" status=none
      does exec --process "$T/process.fifo" "$C" ;;
    *) STDIN=$T/process.json does exec --process "$1" "$C" ;;
  esac
  is "$OUT" 'from the stream' 'output'
}
cases process_of_exec_comes_from_a_stream fifo /dev/stdin -

process_of_exec_comes_through_a_pipe() {
  spec client '/dev/stdin may be a pipe'
  _container
  _process '.args = ["/bin/sh", "-c", "echo from the pipe"]'
  # shellcheck disable=SC2002,SC2086
  OUT=$(cat "$T/process.json" | $RUNTIME --root "$ROOT" exec --process /dev/stdin "$C" 2>&1)
  is "$OUT" 'from the pipe' 'output'
}
