# The terminal of the caller: job control, and input that is no terminal (run, exec).
# shellcheck shell=bash

# Types into an interactive bash on a terminal of its own, and reads what that shows. Its commands are lines of
# the file $1: "type TEXT" (\n, \\ as in printf), "see TEXT" (waits until the text comes, in what has not been
# seen yet), "sh COMMAND" (beside the shell; must succeed within ten seconds).
_at_a_shell() {
  requires_python
  cat >"$T/shell.py" <<'PY'
import os, pty, select, subprocess, sys, time
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(PS1="prompt> ", TERM="dumb")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "--noediting", "-i"])
shown, everything = b"", b""
def more(limit):
    global shown, everything
    if not select.select([terminal], [], [], limit)[0]:
        return
    try:
        text = os.read(terminal, 4096)
    except OSError:
        text = b""
    shown += text
    everything += text
def fail(line):
    sys.stdout.write("in vain: %s\nshown: %r\n" % (line, everything))
    os.kill(pid, 9)
    sys.exit(1)
for line in open(sys.argv[1]):
    word, _, text = line.rstrip("\n").partition(" ")
    end = time.monotonic() + 10
    if word == "type":
        os.write(terminal, text.encode().decode("unicode_escape").encode())
    elif word == "see":
        while text.encode() not in shown:
            more(0.1)
            if time.monotonic() > end:
                fail(line)
        shown = shown[shown.index(text.encode()) + len(text):]
    elif word == "sh":
        while subprocess.call(["sh", "-c", text], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL):
            more(0.05)
            if time.monotonic() > end:
                fail(line)
os.kill(pid, 9)
os.close(terminal)
sys.stdout.write("shown: %r\n" % everything)
PY
  "$PYTHON" "$T/shell.py" "$1" >"$T/shell.out" 2>&1 || fail "$(<"$T/shell.out")"
}
_is_running="$RUNTIME --root \$ROOT state \$C | grep -q '\"running\"'"

# In the background, twice; the state of the shell does not change meanwhile.
job_in_the_background_waits_for_the_foreground() {
  spec own 'a terminal container in the background leaves the terminal to the shell, and comes to the foreground with fg'
  requires_sampan
  bundle -p 'exec sh -i' '.process.terminal = true' '.process.env += ["PS1=inside> "]'
  local command="$RUNTIME --root $ROOT run --bundle $B $C"
  if [ "$1" = exec ]; then
    bundle -n holder -p 'sleep 100' ".mounts += [{destination: \"/x\", type: \"tmpfs\", source: \"x\"}]"
    create
    start
    command="$RUNTIME --root $ROOT exec -t --env PS1='inside> ' $C sh -i"
  fi
  cat >"$T/keys" <<TEXT
see prompt>
type stty rows 33 cols 101; stty -a >$T/before; $command &\\n
see prompt>
sh $RUNTIME --root $ROOT ps $C | grep -q 'sh -i'
type echo typed-\$((1+1))\\n
see typed-2
type stty -a >$T/behind; echo looked-\$((1+1))\\n
see looked-2
sh cmp $T/before $T/behind
sh $RUNTIME --root $ROOT ps $C | grep -q 'sh -i'
type fg\\n
type echo inside-\$((2+3)) \$(stty size)\\n
see inside-5 33 101
sh kill -TSTP \$(pgrep -f "[r]oot $ROOT ${1:-run}" | head -n 1)
see prompt>
type stty -a >$T/stopped; stty rows 22; echo again-\$((3+3))\\n
see again-6
sh cmp $T/before $T/stopped
type bg\\n
see prompt>
type echo shell-\$((4+4))\\n
see shell-8
type fg\\n
type echo inside-\$((5+5)) \$(stty size)\\n
see inside-10 22 101
type exit 7\\n
see prompt>
type echo code-\$?\\n
see code-7
TEXT
  _at_a_shell "$T/keys"
}
cases job_in_the_background_waits_for_the_foreground run exec

job_that_is_stopped_can_be_ended() {
  spec own 'a signal to a terminal container that waits in the background reaches it'
  requires_sampan
  bundle -p 'trap "exit 9" TERM; while :; do sleep 0.05; done' '.process.terminal = true'
  cat >"$T/keys" <<TEXT
see prompt>
type $RUNTIME --root $ROOT run --bundle $B $C &\\n
sh $RUNTIME --root $ROOT ps $C | grep -q 'sleep 0.05'
sh grep -q "^State:.T" /proc/\$(pgrep -f "[r]oot $ROOT run" | head -n 1)/status
type kill %1\\n
sh ! $RUNTIME --root $ROOT state $C
type wait %1; echo code-\$?\\n
see code-9
TEXT
  _at_a_shell "$T/keys"
}

# Shows who waits for what, to find out why a test hangs.
_who_waits() {
  local pid
  ps -eo pid,ppid,pgid,stat,wchan:24,args
  for pid in $(pgrep -f "[r]oot $ROOT"); do
    echo "$pid: $(<"/proc/$pid/syscall")"
    cat "/proc/$pid/stack"
    ls -l "/proc/$pid/fd"
  done
}
# ROUNDS times, without a time limit: on a busy machine each takes as long as it takes.
_ends_by_itself() {
  local i
  for ((i = 0; i < ROUNDS; i++)); do
    HELPERS=()
    helper "$@" >"$T/round" 2>&1
    (await_gone "$HELPER") || { _who_waits; fail "round $i hangs: $(<"$T/round")"; }
    OUT=$(<"$T/round")
    has "$OUT" "$WANTED" "output of round $i"
  done
}
input_that_is_no_terminal_ends_for_the_program() {
  spec own 'the end of a piped input reaches a program with a terminal; nothing hangs'
  requires_sampan
  WANTED=uid=0 ROUNDS=${ATTACK_ROUNDS:-3}
  local program='["sh"]' input='echo id'
  case $1 in
    # Each round takes more than a second, after which the terminal is lost.
    *-raw) program='["sh", "-c", "stty raw; cat; id"]' WANTED='' ROUNDS=5 ;;
    *-line) program='["sh", "-c", "cat; id"]' input='printf no-end' ;;
    *-slow) program='["sh", "-c", "sleep 0.3; sh"]' ;;
    # There is no end-of-file character.
    *-endless) program='["sh", "-c", "stty eof undef; cat; exit"]' input='printf no-end' WANTED=no-end ROUNDS=2 ;;
    # ^S, after which a terminal takes no output until somebody types ^Q.
    *-stopped) input='printf "echo one\n\023id\n"' ;;
    # The stop comes long before the end, which does not get through while the terminal is full.
    *-flood) program='["sh", "-c", "cat; id"]' input='{ printf "one\n\023"; seq 100000; }' ROUNDS=2 ;;
    # There is no character for the start either.
    *-mute) program='["sh", "-c", "stty start undef; cat; id"]' input='printf "one\023two"' ;;
  esac
  bundle ".process.terminal = true | .process.args = $program"
  case $1 in
    run-*) _ends_by_itself sh -c "$input | $RUNTIME --root $ROOT run --bundle $B $C" ;;
    exec-*)
      edit '.process.terminal = false | .process.args = ["sleep", "1000"]'
      create
      start
      local words
      words=$(jq -r 'map(@sh) | join(" ")' <<<"$program")
      _ends_by_itself sh -c "$input | $RUNTIME --root $ROOT exec -t $C $words"
      ;;
  esac
}
cases input_that_is_no_terminal_ends_for_the_program {run,exec}-{shell,slow,line,raw,endless,stopped,flood,mute}

# As if the program had the terminal for itself (TIOCEXCL), and its caller was not root.
terminal_that_cannot_be_looked_at_ends_with_its_input() {
  spec own 'a program on a raw terminal does not hang, even where nothing can be known of its terminal'
  requires_sampan
  requires_tool strace
  WANTED='' ROUNDS=1
  bundle '.process.terminal = true | .process.args = ["sh", "-c", "stty raw; cat; id"]'
  _ends_by_itself sh -c "echo id | strace -qq -o $T/trace -e trace=ioctl -e inject=ioctl:error=EBUSY $RUNTIME --root $ROOT run --bundle $B $C"
  has "$(<"$T/trace")" TIOCGPTPEER 'what was tried'
}

# Types Ctrl-C three times at a program that does not heed it. $1: what config.json says.
_third_interrupt() {
  bundle -p "$2" "$1"
  cat >"$T/keys" <<TEXT
see prompt>
type $RUNTIME --root $ROOT run --bundle $B $C; echo ended-\$?\\n
see ready
sh $RUNTIME --root $ROOT ps $C | grep -q '[0-9] sleep 100'
type \\003
sh sleep 0.1
type \\003
see a third Ctrl-C within two seconds kills it
type \\003
see ended-137
TEXT
  _at_a_shell "$T/keys"
}

third_interrupt_ends_a_program() {
  spec own 'in the foreground a third Ctrl-C within two seconds ends a program that does not heed the others'
  requires_sampan
  case $1 in
    terminal) _third_interrupt '.process.terminal = true' 'echo ready; exec sleep 100' ;;
    pipe) _third_interrupt . 'trap "" INT; echo ready; exec sleep 100' ;;
  esac
}
cases third_interrupt_ends_a_program terminal pipe

any_number_of_interrupts_is_for_a_program_with_a_handler() {
  spec own 'Ctrl-C belongs to a program that has a handler for it, such as a shell, with a terminal of its own and without'
  requires_sampan
  bundle -p 'trap "echo heard" INT; echo ready; while :; do sleep 0.05; done' ".process.terminal = $1"
  cat >"$T/keys" <<TEXT
see prompt>
type $RUNTIME --root $ROOT run --bundle $B $C; echo ended-\$?\\n
see ready
type \\003
see heard
type \\003
see heard
type \\003
see heard
type \\003
see heard
sh $RUNTIME --root $ROOT kill $C KILL
see ended-137
TEXT
  _at_a_shell "$T/keys"
  lacks "$(<"$T/shell.out")" 'third Ctrl-C' 'the screen'
}
cases any_number_of_interrupts_is_for_a_program_with_a_handler true false

interrupts_by_a_process_are_only_passed_on() {
  spec own 'signals of a process are passed on, however many there are'
  requires_sampan
  bundle -p 'trap "echo heard >/fifo" INT; echo ready >/fifo; while :; do sleep 0.05; done'
  helper env --default-signal=INT $RUNTIME --root "$ROOT" run --bundle "$B" "$C"
  await_line "$B/rootfs/fifo"
  for _ in 1 2 3 4 5; do
    kill -INT "$HELPER"
    await_line "$B/rootfs/fifo"
    is "$LINE" heard 'what came'
  done
  status_is running
}

console_is_raw_and_has_the_size_of_the_window() {
  spec own 'console gives the terminal of the container the size of its own, passes every key on, and restores its own settings'
  requires_sampan
  bundle -p 'stty size; trap "echo interrupted; exit" INT; echo ready; while :; do sleep 0.05; done' '.process.terminal = true'
  cat >"$T/keys" <<TEXT
see prompt>
type stty rows 33 cols 101; stty -a >$T/before; $RUNTIME console $T/console; echo ended-\$?\\n
sh test -S $T/console
sh $RUNTIME --root $ROOT create --bundle $B --console-socket $T/console $C
sh stty -F /proc/\$($RUNTIME --root $ROOT state $C | sed -n 's/.*"pid": *\\([0-9]*\\).*/\\1/p')/fd/0 size | grep '33 101'
sh $RUNTIME --root $ROOT start $C
see 33 101
see ready
type \\003
see interrupted
see ended-0
type stty -a >$T/after; echo looked-\$((1+1))\\n
see looked-2
TEXT
  _at_a_shell "$T/keys"
  cmp "$T/before" "$T/after" || fail 'the settings of the terminal are not restored'
}
