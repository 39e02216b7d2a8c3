# ID-mapped mounts that are no plain binds: new file systems, also filled by tmpcopyup, and what cannot be mapped.
# shellcheck shell=bash

_map() { echo "uidMappings: [{containerID: $1, hostID: $2, size: $3}], gidMappings: [{containerID: $1, hostID: $2, size: $3}]"; }

copied_folder_of_a_mapped_tmpfs_looks_as_what_it_covers() {
  spec config.md#linux-mount-options 'tmpcopyup copies what was there, also where idmap maps the owners'
  # The file system's own root must have an id in the mount.
  local maps='' filter=. options=''
  case $1 in
    container) requires_userns; filter=$USERNS ;;
    own) maps=", $(_map 1000 0 1000)" options=', "uid=1000", "gid=1000"' ;;
    own-in-user-namespace) requires_userns; filter=$USERNS maps=", $(_map 5000 100000 1000)" options=', "uid=5000", "gid=5000"' ;;
  esac
  bundle -p 'cd /data; stat -c "%a %u:%g %F" . file sub sub/deep; readlink link; touch new && stat -c %u:%g new' "$filter" \
    ".mounts += [{destination: \"/data\", type: \"tmpfs\", source: \"x\", options: [\"tmpcopyup\", \"idmap\"$options]$maps}]"
  local data=$B/rootfs/data base=0
  [ "$1" = own ] || base=100000
  mkdir -p "$data/sub"
  touch "$data/file" "$data/sub/deep"
  ln -s file "$data/link"
  chown -hR $base:$base "$data"
  chown $((base + 7)):$((base + 8)) "$data/file"; chown $((base + 9)) "$data/sub"
  chmod 4711 "$data/file"; chmod 0750 "$data"
  run_container || { [ "$RUNTIME_NAME" = sampan ] || skip "$RUNTIME_NAME does not map new file systems"; fail 'the container fails'; }
  is "$OUT" '750 0:0 directory
4711 7:8 regular empty file
755 9:0 directory
644 0:0 regular empty file
file
0:0' 'what was copied'
}
cases copied_folder_of_a_mapped_tmpfs_looks_as_what_it_covers container own own-in-user-namespace

owner_without_an_id_in_the_mount_is_named() {
  spec own 'a file that the mapped mount has no id for is an error that says so'
  requires_sampan
  bundle ".mounts += [{destination: \"/data\", type: \"tmpfs\", source: \"x\", options: [\"tmpcopyup\", \"idmap\"], $(_map 0 1000 1000)}]"
  mkdir "$B/rootfs/data"
  touch "$B/rootfs/data/file"
  create_fails
  has "$ERR" 'maps no id' 'the error'
  has "$ERR" /mounts/4 'the place'
}

new_file_system_is_mapped() {
  spec config.md#linux-mount-options 'idmap: the mount has an ID map applied; also one that is no bind'
  requires_userns
  bundle -p 'stat -c %u:%g /here; touch /here/new && stat -c %u:%g /here/new' "$USERNS" \
    ".mounts += [{destination: \"/here\", type: \"tmpfs\", source: \"x\", options: [\"mode=0755\", \"$1\"], $(_map 0 100000 65536)}]"
  mkdir "$B/rootfs/here"
  run_container || { [ "$RUNTIME_NAME" = sampan ] || skip "$RUNTIME_NAME does not map new file systems"; fail 'the container fails'; }
  is "$OUT" $'0:0\n0:0' 'owners'
}
cases new_file_system_is_mapped idmap ridmap

file_system_that_cannot_be_mapped_is_an_error() {
  spec config.md#mounts 'an ID-mapped mount that cannot be made is an error'
  bundle ".mounts += [{destination: \"/x\", type: \"$1\", source: \"x\", options: [\"idmap\"], $(_map 0 1000 10)}]"
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" /mounts/4 'the place'
}
cases file_system_that_cannot_be_mapped_is_an_error proc sysfs devpts mqueue cgroup cgroup2

mapped_bind_of_what_cannot_be_mapped_says_so() {
  spec own 'the error of a file system that cannot be mapped names the reason'
  requires_sampan
  bundle ".mounts += [{destination: \"/x\", source: \"/proc/sys\", options: [\"bind\", \"idmap\"], $(_map 0 1000 10)}]"
  create_fails
  has "$ERR" 'may not support ID-mapped mounts' 'the hint'
}

mapping_twice_is_an_error() {
  spec config.md#mounts 'an ID-mapped mount that cannot be made is an error'
  # shellcheck disable=SC2016
  bundle '.mounts += [{destination: "/x", type: "tmpfs", source: "x"},
    {destination: "/x", options: ["remount", "idmap"], uidMappings: [{containerID: 0, hostID: 1000, size: 10}], gidMappings: [{containerID: 0, hostID: 1000, size: 10}]}]'
  create_fails
}
