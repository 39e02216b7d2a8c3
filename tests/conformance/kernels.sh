# Older kernels (docs/kernels.md): what newer ones have answers here as if it did not exist.
# shellcheck shell=bash

# sampan without the features that lacking.cc has under these names.
_lacking() {
  requires_sampan
  local program=${RUNTIME%% *}
  program=${program%/src/cli/sampan}/tests/conformance/lacking
  [ -x "$program" ] || skip 'lacking is not built beside the runtime'
  RUNTIME="$program $1 $RUNTIME"
}
OLDER='close_range_cloexec,mount_setattr'

# The mounts in OUT without the numbers of mounts, devices and peer groups, which are others each time.
_mounts_in_out() {
  awk '$1 ~ /^[0-9]+$/ { $1 = $2 = $3 = ""; print }' <<<"$OUT" | sed -E 's/(shared|master):[0-9]+/\1/g' | sort
}

mounts_are_the_same_without_mount_setattr() {
  spec own 'without mount_setattr (before Linux 5.12) every mount is as it is with it'
  requires_userns
  local userns='.' filter='.' newer
  # A user namespace locks the mode of access times.
  [ "$1" = root ] || userns=$USERNS filter='(.mounts[] | .options | select(.)) |= map(select(test("atime") | not))'
  mkdir -p "$T/source/below"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below"
  mount -t tmpfs x "$T/source/below"
  touch "$T/source/file"
  bundle -p 'cat /proc/self/mountinfo' "$userns" '.root.readonly = true
    | .linux.readonlyPaths = ["/proc/sys", "/here"] | .linux.maskedPaths = ["/proc/kcore", "/proc/acpi"]
    | .mounts += [
      ["/here", "rbind", "ro", "nosuid", "noatime"], ["/all", "rbind", "rro", "rnodev", "rnoexec", "nodiratime"],
      ["/slave", "rbind", "rslave", "strictatime"], ["/shared", "bind", "shared", "nosymfollow"], ["/one", "bind", "unbindable"]
      | {destination: .[0], source: ($T + "/source"), options: .[1:]}]
    | .mounts += [{destination: "/file", source: ($T + "/source/file"), options: ["bind", "ro", "noexec"]},
      {destination: "/memory", type: "tmpfs", source: "x", options: ["ro", "noexec", "noatime", "size=64k"]}]' "$filter"
  mkdir "$B"/rootfs/{here,all,slave,shared,one,memory}
  touch "$B/rootfs/file"
  runs
  newer=$(_mounts_in_out)
  _lacking "$OLDER"
  run_container
  umount "$T/source/below" "$T/source"
  is "$RC" 0 'exit code'
  is "$(diff <(echo "$newer") <(_mounts_in_out))" '' 'what differs'
}
cases mounts_are_the_same_without_mount_setattr root user

locked_flags_stay_without_mount_setattr() {
  spec own 'a user namespace loosens no flag of a mount of the host, whatever the kernel has'
  requires_userns
  mkdir "$T/source"
  mount -t tmpfs -o ro,nosuid,noexec x "$T/source"
  bundle -p 'touch /here/new 2>/dev/null && echo writable; grep " /here " /proc/mounts | cut -d" " -f4' "$USERNS" \
    ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"bind\", \"$1\"]}]"
  mkdir "$B/rootfs/here"
  _lacking "$OLDER"
  run_container
  umount "$T/source"
  if [ "$1" = rw ]; then
    # As podman writes it for every volume: no error.
    is "$RC" 0 'exit code'
    matches "$OUT" '^ro,.*noexec' 'flags of the mount'
  else
    is "$RC" 1 'exit code'
    has "$ERR" 'cannot loosen the flags' 'the hint'
  fi
}
cases locked_flags_stay_without_mount_setattr rw exec

remount_works_without_mount_setattr() {
  spec own 'without mount_setattr, "remount" changes a mount, and "rro" those below it'
  mkdir -p "$T/source"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below"
  mount -t tmpfs x "$T/source/below"
  bundle -p 'for place in /here /here/below; do touch $place/new 2>/dev/null && echo "$place is writable"; done; echo end' \
    '.mounts += [{destination: "/here", source: ($T + "/source"), options: ["rbind"]},
      {destination: "/here", options: ["remount", "bind", "rro"]}]'
  _lacking "$OLDER"
  run_container
  umount "$T/source/below" "$T/source"
  is "$RC" 0 'exit code'
  is "$OUT" end output
}

hidden_mount_is_not_left_writable() {
  spec own 'what only mount_setattr could make read-only, because another mount hides it, is an error'
  mkdir -p "$T/source"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below"
  mount -t tmpfs x "$T/source/below"
  mount -t tmpfs y "$T/source/below"
  bundle '.mounts += [{destination: "/here", source: ($T + "/source"), options: ["rbind", "rro"]}]'
  _lacking "$OLDER"
  run_container
  umount "$T/source/below" "$T/source/below" "$T/source"
  is "$RC" 1 'exit code'
  has "$ERR" 'mount_setattr (since Linux 5.12)' 'the error'
}

id_mapped_mount_names_the_kernel_that_it_needs() {
  spec own 'an ID-mapped mount on a kernel without is an error that names the release which has it'
  mkdir "$T/source"
  bundle '.mounts += [{destination: "/here", source: ($T + "/source"), options: ["bind", "idmap"],
    uidMappings: [{containerID: 0, hostID: 1000, size: 10}], gidMappings: [{containerID: 0, hostID: 1000, size: 10}]}]'
  _lacking "$OLDER"
  run_container
  is "$RC" 1 'exit code'
  has "$ERR" 'no ID-mapped mounts (mount_setattr, since Linux 5.12)' 'the error'
  has "$ERR" /mounts/ 'the place'
}

descriptors_stay_ours_without_the_flag_of_close_range() {
  spec own 'without CLOSE_RANGE_CLOEXEC (before Linux 5.11) no descriptor of the caller reaches the program'
  bundle -p 'ls /proc/self/fd'
  _lacking "$OLDER"
  # That of the folder is 3.
  RUNTIME="env $RUNTIME" run_container --preserve-fds 0 7</dev/null 9</dev/null
  is "$RC" 0 'exit code'
  is "${OUT//$'\n'/ }" '0 1 2 3' 'open descriptors'
  run_container --preserve-fds 1 3</dev/null 9</dev/null
  is "${OUT//$'\n'/ }" '0 1 2 3 4' 'open descriptors'
}

doctor_tells_what_the_kernel_lacks() {
  spec own 'doctor names what an older kernel lacks, and what is lost by that'
  _lacking "$1"
  rt doctor --json
  local kernel
  kernel=$(jq -r '.findings[] | select(.name == "kernel") | .health + " " + .text' <<<"$OUT")
  case $1 in
    openat2)
      is "$RC" 1 'exit code'
      matches "$kernel" '^missing .*lacks openat2 \(since Linux 5\.6\)' 'the kernel' ;;
    *)
      matches "$kernel" '^degraded .*mount_setattr \(since Linux 5\.12\), for ID-mapped mounts' 'the kernel' ;;
  esac
}
cases doctor_tells_what_the_kernel_lacks openat2 mount_setattr
