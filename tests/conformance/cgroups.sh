# Control groups: place, limits, removal (config-linux.md#control-groups).
# shellcheck shell=bash

# The file with a limit: v1 name or v2 name, each below the container's cgroup of its controller.
_limit() {
  if [ "$(cgroup_version)" = 2 ]; then cat "$CGROUP/$2"; else cat "$CGROUP/$1"; fi
}
_sleeper() { bundle -p 'sleep 100' "$@"; create; }

process_is_in_the_cgroup_of_the_path() {
  spec config-linux.md#cgroups-path 'cgroupsPath is the path of the cgroup; an absolute one is taken from the mount point'
  requires_controller pids
  _sleeper
  is "$(<"$CGROUP/cgroup.procs")" "$INIT" 'processes of the cgroup'
}

process_is_in_the_cgroup_of_every_hierarchy() {
  spec config-linux.md#cgroups-path 'the same path in all hierarchies'
  requires_cgroup 1
  requires_controller pids
  _sleeper
  local dir
  for dir in memory cpu cpuset pids devices freezer; do
    has_hierarchy "$dir" || continue
    is "$(cat "/sys/fs/cgroup/$dir/$TEST_PREFIX/$C-bundle/cgroup.procs")" "$INIT" "processes of the $dir cgroup"
  done
}

children_of_the_program_are_in_the_cgroup() {
  spec config-linux.md#control-groups 'cgroups restrict the container with all its processes'
  requires_controller pids
  bundle -p 'sleep 100 & echo ready >/fifo; wait'
  create
  start
  await_line "$B/rootfs/fifo"
  is "$(wc -l <"$CGROUP/cgroup.procs")" 2 'processes of the cgroup'
}

relative_path_is_the_same_each_time() {
  spec config-linux.md#cgroups-path 'a relative path may be taken from anywhere, but always gives the same cgroup'
  requires_controller pids
  bundle -p 'sleep 100' ".linux.cgroupsPath = \"$TEST_PREFIX/$C-bundle\""
  create
  local first
  first=$(grep -E ':pids:|^0::' "/proc/$INIT/cgroup" | head -n 1)
  does delete --force "$C"
  create
  is "$(grep -E ':pids:|^0::' "/proc/$INIT/cgroup" | head -n 1)" "$first" 'cgroup of the process'
}

container_without_a_path_has_a_cgroup_of_its_own() {
  spec config-linux.md#cgroups-path 'without cgroupsPath the runtime chooses one'
  requires_controller pids
  bundle -p 'sleep 100' 'del(.linux.cgroupsPath)'
  create
  isnt "$(grep -E ':pids:|^0::' "/proc/$INIT/cgroup" | head -n 1)" "$(grep -E ':pids:|^0::' /proc/self/cgroup | head -n 1)" 'cgroup of the process'
  [ "$RUNTIME_NAME" != sampan ] || has "$(</proc/"$INIT"/cgroup)" "/$C" 'cgroup of the process'
  does delete --force "$C"
}

container_without_a_path_leaves_cgroups_of_others_alone() {
  spec own 'without cgroupsPath a cgroup that is there already, and that sampan has not made, is refused'
  requires_sampan
  bundle -p 'sleep 100' 'del(.linux.cgroupsPath)'
  local dir foreign=("${CGROUP_ROOTS[@]/%//x-$C}")
  [ "$1" = all ] || foreign=("${foreign[-1]}")
  for dir in "${foreign[@]}"; do mkdir "$dir"; done
  refuses create --bundle "$B" "x-$C"
  has "$ERR" 'sampan has not made it' 'the error'
  has "$ERR" '(--id) or another linux.cgroupsPath' 'the hint'
  lacks "$ERR" '/linux/cgroupsPath' 'the error'
  does delete --force "x-$C"
  for dir in "${foreign[@]}"; do exists "$dir" 'the cgroup of others'; rmdir "$dir"; done
  for dir in "${CGROUP_ROOTS[@]/%//x-$C}"; do is_absent "$dir" 'the cgroup in the other hierarchies'; done
}
cases container_without_a_path_leaves_cgroups_of_others_alone all one

container_without_a_path_takes_over_what_a_stopped_one_has_left() {
  spec own 'without cgroupsPath the cgroup of a stopped container of the same ID is taken over'
  requires_sampan
  bundle -p true 'del(.linux.cgroupsPath)'
  create
  start
  await_stopped
  bundle -n again -p 'sleep 100' 'del(.linux.cgroupsPath)'
  does --root "$T/other" create --bundle "$B" "$C"
  does --root "$T/other" delete --force "$C"
}

id_may_not_be_a_file_of_the_cgroups() {
  spec own 'an ID that is the name of a file of the cgroups is refused where the cgroup is called by the ID'
  requires_sampan
  [ -e "${CGROUP_ROOTS[0]}/$1" ] || skip "the first hierarchy has no file $1"
  bundle -p 'sleep 100' 'del(.linux.cgroupsPath)'
  refuses create --bundle "$B" "$1"
  has "$ERR" "/$1 is a file of the cgroups" 'the error'
  has "$ERR" '(--id) or another linux.cgroupsPath' 'the hint'
  lacks "$ERR" '/linux/cgroupsPath' 'the error'
}
cases id_may_not_be_a_file_of_the_cgroups cgroup.procs tasks

# A hierarchy that systemd uses, and in which a cgroup can have its note: NOTED.
_requires_note_of_delegation() {
  requires_sampan
  requires_python
  local root
  for root in "${CGROUP_ROOTS[@]}"; do
    case $root in /sys/fs/cgroup | */unified | */systemd) NOTED=$root ;; esac
  done
  [ -n "${NOTED-}" ] || skip 'there is no hierarchy in which systemd notes what it delegates'
  mkdir -p "$NOTED/$TEST_PREFIX/$C-delegated/caller"
  "$PYTHON" -c 'import os, sys; os.setxattr(sys.argv[1], "trusted.delegate", b"1")' "$NOTED/$TEST_PREFIX/$C-delegated" 2>/dev/null ||
    { rmdir "$NOTED/$TEST_PREFIX/$C-delegated"{/caller,}; skip 'cgroups take no attributes'; }
}
container_of_root_is_not_in_what_is_delegated_to_a_user() {
  spec own 'sudo: a cgroup that systemd has delegated is only used if it belongs to the caller'
  _requires_note_of_delegation
  local dir=$NOTED/$TEST_PREFIX/$C-delegated expected=/$C
  [ "$1" = nobody ] || expected=/$TEST_PREFIX/$C-delegated/$C
  chown "$1" "$dir" "$dir/cgroup.procs"
  bundle -p 'sleep 100' 'del(.linux.cgroupsPath, .linux.resources)'
  # shellcheck disable=SC2016,SC2086
  bash -c 'echo 0 >"$1/caller/cgroup.procs" && shift && exec "$@"' - "$dir" $RUNTIME --root "$T/root" create \
    --bundle "$B" --pid-file "$T/pid" "$C" >"$T/out" 2>"$T/err" </dev/null || fail "create fails: $(<"$T/err")"
  case $NOTED in
    */systemd) is "$(sed -n 's/^.*:name=systemd://p' "/proc/$(<"$T/pid")/cgroup")" "$expected" 'the cgroup' ;;
    *) is "$(sed -n 's/^0:://p' "/proc/$(<"$T/pid")/cgroup")" "$expected" 'the cgroup' ;;
  esac
  does --root "$T/root" delete --force "$C"
  find "${CGROUP_ROOTS[@]/%//$TEST_PREFIX/}" -depth -path "*/$C-delegated*" -type d -exec rmdir {} +
}
cases container_of_root_is_not_in_what_is_delegated_to_a_user nobody root

memory_limit_is_set() {
  spec config-linux.md#memory 'limit is the limit of memory usage'
  requires_controller memory
  _sleeper '.linux.resources.memory.limit = 67108864'
  is "$(_limit memory.limit_in_bytes memory.max)" 67108864 limit
}

memory_limit_holds() {
  spec config-linux.md#memory 'limit is the limit of memory usage'
  requires_controller memory
  bundle -p 'sh -c "a=x; while :; do a=\$a\$a; done" 2>/dev/null; echo survived $?' '.linux.resources.memory.limit = 16777216' \
    "$([ "$(cgroup_version)" = 2 ] && echo '.linux.resources.memory.swap = 16777216' || echo .)"
  run_container
  matches "$OUT" '^survived (137|1|2)$' 'output'
}

unlimited_memory_is_set() {
  spec config-linux.md#memory '-1 stands for unlimited'
  requires_controller memory
  _sleeper '.linux.resources.memory.limit = -1'
  matches "$(_limit memory.limit_in_bytes memory.max)" '^(max|92233720368547[0-9]+)$' limit
}

memory_reservation_is_set() {
  spec config-linux.md#memory 'reservation is the soft limit'
  requires_controller memory
  _sleeper '.linux.resources.memory.reservation = 33554432'
  is "$(_limit memory.soft_limit_in_bytes memory.low)" 33554432 reservation
}

memory_and_swap_limit_is_set() {
  spec config-linux.md#memory 'swap is the limit of memory and swap together'
  requires_controller memory
  if [ "$(cgroup_version)" = 2 ]; then [ -e /proc/swaps ] || skip 'no swap'; else
    requires_kernel_file /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes; fi
  _sleeper '.linux.resources.memory = {limit: 33554432, swap: 67108864}'
  case $(cgroup_version) in
    1) is "$(<"$CGROUP/memory.memsw.limit_in_bytes")" 67108864 'memory and swap' ;;
    2) is "$(<"$CGROUP/memory.swap.max")" 33554432 'swap alone' ;;
  esac
}

swappiness_is_set() {
  spec config-linux.md#memory 'swappiness is that of the cgroup (v1)'
  requires_cgroup 1
  requires_controller memory
  _sleeper '.linux.resources.memory.swappiness = 33'
  is "$(<"$CGROUP/memory.swappiness")" 33 swappiness
}

cpu_quota_and_period_are_set() {
  spec config-linux.md#cpu 'quota and period in microseconds'
  requires_controller cpu
  _sleeper '.linux.resources.cpu = {quota: 30000, period: 60000}'
  case $(cgroup_version) in
    1) is "$(cat "$CGROUP/cpu.cfs_quota_us" "$CGROUP/cpu.cfs_period_us")" $'30000\n60000' 'quota and period' ;;
    2) is "$(<"$CGROUP/cpu.max")" '30000 60000' cpu.max ;;
  esac
}

cpu_quota_alone_is_set() {
  spec config-linux.md#cpu 'each value can be given alone'
  requires_controller cpu
  _sleeper '.linux.resources.cpu = {quota: 25000}'
  case $(cgroup_version) in
    1) is "$(<"$CGROUP/cpu.cfs_quota_us")" 25000 quota ;;
    2) is "$(<"$CGROUP/cpu.max")" '25000 100000' cpu.max ;;
  esac
}

cpu_shares_are_set() {
  spec config-linux.md#cpu 'shares is the relative share of CPU time'
  requires_controller cpu
  _sleeper '.linux.resources.cpu.shares = 512'
  case $(cgroup_version) in
    1) is "$(<"$CGROUP/cpu.shares")" 512 shares ;;
    # There are two conversions: a linear one, and that of the kernel's documentation.
    2) matches "$(<"$CGROUP/cpu.weight")" '^(20|59|[45][0-9])$' weight ;;
  esac
}

cpu_idle_and_burst_are_set() {
  spec config-linux.md#cpu 'burst and idle are those of the cgroup'
  requires_controller cpu
  [[ $($RUNTIME --version) != *' version 1.1.'* && $($RUNTIME --version) != *'crun version 1.8.'* ]] || skip 'this runtime is older than these fields'
  _sleeper "$1"
  case $1-$(cgroup_version) in
    *idle*) is "$(<"$CGROUP/cpu.idle")" 1 idle ;;
    *-1) is "$(<"$CGROUP/cpu.cfs_burst_us")" 10000 burst ;;
    *-2) is "$(<"$CGROUP/cpu.max.burst")" 10000 burst ;;
  esac
}
cases cpu_idle_and_burst_are_set .linux.resources.cpu.idle=1 '.linux.resources.cpu={quota:20000,period:100000,burst:10000}'

cpuset_is_set() {
  spec config-linux.md#cpu 'cpus and mems are lists of CPUs and memory nodes'
  requires_controller cpuset
  bundle -p 'grep Cpus_allowed_list /proc/self/status | cut -f2; sleep 100' '.linux.resources.cpu = {cpus: "0", mems: "0"}'
  create
  is "$(cat "$CGROUP/cpuset.cpus" "$CGROUP/cpuset.mems")" $'0\n0' 'cpus and mems'
  start
  await "[ -s $T/program.out ]"
  is "$(<"$T/program.out")" 0 'CPUs of the program'
}

pids_limit_is_set() {
  spec config-linux.md#pids 'limit is the greatest number of tasks'
  requires_controller pids
  _sleeper '.linux.resources.pids.limit = 17'
  is "$(<"$CGROUP/pids.max")" 17 limit
}

pids_limit_holds() {
  spec config-linux.md#pids 'limit is the greatest number of tasks'
  requires_controller pids
  bundle -p 'for i in 1 2 3 4 5 6; do sleep 1 & done; echo all' '.linux.resources.pids.limit = 4'
  run_container
  lacks "$OUT" all 'output'
  has "$ERR$OUT" fork 'what the shell says'
}

pids_limit_below_zero_is_unlimited() {
  spec config-linux.md#pids '-1 stands for unlimited'
  requires_controller pids
  _sleeper '.linux.resources.pids.limit = -1'
  is "$(<"$CGROUP/pids.max")" max limit
}

unified_values_are_written() {
  spec config-linux.md#unified 'unified is a map of file names and values of cgroup v2'
  requires_cgroup 2
  requires_controller memory
  _sleeper '.linux.resources.unified = {"memory.high": "50331648", "pids.max": "23"}'
  is "$(cat "$CGROUP/memory.high" "$CGROUP/pids.max")" $'50331648\n23' 'memory.high and pids.max'
}

unified_with_an_unknown_file_is_an_error() {
  spec config-linux.md#unified 'a controller that is not available is an error'
  requires_cgroup 2
  bundle '.linux.resources.unified = {"nosuch.thing": "1"}'
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" /linux/resources/unified/nosuch.thing 'the place'
}

unified_file_that_is_no_limit_is_an_error() {
  spec own 'unified takes limits: no file that moves, freezes or kills processes'
  requires_sampan
  bundle ".linux.resources.unified = {\"cgroup.$1\": \"1\"}"
  rt plan "$B" && fail "cgroup.$1 is planned"
  has "$ERR" "/linux/resources/unified/cgroup.$1" 'the pointer'
  has "$ERR" 'does not set a limit' 'the reason'
  create_fails
}
cases unified_file_that_is_no_limit_is_an_error procs threads freeze kill type subtree_control

unified_limits_of_the_cgroup_itself_are_written() {
  spec config-linux.md#unified 'unified is a map of file names and values of cgroup v2'
  requires_cgroup 2
  requires_controller memory
  _sleeper '.linux.resources.unified = {"cgroup.max.depth": "7"}'
  is "$(<"$CGROUP/cgroup.max.depth")" 7 cgroup.max.depth
}

limit_that_cannot_be_set_is_an_error() {
  spec runtime.md#create 'a property that cannot be applied is an error, and nothing stays'
  requires_controller cpuset
  bundle '.linux.resources.cpu.cpus = "4000-4001"'
  create_fails
  is_absent "$CGROUP" 'after the failed create'
}

# All cgroups below the test's own prefix with the name $1.
_cgroups_called() {
  local dir
  for dir in "${CGROUP_ROOTS[@]/%//$TEST_PREFIX/$1}"; do [ ! -d "$dir" ] || echo "$dir"; done
}

cgroup_that_containers_share_goes_with_the_last() {
  spec runtime.md#delete 'what create made is removed, also above the container'
  requires_sampan
  local first=${1%:*} last=${1#*:}
  # With its own parent, deeper than that of the chapter.
  bundle -n bundle-a -p 'sleep 100' ".linux.cgroupsPath = \"/$TEST_PREFIX/$C-shared/deep/a\""
  rt create --bundle "$B" "$C-a" || fail 'the first create fails'
  bundle -n bundle-b -p 'sleep 100' ".linux.cgroupsPath = \"/$TEST_PREFIX/$C-shared/deep/b\""
  rt create --bundle "$B" "$C-b" || fail 'the second create fails'
  does delete --force "$C-$first"
  isnt "$(_cgroups_called "$C-shared/deep")" '' 'cgroups with a container'
  does delete --force "$C-$last"
  is "$(_cgroups_called "$C-shared")" '' 'cgroups without a container'
}
cases cgroup_that_containers_share_goes_with_the_last a:b b:a

# Two containers with the same cgroupsPath: the first has stopped, the second runs. Its pid: SECOND.
_successor_in_a_cgroup() {
  bundle -p 'sleep 100' "${1:-.}"
  create
  start
  does kill "$C" KILL
  await_stopped
  does create --bundle "$B" --pid-file "$T/second.pid" "$C-second"
  SECOND=$(<"$T/second.pid")
  start "$C-second"
}

cgroup_of_a_stopped_container_is_its_successors() {
  spec runtime.md#delete 'delete removes what its own create made, and nothing of another container'
  local dir
  _successor_in_a_cgroup "$([ "${1#*:}" = own-pids ] && echo . || echo '.linux.namespaces |= map(select(.type != "pid"))')"
  case ${1%:*} in
    delete) does delete "$C" ;;
    force) does delete --force "$C" ;;
    kill) rt kill "$C" KILL ;;
    kill-all) rt kill --all "$C" KILL ;;
  esac
  # A process that was to be killed is dead once the next command has its answer.
  status_is running "$C-second"
  [[ $(<"/proc/$SECOND/stat") != *') Z'* ]] || fail 'the program of the other container is dead'
  has "$(<"/proc/$SECOND/cgroup")" "/$TEST_PREFIX/$C-bundle" 'the cgroup of the other container'
  does delete --force "$C-second"
  does delete --force "$C"
  is "$(_cgroups_called "$C-bundle")" '' 'cgroups after both'
}
cases cgroup_of_a_stopped_container_is_its_successors delete:own-pids force:own-pids kill:own-pids kill-all:own-pids \
  delete:shared-pids force:shared-pids kill:shared-pids kill-all:shared-pids

# The program was moved out of its cgroup, which another container has now.
container_without_its_cgroup_does_nothing_to_the_one_that_has_it() {
  spec own 'what was moved out of its cgroup runs on, and its commands leave the next container in the cgroup alone'
  requires_sampan
  requires_controller pids
  [ "$1" != pause ] || requires_freezer
  bundle -p 'sleep 100' '.linux.resources.pids.limit = 50'
  create
  start
  local root
  for root in "${CGROUP_ROOTS[@]}"; do echo "$INIT" >"$root/cgroup.procs"; done
  does create --bundle "$B" --pid-file "$T/second.pid" "$C-second"
  start "$C-second"
  case $1 in
    pause) refuses pause "$C" ;;
    update) refuses update --pids-limit 33 "$C" ;;
    exec) does exec "$C" cat /proc/self/cgroup ;;
    exec-below)
      mkdir "$CGROUP/below"
      refuses exec --cgroup below "$C" true
      ;;
  esac
  [ "$1" = exec ] || has "$ERR" "another container" 'the error'
  lacks "$OUT" "/$TEST_PREFIX/$C-bundle" 'the cgroup of what came in'
  status_is running "$C-second"
  is "$(<"$CGROUP/pids.max")" 50 'the limit of the other container'
  does delete --force "$C-second"
}
cases container_without_its_cgroup_does_nothing_to_the_one_that_has_it pause update exec exec-below

cgroup_that_was_there_before_a_stopped_container_stays() {
  spec runtime.md#delete 'what create did not make is not removed'
  local dir
  for dir in "${CGROUP_ROOTS[@]}"; do mkdir -p "$dir/$TEST_PREFIX/$C-bundle"; done
  _successor_in_a_cgroup
  does delete --force "$C-second"
  does delete --force "$C"
  for dir in "${CGROUP_ROOTS[@]}"; do
    exists "$dir/$TEST_PREFIX/$C-bundle" 'the cgroup that was there before'
    rmdir "$dir/$TEST_PREFIX/$C-bundle"
  done
}

cgroup_of_a_container_that_runs_is_refused() {
  spec config-linux.md#control-groups 'a cgroup that is not fit for purpose may be refused: one of another container'
  requires_sampan
  bundle -p 'sleep 100'
  create
  start
  refuses create --bundle "$B" "$C-second"
  has "$ERR" 'is not empty' 'the error'
  status_is running
}

cgroup_above_that_was_there_before_stays() {
  spec runtime.md#delete 'what create did not make is not removed'
  local root
  for root in "${CGROUP_ROOTS[@]}"; do mkdir -p "$root/$TEST_PREFIX/$C-there"; done
  bundle -p 'sleep 100' ".linux.cgroupsPath = \"/$TEST_PREFIX/$C-there/made/a\""
  create
  does delete --force "$C"
  is "$(_cgroups_called "$C-there/made")" '' 'cgroups that create made'
  is "$(_cgroups_called "$C-there" | wc -l)" "${#CGROUP_ROOTS[@]}" 'cgroups that were there before'
  for root in "${CGROUP_ROOTS[@]}"; do rmdir "$root/$TEST_PREFIX/$C-there"; done
}

cgroup_that_takes_no_processes_is_an_error() {
  spec own 'a cgroup that was there before and gives controllers to its children: the error says so'
  requires_sampan
  requires_cgroup 2
  requires_controller memory
  case $1 in
    new) bundle ;;
    joined) bundle '(.linux.namespaces[] | select(.type == "network")).path = "/proc/1/ns/net"' ;;
  esac
  mkdir -p "$CGROUP"
  # A limit of memory keeps processes out.
  echo +memory >"/sys/fs/cgroup/$TEST_PREFIX/cgroup.subtree_control"
  echo +memory >"$CGROUP/cgroup.subtree_control"
  create_fails
  rmdir "$CGROUP"
  has "$ERR" /linux/cgroupsPath 'the pointer'
  has "$ERR" cgroup.subtree_control 'the hint'
}
cases cgroup_that_takes_no_processes_is_an_error new joined

limits_are_there_before_the_program_runs() {
  spec config-linux.md#control-groups 'the program never runs outside its cgroup'
  requires_controller pids
  # shellcheck disable=SC2016
  bundle -p 'cat /proc/self/cgroup'
  runs
  has "$OUT" "/$TEST_PREFIX/$C-bundle" '/proc/self/cgroup'
}

delete_removes_cgroups_that_the_program_made() {
  spec runtime.md#delete 'what the container made is removed with it'
  requires_controller pids
  # A program with a writable cgroup file system may make cgroups below its own.
  bundle -p 'sleep 100'
  create
  start
  mkdir "$CGROUP/below" "$CGROUP/below/deep"
  does delete --force "$C"
  is_absent "$CGROUP" 'after delete'
}

cgroup_below_that_is_covered_is_named() {
  spec own 'what is mounted on a cgroup of the container is in the way of delete, which says where'
  requires_sampan
  requires_controller pids
  bundle -p 'sleep 100'
  create
  start
  mkdir "$CGROUP/below" "$CGROUP/below/deep"
  mount -t tmpfs sampan-test "$CGROUP/below/deep"
  refuses delete --force "$C"
  umount "$CGROUP/below/deep"
  has "$ERR" "another file system is mounted on $CGROUP/below/deep" 'the error'
  does delete --force "$C"
}

delete_leaves_a_cgroup_that_was_there() {
  spec runtime.md#delete 'resources that the container did not make are not deleted'
  requires_sampan
  requires_controller pids
  mkdir -p "$CGROUP"
  bundle -p 'sleep 100'
  create
  does delete --force "$C"
  [ -d "$CGROUP" ] || fail 'the cgroup is gone'
  rmdir "$CGROUP"
}

lowest_memory_limit_starts() {
  spec own 'a container starts with a memory limit of 512 KiB'
  requires_sampan
  requires_controller memory
  bundle '.linux.resources.memory.limit = 524288'
  runs
}

intel_rdt_without_resctrl_is_an_error() {
  spec config-linux.md#intelrdt 'if no resctrl is mounted the runtime generates an error'
  grep -q ' - resctrl ' /proc/self/mountinfo && skip 'resctrl is mounted'
  bundle '.linux.intelRdt = {closID: "sampan-test", l3CacheSchema: "L3:0=1"}'
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" /linux/intelRdt 'the place'
}

# A mount namespace in which another file system covers the host's cgroup2 hierarchy. It is a bind, because a
# new mount of cgroup2 would set the options that all its mounts share.
_with_covered_cgroup2() {
  # shellcheck disable=SC2016,SC2086
  unshare --mount --propagation private sh -c '
    if [ -d /sys/fs/cgroup/unified ]; then
      mount -t tmpfs covers /sys/fs/cgroup/unified || exit 99
    else
      mkdir -p "$0" && mount --bind /sys/fs/cgroup "$0" && mount -t tmpfs covers /sys/fs/cgroup || exit 99
    fi
    exec "$@"' "$T/elsewhere" $RUNTIME --root "$ROOT" run --bundle "$B" "$C" >"$T/out" 2>"$T/err" </dev/null
  RC=$?
  OUT=$(<"$T/out") ERR=$(<"$T/err")
}

covered_hierarchy_is_not_there() {
  spec client 'mountinfo lists mounts that another one covers; what counts is what is seen'
  [ "$RUNTIME_NAME" != crun ] || skip 'its tests run with such a cover already'
  bundle -p 'echo ran'
  _with_covered_cgroup2
  [ "$RC" != 99 ] || skip 'the hierarchy cannot be covered here'
  is "$RC$OUT" 0ran 'exit code and output'
}

cgroups_nested_deeper_than_any_path_are_removed() {
  spec own 'delete removes all cgroups that the container made, whatever their depth and names'
  requires_sampan
  requires_python
  requires_controller pids
  bundle -p 'sleep 100'
  create
  start
  # 60 names of 250 bytes each: no path of the last one fits into PATH_MAX. The process in it belongs to the
  # container too.
  cat >"$T/nest.py" <<'PY'
import os, sys
child = os.fork()
if child == 0:
    for cgroup in filter(os.path.isdir, sys.argv[2:]):
        os.chdir(cgroup)
        for depth in range(60):
            os.mkdir("x" * 250)
            os.chdir("x" * 250)
        with open("cgroup.procs", "w") as file:
            file.write("0")
    with open(sys.argv[1], "w") as file:
        file.write(f"{os.getpid()}\n")
    os.execvp("sleep", ["sleep", "1000"])
os.waitpid(child, 0)
PY
  mkfifo "$T/child"
  helper "$PYTHON" "$T/nest.py" "$T/child" "$CGROUP" "/sys/fs/cgroup/unified/$TEST_PREFIX/$C-bundle"
  await_line "$T/child"
  local child=$LINE
  does ps --format json "$C"
  has "$OUT" "$child" 'the processes of the container'
  does delete --force "$C"
  await_gone "$child"
  is_absent "$CGROUP" 'the cgroup'
}

inner_cgroup_is_delegated_to_the_container() {
  spec own 'run.oci.delegate-cgroup: the process runs in a cgroup below that of the limits, and manages it, as with crun'
  requires_cgroup 2
  requires_controller pids
  bundle -p 'cat /proc/self/cgroup >/fifo; sleep 100' '.annotations["run.oci.delegate-cgroup"] = "pay/load" | .linux.resources.pids.limit = 20
    | .linux.namespaces += [{type: "cgroup"}] | .process.user = {uid: 0, gid: 0}'
  create
  start
  await_line "$B/rootfs/fifo"
  is "$LINE" '0::/pay/load' 'the cgroup, as the container sees it'
  is "$(<"$CGROUP/pay/load/cgroup.procs")" "$(pgrep -P "$INIT" | cat - <(echo "$INIT") | sort -n)" 'processes of the inner cgroup'
  is "$(<"$CGROUP/cgroup.procs")" '' 'processes of the cgroup with the limits'
  is "$(<"$CGROUP/pids.max")" 20 'the limit'
  has "$(<"$CGROUP/pay/load/cgroup.controllers")" pids 'controllers of the inner cgroup'
  does exec "$C" cat /proc/self/cgroup
  is "$OUT" '0::/pay/load' 'the cgroup of a further process'
  does delete --force "$C"
  is_absent "$CGROUP" 'the cgroup'
}

inner_cgroup_must_be_below_the_container() {
  spec own 'run.oci.delegate-cgroup does not lead out of the cgroup of the container'
  requires_sampan
  requires_cgroup 2
  bundle -p 'sleep 100' ".annotations[\"run.oci.delegate-cgroup\"] = \"$1\""
  create_fails
  has "$ERR" run.oci.delegate-cgroup 'the error'
}
cases inner_cgroup_must_be_below_the_container .. ../x a/../b /a

inner_cgroup_needs_cgroup_v2() {
  spec own 'cgroup v1 cannot be delegated safely'
  requires_sampan
  requires_cgroup 1
  bundle -p 'sleep 100' '.annotations["run.oci.delegate-cgroup"] = "x"'
  create_fails
  has "$ERR" 'needs cgroup v2' 'the error'
}

named_hierarchy_is_mounted_when_it_is_forced() {
  spec own 'run.oci.systemd.force_cgroup_v1: the hierarchy name=systemd is mounted in the place of what config.json has there'
  requires_sampan
  grep -q '[ ,]name=systemd' /proc/self/mounts || skip 'the host has not mounted name=systemd'
  bundle -p 'grep " /here " /proc/self/mounts >/fifo; sleep 100' '.annotations["run.oci.systemd.force_cgroup_v1"] = "/here"
    | .mounts += [{destination: "/here", type: "tmpfs", source: "tmpfs", options: ["ro", "nosuid", "nodev", "noexec"]}]'
  create
  start
  await_line "$B/rootfs/fifo"
  has "$LINE" 'name=systemd' 'the mount'
  has "$LINE" ' ro,nosuid,nodev,noexec,' 'the options of the mount'
}
