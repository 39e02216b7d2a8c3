# System call filters (config-linux.md#seccomp).
# shellcheck shell=bash

grep -q '^Seccomp:' /proc/self/status || NO_SECCOMP=1
case $(uname -m) in
  x86_64) ARCH=SCMP_ARCH_X86_64 ;; aarch64) ARCH=SCMP_ARCH_AARCH64 ;; armv7l) ARCH=SCMP_ARCH_ARM ;;
  ppc64le) ARCH=SCMP_ARCH_PPC64LE ;; riscv64) ARCH=SCMP_ARCH_RISCV64 ;; s390x) ARCH=SCMP_ARCH_S390X ;; *) ARCH='' ;;
esac
_filter() {
  [ -z "${NO_SECCOMP:-}" ] || skip 'the kernel has no seccomp'
  echo ".linux.seccomp = {defaultAction: \"${2:-SCMP_ACT_ALLOW}\", architectures: [\"$ARCH\"], syscalls: [$1]}"
}

call_is_refused_with_eperm() {
  spec config-linux.md#seccomp 'SCMP_ACT_ERRNO makes the call fail, with EPERM when errnoRet is absent'
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}')"
  runs
  is "$OUT" 1 'exit code of mkdir'
  has "$ERR" 'Operation not permitted' 'what mkdir says'
}

errno_is_the_one_of_errno_ret() {
  spec config-linux.md#seccomp 'errnoRet is the errno of SCMP_ACT_ERRNO'
  bundle -p 'mkdir /tmp/x' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 28}')"
  run_container
  has "$ERR" 'No space left' 'what mkdir says'
}

errno_of_a_missing_call_can_be_given() {
  spec config-linux.md#seccomp 'errnoRet is the errno of SCMP_ACT_ERRNO'
  bundle -p 'mkdir /tmp/x; true' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO", errnoRet: 38}')"
  runs
  has "$ERR" 'Function not implemented' 'what mkdir says'
}

# The calls of a shell, its commands and the last steps of a runtime.
ORDINARY_CALLS='"read","write","close","fstat","stat","lstat","newfstatat","open","openat","mmap","mprotect","munmap","brk",
  "rt_sigaction","rt_sigprocmask","rt_sigreturn","ioctl","access","faccessat","faccessat2","getpid","getppid","clone","clone3","fork","vfork",
  "execve","execveat","exit","exit_group","wait4","arch_prctl","getuid","geteuid","getgid","getegid","getcwd","set_tid_address",
  "set_robust_list","rseq","prlimit64","readlink","readlinkat","getrandom","fcntl","dup","dup2","dup3","pipe","pipe2","lseek","uname",
  "futex","poll","ppoll","capset","capget","setuid","setgid","setgroups","setresuid","setresgid","prctl","chdir","fchdir","close_range",
  "sendmsg","recvmsg","recvfrom","sendto","sendfile","statx","getdents64","umask","setsid","kill","tgkill","gettid","accept4","accept","shutdown",
  "epoll_pwait","epoll_ctl","epoll_create1","epoll_wait","nanosleep","clock_nanosleep","sigaltstack","sched_getaffinity","sched_yield","madvise",
  "timer_create","timer_settime","timer_delete","getsockopt","seccomp","statfs","fstatfs","eventfd2","pidfd_open","pidfd_send_signal","waitid","pselect6","select"'

default_action_covers_calls_that_are_not_listed() {
  spec config-linux.md#seccomp 'defaultAction is the action for calls that no rule matches; defaultErrnoRet its errno'
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter "{names: [$ORDINARY_CALLS], action: \"SCMP_ACT_ALLOW\"}" SCMP_ACT_ERRNO)" '.linux.seccomp.defaultErrnoRet = 28'
  runs
  is "$OUT" 1 'exit code of mkdir'
  has "$ERR" 'No space left' 'what mkdir says'
}

call_kills_the_process() {
  spec config-linux.md#seccomp "$1 ends the thread or process that makes the call"
  bundle -p '/bin/mkdir /tmp/x; echo $?' "$(_filter "{names: [\"mkdir\", \"mkdirat\"], action: \"$1\"}")"
  runs
  is "$OUT" 159 'exit code of mkdir (128 + SIGSYS)'
  is_absent "$B/rootfs/tmp/x" 'the folder'
}
cases call_kills_the_process SCMP_ACT_KILL SCMP_ACT_KILL_PROCESS SCMP_ACT_KILL_THREAD

call_traps() {
  spec config-linux.md#seccomp 'SCMP_ACT_TRAP sends SIGSYS'
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_TRAP"}')"
  runs
  is "$OUT" 159 'exit code of mkdir'
}

call_is_logged_and_allowed() {
  spec config-linux.md#seccomp 'SCMP_ACT_LOG allows the call'
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_LOG"}')"
  runs
  is "$OUT" 0 'exit code of mkdir'
}

argument_rule_matches() {
  spec config-linux.md#seccomp "args: index, value, op $1"
  # kill(pid, signal): the rule is about signal 0 (which only checks), or about anything but TERM.
  local rule
  case ${1%%:*} in
    EQ) rule='{index: 1, value: 0, op: "SCMP_CMP_EQ"}' ;;
    NE) rule='{index: 1, value: 18, op: "SCMP_CMP_NE"}' ;;
    LT) rule='{index: 1, value: 5, op: "SCMP_CMP_LT"}' ;;
    LE) rule='{index: 1, value: 0, op: "SCMP_CMP_LE"}' ;;
    GT) rule='{index: 1, value: 17, op: "SCMP_CMP_GT"}' ;;
    GE) rule='{index: 1, value: 18, op: "SCMP_CMP_GE"}' ;;
    MASKED_EQ) rule='{index: 1, value: 18, valueTwo: 18, op: "SCMP_CMP_MASKED_EQ"}' ;;
  esac
  # shellcheck disable=SC2016
  bundle -p 'kill -0 $$ 2>/dev/null && echo 0 yes || echo 0 no; kill -CONT $$ 2>/dev/null && echo 18 yes || echo 18 no' \
    "$(_filter "{names: [\"kill\"], action: \"SCMP_ACT_ERRNO\", args: [$rule]}")"
  runs
  is "${OUT//$'\n'/,}" "$(tr _ ' ' <<<"${1#*:}")" 'signals that can be sent'
}
cases argument_rule_matches 'EQ:0_no,18_yes' 'NE:0_no,18_yes' 'LT:0_no,18_yes' 'LE:0_no,18_yes' 'GT:0_yes,18_no' 'GE:0_yes,18_no' 'MASKED_EQ:0_yes,18_no'

all_arguments_of_a_rule_must_match() {
  spec config-linux.md#seccomp 'the conditions of args are joined by and'
  # shellcheck disable=SC2016
  bundle -p 'kill -0 $$ 2>/dev/null && echo yes || echo no; kill -0 2 2>&1 | grep -c permitted' \
    "$(_filter '{names: ["kill"], action: "SCMP_ACT_ERRNO", args: [{index: 0, value: 2, op: "SCMP_CMP_EQ"}, {index: 1, value: 0, op: "SCMP_CMP_EQ"}]}')"
  run_container
  is "$OUT" $'yes\n1' 'what can be sent'
}

two_conditions_on_one_argument_are_alternatives() {
  spec client 'several conditions on the same argument become rules of their own (runc, Docker profiles)'
  # shellcheck disable=SC2016
  bundle -p 'for s in 0 18 23; do kill -$s $$ 2>/dev/null && echo $s yes || echo $s no; done' \
    "$(_filter '{names: ["kill"], action: "SCMP_ACT_ERRNO", args: [{index: 1, value: 0, op: "SCMP_CMP_EQ"}, {index: 1, value: 18, op: "SCMP_CMP_EQ"}]}')"
  runs
  is "$OUT" $'0 no\n18 no\n23 yes' 'signals that can be sent'
}

unknown_call_is_skipped() {
  spec client 'names that the kernel or libseccomp do not know are skipped (profiles list calls of all versions)'
  bundle -p 'echo ran' "$(_filter '{names: ["no_such_call", "mkdir"], action: "SCMP_ACT_ERRNO"}')"
  runs
  is "$OUT" ran 'output'
}

filter_is_inherited_by_children() {
  spec config-linux.md#seccomp 'the filter is for the container'
  bundle -p 'sh -c "sh -c \"mkdir /tmp/x\""; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}')"
  runs
  is "$OUT" 1 'exit code of mkdir'
}

filter_works_without_no_new_privileges() {
  spec config-linux.md#seccomp 'the filter does not depend on noNewPrivileges'
  bundle -p 'mkdir /tmp/x; echo $?; grep NoNewPrivs /proc/self/status | cut -f2' \
    "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}')" '.process.noNewPrivileges = false' "$1"
  runs
  is "$OUT" $'1\n0' 'exit code of mkdir, NoNewPrivs'
}
cases filter_works_without_no_new_privileges . '.process.user={uid:1000,gid:1000}'

filter_works_with_no_new_privileges_for_a_user() {
  spec config-linux.md#seccomp 'the filter is loaded for any user'
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}')" '.process.user = {uid: 1000, gid: 1000}'
  runs
  is "$OUT" 1 'exit code of mkdir'
}

setup_of_the_container_is_not_filtered() {
  spec config-linux.md#seccomp 'the filter is for the program: mounts, hostname and ids are set before'
  bundle -p 'echo ran' "$(_filter '{names: ["mount", "umount2", "pivot_root", "sethostname", "mkdirat", "mkdir", "mknodat", "fsopen", "fsmount", "move_mount",
    "open_tree", "mount_setattr", "openat2", "setns", "unshare", "chroot", "mknod", "symlinkat", "symlink", "setsid"], action: "SCMP_ACT_KILL_PROCESS"}')" \
    '.process.user = {uid: 1000, gid: 1000}'
  runs
  is "$OUT" ran 'output'
}

filter_without_rules_is_accepted() {
  spec config-linux.md#seccomp 'syscalls is optional'
  bundle -p 'echo ran' '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW"}'
  runs
  is "$OUT" ran 'output'
}

architecture_that_is_not_native_is_accepted() {
  spec config-linux.md#seccomp 'architectures lists those that the filter is for'
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}')" \
    '.linux.seccomp.architectures = ["SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"]'
  runs
  is "$OUT" 1 'exit code of mkdir'
}

flag_is_accepted() {
  spec config-linux.md#seccomp "flag $1"
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}')" ".linux.seccomp.flags = [\"$1\"]"
  runs
  is "$OUT" 1 'exit code of mkdir'
}
cases flag_is_accepted SECCOMP_FILTER_FLAG_TSYNC SECCOMP_FILTER_FLAG_LOG SECCOMP_FILTER_FLAG_SPEC_ALLOW

large_profile_works() {
  spec config-linux.md#seccomp 'profiles have hundreds of calls'
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}')" \
    '.linux.seccomp.syscalls += [range(200) | {names: ["personality"], action: "SCMP_ACT_ERRNO", args: [{index: 0, value: (. + 1000), op: "SCMP_CMP_EQ"}]}]'
  runs
  is "$OUT" 1 'exit code of mkdir'
}

# A program that makes the system call $2 and exits with its errno; no shell command makes a call by number.
_caller() {
  [ "$(uname -m)" = x86_64 ] || skip 'the program that makes the call is written for x86_64'
  local number
  printf -v number '\\x%02x\\x%02x\\x%02x\\x%02x' $(($2 & 255)) $(($2 >> 8 & 255)) $(($2 >> 16 & 255)) $(($2 >> 24 & 255))
  {
    printf '\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0\x78\0\x40\0\0\0\0\0\x40\0\0\0\0\0\0\0'
    printf '\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\x38\0\x01\0\x40\0\0\0\0\0'
    printf '\x01\0\0\0\x05\0\0\0\0\0\0\0\0\0\0\0\0\0\x40\0\0\0\0\0\0\0\x40\0\0\0\0\0'
    printf '\x8a\0\0\0\0\0\0\0\x8a\0\0\0\0\0\0\0\0\x10\0\0\0\0\0\0'
    # mov eax, NUMBER; syscall; neg eax; mov edi, eax; mov eax, 60 (exit); syscall
    printf "\\xb8$number\\x0f\\x05\\xf7\\xd8\\x89\\xc7\\xb8\\x3c\\0\\0\\0\\x0f\\x05"
  } >"$1"
  chmod 0755 "$1"
}

call_that_is_not_listed_has_an_errno_by_its_age() {
  spec client 'a call newer than the profile answers ENOSYS, so that libc falls back to an older one; others the default errno'
  bundle "$(_filter "{names: [$ORDINARY_CALLS], action: \"SCMP_ACT_ALLOW\"}" SCMP_ACT_ERRNO)" '.process.args = ["/bin/caller"]'
  _caller "$B/rootfs/bin/caller" "${1%:*}"
  run_container
  is "$RC" "${1#*:}" "errno of the system call ${1%:*}"
}
# acct(2), a call between those of the list, one above all of them, and the largest number that does not
# belong to x32.
cases call_that_is_not_listed_has_an_errno_by_its_age 163:1 428:1 4095:38 1073741823:38

damaged_cache_of_filters_changes_nothing() {
  spec own 'a compiled filter that is damaged in the cache is not loaded, and made anew'
  requires_sampan
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '{names: ["mkdir", "mkdirat"], action: "SCMP_ACT_ERRNO"}')"
  runs
  local files=("$ROOT"/.seccomp-cache/*)
  [ -f "${files[0]}" ] || fail 'there is no cache'
  cp "${files[0]}" "$T/good"
  case $1 in
    empty) : >"${files[0]}" ;;
    cut) head -c -8 "$T/good" >"${files[0]}" ;;
    longer) echo 12345678 >>"${files[0]}" ;;
    changed) { head -c -4 "$T/good"; printf '\1\2\3\4'; } >"${files[0]}" ;;
  esac
  chmod 0600 "${files[0]}"
  runs
  is "$OUT" 1 'exit code of mkdir'
  cmp -s "${files[0]}" "$T/good" || fail 'the file in the cache is not made anew'
}
cases damaged_cache_of_filters_changes_nothing empty cut longer changed

# An agent on $T/agent: writes the message that it gets to $T/message, and facts about it to $T/facts, then
# answers: mkdir fails with ENOSPC, all other calls go on. With "deaf" it hangs up at once, and says so
# through the FIFO of the container; with "patient" it waits for the end of the connection.
_agent() {
  requires_python
  cat >"$T/agent.py" <<'PY'
import array, ctypes, fcntl, os, socket, struct, sys
folder, kind = sys.argv[1:3]
libc = ctypes.CDLL(None, use_errno=True)
listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
listener.bind(folder + "/agent")
listener.listen(1)
open(folder + "/listening", "w").write("ready\n")
connection, _ = listener.accept()
if kind == "deaf":
    connection.close()
    open(folder + "/bundle/rootfs/fifo", "w").write("closed\n")
    sys.exit(0)
data, ancillary, _, _ = connection.recvmsg(65536, socket.CMSG_LEN(64))
fds = array.array("i")
for level, type_, content in ancillary:
    if level == socket.SOL_SOCKET and type_ == socket.SCM_RIGHTS:
        fds.frombytes(content[: len(content) // 4 * 4])
rest = connection.recv(100) if kind == "patient" else b""
open(folder + "/message", "wb").write(data)
link = os.readlink("/proc/self/fd/%d" % fds[0])
with open(folder + "/facts.new", "w") as file:
    file.write("fds=%d %s rest=%d\n" % (len(fds), link, len(rest)))
os.rename(folder + "/facts.new", folder + "/facts")
mkdir = {"x86_64": (83, 258), "aarch64": (34,)}[os.uname().machine]
buffer = ctypes.create_string_buffer(80)
while True:
    ctypes.memset(buffer, 0, 80)
    if libc.ioctl(fds[0], ctypes.c_ulong(0xC0502100), buffer) < 0:
        if ctypes.get_errno() == 4:
            continue
        break
    id, pid, flags, nr = struct.unpack_from("QIIi", buffer)
    answer = struct.pack("QqiI", id, 0, -28, 0) if nr in mkdir else struct.pack("QqiI", id, 0, 0, 1)
    libc.ioctl(fds[0], ctypes.c_ulong(0xC0182101), ctypes.create_string_buffer(answer, 24))
PY
  mkfifo "$T/listening"
  helper "$PYTHON" "$T/agent.py" "$T" "${1:-awake}"
  await_line "$T/listening"
}
_notify() { echo "$(_filter "{names: [$1], action: \"SCMP_ACT_NOTIFY\"}") | .linux.seccomp.listenerPath = \$T + \"/agent\""; }

agent_answers_for_system_calls() {
  spec config-linux.md#seccomp 'SCMP_ACT_NOTIFY: an agent at listenerPath is told of the call and answers for it'
  _agent
  bundle -p 'mkdir /tmp/x; echo $?; ls -d /tmp/x' "$(_notify '"mkdir", "mkdirat"')" "$1"
  run_container
  is "$OUT" 1 'exit code of mkdir'
  has "$ERR" 'No space left' 'what mkdir says'
}
cases agent_answers_for_system_calls . '.process.noNewPrivileges=false' '.process.user={uid:1000,gid:1000}' \
  '.process.user={uid:1000,gid:1000}|.process.noNewPrivileges=false' '.linux.seccomp.flags=["SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV"]'

agent_gets_the_container_process_state() {
  spec config-linux.md#the-container-process-state 'ociVersion, fds, pid, metadata, state; the descriptor with the first sendmsg; then the end'
  _agent patient
  bundle -p 'echo ready >/fifo; sleep 100' "$(_notify '"mkdir", "mkdirat"')" '.linux.seccomp.listenerMetadata = "some\ntext"' \
    '.annotations = {"org.example.key": "value"}'
  create
  start
  await_line "$B/rootfs/fifo"
  await "[ -e $T/facts ]"
  is "$(<"$T/facts")" 'fds=1 anon_inode:seccomp notify rest=0' 'what came with the message'
  is "$(jq -r '.fds | join(" ")' "$T/message")" seccompFd 'fds'
  is "$(jq -r .pid "$T/message")" "$INIT" 'pid'
  is "$(jq -r .metadata "$T/message")" $'some\ntext' 'metadata'
  is "$(jq -r '.state.id, .state.pid, .state.bundle, .state.annotations["org.example.key"]' "$T/message")" \
    "$C"$'\n'"$INIT"$'\n'"$B"$'\nvalue' 'state'
  matches "$(jq -r .state.status "$T/message")" '^(creating|created)$' 'status'
  matches "$(jq -r '.ociVersion + " " + .state.ociVersion' "$T/message")" '^[0-9.]+(-dev)? [0-9.]+(-dev)?$' 'ociVersion'
}

agent_may_be_told_of_any_call() {
  spec config-linux.md#seccomp 'SCMP_ACT_NOTIFY is an action for any system call, also those that hand its descriptor over'
  _agent
  bundle -p 'mkdir /tmp/x; echo $?' "$(_notify "$1")"
  runs
  is "$OUT" 1 'exit code of mkdir'
}
cases agent_may_be_told_of_any_call '"mkdir","sendmsg","sendto","mkdirat"' '"mkdir","mkdirat","execve","capset"' \
  '"mkdir","mkdirat","write","read"' '"mkdir","mkdirat","close","exit","exit_group","nanosleep"'

agent_may_be_told_of_all_calls() {
  spec config-linux.md#seccomp 'SCMP_ACT_NOTIFY is an action, also the default one'
  _agent
  bundle -p 'mkdir /tmp/x; echo $?' "$(_filter '' SCMP_ACT_NOTIFY)" '.linux.seccomp.listenerPath = $T + "/agent"'
  runs
  is "$OUT" 1 'exit code of mkdir'
}

connection_to_the_agent_is_closed() {
  spec config-linux.md#seccomp 'the connection is closed after the state was sent'
  _agent patient
  bundle -p 'mkdir /tmp/x; echo $?' "$(_notify '"mkdir", "mkdirat"')"
  runs
  is "$OUT" 1 'exit code of mkdir'
}

descriptor_of_the_filter_is_not_left_in_the_container() {
  spec client 'the program gets its standard streams and nothing else'
  _agent
  bundle -p 'ls /proc/self/fd | wc -l; ls /proc/self/task | wc -l' "$(_notify '"mkdir", "mkdirat"')"
  runs
  is "$OUT" $'4\n1' 'descriptors (with that of the folder), threads'
}

agent_is_told_of_a_process_of_exec() {
  spec config-linux.md#the-container-process-state 'pid is that of the process, state that of the container, which runs'
  _agent
  bundle -p 'sleep 1000' "$(_notify '"mkdir", "mkdirat"')"
  create
  start
  await "[ -e $T/facts ]"
  rm "$T/agent" "$T/facts" "$T/message" "$T/listening"
  _agent patient
  does exec --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  await "[ -e $T/facts ]"
  is "$(<"$T/facts")" 'fds=1 anon_inode:seccomp notify rest=0' 'what the agent got'
  is "$(jq -c '[.pid, .state.pid, .state.status, .state.id]' "$T/message")" "[$(<"$T/exec.pid"),$INIT,\"running\",\"$C\"]" 'the message'
  rm "$T/agent"
  rt exec "$C" /bin/true && fail 'exec without an agent is accepted'
  has "$ERR" agent 'the error'
}

missing_agent_is_an_error() {
  spec config-linux.md#seccomp 'if sending to the socket of listenerPath fails, the runtime generates an error'
  bundle "$(_notify '"mkdir"')"
  run_fails
  has "$ERR" "$T/agent" 'the error'
}

missing_agent_fails_create() {
  spec client 'an agent that is not there is told by create, as long as nothing of the container runs'
  bundle -p 'sleep 100' "$(_notify '"mkdir"')"
  case $1 in
    nothing) ;;
    file) : >"$T/agent" ;;
    # Bound once, by a process that has ended.
    dead) requires_python; "$PYTHON" -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$T/agent" ;;
  esac
  create_fails
  has "$ERR" "$T/agent" 'the error'
  status_is none
}
cases missing_agent_fails_create nothing file dead

agent_that_hangs_up_is_an_error() {
  spec config-linux.md#seccomp 'if sending to the socket of listenerPath fails, the runtime generates an error'
  # The agent must hang up between the connection and the message: sampan runs this hook at that moment.
  requires_sampan
  bundle -p 'sleep 100' "$(_notify '"mkdir"')" \
    '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "read -r line </fifo"]}]'
  _agent deaf
  create
  refuses start "$C"
  has "$ERR" 'seccomp agent' 'the error'
  await_stopped
}

listener_path_without_notify_is_ignored() {
  spec config-linux.md#seccomp 'if SCMP_ACT_NOTIFY is not used listenerPath is ignored'
  bundle -p 'echo ran' "$(_filter '{names: ["mkdir"], action: "SCMP_ACT_ERRNO"}')" '.linux.seccomp.listenerPath = "/nonexistent/agent"'
  runs
  is "$OUT" ran 'output'
}
