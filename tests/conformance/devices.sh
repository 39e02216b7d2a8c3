# Devices: the default ones, links, and those of linux.devices (config-linux.md#devices).
# shellcheck shell=bash

default_device_is_there() {
  spec config-linux.md#default-devices 'null zero full random urandom tty are supplied by the runtime'
  bundle -p "stat -c '%F %t:%T %a %u:%g' /dev/${1%%:*}"
  runs
  is "$OUT" "character special file ${1#*:} 666 0:0" "/dev/${1%%:*}"
}
cases default_device_is_there null:1:3 zero:1:5 full:1:7 random:1:8 urandom:1:9 tty:5:0

default_devices_work() {
  spec config-linux.md#default-devices 'null zero full random urandom are supplied'
  bundle -p 'echo x >/dev/null && head -c 4 /dev/zero | od -An -tx1 && head -c 5 /dev/urandom | wc -c; echo x >/dev/full'
  run_container
  is "$OUT" $' 00 00 00 00\n5' 'output'
  has "$ERR" 'No space left' 'what /dev/full says'
}

ptmx_is_the_one_of_the_container() {
  spec config-linux.md#default-devices '/dev/ptmx is a bind mount or a symlink of the container'\''s /dev/pts/ptmx'
  bundle -p 'readlink /dev/ptmx || grep -c "/dev/ptmx" /proc/self/mountinfo'
  runs
  matches "$OUT" '^(pts/ptmx|/dev/pts/ptmx|1)$' '/dev/ptmx'
}

dev_symlink_is_there() {
  spec runtime-linux.md#dev-symbolic-links 'fd, stdin, stdout, stderr are made if their source exists, after the mounts'
  bundle -p "readlink /dev/${1%%:*}"
  runs
  is "$OUT" "${1#*:}" "/dev/${1%%:*}"
}
cases dev_symlink_is_there fd:/proc/self/fd stdin:/proc/self/fd/0 stdout:/proc/self/fd/1 stderr:/proc/self/fd/2

dev_symlinks_are_there_without_proc() {
  spec own 'the links are made whether what they lead to is there or not'
  requires_sampan
  # shellcheck disable=SC2016
  bundle -p 'for l in fd stdin stdout stderr; do readlink /dev/$l; done' '.mounts |= map(select(.destination != "/proc"))'
  runs
  is "$OUT" $'/proc/self/fd\n/proc/self/fd/0\n/proc/self/fd/1\n/proc/self/fd/2' 'the links'
}

# What is in a folder of the host must not be changed.
folder_bound_on_dev_is_left_as_it_is() {
  spec own 'no default device is made in a folder of the host that is bound on /dev'
  requires_sampan
  mkdir -p "$T/dev/pts" "$T/dev/shm"
  mknod "$T/dev/null" c 1 3
  bundle -p 'ls /dev' '.mounts |= map(if .destination == "/dev" then {destination: "/dev", source: ($T + "/dev"), options: ["bind"]} else . end)'
  runs
  is "$(ls "$T/dev")" $'null\npts\nshm' 'the folder outside'
  is "$OUT" $'null\npts\nshm' 'the folder inside'
}

devices_are_there_without_a_mount_on_dev() {
  spec config-linux.md#default-devices 'the default devices are supplied, whatever mounts there are'
  bundle -p 'stat -c %t:%T /dev/null /dev/zero; readlink /dev/stdin' \
    '.mounts |= map(select(.destination | startswith("/dev") | not))'
  runs
  is "$OUT" $'1:3\n1:5\n/proc/self/fd/0' 'output'
}

console_is_absent_without_a_terminal() {
  spec config-linux.md#default-devices '/dev/console is set up if terminal is enabled'
  bundle -p 'ls /dev/console 2>/dev/null; true'
  runs
  is "$OUT" '' '/dev/console'
}

device_is_made() {
  spec config-linux.md#devices 'type, major, minor, fileMode, uid and gid are those of the node'
  bundle -p 'stat -c "%F %t:%T %a %u:%g" /dev/mine' \
    "$(case $1 in
      char) echo '.linux.devices = [{path: "/dev/mine", type: "c", major: 10, minor: 229, fileMode: 432, uid: 3, gid: 4}]' ;;
      unbuffered) echo '.linux.devices = [{path: "/dev/mine", type: "u", major: 10, minor: 229, fileMode: 432, uid: 3, gid: 4}]' ;;
      block) echo '.linux.devices = [{path: "/dev/mine", type: "b", major: 7, minor: 300, fileMode: 432, uid: 3, gid: 4}]' ;;
      fifo) echo '.linux.devices = [{path: "/dev/mine", type: "p", fileMode: 432, uid: 3, gid: 4}]' ;;
    esac)"
  runs
  case $1 in
    char|unbuffered) is "$OUT" 'character special file a:e5 660 3:4' '/dev/mine' ;;
    block) is "$OUT" 'block special file 7:12c 660 3:4' '/dev/mine' ;;
    fifo) is "$OUT" 'fifo 0:0 660 3:4' '/dev/mine' ;;
  esac
}
cases device_is_made char unbuffered block fifo

device_may_be_anywhere() {
  spec config-linux.md#devices 'path is the full path in the container'
  bundle -p 'stat -c %t:%T /opt/deep/node' '.linux.devices = [{path: "/opt/deep/node", type: "c", major: 1, minor: 3}]'
  runs
  is "$OUT" 1:3 'the node'
}

device_may_have_two_names() {
  spec config-linux.md#devices 'the same type, major and minor should not be used twice: this is said to those who write configurations'
  bundle -p 'stat -c "%t:%T %a" /dev/one /opt/two' '.linux.devices = [{path: "/dev/one", type: "c", major: 1, minor: 3, fileMode: 384},
    {path: "/opt/two", type: "c", major: 1, minor: 3, fileMode: 432}]'
  runs
  is "$OUT" $'1:3 600\n1:3 660' 'both nodes'
}

default_device_may_be_listed_too() {
  spec config-linux.md#devices 'runtimes may supply defaults; a listed one is as it is listed'
  bundle -p 'stat -c %t:%T /dev/null; echo x >/dev/null' '.linux.devices = [{path: "/dev/null", type: "c", major: 1, minor: 3, fileMode: 438}]' \
    'del(.linux.resources)'
  runs
  is "$OUT" 1:3 '/dev/null'
}

device_that_is_allowed_can_be_used() {
  spec config-linux.md#allowed-device-list 'access is as the list says; the last match counts'
  bundle -p 'head -c 1 /dev/mine | wc -c' "$ALL_CAPS" \
    '.linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 9, fileMode: 438}]' \
    '.linux.resources.devices = [{allow: false, access: "rwm"}, {allow: true, type: "c", major: 1, minor: 9, access: "r"}]'
  runs
  is "$OUT" 1 'bytes read'
}

default_devices_are_allowed_under_deny_all() {
  spec client 'the default devices can be used when the list denies everything'
  bundle -p 'echo x >/dev/null && head -c 1 /dev/zero | wc -c; head -c 1 /dev/urandom | wc -c'
  runs
  is "$OUT" $'1\n1' 'bytes read'
}

default_device_can_be_denied() {
  spec config-linux.md#allowed-device-list 'entries are applied in the listed order, also those that deny a default device'
  [ "$(cgroup_version)" = 2 ] || requires_controller devices
  local first='{allow: false, access: "rwm"}'
  [ "$1" = deny-all ] || first='{allow: true, access: "rwm"}'
  bundle -p 'head -c 1 /dev/zero >/dev/null 2>&1 && echo read; echo x >/dev/null && echo written' \
    ".linux.resources.devices = [$first, {allow: false, type: \"c\", major: 1, minor: 5, access: \"rwm\"}]"
  run_container
  is "$OUT" written 'what is allowed'
}
cases default_device_can_be_denied deny-all allow-all

making_nodes_can_be_denied() {
  spec config-linux.md#allowed-device-list 'entries are applied in the listed order, also those that deny to make nodes'
  [ "$(cgroup_version)" = 2 ] || requires_controller devices
  bundle -p 'mknod /tmp/zero c 1 5 2>/dev/null && echo made; head -c 1 /dev/zero | wc -c' "$ALL_CAPS" \
    ".linux.resources.devices = [{allow: false, access: \"rwm\"}, {allow: false, type: \"$1\", access: \"m\"}]"
  runs
  is "$OUT" 1 'what is allowed'
}
cases making_nodes_can_be_denied a c

denial_of_a_single_node_of_cgroup_v1() {
  spec own 'a rule that cgroup v1 cannot carry out is refused, but for the m of one that denies a device altogether'
  requires_sampan
  requires_cgroup 1
  requires_controller devices
  # The second denial of Docker.
  bundle -p 'echo ran' '.linux.resources.devices += [{allow: false, type: "c", major: 10, minor: 229, access: "rwm"}]'
  runs
  is "$OUT$ERR" ran 'output'
  edit '.linux.resources.devices[1].access = "m"'
  run_fails
  has "$ERR" /linux/resources/devices/1 'the pointer'
}

tun_can_be_opened_under_deny_all() {
  spec client 'tun may be used under a list that denies everything, as engines expect of their runtime'
  [ "$(cgroup_version)" = 2 ] || requires_controller devices
  bundle -p 'head -c 0 /dev/tun 2>&1; : 2>&1 <>/dev/tun' "$ALL_CAPS" '.linux.devices = [{path: "/dev/tun", type: "c", major: 10, minor: 200, fileMode: 438}]'
  run_container
  lacks "$OUT$ERR" 'not permitted' 'what opening it says'
}

listed_ptmx_is_still_the_link() {
  spec client '/dev/ptmx in the list of devices is the link to the devpts of the container, as it is without it'
  bundle -p 'readlink /dev/ptmx' '.linux.devices = [{path: "/dev/ptmx", type: "c", major: 5, minor: 2, fileMode: 438}]'
  runs
  is "$OUT" pts/ptmx '/dev/ptmx'
}

file_mode_may_have_the_type_bits() {
  spec client 'podman writes st_mode of stat(2) as fileMode, with the type: 8630 is a character device with 0666'
  bundle -p 'stat -c %a /dev/mine' '.linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 3, fileMode: 8630, uid: 0, gid: 0}]'
  runs
  is "$OUT" 666 mode
}

symlinked_dev_stays_inside() {
  spec config-linux.md#default-devices 'devices are made in the container'
  mkdir "$T/outside"
  bundle -p 'echo ran' '.mounts |= map(select(.destination | startswith("/dev") | not))'
  rmdir "$B/rootfs/dev"
  ln -s "$T/outside" "$B/rootfs/dev"
  run_container
  is "$(ls -A "$T/outside")" '' 'what was made on the host'
}

# The device that the tests below allow and deny: it can be opened by anybody, and is not a default device.
_requires_deniable_device() {
  [ "$(cgroup_version)" = 2 ] || requires_controller devices
  [ -e /sys/block/loop7 ] || skip 'there is no block device 7:7'
}

# The image has the node, and the program may read every file.
device_that_is_not_listed_cannot_be_used() {
  spec config-linux.md#devices 'no device node is accessed that is neither listed nor one of the defaults'
  _requires_deniable_device
  local rules='[{allow: false, access: "rwm"}]'
  # So that it is the list that refuses.
  [ "$1" = denied ] || rules='[{allow: true, access: "rwm"}]'
  bundle -p 'for d in /node /tmp/made; do [ -e $d ] || mknod $d b 7 7; dd if=$d count=0 2>/dev/null && echo opened $d; done; true' \
    "$ALL_CAPS" ".linux.resources.devices = $rules"
  mknod -m 0666 "$B/rootfs/node" b 7 7
  runs
  case $1 in
    denied) is "$OUT" '' 'devices that could be opened' ;;
    allowed) is "$OUT" $'opened /node\nopened /tmp/made' 'devices that could be opened' ;;
  esac
}
cases device_that_is_not_listed_cannot_be_used denied allowed

device_rules_are_applied_in_order() {
  spec config-linux.md#allowed-device-list 'entries are applied in the listed order'
  _requires_deniable_device
  local rule='{allow: true, type: "b", major: 7, minor: 7, access: "rwm"}'
  case $1 in
    allowed-last) rule="{allow: false, access: \"rwm\"}, $rule" ;;
    denied-last) rule="$rule, {allow: false, access: \"rwm\"}" ;;
    all-denied) rule='{allow: true, access: "rwm"}, {allow: false, type: "a", access: "rwm"}' ;;
    all-allowed) rule='{allow: false, access: "rwm"}, {allow: true, type: "a", access: "rwm"}' ;;
  esac
  bundle -p 'if dd if=/dev/mine count=0 2>/dev/null; then echo opened; else echo refused; fi' "$ALL_CAPS" \
    '.linux.devices = [{path: "/dev/mine", type: "b", major: 7, minor: 7, fileMode: 438}]' ".linux.resources.devices = [$rule]"
  runs
  case $1 in *allowed*) is "$OUT" opened 'the device' ;; *) is "$OUT" refused 'the device' ;; esac
}
cases device_rules_are_applied_in_order allowed-last denied-last all-denied all-allowed

device_rule_holds_for_its_kind_of_access_only() {
  spec config-linux.md#allowed-device-list 'access is a composition of r, w and m'
  _requires_deniable_device
  bundle -p 'dd if=/dev/mine count=0 2>/dev/null && echo reads; : >/dev/mine && echo writes' "$ALL_CAPS" \
    '.linux.devices = [{path: "/dev/mine", type: "b", major: 7, minor: 7, fileMode: 438}]' \
    '.linux.resources.devices = [{allow: false, access: "rwm"}, {allow: true, type: "b", major: 7, minor: 7, access: "w"}]'
  run_container
  is "$OUT" writes 'what is allowed'
}

device_rule_without_numbers_holds_for_all() {
  spec config-linux.md#allowed-device-list 'major and minor that are not set mean all'
  _requires_deniable_device
  bundle -p 'dd if=/dev/mine count=0 2>/dev/null && echo opened' "$ALL_CAPS" \
    '.linux.devices = [{path: "/dev/mine", type: "b", major: 7, minor: 7, fileMode: 438}]' \
    '.linux.resources.devices = [{allow: false, access: "rwm"}, {allow: true, type: "b", major: 7, access: "r"}]'
  runs
  is "$OUT" opened 'the device'
}

file_in_the_place_of_a_device_is_an_error() {
  spec config-linux.md#devices 'a file at the path that is not the device that is asked for is an error'
  [ "$1" != default ] || requires_sampan
  bundle '.mounts |= map(select(.destination != "/dev"))' "$([ "$1" = default ] && echo . || echo '.linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 3}]')"
  rm -rf "$B/rootfs/dev"
  mkdir -p "$B/rootfs/dev/pts" "$B/rootfs/dev/shm"
  case $1 in
    file) touch "$B/rootfs/dev/mine" ;;
    folder) mkdir "$B/rootfs/dev/mine" ;;
    fifo) mkfifo "$B/rootfs/dev/mine" ;;
    link) ln -s null "$B/rootfs/dev/mine" ;;
    block) mknod "$B/rootfs/dev/mine" b 1 3 ;;
    number) mknod "$B/rootfs/dev/mine" c 1 5 ;;
    default) mknod "$B/rootfs/dev/null" c 1 5 ;;
  esac
  create_fails
}
cases file_in_the_place_of_a_device_is_an_error file folder fifo link block number default

device_that_is_there_gets_mode_and_owner() {
  spec config-linux.md#devices 'a device that is there is the one that is asked for: fileMode, uid and gid are those of the list'
  bundle -p 'stat -c "%a %u:%g" /dev/mine' '.mounts |= map(select(.destination != "/dev"))' \
    '.linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 3, fileMode: 416, uid: 3, gid: 4}]'
  mknod -m 0600 "$B/rootfs/dev/mine" c 1 3
  runs
  is "$OUT" '640 3:4' 'mode and owner'
}

image_may_have_its_dev_elsewhere() {
  spec config-linux.md#default-devices 'devices are made in the container, also where /dev is a link inside the image'
  bundle -p 'stat -c %t:%T /dev/null /elsewhere/mine' '.mounts |= map(select(.destination | startswith("/dev") | not))' \
    '.linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 5}]'
  rmdir "$B/rootfs/dev"
  mkdir "$B/rootfs/elsewhere"
  ln -s /elsewhere "$B/rootfs/dev"
  runs
  is "$OUT" $'1:3\n1:5' 'devices'
}

listed_device_is_bound_in_a_user_namespace() {
  spec config-linux.md#devices 'the listed devices are available, also where none can be made'
  requires_userns
  bundle -p 'stat -c %t:%T /dev/full; grep -q " /dev/full " /proc/self/mountinfo && echo bound' "$USERNS" \
    '.linux.devices = [{path: "/dev/full", type: "c", major: 1, minor: 7}]'
  runs
  is "$OUT" $'1:7\nbound' 'the device'
}

device_that_the_host_lacks_is_made_in_a_user_namespace() {
  spec config-linux.md#devices 'the listed devices are available, whatever the host has'
  requires_userns
  local joined=. path=/dev/not-there
  bundle -n first -p 'sleep 100' "$USERNS"
  case $1 in
    joined)
      create
      joined="(.linux.namespaces[] | select(.type == \"user\")) += {path: \"/proc/$INIT/ns/user\"} | del(.linux.uidMappings, .linux.gidMappings)"
      C=$C-second ;;
    other) path=/dev/full ;;  # which is another device on the host
  esac
  bundle -p "stat -c '%t:%T %a %u:%g' $path; echo x >$path && head -c 2 $path | wc -c" "$USERNS" "$joined" \
    ".linux.devices = [{path: \"$path\", type: \"c\", major: 1, minor: 5}]"
  runs
  is "$OUT" $'1:5 666 0:0\n2' 'the device inside'
}
cases device_that_the_host_lacks_is_made_in_a_user_namespace missing other joined


device_that_cannot_be_made_is_an_error() {
  spec config-linux.md#devices 'a device that cannot be made available is an error'
  requires_userns
  requires_sampan
  requires_tool setpriv
  local RUNTIME="setpriv --bounding-set -mknod $RUNTIME"
  bundle "$USERNS" ".linux.devices = [{path: \"/dev/$1\", type: \"c\", major: 1, minor: 5}]"
  create_fails
  has "$ERR" 'on the host' 'the error'
  has "$ERR" /linux/devices/0 'the place'
}
cases device_that_cannot_be_made_is_an_error not-there full

# Without CAP_MKNOD only the host's node can be used, with its owner 0:0 and its mode 0666.
device_that_cannot_have_what_is_asked_is_an_error() {
  spec config-linux.md#devices 'fileMode, uid and gid are those of the device, or it is an error'
  requires_userns
  requires_sampan
  requires_tool setpriv
  local RUNTIME="setpriv --bounding-set -mknod $RUNTIME" asked
  case $1 in
    mode) asked='fileMode: 384' ;;
    owner) asked='uid: 7' ;;
    group) asked='gid: 7' ;;
  esac
  bundle "$USERNS" ".linux.devices = [{path: \"/dev/full\", type: \"c\", major: 1, minor: 7, $asked}]"
  create_fails
  has "$ERR" "the $1 of /dev/full of the host's node is" 'the error'
  has "$ERR" 'leave fileMode, uid and gid out' 'what mends it'
  has "$ERR" /linux/devices/0 'the place'
}
cases device_that_cannot_have_what_is_asked_is_an_error mode owner group

file_in_the_place_of_a_link_is_an_error() {
  spec runtime-linux.md#dev-symbolic-links 'the links of /dev are made; a file of the image with such a name is no link'
  requires_sampan
  bundle '.mounts |= map(select(.destination != "/dev" and .destination != "/dev/shm"))'
  mkdir -p "$B/rootfs/dev/pts"
  touch "$B/rootfs/dev/$1"
  create_fails
  has "$ERR" "/dev/$1 in the root is a regular file already" 'the error'
}
cases file_in_the_place_of_a_link_is_an_error fd stdin stdout stderr ptmx

link_of_dev_may_be_spelt_otherwise() {
  spec runtime-linux.md#dev-symbolic-links 'a link of the image that leads to the same place is left'
  bundle -p 'readlink /dev/stdin; readlink /dev/fd; ls /dev/fd/0; ls -l /dev/ptmx' \
    '.mounts |= map(select(.destination != "/dev" and .destination != "/dev/shm"))'
  mkdir -p "$B/rootfs/dev/pts"
  ln -s fd/0 "$B/rootfs/dev/stdin"
  ln -s ../proc/self/fd/ "$B/rootfs/dev/fd"
  ln -s /dev/pts/ptmx "$B/rootfs/dev/ptmx"
  runs
  matches "$OUT" $'^fd/0\n../proc/self/fd/' 'the links'
}

mount_in_the_place_of_a_link_stays() {
  spec config.md#mounts 'what config.json mounts at a name of /dev is there'
  bundle -p 'cat /dev/stdin' '.mounts += [{destination: "/dev/stdin", source: ($T + "/file"), options: ["bind"]}]'
  echo content >"$T/file"
  runs
  is "$OUT" content '/dev/stdin'
}

device_in_a_user_namespace_has_its_owner_and_mode() {
  spec config-linux.md#devices 'fileMode, uid and gid are those of the device'
  requires_sampan # the peers bind the host's node and drop them
  requires_userns
  local joined=.
  bundle -n first -p 'sleep 100' "$USERNS"
  if [ "$1" = joined ]; then
    create
    joined="(.linux.namespaces[] | select(.type == \"user\")) += {path: \"/proc/$INIT/ns/user\"} | del(.linux.uidMappings, .linux.gidMappings)"
    C=$C-second
  fi
  bundle -p 'stat -c "%t:%T %a %u:%g" /dev/mine; echo x >/dev/mine && head -c 2 /dev/mine | wc -c' "$USERNS" "$joined" \
    '.process.user = {uid: 1000, gid: 1000} | .linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 5, fileMode: 432, uid: 1000, gid: 7}]' \
    '.linux.resources.devices += [{allow: true, type: "c", major: 1, minor: 5, access: "rwm"}]'
  runs
  is "$OUT" $'1:5 660 1000:7\n2' 'the device inside'
}
cases device_in_a_user_namespace_has_its_owner_and_mode new joined

# podman asks for the facts of the host's node, with the host's ids.
device_of_the_host_is_bound_with_an_owner_that_is_not_mapped() {
  spec client 'podman copies the owner of a device from the node of the host'
  requires_userns
  local joined=. node=$T/node
  mknod -m 640 "$node" c 1 5 && chown 70000:70001 "$node" || fail 'no node for the test'
  bundle -n first -p 'sleep 100' "$USERNS"
  if [ "$1" = joined ]; then
    create
    joined="(.linux.namespaces[] | select(.type == \"user\")) += {path: \"/proc/$INIT/ns/user\"} | del(.linux.uidMappings, .linux.gidMappings)"
    C=$C-second
  fi
  bundle -p "stat -c '%t:%T %a' $node" "$USERNS" "$joined" \
    ".linux.devices = [{path: \"$node\", type: \"c\", major: 1, minor: 5, fileMode: 8608, uid: 70000, gid: 70001}]"
  runs
  is "$OUT" '1:5 640' 'the device inside'
}
cases device_of_the_host_is_bound_with_an_owner_that_is_not_mapped new joined

device_owner_that_is_not_mapped_is_an_error() {
  spec config-linux.md#devices 'an owner that the user namespace lacks cannot be given'
  requires_sampan
  requires_userns
  bundle "$USERNS" '.linux.devices = [{path: "/dev/mine", type: "c", major: 1, minor: 5, uid: 70000}]'
  create_fails
  has "$ERR" /linux/devices/0/uid 'the place'
}

bound_nodes_are_no_programs() {
  spec own 'the nodes of the host that a user namespace gets are nosuid and noexec'
  requires_sampan
  requires_userns
  bundle -p 'grep " /dev/null " /proc/self/mountinfo' "$USERNS"
  chown -R 100000:100000 "$B/rootfs"
  runs
  matches "$OUT" ' /dev/null [a-z,]*nosuid,noexec' 'the mount of /dev/null'
}
