# The command line that engines and scripts depend on. None of it is the specification's.
# shellcheck shell=bash disable=SC2034

# Runs the runtime as it is, without --root.
_bare() {
  COMMAND="$RUNTIME_NAME $*"
  # shellcheck disable=SC2086
  $RUNTIME "$@" >"$T/out" 2>"$T/err" </dev/null
  RC=$?
  OUT=$(tr -d '\0' <"$T/out") ERR=$(<"$T/err")
  return $RC
}

version_has_the_shape_that_is_parsed() {
  spec client '--version: "NAME version X.Y.Z", "commit: HASH", "spec: X.Y.Z", a line each'
  _bare "$1" || fail 'it fails'
  matches "$OUT" '^[a-z]+ version [0-9]+\.[0-9]+' 'first line'
  matches "$OUT" $'\ncommit: [^\n]+\n' 'line of the commit'
  matches "$OUT" $'\nspec: [0-9]+\.[0-9]+\.[0-9]+' 'line of the specification'
}
cases version_has_the_shape_that_is_parsed --version -v

help_ends_with_0() {
  spec client '--help prints the usage and ends with 0'
  # shellcheck disable=SC2086
  _bare ${1//+/ } || fail 'it fails'
  [ -n "$OUT" ] || fail 'nothing on stdout'
}
cases help_ends_with_0 --help -h create+--help start+--help state+--help kill+--help delete+--help run+--help list+--help

help_names_a_command_and_version_is_one() {
  spec own 'help, help COMMAND and version, as words'
  requires_sampan
  _bare help || fail 'help fails'
  local all=$OUT
  _bare --help || fail '--help fails'
  is "$all" "$OUT" 'help and --help'
  _bare kill --help || fail 'kill --help fails'
  local kill=$OUT word
  for word in 'help kill' '--help kill'; do
    # shellcheck disable=SC2086
    _bare $word || fail "$word fails"
    is "$OUT" "$kill" "$word"
  done
  _bare help rm || fail 'help rm fails'
  has "$OUT" 'usage: sampan delete' 'help rm'
  _bare help all || fail 'help all fails'
  has "$OUT" "$all" 'help all'
  has "$OUT" "$kill" 'help all'
  _bare version || fail 'version fails'
  matches "$OUT" '^sampan version [0-9]' version
}

version_has_the_lines_that_callers_read() {
  spec client 'the version, the commit, the version of the specification, and what the runtime was built with'
  _bare --version || fail '--version fails'
  matches "$OUT" "^$RUNTIME_NAME version [0-9]+\\.[0-9]+" 'the first line'
  matches "$OUT" $'\ncommit: ' 'the commit'
  matches "$OUT" $'\nspec: [0-9]+\\.[0-9]+\\.[0-9]+' 'the specification'
  case $RUNTIME_NAME in
    runc) has "$OUT" 'libseccomp: ' 'the version of libseccomp' ;;
    *) matches "$OUT" $'\n(\\+SYSTEMD )?\\+SELINUX \\+APPARMOR ' 'the features' ;;
  esac
}

habits_of_other_programs_are_understood() {
  spec own 'ls is list, rm is delete, ps without a container lists them'
  requires_sampan
  container_that_is running
  # How long ago it was created changes meanwhile.
  local table ids='{ print $1, $2, $3, $4 }'
  does list
  table=$(awk "$ids" <<<"$OUT")
  has "$table" "$C $INIT running" 'list'
  does ls
  is "$(awk "$ids" <<<"$OUT")" "$table" ls
  does ps
  is "$(awk "$ids" <<<"$OUT")" "$table" ps
  does ls -q
  is "$OUT" "$C" 'ls -q'
  does rm -f "$C"
  status_is none
}

unknown_command_is_an_error() {
  spec client 'an unknown command is an error on stderr'
  _bare no-such-command && fail 'it is accepted'
  _crashed && fail 'it crashes'
  return 0
}

unknown_option_is_an_error() {
  spec client 'an unknown option is an error'
  container_that_is running
  refuses "$1" --no-such-option "$C"
  status_is running
}
cases unknown_option_is_an_error state start kill delete

options_with_one_dash_are_accepted() {
  spec client 'long options may have one dash (containerd sends -no-subreaper)'
  [ "$RUNTIME_NAME" != crun ] || skip 'crun takes two dashes only'
  bundle -p 'sleep 100'
  _run "$T/program.out" "$T/create.err" create -bundle "$B" -pid-file "$T/pid" "$C" || fail 'create fails'
  does delete -force "$C"
}

option_and_value_may_be_one_word() {
  spec client '--name=value and --name value are the same'
  bundle -p 'sleep 100'
  _run "$T/program.out" "$T/create.err" create "--bundle=$B" "--pid-file=$T/pid" "$C" || fail 'create fails'
  exists "$T/pid" 'pid file'
  does delete --force "$C"
}

booleans_take_a_value() {
  spec client '--flag, --flag=true and --flag=false'
  [ "$RUNTIME_NAME" != crun ] || skip 'crun takes no values for flags'
  container_that_is running
  refuses delete --force=false "$C"
  does delete --force=true "$C"
}

short_options_are_accepted() {
  spec client '-b is --bundle, -f --force, -q --quiet'
  bundle -p 'sleep 100'
  _run "$T/program.out" "$T/create.err" create -b "$B" "$C" || fail 'create fails'
  does list -q
  is "$OUT" "$C" 'list -q'
  does delete -f "$C"
}

short_options_are_joined() {
  spec own '-it is -i -t, the last letter may have a value, and a misspelt -forc is nothing at all'
  requires_sampan
  container_that_is running
  COMMAND='exec -it'
  command script -qec "$RUNTIME --root $ROOT exec -it $C /bin/sh -c 'tty; exit 5'" /dev/null >"$T/out" 2>&1 </dev/null
  is $? 5 'exit code'
  has "$(<"$T/out")" /dev/pts/ 'the terminal'
  does exec -ie A=joined "$C" /bin/sh -c 'echo $A'
  is "$OUT" joined 'the value'
  refuses delete -forc "$C"
  has "$ERR" 'unknown option -forc' 'the error'
  status_is running
}

pid_file_has_no_newline() {
  spec client 'the pid file is a decimal number without a newline'
  container_that_is created
  matches "$(od -An -c "$T/pid" | tr -d ' \n')" '^[0-9]+$' 'pid file'
  state_of
  is "$(<"$T/pid")" "$PID" 'pid'
}

pid_file_may_be_a_relative_path() {
  spec client 'paths are relative to the current folder'
  bundle -p 'sleep 100'
  cd "$T" || fail 'no folder'
  _run "$T/program.out" "$T/create.err" create --bundle "$B" --pid-file my.pid "$C" || fail 'create fails'
  exists "$T/my.pid" 'pid file'
}

pid_file_in_the_place_of_something_else_is_an_error() {
  spec own 'a FIFO, a device or a folder is not replaced by a pid file, nor what a link leads to'
  requires_sampan
  case $1 in
    fifo) mkfifo "$T/there" ;;
    device) mknod -m 0666 "$T/there" c 1 7 ;;
    folder) mkdir "$T/there" ;;
    link) mkfifo "$T/target"; ln -s target "$T/there" ;;
  esac
  local before
  before=$(stat -c '%F %i' "$T/there")
  bundle -p 'sleep 100'
  rt create --bundle "$B" --pid-file "$T/there" "$C"
  is "$RC" 1 'exit code'
  has "$ERR" "writing the pid file: $T/there exists and is not a regular file" 'the error'
  is "$(stat -c '%F %i' "$T/there")" "$before" 'what is there'
  lacks "$ERR" warning 'the error'
  status_is none
}
cases pid_file_in_the_place_of_something_else_is_an_error fifo device folder link

delete_that_cannot_look_at_the_process_fails() {
  spec own 'a descriptor of the process that cannot be had is an error, and no process that has gone'
  requires_sampan
  requires_tool strace
  bundle -p 'sleep 100'
  _run "$T/program.out" "$T/create.err" --cgroup-manager disabled create --bundle "$B" --pid-file "$T/pid" "$C" || fail 'create fails'
  RUNTIME="strace -f -o /dev/null -e trace=pidfd_open -e inject=pidfd_open:error=EMFILE $RUNTIME" rt delete --force "$C"
  is "$RC" 1 'exit code'
  has "$ERR" 'Too many open files' 'the error'
  status_is created
}

log_of_text_keeps_its_form() {
  spec own 'a quotation mark in a message does not end the member of the line'
  requires_sampan
  bundle '.process.args = ["/no\"such level=fatal"]'
  rt --log "$T/log" create --bundle "$B" "$C"
  has "$(<"$T/log")" 'exec: \"/no\"such level=fatal\": no such file' 'the log'
}

colours_are_for_terminals() {
  spec own 'an error has colours on a terminal, unless it is dumb or NO_COLOR is set; a pipe gets none'
  requires_sampan
  local escape=$'\033'
  bundle '.process.cwd = "relative"'
  refuses create --bundle "$B" "$C"
  lacks "$ERR" "$escape" 'what a pipe gets'
  COMMAND='create, on a terminal'
  _screen_of() {
    OUT=$(env "$@" script -qec "$RUNTIME --root $ROOT create --bundle $B $C" /dev/null 2>&1 </dev/null)
  }
  _screen_of TERM=xterm
  has "$OUT" "${escape}[1;31msampan:${escape}[0m" 'the first line'
  matches "$OUT" "${escape}\\[1;31m +\\^${escape}\\[0m" 'the caret'
  _screen_of TERM=xterm NO_COLOR=1
  lacks "$OUT" "$escape" 'with NO_COLOR'
  has "$OUT" 'sampan: ' 'with NO_COLOR'
  _screen_of TERM=xterm NO_COLOR=
  has "$OUT" "$escape" 'with an empty NO_COLOR'
  _screen_of TERM=dumb
  lacks "$OUT" "$escape" 'on a dumb terminal'
}

delete_force_of_an_unknown_container_is_0() {
  spec client 'delete --force of a container that does not exist ends with 0'
  does delete --force no-such-container
}

delete_of_an_unknown_container_says_that_it_does_not_exist() {
  spec client '"does not exist" is matched by containerd'
  refuses "$1" no-such-container
  has "$ERR" 'does not exist' 'the error'
}
cases delete_of_an_unknown_container_says_that_it_does_not_exist delete kill start

kill_of_a_stopped_container_says_not_running() {
  spec client '"container not running" is matched by containerd and CRI-O'
  container_that_is stopped
  refuses kill "$C" KILL
  has "$ERR" 'container not running' 'the error'
}

start_of_a_running_container_has_its_text() {
  spec client 'texts that scripts match'
  container_that_is "$1"
  refuses start "$C"
  case $1 in
    running) has "$ERR" 'cannot start an already running container' 'the error' ;;
    stopped) has "$ERR" 'cannot start a container that has stopped' 'the error' ;;
  esac
}
cases start_of_a_running_container_has_its_text running stopped

delete_of_a_running_container_has_its_text() {
  spec client 'texts that scripts match'
  container_that_is running
  refuses delete "$C"
  has "$ERR" 'that is not stopped: running' 'the error'
}

used_id_has_its_text() {
  spec client 'texts that tests match'
  container_that_is running
  refuses create --bundle "$B" "$C"
  has "$ERR" 'container with given ID already exists' 'the error'
}

missing_program_has_the_texts_that_engines_match() {
  spec client 'exec: "NAME": executable file not found in $PATH (dockerd, podman)'
  bundle '.process.args = ["no-such-program"]'
  create_fails
  # In a record of a log the quotes are escaped.
  has "${ERR//\\/}" 'exec: "no-such-program": executable file not found in $PATH' 'the error'
}

errors_go_to_stderr_and_exit_code_is_1() {
  spec client 'a failed command ends with 1 and says why on stderr'
  refuses state no-such-container
  is "$RC" 1 'exit code'
  is "$OUT" '' stdout
  [ -n "$ERR" ] || fail 'nothing on stderr'
}

log_goes_to_the_file() {
  spec client '--log FILE gets the errors too'
  rt --log "$T/log.txt" state no-such-container && fail 'it is accepted'
  [ -s "$T/log.txt" ] || fail 'nothing in the log'
}

json_log_has_level_msg_time() {
  spec client 'containerd reads {"level":"error","msg":"...","time":"RFC 3339"} from the last line of the log'
  rt --log "$T/log.json" --log-format json state no-such-container && fail 'it is accepted'
  is "$(tail -n 1 "$T/log.json" | jq -r '.level, (.msg | length > 0), (.time | test("^[0-9]{4}-[0-9-]+T[0-9:.]+(Z|[+-][0-9:]+)$"))')" \
    $'error\ntrue\ntrue' 'the record'
}

global_options_are_accepted() {
  spec client 'options that engines send with every call'
  bundle -p 'sleep 100'
  _run "$T/program.out" "$T/create.err" --log "$T/log" --log-format=json --debug create --bundle "$B" "$C" || fail 'create fails'
  does --log "$T/log" --log-format json state "$C"
  is "$(jq -r .status <<<"$OUT")" created status
}

create_options_of_engines_are_accepted() {
  spec client "create takes $1"
  bundle
  create "$1"
  does delete "$C"
}
cases create_options_of_engines_are_accepted --no-pivot --no-new-keyring

features_is_json() {
  spec features.md 'features prints a JSON object with the versions that are supported'
  _bare features || lacks_support 'the command features'
  is "$(jq -r '[.ociVersionMin, .ociVersionMax] | map(type) | unique | .[]' <<<"$OUT")" string 'type of the versions'
  is "$(jq -r '.hooks | sort | join(" ")' <<<"$OUT")" 'createContainer createRuntime poststart poststop prestart startContainer' hooks
  is "$(jq -r '.linux.namespaces | map(select(IN("pid", "network", "ipc", "uts", "mount", "user", "cgroup"))) | length' <<<"$OUT")" 7 'namespaces'
  is "$(jq -r '.mountOptions | index("ro") != null' <<<"$OUT")" true 'mountOptions has ro'
}

spec_writes_a_config_that_runs() {
  spec client 'spec writes a config.json that runs as it is'
  mkdir "$T/new"
  cd "$T/new" || fail 'no folder'
  # shellcheck disable=SC2086
  _bare ${1//+/ } || fail 'it fails'
  jq -e '.ociVersion and .process and .root' config.json >/dev/null || fail 'config.json is not complete'
  cp -al "$TEST_WORK/rootfs" rootfs
  # Without our terminal; the program is the shell.
  jq ".process.terminal = false | .process.args = [\"/bin/sh\", \"-c\", \"echo ran\"] | .linux.cgroupsPath = \"/$TEST_PREFIX/$C-bundle\"
    | .mounts |= map(select(.type != \"mqueue\"))" config.json >c && mv c config.json
  rt run "$C" || fail 'run fails'
  is "$OUT" ran 'output'
}
cases spec_writes_a_config_that_runs spec

spec_has_the_default_file_systems() {
  spec config-linux.md#default-filesystems '/proc, /sys, /dev/pts and /dev/shm (SHOULD)'
  mkdir "$T/new"
  cd "$T/new" || fail 'no folder'
  _bare spec || fail 'it fails'
  is "$(jq -c '["/proc", "/sys", "/dev/pts", "/dev/shm"] - [.mounts[].destination]' config.json)" '[]' 'what is missing'
}

spec_goes_to_the_folder_of_bundle() {
  spec client 'spec --bundle DIR writes DIR/config.json'
  [ "$RUNTIME_NAME" != crun ] || skip 'crun 1.8 has no such option'
  mkdir "$T/new"
  _bare spec --bundle "$T/new" || fail 'it fails'
  exists "$T/new/config.json" 'after spec'
}

spec_does_not_overwrite() {
  spec client 'spec refuses to overwrite a config.json'
  mkdir "$T/new"
  cd "$T/new" || fail 'no folder'
  echo mine >config.json
  _bare spec && fail 'it is accepted'
  is "$(<config.json)" mine 'config.json'
}

rootless_spec_has_a_user_namespace() {
  spec client 'spec --rootless has a user namespace with maps'
  mkdir "$T/new"
  cd "$T/new" || fail 'no folder'
  _bare spec --rootless || fail 'it fails'
  is "$(jq -r '[.linux.namespaces[].type] | index("user") != null' config.json)" true 'has a user namespace'
  is "$(jq -r '.linux.uidMappings | length' config.json)" 1 'number of maps'
}

output_into_a_closed_pipe_is_no_crash() {
  spec own 'a reader that goes away does no harm'
  requires_sampan
  # shellcheck disable=SC2086
  $RUNTIME --root "$ROOT" list --help | true
  is "${PIPESTATUS[1]}" 0 'exit code'
  isnt "${PIPESTATUS[0]:-0}" 134 'exit code of the runtime'
}

# ---- where the state is -----------------------------------------------------------------------------------

# Runs the runtime as root of a user namespace that only maps an ordinary user, without --root.
_rootless() {
  COMMAND="$RUNTIME_NAME $* (as root of a user namespace)"
  # shellcheck disable=SC2086
  setpriv --reuid 1500 --regid 1500 --clear-groups unshare --user --map-root-user $RUNTIME "$@" >"$T/out" 2>"$T/err" </dev/null
  RC=$?
  OUT=$(<"$T/out") ERR=$(<"$T/err")
  return $RC
}
_rootless_bundle() {
  requires_userns
  requires_tool setpriv
  bundle -p "$1" '.linux.namespaces = [{type: "mount"}, {type: "pid"}, {type: "uts"}, {type: "ipc"}] | .mounts = .mounts[:2]
    | .process.capabilities = {} | del(.linux.cgroupsPath) | del(.linux.resources)'
}

root_of_a_user_namespace_has_the_state_folder_of_its_user() {
  spec client 'rootless podman: root of a user namespace, without --root; state is in XDG_RUNTIME_DIR'
  _rootless_bundle 'echo ran'
  mkdir "$T/xdg" && chown 1500:1500 "$T/xdg"
  unset USER
  export XDG_RUNTIME_DIR=$T/xdg
  _rootless run --bundle "$B" "$C" || fail 'run fails'
  is "$OUT" ran output
  exists "$T/xdg/$RUNTIME_NAME" 'the folder of all containers'
}

state_folder_that_cannot_be_made_names_the_variable() {
  spec own 'without XDG_RUNTIME_DIR the error says that it would help'
  requires_sampan
  _rootless_bundle 'echo ran'
  unset XDG_RUNTIME_DIR
  _rootless run --bundle "$B" "$C" && fail 'it runs'
  has "$ERR" XDG_RUNTIME_DIR 'the error'
  has "$ERR" --root 'the error'
}

state_folder_that_others_can_replace_is_a_warning() {
  spec own 'a --root in the folder of an ordinary user is told: who may rename it may put another one there'
  requires_sampan
  bundle
  mkdir "$T/anns" "$T/anns/state" "$T/links" "$T/tmp"
  chown 1500 "$T/anns"
  chmod 1777 "$T/tmp"
  ln -s "$T/anns/state" "$T/links/there"
  ln -s "$T/links" "$T/anns/link"
  local ROOT
  for ROOT in "$T/anns/state" "$T/links/there" "$T/anns/link/own"; do
    runs
    has "$ERR" "warning: $T/anns belongs to user 1500" "warnings with $ROOT"
  done
  cd "$T/anns" || fail 'there is no folder'
  ROOT=state
  runs
  has "$ERR" "warning: $T/anns belongs to user 1500" 'warnings with a relative path'
  ROOT=$T/tmp/state
  runs
  is "$ERR" '' 'warnings below a folder with the sticky bit'
}

# ---- warnings and the log ---------------------------------------------------------------------------------

warnings_go_to_the_log_alone() {
  spec client 'standard error is the container'\''s: with --log nothing but an error is told there'
  bundle '.unknown = 1' '.process.capabilities.bounding += ["CAP_NO_SUCH"]'
  rt --log "$T/log" --log-format json run --bundle "$B" "$C" || fail 'the container fails'
  is "$ERR$OUT" '' 'what is on the standard streams'
  [ "$RUNTIME_NAME" = sampan ] || return 0
  has "$(jq -r 'select(.level == "warning").msg' "$T/log")" 'unknown property "unknown" is ignored' 'the log'
  has "$(jq -r 'select(.level == "warning").msg' "$T/log")" CAP_NO_SUCH 'the log'
}

log_level_error_leaves_warnings_out() {
  spec own '--log-level error: no warnings; every other level leaves nothing out'
  requires_sampan
  bundle '.unknown = 1'
  local level
  rt --log-level error plan "$B" || fail 'plan fails'
  lacks "$ERR" warning 'standard error'
  rt --log-level error --log "$T/log" plan "$B" || fail 'plan fails'
  is "$(cat "$T/log")" '' 'the log'
  for level in '--log-level warning' '--log-level info' '--log-level debug' --debug; do
    # shellcheck disable=SC2086
    rt $level plan "$B" || fail "plan fails with $level"
    has "$ERR" 'unknown property "unknown" is ignored' "warnings with $level"
  done
  rt --log-level loud plan "$B" && fail 'an unknown level is accepted'
  has "$ERR" '--log-level is error, warning, info or debug, not "loud"' 'the error'
}

warnings_of_one_kind_are_one_line() {
  spec own 'without a log there is one line at most for each kind of warning'
  requires_sampan
  bundle '.first = 1' '.process.second = {a: [1]}' '.linux.third = "x"' \
    '.process.capabilities.bounding += ["CAP_NO_SUCH", "CAP_NEITHER"] | .process.capabilities.effective += ["CAP_NO_SUCH"]'
  runs
  is "$(wc -l <<<"$ERR")" 2 'number of lines'
  matches "$ERR" 'warning: [^ ]*config.json:[0-9]+:[0-9]+: [^ ]+: unknown property "[a-z]+" is ignored \(and 2 more like it: ' 'the first'
  has "$ERR" /process/second 'the first'
  has "$ERR" 'CAP_NO_SUCH, CAP_NEITHER: unknown and left out' 'the second'
}

what_engines_always_send_is_no_warning() {
  spec client 'buildah lists ambient capabilities that are not inheritable; no runtime speaks of it'
  bundle '.process.capabilities.ambient = .process.capabilities.permitted'
  runs
  is "$ERR" '' 'what is said'
}

log_that_cannot_be_opened_is_an_error() {
  spec client 'an engine that reads the log would look for the reason in vain'
  bundle
  rt --log "$T/no/such/folder/log" run --bundle "$B" "$C" && fail 'it runs'
  has "$ERR" "$T/no/such/folder/log" 'the error'
  status_is none
}

root_that_somebody_else_could_fill_is_refused() {
  spec own 'records are believed where nobody else could have written them'
  requires_sampan
  mkdir "$ROOT"
  case $1 in
    owner) chown 1000 "$ROOT" ;;
    writable) chmod 0777 "$ROOT" ;;
  esac
  refuses list
  has "$ERR" "$ROOT" 'the error'
  bundle
  create_fails
  is "$(ls -A "$ROOT")" '' 'what is in the folder'
}
cases root_that_somebody_else_could_fill_is_refused owner writable

log_never_follows_a_link_of_others_and_never_waits() {
  spec own 'what --log names cannot make root write elsewhere, nor wait'
  requires_sampan
  mkdir "$T/open"
  chmod 1777 "$T/open"
  ln -s "$T/target" "$T/open/link"
  mkfifo "$T/fifo"
  rt --log "$T/open/link" state none
  is_absent "$T/target" 'the file behind the link'
  rt --log "$T/fifo" state none
  rt --log "$T/log" state none
  exists "$T/log" 'the log'
  ln -s "$T/target" "$T/link"
  rt --log "$T/link" state none
  exists "$T/target" 'the file behind a link of our own'
}

list_of_a_root_that_does_not_exist_is_an_error() {
  spec client 'a --root that somebody has named, and that is not there, is probably misspelt (runc)'
  requires_sampan
  ROOT=$T/none rt list && fail 'it lists'
  has "$ERR" "the folder of --root does not exist: $T/none" 'the error'
}
