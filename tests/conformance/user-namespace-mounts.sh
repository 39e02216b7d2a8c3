# Mounts of a container with a user namespace of its own: what the kernel does not let it change, and file
# systems that it may not mount anew (config.md#mounts, mount_namespaces(7)).
# shellcheck shell=bash

SHOW='cat /proc/self/mountinfo'
# The flags of the last mount on $1 in OUT, a mountinfo: FLAGS; its type: TYPE; its root: ROOT_OF.
_mount_on() {
  read -r FLAGS TYPE ROOT_OF < <(awk -v at="$1" '$5 == at { for (i = 7; $i != "-"; i++); print $6, $(i + 1), $4 }' <<<"$OUT" | tail -n 1)
  [ -n "$FLAGS" ] || fail "there is no mount on $1"
}
# A mount with the flags $1, and one below it with the same flags.
_flagged_source() {
  mkdir "$T/source"
  mount -t tmpfs -o "mode=755" x "$T/source"
  mkdir "$T/source/below"
  mount -t tmpfs x "$T/source/below"
  mount -o "remount,bind,$1" "$T/source/below"
  mount -o "remount,bind,$1" "$T/source"
}
_unmount_source() { umount "$T/source/below" "$T/source"; }

locked_flag_is_kept() {
  spec client 'in a user namespace flags of the source that the options do not name stay as they are'
  requires_sampan
  requires_userns
  local flag=${1%%:*} options=${1#*:}
  _flagged_source "$flag"
  bundle -p "$SHOW" "$USERNS" ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"${options//,/\",\"}\"]}]"
  mkdir "$B/rootfs/here"
  run_container
  _unmount_source
  is "$RC" 0 'exit code'
  _mount_on /here
  has_word "$FLAGS" "$flag" 'flags'
  [[ $options != rbind* ]] || { _mount_on /here/below; has_word "$FLAGS" "$flag" 'flags below'; }
}
cases locked_flag_is_kept ro:rbind ro:rbind,nosuid ro:rbind,rw nosuid:rbind nosuid:rbind,ro nodev:rbind,ro noexec:rbind,ro \
  noatime:rbind,ro noatime:rbind nodiratime:rbind,ro relatime:rbind,ro nosuid,nodev:rbind,noexec

# Above all ro: otherwise a read-only file of the host would become writable.
locked_flag_that_is_to_be_cleared_is_an_error() {
  spec own 'a flag that a user namespace cannot take away is an error when the options ask for it, and is named'
  requires_sampan
  requires_userns
  local flag=${1%%:*} option=${1#*:} binding=rbind
  _flagged_source "$flag"
  bundle -p 'true' "$USERNS" ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"$binding\", \"$option\"]}]"
  mkdir "$B/rootfs/here"
  run_container
  _unmount_source
  isnt "$RC" 0 'exit code'
  has "$ERR" "$option" 'the error'
  has "$ERR" 'user namespace' 'the error'
}
cases locked_flag_that_is_to_be_cleared_is_an_error nosuid:suid nodev:dev noexec:exec noatime:atime noatime:strictatime \
  nodiratime:diratime ro:rrw nosuid:rsuid nodev:rdev noexec:rexec noatime:rrelatime

container_cannot_loosen_what_the_host_has_restricted() {
  spec client 'flags of the host on the source of a bind cannot be taken away by root of the user namespace (mount_namespaces(7))'
  requires_userns
  _flagged_source ro,nosuid,nodev,noexec
  # shellcheck disable=SC2016
  bundle -p 'for f in rw ro,suid,nodev,noexec ro,nosuid,dev,noexec ro,nosuid,nodev,exec; do
      for at in /here /here/below /one; do mount -o remount,bind,$f $at 2>/dev/null && echo $at: $f; done; done
    umount /here/below 2>/dev/null && echo uncovered; echo end' "$USERNS" "$ALL_CAPS" \
    '.mounts += [{destination: "/here", source: ($T + "/source"), options: ["rbind"]},
                 {destination: "/one", source: ($T + "/source/below"), options: ["bind"]}]'
  mkdir "$B/rootfs/here" "$B/rootfs/one"
  run_container
  _unmount_source
  is "$RC" 0 'exit code'
  is "$OUT" end 'what could be loosened'
}

container_cannot_make_a_read_only_root_of_the_host_writable() {
  spec client 'flags of the host on the root file system cannot be taken away by root of the user namespace'
  requires_userns
  bundle -p 'mount -o remount,bind,rw / 2>/dev/null && echo loosened; echo end' "$USERNS" "$ALL_CAPS"
  mount --bind "$B/rootfs" "$B/rootfs"
  mount -o remount,bind,ro "$B/rootfs"
  run_container
  umount "$B/rootfs"
  is "$OUT" end 'what could be loosened'
}

bind_of_one_mount_leaves_those_below_out() {
  spec config.md#linux-mount-options 'bind binds one mount alone, also in a user namespace'
  requires_userns
  if [ "$1" != plain ]; then
    spec own 'a bind that would uncover what the host covers does not lose the flags of the host either'
    requires_sampan
  fi
  mkdir "$T/source"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below"
  touch "$T/source/below/covered"
  mount -t tmpfs x "$T/source/below"
  [ "$1" = plain ] || mount -o "remount,bind,$1" "$T/source"
  bundle -p 'ls /here/below' "$USERNS" '.mounts += [{destination: "/here", source: ($T + "/source"), options: ["bind"]}]'
  mkdir "$B/rootfs/here"
  run_container
  _unmount_source
  if [ "$1" = plain ]; then is "$OUT" covered 'what is in the folder'; return; fi
  # The flag could not be kept.
  isnt "$RC" 0 'exit code'
  has "$ERR" rbind 'the error'
}
cases bind_of_one_mount_leaves_those_below_out plain ro nosuid nodev noexec

source_behind_a_closed_folder_is_bound() {
  spec client 'sources need not be reachable for the root of the user namespace'
  requires_userns
  mkdir -p "$T/closed/source"
  echo text >"$T/closed/source/file"
  chmod 0700 "$T/closed"
  chown 77 "$T/closed"
  bundle -p 'cat /here/file' "$USERNS" ".mounts += [{destination: \"/here\", source: (\$T + \"/closed/source\"), options: [\"$1\"]}]"
  mkdir "$B/rootfs/here"
  runs
  is "$OUT" text 'the file'
}
cases source_behind_a_closed_folder_is_bound bind rbind

_without() { echo ".linux.namespaces |= map(select(.type != \"$1\"))"; }

sysfs_without_a_network_namespace_is_the_one_of_the_host() {
  spec client 'a user namespace without a network namespace may not mount a sysfs, so it gets that of the host'
  requires_userns
  # shellcheck disable=SC2016
  bundle -p 'cat /proc/self/mountinfo; ls -d /sys/class/net/*' "$USERNS" "$(_without network)" \
    ".mounts += [{destination: \"/sys\", type: \"sysfs\", source: \"sysfs\", options: [\"nosuid\", \"noexec\", \"nodev\", \"$1\"]}]"
  runs
  has "$OUT" /sys/class/net/lo 'devices of the network'
  local count
  count=$(awk '$5 ~ "^/sys($|/)"' <<<"$OUT" | grep -c .)
  [ "$1" = rw ] || is "$(awk '$5 ~ "^/sys($|/)" { print $6 }' <<<"$OUT" | grep -cw ro)" "$count" 'read-only mounts at and below /sys'
  _mount_on /sys
  is "$TYPE" sysfs 'type'
  for flag in nosuid noexec nodev; do has_word "$FLAGS" "$flag" 'flags'; done
}
cases sysfs_without_a_network_namespace_is_the_one_of_the_host rw ro

sysfs_with_a_network_namespace_is_new() {
  spec config.md#mounts 'a mount of type sysfs is a new file system'
  requires_userns
  bundle -p "$SHOW" "$USERNS" '.mounts += [{destination: "/sys", type: "sysfs", source: "here", options: ["ro"]}]'
  runs
  _mount_on /sys
  has "$OUT" 'sysfs here' 'source of the file system'
}

# There is no file system of the host that could stand in for a new one.
stand_in_that_is_missing_is_an_error() {
  spec own 'where the host has no such file system to show, an empty folder is not shown instead'
  requires_sampan
  requires_userns
  local type=${1%%:*} namespace=${1#*:} at=/sys
  [ "$type" = sysfs ] || at=/dev/mqueue
  bundle "$USERNS" "$(_without "$namespace")" ".mounts += [{destination: \"$at\", type: \"$type\", source: \"x\"}]"
  mkdir "$T/empty"
  # What the runtime sees there is a folder of something else.
  mkdir -p "$T/empty/fs/cgroup"
  script "$T/runtime" "mkdir -p $at; mount --rbind /sys/fs/cgroup $T/empty/fs/cgroup; mount --rbind $T/empty $at; exec $RUNTIME \"\$@\""
  RUNTIME="unshare --mount --propagation private $T/runtime"
  create_fails
  [ "$type" = sysfs ] || rmdir /dev/mqueue 2>/dev/null
  has "$ERR" "may not mount $type" 'the error'
  has "$ERR" "\"$namespace\"" 'the hint'
}
cases stand_in_that_is_missing_is_an_error sysfs:network mqueue:ipc

mqueue_with_an_ipc_namespace_is_new() {
  spec config.md#mounts 'a mount of type mqueue is a new file system'
  requires_userns
  bundle -p "$SHOW" "$USERNS" '.mounts += [{destination: "/dev/mqueue", type: "mqueue", source: "mqueue"}]'
  runs
  _mount_on /dev/mqueue
  is "$TYPE" mqueue 'type'
}

message_queues_belong_to_root_of_the_container() {
  spec client 'new message queues belong to root of the user namespace, so that it can change their folder'
  requires_userns
  bundle -p 'stat -c %u:%g /dev/mqueue; chmod 700 /dev/mqueue && stat -c %a /dev/mqueue' "$USERNS" \
    '.mounts += [{destination: "/dev/mqueue", type: "mqueue", source: "mqueue"}]'
  runs
  is "${OUT//$'\n'/ }" '0:0 700' 'owner and mode'
}

mqueue_without_an_ipc_namespace_is_the_one_of_the_host() {
  spec client 'a user namespace without an ipc namespace may not mount an mqueue, so it gets that of the host'
  requires_userns
  bundle -p "$SHOW" "$USERNS" "$(_without ipc)" '.mounts += [{destination: "/dev/mqueue", type: "mqueue", source: "mqueue"}]'
  local mounted=0
  mkdir -p /dev/mqueue
  mountpoint -q /dev/mqueue || { mount -t mqueue mqueue /dev/mqueue && mounted=1; }
  run_container
  [ $mounted = 0 ] || { umount /dev/mqueue; rmdir /dev/mqueue; }
  is "$RC" 0 'exit code'
  _mount_on /dev/mqueue
  is "$TYPE" mqueue 'type'
}

proc_without_a_pid_namespace_says_what_is_missing() {
  spec own 'a user namespace without a pid namespace may not mount a proc; the error says so'
  requires_sampan
  requires_userns
  bundle "$USERNS" "$(_without pid)"
  create_fails
  has "$ERR" 'pid namespace' 'the hint'
  has "$ERR" /mounts/0 'the place'
}

proc_of_the_host_may_be_bound() {
  spec client 'without a pid namespace the /proc of the host can be bound'
  requires_userns
  # shellcheck disable=SC2016
  bundle -p 'cat /proc/self/comm' "$USERNS" "$(_without pid)" \
    '.mounts[0] = {destination: "/proc", source: "/proc", options: ["rbind"]}'
  runs
  is "$OUT" cat 'the file'
}

group_of_devpts_that_is_not_mapped_is_named() {
  spec config.md#mounts 'an option that cannot be applied is an error'
  requires_userns
  case $1 in
    new) bundle "$USERNS" '.linux.gidMappings = [{containerID: 0, hostID: 100000, size: 5}]' ;;
    joined)
      [ "$RUNTIME_NAME" != runc ] || skip 'runc joins no user namespace without mappings'
      bundle -n first -p 'sleep 100' "$USERNS" '.linux.gidMappings = [{containerID: 0, hostID: 100000, size: 5}]' \
        '.mounts |= map(select(.type != "devpts"))'
      create
      C=$C-second
      bundle -n second ".linux.namespaces += [{type: \"user\", path: \"/proc/$INIT/ns/user\"}]" ;;
  esac
  create_fails
  [ "$RUNTIME_NAME" = sampan ] || return 0
  has "$ERR" gid=5 'the error'
  has "$ERR" '/mounts/2' 'the place'
}
cases group_of_devpts_that_is_not_mapped_is_named new joined

thousand_binds_work_with_the_usual_limit_of_descriptors() {
  spec client 'an engine gives the runtime a soft limit of 1024; what is mounted must not count against the program'
  requires_userns
  bundle -p 'ulimit -Sn; ls /many | wc -l' "$USERNS" '.mounts += [range(1100) | {destination: "/many/\(.)", source: ($T + "/data"), options: ["bind"]}]'
  chown 100000:100000 "$B/rootfs" && mkdir -p "$B/rootfs/many" && chown 100000:100000 "$B/rootfs/many"
  echo x >"$T/data"
  ulimit -Sn 1024
  runs
  is "$OUT" $'1024\n1100' 'limit of the program, files'
}

descriptors_that_run_out_are_told() {
  spec own 'where the hard limit is too low the error says what there are not enough of'
  requires_sampan
  requires_userns
  bundle -p true "$USERNS" '.mounts += [range(300) | {destination: "/many/\(.)", source: ($T + "/data"), options: ["bind"]}]'
  chown 100000:100000 "$B/rootfs" && mkdir -p "$B/rootfs/many" && chown 100000:100000 "$B/rootfs/many"
  echo x >"$T/data"
  ulimit -n 200
  create_fails
  has "$ERR" 'Too many open files' 'the error'
  status_is none
}
