# start tells the truth: it ends with 0 only if the program has been executed. Only sampan promises this.
# shellcheck shell=bash

_start_fails() {
  spec own 'start fails when the program cannot be executed, and says why'
  requires_sampan
  # What can be known in advance may already fail create; then there is no container.
  if ! _run "$T/program.out" "$T/create.err" create --bundle "$B" --pid-file "$T/pid" "$C"; then
    ! _crashed || fail 'create crashes'
    SAID=$ERR
    status_is none
    has "$SAID" "$1" 'the error of create'
    return
  fi
  INIT=$(<"$T/pid")
  refuses start "$C"
  SAID=$ERR
  await_stopped
  state_of
  matches "$STATUS" '^(none|stopped)$' status
  has "$SAID" "$1" 'the error of start'
}

missing_interpreter_fails_start() {
  requires_sampan
  bundle '.process.args = ["/tool"]'
  printf '#!/no/such/interpreter\n' >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  _start_fails /no/such/interpreter
  has "$SAID" interpreter 'the error'
}

missing_loader_fails_start() {
  requires_sampan
  bundle '.process.args = ["/tool"]'
  # A dynamically linked program of the host, in a root without its loader.
  cp "$(command -v env)" "$B/rootfs/tool"
  _start_fails 'ld-linux'
}

script_without_a_first_line_fails_start() {
  requires_sampan
  bundle '.process.args = ["/tool"]'
  echo 'echo hello' >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  _start_fails '#!'
}

windows_line_ending_fails_start() {
  requires_sampan
  bundle '.process.args = ["/tool"]'
  printf '#!/bin/sh\r\necho hello\r\n' >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  _start_fails /tool
  matches "${SAID,,}" 'carriage return|crlf|\\r|windows' 'the error'
}

wrong_architecture_fails_start() {
  requires_sampan
  bundle '.process.args = ["/tool"]'
  # An ELF header for a machine other than this one (s390 or x86-64).
  local machine='\x16\x00'
  [ "$(uname -m)" != s390x ] || machine='\x3e\x00'
  # shellcheck disable=SC2059
  { printf '\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00'"$machine"'\x01\x00\x00\x00'; head -c 200 /dev/zero; } >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  _start_fails /tool
  matches "${SAID,,}" 'architecture|machine|s390' 'the error'
}

empty_program_fails_start() {
  requires_sampan
  bundle '.process.args = ["/tool"]'
  : >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  _start_fails /tool
  matches "${SAID,,}" empty 'the error'
}

noexec_mount_fails_start() {
  requires_sampan
  bundle '.process.args = ["/data/tool"]' '.mounts += [{destination: "/data", source: ($T + "/data"), options: ["bind", "noexec"]}]'
  mkdir "$T/data"
  cp "$B/rootfs/bin/busybox" "$T/data/tool"
  _start_fails /data/tool
  has "${SAID,,}" noexec 'the error'
}

program_not_executable_for_the_user_fails_start() {
  requires_sampan
  bundle '.process.args = ["/tool"]' '.process.user = {uid: 1000, gid: 1000}'
  cp --remove-destination "$B/rootfs/bin/busybox" "$B/rootfs/tool"
  chmod 0700 "$B/rootfs/tool"
  _start_fails /tool
  matches "${SAID,,}" 'permission denied' 'the error'
}

program_in_a_folder_closed_to_the_user_fails_start() {
  requires_sampan
  bundle '.process.args = ["/closed/tool"]' '.process.user = {uid: 1000, gid: 1000}'
  mkdir -m 0700 "$B/rootfs/closed"
  cp "$B/rootfs/bin/busybox" "$B/rootfs/closed/tool"
  _start_fails /closed
  matches "${SAID,,}" 'permission denied' 'the error'
}

text_file_busy_fails_start() {
  requires_sampan
  bundle '.process.args = ["/tool"]'
  cp --remove-destination "$B/rootfs/bin/busybox" "$B/rootfs/tool"
  exec 9>>"$B/rootfs/tool"
  _start_fails /tool
}

program_that_vanishes_after_create_fails_start() {
  spec own 'start fails when the program is gone'
  requires_sampan
  bundle '.process.args = ["/tool"]'
  script "$B/rootfs/tool" 'sleep 100'
  create
  rm "$B/rootfs/tool"
  refuses start "$C"
  has "$ERR" /tool 'the error'
  has "${ERR,,}" 'no such file' 'the error'
}

start_returns_when_the_program_is_there() {
  spec own 'when start has returned, /proc/PID/exe is the program'
  requires_sampan
  bundle '.process.args = ["/bin/sleep", "100"]'
  create
  start
  is "$(tr '\0' ' ' <"/proc/$INIT/cmdline")" '/bin/sleep 100 ' 'command line of the process'
}

start_of_a_killed_created_container_does_not_hang() {
  spec own 'start of a container whose process was killed fails at once'
  requires_sampan
  container_that_is created
  kill -KILL "$INIT"
  await_stopped
  refuses start "$C"
}

run_fails_for_the_same_reasons() {
  spec own 'run fails when the program cannot be executed'
  requires_sampan
  bundle '.process.args = ["/tool"]'
  printf '#!/no/such/interpreter\n' >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  run_fails
  has "$ERR" /no/such/interpreter 'the error'
  status_is none
}

# The container's process is the child of a process that does not reap it: what it was can be examined as long
# as the test lasts, so that no test depends on who is faster.
_create_without_reaping() {
  requires_python
  cat >"$T/parent.py" <<'PY'
import ctypes, subprocess, sys
ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)
code = subprocess.call(sys.argv[2:], stdin=subprocess.DEVNULL)
with open(sys.argv[1], "w") as fifo:
    fifo.write("%d\n" % code)
open(sys.argv[1] + ".end").read()
PY
  mkfifo "$T/fifo" "$T/fifo.end"
  # shellcheck disable=SC2086
  helper "$PYTHON" "$T/parent.py" "$T/fifo" $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C"
  await_line "$T/fifo"
  is "$LINE" 0 'exit code of create'
  INIT=$(<"$T/pid")
}

# A bundle whose program cannot be executed because its interpreter is missing, under a filter with these
# rules.
_missing_interpreter_under() {
  requires_kernel_file /proc/sys/kernel/seccomp
  bundle '.process.args = ["/tool"]' ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [$1]}"
  printf '#!/no/such/interpreter\n' >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
}

filter_against_the_stub_hides_no_failure() {
  spec own 'start fails when the program cannot be executed, whatever the filter forbids'
  requires_sampan
  local names=${1%%:*} action=${1##*:}
  _missing_interpreter_under "{names: [\"${names//,/\",\"}\"], action: \"SCMP_ACT_$action\"}"
  _create_without_reaping
  refuses start "$C"
  case $names in
    # The other one of the two calls reports the reason.
    sendto) has "$ERR" /no/such/interpreter 'the error' ;;
    *) has "$ERR" 'before its program was executed' 'the error'
       has "$ERR" 'the seccomp filter must allow' 'the hint' ;;
  esac
  [ $action = ERRNO ] || [ $names = sendto ] || has "$ERR" 'SIGSYS' 'the error'
  status_is stopped
}
cases filter_against_the_stub_hides_no_failure sendto:ERRNO sendto:KILL write,sendto:ERRNO write:KILL_PROCESS \
  write,sendto:TRAP

program_that_ends_at_once_is_no_failure() {
  spec own 'a program that was executed and ended before start looked has been started'
  requires_sampan
  bundle '.process.args = ["/bin/true"]' \
    '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["write", "sendto"], action: "SCMP_ACT_KILL"}]}'
  [ "$1" = program ] || edit '.process.args = ["/bin/mkdir", "/x"] | .linux.seccomp.syscalls[0].names += ["brk", "mmap", "arch_prctl"]'
  _create_without_reaping
  start
  await_gone "$INIT"
  exists "/proc/$INIT" 'the zombie that the test keeps'
  status_is stopped
}
# The program ends by itself, or the filter kills it at its first system call.
cases program_that_ends_at_once_is_no_failure program killed

filter_that_refuses_the_execution_is_an_error() {
  spec own 'a filter under which no program can be executed is an error of create, which says so'
  requires_sampan
  requires_kernel_file /proc/sys/kernel/seccomp
  local call=${1%%:*} action=${1##*:}
  bundle ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [{names: [\"$call\"], action: \"$action\"}]}" \
    '.process.noNewPrivileges = false'
  create_fails
  has "$ERR" "answers $call" 'the error'
  has "$ERR" "$action" 'the error'
  has "$ERR" /linux/seccomp 'the error'
  status_is none
}
cases filter_that_refuses_the_execution_is_an_error execve:SCMP_ACT_KILL execve:SCMP_ACT_ERRNO capset:SCMP_ACT_KILL_PROCESS

filter_may_refuse_what_is_not_needed() {
  spec own 'a filter that refuses only what is not needed any more does no harm'
  requires_sampan
  requires_kernel_file /proc/sys/kernel/seccomp
  local filter='.process.noNewPrivileges = true'
  [ "$1" = no_new_privs ] || filter=$ALL_CAPS
  bundle -p 'echo ran' "$filter" \
    '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["capset", "execveat"], action: "SCMP_ACT_KILL_PROCESS"}]}'
  runs
  is "$OUT" ran output
}
cases filter_may_refuse_what_is_not_needed no_new_privs CAP_SYS_ADMIN

# _start_of_the_deaf RUNTIME...: the waiting process cannot even accept the connection.
_start_of_the_deaf() {
  requires_tool prlimit
  bundle -p 'sleep 100'
  create
  prlimit --pid "$INIT" --nofile=3:3
  RUNTIME="timeout -s KILL 20 $*" refuses start "$C"
  has "$ERR" 'before its program was executed' 'the error'
  await_stopped
}

start_that_cannot_be_taken_ends() {
  spec own 'start ends with an error when the waiting process fails, whatever fails there'
  requires_sampan
  _start_of_the_deaf "$RUNTIME"
}

start_of_a_process_that_has_just_gone() {
  spec own 'start tells how the waiting process ended when that no longer takes the word to go on'
  requires_sampan
  requires_tool strace
  _start_of_the_deaf strace -o /dev/null -e "trace=${1%:*}" -e "inject=${1%:*}:error=${1#*:}:when=1" "$RUNTIME"
}
cases start_of_a_process_that_has_just_gone sendmsg:EPIPE sendmsg:ECONNRESET connect:ECONNREFUSED
