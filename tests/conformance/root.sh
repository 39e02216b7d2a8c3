# The root file system (config.md#root, config-linux.md#rootfs-mount-propagation).
# shellcheck shell=bash

root_is_the_folder_of_the_bundle() {
  spec bundle.md#container-format 'the root file system is in the folder of the bundle, by the path of config.json'
  bundle -p 'cat /marker; ls -d /proc/1/root/* >/dev/null; pwd'
  echo inside >"$B/rootfs/marker"
  runs
  is "$OUT" $'inside\n/' 'what the program sees'
}

root_may_be_an_absolute_path() {
  spec config.md#root 'path is either absolute or relative to the bundle'
  # shellcheck disable=SC2016
  bundle -p 'cat /marker' '.root.path = ($T + "/elsewhere")'
  mv "$B/rootfs" "$T/elsewhere"
  echo elsewhere >"$T/elsewhere/marker"
  runs
  is "$OUT" elsewhere 'what the program sees'
}

root_may_have_another_name() {
  spec config.md#root 'the name of the folder is a convention only'
  bundle -p 'cat /marker' '.root.path = "a/b c"'
  mkdir "$B/a"
  mv "$B/rootfs" "$B/a/b c"
  echo there >"$B/a/b c/marker"
  runs
  is "$OUT" there 'what the program sees'
}

root_may_be_a_symlink() {
  spec config.md#root 'a directory exists at the path'
  bundle -p 'cat /marker'
  mv "$B/rootfs" "$B/real"
  ln -s real "$B/rootfs"
  echo real >"$B/real/marker"
  runs
  is "$OUT" real 'what the program sees'
}

root_is_writable_by_default() {
  spec config.md#root 'readonly defaults to false'
  bundle -p 'echo x >/written'
  runs
  exists "$B/rootfs/written" 'after the container'
}

readonly_root_refuses_writes() {
  spec config.md#root 'readonly: the root file system is read-only inside'
  bundle -p 'echo x >/written; mkdir /folder; echo y >/etc/passwd; echo end' '.root.readonly = true'
  runs
  has "$ERR" 'Read-only file system' 'what the shell says'
  is_absent "$B/rootfs/written" 'after the container'
  is_absent "$B/rootfs/folder" 'after the container'
}

readonly_root_leaves_mounts_writable() {
  spec config.md#root 'readonly is about the root file system, not about other mounts'
  bundle -p 'echo x >/tmp/x && echo x >/dev/shm/x && cat /tmp/x' '.root.readonly = true' \
    '.mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs"}]'
  runs
  is "$OUT" x 'output'
}

readonly_root_does_not_make_the_host_read_only() {
  spec config.md#root 'read-only inside the container'
  bundle -p 'sleep 100' '.root.readonly = true'
  create
  echo x >"$B/rootfs/from-outside" || fail 'the folder of the bundle has become read-only'
}

nothing_of_the_host_is_below_the_root() {
  spec config.md#root 'the root of the container is the folder, and there is no way out of it'
  bundle -p 'ls -A /..; awk "{ print \$5 }" /proc/self/mountinfo; cd ..; cd ../../..; ls -d proc'
  runs
  lacks "$OUT" "$TEST_WORK" 'mount points inside'
}

bundle_path_may_hold_blanks_and_letters() {
  spec runtime.md#create 'the bundle is a path'
  bundle -n 'a "b" ünd \c' -p 'echo ran'
  runs
  is "$OUT" ran 'output'
}

rootfs_propagation_is_set() {
  spec config-linux.md#rootfs-mount-propagation 'rootfsPropagation is slave, private, shared or unbindable'
  bundle -p 'while read -r id parent dev root dest flags rest; do [ "$dest" != / ] || echo "$rest"; done </proc/self/mountinfo' \
    ".linux.rootfsPropagation = \"$1\""
  runs
  local fields=${OUT%% - *}
  case $1 in
    shared) has "$fields" shared: 'optional fields of the root mount' ;;
    unbindable) has "$fields" unbindable 'optional fields of the root mount' ;;
    private) lacks "$fields" : 'optional fields of the root mount' ;;
    slave) lacks "$fields" shared: 'optional fields of the root mount' ;;
  esac
}
cases rootfs_propagation_is_set private slave shared unbindable

mounts_of_the_container_do_not_reach_the_host() {
  spec config-linux.md#rootfs-mount-propagation 'without shared propagation nothing mounted inside is seen outside'
  bundle -p 'mount -t tmpfs inside-only /tmp && echo ready >/fifo; sleep 100' "$ALL_CAPS" \
    "$([ "$1" = default ] && echo . || echo ".linux.rootfsPropagation = \"$1\"")"
  create
  start
  await_line "$B/rootfs/fifo"
  lacks "$(</proc/self/mountinfo)" "$T" 'mounts of the host'
  lacks "$(</proc/self/mountinfo)" inside-only 'mounts of the host'
}
cases mounts_of_the_container_do_not_reach_the_host default private slave unbindable

host_mounts_reach_a_slave_root() {
  spec config-linux.md#rootfs-mount-propagation 'slave: mounts made outside below the root are seen inside'
  bundle -p 'echo ready >/fifo; read -r x </go; grep -c later-mount /proc/self/mountinfo >/fifo; sleep 100' \
    '.linux.rootfsPropagation = "slave"' '.mounts += [{destination: "/host", source: ($T + "/host"), options: ["rbind", "rslave"]}]'
  mkdir -p "$T/host/below"
  mount --bind "$T/host" "$T/host"
  mkfifo "$B/rootfs/go"
  create
  start
  await_line "$B/rootfs/fifo"
  mount -t tmpfs later-mount "$T/host/below"
  echo go >"$B/rootfs/go"
  await_line "$B/rootfs/fifo"
  umount "$T/host/below" "$T/host"
  is "$LINE" 1 'mounts seen inside'
}
