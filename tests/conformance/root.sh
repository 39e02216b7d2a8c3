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

# What is in the root, with everything that undoing could get wrong.
_root_is() { (cd "$B/rootfs" && find . -printf '%p %y %i %m %s %l\n' | sort); }
# A bundle whose container needs much that its root lacks: mount points, a working directory, a /dev.
_poor_root() {
  # shellcheck disable=SC2016
  bundle '.mounts |= map(select(.destination | startswith("/dev") | not))' \
    '.mounts += [{destination: "/made/deep/folder", type: "tmpfs"},
      {destination: "/made/file", source: ($T + "/file"), options: ["bind"]},
      {destination: "/by-link/in", type: "tmpfs"},
      {destination: "/etc/added", source: ($T + "/file"), options: ["bind"]}]' \
    '.linux.devices = [{path: "/dev/sub/own", type: "c", major: 1, minor: 3}, {path: "/pipes/one", type: "p"}]' \
    '.process.cwd = "/srv/there"' "$@"
  echo text >"$T/file"
  mkdir "$B/rootfs/target"
  ln -s target/new "$B/rootfs/by-link"
  mknod -m 0640 "$B/rootfs/dev/zero" c 1 5
}

failed_create_leaves_the_root_as_it_was() {
  spec runtime.md#errors 'an error leaves everything as if the operation were never attempted'
  local before
  case $1 in
    program) _poor_root '.process.args = ["/no/such/program"]' ;;
    hook) _poor_root '.hooks = {createContainer: [{path: "/bin/false"}]}' ;;
    mount) _poor_root '.mounts += [{destination: "/last", source: "/no/such/source", options: ["bind"]}]' ;;
    # A node cannot be bound on a name that is in the way, when others have already been made.
    device) _poor_root '.linux.devices += [{path: "/etc/passwd", type: "c", major: 1, minor: 3}]' ;;
    pid-file) _poor_root ;;
    userns)
      requires_userns
      _poor_root "$USERNS" 'del(.linux.devices)' '.process.args = ["/no/such/program"]'
      chown 100000:100000 "$B/rootfs" "$B/rootfs/dev" "$B/rootfs/etc" "$B/rootfs/target" ;;
    no-mount-namespace)
      _poor_root '.process.args = ["/no/such/program"]' \
        '.linux.namespaces |= map(select(.type != "mount"))' ;;
  esac
  before=$(_root_is)
  if [ "$1" = pid-file ]; then
    mkdir "$T/taken"
    refuses create --bundle "$B" --pid-file "$T/taken" "$C"
  else
    create_fails
  fi
  is "$(_root_is)" "$before" 'the root'
}
cases failed_create_leaves_the_root_as_it_was program hook mount device pid-file userns no-mount-namespace

failed_create_leaves_what_others_have_put_in_the_root() {
  spec own 'undoing removes only what create has made, and what is still as it was'
  requires_sampan
  _poor_root '.hooks = {createContainer: [{path: "/bin/sh", args: ["sh", "-c",
    "cd \($B)/rootfs && echo kept >made/deep/kept && rm dev/null && echo kept >dev/null && exit 1"]}]}' \
    'del(.mounts[] | select(.destination == "/made/deep/folder"))' \
    '.mounts += [{destination: "/made/deep", source: ($T + "/bound"), options: ["bind"]}]'
  mkdir "$T/bound"
  create_fails
  is "$(cat "$B/rootfs/dev/null")" kept '/dev/null of the root'
  is_absent "$B/rootfs/dev/full" 'what create made'
}

killed_create_is_undone_by_delete() {
  spec own 'delete --force undoes in the root what a create that was killed had made'
  requires_sampan
  local before
  # shellcheck disable=SC2016
  _poor_root '.hooks = {createRuntime: [{path: "/bin/sh", args: ["sh", "-c", "kill -9 $PPID"]}]}'
  before=$(_root_is)
  rt create --bundle "$B" "$C" && fail 'create is accepted'
  is "$RC" 137 'the exit code of create'
  exists "$B/rootfs/dev/sub/own" 'what create had made'
  does delete --force "$C"
  is "$(_root_is)" "$before" 'the root'
}

create_that_is_not_wholly_undone_records_what_is_left() {
  spec own 'what delete --force tries to undo again is what could not be undone, and nothing that came later'
  requires_sampan
  # shellcheck disable=SC2016
  _poor_root '.hooks = {createRuntime: [{path: "/bin/sh", args: ["sh", "-c",
    "cd \($B)/rootfs/made/deep && mount --bind folder folder"]}]}'
  case $1 in
    program) edit '.process.args = ["/no/such/program"]' && create_fails ;;
    # The last step.
    pid-file) mkdir "$T/taken" && refuses create --bundle "$B" --pid-file "$T/taken" "$C" ;;
  esac
  umount "$B/rootfs/made/deep/folder" || fail 'the hook has not mounted'
  is "$(jq -r '[.madeInRoot.files[].path] | join(" ")' "$ROOT/$C/state.json")" '/made /made/deep /made/deep/folder' 'what is recorded'
  is_absent "$B/rootfs/pipes" 'what was made last'
  mkdir "$B/rootfs/pipes"
  mkfifo "$B/rootfs/pipes/one"
  does delete --force "$C"
  exists "$B/rootfs/pipes/one" 'a fifo of somebody else'
  is_absent "$B/rootfs/made" 'what could not be undone'
}
cases create_that_is_not_wholly_undone_records_what_is_left program pid-file

delete_removes_the_nodes_that_create_made() {
  spec runtime.md#delete 'deleting a container deletes the resources that were created during create'
  _poor_root
  create
  exists "$B/rootfs/dev/null" 'a default device'
  start
  await_stopped
  does delete "$C"
  is "$(find "$B/rootfs" -type c -printf '%P ')" 'dev/zero ' 'devices in the root'
  is "$(find "$B/rootfs" -type p -printf '%P ')" 'fifo ' 'fifos in the root'
}

delete_leaves_places_to_mount_on() {
  spec own 'as with runc and crun, folders and files on which something was mounted stay'
  requires_sampan
  _poor_root
  runs
  [ -d "$B/rootfs/made/deep/folder" ] || fail 'the place for a mount is gone'
  [ -d "$B/rootfs/srv/there" ] || fail 'the working directory is gone'
}

delete_leaves_a_device_that_the_program_has_put_there() {
  spec own 'a node is removed only if it is the one that create made'
  requires_sampan
  bundle -p 'rm /dev/null && echo mine >/dev/null; mv /dev/zero /dev/moved' \
    '.mounts |= map(select(.destination | startswith("/dev") | not))'
  runs
  is "$(cat "$B/rootfs/dev/null")" mine '/dev/null'
  exists "$B/rootfs/dev/moved" 'a node under another name'
  is_absent "$B/rootfs/dev/full" 'what create made'
}

delete_leaves_the_devices_of_another_container() {
  spec own 'devices in a root that another container has, too, stay'
  requires_sampan
  # shellcheck disable=SC2016
  bundle -p 'sleep 100' '.mounts |= map(select(.destination | startswith("/dev") | not))'
  create
  edit '.linux.cgroupsPath += "-second"'
  does create --bundle "$B" --pid-file "$T/second.pid" "$C-second"
  if [ "$1" = upgraded ]; then
    jq 'del(.madeInRoot)' "$ROOT/$C-second/state.json" >"$T/state.json"
    cp "$T/state.json" "$ROOT/$C-second/state.json"
  fi
  does delete --force "$C"
  exists "$B/rootfs/dev/null" 'a device of the other container'
  does delete --force "$C-second"
}
cases delete_leaves_the_devices_of_another_container recorded upgraded
