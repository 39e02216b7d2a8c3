# Mounts of a container with a user namespace of its own: what the kernel does not let it change, and file
# systems that it may not mount anew (config.md#mounts, mount_namespaces(7)).
# shellcheck shell=bash

SHOW='cat /proc/self/mountinfo'
# The flags of the last mount on $1 in OUT, a mountinfo: FLAGS; its type: TYPE; its root: ROOT_OF.
_mount_on() {
  read -r FLAGS TYPE ROOT_OF < <(awk -v at="$1" '$5 == at { for (i = 7; $i != "-"; i++); print $6, $(i + 1), $4 }' <<<"$OUT" | tail -n 1)
  [ -n "$FLAGS" ] || fail "there is no mount on $1"
}
# A mount with the flags $1 and one below it with the same.
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
cases locked_flag_is_kept ro:rbind ro:rbind,nosuid nosuid:rbind nosuid:rbind,ro nodev:rbind,ro noexec:rbind,ro \
  noatime:rbind,ro noatime:rbind nodiratime:rbind,ro relatime:rbind,ro nosuid,nodev:rbind,noexec

# Above all ro: a read-only file of the host would become writable.
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
cases locked_flag_that_is_to_be_cleared_is_an_error ro:rw nosuid:suid nodev:dev noexec:exec noatime:atime noatime:strictatime \
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
