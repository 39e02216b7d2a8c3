# The process: arguments, environment, working directory, descriptors (config.md#process, runtime-linux.md).
# shellcheck shell=bash

args_reach_the_program_as_they_are() {
  spec config.md#process 'args has the semantics of argv of execvp'
  # shellcheck disable=SC2016
  bundle '.process.args = ["/bin/sh", "-c", "for a in \"$0\" \"$@\"; do echo \"[$a]\"; done", "zero", "a b", "", "*", "$HOME", "ä\n\"x\"\\", "--help"]'
  runs
  is "$OUT" $'[zero]\n[a b]\n[]\n[*]\n[$HOME]\n[ä\n"x"\\]\n[--help]' 'arguments'
}

program_is_looked_up_in_the_path_of_the_container() {
  spec config.md#process 'the first argument has the semantics of the file of execvp'
  bundle '.process.args = ["tool"]' '.process.env = ["PATH=/nowhere:/opt/a:/opt/b"]'
  mkdir -p "$B"/rootfs/opt/{a,b}
  script "$B/rootfs/opt/b/tool" 'echo tool of b'
  runs
  is "$OUT" 'tool of b' 'output'
}

lookup_skips_what_cannot_be_executed() {
  spec config.md#process 'execvp goes on along PATH when a file may not be executed'
  bundle '.process.args = ["tool"]' '.process.env = ["PATH=/opt/a:/opt/b:/opt/c"]'
  mkdir -p "$B"/rootfs/opt/{a,b/tool,c}
  echo text >"$B/rootfs/opt/a/tool"
  script "$B/rootfs/opt/c/tool" 'echo tool of c'
  runs
  is "$OUT" 'tool of c' 'output'
}

program_with_a_slash_is_not_looked_up() {
  spec config.md#process 'a file with a slash is taken as it is, relative to cwd'
  bundle '.process.args = ["./tool"]' '.process.cwd = "/opt"'
  mkdir -p "$B/rootfs/opt"
  script "$B/rootfs/opt/tool" 'echo here'
  runs
  is "$OUT" here 'output'
}

first_argument_is_kept_as_given() {
  spec config.md#process 'argv[0] is what was given, not the path that was found'
  bundle '.process.args = ["cat", "/proc/self/cmdline"]'
  runs
  is "$(tr '\0' ' ' <"$T/out")" 'cat /proc/self/cmdline ' 'command line'
}

environment_is_exactly_env() {
  spec config.md#process 'env has the semantics of environ; nothing comes from the runtime'
  export FROM_THE_RUNTIME=1
  bundle '.process.args = ["/bin/cat", "/proc/self/environ"]' '.process.env = ["PATH=/bin", "A=1", "HOME=/x", "B=a=b c", "EMPTY=", "Ä=ö"]'
  runs
  is "$(tr '\0' '|' <"$T/out")" 'PATH=/bin|A=1|HOME=/x|B=a=b c|EMPTY=|Ä=ö|' 'environment'
}

variable_given_twice_is_the_last() {
  spec client 'of variables that are given more than once the last counts, for getenv(3) too'
  bundle '.process.args = ["/bin/cat", "/proc/self/environ"]' '.process.env = ["A=1", "PATH=/bin", "HOME=/x", "A=2"]'
  runs
  is "$(tr '\0' '\n' <"$T/out" | grep ^A=)" A=2 'environment'
}

home_is_set_from_the_passwd_of_the_container() {
  spec client 'HOME comes from /etc/passwd of the container by uid when env has none, "/" at last'
  # shellcheck disable=SC2016
  bundle -p 'echo $HOME' ".process.user = {uid: ${1%%:*}, gid: 0}" '.process.env = ["PATH=/bin"]'
  runs
  is "$OUT" "${1#*:}" HOME
}
cases home_is_set_from_the_passwd_of_the_container 0:/root 1000:/home/ann 77:/

passwd_that_cannot_be_read_is_a_warning() {
  spec own 'where the home cannot be read HOME is "/", which is told; no passwd is no reason to'
  requires_sampan
  # shellcheck disable=SC2016
  bundle -p 'echo $HOME; exec sleep 100'
  rm "$B/rootfs/etc/passwd"
  case $1 in
    loop) ln -s passwd "$B/rootfs/etc/passwd" ;;
    folder) mkdir "$B/rootfs/etc/passwd" ;;
  esac
  create
  _told() { if [ "$2" = missing ]; then is "$1" '' 'warnings'; else matches "$1" 'HOME is "/".*/etc/passwd'; fi; }
  _told "$(<"$T/create.err")" "$1"
  start
  # shellcheck disable=SC2016
  does exec "$C" sh -c 'echo $HOME'
  is "$OUT" / 'HOME of exec'
  _told "$ERR" "$1"
}
cases passwd_that_cannot_be_read_is_a_warning loop folder missing

home_of_env_wins() {
  spec config.md#process 'env is what the program gets'
  # shellcheck disable=SC2016
  bundle -p 'echo $HOME' '.process.env += ["HOME=/mine"]'
  runs
  is "$OUT" /mine HOME
}

empty_environment_is_accepted() {
  spec config.md#process 'env is optional'
  bundle '.process.args = ["/bin/true"]' 'del(.process.env)'
  runs
}

cwd_is_the_working_directory() {
  spec config.md#process 'cwd is the working directory of the program'
  bundle -p 'pwd; readlink /proc/self/cwd' '.process.cwd = "/usr/local"'
  runs
  is "$OUT" $'/usr/local\n/usr/local' 'working directory'
}

missing_cwd_is_made() {
  spec client 'the folder of cwd is made when it is missing'
  bundle -p pwd '.process.cwd = "/not/there/yet"'
  runs
  is "$OUT" /not/there/yet 'working directory'
}

missing_cwd_is_made_before_anything_is_readonly() {
  spec client 'the folder of cwd is made when it is missing, also below what becomes read-only'
  case $1 in
    root) bundle -p 'pwd; touch x 2>&1' '.process.cwd = "/not/there/yet"' '.root.readonly = true' ;;
    tmpfs) bundle -p 'pwd; touch x 2>&1' '.process.cwd = "/not/there/yet"' \
      '.mounts += [{destination: "/not", type: "tmpfs", source: "tmpfs", options: ["ro"]}]' ;;
  esac
  run_container
  has "$OUT" /not/there/yet 'working directory'
  has "$OUT" 'Read-only file system' 'a write to it'
}
cases missing_cwd_is_made_before_anything_is_readonly root tmpfs

missing_cwd_belongs_to_root_of_the_container() {
  spec client 'the folder of cwd is made by root of the container'
  requires_userns
  # The mapped root must be allowed to make something in the root.
  bundle -p 'stat -c "%u %g %a" .' "$USERNS" '.process.cwd = "/tmp/new"' '.process.user.uid = 1000' '.root.readonly = true'
  runs
  is "$OUT" '0 0 755' 'owner and mode of the working directory'
}

cwd_through_a_mount_is_found() {
  spec config.md#process 'cwd is a path inside the container, mounts included'
  bundle -p 'pwd; ls' '.process.cwd = "/data/sub"' '.mounts += [{destination: "/data", source: ($T + "/data"), options: ["bind"]}]'
  mkdir -p "$T/data/sub"
  touch "$T/data/sub/file"
  runs
  is "$OUT" $'/data/sub\nfile' 'working directory'
}

cwd_outside_the_root_is_refused() {
  spec client 'a working directory that is not inside the root is an error (CVE-2024-21626)'
  bundle -p 'ls' ".process.cwd = \"$1\""
  run_fails
}
cases cwd_outside_the_root_is_refused /proc/self/fd/7 /proc/self/fd/8 /proc/self/fd/9

cwd_only_root_may_enter_is_accepted() {
  spec client 'cwd is tried with the rights of root first'
  bundle -p 'echo $PWD; ls .. >/dev/null && echo escaped' '.process.cwd = "/private/inner"' '.process.user = {uid: 1000, gid: 1000}'
  mkdir -p "$B/rootfs/private/inner"
  chmod 0700 "$B/rootfs/private"
  run_container
  has "$OUT" /private/inner 'working directory'
  lacks "$OUT" escaped 'rights of the user'
}

cwd_only_the_user_may_enter_is_accepted() {
  spec client 'cwd is tried with the rights of the user too'
  bundle -p pwd '.process.cwd = "/private"' '.process.user = {uid: 1000, gid: 1000}'
  mkdir -m 0700 "$B/rootfs/private"
  chown 1000:1000 "$B/rootfs/private"
  runs
  is "$OUT" /private 'working directory'
}

only_the_standard_descriptors_are_open() {
  spec runtime-linux.md#file-descriptors 'by default only stdin, stdout and stderr are kept open'
  exec 11<"$B/../log" 15<"$TEST_FILE"
  bundle '.process.args = ["/bin/ls", "/proc/self/fd"]'
  runs
  # 3 is the folder that ls itself reads.
  is "${OUT//$'\n'/ }" '0 1 2 3' 'descriptors'
}

created_process_keeps_only_standard_descriptors_after_start() {
  spec runtime-linux.md#file-descriptors 'by default only stdin, stdout and stderr are kept open'
  exec 11<"$TEST_FILE"
  bundle '.process.args = ["/bin/sleep", "100"]'
  create
  start
  # Waiting, because only sampan promises that the program is there when start returns.
  # shellcheck disable=SC2016
  await '[ "$(ls "/proc/$INIT/fd" | tr "\n" " ")" = "0 1 2 " ]'
}

standard_streams_are_those_of_create() {
  spec client "create passes its own stdin, stdout and stderr to the program"
  bundle -p 'read -r line; echo "out $line"; echo "err $line" >&2'
  echo hello >"$T/in"
  STDIN=$T/in create
  start
  await_stopped
  is "$(<"$T/program.out")" 'out hello' 'stdout'
  is "$(<"$T/create.err")" 'err hello' 'stderr'
}

create_writes_nothing_to_stdout() {
  spec client 'stdout of create belongs to the program'
  bundle
  create
  is "$(<"$T/program.out")" '' 'stdout of create'
}

preserved_descriptors_follow_the_standard_ones() {
  spec runtime-linux.md#file-descriptors 'the runtime may pass more descriptors (--preserve-fds N: 3 and following)'
  bundle -p 'cat <&3; cat <&4; ls /proc/self/fd | wc -l'
  echo three >"$T/3"
  echo four >"$T/4"
  # The descriptors in between are closed for the runtime, so that the numbers are certain.
  _run "$T/out" "$T/err" run --preserve-fds 2 --bundle "$B" "$C" 3<"$T/3" 4<"$T/4" || fail 'run fails'
  is "$OUT" $'three\nfour\n6' 'what the program reads'
}

listen_fds_are_passed() {
  spec client 'socket activation: LISTEN_FDS=N passes 3 and following on, LISTEN_PID is 1 then'
  # shellcheck disable=SC2016
  bundle -p 'echo $LISTEN_FDS $LISTEN_PID; cat <&3'
  echo socket >"$T/3"
  # LISTEN_PID must be the pid of the runtime.
  # shellcheck disable=SC2016
  script "$T/activate" 'LISTEN_FDS=1 LISTEN_PID=$$ exec "$@"'
  RUNTIME="$T/activate $RUNTIME" _run "$T/out" "$T/err" run --bundle "$B" "$C" 3<"$T/3" || fail 'run fails'
  is "$OUT" $'1 1\nsocket' 'what the program sees'
}

exit_code_of_run_is_that_of_the_program() {
  spec client 'run ends with the exit code of the program, 128 + signal when it was killed'
  bundle -p "$(case $1 in 1*) echo 'sleep 0.01; exec /bin/sh -c "kill -KILL 1; exit 137"' ;; *) echo "exit $1" ;; esac)" \
    "$(case $1 in 1*) echo '.linux.namespaces |= map(select(.type != "pid")) | .process.args[2] = "kill -KILL $$"' ;; *) echo . ;; esac)"
  run_container
  is "$RC" "$1" 'exit code'
}
cases exit_code_of_run_is_that_of_the_program 0 3 42 137

run_deletes_the_container() {
  spec client 'run deletes the container at the end'
  bundle
  runs
  status_is none
}

run_detached_returns_at_once() {
  spec client 'run --detach leaves a running container'
  bundle -p 'sleep 100'
  _run "$T/program.out" "$T/create.err" run --detach --bundle "$B" --pid-file "$T/pid" "$C" || fail 'run --detach fails'
  INIT=$(<"$T/pid")
  status_is running
}

run_passes_signals_on() {
  spec client 'run forwards the signals that it gets'
  bundle -p "trap 'exit 9' TERM; echo ready >/fifo; while :; do sleep 0.05; done"
  # shellcheck disable=SC2086
  $RUNTIME --root "$ROOT" run --bundle "$B" "$C" </dev/null >/dev/null 2>&1 &
  local pid=$!
  await_line "$B/rootfs/fifo"
  kill -TERM $pid
  wait $pid
  is $? 9 'exit code of run'
}

oom_score_adj_is_set() {
  spec config.md#linux-process 'oomScoreAdj is written to oom_score_adj'
  bundle -p 'cat /proc/self/oom_score_adj' '.process.oomScoreAdj = 321'
  runs
  is "$OUT" 321 oom_score_adj
}

oom_score_adj_that_is_not_set_is_left_alone() {
  spec config.md#linux-process 'if oomScoreAdj is not set the runtime does not change the value'
  bundle -p 'cat /proc/self/oom_score_adj'
  echo 77 >/proc/self/oom_score_adj
  runs
  is "$OUT" 77 oom_score_adj
}

no_new_privileges_is_set() {
  spec config.md#linux-process 'noNewPrivileges sets no_new_privs of prctl(2)'
  bundle -p 'grep NoNewPrivs /proc/self/status | cut -f2' ".process.noNewPrivileges = $1"
  runs
  is "$OUT" "$([ "$1" = true ] && echo 1 || echo 0)" NoNewPrivs
}
cases no_new_privileges_is_set true false

signals_are_reset() {
  spec client 'the program starts with default signal handling, whatever the caller ignores'
  bundle -p 'grep -E "^Sig(Blk|Ign)" /proc/self/status | cut -f2' '.linux.namespaces |= map(select(.type != "pid"))'
  (
    trap '' USR1 USR2 PIPE
    runs
    is "$OUT" $'0000000000000000\n0000000000000000' 'blocked and ignored signals'
  ) || exit 1
}

program_leads_its_own_session() {
  spec client 'the container process is a session leader'
  bundle '.process.args = ["/bin/sleep", "100"]'
  create
  local fields
  read -ra fields <"/proc/$INIT/stat"
  is "${fields[5]}" "$INIT" 'session of the process'
}

script_with_an_interpreter_runs() {
  spec config.md#process 'execvp semantics: scripts run by their #! line'
  bundle '.process.args = ["/script", "x"]'
  # shellcheck disable=SC2016
  script "$B/rootfs/script" 'echo "$0 $1"'
  runs
  is "$OUT" '/script x' 'output'
}

# /proc/keys also shows what others of the same user have, so the name of the container is looked for.
program_has_a_session_keyring_of_its_own() {
  spec client 'the keys of the caller are not those of the container'
  requires_kernel_file /proc/keys
  bundle -p 'cat /proc/keys'
  runs
  has "$OUT" "_ses.$C:" 'keyrings'
}

session_keyring_of_the_caller_is_kept_on_demand() {
  spec client '--no-new-keyring leaves the session keyring as it is'
  requires_kernel_file /proc/keys
  bundle -p 'cat /proc/keys'
  runs --no-new-keyring
  lacks "$OUT" "_ses.$C:" 'keyrings'
}

# A program that only another user, 4711, may execute by its mode; busybox accepts names that begin with its
# own.
_program_of_another() {
  cp /bin/busybox "$B/rootfs/bin/busybox-other" && chown 4711:4711 "$B/rootfs/bin/busybox-other" && chmod 0700 "$B/rootfs/bin/busybox-other"
  if [ "$1" = folder ]; then
    chmod 0755 "$B/rootfs/bin/busybox-other"
    mkdir -m 0700 "$B/rootfs/closed" && chown 4711 "$B/rootfs/closed" && mv "$B/rootfs/bin/busybox-other" "$B/rootfs/closed"
  fi
}

capability_to_override_modes_lets_programs_be_executed() {
  spec client 'a check before execve(2) refuses nothing that execve(2) would take: CAP_DAC_OVERRIDE counts'
  local place=bin; [ "${1#*:}" = file ] || place=closed
  bundle ".process.args = [\"/$place/busybox-other\", \"echo\", \"ran\"] | .process.user = {uid: ${1%:*}, gid: 0}" \
    '.process.capabilities |= map_values(["CAP_DAC_OVERRIDE"])'
  _program_of_another "${1#*:}"
  runs
  is "$OUT" ran output
}
cases capability_to_override_modes_lets_programs_be_executed 0:file 1000:file 0:folder 1000:folder

program_that_may_not_be_executed_fails_create() {
  spec own 'without CAP_DAC_OVERRIDE modes hold for root too: create tells, and not start'
  requires_sampan
  bundle '.process.args = ["/bin/busybox-other", "echo", "ran"]'
  _program_of_another file
  create_fails
  has "$ERR" 'permission denied' 'the error'
  has "$ERR" 'mode 0700, owner 4711:4711; the process is uid 0' 'the reason'
}
