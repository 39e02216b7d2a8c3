# Containers that share a pid namespace, as those of a pod may: what the one sees of the other while it is made.
# shellcheck shell=bash disable=SC2153

ROUNDS=${ATTACK_ROUNDS:-20}

# Before Linux 6.17 a proc file system shows the pid namespace of the process that mounts it, and no other
# one.
_requires_proc_of_another_namespace() {
  mkdir "$T/probe"
  mount -t proc -o pidns=/proc/self/ns/pid proc "$T/probe" 2>/dev/null ||
    skip 'the kernel mounts no proc of another pid namespace'
  umount "$T/probe"
}

# Looks for the host's file behind the root of every process that it sees, as fast as it can.
_watching_neighbour() {
  echo secret >"$T/canary"
  bundle -n neighbour -p "echo ready >/fifo
    while :; do
      for process in /proc/[0-9]*; do
        [ ! -e \$process/root$T/canary ] || echo \$process >>/found
        [ ! -e \$process/cwd/canary ] || echo \$process >>/found
      done
    done" '.process.capabilities |= map_values(. + ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH"])'
  NEIGHBOUR=$B
  rt create --bundle "$B" --pid-file "$T/neighbour.pid" "$C-neighbour" || fail 'the neighbour is not created'
  start "$C-neighbour"
  await_line "$B/rootfs/fifo"
}

neighbour_sees_nothing_of_the_host_while_a_container_is_made() {
  spec own 'a container that joins a pid namespace appears in it when it holds nothing of the host any more'
  requires_sampan
  _requires_proc_of_another_namespace
  _watching_neighbour
  bundle -p 'exit 0' "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$(<"$T/neighbour.pid")/ns/pid\""
  local i
  for ((i = 0; i < ROUNDS; i++)); do
    rt run --bundle "$B" "$C" || fail 'run fails'
    is_absent "$NEIGHBOUR/rootfs/found" 'a process through which the host was seen'
  done
}

joined_pid_namespace_is_the_one_that_proc_shows() {
  spec config-linux.md#namespaces 'the container is in the namespace that is joined'
  container_that_is running
  local neighbour
  neighbour=$(readlink "/proc/$INIT/ns/pid")
  bundle -n joined -p 'echo $$; readlink /proc/self; ls -d /proc/1; readlink /proc/self/ns/pid; ps | wc -l' \
    "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$INIT/ns/pid\""
  rt run --bundle "$B" "$C-joined" || fail 'run fails'
  has "$OUT" "$neighbour" 'the pid namespace of the program'
  has "$OUT" /proc/1 'what its /proc shows'
  [ "$(tail -n 1 <<<"$OUT")" -lt 10 ] || fail "its /proc shows other processes: $OUT"
}
