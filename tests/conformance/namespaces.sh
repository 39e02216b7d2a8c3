# Namespaces: new, joined by path, or those of the runtime (config-linux.md#namespaces).
# shellcheck shell=bash

TYPES='pid network mount ipc uts cgroup'
_file() { case $1 in network) echo net ;; mount) echo mnt ;; *) echo "$1" ;; esac; }
_only() { echo ".linux.namespaces |= map(select(.type != \"$1\"))"; }
_needs() { requires_kernel_file "/proc/self/ns/$(_file "$1")"; [ "$1" != user ] || requires_userns; }

namespace_without_a_path_is_new() {
  spec config-linux.md#namespaces 'without a path a new namespace of the type is made'
  _needs "$1"
  bundle -p 'sleep 100' "$(_only "$1")" ".linux.namespaces += [{type: \"$1\"}]" \
    "$([ "$1" != user ] || echo "${USERNS#*|}")"
  create
  isnt "$(readlink "/proc/$INIT/ns/$(_file "$1")")" "$(readlink "/proc/self/ns/$(_file "$1")")" 'namespace of the container'
}
# shellcheck disable=SC2086
cases namespace_without_a_path_is_new $TYPES user time

namespace_not_listed_is_inherited() {
  spec config-linux.md#namespaces 'a type that is not listed: the container is in the namespace of the runtime'
  _needs "$1"
  bundle -p 'sleep 100' "$(_only "$1")" "$([ "$1" = uts ] && echo 'del(.hostname)' || echo .)"
  create
  is "$(readlink "/proc/$INIT/ns/$(_file "$1")")" "$(readlink "/proc/self/ns/$(_file "$1")")" 'namespace of the container'
}
cases namespace_not_listed_is_inherited pid network ipc uts cgroup user time

namespace_with_a_path_is_joined() {
  spec config-linux.md#namespaces 'with a path the container is put into that namespace'
  _needs "$1"
  local flag child
  flag=$(_file "$1")
  mkfifo "$T/up"
  # unshare keeps a process in the new namespace, whose children only are in a new pid or time namespace.
  # shellcheck disable=SC2016
  helper unshare "--${flag/mnt/mount}" --fork --kill-child sh -c 'echo up >"$1"; exec sleep 100' sh "$T/up"
  await_line "$T/up"
  child=$(<"/proc/$HELPER/task/$HELPER/children")
  bundle -p 'sleep 100' "$(_only "$1")" ".linux.namespaces += [{type: \"$1\", path: \"/proc/${child% }/ns/$flag\"}]" \
    "$([ "$1" = uts ] && echo 'del(.hostname)' || echo .)"
  create
  is "$(readlink "/proc/$INIT/ns/$flag")" "$(readlink "/proc/${child% }/ns/$flag")" 'namespace of the container'
}
cases namespace_with_a_path_is_joined pid network ipc uts cgroup time

container_joins_the_namespaces_of_another() {
  spec config-linux.md#namespaces 'the path may be a namespace of another container (a pod)'
  bundle -n first -p 'echo ready >/fifo; sleep 100'
  create
  start
  await_line "$B/rootfs/fifo"
  local first=$INIT type name
  name=$C
  C=$C-second
  bundle -n second -p 'hostname >/fifo; sleep 100' 'del(.hostname)' \
    ".linux.namespaces |= map(if .type == \"mount\" then . else .path = \"/proc/$first/ns/\" + ({network: \"net\"}[.type] // .type) end)"
  create
  for type in pid net ipc uts; do
    is "$(readlink "/proc/$INIT/ns/$type")" "$(readlink "/proc/$first/ns/$type")" "$type namespace"
  done
  start
  await_line "$B/rootfs/fifo"
  is "$LINE" conformance 'hostname'
  does kill "$C" KILL
  await_stopped
  does delete "$C"
  status_is running "$name"
}

init_is_pid_1_in_a_new_pid_namespace() {
  spec config-linux.md#namespaces 'processes see only those of the same pid namespace'
  # shellcheck disable=SC2016
  bundle -p 'echo $$; ls -d /proc/[0-9]* | wc -l'
  runs
  matches "$OUT" $'^1\n[23]$' 'pid of the program, number of processes'
}

loopback_of_a_new_network_namespace_is_up() {
  spec client 'the loopback device of a new network namespace is up'
  bundle -p 'ip -o addr show dev lo'
  runs
  has "$OUT" 127.0.0.1/8 'addresses of lo'
}

new_network_namespace_has_no_other_device() {
  spec config-linux.md#namespaces 'the container has its own network stack'
  bundle -p 'ls /proc/self/net >/dev/null; tail -n +3 /proc/net/dev | wc -l; grep -c lo: /proc/net/dev'
  runs
  matches "$OUT" '1$' 'the loopback device'
  lacks "$(awk -F: 'NR > 2 { print $1 }' /proc/net/dev | grep -v -e lo -e tunl -e sit -e gre -e erspan -e ip)" "$OUT" 'host devices'
}

cgroup_namespace_hides_the_path() {
  spec config-linux.md#namespaces 'the container has an isolated view of the cgroup hierarchy'
  requires_kernel_file /proc/self/ns/cgroup
  bundle -p 'cat /proc/self/cgroup' '.linux.namespaces += [{type: "cgroup"}]'
  runs
  lacks "$OUT" "$TEST_PREFIX" '/proc/self/cgroup'
}

user_namespace_has_the_maps() {
  spec config-linux.md#user-namespace-mappings 'uidMappings and gidMappings are written as they are'
  requires_userns
  bundle -p 'cat /proc/self/uid_map /proc/self/gid_map | tr -s " "; id -u; id -g' "$USERNS" \
    '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}, {containerID: 1000, hostID: 300000, size: 5}]'
  runs
  is "$OUT" $' 0 100000 1000\n 1000 300000 5\n 0 100000 65536\n0\n0' 'maps and ids'
}

user_namespace_owns_the_other_namespaces() {
  spec config-linux.md#namespaces 'the new namespaces belong to the new user namespace'
  requires_userns
  bundle -p 'hostname changed && hostname; mount -t tmpfs x /tmp && echo mounted' "$USERNS" "$ALL_CAPS"
  run_container
  is "$OUT" $'changed\nmounted' 'what root of the user namespace may do'
}

user_of_a_user_namespace_is_mapped_outside() {
  spec config-linux.md#user-namespace-mappings 'containerID is the id inside, hostID the one outside'
  requires_userns
  bundle -p 'echo x >/tmp/file; sleep 100' "$USERNS" '.process.user = {uid: 5, gid: 6}'
  create
  is "$(stat -c %u:%g "/proc/$INIT")" 100005:100006 'ids of the process as the host sees them'
}

user_namespace_has_its_default_devices() {
  spec config-linux.md#default-devices 'the default devices are there, also in a user namespace'
  requires_userns
  bundle -p 'echo x >/dev/null && head -c 3 /dev/zero | wc -c && stat -c %F /dev/null' "$USERNS"
  runs
  is "$OUT" $'3\ncharacter special file' 'devices'
}

user_namespace_is_joined_by_path() {
  spec config-linux.md#namespaces 'with a path the container is put into that namespace'
  requires_userns
  bundle -n first -p 'sleep 100' "$USERNS"
  create
  local first=$INIT
  C=$C-second
  bundle -n second -p 'cat /proc/self/uid_map | tr -s " "' \
    ".linux.namespaces += [{type: \"user\", path: \"/proc/$first/ns/user\"}]"
  runs
  is "$OUT" ' 0 100000 65536' 'map'
}

user_namespace_alone_is_accepted() {
  spec config-linux.md#namespaces 'each namespace is chosen on its own'
  requires_userns
  bundle -p 'id -u' "$USERNS" '.linux.namespaces |= map(select(.type | IN("user", "mount", "pid")))' 'del(.hostname)' \
    '.mounts |= map(select(.destination != "/sys"))'
  runs
  is "$OUT" 0 'uid'
}

time_namespace_has_the_offsets() {
  spec config-linux.md#offset-for-time-namespace 'timeOffsets are the offsets of the new time namespace'
  requires_kernel_file /proc/self/ns/time
  bundle -p 'cat /proc/self/timens_offsets | tr -s " "; cut -d. -f1 /proc/uptime' '.linux.namespaces += [{type: "time"}]' \
    '.linux.timeOffsets = {monotonic: {secs: 86400, nanosecs: 5}, boottime: {secs: 1000000}}'
  runs
  has "$OUT" 'monotonic 86400 5' 'offsets'
  has "$OUT" 'boottime 1000000 0' 'offsets'
  [ "${OUT##*$'\n'}" -gt 1000000 ] || fail "uptime inside: ${OUT##*$'\n'}"
}

time_offsets_work_in_a_user_namespace() {
  spec config-linux.md#offset-for-time-namespace 'the new time namespace belongs to the new user namespace, and has its offsets'
  requires_kernel_file /proc/self/ns/time
  requires_userns
  bundle -p 'cut -d. -f1 /proc/uptime; sleep 100' "$USERNS" '.linux.namespaces += [{type: "time"}]' \
    '.linux.timeOffsets = {boottime: {secs: 1000000}}'
  create
  has "$(tr -s ' ' <"/proc/$INIT/timens_offsets")" 'boottime 1000000 0' 'offsets'
  isnt "$(readlink "/proc/$INIT/ns/time")" "$(readlink /proc/self/ns/time)" 'time namespace of the container'
  is "$(readlink "/proc/$INIT/ns/time_for_children")" "$(readlink "/proc/$INIT/ns/time")" 'that of its children'
}

time_offsets_work_in_a_joined_user_namespace() {
  spec config-linux.md#offset-for-time-namespace 'a new time namespace beside joined ones has its offsets'
  requires_kernel_file /proc/self/ns/time
  requires_userns
  bundle -n first -p 'sleep 100' "$USERNS"
  create
  local first=$INIT
  C=$C-second
  bundle -n second -p 'cut -d. -f1 /proc/uptime' \
    ".linux.namespaces = [{type: \"user\", path: \"/proc/$first/ns/user\"}, {type: \"pid\", path: \"/proc/$first/ns/pid\"}, {type: \"mount\"}, {type: \"time\"}]" \
    'del(.hostname)' '.linux.timeOffsets = {boottime: {secs: 1000000}}' '.mounts |= map(select(.destination != "/sys"))'
  runs
  [ "$OUT" -gt 1000000 ] || fail "uptime inside: $OUT"
}

joined_time_namespace_keeps_its_offsets() {
  spec config-linux.md#namespaces 'a time namespace that is joined brings its offsets'
  requires_kernel_file /proc/self/ns/time
  bundle -n first -p 'sleep 100' '.linux.namespaces += [{type: "time"}]' '.linux.timeOffsets = {boottime: {secs: 1000000}}'
  create
  local first=$INIT
  C=$C-second
  bundle -n second -p 'cut -d. -f1 /proc/uptime' ".linux.namespaces += [{type: \"time\", path: \"/proc/$first/ns/time\"}]"
  runs
  [ "$OUT" -gt 1000000 ] || fail "uptime inside: $OUT"
}

time_offsets_with_a_path_are_an_error() {
  spec own 'offsets of a namespace that is joined are an error'
  requires_sampan
  requires_kernel_file /proc/self/ns/time
  bundle '.linux.namespaces += [{type: "time", path: "/proc/self/ns/time"}]' '.linux.timeOffsets = {boottime: {secs: 10}}'
  create_fails
}

hooks_are_not_in_the_time_namespace() {
  spec runtime.md#lifecycle 'hooks of the runtime run in its namespaces'
  requires_kernel_file /proc/self/ns/time
  bundle -p true '.linux.namespaces += [{type: "time"}]' '.linux.timeOffsets = {boottime: {secs: 1000000}}' \
    ".hooks.createRuntime = [{path: \"/bin/sh\", args: [\"sh\", \"-c\", \"readlink /proc/self/ns/time >$T/hook\"]}]"
  runs
  is "$(<"$T/hook")" "$(readlink /proc/self/ns/time)" 'time namespace of the hook'
}

time_offsets_without_a_new_time_namespace_are_an_error() {
  spec own 'offsets without a new time namespace are an error'
  requires_sampan
  requires_kernel_file /proc/self/ns/time
  bundle '.linux.timeOffsets = {boottime: {secs: 10}}'
  create_fails
}

container_without_any_namespace_runs() {
  spec config-linux.md#namespaces 'types not listed are inherited'
  bundle -p 'echo here' '.linux.namespaces = [{type: "mount"}]' 'del(.hostname)'
  runs
  is "$OUT" here 'output'
}

hostname_is_set() {
  spec config.md#hostname 'the hostname as seen by processes in the container'
  bundle -p hostname '.hostname = "my.host-1"'
  runs
  is "$OUT" my.host-1 hostname
  isnt "$(</proc/sys/kernel/hostname)" my.host-1 'hostname of the host'
}

domainname_is_set() {
  spec config.md#domainname 'the domainname as seen by processes in the container'
  [ "$RUNTIME_NAME" = runc ] && [[ $($RUNTIME --version) == *1.1.* ]] && skip 'runc 1.1 has specification 1.0.2 only'
  bundle -p 'cat /proc/sys/kernel/domainname' '.domainname = "example.org"'
  runs
  is "$OUT" example.org domainname
}

# The runtime is called in its own namespaces, which it must not take for those of a container.
namespace_of_the_runtime_is_not_joined_and_changed() {
  spec own 'what a container changes of its namespaces changes no namespace of the runtime'
  requires_sampan
  local type=${1%%:*} change=${1#*:} filter file
  case $type in mount) file=mnt ;; network) file=net ;; *) file=$type ;; esac
  case $change in
    root) filter=. ;;
    hostname | domainname) filter=".$change = \"changed\"" ;;
    netDevices) filter='.linux.netDevices = {lo: {name: "moved"}}' ;;
    *) filter=".linux.sysctl = {\"$change\": \"1\"}" ;;
  esac
  bundle 'del(.hostname)' "$filter" ".linux.namespaces |= map(select(.type != \"$type\"))
    | .linux.namespaces = [{type: \"$type\", path: \"/proc/self/ns/$file\"}] + .linux.namespaces"
  local RUNTIME="unshare --mount --propagation private --uts --ipc --net $RUNTIME"
  create_fails
  has "$ERR" "is the host's, wh" 'the error'
  has "$ERR" '/linux/namespaces/0/path' 'the error'
  case $change in
    root) has "$ERR" 'whose root would be replaced' 'the error' ;;
    *) has "$ERR" "$change would change" 'the error' ;;
  esac
}
cases namespace_of_the_runtime_is_not_joined_and_changed mount:root uts:hostname uts:domainname uts:kernel.domainname \
  network:netDevices network:net.ipv4.ip_forward ipc:kernel.shmmni
