# Options of the table of config.md#linux-mount-options that mounts.sh does not have: the recursive ones that
# take a flag away, links, and options for the kernels of old.
# shellcheck shell=bash

SHOW='cat /proc/self/mountinfo'
# The flags of the mount on $1 in OUT, a mountinfo: FLAGS.
_flags_at() {
  FLAGS=$(awk -v at="$1" '$5 == at { print $6 }' <<<"$OUT" | tail -n 1)
  [ -n "$FLAGS" ] || fail "there is no mount on $1"
}

# A tree of two mounts with the flags $2, bound with the option $1; OUT is the mountinfo inside.
_bound_tree() {
  mkdir -p "$T/source"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below"
  mount -t tmpfs x "$T/source/below"
  mount -o "remount,bind,$2" "$T/source"
  mount -o "remount,bind,$2" "$T/source/below" || fail "mount does not know $2"
  bundle -p "$SHOW" ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"rbind\", \"$1\"]}]"
  run_container
  umount "$T/source/below" "$T/source"
  is "$RC" 0 'exit code'
}

recursive_option_takes_a_flag_away() {
  spec config.md#linux-mount-options "option ${1%%:*} works on all mounts below (SHOULD)"
  local flag=${1#*:} at
  [ "$flag" != nosymfollow ] || mount --help 2>&1 | grep -q . || skip 'mount is too old'
  _bound_tree "${1%%:*}" "$flag"
  for at in /here /here/below; do
    _flags_at $at
    lacks_word "$FLAGS" "$flag" "flags of $at"
  done
}
cases recursive_option_takes_a_flag_away rrw:ro rsuid:nosuid rdev:nodev rexec:noexec rdiratime:nodiratime \
  ratime:noatime rstrictatime:relatime rsymfollow:nosymfollow

recursive_option_adds_a_flag() {
  spec config.md#linux-mount-options "option ${1%%:*} works on all mounts below (SHOULD)"
  local option flag before at
  IFS=: read -r option flag before <<<"$1"
  _bound_tree "$option" "$before"
  for at in /here /here/below; do
    _flags_at $at
    has_word "$FLAGS" "$flag" "flags of $at"
  done
}
cases recursive_option_adds_a_flag rnodiratime:nodiratime:rw rrelatime:relatime:noatime rnosymfollow:nosymfollow:rw \
  rnostrictatime:relatime:strictatime

recursive_option_is_accepted() {
  spec config.md#linux-mount-options "option $1 is implemented (SHOULD)"
  _bound_tree "$1" rw
}
cases recursive_option_is_accepted rnorelatime

links_are_not_followed_with_nosymfollow() {
  spec config.md#linux-mount-options 'nosymfollow: links in the mount are not followed'
  mkdir "$T/source"
  echo text >"$T/source/file"
  ln -s file "$T/source/link"
  bundle -p 'cat /here/link 2>/dev/null || echo refused' \
    ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"bind\", $1]}]"
  runs
  case $1 in *,*) is "$OUT" text 'the link' ;; *) is "$OUT" refused 'the link' ;; esac
}
cases links_are_not_followed_with_nosymfollow '"nosymfollow"' '"nosymfollow","symfollow"'

option_that_kernels_dropped_does_no_harm() {
  spec config.md#linux-mount-options "option $1 may be implemented; the kernel ignores it since 5.15"
  bundle ".mounts += [{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [\"$1\"]}]"
  runs
}
cases option_that_kernels_dropped_does_no_harm mand nomand

default_file_systems_can_all_be_there() {
  spec config-linux.md#default-filesystems '/proc, /sys, /dev/pts and /dev/shm (SHOULD)'
  bundle -p "$SHOW" '.mounts += [{destination: "/sys", type: "sysfs", source: "sysfs", options: ["ro"]}]'
  runs
  local place
  for place in /proc:proc /sys:sysfs /dev/pts:devpts /dev/shm:tmpfs; do
    is "$(awk -v at="${place%:*}" '$5 == at { for (i = 7; $i != "-"; i++); print $(i + 1) }' <<<"$OUT")" "${place#*:}" "type on ${place%:*}"
  done
}

files_keep_their_owners_in_a_user_namespace() {
  spec config-linux.md#user-namespace-mappings 'the ownership of referenced file systems is not modified (SHOULD NOT)'
  requires_userns
  bundle "$USERNS"
  mkdir "$T/source"
  touch "$T/source/file" "$B/rootfs/file"
  edit '.mounts += [{destination: "/here", source: ($T + "/source"), options: ["rbind"]}]'
  mkdir "$B/rootfs/here"
  runs
  is "$(stat -c %u:%g "$T/source/file" "$B/rootfs/file" "$B/rootfs/bin/busybox")" $'0:0\n0:0\n0:0' owners
}
