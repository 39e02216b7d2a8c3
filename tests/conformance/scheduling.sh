# Processor time, I/O and memory: process.scheduler, ioPriority, the CPU affinity, linux.memoryPolicy, linux.personality.
# shellcheck shell=bash

# The fields of /proc/self/stat from "priority" on, of the process that reads it: nice is the 19th of all, the
# real-time priority the 40th, the policy the 41st.
# shellcheck disable=SC2016
SHOW_POLICY='read -r line </proc/self/stat; set -- ${line##*) }; echo "nice ${17} priority ${38} policy ${39}"'

# Where groups have shares of real time (v1 with CONFIG_RT_GROUP_SCHED), the test's cgroups get one: a jq
# filter.
_real_time_share() {
  [ -e /sys/fs/cgroup/cpu/cpu.rt_runtime_us ] || return 0
  mkdir -p "/sys/fs/cgroup/cpu/$TEST_PREFIX/kept"
  # Like the chapter "resources", with the same parent.
  echo 100000 >"/sys/fs/cgroup/cpu/$TEST_PREFIX/cpu.rt_runtime_us" || skip 'there is no real time left for cgroups'
  share='.linux.resources.cpu = {realtimeRuntime: 10000}'
}

scheduling_policy_is_set() {
  spec config.md#linux-process 'scheduler describes the scheduler properties for the process'
  local given=$1 policy nice priority
  IFS=: read -r _ policy nice priority number <<<"$given"
  requires_capability 23 CAP_SYS_NICE
  local share=''
  case $policy in SCHED_FIFO|SCHED_RR) _real_time_share ;; esac
  bundle -p "$SHOW_POLICY" "$share" ".process.scheduler = {policy: \"$policy\"${nice:+, nice: $nice}${priority:+, priority: $priority}}"
  runs
  # Only these two have a nice value of their own; the others keep that of the caller.
  case $policy in SCHED_OTHER|SCHED_BATCH) ;; *) nice=$(nice) ;; esac
  is "$OUT" "nice ${nice:-0} priority ${priority:-0} policy $number" "$policy"
}
cases scheduling_policy_is_set plain:SCHED_OTHER:::0 nice:SCHED_OTHER:7::0 higher:SCHED_OTHER:-5::0 fifo:SCHED_FIFO::3:1 \
  rr:SCHED_RR::99:2 batch:SCHED_BATCH:19::3 idle:SCHED_IDLE:::5

nice_value_that_is_not_given_is_zero() {
  spec config.md#linux-process 'If nice is not set, the runtime must use the value 0'
  bundle -p "$SHOW_POLICY" '.process.scheduler = {policy: "SCHED_OTHER"}'
  COMMAND="nice -n 5 $RUNTIME_NAME run" # of a caller that has another one
  OUT=$(nice -n 5 $RUNTIME --root "$ROOT" run --bundle "$B" "$C" 2>&1) || fail 'the container fails'
  is "$OUT" 'nice 0 priority 0 policy 0' 'scheduler'
}

deadline_is_set() {
  spec config.md#linux-process 'runtime, deadline and period are used by the deadline scheduler'
  requires_tool chrt
  chrt --deadline -T 1000000 -P 100000000 0 true 2>/dev/null || skip 'this machine grants no deadline'
  bundle -p 'sleep 100' '.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 1000000, deadline: 50000000,
    period: 100000000, flags: ["SCHED_FLAG_RESET_ON_FORK"]}'
  create
  local shown
  shown=$(chrt -p "$INIT")
  has "$shown" 'SCHED_DEADLINE|SCHED_RESET_ON_FORK' 'policy'
  has "$shown" '1000000/50000000/100000000' 'runtime, deadline and period'
  start
  has "$(chrt -p "$INIT")" SCHED_DEADLINE 'policy of the program'
}

deadline_holds_in_a_user_namespace() {
  spec own 'the supervisor has the privilege that root of the container lacks'
  requires_sampan; requires_userns; requires_tool chrt
  chrt --deadline -T 1000000 -P 100000000 0 true 2>/dev/null || skip 'this machine grants no deadline'
  bundle -p "$SHOW_POLICY" '.process.scheduler = {policy: "SCHED_DEADLINE", runtime: 1000000, deadline: 100000000}' "$USERNS"
  chown -R 100000:100000 "$B/rootfs"
  # No fork, which a deadline without the reset forbids.
  runs
  is "$OUT" "nice $(nice) priority 0 policy 6" 'scheduler'
}

scheduling_flag_is_set() {
  spec config.md#linux-process 'flags is an array of scheduling flags'
  requires_tool chrt
  bundle -p 'sleep 100' ".process.scheduler = {policy: \"SCHED_BATCH\", flags: [\"SCHED_FLAG_RESET_ON_FORK\"]}"
  create
  has "$(chrt -p "$INIT")" 'SCHED_BATCH|SCHED_RESET_ON_FORK' 'policy'
}

scheduling_flag_is_known() {
  spec config.md#linux-process 'flags: valid values are SCHED_FLAG_RESET_ON_FORK to SCHED_FLAG_UTIL_CLAMP_MAX'
  bundle ".process.scheduler = {policy: \"SCHED_OTHER\", flags: [\"$1\"]}"
  run_container && return
  # The kernel may lack it; the runtime may not.
  has "${ERR,,}" 'operation not supported' 'the reason'
}
cases scheduling_flag_is_known SCHED_FLAG_RESET_ON_FORK SCHED_FLAG_RECLAIM SCHED_FLAG_DL_OVERRUN SCHED_FLAG_KEEP_POLICY \
  SCHED_FLAG_KEEP_PARAMS SCHED_FLAG_UTIL_CLAMP_MIN SCHED_FLAG_UTIL_CLAMP_MAX

wrong_scheduler_is_refused() {
  spec runtime.md#errors 'a value that cannot be carried out is an error'
  bundle ".process.scheduler = $1"
  create_fails
}
cases wrong_scheduler_is_refused '{"policy":"SCHED_FAST"}' '{"policy":"SCHED_ISO"}' '{"policy":"SCHED_OTHER","nice":20}' \
  '{"policy":"SCHED_OTHER","priority":1}' '{"policy":"SCHED_FIFO","priority":100}' '{"policy":"SCHED_FIFO"}' \
  '{"policy":"SCHED_FIFO","priority":1,"runtime":5}' '{"policy":"SCHED_DEADLINE"}' \
  '{"policy":"SCHED_DEADLINE","runtime":9,"deadline":5}' '{"policy":"SCHED_OTHER","flags":["SCHED_FLAG_FAST"]}'

nice_value_that_means_nothing_is_a_warning() {
  spec config.md#linux-process 'nice affects SCHED_OTHER and SCHED_BATCH: with other policies the kernel passes over it'
  local scheduler='{policy: "SCHED_IDLE", nice: 5}' number=5
  if [ "$1" = deadline ]; then
    requires_tool chrt
    chrt --deadline -T 1000000 -P 100000000 0 true 2>/dev/null || skip 'this machine grants no deadline'
    scheduler='{policy: "SCHED_DEADLINE", runtime: 1000000, deadline: 100000000, nice: 5}' number=6
  fi
  bundle -p "$SHOW_POLICY" ".process.scheduler = $scheduler"
  runs
  has "$OUT" "policy $number" 'scheduler'
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" 'has no nice value' 'what is said'
}
cases nice_value_that_means_nothing_is_a_warning idle deadline

io_priority_is_set() {
  spec config.md#linux-process 'ioPriority configures the I/O priority settings'
  local class=${1%:*} level=${1#*:} expected
  bundle -p 'sh -c "busybox ionice"' ".process.ioPriority = {class: \"IOPRIO_CLASS_$class\", priority: $level}"
  runs
  case $class in
    RT) expected="realtime: prio $level" ;;
    BE) expected="best-effort: prio $level" ;;
    IDLE) expected=idle ;;
  esac
  has "$OUT" "$expected" 'of a child of the program'
}
cases io_priority_is_set RT:0 RT:7 BE:0 BE:4 BE:7 IDLE:0 IDLE:4

wrong_io_priority_is_refused() {
  spec config.md#linux-process 'the priority is an integer from 0 to 7'
  bundle ".process.ioPriority = $1"
  create_fails
}
cases wrong_io_priority_is_refused '{"class":"IOPRIO_CLASS_BE","priority":8}' '{"class":"IOPRIO_CLASS_BE","priority":-1}' \
  '{"class":"IOPRIO_CLASS_BEST","priority":1}' '{"priority":4}'

# shellcheck disable=SC2016
SHOW_CPUS='while read -r name value; do [ "$name" != Cpus_allowed_list: ] || echo "$value"; done </proc/self/status'

affinity_of_the_caller_is_not_inherited() {
  spec client 'an engine that is pinned to some CPUs does not pin its containers: their cgroup does'
  requires_tool taskset
  [ "$(nproc)" -gt 1 ] || skip 'there is one CPU only'
  local all
  all=$(sed -n 's/^Cpus_allowed_list:\t//p' /proc/self/status)
  bundle -p "$SHOW_CPUS"
  COMMAND="taskset -c 0 $RUNTIME_NAME run"
  OUT=$(taskset -c 0 $RUNTIME --root "$ROOT" run --bundle "$B" "$C" 2>&1) || fail 'the container fails'
  is "$OUT" "$all" 'CPUs'
}

cpuset_decides_about_the_affinity() {
  spec config-linux.md#cpu 'cpus is the list of CPUs that the container runs on'
  requires_tool taskset
  requires_controller cpuset
  [ "$(nproc)" -gt 1 ] || skip 'there is one CPU only'
  bundle -p "$SHOW_CPUS" '.linux.resources.cpu = {cpus: "1"}'
  COMMAND="taskset -c 0 $RUNTIME_NAME run"
  OUT=$(taskset -c 0 $RUNTIME --root "$ROOT" run --bundle "$B" "$C" 2>&1) || fail 'the container fails'
  is "$OUT" 1 'CPUs'
}

personality_is_set() {
  spec config-linux.md#personality 'LINUX32 will set the uname system call to show a 32 bit CPU type, such as i686'
  local machine
  machine=$(uname -m)
  [ "$machine" = x86_64 ] || skip "what $machine shows is not known"
  bundle -p 'uname -m; cat /proc/self/personality' ".linux.personality = {domain: \"$1\"}"
  runs
  case $1 in
    LINUX) is "$OUT" $'x86_64\n00000000' 'machine and personality' ;;
    LINUX32) is "$OUT" $'i686\n00000008' 'machine and personality' ;;
  esac
}
cases personality_is_set LINUX LINUX32

unknown_personality_is_refused() {
  spec config-linux.md#personality 'the valid list of domains is LINUX, LINUX32; no flag values are supported'
  bundle ".linux.personality = $1"
  create_fails
}
cases unknown_personality_is_refused '{"domain":"LINUX64"}' '{"domain":"LINUX","flags":["ADDR_NO_RANDOMIZE"]}' '{}'

# What numa_maps shows of the memory policy of a process.
memory_policy_is_set() {
  spec config-linux.md#memory-policy 'memoryPolicy sets the NUMA memory policy for the container'
  requires_kernel_file /proc/self/numa_maps
  local mode nodes flag shown
  IFS=: read -r mode nodes flag shown <<<"$1"
  bundle -p 'read -r address policy rest </proc/self/numa_maps; echo "$policy"; (read -r address policy rest </proc/self/numa_maps; echo "$policy")' \
    ".linux.memoryPolicy = {mode: \"MPOL_$mode\"${nodes:+, nodes: \"$nodes\"}${flag:+, flags: [\"MPOL_F_$flag\"]}}"
  runs
  [ -n "$shown" ] || shown=${mode,,}
  is "$OUT" "$shown"$'\n'"$shown" 'policy of the program, and of its child'
}
cases memory_policy_is_set DEFAULT LOCAL BIND:0::bind:0 BIND:0:STATIC_NODES:bind=static:0 BIND:0:RELATIVE_NODES:bind=relative:0 \
  INTERLEAVE:0::interleave:0 PREFERRED:0::prefer:0 PREFERRED_MANY:0::prefer

wrong_memory_policy_is_refused() {
  spec config-linux.md#memory-policy 'some modes require that there are no nodes, others that there is at least one node'
  bundle ".linux.memoryPolicy = $1"
  create_fails
}
cases wrong_memory_policy_is_refused '{"mode":"MPOL_BIND"}' '{"mode":"MPOL_INTERLEAVE"}' '{"mode":"MPOL_DEFAULT","nodes":"0"}' \
  '{"mode":"MPOL_LOCAL","nodes":"0"}' '{"mode":"MPOL_BEST"}' '{"mode":"MPOL_BIND","nodes":"a"}' \
  '{"mode":"MPOL_BIND","nodes":"0","flags":["MPOL_F_FAST"]}' '{"mode":"MPOL_BIND","nodes":"1000"}' \
  '{"mode":"MPOL_BIND","nodes":"99999"}' '{"mode":"MPOL_BIND","nodes":"0","flags":["MPOL_F_STATIC_NODES","MPOL_F_RELATIVE_NODES"]}'

# CAP_SYS_NICE may change the policy of any process; without it only that of a process with the same user.
user_is_scheduled_by_a_runtime_without_cap_sys_nice() {
  spec config.md#linux-process "$1 is set, whoever the user is"
  requires_sampan
  requires_tool setpriv
  bundle -p 'true' '.process.user = {uid: 1234, gid: 1234}' "$(_lowering "$1")"
  RUNTIME="setpriv --bounding-set -sys_nice --inh-caps -sys_nice $RUNTIME" runs
}
_lowering() {
  case $1 in
    scheduler) echo '.process.scheduler = {policy: "SCHED_BATCH", nice: 19}' ;;
    ioPriority) echo '.process.ioPriority = {class: "IOPRIO_CLASS_BE", priority: 7}' ;;
  esac
}
cases user_is_scheduled_by_a_runtime_without_cap_sys_nice scheduler ioPriority

words_of_a_wrong_memory_policy_are_those_of_runc() {
  spec client 'the first line says "invalid memory policy"'
  requires_sampan
  local what=${1%%:*}
  bundle ".linux.memoryPolicy = ${1#*:}"
  create_fails
  has "$(head -n 1 <<<"$ERR")" "invalid memory policy $what" 'the first line'
}
cases words_of_a_wrong_memory_policy_are_those_of_runc 'mode:{}' 'mode:{mode:"INTERLEAVE",nodes:"0"}' \
  'flag:{mode:"MPOL_PREFERRED",nodes:"0",flags:["bad"]}' 'node:{mode:"MPOL_BIND",nodes:"0-9876543210"}'

words_of_a_wrong_deadline_are_those_of_crun() {
  spec client 'what sched_setattr would refuse is told in the words of crun'
  requires_sampan
  local members words
  case $1 in
    no-runtime) members='deadline: 20000000' words='requires `runtime`' ;;
    no-deadline) members='runtime: 20000000' words='requires `deadline`' ;;
    zero) members='runtime: 0, deadline: 20000000' words='runtime must be greater than 0' ;;
    short-deadline) members='runtime: 30000000, deadline: 20000000' words='runtime 30000000 must be <= deadline 20000000' ;;
    short-period) members='runtime: 1024, deadline: 3000, period: 2000' words='deadline 3000 must be <= period 2000' ;;
    short-runtime) members='runtime: 1000, deadline: 2000' words='runtime 1000 must be between 1024 and' ;;
  esac
  bundle ".process.scheduler = {policy: \"SCHED_DEADLINE\", $members}"
  create_fails
  has "$ERR" "sched_setattr: \`SCHED_DEADLINE\` $words" 'the error'
}
cases words_of_a_wrong_deadline_are_those_of_crun no-runtime no-deadline zero short-deadline short-period short-runtime
