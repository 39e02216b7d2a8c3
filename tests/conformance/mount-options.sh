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

# options, and for a source with the opposite flag: the flag of the source
option_takes_a_flag_away() {
  spec config.md#linux-mount-options "option ${1%%:*} takes the flag from the mount, and from none below"
  local flag=${1#*:}
  _bound_tree "${1%%:*}" "$flag"
  _flags_at /here
  lacks_word "$FLAGS" "$flag" 'flags of the mount'
  _flags_at /here/below
  has_word "$FLAGS" "$flag" 'flags of the mount below'
}
cases option_takes_a_flag_away rw:ro suid:nosuid dev:nodev exec:noexec diratime:nodiratime atime:noatime \
  relatime:noatime strictatime:relatime symfollow:nosymfollow

program_is_executed_as_the_options_say() {
  spec config.md#linux-mount-options 'noexec: no program of the mount is executed; exec: they are'
  bundle -p 'cp /bin/busybox /here/echo && /here/echo ran 2>/dev/null || echo refused' \
    ".mounts += [{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [\"${1//,/\",\"}\"]}]"
  runs
  case $1 in *noexec) is "$OUT" refused 'the program' ;; *) is "$OUT" ran 'the program' ;; esac
}
cases program_is_executed_as_the_options_say exec noexec noexec,exec exec,noexec

recursive_option_takes_a_flag_away() {
  spec config.md#linux-mount-options "option ${1%%:*} works on all mounts below (SHOULD)"
  local flag=${1#*:} at
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

# rrelatime sets the mode, which rnorelatime cancels; it cancels nothing else.
recursive_option_takes_another_back() {
  spec config.md#linux-mount-options "option ${1%%:*} works on all mounts below (SHOULD)"
  local option=${1%%:*} flag=${1#*:} at
  _bound_tree "${option//,/\", \"}" "$flag"
  for at in /here /here/below; do
    _flags_at $at
    has_word "$FLAGS" "$flag" "flags of $at"
  done
}
cases recursive_option_takes_another_back rrelatime,rnorelatime:noatime rnorelatime:noatime rnorelatime:relatime

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

# A folder $T/source with files of several owners, on a mount of its own.
_owned_files() {
  mkdir -p "$T/source"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below" "$T/source/folder"
  mount -t tmpfs x "$T/source/below"
  touch "$T/source/zero" "$T/source/five" "$T/source/below/five"
  chown 5:6 "$T/source/five" "$T/source/below/five"
}
# Runs with the mount $1 (members of the object; the source is ours) and further filters; OUT is what the
# container sees.
_mapped() {
  local mount=$1
  shift
  _owned_files
  bundle -p 'cd /here; stat -c %u:%g zero five below/five; touch new 2>/dev/null && stat -c %u:%g new' \
    ".mounts += [{destination: \"/here\", source: (\$T + \"/source\")} + {$mount}]" "$@"
  mkdir "$B/rootfs/here"
  run_container
  NEW=$(stat -c %u:%g "$T/source/new" 2>/dev/null)
  umount "$T/source/below" "$T/source"
}
MAP_BY_1000='[{containerID: 0, hostID: 1000, size: 100}]'

idmap_maps_by_the_maps_of_the_mount() {
  spec config.md#linux-mount-options "$1: the mount has an ID map applied, by uidMappings and gidMappings"
  _mapped "options: [\"rbind\", \"$1\"], uidMappings: $MAP_BY_1000, gidMappings: $MAP_BY_1000"
  # The ids of the files are shown plus 1000; below, only with ridmap. Root of the container has no id on this
  # file system, so it cannot make files.
  local below=5:6
  [ "$1" = idmap ] || below=1005:1006
  is "$OUT" $'1000:1000\n1005:1006\n'$below 'owners'
}
cases idmap_maps_by_the_maps_of_the_mount idmap ridmap

mappings_alone_make_an_id_mapped_mount() {
  spec config.md#mounts 'the options of a mount with mappings should have idmap or ridmap'
  _mapped "options: [\"rbind\"], uidMappings: $MAP_BY_1000, gidMappings: $MAP_BY_1000"
  # As with idmap, not below.
  is "$OUT" $'1000:1000\n1005:1006\n5:6' 'owners'
  [ "$RUNTIME_NAME" != sampan ] || matches "$ERR" 'warning: .*/mounts/4/uidMappings.*"idmap" or "ridmap"' 'the warning'
}

idmap_without_maps_takes_those_of_the_container() {
  spec config.md#linux-mount-options 'idmap: if no mapping is given, the user namespace of the container is used'
  requires_userns
  _mapped "options: [\"rbind\", \"$1\"]" "$USERNS"
  [ "$RC" = 0 ] || fail 'the container fails'
  local below=65534:65534
  [ "$1" = idmap ] || below=5:6
  is "$OUT" $'0:0\n5:6\n'"$below"$'\n0:0' 'owners, seen from inside'
  is "$NEW" 0:0 'owner of a new file, outside'
}
cases idmap_without_maps_takes_those_of_the_container idmap ridmap

maps_of_a_mount_in_a_user_namespace_count_from_the_host() {
  spec config-linux.md#user-namespace-mappings 'the mappings of a mount are relative to the file system, not to the user namespace of the container'
  requires_userns
  local map='[{containerID: 0, hostID: 100000, size: 65536}]'
  _mapped "options: [\"rbind\", \"ridmap\"], uidMappings: $map, gidMappings: $map" "$USERNS"
  [ "$RC" = 0 ] || fail 'the container fails'
  is "$OUT" $'0:0\n5:6\n5:6\n0:0' 'owners, seen from inside'
}

idmap_works_on_a_new_file_system() {
  spec config.md#linux-mount-options 'idmap: the mount has an ID map applied; also one that is no bind'
  local maps=''
  # With its own maps: ids 0 to 999 of the file system are 1000 to 1999 here, where the program's user is.
  case $1 in
    container) requires_userns ;;
    own) maps=', uidMappings: [{containerID: 0, hostID: 1000, size: 1000}], gidMappings: [{containerID: 0, hostID: 1000, size: 1000}]' ;;
  esac
  bundle -p 'cd /here; stat -c %u:%g .; touch new && stat -c %u:%g new' \
    ".mounts += [{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [\"mode=0777\", \"idmap\"]$maps}]" \
    "$([ "$1" = own ] && echo '.process.user = {uid: 1003, gid: 1004}' || echo "$USERNS")"
  mkdir "$B/rootfs/here"
  run_container
  [ "$RC" = 0 ] || fail 'the container fails'
  case $1 in
    container) is "$OUT" $'0:0\n0:0' 'owners' ;;
    own) is "$OUT" $'1000:1000\n1003:1004' 'owners' ;;
  esac
}
cases idmap_works_on_a_new_file_system container own

idmap_that_cannot_be_made_is_an_error() {
  spec config.md#mounts 'an ID-mapped mount that cannot be made is an error'
  mkdir "$T/source"
  bundle ".mounts += [{destination: \"/here\", source: (\$T + \"/source\")} + $1]"
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" /mounts/4 'the place'
}
cases idmap_that_cannot_be_made_is_an_error \
  '{options:["bind","idmap"]}' \
  '{options:["bind","idmap"],uidMappings:[{containerID:0,hostID:1,size:1}]}' \
  '{options:["bind"],gidMappings:[{containerID:0,hostID:1,size:1}]}' \
  '{source:"proc",type:"proc",options:["idmap"],uidMappings:[{containerID:0,hostID:1,size:1}],gidMappings:[{containerID:0,hostID:1,size:1}]}' \
  '{source:"/proc/self/fd",options:["bind","idmap"],uidMappings:[{containerID:0,hostID:1,size:1}],gidMappings:[{containerID:0,hostID:1,size:1}]}'

tmpcopyup_keeps_owners_links_and_kinds() {
  spec config.md#linux-mount-options 'tmpcopyup copies what was there into the tmpfs (MAY)'
  bundle -p 'cd /data; stat -c "%a %u:%g %F" . file sub pipe; readlink link; readlink wrong; [ hard -ef file ] && echo same; cat "a b"' \
    '.mounts += [{destination: "/data", type: "tmpfs", source: "x", options: ["tmpcopyup", "ro"]}]'
  local data=$B/rootfs/data
  mkdir -p "$data/sub"
  echo one >"$data/file"
  echo two >"$data/a b"
  ln "$data/file" "$data/hard"
  ln -s /etc/passwd "$data/link"
  ln -s ../nowhere "$data/wrong"
  mkfifo "$data/pipe"
  chown 7:8 "$data/file"; chmod 4711 "$data/file"; chmod 1777 "$data/sub"; chmod 0750 "$data"; chmod 0600 "$data/pipe"
  run_container || lacks_support tmpcopyup
  is "$(grep -v same <<<"$OUT")" "750 0:0 directory
4711 7:8 regular file
1777 0:0 directory
600 0:0 fifo
/etc/passwd
../nowhere
two" 'what was copied'
}

# An overlay of the folder /layer of the bundle, with the given option besides.
_overlay_of_layer() {
  mkdir -p "$B/layer/sub"
  echo one >"$B/layer/file"
  echo two >"$B/layer/sub/gone"
  chown 7:8 "$B/layer"; chmod 1750 "$B/layer"
}

tmpupper_makes_an_overlay_writable_and_forgets_it() {
  spec own 'an overlay with the option tmpupper is writable; its lower layer stays as it is, and no mount is left'
  bundle -p 'cd /data; stat -c "%a %u:%g" .; cat file; echo new >file; rm sub/gone; rmdir sub; mkdir sub; ls -A sub; cat file; grep -c " /data " /proc/self/mountinfo; grep -c tmpfs.*upper /proc/self/mountinfo; df -k /data | tail -n 1 | tr -s " " | cut -d" " -f2' \
    ".mounts += [{destination: \"/data\", type: \"overlay\", source: \"overlay\", options: [\"lowerdir=$T/bundle/layer\", \"tmpupper\", \"size=64k\"]}]" "$ALL_CAPS"
  _overlay_of_layer
  run_container || lacks_support tmpupper
  is "$OUT" "1750 7:8
one
new
1
0
64" 'what is seen'
  is "$(cat "$B/layer/file" "$B/layer/sub/gone")" 'one
two' 'the lower layer'
}

overlay_on_the_root_becomes_the_root() {
  spec own 'a first mount on / becomes the root, and what it covers is gone'
  bundle -p 'echo new >/fresh; cat /fresh; grep " / / " /proc/self/mountinfo | grep -o "overlay overlay"' \
    ".mounts = [{destination: \"/\", type: \"overlay\", source: \"overlay\", options: [\"lowerdir=$T/bundle/rootfs\", \"tmpupper\"]}] + .mounts"
  run_container || lacks_support tmpupper
  is "$OUT" 'new
overlay overlay' 'what is seen'
  is_absent "$B/rootfs/fresh" 'the folder of the root'
}

wrong_use_of_tmpupper_is_refused() {
  spec own 'tmpupper is for a new overlay that has no upper layer'
  local type options word
  IFS=: read -r type options word <<<"$1"
  bundle ".mounts += [{destination: \"/data\", type: \"$type\", source: \"none\", options: [\"tmpupper\", \"${options//,/\",\"}\"]}]"
  create_fails
  has "$ERR" "$word" 'the error'
  has "$ERR" /mounts/ 'the error'
}
cases wrong_use_of_tmpupper_is_refused tmpfs:ro:overlay overlay:ro:lowerdir overlay:lowerdir=/,upperdir=/x:upperdir \
  overlay:lowerdir=/,workdir=/x:workdir overlay:lowerdir=/,bind:overlay overlay:lowerdir=/no/such/folder:/no/such/folder

explicit_option_wins_over_tmpcopyup() {
  spec config.md#linux-mount-options 'tmpcopyup copies what was there; an option mode= says what the folder is like'
  bundle -p 'cd /data; stat -c "%a/%u:%g" . file' \
    ".mounts += [{destination: \"/data\", type: \"tmpfs\", source: \"x\", options: [\"tmpcopyup\", \"${1%%:*}\"]}]" "$ALL_CAPS"
  mkdir -m 0750 "$B/rootfs/data"
  echo one >"$B/rootfs/data/file"
  chown 7:8 "$B/rootfs/data" "$B/rootfs/data/file"; chmod 0640 "$B/rootfs/data/file"
  run_container || lacks_support tmpcopyup
  is "$OUT" "${1#*:}"$'\n640/7:8' 'the folder and the file'
}
cases explicit_option_wins_over_tmpcopyup mode=1777:1777/7:8 uid=3:750/3:8 gid=4,mode=701:701/7:4

tmpcopyup_of_a_missing_folder_is_empty() {
  spec config.md#linux-mount-options 'tmpcopyup copies what was there into the tmpfs (MAY)'
  bundle -p 'ls -A /fresh; echo end' '.mounts += [{destination: "/fresh", type: "tmpfs", source: "x", options: ["tmpcopyup"]}]'
  run_container || lacks_support tmpcopyup
  is "$OUT" end 'content'
}

read_only_tree_cannot_be_written_anywhere() {
  spec config.md#linux-mount-options 'rro: the mounts below are read-only too; ro is of the one mount'
  _owned_files
  # shellcheck disable=SC2016
  bundle -p 'for d in /here /here/below; do touch $d/x 2>/dev/null && echo wrote $d; done; true' \
    ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"rbind\", $1]}]"
  run_container
  umount "$T/source/below" "$T/source"
  case $1 in
    '"rro"') is "$OUT" '' 'what could be written' ;;
    '"ro"') is "$OUT" 'wrote /here/below' 'what could be written' ;;
    '"rro","rw"') is "$OUT" 'wrote /here' 'what could be written' ;;
  esac
}
cases read_only_tree_cannot_be_written_anywhere '"rro"' '"ro"' '"rro","rw"'

# ---- symbolic links: options of crun's, in no specification -------------------------------------------------

_requires_option() {
  [ "$RUNTIME_NAME" = sampan ] || grep -aqe "$1" "$(command -v "${RUNTIME%% *}")" || skip "$RUNTIME_NAME has no option $1"
}
# A link to $1 that root of a user namespace cannot reach.
_link_outside() {
  mkdir "$T/closed"
  echo 'of the host' >"$T/closed/file"
  ln -s "$1" "$T/closed/link"
  chmod 0700 "$T/closed"
  chown 77 "$T/closed"
}
# A bundle that runs $4 with the link on $2, with the options $3; $1 is "user" for a user namespace.
_bundle_with_link() {
  [ "$1" != user ] || requires_userns
  bundle -p "$4" "$([ "$1" != user ] || echo "$USERNS")" \
    ".mounts += [{destination: \"$2\", type: \"bind\", source: (\$T + \"/closed/link\"), options: [\"${3//,/\",\"}\"]}]"
  mkdir -m 0777 "$B/rootfs/data"
  echo 'of the image' >"$B/rootfs/data/file"
}

link_is_bound_itself_with_src_nofollow() {
  spec client 'src-nofollow: a symbolic link as source is bound itself (crun)'
  _requires_option src-nofollow
  local at=here
  _link_outside "$([ "$1" = broken ] && echo nowhere || echo file)"
  # The link of the image is followed, and its target is covered.
  [ "$1" != led ] || at=led
  _bundle_with_link "$1" /data/here "bind,src-nofollow" "readlink /data/$at; grep -c \" /data/$at \" /proc/self/mountinfo"
  case $1 in
    led) touch "$B/rootfs/data/led"; ln -s led "$B/rootfs/data/here" ;;
    there) touch "$B/rootfs/data/here" ;;
  esac
  runs
  is "$OUT" "$(readlink "$T/closed/link")"$'\n1' 'where the link leads, number of mounts'
}
cases link_is_bound_itself_with_src_nofollow plain user there led broken

source_that_is_no_link_is_bound_with_src_nofollow() {
  spec client 'src-nofollow says nothing of a source that is no symbolic link (crun)'
  _requires_option src-nofollow
  mkdir "$T/folder"
  echo text >"$T/folder/file"
  bundle -p 'cat /here/file' '.mounts += [{destination: "/here", source: ($T + "/folder"), options: ["rbind", "src-nofollow"]}]'
  runs
  is "$OUT" text 'the file'
}

link_at_the_destination_is_covered_with_dest_nofollow() {
  spec client 'dest-nofollow: what is mounted covers a symbolic link at the destination (crun)'
  _requires_option dest-nofollow
  local options=bind,dest-nofollow
  [[ $1 != *-link ]] || options+=,src-nofollow
  _link_outside file
  _bundle_with_link "${1%-link}" /data/here "$options" 'readlink /data/here || cat /data/here; cat /data/behind'
  echo behind >"$B/rootfs/data/behind"
  ln -s "$([ "$1" = broken ] && echo nowhere || echo behind)" "$B/rootfs/data/here"
  runs
  case $1 in
    *-link) is "$OUT" $'file\nbehind' 'where the link leads, and the file behind the covered one' ;;
    *) is "$OUT" $'of the host\nbehind' 'the file, and the one behind the covered link' ;;
  esac
  is_absent "$B/rootfs/data/nowhere" 'in the bundle'
}
cases link_at_the_destination_is_covered_with_dest_nofollow plain plain-link user user-link broken

missing_destination_is_made_with_dest_nofollow() {
  spec own 'dest-nofollow says nothing of a destination that is missing'
  requires_sampan
  bundle -p 'cat /new/file; stat -c %F /new/tmpfs' '.mounts += [
    {destination: "/new/file", source: ($T + "/file"), options: ["bind", "dest-nofollow"]},
    {destination: "/new/tmpfs", type: "tmpfs", source: "x", options: ["dest-nofollow"]}]'
  echo text >"$T/file"
  runs
  is "$OUT" $'text\ndirectory' 'the mounts'
}

folder_cannot_cover_a_link() {
  spec client 'dest-nofollow: a folder cannot be mounted on a symbolic link, and it is not followed (crun)'
  _requires_option dest-nofollow
  bundle ".mounts += [$1 + {destination: \"/here\"}]"
  mkdir "$T/folder" "$B/rootfs/behind"
  ln -s behind "$B/rootfs/here"
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" 'not a directory' 'the error'
}
cases folder_cannot_cover_a_link '{source:($T+"/folder"),options:["bind","dest-nofollow"]}' \
  '{type:"tmpfs",source:"x",options:["dest-nofollow"]}'

# A destination is resolved inside the root except for its last part, and procfs must not be covered at all.
unfollowed_destination_stays_inside() {
  spec client 'dest-nofollow leads neither out of the root nor over a procfs (CVE-2019-16884)'
  _requires_option dest-nofollow
  mkdir "$T/outside"
  _link_outside file
  _bundle_with_link plain /way/self bind,src-nofollow,dest-nofollow 'readlink /way/self'
  case $1 in
    proc) ln -s proc "$B/rootfs/way"; create_fails; return ;;
    out) ln -s "$T/outside" "$B/rootfs/way"; mkdir -p "$B/rootfs$T/outside"; ln -s x "$B/rootfs$T/outside/self" ;;
    up) ln -s ../../../data "$B/rootfs/way"; ln -s x "$B/rootfs/data/self" ;;
  esac
  runs
  is "$OUT" file 'where the link leads'
  is "$(ls -A "$T/outside")" '' 'files outside'
}
cases unfollowed_destination_stays_inside proc out up

link_on_dev_is_an_error() {
  spec own 'no symbolic link is put on /dev, where other things are made later'
  requires_sampan
  mkdir "$T/folder"
  ln -s folder "$T/link"
  bundle -p 'touch /dev/new 2>/dev/null || cat /dev/file' ".mounts[1] = {destination: \"/dev\", source: (\$T + \"/link\"), options: [\"bind\", \"ro\", \"$1\"]} | del(.mounts[2, 3])"
  rm -r "$B/rootfs/dev"
  echo text >"$T/folder/file"
  create_fails
  has "$ERR" /dev 'the error'
  edit '.mounts[1].source = $T + "/folder"'
  runs
  is "$OUT" text 'the file in the read-only folder'
}
cases link_on_dev_is_an_error src-nofollow copy-symlink

link_is_made_again_with_copy_symlink() {
  spec client 'copy-symlink: instead of a mount the same symbolic link is made (podman --mount no-dereference)'
  _requires_option copy-symlink
  _link_outside "$([ "$1" = broken ] && echo ../nowhere || echo file)"
  _bundle_with_link "$1" /data/deep/here rbind,copy-symlink,ro 'readlink /data/deep/here; grep -c /data/ /proc/self/mountinfo; true'
  chmod 0777 "$B/rootfs/data"
  case $1 in
    there) mkdir "$B/rootfs/data/deep"; ln -s file "$B/rootfs/data/deep/here" ;;
    no-mounts) edit '.linux.namespaces |= map(select(.type != "mount"))'; requires_sampan ;;
    unbindable) mount --bind "$T/closed" "$T/closed"; mount --make-unbindable "$T/closed" ;;
  esac
  run_container
  [ "$1" != unbindable ] || umount "$T/closed"
  is "$RC" 0 'exit code'
  is "$OUT" "$(readlink "$T/closed/link")"$'\n0' 'where the link leads, number of mounts'
  # As if podman started it again.
  [ "$1" = unbindable ] || runs
  is "$(readlink "$B/rootfs/data/deep/here")" "$(readlink "$T/closed/link")" 'the link in the bundle'
}
cases link_is_made_again_with_copy_symlink plain user there broken no-mounts unbindable

source_that_is_no_link_is_bound_with_copy_symlink() {
  spec client 'copy-symlink: a source that is no symbolic link is bound (crun)'
  _requires_option copy-symlink
  mkdir "$T/folder"
  echo text >"$T/folder/file"
  [ "$1" != user ] || requires_userns
  bundle -p 'cat /here/file /file' "$([ "$1" != user ] || echo "$USERNS")" \
    '.mounts += [{destination: "/here", source: ($T + "/folder"), options: ["rbind", "copy-symlink"]},
      {destination: "/file", source: ($T + "/folder/file"), options: ["bind", "copy-symlink", "ro"]}]'
  mkdir "$B/rootfs/here"; touch "$B/rootfs/file"
  runs
  is "$OUT" $'text\ntext' 'the files'
}
cases source_that_is_no_link_is_bound_with_copy_symlink plain user

other_thing_at_the_destination_of_copy_symlink_is_an_error() {
  spec client 'copy-symlink: what is at the destination and not the same symbolic link is an error (crun)'
  _requires_option copy-symlink
  _link_outside file
  _bundle_with_link plain /data/here bind,copy-symlink true
  case $1 in
    link) ln -s other "$B/rootfs/data/here" ;;
    file) echo text >"$B/rootfs/data/here" ;;
    folder) mkdir "$B/rootfs/data/here" ;;
    root) edit '.mounts[-1].destination = "/"' ;;
    proc) edit '.mounts[-1].destination = "/proc/self"' ;;
    proc-itself) edit '.mounts[-1].destination = "/proc"' ;;
  esac
  create_fails
  case $1 in
    link) is "$(readlink "$B/rootfs/data/here")" other 'the link in the bundle' ;;
    file) is "$(cat "$B/rootfs/data/here")" text 'the file in the bundle' ;;
  esac
}
cases other_thing_at_the_destination_of_copy_symlink_is_an_error link file folder root proc proc-itself

copied_link_stays_inside() {
  spec client 'copy-symlink: the destination is a path inside the container'
  _requires_option copy-symlink
  mkdir "$T/outside"
  _link_outside file
  _bundle_with_link plain /way/here bind,copy-symlink 'readlink /way/here'
  ln -s "$([ "$1" = up ] && echo ../../../data || echo "$T/outside")" "$B/rootfs/way"
  runs
  is "$OUT" file 'where the link leads'
  is "$(ls -A "$T/outside")" '' 'files outside'
}
cases copied_link_stays_inside out up

option_for_links_without_a_meaning_is_an_error() {
  spec own 'an option for symbolic links on a mount that has no use for it is an error that names it'
  requires_sampan
  bundle ".mounts += [{destination: \"/data\", source: \"/tmp\"} + $1]"
  create_fails
  matches "$ERR" 'copy-symlink|nofollow' 'the error'
  has "$ERR" /mounts/4 'the place'
}
cases option_for_links_without_a_meaning_is_an_error '{type:"tmpfs",options:["src-nofollow"]}' \
  '{options:["remount","bind","src-nofollow"]}' '{options:["remount","dest-nofollow"]}' \
  '{type:"cgroup",options:["dest-nofollow"]}' '{type:"tmpfs",options:["copy-symlink"]}' \
  '{options:["bind","copy-symlink","src-nofollow"]}' '{options:["bind","copy-symlink","dest-nofollow"]}'

unknown_option_of_a_cgroup_mount_is_an_error() {
  spec client 'cgroup file systems have a few options; the kernel refuses others, and so does a mount of type cgroup'
  requires_sampan
  bundle '.linux.namespaces += [{type: "cgroup"}]' '.mounts += [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["nsdelegated"]}]'
  create_fails
  matches "$ERR" 'cgroup2? has no option "nsdelegated"' 'the error'
  has "$ERR" 'did you mean "nsdelegate"?' 'the hint'
  # Of whichever version the machine has.
  edit '.mounts[-1].options = ["nsdelegate"]'
  create
}

word_for_the_engine_is_passed_over() {
  spec client 'options that engines leave in binds for themselves change nothing'
  bundle -p 'cat /here/file' ".mounts += [{destination: \"/here\", type: \"bind\", source: (\$T + \"/source\"), options: [\"rbind\", \"$1\"]}]"
  mkdir "$T/source"
  echo content >"$T/source/file"
  runs
  is "$OUT" content 'the bound file'
  [ "$RUNTIME_NAME" != sampan ] || is "$ERR" '' 'warnings'
}
cases word_for_the_engine_is_passed_over copy nocopy z Z U O cached delegated consistent relabel=shared

unknown_option_of_a_bind_is_a_warning() {
  spec own 'an option that means nothing for a bind is told, with the one that may be meant'
  requires_sampan
  bundle '.mounts += [{destination: "/here", type: "bind", source: "/proc/version", options: ["bind", "nosuids", "size=1k,foo"]}]'
  runs
  has "$ERR" 'no option of a bind mount is called "nosuids"' 'the warning'
  has "$ERR" '"nosuid"' 'the hint'
  has "$ERR" /mounts/4/options/1 'the place'
  has "$ERR" /mounts/4/options/2 'the place of the other'
}

bind_takes_nothing_of_rbind_back() {
  spec config.md#linux-mount-options 'rbind is a recursive bind, with bind beside it too (mount(8))'
  bundle -p 'ls /here/below' ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"${1/,/\",\"}\"]}]"
  mkdir "$T/source"
  mount -t tmpfs x "$T/source"
  mkdir "$T/source/below"
  mount -t tmpfs x "$T/source/below"
  touch "$T/source/below/file"
  run_container
  umount -R "$T/source"
  is "$OUT" file 'files below'
}
cases bind_takes_nothing_of_rbind_back rbind,bind bind,rbind

rw_leaves_a_locked_mount_readonly() {
  spec client 'rw for a source that is read-only: in a user namespace the mount stays so'
  requires_userns
  mkdir "$T/source"
  mount -t tmpfs -o ro,nosuid,nodev x "$T/source"
  bundle -p 'touch /here/new 2>/dev/null && echo writable; grep " /here " /proc/mounts | cut -d" " -f4' "$USERNS" \
    '.mounts += [{destination: "/here", type: "bind", source: ($T + "/source"), options: ["rw", "rprivate", "nosuid", "nodev", "rbind"]}]'
  mkdir "$B/rootfs/here"
  run_container
  umount "$T/source"
  is "$RC" 0 'exit code'
  matches "$OUT" ^ro, 'flags of the mount'
}

# Shows who owns a file of uid 5 in the container.
_idmap_owner() {
  mkdir "$T/source"
  touch "$T/source/file"
  chown 5:6 "$T/source/file"
  bundle -p 'stat -c %u:%g /here/file' "${2:-.}" \
    ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"bind\", \"$1\"]}]"
  mkdir "$B/rootfs/here"
}
idmap_takes_ranges() {
  spec own 'idmap=uids=…;gids=… maps by these ranges, with @ relative to the user namespace of the container'
  requires_sampan
  case $1 in
    absolute) _idmap_owner 'idmap=uids=0-1000-10;gids=0-2000-10' ;;
    several) _idmap_owner 'ridmap=uids=0-50-1#5-1005-1;gids=6-2006-1' ;;
    relative)
      requires_userns
      _idmap_owner 'idmap=uids=@5-1005-1;gids=@6-2006-1' "$USERNS"
      ;;
  esac
  runs
  is "$OUT" 1005:2006 'owner'
}
cases idmap_takes_ranges absolute several relative

idmap_with_wrong_ranges_is_an_error() {
  spec own 'ranges of idmap that cannot be read are refused'
  requires_sampan
  _idmap_owner "idmap=$1"
  create_fails
  has "$ERR" /mounts/4 'the place'
  matches "$ERR" 'is not a range of ids|idmap (takes|needs) uids=|maps no id 0' 'the reason'
}
cases idmap_with_wrong_ranges_is_an_error 'uids=0-1-x;gids=0-0-1' 'uids=0-0;gids=0-0-1' 'uid=0-0-1' 'uids=0-0-1' 'uids=@0-0-1;gids=0-0-1' ''

idmap_maps_by_a_joined_user_namespace() {
  spec config.md#linux-mount-options 'idmap: the map of the user namespace that the container has'
  requires_sampan
  requires_userns
  bundle -n holder -p 'sleep 100' "$USERNS"
  create
  local holder=$INIT
  C=$C-second
  _idmap_owner idmap ".linux.namespaces += [{type: \"user\", path: \"/proc/$holder/ns/user\"}]"
  runs
  is "$OUT" 5:6 'owner'
}

tmpfs_has_the_mode_of_the_folder_that_it_covers() {
  spec client 'a tmpfs on a folder that is there has its mode, unless mode= says another'
  local options=''
  [ "$1" != told ] || options=mode=711
  bundle -p 'stat -c %a:%u /here' "$([ "$1" = mapped ] && echo "$USERNS" || echo .)" \
    ".mounts += [{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [\"nosuid\"${options:+, \"$options\"}]}]"
  [ "$1" = absent ] || mkdir -m 1750 "$B/rootfs/here"
  [ "$1" != mapped ] || chown 100000:100000 "$B/rootfs/here"
  runs
  case $1 in
    there | mapped) is "$OUT" 1750:0 'mode and owner' ;;
    told) is "$OUT" 711:0 'mode and owner' ;;
    absent) [ "$RUNTIME_NAME" != sampan ] || is "$OUT" 1777:0 'mode and owner' ;;
  esac
}
cases tmpfs_has_the_mode_of_the_folder_that_it_covers there mapped told absent
