# The kind of an error is the `code` of its record in the JSON log. docs/errors.md has an example of each,
# which real containers make here.
# shellcheck shell=bash disable=SC2016,SC2153

# One of them waits ten seconds in vain.
TEST_SECONDS=$((TEST_SECONDS + 30))

_fails_with() { # KIND
  case $1 in
    failed)
      bundle '.mounts += [{destination: "/data", source: "/no/such/folder", options: ["bind"]}]'
      rt create --bundle "$B" "$C" ;;
    usage) rt create --bundel "$T" "$C" ;;
    config)
      bundle '.process.cwd = "relative"'
      rt create --bundle "$B" "$C" ;;
    not_found) rt state "$C" ;;
    already_exists)
      container_that_is created
      rt create --bundle "$B" "$C" ;;
    not_running)
      container_that_is stopped
      rt kill "$C" ;;
    wrong_status)
      container_that_is running
      rt start "$C" ;;
    hook_failed)
      bundle '.hooks.createRuntime = [{path: "/bin/sh", args: ["sh", "-c", "echo oops; exit 3"]}]'
      rt create --bundle "$B" "$C" ;;
    program_not_found)
      bundle '.process.args = ["/no/such/program"]'
      rt create --bundle "$B" "$C" ;;
    not_executable)
      bundle '.process.args = ["/bin"]'
      rt create --bundle "$B" "$C" ;;
    ended_early) _is_killed_by_its_filter ;;
    hung_up) _writes_where_nobody_reads ;;
    out_of_memory)
      requires_controller memory
      bundle '.linux.resources.memory.limit = 4096'
      rt create --bundle "$B" "$C" ;;
    timed_out) _meets_a_lock ;;
    interrupted) _is_interrupted ;;
    *) fail "there is no way to make an error of the kind $1" ;;
  esac
}

# The stub may not even say that the interpreter is missing.
_is_killed_by_its_filter() {
  requires_kernel_file /proc/sys/kernel/seccomp
  bundle '.process.args = ["/tool"]' \
    '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["write", "sendto"], action: "SCMP_ACT_KILL_PROCESS"}]}'
  printf '#!/no/such/interpreter\n' >"$B/rootfs/tool"
  chmod 0755 "$B/rootfs/tool"
  create
  rt start "$C"
}
_writes_where_nobody_reads() {
  container_that_is created
  mkfifo "$T/unread"
  exec {reader}<>"$T/unread"
  exec {writer}>"$T/unread"
  exec {reader}>&-
  # shellcheck disable=SC2086
  $RUNTIME --root "$ROOT" state "$C" 1>&"$writer" 2>"$T/err"
  RC=$?
}
_meets_a_lock() {
  requires_tool flock
  requires_pause
  container_that_is running
  helper flock --no-fork "$ROOT/$C" sh -c 'echo locked >"$0"; exec sleep 100' "$B/rootfs/fifo"
  await_line "$B/rootfs/fifo"
  rt pause "$C"
}
_is_interrupted() {
  bundle ".hooks.createRuntime = [{path: \"$T/hook\"}]"
  mkfifo "$T/fifo"
  script "$T/hook" "echo ready >$T/fifo; exec sleep 1000"
  # shellcheck disable=SC2086
  $RUNTIME --root "$ROOT" create --bundle "$B" "$C" >"$T/out" 2>"$T/err" </dev/null &
  local runtime=$!
  await_line "$T/fifo"
  kill -TERM "$runtime"
  wait "$runtime"
  RC=$?
}

# CODE and MSG of the last error in the log, with the names that are in the document.
_read_log() {
  local record
  record=$(jq -cs 'map(select(.level == "error")) | last' "$T/log")
  CODE=$(jq -r .code <<<"$record") MSG=$(jq -r .msg <<<"$record")
  MSG=${MSG//"$B"/"/bundles/web"} MSG=${MSG//"$C"/web}
  MSG=$(sed -E 's/after [0-9]+ ms/after 4 ms/' <<<"$MSG")
}
# EXIT and EXAMPLE: the row of the kind in the table.
_read_row() {
  local row
  row=$(grep "^| \`$1\` |" "${TEST_FILE%/tests/*}/docs/errors.md") || fail "docs/errors.md has no row of $1"
  IFS='|' read -r _ _ _ EXIT EXAMPLE _ <<<"$row"
  EXIT=${EXIT// /} EXAMPLE=${EXAMPLE# \`} EXAMPLE=${EXAMPLE%\` }
}

error_has_the_code_of_its_kind() {
  spec own 'an error has a code that stays, and the text that docs/errors.md shows for it'
  requires_sampan
  RUNTIME="$RUNTIME --log $T/log --log-format json" _fails_with "$1"
  isnt "$RC" 0 'exit code'
  _read_log
  is "$CODE" "$1" 'the code'
  _read_row "$1"
  case $EXAMPLE in
    *…) is "${MSG:0:${#EXAMPLE}-1}" "${EXAMPLE%…}" 'the text' ;;
    *) is "$MSG" "$EXAMPLE" 'the text' ;;
  esac
  case $EXIT in
    '') is "$RC" 1 'exit code' ;;
    *) is "$RC" 143 'exit code (128 + SIGTERM)' ;;
  esac
}
cases error_has_the_code_of_its_kind failed usage config not_found already_exists not_running wrong_status \
  hook_failed program_not_found not_executable ended_early hung_up out_of_memory timed_out interrupted

kind_comes_from_inside_the_container() {
  spec own 'what init and the program of exec report has its kind, too, however long its text'
  requires_sampan
  local long
  long=$(printf 'x%.0s' {1..1500})
  case $1 in
    createContainer|startContainer)
      bundle ".hooks.$1 = [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"echo $long; exit 3\"]}]"
      rt --log "$T/log" --log-format json run --bundle "$B" "$C" && fail 'it runs' ;;
    exec)
      container_that_is running
      rt --log "$T/log" --log-format json exec "$C" "/$long" && fail 'it runs'
      is "$RC" 255 'exit code' ;;
    interpreter)
      bundle '.process.args = ["/tool"]'
      printf '#!/no/such/interpreter\n' >"$B/rootfs/tool"
      chmod 0755 "$B/rootfs/tool"
      create
      rt --log "$T/log" --log-format json start "$C" && fail 'it runs' ;;
    stopped)
      container_that_is stopped
      rt --log "$T/log" --log-format json exec "$C" /bin/true && fail 'it runs' ;;
  esac
  _read_log
  case $1 in
    exec) is "$CODE" program_not_found 'the code' ;;
    interpreter) is "$CODE" not_executable 'the code' ;;
    stopped) is "$CODE" not_running 'the code' ;;
    *) is "$CODE" hook_failed 'the code'; has "$ERR" "/hooks/$1/0" 'the place' ;;
  esac
}
cases kind_comes_from_inside_the_container createContainer startContainer exec interpreter stopped

text_that_is_too_long_loses_only_its_end() {
  spec own 'of what init reports nothing else is lost: the place in config.json, the kind, the reason'
  requires_sampan
  local long
  long=$(printf 'x%.0s' {1..5000})
  bundle ".process.args = [\"/$long\"]"
  rt --log "$T/log" --log-format json create --bundle "$B" "$C" && fail 'create is accepted'
  _read_log
  is "$CODE" program_not_found 'the code'
  has "$ERR" /process/args/0 'the place'
}

warning_that_is_an_error_has_a_code() {
  spec own 'a poststop hook that fails is a warning with its code'
  requires_sampan
  bundle '.hooks.poststop = [{path: "/bin/false"}]'
  rt --log "$T/log" --log-format json run --bundle "$B" "$C" || fail 'it fails'
  is "$(jq -rs 'map(select(.level == "warning")) | last | .code' "$T/log")" hook_failed 'the code'
}
