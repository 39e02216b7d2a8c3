# Hooks of all six kinds: where, when and with what they run (config.md#posix-platform-hooks).
# shellcheck shell=bash

HOOKS='prestart createRuntime createContainer startContainer poststart poststop'
OUTSIDE='prestart createRuntime poststart poststop'
OF_CREATE='prestart createRuntime createContainer'

# A jq filter that adds a hook, which runs a shell script. busybox has the same path on both sides. The script
# finds in $state what came over stdin. $3: more members of the hook.
_hook() {
  set -- "$1" "state=\$(cat); $2" "${3:-}"
  json_string "$2"
  printf '.hooks.%s += [{path: "/bin/busybox", args: ["sh", "-c", %s]%s}]' "$1" "$JSON_STRING" "${3:+, $3}"
}
# The folder to which a hook of this kind can write, as the hook sees it (_in) and as the test does (_out).
_in() { [ "$1" = startContainer ] && echo /tmp || echo "$T"; }
_out() { [ "$1" = startContainer ] && echo "$B/rootfs/tmp" || echo "$T"; }

_whole_life() {
  create
  start
  await_stopped
  does delete "$C"
}

hook_runs_once() {
  spec config.md#posix-platform-hooks 'the hooks of each kind are called at their place in the lifecycle'
  bundle "$(_hook "$1" "echo ran >>$(_in "$1")/ran")"
  _whole_life
  is "$(cat "$(_out "$1")/ran" 2>&1)" ran 'what the hook wrote'
}
# shellcheck disable=SC2086
cases hook_runs_once $HOOKS

hook_gets_the_state_on_stdin() {
  spec config.md#posix-platform-hooks 'the state is passed to hooks over stdin'
  bundle "$(_hook "$1" "echo \"\$state\" >$(_in "$1")/state.json")" '.annotations = {"org.example.a": "b"}'
  _whole_life
  is "$(jq -r '.id, .bundle, .annotations["org.example.a"], (.ociVersion | type)' "$(_out "$1")/state.json" 2>&1)" \
    "$C"$'\n'"$B"$'\nb\nstring' 'id, bundle, annotation, ociVersion in the state'
}
# shellcheck disable=SC2086
cases hook_gets_the_state_on_stdin $HOOKS

hook_sees_the_status() {
  spec runtime.md#state 'the status in the state that a hook gets is the one of its place in the lifecycle'
  local kind=${1%:*}
  bundle -p 'sleep 0.2' "$(_hook "$kind" "echo \"\$state\" >$(_in "$kind")/state.json")"
  _whole_life
  is "$(jq -r .status "$(_out "$kind")/state.json")" "${1#*:}" status
}
cases hook_sees_the_status prestart:creating createRuntime:creating createContainer:creating \
  startContainer:created poststart:running poststop:stopped

hook_gets_the_pid_as_its_namespace_sees_it() {
  spec runtime.md#state 'pid is as seen by the runtime in hooks of its namespace, by the container in the others'
  bundle -p 'sleep 0.2' "$(_hook "$1" "echo \"\$state\" >$(_in "$1")/state.json")"
  _whole_life
  local expected=$INIT
  case $1 in createContainer|startContainer) expected=1 ;; poststop) expected=0 ;; esac
  is "$(jq -r '.pid // 0' "$(_out "$1")/state.json")" "$expected" pid
}
# shellcheck disable=SC2086
cases hook_gets_the_pid_as_its_namespace_sees_it $HOOKS

# A container with new namespaces of all types, and hooks that write to $T although they are not root then.
_every_namespace() {
  requires_userns
  requires_kernel_file /proc/self/ns/time
  requires_kernel_file /proc/self/ns/cgroup
  chmod 0777 "$T"
  NAMESPACES="$USERNS | .linux.namespaces += [{type: \"cgroup\"}, {type: \"time\"}]"
  [[ $RUNTIME_NAME != runc || $($RUNTIME --version) != *' 1.1.'* ]] || NAMESPACES=${NAMESPACES/, {type: \"time\"\}/}
}
# shellcheck disable=SC2016
EACH_NAMESPACE='for n in cgroup ipc mnt net pid time user uts; do readlink /proc/self/ns/$n; done'
_namespaces_of() { readlink "/proc/$1/ns/"{cgroup,ipc,mnt,net,pid,time,user,uts}; }

# A hook that only exists on the host, at its path. It writes the namespaces to $T/ns.
_hook_of_the_host() {
  script "$T/only-outside" "cat >/dev/null; { $EACH_NAMESPACE; } >$T/ns"
  echo ".hooks.$1 = [{path: (\$T + \"/only-outside\")}]"
}

hook_outside_runs_in_the_namespaces_of_the_runtime() {
  spec config.md#posix-platform-hooks 'prestart, createRuntime, poststart and poststop: path and process are of the runtime namespace'
  _every_namespace
  bundle "$NAMESPACES" "$(_hook_of_the_host "$1")"
  _whole_life
  is "$(<"$T/ns")" "$(_namespaces_of self)" 'namespaces'
}
# shellcheck disable=SC2086
cases hook_outside_runs_in_the_namespaces_of_the_runtime $OUTSIDE

hook_inside_runs_in_the_namespaces_of_the_container() {
  spec config.md#posix-platform-hooks 'createContainer and startContainer run in the container namespace, the path of the first is outside'
  _every_namespace
  bundle -p 'echo ready >/fifo; sleep 100' "$NAMESPACES" "$(case $1 in
    createContainer) _hook_of_the_host "$1" ;;
    startContainer) _hook "$1" "{ $EACH_NAMESPACE; } >/tmp/ns" ;;
  esac)"
  create
  start
  await_line "$B/rootfs/fifo"
  is "$(<"$(_out "$1")/ns")" "$(_namespaces_of "$INIT")" 'namespaces'
}
cases hook_inside_runs_in_the_namespaces_of_the_container createContainer startContainer

create_container_hook_runs_before_the_root_is_switched() {
  spec config.md#createContainer-hooks 'run before pivot_root: paths are those of the runtime, mounts of the container are there'
  bundle "$(_hook createContainer "ls $B/rootfs/proc/1/status >$T/seen 2>&1; ls $B/config.json >>$T/seen 2>&1")"
  _whole_life
  is "$(<"$T/seen")" "$B/rootfs/proc/1/status"$'\n'"$B/config.json" 'what the hook sees'
}

hook_before_the_switch_finds_mounts_and_old_root() {
  spec config.md#createRuntime-hooks 'run when the runtime environment is there and before pivot_root'
  bundle "$(_hook "$1" "pid=\$(echo \"\$state\" | sed 's/.*\"pid\": *\\([0-9]*\\).*/\\1/'); grep -c rootfs/proc /proc/\$pid/mountinfo >$T/seen
    ls /proc/\$pid/root$B/config.json >>$T/seen 2>&1; readlink /proc/\$pid/ns/net >>$T/seen")"
  create
  has "$(<"$T/seen")" "$(readlink "/proc/$INIT/ns/net")" 'network namespace of the pid'
  has "$(<"$T/seen")" "root$B/config.json" 'the root of the pid'
  matches "$(<"$T/seen")" ^1 'mounts of the pid'
}
cases hook_before_the_switch_finds_mounts_and_old_root prestart createRuntime

start_container_hook_runs_inside_the_root() {
  spec config.md#startContainer-hooks 'the path is resolved in the container, after start and before the program'
  bundle -p 'cat /tmp/order >/fifo; sleep 100'
  script "$B/rootfs/only-inside" 'echo hook >/tmp/order'
  edit '.hooks.startContainer = [{path: "/only-inside"}]'
  create
  is_absent "$B/rootfs/tmp/order" 'before start'
  start
  await_line "$B/rootfs/fifo"
  is "$LINE" hook 'what the hook wrote before the program ran'
}

poststart_hook_runs_before_start_returns() {
  spec config.md#poststart 'called after the program is executed and before start returns'
  bundle -p 'sleep 100' "$(_hook poststart "sleep 0.1; echo done >$T/done")"
  create
  is_absent "$T/done" 'before start'
  start
  is "$(<"$T/done")" 'done' 'what the hook wrote'
}

poststop_hook_runs_after_the_container_is_gone() {
  spec config.md#poststop 'called after the container is deleted and before delete returns'
  bundle "$(_hook poststop "cat /proc/\$(cat $T/pid)/cmdline >$T/seen 2>/dev/null
    ls -d $(printf '%s ' "${CGROUP_ROOTS[@]/%//$TEST_PREFIX/$C-bundle}") >>$T/seen 2>/dev/null; echo ran >$T/ran")"
  container_that_is stopped
  is_absent "$T/ran" 'before delete'
  does delete "$C"
  is "$(cat "$T/ran")" ran 'what the hook wrote'
  is "$(<"$T/seen")" '' 'processes and cgroups that the hook saw'
}

hooks_run_in_the_order_of_the_lifecycle() {
  spec config.md#posix-platform-hooks 'prestart, createRuntime, createContainer, startContainer, poststart, poststop'
  # shellcheck disable=SC2016
  bundle -p 'sleep 0.2' '.mounts += [{destination: "/log", source: $T, options: ["bind"]}]' \
    "$(for kind in $HOOKS; do
         dir=$T; [ "$kind" = startContainer ] && dir=/log
         printf '%s | ' "$(_hook "$kind" "echo $kind >>$dir/order")"
       done) ."
  mkdir "$B/rootfs/log"
  _whole_life
  is "$(tr '\n' ' ' <"$T/order")" "$HOOKS " 'order'
}

hooks_of_a_kind_run_in_the_listed_order() {
  spec config.md#posix-platform-hooks 'hooks are called in the listed order'
  local file
  file=$(_in "$1")/order
  bundle "$(_hook "$1" "sleep 0.05; echo 1 >>$file")" "$(_hook "$1" "echo 2 >>$file")" "$(_hook "$1" "echo 3 >>$file")"
  _whole_life
  is "$(tr '\n' ' ' <"$(_out "$1")/order")" '1 2 3 ' 'order'
}
# shellcheck disable=SC2086
cases hooks_of_a_kind_run_in_the_listed_order $HOOKS

hook_gets_args_as_they_are() {
  spec config.md#posix-platform-hooks 'args has the semantics of argv of execv: args[0] is free'
  bundle '.hooks.createRuntime = [{path: "/bin/busybox", args: ["sh", "-c", "echo \"$0|$1|$2|$#\" >" + $T + "/args", "a b", "", "$HOME"]}]'
  create
  is "$(<"$T/args")" 'a b||$HOME|2' 'arguments'
}

hook_without_args_gets_its_path() {
  spec config.md#posix-platform-hooks 'args is optional'
  script "$T/plain" "echo \"\$0 \$#\" >$T/args"
  # shellcheck disable=SC2016
  bundle '.hooks.createRuntime = [{path: ($T + "/plain")}]'
  create
  is "$(<"$T/args")" "$T/plain 0" 'arguments'
}

# A hook without a shell, which would add variables.
_dump() { echo "{path: \"/bin/busybox\", args: [\"dd\", \"if=/proc/self/environ\", \"of=$(_in "$1")/env\"]}"; }

hook_environment_is_exactly_env() {
  spec config.md#posix-platform-hooks 'env has the semantics of environ: nothing is inherited'
  export FROM_THE_RUNTIME=1
  bundle ".hooks.$1 = [$(_dump "$1") + {env: [\"A=1\", \"B=x y=z\", \"C=\"]}]"
  _whole_life
  is "$(tr '\0' '|' <"$(_out "$1")/env")" 'A=1|B=x y=z|C=|' 'environment'
}
# shellcheck disable=SC2086
cases hook_environment_is_exactly_env $HOOKS

hook_without_env_has_that_of_its_runner() {
  spec client 'a hook without env has the environment of the caller, one of startContainer that of the process'
  export FROM_THE_RUNTIME=1
  bundle ".hooks.$1 = [$(_dump "$1")]" '.process.env += ["OF_THE_PROCESS=1"]'
  _whole_life
  local found expected=FROM_THE_RUNTIME=1
  [ "$1" != startContainer ] || expected=OF_THE_PROCESS=1
  found=$(tr '\0' '\n' <"$(_out "$1")/env" | grep -x -e FROM_THE_RUNTIME=1 -e OF_THE_PROCESS=1)
  is "$found" "$expected" 'environment'
}
# shellcheck disable=SC2086
cases hook_without_env_has_that_of_its_runner $HOOKS

hook_with_an_empty_env_has_none() {
  spec config.md#posix-platform-hooks 'env has the semantics of environ: nothing is inherited'
  export FROM_THE_RUNTIME=1
  bundle ".hooks.$1 = [$(_dump "$1") + {env: []}]"
  _whole_life
  is "$(tr '\0' '|' <"$(_out "$1")/env")" '' 'environment'
}
# shellcheck disable=SC2086
cases hook_with_an_empty_env_has_none $HOOKS

hook_that_does_not_read_its_stdin_does_no_harm() {
  spec config.md#posix-platform-hooks 'the state is passed over stdin; nothing asks a hook to read it'
  bundle '.annotations["org.example.long"] = ("x" * 200000)' ".hooks.$1 = [{path: \"/bin/busybox\", args: [\"true\"]}]"
  _whole_life
}
# shellcheck disable=SC2086
cases hook_that_does_not_read_its_stdin_does_no_harm $HOOKS

hook_gets_the_end_of_stdin() {
  spec config.md#posix-platform-hooks 'the state is passed over stdin: a hook reads to its end'
  bundle '.annotations["org.example.long"] = ("x" * 200000)' "$(_hook "$1" "echo \"\$state\" | wc -c >$(_in "$1")/size")"
  _whole_life
  [ "$(<"$(_out "$1")/size")" -gt 200000 ] || fail 'the state is cut'
}
# shellcheck disable=SC2086
cases hook_gets_the_end_of_stdin $HOOKS

failing_hook_of_create_fails_create() {
  spec runtime.md#lifecycle 'steps 3 to 5: a failing hook is an error, the container is stopped and destroyed'
  bundle -p "echo >/tmp/program" "$(_hook "$1" 'exit 3')" "$(_hook "$1" "echo >$T/next")"
  create_fails
  status_is none
  is_absent "$T/next" 'the hook after the failing one'
  is_absent "$B/rootfs/tmp/program" 'the program'
}
# shellcheck disable=SC2086
cases failing_hook_of_create_fails_create $OF_CREATE

failing_hook_of_create_is_followed_by_poststop() {
  spec runtime.md#lifecycle 'steps 3 to 5: the lifecycle continues at step 12, so poststop hooks (13) run'
  bundle "$(_hook "$1" 'exit 1')" "$(_hook poststop "echo \"\$state\" >$T/poststop")"
  create_fails
  exists "$T/poststop" 'what the poststop hook wrote'
  is "$(jq -r .status "$T/poststop")" stopped 'status that poststop saw'
}
# shellcheck disable=SC2086
cases failing_hook_of_create_is_followed_by_poststop $OF_CREATE

failure_after_hooks_of_create_is_followed_by_poststop() {
  spec client 'what hooks have made, such as a network, is taken back by the poststop hooks if create fails later'
  bundle "$(_hook createRuntime "echo ran >$T/before")" "$(_hook poststop "echo ran >$T/poststop")" \
    '.process.args = ["/nowhere"]'
  create_fails
  exists "$T/before" 'what the createRuntime hook wrote'
  exists "$T/poststop" 'what the poststop hook wrote'
}

what_a_failing_create_cannot_undo_is_left_to_delete() {
  spec own 'a cgroup that a failing create cannot remove is told, and recorded: delete --force removes it later'
  requires_sampan
  requires_controller pids
  # The kernel does not remove a folder on which something is mounted.
  bundle ".linux.cgroupsPath = \"/$TEST_PREFIX/$C-bundle\"" "$(_hook createRuntime "
    for root in ${CGROUP_ROOTS[*]}; do
      dir=\$root/$TEST_PREFIX/$C-bundle
      [ ! -e \$dir/pids.max ] || { mount --bind $T \$dir && echo \$dir >$T/busy; }
    done
    exit 7")"
  rt create --bundle "$B" "$C"
  umount "$(<"$T/busy")" || fail 'nothing was mounted on the cgroup'
  is "$RC" 1 'exit code'
  has "$ERR" "warning: another file system is mounted on $(<"$T/busy")" 'the warning'
  exists "$(<"$T/busy")" 'the cgroup'
  does delete --force "$C"
  is_absent "$(<"$T/busy")" 'the cgroup'
  status_is none
}

hook_runs_where_the_bundle_cannot_be_entered() {
  spec config.md#posix-platform-hooks 'no working directory is specified for hooks: it is no reason to fail'
  requires_userns
  # The hook must be able to write there.
  mkdir -m 0777 "$T/open"
  bundle "$USERNS" "$(_hook createContainer "pwd >$T/open/pwd")"
  mkdir -m 0700 "$T/closed"
  mv "$B" "$T/closed/"
  B=$T/closed/bundle
  create
  exists "$T/open/pwd" 'what the hook wrote'
  [ "$RUNTIME_NAME" != sampan ] || is "$(<"$T/open/pwd")" / 'working directory of the hook'
}

poststop_hook_runs_when_the_bundle_is_gone() {
  spec runtime.md#lifecycle 'step 13: the poststop hooks are run, wherever the bundle is'
  bundle "$(_hook poststop "pwd >$T/pwd")"
  create
  mv "$B" "$T/elsewhere"
  does delete --force "$C"
  exists "$T/pwd" 'what the hook wrote'
}

hook_killed_by_a_signal_has_failed() {
  spec config.md#posix-platform-hooks 'a hook fails when it does not end with 0'
  bundle "$(_hook "$1" 'kill -9 $$')"
  create_fails
  status_is none
}
# shellcheck disable=SC2086
cases hook_killed_by_a_signal_has_failed createRuntime

failing_start_container_hook_stops_the_container() {
  spec runtime.md#lifecycle 'step 7: a failing startContainer hook is an error; the program does not run'
  bundle -p 'echo >/tmp/program; sleep 100' "$(_hook startContainer 'exit 1')"
  create
  rt start "$C"
  await_stopped
  is_absent "$B/rootfs/tmp/program" 'the program'
  state_of
  matches "$STATUS" '^(none|stopped)$' status
}

failing_start_container_hook_fails_start() {
  spec own 'start fails when a startContainer hook fails'
  requires_sampan
  bundle -p 'sleep 100' "$(_hook startContainer 'echo for this reason >&2; exit 7')"
  create
  refuses start "$C"
  has "$ERR" startContainer 'the error names the hook'
  has "$ERR" 7 'the error has its exit code'
  has "$ERR" 'for this reason' 'the error has its output'
}

failing_hook_of_start_is_followed_by_poststop() {
  spec runtime.md#lifecycle 'steps 7 and 9: the lifecycle continues at step 12, so poststop hooks (13) run'
  bundle -p 'sleep 100' "$(_hook "$1" 'exit 1')" "$(_hook poststop "echo ran >$T/poststop")"
  create
  rt start "$C"
  await_stopped
  exists "$T/poststop" 'what the poststop hook wrote'
  status_is none
}
cases failing_hook_of_start_is_followed_by_poststop startContainer poststart

failing_poststart_hook_ends_the_container() {
  spec runtime.md#lifecycle 'step 9: a failing poststart hook is an error and stops the container'
  bundle -p 'sleep 100' "$(_hook poststart 'exit 1')"
  create
  refuses start "$C"
  await_stopped
  [ "$RUNTIME_NAME" != sampan ] || status_is none
}

failing_poststop_hook_does_not_fail_delete() {
  spec runtime.md#lifecycle 'step 13: a failing poststop hook is a warning, the remaining hooks run'
  bundle "$(_hook poststop 'exit 1')" "$(_hook poststop "echo ran >$T/next")"
  create
  start
  await_stopped
  does delete "$C"
  exists "$T/next" 'what the next hook wrote'
  has "$ERR" poststop 'the warning'
  status_is none
}

hook_that_takes_too_long_has_failed() {
  spec config.md#posix-platform-hooks 'timeout is the number of seconds before the hook is aborted'
  bundle "$(_hook "$1" "exec sleep 77" 'timeout: 1')"
  local begin=$SECONDS
  create_fails
  [ $((SECONDS - begin)) -lt 5 ] || fail 'the timeout is not kept'
  status_is none
  await '! grep -qsa "sleep.77" /proc/[0-9]*/cmdline'
}
cases hook_that_takes_too_long_has_failed createRuntime createContainer

children_of_a_hook_that_takes_too_long_end_with_it() {
  spec own 'the timeout ends the whole process group of the hook'
  requires_sampan
  bundle "$(_hook createRuntime "sleep 79; true" 'timeout: 1')"
  create_fails
  await '! grep -qsa "sleep.79" /proc/[0-9]*/cmdline'
}

poststop_hook_that_takes_too_long_is_ended() {
  spec config.md#posix-platform-hooks 'timeout is the number of seconds before the hook is aborted'
  bundle "$(_hook poststop 'exec sleep 78' 'timeout: 1')" "$(_hook poststop "echo ran >$T/next")"
  create
  start
  await_stopped
  local begin=$SECONDS
  does delete "$C"
  [ $((SECONDS - begin)) -lt 5 ] || fail 'the timeout is not kept'
  exists "$T/next" 'what the next hook wrote'
}

hook_within_its_timeout_succeeds() {
  spec config.md#posix-platform-hooks 'timeout is the number of seconds before the hook is aborted'
  bundle "$(_hook "$1" "echo ran >$(_in "$1")/ran" 'timeout: 10')"
  _whole_life
  exists "$(_out "$1")/ran" 'what the hook wrote'
}
# shellcheck disable=SC2086
cases hook_within_its_timeout_succeeds $HOOKS

bad_hook_is_an_error() {
  spec config.md#posix-platform-hooks 'path is an absolute path and required; timeout is greater than zero'
  local hook
  case $1 in
    relative) hook='{path: "bin/true"}' ;;
    missing) hook='{path: "/no/such/hook"}' ;;
    pathless) hook='{args: ["true"]}' ;;
    zero) hook='{path: "/bin/true", timeout: 0}' ;;
    negative) hook='{path: "/bin/true", timeout: -1}' ;;
    envless) hook='{path: "/bin/true", env: [3]}' ;;
  esac
  bundle ".hooks.createRuntime = [$hook]"
  create_fails
  status_is none
}
cases bad_hook_is_an_error relative missing pathless zero negative envless

container_is_creating_while_hooks_of_create_run() {
  spec own 'status is creating while hooks of create run (the peers know no container then)'
  requires_sampan
  local command
  printf -v command '%s --root %s state %s' "$RUNTIME" "$ROOT" "$C"
  bundle "$(_hook createRuntime "$command >$T/during 2>&1; true")"
  create
  has "$(<"$T/during")" '"creating"' 'state during a hook'
  status_is created
}

hook_gets_only_the_standard_descriptors() {
  spec own 'no descriptor of the runtime or its caller but 0, 1 and 2 reaches a hook'
  requires_sampan
  bundle "$(_hook "$1" "exec ls /proc/self/fd >$(_in "$1")/fds")"
  _whole_life
  # 3 is the folder that ls itself reads.
  is "$(tr '\n' ' ' <"$(_out "$1")/fds")" '0 1 2 3 ' 'descriptors'
}
# shellcheck disable=SC2086
cases hook_gets_only_the_standard_descriptors $HOOKS

runtime_has_one_thread() {
  spec own 'the runtime has one thread: its child is made by clone3 and goes on with its memory'
  requires_sampan
  bundle "$(_hook createRuntime "ls /proc/\$PPID/task | wc -l >$T/threads")"
  create
  is "$(<"$T/threads")" 1 'threads of the runtime'
}

failed_hook_is_explained() {
  spec own 'the error has kind, index, path, exit code and output of the hook'
  requires_sampan
  bundle "$(_hook createRuntime true)" "$(_hook createRuntime 'echo no network here >&2; exit 5')"
  create_fails
  has "$ERR" createRuntime 'the error names the kind'
  has "$ERR" /bin/busybox 'the error names the path'
  has "$ERR" 5 'the error has the exit code'
  has "$ERR" 'no network here' 'the error has the output'
}

output_of_a_hook_is_kept() {
  requires_sampan
  spec own 'what a hook writes is kept in hooks.log of the container'
  bundle "$(_hook "$1" 'echo "words of the hook"; echo "more words" >&2')"
  create
  start
  await_stopped
  has "$(cat "$ROOT/$C/hooks.log" 2>&1)" "$1 hook 0 (/bin/busybox) exited with 0" 'the title in hooks.log'
  has "$(cat "$ROOT/$C/hooks.log" 2>&1)" $'words of the hook\nmore words' 'the output in hooks.log'
}
cases output_of_a_hook_is_kept prestart createRuntime createContainer startContainer poststart

# startContainer hooks are programs of the image, and the file is read at a terminal.
kept_output_of_a_hook_has_no_control_characters() {
  requires_sampan
  spec own 'what a container writes does not reach a terminal as control characters'
  bundle "$(_hook startContainer 'printf "a\\033[2Jb\\rc\\n"')"
  create
  start
  await_stopped
  has "$(cat -v "$ROOT/$C/hooks.log")" 'a\x1b[2Jb\x0dc' 'hooks.log'
}

hook_that_cannot_be_started_says_why() {
  requires_sampan
  requires_tool prlimit
  spec own 'an error has the reason of the call that failed'
  bundle "$(_hook startContainer 'true')"
  create
  prlimit --pid "$INIT" --nofile=5:5
  refuses start "$C"
  has "$ERR" 'could not be started: Too many open files' 'the error'
}

# A hook that cannot be executed, on the host and in the container, and what is said about it: WHY.
_broken_hook() {
  local file
  for file in "$T/broken" "$B/rootfs/broken"; do
    case $1 in
      crlf) printf '#!/bin/sh\r\ntrue\r\n' >"$file" ;;
      interpreter) printf '#!/no/such/shell\ntrue\n' >"$file" ;;
      text) printf 'true\n' >"$file" ;;
      mode) printf '#!/bin/sh\ntrue\n' >"$file" ;;
      missing) rm -f "$file"; continue ;;
    esac
    chmod 0755 "$file"
    [ "$1" != mode ] || chmod 0644 "$file"
  done
  case $1 in
    crlf) WHY='ends in CR LF, so its interpreter would be "/bin/sh\r"' ;;
    interpreter) WHY='the interpreter "/no/such/shell" of' ;;
    text) WHY='is a text file without #!' ;;
    mode) WHY='is executable for nobody (mode 0644)' ;;
    missing) WHY='/broken does not exist' ;;
  esac
}

hook_that_cannot_be_executed_is_explained() {
  spec own 'the kernel gives a number; the reason is told as for the program of args'
  requires_sampan
  local kind=${1%:*} path=/broken
  [ "$kind" = startContainer ] || path=$T/broken
  bundle -p 'sleep 100' ".hooks.$kind = [{path: \"$path\"}]"
  _broken_hook "${1#*:}"
  case $kind in
    startContainer|poststart) create; refuses start "$C" ;;
    poststop) create; rt delete "$C" ;;
    *) create_fails ;;
  esac
  has "$ERR" "error running $kind hook #0: $path could not be executed: " 'what is said'
  has "$ERR" "$WHY" 'what is said'
}
cases hook_that_cannot_be_executed_is_explained createRuntime:crlf createRuntime:interpreter createRuntime:text createRuntime:mode \
  createContainer:crlf createContainer:missing startContainer:crlf startContainer:interpreter startContainer:mode poststart:text \
  poststop:crlf

# The hook is running, and everything before it is done.
_interrupted() {
  bundle -p 'exec sleep 100' ".hooks.$2 = [{path: \"$T/hook\"}]"
  mkfifo "$T/fifo"
  script "$T/hook" "echo ready >$T/fifo; exec sleep 1000"
  # A shell makes processes in the background ignore SIGINT.
  env --default-signal=TERM,INT,HUP $RUNTIME --root "$ROOT" "$1" --bundle "$B" --pid-file "$T/pid" "$C" \
    >"$T/out" 2>"$T/err" </dev/null &
  local runtime=$!
  await_line "$T/fifo"
  kill -"$3" "$runtime"
  wait "$runtime"
  is "$(kill -l $?)" "$3" "the signal that $1 ends by"
  has "$(<"$T/err")" "interrupted by SIG$3" 'the error'
  is "$(ls -A "$ROOT")" '' 'what is left of the container'
  is_absent "$T/pid" 'the pid file'
}
interrupted_create_undoes_what_it_made() {
  spec own 'create and run that are interrupted undo what they made, hooks included, and end by the signal'
  requires_sampan
  local hook
  for hook in createRuntime createContainer; do
    _interrupted "$1" "$hook" TERM
    rm -rf "$B" "$T/fifo"
  done
  _interrupted "$1" createRuntime INT
  rm -rf "$B" "$T/fifo"
  _interrupted "$1" prestart HUP
}
cases interrupted_create_undoes_what_it_made create run

state_is_there_once_for_all_start_container_hooks() {
  spec own 'many startContainer hooks and a large state fit'
  requires_sampan
  requires_tool seq
  bundle -p 'echo done' '.annotations = {large: ("x" * 300000)}' \
    '.hooks.startContainer = [range(60) | {path: "/bin/busybox", args: ["true"]}]'
  runs
  is "$OUT" 'done' output
}

# Engines and the test suites of runc and crun look for these words.
failed_hook_is_told_in_the_words_of_runc() {
  spec client 'a hook that fails is told as "error running KIND hook #N: "'
  requires_sampan
  bundle ".hooks.$1 = [{path: \"/bin/busybox\", args: [\"true\"]}, {path: \"/bin/busybox\", args: [\"false\"]}]"
  rt run --bundle "$B" "$C"
  has "$ERR" "error running $1 hook #1: /bin/busybox exited with 1" 'what is said'
}
cases failed_hook_is_told_in_the_words_of_runc prestart createRuntime createContainer startContainer poststart

failed_poststop_hook_is_told_in_the_words_of_crun() {
  spec client 'a poststop hook that fails is a warning, with its exit code'
  requires_sampan
  bundle -p true '.hooks.poststop = [{path: "/bin/busybox", args: ["sh", "-c", "exit 3"]}]'
  runs
  has "$ERR" 'poststop hook failed with exit code 3: error running poststop hook #0: ' 'what is said'
}
