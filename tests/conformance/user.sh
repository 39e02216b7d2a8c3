# Who the process is: uid, gid, groups, umask (config.md#user).
# shellcheck shell=bash disable=SC2034

uid_and_gid_are_set() {
  spec config.md#posix-platform-user 'uid and gid are those of the process in the container'
  bundle -p 'grep -E "^(Uid|Gid)" /proc/self/status | cut -f2- | tr "\t" " "' '.process.user = {uid: 1000, gid: 1001}'
  runs
  is "$OUT" $'1000 1000 1000 1000\n1001 1001 1001 1001' 'all four uids and gids'
}

user_needs_no_entry_in_passwd() {
  spec config.md#posix-platform-user 'ids are numbers'
  bundle -p 'id -u; id -g' '.process.user = {uid: 54321, gid: 4294967294}'
  runs
  is "$OUT" $'54321\n4294967294' ids
}

additional_gids_are_the_groups() {
  spec config.md#posix-platform-user 'additionalGids are added to the process'
  bundle -p 'grep ^Groups /proc/self/status' '.process.user = {uid: 1000, gid: 1000, additionalGids: [5, 70000, 12]}'
  runs
  for gid in 5 12 70000; do has_word "${OUT//[$'\t ']/ }" "$gid" groups; done
}

groups_of_the_runtime_do_not_leak() {
  spec config.md#posix-platform-user 'the groups are those of the configuration'
  requires_tool setpriv
  bundle -p 'grep ^Groups /proc/self/status; true' '.process.user = {uid: 1000, gid: 1000}'
  RUNTIME="setpriv --groups 4711 $RUNTIME" runs
  lacks "$OUT" 4711 groups
}

umask_is_set() {
  spec config.md#posix-platform-user 'umask is the mode of the user'
  bundle -p 'umask; touch /tmp/file; stat -c %a /tmp/file' '.process.user.umask = 63'
  runs
  is "$OUT" $'0077\n600' 'umask and mode of a new file'
}

umask_of_the_runtime_does_not_leak() {
  spec client 'the umask is 0022 when the configuration has none'
  bundle -p umask
  umask 0077
  runs
  is "$OUT" 0022 umask
}

umask_of_the_caller_does_not_change_what_is_made() {
  spec config-linux.md#default-devices 'devices have their usual modes'
  bundle -p 'stat -c %a /dev/null /dev/tty; stat -c %a /made' '.mounts += [{destination: "/made", type: "tmpfs", source: "x"}]'
  umask 0077
  runs
  is "$OUT" $'666\n666\n1777' 'modes'
}

ordinary_user_reads_the_root() {
  spec config.md#posix-platform-user 'the process runs as the user'
  bundle -p 'cat /etc/passwd | head -n 1; echo x >/etc/new' '.process.user = {uid: 1000, gid: 1000}'
  run_container
  has "$OUT" root: 'output'
  is_absent "$B/rootfs/etc/new" 'a file that only root may make'
}

ordinary_user_keeps_its_streams() {
  spec client 'a pipe on stdout or stderr can be opened again by the user (/dev/stdout)'
  bundle -p 'echo again >/dev/stdout; echo err >/proc/self/fd/2' '.process.user = {uid: 1000, gid: 1000}'
  mkfifo "$T/pipe" "$T/errors"
  helper cat "$T/pipe"
  helper cat "$T/errors"
  # shellcheck disable=SC2086
  $RUNTIME --root "$ROOT" run --bundle "$B" "$C" </dev/null >"$T/pipe" 2>"$T/errors"
  RC=$?
  is "$RC" 0 'exit code'
}

# The owner of what is on stdin, stdout and stderr while $@ runs: OWNER.
_owner_after() {
  local kind=$1; shift
  case $kind in
    file) : >"$T/stream" ;;
    device) mknod "$T/stream" c 1 5 ;;
    terminal)
      requires_python
      # A terminal that outlives the command.
      "$PYTHON" - "$@" <<'PY' >"$T/owner" 2>"$T/err" || { ERR=$(<"$T/err"); fail 'it does not run on a terminal'; }
import os, pty, subprocess, sys
master, slave = pty.openpty()
code = subprocess.call(sys.argv[1:], stdin=slave, stdout=slave, stderr=slave)
print(os.fstat(slave).st_uid)
sys.exit(code)
PY
      OWNER=$(<"$T/owner")
      return ;;
  esac
  "$@" <>"$T/stream" >&0 2>&0 || fail "it does not run on a $kind"
  OWNER=$(stat -c %u "$T/stream")
}

callers_own_streams_keep_their_owner() {
  spec own "a terminal, file or device of the caller's is not given to the container's user"
  requires_sampan
  bundle '.process.user = {uid: 1000, gid: 1000}'
  # shellcheck disable=SC2086
  _owner_after "$1" $RUNTIME --root "$ROOT" run --bundle "$B" "$C"
  is "$OWNER" 0 "owner of the $1 after run"
}
cases callers_own_streams_keep_their_owner file device terminal

exec_leaves_the_callers_streams_their_owner() {
  spec own "a terminal, file or device of the caller's is not given to the user of exec"
  requires_sampan
  container_that_is running
  # shellcheck disable=SC2086
  _owner_after "$1" $RUNTIME --root "$ROOT" exec --user 1000 "$C" /bin/true
  is "$OWNER" 0 "owner of the $1 after exec"
}
cases exec_leaves_the_callers_streams_their_owner file device terminal

# The command with the device as all three streams; then facts about the device, and about the host's own.
_on_device() {
  # shellcheck disable=SC2086
  $RUNTIME --root "$ROOT" "$@" <>"$T/stream" >&0 2>&0 || fail "$1 fails on a device"
  is "$(stat -c '%t:%T %a %u:%g' "$T/stream" /dev/null)" "$DEVICES" "the devices after $1"
}

device_of_the_host_keeps_its_owner_and_mode() {
  spec client 'what stands on the streams is the host'"'"'s, as /dev/null is for all engines: the container gets no part of it'
  local user=${1#*:}
  case $1 in
    userns*) requires_userns; bundle -p 'sleep 100' "$USERNS" ".process.user = {uid: $user, gid: $user}" ;;
    *) bundle -p 'sleep 100' ".process.user = {uid: $user, gid: $user}" ;;
  esac
  mknod -m 0666 "$T/stream" c 1 3
  DEVICES=$(stat -c '%t:%T %a %u:%g' "$T/stream" /dev/null)
  _on_device create --bundle "$B" "$C"
  _on_device start "$C"
  _on_device exec "$C" /bin/true
  _on_device exec --user 77:78 "$C" /bin/true
  _on_device delete --force "$C"
  edit '.process.args = ["/bin/true"]'
  _on_device run --bundle "$B" "$C"
}
cases device_of_the_host_keeps_its_owner_and_mode host:0 host:1000 userns:0 userns:1000

# If a device is listed that exists in a folder of the host, bound as /dev or below the root.
listed_device_of_the_host_keeps_its_owner_and_mode() {
  spec own 'a node of the host that is bound into the container is not given away'
  requires_sampan
  bundle "$([ "${1#*:}" = userns ] && echo "$USERNS" || echo .)" \
    '.linux.devices = [{path: "/dev/null", type: "c", major: 1, minor: 3, fileMode: 384, uid: 7, gid: 7}]' \
    '.mounts |= map(select(.destination | startswith("/dev") | not))' \
    "$([ "${1%:*}" = mount ] && echo '.mounts += [{destination: "/dev", source: ($T + "/dev"), options: ["bind"]}]' || echo .)"
  mkdir "$T/dev"
  mknod -m 0666 "$T/dev/null" c 1 3
  [ "${1%:*}" = mount ] || mount --bind "$T/dev" "$B/rootfs/dev"
  run_container
  is "$(stat -c '%a %u:%g' "$T/dev/null")" '666 0:0' "the host's device"
  [ "${1%:*}" = mount ] || umount "$B/rootfs/dev"
}
cases listed_device_of_the_host_keeps_its_owner_and_mode mount:host mount:userns below-root:userns

cases id_that_means_no_change_is_an_error uid gid
id_that_means_no_change_is_an_error() {
  spec own '4294967295 is -1 to the kernel, which would leave the process root'
  requires_sampan
  bundle ".process.user.$1 = 4294967295"
  create_fails
}

user_without_an_id_is_root() {
  spec config.md#posix-platform-user 'uid and gid are REQUIRED (client: the peers take a missing one for 0; sampan says so)'
  requires_sampan
  bundle -p 'id -u; id -g' "del(.process.user.$1)"
  runs
  is "$OUT" $'0\n0' 'uid and gid'
  has "$ERR" ": /process/user: the required property \"$1\" is missing: it is taken for 0" 'the warning'
}
cases user_without_an_id_is_root uid gid

name_of_a_windows_user_is_a_warning() {
  spec config.md#windows-user 'username is a property of Windows'
  requires_sampan
  bundle '.process.user.username = "ann"'
  runs
  has "$ERR" /process/user/username 'the warning'
  has "$ERR" 'only Windows has it' 'the warning'
}

# A user namespace that denies setgroups(2), with the process HELPER in it.
_namespace_that_denies_setgroups() {
  requires_sampan
  requires_userns
  mkfifo "$T/up"
  # shellcheck disable=SC2016
  helper unshare --user --map-root-user sh -c 'echo up >"$1"; exec sleep 100' sh "$T/up"
  await_line "$T/up"
  is "$(<"/proc/$HELPER/setgroups")" deny 'setgroups of the namespace'
}
# It only maps the ids 0 and 0, so devpts has no group tty.
ONLY_ROOT='(.mounts[] | select(.type == "devpts")).options |= map(select(. != "gid=5"))'

setgroups_is_not_called_where_it_is_denied() {
  spec config.md#posix-platform-user 'a process without additionalGids needs none to be set'
  _namespace_that_denies_setgroups
  case $1 in
    joined) bundle -p 'id -u' "$ONLY_ROOT" ".linux.namespaces += [{type: \"user\", path: \"/proc/$HELPER/ns/user\"}]" ;;
    inherited) bundle -p 'id -u' "$ONLY_ROOT" 'del(.linux.cgroupsPath, .linux.resources)' ;;
    within) bundle -p 'id -u' "$ONLY_ROOT" 'del(.linux.cgroupsPath, .linux.resources)' "$USERNS" \
      '(.linux.uidMappings, .linux.gidMappings)[0] |= {containerID: 0, hostID: 0, size: 1}' ;;
  esac
  [ "$1" = joined ] || RUNTIME="unshare --user --map-root-user --mount $RUNTIME"
  runs
  is "$OUT" 0 'uid'
}
cases setgroups_is_not_called_where_it_is_denied joined inherited within

exec_does_not_call_setgroups_where_it_is_denied() {
  spec own 'a further process works where the container does'
  _namespace_that_denies_setgroups
  bundle -p 'sleep 100' "$ONLY_ROOT" ".linux.namespaces += [{type: \"user\", path: \"/proc/$HELPER/ns/user\"}]"
  create
  start
  does exec "$C" id -u
  is "$OUT" 0 'uid'
}

groups_where_setgroups_is_denied_are_an_error() {
  spec own 'additionalGids that cannot be set are not left out'
  _namespace_that_denies_setgroups
  bundle -p 'sleep 100' "$ONLY_ROOT" ".linux.namespaces += [{type: \"user\", path: \"/proc/$HELPER/ns/user\"}]"
  create
  start
  refuses exec --additional-gids 0 "$C" true
  has "$ERR" 'denies setgroups' 'the error'
  does delete --force "$C"
  edit '.process.user.additionalGids = [0]'
  create_fails
  has "$ERR" 'denies setgroups' 'the error'
  has "$ERR" '/process/user/additionalGids' 'the error'
}

id_that_is_not_mapped_is_an_error() {
  spec own 'an id that the user namespace does not map is named, with its place'
  requires_sampan
  requires_userns
  local kind=${1%-*} joined pointer=/process/user/${1%-*} ask=".process.user.${1%-*} = 70000"
  if [ "$kind" = group ]; then
    kind=gid pointer=/process/user/additionalGids/1 ask='.process.user.additionalGids = [5, 70000]'
  fi
  if [ "${1#*-}" = new ]; then
    bundle "$USERNS" "$ask"
  else
    bundle -n first -p 'sleep 100' "$USERNS"
    create
    joined=$INIT C=$C-second
    bundle -n second "$ask" ".linux.namespaces += [{type: \"user\", path: \"/proc/$joined/ns/user\"}]"
  fi
  create_fails
  has "$ERR" "$kind 70000 is not mapped in the container's user namespace" 'the error'
  has "$ERR" ": $pointer" 'the place'
}
cases id_that_is_not_mapped_is_an_error uid-new gid-new group-new uid-joined gid-joined group-joined

id_that_is_not_mapped_is_an_error_of_exec() {
  spec own 'an id that the user namespace does not map is named'
  requires_sampan
  requires_userns
  bundle -p 'sleep 100' "$USERNS"
  create
  start
  refuses exec --user 70000 "$C" true
  has "$ERR" "uid 70000 is not mapped in the container's user namespace" 'the error'
  refuses exec --additional-gids 70000 "$C" true
  has "$ERR" "gid 70000 is not mapped in the container's user namespace" 'the error'
}

namespace_without_id_0_is_an_error() {
  spec own 'the container is prepared by root of its user namespace'
  requires_sampan
  requires_userns
  if [ "$1" = new ]; then
    bundle "$USERNS" '.linux.uidMappings[0].containerID = 1'
    create_fails
    has "$ERR" 'id 0 is not mapped' 'the error'
    has "$ERR" ': /linux/uidMappings' 'the place'
  else
    mkfifo "$T/up"
    # shellcheck disable=SC2016
    helper unshare --user sh -c 'echo up >"$1"; exec sleep 100' sh "$T/up"
    await_line "$T/up"
    bundle ".linux.namespaces += [{type: \"user\", path: \"/proc/$HELPER/ns/user\"}]"
    create_fails
    has "$ERR" "gid 0 is not mapped in the container's user namespace" 'the error'
    has "$ERR" ': /linux/namespaces/5' 'the place'
  fi
}
cases namespace_without_id_0_is_an_error new joined

more_groups_than_the_kernel_takes_are_an_error() {
  spec own 'what the kernel refuses is said before anything is done'
  requires_sampan
  bundle '.process.user.additionalGids = [range(65537)]'
  create_fails
  has "$ERR" '65537 groups: the kernel takes 65536' 'the error'
  has "$ERR" ': /process/user/additionalGids' 'the place'
  bundle -n most '.process.user.additionalGids = [range(65536)]'
  runs
}

# What the program writes to its own /dev/stdout and /dev/stderr, through our pipes.
root_of_a_user_namespace_keeps_its_pipes() {
  spec client 'a pipe of the caller can be opened again by the user of the container (/dev/stdout), mapped or not'
  requires_userns
  local say='echo out >/dev/stdout && echo err >/dev/stderr && echo said >/fifo'
  [ "$1" != exec ] || say='echo began >/fifo'
  bundle -p "$say; sleep 100" "$USERNS"
  chown -R 100000:100000 "$B/rootfs"
  mkfifo "$T/out.pipe" "$T/err.pipe"
  helper dd if="$T/out.pipe" of="$T/said.out" status=none
  helper dd if="$T/err.pipe" of="$T/said.err" status=none
  exec 7>"$T/out.pipe" 6>"$T/err.pipe"
  # shellcheck disable=SC2086
  case $1 in
    create)
      $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C" </dev/null >&7 2>&6 || fail 'create fails'
      start
      await_line "$B/rootfs/fifo" ;;
    run)
      helper $RUNTIME --root "$ROOT" run --bundle "$B" "$C" </dev/null >&7 2>&6
      await_line "$B/rootfs/fifo" ;;
    exec)
      create
      start
      await_line "$B/rootfs/fifo"
      $RUNTIME --root "$ROOT" exec "$C" /bin/sh -c 'echo out >/dev/stdout && echo err >/dev/stderr' </dev/null >&7 2>&6 || fail 'exec fails' ;;
  esac
  exec 7>&- 6>&-
  rt delete --force "$C"
  await '[ -s "$T/said.out" ] && [ -s "$T/said.err" ]'
  is "$(<"$T/said.out")" out 'standard output'
  is "$(<"$T/said.err")" err 'standard error'
}
cases root_of_a_user_namespace_keeps_its_pipes create run exec

pipe_has_the_group_of_the_container_too() {
  spec client 'a pipe of the caller belongs to user and group of the container, as with crun'
  requires_sampan
  bundle -p 'stat -L -c %u:%g /proc/self/fd/1' '.process.user = {uid: 7, gid: 8}'
  is "$($RUNTIME --root "$ROOT" run --bundle "$B" "$C" 2>&1 | cat)" 7:8 'owner of the pipe'
}
