# Programs that reach for the runtime and for what it holds open. Each test is named by the advisory that it
# answers.
# shellcheck shell=bash disable=SC2153

_hash() { sha256sum <"${RUNTIME%% *}"; }

cve_2019_5736_entrypoint_is_proc_self_exe() {
  spec own "the program never gets at the runtime's own file"
  local before
  before=$(_hash)
  bundle '.process.args = ["/entry"]'
  printf '#!/proc/self/exe\n' >"$B/rootfs/entry"
  chmod 0755 "$B/rootfs/entry"
  run_container
  is "$(_hash)" "$before" 'the file of the runtime'
}

cve_2019_5736_program_is_proc_self_exe() {
  spec own "the program never gets at the runtime's own file"
  requires_sampan
  local before
  before=$(_hash)
  bundle '.process.args = ["/proc/self/exe", "--version"]'
  run_container
  lacks "$OUT$ERR" 'sampan version' 'what is executed'
  is "$(_hash)" "$before" 'the file of the runtime'
}

# A container in the same pid namespace tries to open the programs of all others for writing.
cve_2019_5736_neighbour_of_a_shared_pid_namespace() {
  spec own "a container that shares its pid namespace does not open the runtime's file"
  requires_sampan
  local before i
  before=$(_hash)
  bundle -n pod -p 'echo up >/fifo
    while :; do
      for dir in /proc/[0-9]*; do
        case $(readlink $dir/exe) in *busybox) ;; /*) echo "$dir $(readlink $dir/exe)" >>/seen ;; esac
      done
    done 2>/dev/null' \
    '.process.capabilities |= map_values(. + ["CAP_DAC_OVERRIDE", "CAP_FOWNER"])'
  local pod=$C
  create
  start
  await_line "$B/rootfs/fifo"
  local pid=$INIT seen=$B/rootfs/seen
  : >"$seen"
  bundle -n guest "(.linux.namespaces[] | select(.type == \"pid\")).path = \"/proc/$pid/ns/pid\""
  for ((i = 0; i < 20; i++)); do
    rt run --bundle "$B" "$pod-guest" || fail 'the second container fails'
  done
  lacks "$(<"$seen")" sampan 'what the neighbour could read of other processes'
  is "$(_hash)" "$before" 'the file of the runtime'
}

# The way up from the working directory ends at the container's root, unless it began outside.
CLIMB='[ "$(stat -c %d:%i ../../../../../../../../../../../../..)" = "$(stat -c %d:%i /)" ] || echo outside of the root: $(pwd)'
# While init prepares the container, it has descriptors of the container's own folders: those are inside.
_cwd_is_inside() {
  # A folder of the host, open where a runtime might leak it.
  rt run --bundle "$B" "$C" 7<"$T" 8</
  ! _crashed || fail 'run crashes'
  [ "$RC" != 0 ] || is "$OUT" '' "with the cwd $1"
}

cve_2024_21626_cwd_is_a_descriptor() {
  spec own 'a working directory outside of the root is refused'
  local fd
  for ((fd = 0; fd <= 30; fd++)); do
    bundle -n "b$fd" -p "$CLIMB" ".process.cwd = \"/proc/self/fd/$fd\""
    _cwd_is_inside "/proc/self/fd/$fd"
  done
}

cve_2024_21626_cwd_is_a_link_to_a_descriptor() {
  spec own 'a working directory outside of the root is refused'
  local fd
  for ((fd = 3; fd <= 30; fd++)); do
    bundle -n "b$fd" -p "$CLIMB" '.process.cwd = "/cwd"'
    ln -s "/proc/self/fd/$fd" "$B/rootfs/cwd"
    _cwd_is_inside "a link to /proc/self/fd/$fd"
  done
}

cve_2024_21626_no_descriptor_of_the_host_is_open() {
  spec own 'the program has its three streams open and nothing else'
  bundle -p 'for fd in /proc/self/fd/*; do echo "${fd##*/} $(readlink $fd)"; done'
  rt run --bundle "$B" "$C" 7<"$T" 8</ || fail 'run fails'
  local number name
  while read -r number name; do
    # Those of ls, and the one of the shell for /proc/self/fd.
    case $number in 0|1|2) continue ;; esac
    case $name in ''|/proc/*/fd) continue ;; esac
    fail "descriptor $number is open: $name"
  done <<<"$OUT"
}

cve_2022_29162_inheritable_is_what_was_asked_for() {
  spec own 'no capability is inheritable that config.json does not name'
  bundle -p 'grep CapInh /proc/self/status'
  runs
  has "$OUT" 0000000000000000 'inheritable capabilities'
}

cve_2016_3697_numeric_name_in_passwd() {
  spec own 'user ids are numbers: a name in passwd that looks like one is none'
  bundle -p 'id -u; echo "$HOME"' '.process.user = {uid: 1000, gid: 1000}'
  printf '1000:x:0:0:root:/evil:/bin/sh\nann:x:1000:1000::/home/ann:/bin/sh\n' >"$B/rootfs/etc/passwd"
  runs
  has "$OUT" 1000 'the user'
  lacks "$OUT" /evil 'HOME'
}

cve_2021_43784_long_id_maps() {
  spec own 'a list of any length is carried out or refused, never cut off'
  requires_userns
  bundle -p 'wc -l </proc/self/uid_map' "$USERNS" \
    '.linux.uidMappings = [range(340) | {containerID: (. * 10), hostID: (100000 + . * 10), size: 10}]'
  if rt run --bundle "$B" "$C"; then
    has "$OUT" 340 'lines of uid_map'
  fi
  ! _crashed || fail 'run crashes'
  bundle -n longer "$USERNS" \
    '.linux.uidMappings = [range(5000) | {containerID: (. * 10), hostID: (100000 + . * 10), size: 10}]'
  create_fails
}

cve_2023_25809_cgroups_are_readonly_without_a_namespace() {
  spec own "without a cgroup namespace of its own a container does not write to the host's cgroups"
  requires_userns
  local options='"ro", '
  [ "$1" = ro ] || options=''
  bundle -p 'mkdir /sys/fs/cgroup/evil /sys/fs/cgroup/*/evil 2>/dev/null && echo made; exit 0' "$USERNS" \
    ".mounts += [{destination: \"/sys/fs/cgroup\", type: \"cgroup\", source: \"cgroup\",
      options: [$options\"nosuid\", \"noexec\", \"nodev\"]}]"
  run_container
  lacks "$OUT" made 'what the program could do'
}
cases cve_2023_25809_cgroups_are_readonly_without_a_namespace ro unsaid

cve_2016_9962_init_cannot_be_traced() {
  spec own 'a process of the runtime is not dumpable inside of the container'
  requires_sampan
  bundle '.process.user = {uid: 1000, gid: 1000}'
  create
  # The files of a process that is not dumpable belong to root, whoever its user is.
  is "$(stat -c %u "/proc/$INIT/exe" "/proc/$INIT/environ" | sort -u)" 0 'owner of the files of init'
}
