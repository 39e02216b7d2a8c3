# What a container, or the owner of a cgroup, could note on it to be taken for what it is not (cgroup/owner.h).
# shellcheck shell=bash disable=SC2016,SC2034,SC2153

# Sets attribute $2 of $1 to $3, as uid $4.
_note() {
  "$PYTHON" -c 'import os, sys
os.setuid(int(sys.argv[4]))
os.setxattr(sys.argv[1], sys.argv[2], sys.argv[3].encode())' "$@"
}
# Finds the hierarchy of cgroup v2: UNIFIED. Only there can users set attributes of a cgroup.
_requires_notes() {
  requires_sampan
  requires_python
  UNIFIED=/sys/fs/cgroup
  [ "$(cgroup_version)" = 2 ] || UNIFIED=/sys/fs/cgroup/unified
  [ -e "$UNIFIED/cgroup.procs" ] || skip 'cgroup v2 is not mounted'
  mkdir -p "$UNIFIED/$TEST_PREFIX/$C-notes"
  _note "$UNIFIED/$TEST_PREFIX/$C-notes" user.test 1 0 2>"$T/err" || { rmdir "$UNIFIED/$TEST_PREFIX/$C-notes"; skip 'cgroups take no attributes'; }
  rmdir "$UNIFIED/$TEST_PREFIX/$C-notes"
}
# As uid 1500, in the cgroup $UNIFIED/$DELEGATED/caller.
_as_user() {
  COMMAND="$RUNTIME_NAME $* (as an ordinary user)"
  # shellcheck disable=SC2086
  bash -c 'echo 0 >"$1/caller/cgroup.procs" && shift && exec setpriv --reuid 1500 --regid 1500 --clear-groups "$@"' - "$UNIFIED/$DELEGATED" $RUNTIME --root "$T/user" "$@" >"$T/out" 2>"$T/err" </dev/null
  RC=$?
  OUT=$(<"$T/out") ERR=$(<"$T/err")
  return $RC
}
_delegate() {
  DELEGATED=$TEST_PREFIX/$C-user
  mkdir -p "$UNIFIED/$DELEGATED/caller" "$T/user"
  chown 1500:1500 "$UNIFIED/$DELEGATED"{,/caller}{,/cgroup.procs,/cgroup.subtree_control} "$T/user"
}
_undelegate() { rmdir "$UNIFIED/$DELEGATED/caller" "$UNIFIED/$DELEGATED"; }

container_of_a_user_cannot_disown_its_cgroup() {
  spec own 'delete --force ends all processes of the container, whatever its root has noted on its cgroup'
  requires_userns
  requires_tool setpriv
  _requires_notes
  _delegate
  # Without a pid namespace of its own, only the cgroup shows to which container the second process belongs.
  bundle -p 'sleep 1000 & exec sleep 1000' ".linux.namespaces = [{type: \"user\"}, {type: \"mount\"}, {type: \"uts\"}, {type: \"ipc\"}] | .mounts |= map(select(.destination == \"/dev\"))
    | .linux.uidMappings = [{containerID: 0, hostID: 1500, size: 1}] | .linux.gidMappings = .linux.uidMappings
    | .process.capabilities = {} | del(.linux.resources, .linux.maskedPaths, .linux.readonlyPaths) | .linux.cgroupsPath = \"/$DELEGATED/web\""
  _as_user create --bundle "$B" "$C" || fail 'create fails'
  _as_user start "$C" || fail 'start fails'
  local cgroup=$UNIFIED/$DELEGATED/web
  await '[ "$(wc -l <"$UNIFIED/$DELEGATED/web/cgroup.procs")" = 2 ]'
  # This user is the container's root.
  _note "$cgroup" user.sampan.owner 'made x' 1500 || fail 'the attack is not possible'
  _as_user ps --format json "$C" || fail 'ps fails'
  is "$(jq length <<<"$OUT")" 2 'processes that ps shows'
  _as_user delete --force "$C" || fail 'delete fails'
  is_absent "$cgroup" 'the cgroup of the container'
  _undelegate
}

cgroup_that_its_user_says_we_made_stays() {
  spec runtime.md#delete 'what create did not make is not removed: only root can say that it did'
  _requires_notes
  local dir cgroup=$UNIFIED/$TEST_PREFIX/$C-bundle inode
  for dir in "${CGROUP_ROOTS[@]}"; do mkdir -p "$dir/$TEST_PREFIX/$C-bundle"; done
  chown 1500 "$cgroup"
  _note "$cgroup" user.sampan.owner 'made x' 1500 || fail 'the attack is not possible'
  inode=$(stat -c %i "$cgroup")
  bundle -p 'sleep 100'
  create
  is "$(stat -c %i "$cgroup")" "$inode" 'the cgroup that was prepared'
  does delete --force "$C"
  for dir in "${CGROUP_ROOTS[@]}"; do
    exists "$dir/$TEST_PREFIX/$C-bundle" 'the cgroup that was prepared'
    rmdir "$dir/$TEST_PREFIX/$C-bundle"
  done
}

cgroup_above_that_its_user_says_we_made_stays() {
  spec runtime.md#delete 'what create did not make is not removed: only root can say that it did'
  _requires_notes
  local dir above=$TEST_PREFIX/$C-above
  for dir in "${CGROUP_ROOTS[@]}"; do mkdir -p "$dir/$above"; done
  chown 1500 "$UNIFIED/$above"
  _note "$UNIFIED/$above" user.sampan 1 1500 || fail 'the attack is not possible'
  bundle -p 'sleep 100' ".linux.cgroupsPath = \"/$above/web\""
  create
  does delete --force "$C"
  for dir in "${CGROUP_ROOTS[@]}"; do
    exists "$dir/$above" 'the cgroup that was prepared'
    rmdir "$dir/$above"
  done
}
