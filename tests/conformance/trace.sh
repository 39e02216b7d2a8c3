# shellcheck shell=bash disable=SC2086
# --trace, --timings and --debug: what a command does, step by step.

# The events of a trace, whose array is never closed: EVENTS.
_events() {
  local text
  text=$(<"$1")
  EVENTS="${text%,}]"
  jq -e 'type == "array"' <<<"$EVENTS" >/dev/null || fail "$1 is no array of events"
}
_walkers() { jq -r '[.[] | select(.ph == "X" and .cat != "phase") | .args.walker] | unique | join(" ")' <<<"$EVENTS"; }

trace_has_each_step_with_beginning_and_duration() {
  spec own '--trace FILE has every step of supervisor, init and stub, on one clock'
  requires_sampan
  bundle
  create --trace "$T/trace"
  does start --trace "$T/trace" "$C"
  _events "$T/trace"
  is "$(_walkers)" 'create init start stub' 'who did something'
  is "$(jq '[.[] | select(.ph == "X") | select((.ts | type) != "number" or .dur < 0)] | length' <<<"$EVENTS")" 0 \
    'events without times'
  is "$(jq -r '[.[] | select(.name == "process_name") | .args.name] | join(", ")' <<<"$EVENTS")" \
    "sampan create $C, sampan start $C" 'the commands in one file'
  has "$(jq -r '.[].name' <<<"$EVENTS")" 'execute /bin/true' 'steps'
}

trace_of_exec_has_all_three_processes() {
  spec own 'exec is traced like create: exec, the process in between, the stub'
  requires_sampan
  container_that_is running
  does exec --trace "$T/trace" "$C" /bin/true
  _events "$T/trace"
  is "$(_walkers)" 'between exec stub' 'who did something'
}

trace_marks_the_step_that_failed() {
  spec own 'a step that failed is the last one of its process, and is marked'
  requires_sampan
  bundle '.hooks.createRuntime = [{path: "/bin/false"}]'
  create_fails --trace "$T/trace"
  _events "$T/trace"
  is "$(jq -r '.[] | select(.args.failed) | .name' <<<"$EVENTS")" 'run the createRuntime hook /bin/false' 'the failed step'
}

trace_is_complete_with_a_small_limit_of_file_sizes() {
  spec own 'the limits of the container do not cut its trace'
  requires_sampan
  bundle '.process.rlimits = [{type: "RLIMIT_FSIZE", soft: 1, hard: 1}]'
  runs --trace "$T/trace"
  _events "$T/trace"
  local names
  names=$(jq -r '.[].name' <<<"$EVENTS")
  has "$names" 'execute the stub' 'steps of init after the limit'
  has "$names" 'execute /bin/true' 'steps of the stub'
}

trace_as_a_picture_has_every_step() {
  spec own '--trace FILE.svg is a picture of the whole, well-formed and complete'
  requires_sampan
  requires_python
  bundle '.process.args = ["/bin/test", "a <b> & c"]'
  runs --trace "$T/picture.svg"
  $PYTHON -c 'import sys, xml.dom.minidom; xml.dom.minidom.parse(sys.argv[1])' "$T/picture.svg" || fail 'the picture is not XML'
  local text
  text=$(<"$T/picture.svg")
  has "$text" 'execute /bin/test "a &lt;b&gt; &amp; c"' 'the picture'
  has "$text" "remove the container's folder" 'the picture'
}

trace_that_cannot_be_written_is_a_warning() {
  spec own 'what was done stays done when the trace cannot be written'
  requires_sampan
  mkdir "$T/small" && mount -t tmpfs -o size=4k small "$T/small"
  bundle -p 'echo done'
  runs --trace "$T/small/trace"
  umount "$T/small"
  is "$OUT" 'done' 'output'
  has "$ERR" 'warning: writing the trace: ' 'standard error'
}

timings_list_the_steps_of_the_plan() {
  spec own '--timings prints a table with start, duration, who and step, and the sum'
  requires_sampan
  bundle
  does plan --bundle "$B" "$C"
  local plan=$OUT line
  create --timings
  while read -r line; do
    has "$ERR" ": $line" 'the table'
  done < <(sed -n '/(create)\|(init)/,/^$/s/^  \(.*[^)]\)$/\1/p' <<<"$plan")
  matches "$ERR" "create $C: [0-9]+ steps in [0-9.]+ ms; [*] took longest, [0-9.]+ ms: " 'the last line'
  does start "$C"
  is "$ERR" '' 'standard error without the option'
}

debug_tells_each_step() {
  spec own '--debug tells each step when it is done'
  requires_sampan
  bundle
  RUNTIME="$RUNTIME --debug" create
  has "$ERR" 'sampan: debug: create: clone: clone init' 'standard error'
  has "$ERR" 'sampan: debug: init: identity: hide from tracers' 'standard error'
  has "$ERR" 'sampan: debug: stub: user: run as uid 0' 'standard error'
  RUNTIME="$RUNTIME --debug --log $T/log --log-format json" rt start "$C"
  is "$ERR" '' 'standard error with a log'
  is "$(jq -r 'select(.level == "debug") | .msg' "$T/log" | head -n 1)" 'start: start: let the program be executed' 'the log'
  does delete --force "$C"
  is "$ERR" '' 'standard error without the option'
}

debug_is_out_of_reach_of_the_container() {
  spec own 'a container that waits or runs has no descriptor of the log'
  requires_sampan
  bundle -p 'ls -l /proc/self/fd; sleep 100'
  RUNTIME="$RUNTIME --debug --log $T/log" create
  lacks "$(ls -l "/proc/$INIT/fd")" "$T/log" 'descriptors of the waiting process'
  start
  lacks "$(ls -l "/proc/$INIT/fd")" "$T/log" 'descriptors of the program'
}

trace_is_written_to_a_regular_file_only() {
  spec own '--trace FILE never makes the runtime wait, and cannot end it'
  requires_sampan
  bundle -p true
  mkfifo "$T/fifo"
  for file in "$T/fifo" "$T" "$T/missing/file" /dev/null; do
    run_fails --trace "$file"
    has "$ERR" trace "the error of $file"
  done
}

trace_is_out_of_reach_of_the_container() {
  spec own 'a container that waits or runs has no descriptor of the trace'
  requires_sampan
  bundle -p 'ls -l /proc/self/fd >/tmp/fds; sleep 100'
  create --trace "$T/trace"
  lacks "$(ls -l "/proc/$INIT/fd")" "$T/trace" 'descriptors of the waiting process'
  does start --trace "$T/trace" "$C"
  lacks "$(ls -l "/proc/$INIT/fd")" "$T/trace" 'descriptors of the program'
  has "$(<"$T/trace")" '{"name":"execute /bin/sh ' 'the last step of the trace'
}

trace_damages_no_other_file() {
  spec own '--trace FILE refuses a file that is no trace of that form, also through a link, before anything is made'
  requires_sampan
  bundle -p true
  echo '{"precious": true}' >"$T/config.json"
  echo '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"></svg>' >"$T/drawing.svg"
  printf '[\n{"name"' >"$T/short"
  ln -s config.json "$T/link"
  ln -s config.json "$T/link.svg"
  local file before
  for file in config.json drawing.svg short link link.svg; do
    before=$(<"$T/$file")
    create_fails --trace "$T/$file"
    has "$ERR" "$file is no trace of the same form" 'the error'
    is "$(<"$T/$file")" "$before" "what $file holds"
  done
  [ -L "$T/link" ] || fail 'the link was replaced'
}

trace_takes_its_own_and_empty_files_again() {
  spec own '--trace FILE appends to a trace, replaces a picture of one, and takes an empty file'
  requires_sampan
  bundle -p true
  : >"$T/events"
  : >"$T/picture.svg"
  for _ in 1 2; do
    runs --trace "$T/events"
    runs --trace "$T/picture.svg"
  done
  _events "$T/events"
  is "$(jq '[.[].pid] | unique | length' <<<"$EVENTS")" 2 'commands in one file'
  is "$(grep -c '<svg' "$T/picture.svg")" 1 'pictures'
  mv "$T/events" "$T/events.svg"
  run_fails --trace "$T/events.svg"
  has "$ERR" 'is no trace of the same form' 'the error'
}
