# start tells the truth: it ends with 0 only when the program has been executed. sampan's own promise.
# shellcheck shell=bash

_start_fails() {
  spec own 'start fails when the program cannot be executed, and says why'
  requires_sampan
  # What can be known beforehand may fail at create; then there is no container.
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
  # An ELF header for a machine that this is not (s390 or x86-64).
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
