# Resource limits of the process (config.md#posix-process).
# shellcheck shell=bash

# TYPE:line in /proc/self/limits
limit_is_set() {
  spec config.md#posix-process 'rlim_cur is soft, rlim_max is hard'
  # shellcheck disable=SC2016
  bundle -p 'grep "^'"$(tr _ ' ' <<<"${1#*:}")"' " /proc/self/limits' ".process.rlimits = [{type: \"RLIMIT_${1%%:*}\", soft: 5, hard: 7}]" \
    "$(case $1 in AS*|DATA*|STACK*|FSIZE*|CPU*) echo '.process.rlimits[0] |= (.soft = 268435456 | .hard = 536870912)' ;; NOFILE*) echo '.process.rlimits[0] |= (.soft = 50 | .hard = 70)' ;; esac)"
  runs
  local soft hard
  read -r soft hard < <(jq -r '.process.rlimits[0] | "\(.soft) \(.hard)"' "$B/config.json")
  matches "$OUT" " $soft +$hard " "limit ${1%%:*}"
}
cases limit_is_set NOFILE:Max_open_files CORE:Max_core_file_size NPROC:Max_processes FSIZE:Max_file_size \
  AS:Max_address_space DATA:Max_data_size STACK:Max_stack_size MEMLOCK:Max_locked_memory LOCKS:Max_file_locks \
  SIGPENDING:Max_pending_signals MSGQUEUE:Max_msgqueue_size CPU:Max_cpu_time RSS:Max_resident_set

limit_of_zero_is_set() {
  spec config.md#posix-process 'rlim_cur is soft, rlim_max is hard'
  bundle -p 'grep "^Max core" /proc/self/limits' '.process.rlimits = [{type: "RLIMIT_CORE", soft: 0, hard: 0}]'
  runs
  matches "$OUT" ' 0 +0 ' 'limit CORE'
}

unlimited_is_the_largest_number() {
  spec config.md#posix-process 'soft and hard are uint64: the largest one is RLIM_INFINITY'
  bundle -p 'grep "^Max file size" /proc/self/limits' '.process.rlimits = [{type: "RLIMIT_FSIZE", soft: 1, hard: 1}]'
  sed -i -E '/rlimits/,/]/ s/"(soft|hard)": 1/"\1": 18446744073709551615/' "$B/config.json"
  runs
  matches "$OUT" 'unlimited +unlimited' 'limit FSIZE'
}

raising_a_hard_limit_works_for_a_privileged_runtime() {
  spec config.md#posix-process 'a privileged process may raise the hard limit'
  requires_capability 24 CAP_SYS_RESOURCE
  bundle -p 'grep "^Max open" /proc/self/limits' '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 3000, hard: 3000}]'
  ulimit -n 2000
  runs
  matches "$OUT" ' 3000 +3000 ' 'limit NOFILE'
}

limit_that_cannot_be_set_is_an_error() {
  spec config.md#posix-process 'rlim_max matches the configured value; what cannot be applied is an error'
  bundle '.process.rlimits = [{type: "RLIMIT_NICE", soft: 30, hard: 20}]'
  create_fails
}

limits_hold_for_an_ordinary_user() {
  spec config.md#posix-process 'limits are those of the process, whoever it runs as'
  bundle -p 'grep "^Max open" /proc/self/limits' '.process.user = {uid: 1000, gid: 1000}' \
    '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 100, hard: 200}]'
  runs
  matches "$OUT" ' 100 +200 ' 'limit NOFILE'
}

limits_not_listed_are_inherited() {
  spec own 'limits that are not listed stay as the caller has them (the Go runtime of runc raises NOFILE)'
  requires_sampan
  bundle -p 'ulimit -n'
  ulimit -Sn 1234
  runs
  is "$OUT" 1234 'limit NOFILE'
}

limit_of_few_descriptors_is_kept() {
  spec config.md#posix-process 'rlim_cur is soft, rlim_max is hard: also where the runtime itself needs more'
  bundle '.process.args = ["/bin/busybox", "sh", "-c", "echo here; read -r l; ulimit -n"]' \
    ".process.rlimits = [{type: \"RLIMIT_NOFILE\", soft: $1, hard: $1}]"
  echo line >"$T/in"
  STDIN=$T/in run_container || true
  is "$OUT" $'here\n'"$1" 'output'
}
cases limit_of_few_descriptors_is_kept 3 4 6

limit_of_memory_is_that_of_the_program() {
  spec config.md#posix-process 'limits are those of the process: what the runtime needs before it does not count'
  requires_sampan
  bundle '.process.args = ["/bin/busybox", "cat", "/proc/self/limits"]' \
    ".process.rlimits = [{type: \"$1\", soft: 4194304, hard: 4194304}]"
  runs
  matches "$OUT" "Max (address space|data size|stack size) +4194304 +4194304" 'limits'
}
cases limit_of_memory_is_that_of_the_program RLIMIT_AS RLIMIT_DATA RLIMIT_STACK

limits_hold_in_a_user_namespace() {
  spec config.md#posix-process 'limits are those of the process, whoever it runs as'
  requires_userns
  bundle -p 'ulimit -Sn; ulimit -Hn; ulimit -c' "$USERNS" '.process.user = {uid: 1000, gid: 1000}' \
    '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 90, hard: 91}, {type: "RLIMIT_CORE", soft: 0, hard: 0}]'
  chown -R 100000:100000 "$B/rootfs"
  runs
  is "$OUT" $'90\n91\n0' 'limits'
}

# The kernel looks at it when the user changes, and refuses execve(2) afterwards.
limit_of_processes_counts_those_of_the_user() {
  spec config.md#posix-process 'RLIMIT_NPROC limits the processes of the user'
  requires_sampan
  local first=$C
  bundle -p 'sleep 100 & sleep 100 & sleep 100' '.process.user = {uid: 43210, gid: 43210}'
  create
  start
  await '[ "$(pgrep -c -u 43210)" -ge 3 ]'
  mv "$B" "$B-first"
  bundle -p true '.linux.cgroupsPath += "-second"' '.process.user = {uid: 43210, gid: 43210}' '.process.rlimits = [{type: "RLIMIT_NPROC", soft: 2, hard: 2}]'
  C=$C-second
  run_fails
  has "$ERR" 'RLIMIT_NPROC' 'the error'
  does delete --force "$first"
}
