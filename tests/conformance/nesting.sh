# sampan in a container of sampan, of root and of an ordinary user.
# shellcheck shell=bash

NESTING_CAPS='.process.capabilities |= map_values(["CAP_SYS_ADMIN", "CAP_SETUID", "CAP_SETGID", "CAP_SETFCAP", "CAP_CHOWN", "CAP_DAC_OVERRIDE",
  "CAP_FOWNER", "CAP_MKNOD", "CAP_KILL", "CAP_SETPCAP", "CAP_NET_ADMIN", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_AUDIT_WRITE", "CAP_NET_BIND_SERVICE"])'
UNMASKED='.linux.maskedPaths = [] | .linux.readonlyPaths = []'

# A bundle whose program is sampan, which runs another one in it; $1 is a filter for that, the rest are for ours.
_nested_bundle() {
  local inner=$1
  requires_sampan
  shift
  bundle -p 'id -u; cat /proc/self/uid_map; stat -c %u:%g /dev/mqueue' "$inner" 'del(.linux.resources)' \
    '.mounts += [{destination: "/dev/mqueue", type: "mqueue", source: "mqueue"}]'
  mv "$B" "$T/inner"
  bundle '.process.args = ["/sampan", "--root", "/state", "run", "--bundle", "/inner", "inner"]' '.root.readonly = false' \
    '.mounts |= map(select(.destination != "/sys"))' "$@"
  mv "$T/inner" "$B/rootfs/inner"
  cp "${RUNTIME%% *}" "$B/rootfs/sampan"
  mkdir -p "$B/rootfs/state"
}
# A user namespace whose root is $1 there, and which has $2 ids.
_user_namespace() {
  echo ".linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: $1, size: $2}]
    | .linux.gidMappings = .linux.uidMappings"
}
_shown() { tr -s ' \n' ' ' <<<"$OUT" | sed 's/ $//'; }

container_in_a_container_of_root() {
  spec own 'a container can have containers if it has CAP_SYS_ADMIN, with and without user namespaces'
  requires_userns
  local filter=. shown='0 0 0 4294967295 0:0'
  [ "$1" = same ] || filter=$(_user_namespace 5000 100) shown='0 0 5000 100 0:0'
  _nested_bundle "$filter" "$NESTING_CAPS" "$UNMASKED"
  [ "$1" = same ] || chown -R 5000:5000 "$B/rootfs/inner"
  run_container
  is "$RC" 0 'exit code'
  is "$(_shown)" "$shown" 'the inner container'
}
cases container_in_a_container_of_root same new

container_in_a_user_namespace() {
  spec own 'root of a user namespace can have containers in it, whose root is root of that user namespace or another id of it'
  requires_userns
  local filter=. shown='0 0 100000 65536 0:0'
  [ "$1" = same ] || filter=$(_user_namespace "$1" 100) shown="0 0 $1 100 0:0"
  _nested_bundle "$filter" "$(_user_namespace 100000 65536)" "$NESTING_CAPS" "$UNMASKED"
  chown -R 100000:100000 "$B/rootfs"
  [ "$1" = same ] || chown -R $((100000 + $1)):$((100000 + $1)) "$B/rootfs/inner/rootfs"
  run_container
  is "$RC" 0 'exit code'
  is "$(_shown)" "$shown" 'the inner container'
}
cases container_in_a_user_namespace same 0 5000

map_of_ids_that_are_not_in_one_range_is_explained() {
  spec own 'a user namespace cannot map ids that two ranges of the one above have; the error says so'
  requires_userns
  _nested_bundle "$(_user_namespace 0 200)" "$(_user_namespace 100000 100)" "$NESTING_CAPS" "$UNMASKED" \
    '.linux.uidMappings += [{containerID: 100, hostID: 200000, size: 100}] | .linux.gidMappings = .linux.uidMappings'
  chown -R 100000:100000 "$B/rootfs"
  run_container
  is "$RC" 1 'exit code'
  has "$ERR" 'the ids 0-199 of our own user namespace, which has 0-99, 100-199, are not all in one range' 'the hint'
  has "$ERR" /linux/uidMappings 'the place'
}

map_of_root_without_the_capability_is_explained() {
  spec own 'without CAP_SETFCAP the id 0 cannot be passed on; the error says so'
  requires_userns
  _nested_bundle "$(_user_namespace 0 1) | (.mounts[] | .options | select(.)) |= map(select(startswith(\"gid=\") | not))" "$(_user_namespace 100000 100)" "$UNMASKED" '.process.capabilities |= map_values([])'
  chown -R 100000:100000 "$B/rootfs"
  run_container
  # Older kernels pass it on.
  [ "$RC" = 0 ] || has "$ERR" CAP_SETFCAP 'the hint'
}

masked_proc_keeps_inner_containers_from_a_new_one() {
  spec own 'in a user namespace whose proc is masked, no new proc can be mounted; the error says why'
  requires_userns
  _nested_bundle "$(_user_namespace 0 100)" "$(_user_namespace 100000 65536)" "$NESTING_CAPS" \
    '.linux.readonlyPaths = ["/proc/sys"]'
  chown -R 100000:100000 "$B/rootfs"
  run_container
  is "$RC" 1 'exit code'
  has "$ERR" 'one proc in sight that nothing covers' 'the hint'
}

capability_that_is_missing_is_named() {
  spec own 'without CAP_SYS_PTRACE, a container without a user namespace cannot be looked at; the error names it'
  _nested_bundle . "$UNMASKED" "${NESTING_CAPS/\"CAP_SYS_PTRACE\", /}"
  run_container
  is "$RC" 1 'exit code'
  has "$ERR" 'CAP_SYS_PTRACE' 'the hint'
}
