# Bad surroundings: no room for the output, low limits of the caller, a container that ends meanwhile.
# shellcheck shell=bash disable=SC2015,SC2016,SC2034,SC2086,SC2094,SC2153,SC2154

# Runs the runtime with its standard output on a descriptor that accepts nothing.
_output_on() {
  local fd=$1; shift
  COMMAND="$RUNTIME_NAME $*"
  $RUNTIME --root "$ROOT" "$@" 2>"$T/err" 1>&"$fd" </dev/null
  RC=$? ERR=$(<"$T/err")
}
_cannot_be_written() {
  is "$RC" 1 "exit code where the output is $1"
  has "$ERR" "standard output: writing: $2" "the error where the output is $1"
}

output_that_cannot_be_written() {
  spec own 'a command whose output cannot be written fails, and says so'
  requires_sampan
  local -A words=([state]="$C" [ps]="$C" [plan]="$B" [list]='' [features]='' [spec]='-f -' [help]='' [version]=''
    [kill]='--help')
  local words_of=${words[$1]} full broken
  bundle -p 'sleep 100'
  create
  set -- "$1" $words_of
  [ "$1" != version ] || set -- --version
  exec {full}>/dev/full
  _output_on "$full" "$@"
  _cannot_be_written 'full' 'No space left on device'
  mkfifo "$T/pipe"
  exec {reader}<>"$T/pipe" {broken}>"$T/pipe" {reader}>&-
  _output_on "$broken" "$@"
  _cannot_be_written 'read by nobody' 'Broken pipe'
  _output_on - "$@"
  _cannot_be_written 'closed' 'Bad file descriptor'
}
cases output_that_cannot_be_written state ps plan list features spec help version kill

a_config_that_cannot_be_written_whole() {
  spec own 'spec leaves no half of a config.json'
  requires_sampan
  OUT=$(prlimit --fsize=100 $RUNTIME spec -f "$T/half.json" 2>&1) && fail 'spec writes beyond the limit'
  has "$OUT" 'File too large' 'the error'
  is_absent "$T/half.json" 'what was written'
}

# Creates a container with a limit of the caller, such as nofile=5; RC, and the output in OUT. The output goes
# through a FIFO: a limit of file sizes would apply to a file, and a pipe would only end with the container.
_create_limited() {
  local said line
  COMMAND="create with $1" OUT=''
  [ -p "$T/said" ] || mkfifo "$T/said"
  exec {said}<>"$T/said"
  prlimit "--$1" $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C" >/dev/null 2>&"$said" </dev/null
  RC=$?
  # All of it is there by now; a time limit could end before this shell gets to read it.
  while read -t 0 -u "$said"; do
    read -r -u "$said" line
    OUT+="$line "
  done
  exec {said}>&-
}
# It fails for this reason, and leaves nothing; or it succeeds, and the container exists.
_created_or_nothing() {
  if [ "$RC" = 0 ]; then
    status_is created
    does delete --force "$C"
    CREATED=$((CREATED + 1))
  else
    is "$RC" 1 "exit code of create with $1: $OUT"
    matches "$OUT" "$2" "the error of create with $1"
    REFUSED=$((REFUSED + 1))
  fi
  is "$(ls "$ROOT" 2>/dev/null)" '' "what create with $1 left"
}
_at_each_limit() {
  local limit=$1 reason=$2 value CREATED=0 REFUSED=0; shift 2
  requires_sampan
  bundle -p 'sleep 100'
  for value in "$@"; do
    _create_limited "$limit=$value"
    _created_or_nothing "$limit=$value" "$reason"
  done
  [ $CREATED != 0 ] && [ $REFUSED != 0 ] || fail "$CREATED created, $REFUSED refused"
}

a_low_limit_of_file_sizes() {
  spec own 'create under a low RLIMIT_FSIZE fails, says why, and leaves nothing'
  _at_each_limit fsize 'File too large' 0 1 100 500 1000 2000 4000 8000 16000 64000 1000000
}
a_low_limit_of_descriptors() {
  spec own 'create under a low RLIMIT_NOFILE fails, says why, and leaves nothing'
  _at_each_limit nofile 'Too many open files' {3..24} 64
}
a_low_limit_of_memory() {
  spec own 'create under a low RLIMIT_DATA fails, says why, and leaves nothing'
  local least
  requires_sampan
  # With a lower limit the kernel does not even start the program.
  least=$(
    for ((size = 40000; size < 4000000; size += 8000)); do
      prlimit --data=$size $RUNTIME --version >/dev/null && echo $size && break
    done 2>/dev/null
  )
  [ -n "$least" ] || skip 'the program needs much memory by itself'
  _at_each_limit data 'out of memory|Cannot allocate memory' $(seq $least 16000 $((least + 480000))) 100000000
}

exec_into_a_container_that_has_just_ended() {
  spec client 'exec into a container that ends meanwhile says that it is not running'
  requires_sampan
  requires_python
  container_that_is running
  # When exec sends the terminal, it has joined the container. The queue of this socket is full, so it waits
  # until a connection is taken from there, which is when the container's first process ends.
  helper "$PYTHON" - "$T/socket" "$INIT" "$T/go" <<'PYTHON'
import os, signal, socket, sys
server = socket.socket(socket.AF_UNIX)
server.bind(sys.argv[1])
server.listen(0)
waiting = []
try:
    while True:
        waiting.append(socket.socket(socket.AF_UNIX))
        waiting[-1].setblocking(False)
        waiting[-1].connect(sys.argv[1])
except BlockingIOError:
    pass
os.mkfifo(sys.argv[3])
open(sys.argv[3]).read()
os.kill(int(sys.argv[2]), signal.SIGKILL)
try:
    while True:
        os.readlink(f"/proc/{sys.argv[2]}/exe")
except OSError:
    pass
taken = [server.accept() for _ in waiting]
signal.pause()
PYTHON
  await '[ -p "$T/go" ]'
  mkfifo "$T/ended"
  helper _exec_and_tell "$T/ended" --tty --console-socket "$T/socket" "$C" /bin/true
  await 'grep -qs unix_wait_for_peer /proc/[0-9]*/wchan'
  echo >"$T/go"
  await_line "$T/ended"
  ERR=$(<"$T/err")
  is "$LINE" 255 'exit code'
  has "$ERR" 'container not running' 'the error'
}
_exec_and_tell() {
  $RUNTIME --root "$ROOT" exec "${@:2}" >"$T/out" 2>"$T/err" </dev/null
  echo $? >"$1"
}

a_working_directory_that_has_been_removed() {
  spec own 'an error of getcwd is told as what it is'
  requires_sampan
  # The folder vanishes while create waits for a createContainer hook, before init has looked at it.
  bundle '.process.cwd = "/gone"
    | .mounts += [{destination: "/gone", type: "bind", source: ($T + "/gone"), options: ["bind"]}]
    | .hooks.createContainer = [{path: "/bin/rmdir", args: ["rmdir", ($T + "/gone")]}]'
  mkdir "$T/gone"
  create_fails
  has "$ERR" 'No such file or directory' 'the error'
  lacks "$ERR" 'outside of' 'the error'
}
