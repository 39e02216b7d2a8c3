# Mounts: order, types, options, destinations (config.md#mounts).
# shellcheck shell=bash

SHOW='cat /proc/self/mountinfo'
# Reads the last mount on $1 from OUT, a mountinfo: FLAGS (of the mount and of the file system), TYPE,
# PROPAGATION.
_mount_at() {
  local fields
  FLAGS='' TYPE='' PROPAGATION=''
  while read -ra fields; do
    [ "${fields[4]:-}" = "$1" ] || continue
    local rest=("${fields[@]:6}") i
    for ((i = 0; i < ${#rest[@]}; i++)); do [ "${rest[i]}" = - ] && break; done
    PROPAGATION=${rest[*]:0:i}
    TYPE=${rest[i + 1]}
    FLAGS=${fields[5]},${rest[i + 3]}
    MOUNT_FLAGS=${fields[5]}
  done <<<"$OUT"
  [ -n "$TYPE" ] || fail "there is no mount on $1"
}
_add() { echo ".mounts += [$1]"; }
# "a,b" as the members of a JSON array.
_list() { [ -z "$1" ] || echo "\"${1//,/\",\"}\""; }

type_of_mount() {
  spec config.md#posix-platform-mounts 'type is the type of the file system, as /proc/filesystems has it'
  bundle -p "$SHOW" "$(_add "{destination: \"/here\", type: \"$1\", source: \"$1\"}")"
  runs
  _mount_at /here
  is "$TYPE" "$1" 'type'
}
cases type_of_mount tmpfs sysfs mqueue devpts

proc_shows_the_pid_namespace_of_the_container() {
  spec config.md#mounts 'a proc mount is made inside the container'
  bundle -p 'cat /proc/1/cmdline | tr "\0" " "'
  runs
  matches "$OUT" '^/bin/sh -c' 'command line of pid 1'
}

new_devpts_has_no_terminal_of_the_host() {
  spec config.md#mounts 'newinstance gives the container its own pseudo-terminals'
  bundle -p 'ls /dev/pts'
  runs
  is "$OUT" ptmx '/dev/pts'
}

mounts_are_made_in_the_listed_order() {
  spec config.md#mounts 'entries are mounted in the listed order'
  bundle -p 'cat /a/b/file' "$(_add '{destination: "/a", type: "tmpfs", source: "x"},
    {destination: "/a/b", source: ($T + "/source"), options: ["bind"]}')"
  mkdir "$T/source"
  echo inner >"$T/source/file"
  runs
  is "$OUT" inner 'file of the second mount'
}

later_mount_hides_the_earlier_one() {
  spec config.md#mounts 'entries are mounted in the listed order'
  bundle -p 'ls /a' "$(_add '{destination: "/a", source: ($T + "/source"), options: ["bind"]}, {destination: "/a", type: "tmpfs", source: "x"}')"
  mkdir "$T/source"
  touch "$T/source/file"
  runs
  is "$OUT" '' 'files in the second mount'
}

missing_destination_is_made() {
  spec client 'the folder of a destination is made when it is missing'
  bundle -p 'stat -c %a /new/deep/folder; ls -d /new/deep/folder' \
    "$(_add '{destination: "/new/deep/folder", type: "tmpfs", source: "x", options: ["mode=0701"]}')"
  runs
  is "$OUT" $'701\n/new/deep/folder' 'mode and name'
}

relative_destination_starts_at_the_root() {
  spec config.md#mounts 'a relative destination is taken from "/"'
  bundle -p "$SHOW" "$(_add '{destination: "tmp/x", type: "tmpfs", source: "x"}')"
  runs
  _mount_at /tmp/x
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" /mounts/4 'the warning'
}

# options:must be there:must not be there
plain_option() {
  spec config.md#linux-mount-options "option ${1%%:*} has the effect that mount(8) gives it"
  local options with without
  IFS=: read -r options with without <<<"$1"
  bundle -p "$SHOW" "$(_add "{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [$(_list "$options")]}")"
  runs
  _mount_at /here
  for flag in ${with//,/ }; do has_word "$FLAGS" "$flag" "flags with $options"; done
  # Both the mount and its file system say "ro" or "rw".
  for flag in ${without//,/ }; do
    case $flag in r[ow]) lacks_word "$MOUNT_FLAGS" "$flag" "flags with $options" ;; *) lacks_word "$FLAGS" "$flag" "flags with $options" ;; esac
  done
}
cases plain_option ro:ro:rw rw:rw:ro ro,rw:rw:ro nosuid:nosuid: nosuid,suid::nosuid suid,nosuid:nosuid: \
  nodev:nodev: nodev,dev::nodev noexec:noexec: noexec,exec::noexec noatime:noatime:relatime noatime,atime::noatime \
  nodiratime:nodiratime: nodiratime,diratime::nodiratime relatime:relatime:noatime relatime,norelatime:relatime:noatime \
  strictatime::relatime,noatime strictatime,nostrictatime:relatime:noatime sync:sync: sync,async::sync dirsync:dirsync: \
  norelatime:relatime:noatime noatime,norelatime:noatime:relatime strictatime,norelatime::relatime,noatime \
  nostrictatime:relatime:noatime noatime,nostrictatime:noatime:relatime strictatime,atime::relatime,noatime \
  lazytime:lazytime: lazytime,nolazytime::lazytime iversion:: noiversion:: silent:: loud:: defaults:rw,relatime:nosuid,nodev,noexec,ro \
  nosuid,nodev,noexec,ro:nosuid,nodev,noexec,ro:rw size=64k,mode=700:size=64k,mode=700: \
  rnoatime,strictatime::noatime,relatime rstrictatime,noatime:noatime: noatime,rstrictatime::noatime,relatime \
  rnosuid,rro,suid,rw:rw:nosuid,ro rro,rw:rw:ro ro,rrw:rw:ro rnosuid,rro:nosuid,ro:rw nosuid,ro,rsuid,rrw:rw:nosuid,ro \
  rnodiratime,diratime::nodiratime rw,rro:ro:rw

# The words of the table that say MUST and refer to mount(8), each after the word that it cancels. Only the
# flags of the mount must be "ro" or "rw": mount(8) would set them on the file system too.
options_have_the_effect_that_mount_gives_them() {
  spec config.md#linux-mount-options 'the MUST options correspond to mount(8)'
  local options list=''
  declare -A theirs
  mkdir "$T/there"
  for options in async sync,async atime noatime,atime defaults dev nodev,dev diratime nodiratime,diratime dirsync exec noexec,exec \
    iversion lazytime loud silent,loud noatime nodev nodiratime noexec noiversion iversion,noiversion nolazytime lazytime,nolazytime \
    norelatime relatime,norelatime noatime,norelatime strictatime,norelatime nostrictatime strictatime,nostrictatime \
    noatime,nostrictatime strictatime,atime nosuid relatime ro rw ro,rw silent strictatime suid nosuid,suid sync; do
    mount -t tmpfs -o "$options" x "$T/there" || fail "mount(8) does not know $options"
    OUT=$(</proc/self/mountinfo)
    umount "$T/there"
    _mount_at "$T/there"
    theirs[$options]=${FLAGS/,r[ow]/}
    list+="${list:+, }{destination: \"/here/$options\", type: \"tmpfs\", source: \"x\", options: [$(_list "$options")]}"
  done
  bundle -p "$SHOW" "$(_add "$list")"
  runs
  for options in "${!theirs[@]}"; do
    _mount_at "/here/$options"
    is "${FLAGS/,r[ow]/}" "${theirs[$options]}" "flags with $options"
  done
}

option_on_a_bind_mount() {
  spec config.md#linux-mount-options "option ${1%%:*} works on bind mounts too"
  local options with without
  IFS=: read -r options with without <<<"$1"
  bundle -p "$SHOW" "$(_add "{destination: \"/here\", source: (\$T + \"/source\"), options: [\"bind\", $(_list "$options")]}")"
  mkdir "$T/source"
  runs
  _mount_at /here
  for flag in ${with//,/ }; do has_word "$MOUNT_FLAGS" "$flag" "flags with $options"; done
  for flag in ${without//,/ }; do lacks_word "$MOUNT_FLAGS" "$flag" "flags with $options"; done
}
cases option_on_a_bind_mount ro:ro:rw rw:rw:ro nosuid:nosuid: nodev:nodev: noexec:noexec: noatime:noatime: \
  nodiratime:nodiratime: ro,nosuid,nodev,noexec:ro,nosuid,nodev,noexec:rw

bind_mount_shows_a_folder() {
  spec config.md#mounts 'a mount is a bind mount if it has bind or rbind in its options, whatever the type'
  bundle -p 'cat /here/file; echo new >/here/new' "$(_add "{destination: \"/here\", type: \"$1\", source: (\$T + \"/source\"), options: [\"bind\"]}")"
  mkdir "$T/source"
  echo content >"$T/source/file"
  runs
  is "$OUT" content 'the file'
  exists "$T/source/new" 'what was written inside'
}
cases bind_mount_shows_a_folder none bind tmpfs

bind_mount_shows_a_file() {
  spec config.md#mounts 'source can be a file; the destination is made when it is missing'
  bundle -p "cat $1" "$(_add "{destination: \"$1\", source: (\$T + \"/file\"), options: [\"bind\", \"ro\"]}")"
  echo content >"$T/file"
  runs
  is "$OUT" content 'the file'
}
cases bind_mount_shows_a_file /new/file /etc/passwd

bind_source_is_relative_to_the_bundle() {
  spec config.md#mounts 'sources of bind mounts are absolute or relative to the bundle'
  bundle -p 'cat /here/file' "$(_add "{destination: \"/here\", source: \"$1\", options: [\"bind\"]}")"
  mkdir "$B/data"
  echo content >"$B/data/file"
  cd / || fail 'no /'
  runs
  is "$OUT" content 'the file'
}
cases bind_source_is_relative_to_the_bundle data ./data rootfs/../data

bind_does_not_take_mounts_below_and_rbind_does() {
  spec config.md#linux-mount-options 'bind binds one mount, rbind all below it too'
  mkdir -p "$T/source/below"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below"
  mount -t tmpfs x "$T/source/below"
  touch "$T/source/below/file"
  bundle -p 'ls /here/below' "$(_add "{destination: \"/here\", source: (\$T + \"/source\"), options: [\"$1\"]}")"
  run_container
  umount "$T/source/below" "$T/source"
  is "$RC" 0 'exit code'
  is "$OUT" "$([ "$1" = rbind ] && echo file)" 'files below'
}
cases bind_does_not_take_mounts_below_and_rbind_does bind rbind

recursive_option() {
  spec config.md#linux-mount-options "option ${1%%:*} works on all mounts below (SHOULD)"
  mkdir -p "$T/source"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below"
  mount -t tmpfs x "$T/source/below"
  bundle -p "$SHOW" "$(_add "{destination: \"/here\", source: (\$T + \"/source\"), options: [\"rbind\", $(_list "${1%%:*}")]}")"
  run_container
  umount "$T/source/below" "$T/source"
  is "$RC" 0 'exit code'
  _mount_at /here
  has_word "$MOUNT_FLAGS" "${1#*:}" 'flags of the mount'
  _mount_at /here/below
  has_word "$MOUNT_FLAGS" "${1#*:}" 'flags of the mount below'
}
cases recursive_option rro:ro rnosuid:nosuid rnodev:nodev rnoexec:noexec rnoatime:noatime

rshared_mount_reaches_the_host() {
  spec config.md#linux-mount-options 'rshared: mounts made inside are seen by the peers outside'
  mkdir -p "$T/source/below"
  mount --bind "$T/source" "$T/source"
  mount --make-shared "$T/source"
  bundle -p 'mount -t tmpfs from-inside /here/below; echo ready >/fifo; sleep 100' "$ALL_CAPS" \
    "$(_add '{destination: "/here", source: ($T + "/source"), options: ["rbind", "rshared"]}')" '.linux.rootfsPropagation = "shared"'
  create
  start
  await_line "$B/rootfs/fifo"
  local mounts
  mounts=$(</proc/self/mountinfo)
  does kill "$C" KILL
  await_stopped
  umount "$T/source/below" 2>/dev/null
  umount "$T/source"
  has "$mounts" from-inside 'mounts of the host'
}

unknown_option_goes_to_the_file_system() {
  spec config.md#linux-mount-options 'options not in the table are passed to the file system'
  bundle -p 'df -k /here | tail -n 1 | awk "{ print \$2 }"; stat -c %a:%u:%g /here' \
    "$(_add '{destination: "/here", type: "tmpfs", source: "x", options: ["size=128k", "mode=0711", "uid=7", "gid=8", "nr_inodes=100"]}')"
  runs
  is "$OUT" $'128\n711:7:8' 'size, mode and owner'
}

remount_changes_a_mount() {
  spec config.md#linux-mount-options 'remount changes the options of a mount that is there'
  bundle -p "$SHOW" "$(_add '{destination: "/here", type: "tmpfs", source: "x", options: ["size=64k"]},
    {destination: "/here", type: "tmpfs", source: "x", options: ["remount", "ro", "nosuid", "size=128k"]}')"
  runs
  _mount_at /here
  for flag in ro nosuid size=128k; do has_word "$FLAGS" $flag 'flags'; done
  is "$(grep -c ' /here ' <<<"$OUT")" 1 'mounts on the place'
}

symlink_at_the_destination_stays_inside() {
  spec config.md#mounts 'destination is a path inside the container'
  mkdir "$T/outside"
  bundle -p "$SHOW" "$(_add '{destination: "/link/sub", type: "tmpfs", source: "inner"}')"
  case $1 in
    absolute) ln -s /etc "$B/rootfs/link" ;;
    climbing) ln -s ../../../../../../../etc "$B/rootfs/link" ;;
    host-path) ln -s "$T/outside" "$B/rootfs/link" ;;
    chain) ln -s /link2 "$B/rootfs/link"; ln -s etc "$B/rootfs/link2" ;;
  esac
  run_container
  is_absent "$T/outside/sub" 'on the host'
  is_absent /etc/sub 'on the host'
  if [ "$1" = host-path ] && [ "$RC" != 0 ]; then return; fi
  is "$RC" 0 'exit code'
  [ "$1" = host-path ] || _mount_at /etc/sub
}
cases symlink_at_the_destination_stays_inside absolute climbing host-path chain

symlink_as_the_last_part_of_a_destination_stays_inside() {
  spec config.md#mounts 'destination is a path inside the container'
  bundle -p 'cat /etc/target' "$(_add '{destination: "/link", source: ($T + "/file"), options: ["bind"]}')"
  echo content >"$T/file"
  ln -s /etc/target "$B/rootfs/link"
  touch "$B/rootfs/etc/target"
  runs
  is "$OUT" content 'the file behind the link'
}

proc_over_a_symlink_is_refused() {
  spec client 'proc and sys are not mounted through symlinks (CVE-2019-19921)'
  bundle -p 'echo ran'
  mv "$B/rootfs/proc" "$B/rootfs/other"
  ln -s other "$B/rootfs/proc"
  run_container
  [ "$RC" != 0 ] || [ "$OUT" = ran ] || fail 'neither an error nor a container'
  is_absent "$B/rootfs/other/self" 'on the host'
}

tmpcopyup_copies_the_folder_below() {
  spec config.md#linux-mount-options 'tmpcopyup copies what was there into the tmpfs (MAY)'
  bundle -p 'cat /data/file /data/sub/deep; readlink /data/link; stat -c %a /data/file; echo x >/data/new' \
    "$(_add '{destination: "/data", type: "tmpfs", source: "x", options: ["tmpcopyup"]}')"
  mkdir -p "$B/rootfs/data/sub"
  echo one >"$B/rootfs/data/file"
  echo two >"$B/rootfs/data/sub/deep"
  ln -s file "$B/rootfs/data/link"
  chmod 0640 "$B/rootfs/data/file"
  run_container || lacks_support tmpcopyup
  is "$OUT" $'one\ntwo\nfile\n640' 'what was copied'
  is_absent "$B/rootfs/data/new" 'in the bundle'
}

CGROUP_MOUNT='.mounts += [{destination: "/sys", type: "sysfs", source: "sysfs", options: ["nosuid", "noexec", "nodev", "ro"]},
  {destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nosuid", "noexec", "nodev", "relatime", "ro"]}]'

new_cgroup2_changes_nothing_for_the_host() {
  spec own 'the flags of the hierarchy of cgroup2 stay, with nsdelegate what keeps delegated cgroups apart'
  requires_sampan
  requires_cgroup 2
  local line before
  line=$(grep ' - cgroup2 ' /proc/self/mountinfo | head -n 1)
  before=${line##* }
  [[ $before == *nsdelegate* ]] || skip 'the host has cgroup2 without nsdelegate'
  # shellcheck disable=SC2016
  bundle '.mounts += [{destination: "/x", type: "cgroup2", source: "cgroup"}] | .linux.namespaces += [{type: "cgroup", path: "/proc/1/ns/cgroup"}]' "$1"
  runs
  line=$(grep ' - cgroup2 ' /proc/self/mountinfo | head -n 1)
  is "${line##* }" "$before" 'options of cgroup2'
}
cases new_cgroup2_changes_nothing_for_the_host . 'del(.linux.namespaces[]|select(.type=="cgroup"))' '.mounts[-1].type="cgroup"'

cgroup2_without_a_namespace_is_that_of_the_host() {
  spec client 'without a cgroup namespace /proc/self/cgroup tells paths of the host, and /sys/fs/cgroup has them; read-only unless rw is asked for'
  requires_cgroup 2
  [ "$1" != unsaid ] || requires_sampan
  local options="\"$1\""
  [ "$1" != unsaid ] || options=''
  bundle -p 'sed -n "s/^0:://p" /proc/self/cgroup; [ -e /sys/fs/cgroup/cgroup.events ] || echo root
    mkdir /sys/fs/cgroup/of-a-test 2>/dev/null && rmdir /sys/fs/cgroup/of-a-test && echo writes; true' "$ALL_CAPS" \
    "$CGROUP_MOUNT | .mounts[-1].options = [$options]"
  runs
  has "$OUT" "/$TEST_PREFIX/$C-bundle"$'\nroot' 'what is seen'
  if [ "$1" = rw ]; then has "$OUT" writes rw; else lacks "$OUT" writes "$1"; fi
}
cases cgroup2_without_a_namespace_is_that_of_the_host ro rw unsaid

cgroup_mount_shows_the_own_cgroup() {
  spec client 'type cgroup shows the cgroup of the container below the destination'
  # shellcheck disable=SC2016
  bundle -p 'for f in /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/pids/cgroup.procs; do [ ! -e $f ] || grep -x 1 $f; done' \
    "$CGROUP_MOUNT" "$([ "$1" = with ] && echo '.linux.namespaces += [{type: "cgroup"}]' || echo .)"
  if [ "$1" = without ]; then requires_cgroup 1; fi
  runs
  is "$OUT" 1 'processes of the cgroup'
}
cases cgroup_mount_shows_the_own_cgroup with without

read_only_cgroup_mount_cannot_be_written() {
  spec client 'a read-only cgroup mount is read-only'
  # shellcheck disable=SC2016
  bundle -p 'for d in /sys/fs/cgroup /sys/fs/cgroup/*; do mkdir $d/sub 2>/dev/null && echo made $d/sub; done; true' "$CGROUP_MOUNT"
  runs
  is "$OUT" '' 'folders that could be made'
}

dev_shm_and_mqueue_work() {
  spec config-linux.md#default-filesystems 'usual file systems can be mounted at their places'
  bundle -p 'echo x >/dev/shm/x && cat /dev/shm/x; ls -d /dev/mqueue' \
    "$(_add '{destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"]}')"
  runs
  is "$OUT" $'x\n/dev/mqueue' 'output'
}

source_with_locked_flags_is_bound_in_a_user_namespace() {
  spec client 'in a user namespace a bind whose source has locked flags does not fail'
  requires_userns
  mkdir "$T/source"
  mount -t tmpfs -o nosuid,nodev,noexec,mode=755 x "$T/source"
  bundle -p "$SHOW" "$USERNS" "$(_add '{destination: "/here", source: ($T + "/source"), options: ["bind", "ro"]}')"
  mkdir "$B/rootfs/here"
  run_container
  umount "$T/source"
  is "$RC" 0 'exit code'
  _mount_at /here
  has_word "$MOUNT_FLAGS" ro flags
}

many_mounts_are_made() {
  spec config.md#mounts 'entries are mounted in the listed order'
  bundle -p 'grep -c /many/ /proc/self/mountinfo' '.mounts += [range(100) | {destination: "/many/\(.)", type: "tmpfs", source: "x"}]'
  runs
  is "$OUT" 100 'number of mounts'
}

# ---- options and sources that are longer than the 255 bytes that fsconfig(2) takes --------------------------

LONG=$(printf 'x%.0s' {1..200})

# Overlay on overlay is refused, and we cannot choose the file system of $T.
_make_layers() {
  grep -q overlay /proc/filesystems || skip 'the kernel has no overlay'
  mkdir "$T/layers" && mount -t tmpfs -o mode=755 x "$T/layers" || fail 'no tmpfs'
  mkdir "$T/layers"/{one,two,three}-"$LONG" "$T/layers/upper" "$T/layers/work"
  touch "$T/layers/one-$LONG/first" "$T/layers/three-$LONG/third"
  LAYERS='(["one", "two", "three"] | map($T + "/layers/" + . + "-'$LONG'") | join(":"))'
}

overlay_takes_a_long_list_of_folders() {
  spec config.md#mounts 'options are those of the file system, of which the kernel takes a page'
  local user=.
  [ "$1" != user ] || { requires_userns; user=$USERNS; }
  _make_layers
  [ "$1" != user ] || chown -R 100000:100000 "$T/layers"
  bundle -p 'cd /here && ls; echo x >new && cat new; grep -c " /here " /proc/self/mountinfo' "$user" \
    "$(_add "{destination: \"/here\", type: \"overlay\", source: \"overlay\", options: [\"nosuid\", \"noatime\",
      \"lowerdir=\" + $LAYERS, \"upperdir=\" + \$T + \"/layers/upper\", \"workdir=\" + \$T + \"/layers/work\"]}")"
  mkdir "$B/rootfs/here"
  run_container
  exists "$T/layers/upper/new" 'the new file, outside'
  umount "$T/layers"
  is "$RC" 0 'exit code'
  is "$OUT" $'first\nthird\nx\n1' 'files of the folders, the new one, number of mounts'
}
cases overlay_takes_a_long_list_of_folders plain user

source_can_be_long() {
  spec config.md#mounts 'source is any text where the file system has no use for it'
  local maps='' user=.
  case $1 in
    user) requires_userns; user=$USERNS ;;
    mapped) requires_sampan; maps=', uidMappings: [{containerID: 0, hostID: 5, size: 9}], gidMappings: [{containerID: 0, hostID: 5, size: 9}]' ;;
  esac
  bundle -p "stat -c %u /here; $SHOW" "$user" "$(_add "{destination: \"/here\", type: \"tmpfs\", source: (\"$LONG\" * 2),
    options: [\"nosuid\", \"noatime\", \"size=64k\"]$maps}")"
  mkdir "$B/rootfs/here"
  runs
  _mount_at /here
  has "$OUT" " $LONG$LONG rw" 'the source'
  for flag in nosuid noatime size=64k; do has_word "$FLAGS" $flag 'flags'; done
  is "${OUT%%$'\n'*}" "$([ "$1" = mapped ] && echo 5 || echo 0)" 'owner of the folder'
}
cases source_can_be_long plain user mapped

options_that_are_too_long_for_the_kernel_are_an_error() {
  spec own 'mount(2) would cut what is beyond a page; it is an error instead'
  requires_sampan
  bundle "$(_add "{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [(\"x=$LONG\" * 30)]}")"
  create_fails
  has "$ERR" 'tmpfs are 6060 bytes long' 'the error'
}

refused_long_option_is_an_error_with_its_place() {
  spec own 'an error in options that are given as a whole names the mount'
  requires_sampan
  bundle "$(_add "{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [\"nothing=$LONG$LONG\"]}")"
  create_fails
  for part in /mounts/4 tmpfs 'Invalid argument'; do has "$ERR" "$part" 'the error'; done
}

# ---- "ro" of a tmpfs, which is carried out when all else is made -------------------------------------------

# Runs with the mounts "PLACE:OPTIONS…", each a tmpfs or a remount; OUT says which of $2 can be written to.
_write_into() {
  local entry mounts=''
  for entry in $1; do
    mounts+="${mounts:+,}{destination: \"${entry%%:*}\", type: \"tmpfs\", source: \"x\", options: [$(_list "${entry#*:}")]}"
  done
  # shellcheck disable=SC2016
  bundle -p "for d in $2; do touch \$d/new 2>/dev/null && echo \$d; done; $3 true" "$(_add "$mounts")"
  runs
}

ro_of_a_tmpfs_is_of_that_mount_alone() {
  spec config.md#mounts 'entries are mounted in the listed order, and the options are those of the entry'
  local mounts places written
  IFS=/ read -r mounts places written <<<"${1//-/ }"
  _write_into "${mounts//_/\/}" "${places//_/\/}"
  is "${OUT//$'\n'/ }" "${written//_/\/}" 'folders that can be written'
}
cases ro_of_a_tmpfs_is_of_that_mount_alone _x:ro-_x:rw/_x/_x _x:rw-_x:ro/_x/ _a_b:ro-_a:/_a-_dev/_a-_dev \
  _x:ro-_x:remount,rw/_x/_x _x:ro-_x:remount,nosuid/_x/ _x:ro-_x:remount,ro/_x/ _x:rw-_x:remount,ro/_x/ \
  _x:ro-_y:ro-_y:remount,rw/_x-_y/_y _x:ro-_x_y:ro-_x:remount,rw/_x-_x_y/_x _x:ro-_x_y:ro-_x:remount,rrw/_x-_x_y/_x-_x_y \
  _x:ro-_x_y:ro-_z:ro-_x:remount,rrw,ro/_x-_x_y-_z/_x_y

covered_tmpfs_keeps_its_ro() {
  spec config.md#mounts 'entries are mounted in the listed order, and the options are those of the entry'
  _write_into '/x:ro /x:rw' /x "grep ' /x ' /proc/self/mountinfo | cut -d' ' -f6;"
  is "$OUT" $'/x\nro,relatime\nrw,relatime' 'what can be written, flags of both mounts'
}

later_option_wins_on_a_cgroup_mount() {
  spec config.md#linux-mount-options 'of options that contradict each other the later one wins'
  bundle -p "$SHOW" "$(_add "{destination: \"/here\", type: \"cgroup\", source: \"cgroup\", options: [$(_list "${1%%:*}")]}")"
  runs
  _mount_at /here
  lacks_word "$MOUNT_FLAGS" "${1#*:}" flags
}
cases later_option_wins_on_a_cgroup_mount rnosuid,suid:nosuid rnoatime,strictatime:noatime rro,rw:ro rstrictatime,relatime:noatime

# A string of config.json with several options, which runc passes on like this: "OPTIONS:WHAT IS THERE".
options_of_a_file_system_can_be_in_one_string() {
  spec client 'what is no option of the table is data for the file system, in which commas separate (runc)'
  bundle -p "$SHOW" "$(_add "{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [\"nosuid\", \"${1%%:*}\"]}")"
  runs
  _mount_at /here
  local flags=${1#*:}
  for flag in nosuid ${flags//\// }; do has "$FLAGS," "$flag," 'flags'; done
}
cases options_of_a_file_system_can_be_in_one_string size=64k,mode=700:size=64k/mode=700 mode=700,,size=64k,:size=64k/mode=700

remount_of_no_mount_point_says_so() {
  spec own 'a remount of a folder that is not a mount point is an error that tells it'
  requires_sampan
  bundle "$(_add "{destination: \"/etc\", options: [$(_list "$1")]}")"
  create_fails
  has "$ERR" '/etc is not a mount point' 'the error'
}
cases remount_of_no_mount_point_says_so remount,ro remount,bind,ro remount,size=64k
