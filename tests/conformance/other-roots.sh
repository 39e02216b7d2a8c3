# Roots that are entered in another way: --no-pivot, and without a mount namespace of the container's own.
# shellcheck shell=bash

_no_mount_namespace() { echo '.linux.namespaces |= map(select(.type != "mount"))'; }

root_is_moved_with_no_pivot() {
  spec client '--no-pivot: the root is moved over the old one instead of pivot_root(2)'
  # shellcheck disable=SC2016
  bundle -p 'cat /marker; ls -d /..'"$T"' 2>/dev/null; awk "{ print \$5 }" /proc/self/mountinfo; echo x >/new 2>/dev/null || echo read-only; cat /masked' \
    '.root.readonly = true | .linux.maskedPaths = ["/masked"] | .linux.readonlyPaths = ["/proc/sys"]' "$([ "$1" = user ] && echo "$USERNS")"
  [ "$1" != user ] || requires_userns
  echo inside >"$B/rootfs/marker"; echo secret >"$B/rootfs/masked"
  runs --no-pivot
  is "$(head -n 1 <<<"$OUT")" inside 'the file'
  lacks "$OUT" "$TEST_WORK" 'what is seen of the host'
  has "$OUT" $'\n/proc/sys' 'mounts'
  has "$OUT" $'\nread-only' 'the root'
  lacks "$OUT" secret 'the masked file'
}
cases root_is_moved_with_no_pivot plain user

container_without_a_mount_namespace_runs() {
  spec config-linux.md#namespaces 'a type that is not listed is inherited: the container is in the mount namespace of the runtime'
  bundle -p 'cat /marker; ls -A /..; pwd; readlink /proc/self/ns/mnt' "$(_no_mount_namespace)" '.mounts |= map(select(.type == "proc"))'
  echo inside >"$B/rootfs/marker"
  runs
  is "$(head -n 1 <<<"$OUT")" inside 'the file'
  has "$OUT" "$(readlink /proc/self/ns/mnt)" 'mount namespace'
  lacks "$OUT" "${T##*/}" 'what is seen of the host'
}

# After every test it is checked that nothing is left after delete.
mounts_without_a_mount_namespace_are_made() {
  spec config.md#mounts 'entries are mounted in the listed order, also in the mount namespace of the runtime'
  bundle -p 'cat /proc/1/comm; echo x >/dev/null; echo y >/dev/shm/y; cat /dev/shm/y /here/file; ls -d /dev/pts/ptmx; echo done >/fifo; sleep 100' \
    "$(_no_mount_namespace)" '.mounts += [{destination: "/here", source: ($T + "/source"), options: ["rbind", "ro"]},
      {destination: "/here/below", type: "tmpfs", source: "x"}]'
  mkdir -p "$T/source/below"
  echo content >"$T/source/file"
  create
  start
  await_line "$B/rootfs/fifo"
  is "$(cat "$T/program.out")" $'sh\ny\ncontent\n/dev/pts/ptmx' 'output'
  has "$(</proc/self/mountinfo)" "$B/rootfs/dev/pts" 'mounts of the runtime'
  # What is mounted on a bind does not reach its source.
  lacks "$(</proc/self/mountinfo)" " $T/source/below " 'mounts of the runtime'
  does kill "$C" KILL
  await_stopped
  does delete "$C"
  lacks "$(</proc/self/mountinfo)" "$B/rootfs" 'mounts after delete'
}

link_that_is_mounted_without_a_mount_namespace_is_unmounted() {
  spec own 'delete unmounts a symbolic link that was bound on another one'
  requires_sampan
  bundle -p 'readlink /here' "$(_no_mount_namespace)" \
    '.mounts += [{destination: "/here", source: ($T + "/link"), options: ["bind", "src-nofollow", "dest-nofollow"]}]'
  ln -s /outside "$T/link"
  ln -s inside "$B/rootfs/here"
  runs
  is "$OUT" /outside 'where the link leads'
  lacks "$(</proc/self/mountinfo)" "$B/rootfs" 'mounts after delete'
  is "$(readlink "$B/rootfs/here")" inside 'the link below'
}

failed_create_without_a_mount_namespace_leaves_no_mount() {
  spec runtime.md#errors 'an error leaves everything as if the operation were never attempted'
  bundle "$(_no_mount_namespace)" ".hooks.$1 = [{path: \"/bin/false\"}]"
  create_fails
  lacks "$(</proc/self/mountinfo)" "$B/rootfs" 'mounts after the failure'
}
cases failed_create_without_a_mount_namespace_leaves_no_mount createRuntime createContainer

mounts_that_were_there_before_stay() {
  spec own 'delete unmounts what create mounted, and nothing else'
  requires_sampan
  bundle -p 'ls /before' "$(_no_mount_namespace)" "$([ "$1" = plain ] || echo '.root.path = "link"')" \
    '.mounts += [{destination: "/before/below", type: "tmpfs", source: "x"}]'
  ln -s rootfs "$B/link"
  mkdir "$B/rootfs/before"
  mount --bind "$B/rootfs" "$B/rootfs"
  mount -t tmpfs before "$B/rootfs/before"
  runs
  local mounts
  mounts=$(</proc/self/mountinfo)
  umount "$B/rootfs/before" && umount "$B/rootfs" || fail 'a mount is missing that was there before'
  has "$mounts" "$B/rootfs/before " 'mounts'
  lacks "$mounts" "$B/rootfs/before/below" 'mounts'
}
cases mounts_that_were_there_before_stay plain link

running_container_without_a_mount_namespace_is_deleted_by_force() {
  spec runtime.md#delete 'delete removes everything that create made'
  bundle -p 'mount -t tmpfs inner /tmp; echo ready >/fifo; sleep 100' "$ALL_CAPS" "$(_no_mount_namespace)"
  create
  start
  await_line "$B/rootfs/fifo"
  does delete --force "$C"
  lacks "$(</proc/self/mountinfo)" "$B/rootfs" 'mounts after delete'
}

mount_without_a_mount_namespace_in_a_user_namespace_is_an_error() {
  spec own 'a user namespace may not mount in the mount namespace of the host; the error says what to add'
  requires_sampan
  requires_userns
  bundle "$(_no_mount_namespace)" "$USERNS"
  create_fails
  has "$ERR" '"mount"' 'the hint'
}

user_namespace_without_a_mount_namespace_runs() {
  spec config-linux.md#namespaces 'each namespace is chosen on its own'
  requires_userns
  bundle -p 'id -u; echo ran' "$(_no_mount_namespace)" "$USERNS" '.mounts = [] | del(.linux.devices)'
  runs
  is "$OUT" $'0\nran' 'output'
}

# The runtime is called in a mount namespace that ends with this; MOUNTS_APART is what is mounted in it
# afterwards.
_create_apart() {
  # shellcheck disable=SC2016,SC2086
  unshare --mount --propagation private sh -c 'T=$1; shift; "$@"; echo $? >"$T/code"; [ -e /proc/self/mountinfo ] || umount /proc
    cat /proc/self/mountinfo >"$T/apart"' sh "$T" \
    $RUNTIME --root "$ROOT" create --bundle "$B" "$C" </dev/null >"$T/program.out" 2>"$T/err"
  COMMAND='create in another mount namespace' RC=$(<"$T/code") ERR=$(<"$T/err") MOUNTS_APART=$(<"$T/apart")
}

root_of_the_host_without_a_mount_namespace_is_refused() {
  spec own 'without a mount namespace the container must not cover the mounts of the host'
  requires_sampan
  bundle "$(_no_mount_namespace)" ".root.path = \"$1\""
  ln -s / "$B/link"
  _create_apart
  is "$RC" 1 'exit code'
  has "$ERR" "is the host's own /" 'the error'
  has "$ERR" '/root/path' 'the error'
  has "$ERR" '{"type": "mount"}' 'the hint'
  is "$(grep -c ' /proc ' <<<"$MOUNTS_APART")" "$(grep -c ' /proc ' /proc/self/mountinfo)" 'file systems on /proc'
  is_absent "$ROOT/$C" 'the container'
}
cases root_of_the_host_without_a_mount_namespace_is_refused / link /proc/self/root /tmp/..

failed_create_unmounts_although_proc_is_covered() {
  spec runtime.md#errors 'an error leaves everything as if the operation were never attempted'
  requires_sampan
  bundle "$(_no_mount_namespace)" '.hooks.createRuntime = [{path: ($T + "/hook")}]'
  script "$T/hook" 'busybox mount -t tmpfs covered /proc; exit 1'
  _create_apart
  is "$RC" 1 'exit code'
  lacks "$MOUNTS_APART" "$B/rootfs" 'mounts after the failure'
}

# A container that was created in another mount namespace, in which the process HELPER stays.
_container_apart() {
  bundle -p 'echo ready >/fifo; sleep 100' "$(_no_mount_namespace)"
  echo inside >"$B/rootfs/marker"
  mkfifo "$T/up"
  # shellcheck disable=SC2016,SC2086
  helper unshare --mount --propagation private sh -c 'up=$1; shift; "$@"; echo $? >"$up"; exec sleep 100' sh "$T/up" \
    $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C" >"$T/program.out" 2>"$T/err"
  await_line "$T/up"
  INIT=$(<"$T/pid") ERR=$(<"$T/err")
  is "$LINE" 0 'create in another mount namespace'
  lacks "$(</proc/self/mountinfo)" "$B/rootfs" 'our mounts'
  has "$(<"/proc/$HELPER/mountinfo")" "$B/rootfs/dev" 'mounts of the creator'
}

exec_enters_the_root_of_a_container_that_was_created_in_another_mount_namespace() {
  spec runtime.md#operations 'a process that is brought in is in the root of the container'
  requires_sampan
  _container_apart
  start
  await_line "$B/rootfs/fifo"
  does exec "$C" cat /marker /proc/self/mounts
  is "$(head -n 1 <<<"$OUT")" inside 'the file'
  lacks "$OUT" "$T" 'what is seen of the host'
  does exec "$C" readlink /proc/self/ns/mnt
  is "$OUT" "$(readlink "/proc/$HELPER/ns/mnt")" 'mount namespace'
}

delete_unmounts_in_the_mount_namespace_that_create_was_called_in() {
  spec runtime.md#delete 'delete removes everything that create made'
  requires_sampan
  _container_apart
  case $1 in
    stopped) start; does kill "$C" KILL; await_stopped; does delete "$C" ;;
    created) does delete "$C" ;;
    running) start; does delete --force "$C" ;;
  esac
  is "$ERR" '' 'what delete says'
  lacks "$(<"/proc/$HELPER/mountinfo")" "$B/rootfs" 'mounts of the creator'
}
cases delete_unmounts_in_the_mount_namespace_that_create_was_called_in created running stopped

delete_undoes_nothing_in_a_mount_namespace_that_is_gone() {
  spec own 'mounts end with the last process of their namespace'
  requires_sampan
  _container_apart
  kill -KILL "$HELPER"
  await_gone "$HELPER"
  # A mount that somebody else makes there does not belong to the container.
  mount -t tmpfs other "$B/rootfs/tmp"
  does delete --force "$C"
  is "$ERR" '' 'what delete says'
  umount "$B/rootfs/tmp" || fail 'a mount of another namespace was undone'
}

delete_unmounts_in_a_mount_namespace_that_is_kept_by_a_file() {
  spec runtime.md#delete 'delete removes everything that create made'
  requires_sampan
  _container_apart
  mkdir "$T/kept" && mount -t tmpfs kept "$T/kept" && mount --make-private "$T/kept" && touch "$T/kept/ns"
  mount --bind "/proc/$HELPER/ns/mnt" "$T/kept/ns"
  kill -KILL "$HELPER"
  await_gone "$HELPER"
  does delete --force "$C"
  is "$ERR" '' 'what delete says'
  lacks "$(nsenter --mount="$T/kept/ns" cat /proc/self/mountinfo)" "$B/rootfs" 'mounts of the creator'
  umount "$T/kept/ns" "$T/kept"
}

delete_warns_where_it_may_not_enter_the_mount_namespace() {
  spec own 'what cannot be undone is told, and keeps no container for ever'
  requires_sampan
  requires_tool setpriv
  _container_apart
  local RUNTIME="setpriv --bounding-set -sys_chroot $RUNTIME"
  does delete --force "$C"
  has "$ERR" 'warning: what was mounted at ' 'what delete says'
  has "$ERR" "$B/rootfs" 'what delete says'
  is_absent "$ROOT/$C" 'the container'
}

# A /dev of the test's own stands for the host's.
ptmx_of_the_host_stays_where_its_root_is_the_containers() {
  spec own 'a container whose /dev is the host'\''s replaces nothing there'
  requires_sampan
  bundle -p 'stat -c %F:%t:%T /dev/ptmx' '.root.path = "/" | .mounts |= map(select(.destination == "/proc"))'
  # shellcheck disable=SC2016,SC2086
  unshare --mount --propagation private sh -c '
    cp -a /dev "$1/dev" && mount -t tmpfs dev /dev && cp -a "$1/dev/." /dev && rm -rf /dev/ptmx && mknod /dev/ptmx c 5 2 || exit 3
    dev=$1/dev; shift; "$@"; stat -c %F:%t:%T /dev/ptmx' sh "$T" \
    $RUNTIME --root "$ROOT" run --bundle "$B" "$C" >"$T/out" 2>"$T/err"
  ERR=$(<"$T/err")
  is "$(<"$T/out")" $'character special file:5:2\ncharacter special file:5:2' 'ptmx, inside and after'
}
