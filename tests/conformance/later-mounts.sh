# Mounts that are added to a container which is there already, and taken away from it: crun's `mounts`.
# shellcheck shell=bash

_container() {
  bundle -p 'sleep 100' "$@"
  mkdir -p "$T/volume/sub"
  echo mine >"$T/volume/file"
  chmod -R a+rX "$T/volume"
  create
  start
}
_list() { printf '%s\n' "$1" >"$T/mounts.json"; }
_inside() { does exec "$C" sh -c "$1"; }
_mounts() { grep -c . "/proc/$INIT/mountinfo"; }

a_bind_and_a_tmpfs_are_added_and_removed() {
  spec own 'mounts add makes the mounts of a JSON array in the running container; mounts remove unmounts them'
  requires_sampan
  _container
  _list "[{\"destination\": \"/new/data\", \"source\": \"$T/volume\", \"options\": [\"rbind\", \"ro\"]},
    {\"destination\": \"/scratch\", \"type\": \"tmpfs\", \"source\": \"tmpfs\", \"options\": [\"size=64k\", \"mode=700\", \"nosuid\"]},
    {\"destination\": \"/scratch/deep\", \"source\": \"$T/volume/file\", \"options\": [\"bind\"]}]"
  does mounts add "$C" "$T/mounts.json"
  _inside 'cat /new/data/file /scratch/deep; stat -c %a /scratch; grep " /scratch " /proc/self/mounts; echo x >/new/data/file || echo refused'
  has "$OUT" $'mine\nmine\n700' 'what the container sees'
  has "$OUT" 'nosuid,relatime,size=64k' 'the options of the tmpfs'
  has "$OUT" refused 'writing to a read-only bind'
  does inspect "$C" --json
  has "$OUT" '"/new/data"' 'what inspect shows'
  does mounts remove "$C" "$T/mounts.json"
  _inside 'cat /proc/self/mounts; ls /new/data'
  lacks "$OUT" /scratch 'the mounts after that'
  lacks "$OUT" /new/data 'the mounts after that'
}

mounts_can_be_added_before_the_start_and_while_paused() {
  spec own 'mounts add works on a container that is created, running or paused, and on no other'
  requires_sampan
  bundle -p 'cat /data/file; sleep 100'
  mkdir "$T/volume"
  echo early >"$T/volume/file"
  _list "[{\"destination\": \"/data\", \"source\": \"$T/volume\", \"options\": [\"bind\"]}]"
  create
  STDIN=$T/mounts.json does mounts add "$C" -
  start
  does kill "$C" KILL
  await_stopped
  refuses mounts add "$C" "$T/mounts.json"
  has "$ERR" 'container not running' 'the error'
}

all_mounts_are_made_or_none() {
  spec own 'mounts add: if one fails, those before it are unmounted, and what was made to mount on is removed'
  requires_sampan
  _container
  local before
  before=$(_mounts)
  _list "[{\"destination\": \"/one/data\", \"source\": \"$T/volume\", \"options\": [\"rbind\"]},
    {\"destination\": \"/two\", \"type\": \"tmpfs\"},
    {\"destination\": \"/bin/busybox/three\", \"type\": \"tmpfs\"}]"
  refuses mounts add "$C" "$T/mounts.json"
  has "$ERR" '/bin/busybox/three' 'the error'
  has "$ERR" "$T/mounts.json:3" 'the place of the error'
  is "$(_mounts)" "$before" 'how many mounts there are'
  is_absent "$B/rootfs/one" 'a folder to mount on'
  is_absent "$B/rootfs/two" 'a folder to mount on'
  _list "[{\"destination\": \"/one/data\", \"source\": \"$T/volume\", \"options\": [\"rbind\"]},
    {\"destination\": \"/two\", \"source\": \"$T/nothing\", \"options\": [\"bind\"]}]"
  refuses mounts add "$C" "$T/mounts.json"
  has "$ERR" "$T/nothing" 'the error'
  is "$(_mounts)" "$before" 'how many mounts there are'
  is_absent "$B/rootfs/one" 'a folder to mount on'
  _list '[{"destination": "/dev/shm"}, {"destination": "/tmp"}]'
  refuses mounts remove "$C" "$T/mounts.json"
  has "$ERR" 'nothing is mounted on /dev/shm that' 'the error'
  is "$(_mounts)" "$before" 'how many mounts there are'
}

only_added_mounts_are_removed() {
  spec own 'mounts remove: what is not from mounts add stays, whatever folder the container renames and whatever links it makes'
  requires_sampan
  _container '.linux.readonlyPaths = ["/proc/sys"]'
  _inside 'mkdir -p /mnt/data'
  _list "[{\"destination\": \"/mnt/data\", \"source\": \"$T/volume\", \"options\": [\"bind\"]}]"
  does mounts add "$C" "$T/mounts.json"
  local before
  before=$(_mounts)
  _inside 'mv /mnt /mnt2; mkdir /mnt; ln -s /proc/sys /mnt/data'
  does mounts remove "$C" "$T/mounts.json"
  is "$(_mounts)" $((before - 1)) 'how many mounts there are'
  grep -q ' /proc/sys ' "/proc/$INIT/mountinfo" || fail 'the read-only bind of /proc/sys is gone'
  grep -q ' /mnt2/data ' "/proc/$INIT/mountinfo" && fail 'the added mount is still there'
  local one
  for one in /mnt/data /proc/sys /proc/kcore /sys /dev /dev/shm /; do
    _list "[{\"destination\": \"$one\"}]"
    refuses mounts remove "$C" "$T/mounts.json"
    has "$ERR" "nothing is mounted on $one that" 'the error'
  done
  is "$(_mounts)" $((before - 1)) 'how many mounts there are'
}

mounts_are_removed_in_any_order() {
  spec own 'mounts remove: mounts below others, on top of others and named twice are all removed'
  requires_sampan
  _container
  local before list
  before=$(_mounts)
  for list in '[{"destination": "/a/sub"}, {"destination": "/a"}]' \
    '[{"destination": "/a"}, {"destination": "/a/sub"}, {"destination": "/a"}]'; do
    _list '[{"destination": "/a", "type": "tmpfs"}, {"destination": "/a/sub", "type": "tmpfs"}]'
    does mounts add "$C" "$T/mounts.json"
    _list "$list"
    does mounts remove "$C" "$T/mounts.json"
    is "$(_mounts)" "$before" 'how many mounts there are'
  done
  _list '[{"destination": "/z", "type": "tmpfs"}, {"destination": "/z", "type": "tmpfs"}]'
  does mounts add "$C" "$T/mounts.json"
  does mounts remove "$C" "$T/mounts.json"
  is "$(_mounts)" "$before" 'how many mounts there are'
  _list '[{"destination": "/y/sub", "type": "tmpfs"}, {"destination": "/y", "type": "tmpfs"}]'
  does mounts add "$C" "$T/mounts.json"
  _list '[{"destination": "/y/sub"}]'
  refuses mounts remove "$C" "$T/mounts.json"
  has "$ERR" 'covers it' 'the error'
  is "$(_mounts)" $((before + 2)) 'how many mounts there are'
  _list '[{"destination": "/y"}, {"destination": "/y/sub"}]'
  does mounts remove "$C" "$T/mounts.json"
  is "$(_mounts)" "$before" 'how many mounts there are'
}

mounts_that_went_with_another_are_no_error() {
  spec own 'mounts remove: a mount that is gone already counts as removed'
  requires_sampan
  _container
  _list '[{"destination": "/a", "type": "tmpfs"}, {"destination": "/a/sub", "type": "tmpfs"}]'
  does mounts add "$C" "$T/mounts.json"
  local before
  before=$(_mounts)
  _list '[{"destination": "/a"}]'
  does mounts remove "$C" "$T/mounts.json"
  is "$(_mounts)" $((before - 2)) 'how many mounts there are'
  _list '[{"destination": "/a/sub"}]'
  does mounts remove "$C" "$T/mounts.json"
}

added_mounts_are_in_the_way_of_a_checkpoint() {
  spec own 'checkpoint: a container with mounts of mounts add is refused, with a hint'
  requires_sampan
  _container
  _list '[{"destination": "/a", "type": "tmpfs"}]'
  does mounts add "$C" "$T/mounts.json"
  refuses checkpoint --image-path "$T/images" "$C"
  has "$ERR" "sampan mounts remove $C" 'the error'
}

links_of_the_container_lead_no_mount_out_of_it() {
  spec own 'mounts add: a destination is found below the root of the container, whatever links it has'
  requires_sampan
  _container
  _inside "mkdir -p /elsewhere; ln -s ../../../../../../../../..$T/volume/sub /up; ln -s /elsewhere /ln"
  _list "[{\"destination\": \"/up\", \"type\": \"tmpfs\"}, {\"destination\": \"/ln/x\", \"type\": \"tmpfs\"}]"
  does mounts add "$C" "$T/mounts.json"
  grep -q " $T/volume/sub " /proc/self/mountinfo && fail 'something is mounted on the host'
  _inside 'cat /proc/self/mounts'
  has "$OUT" " $T/volume/sub tmpfs" 'where the link leads inside'
  has "$OUT" ' /elsewhere/x tmpfs' 'where the link leads inside'
  does mounts remove "$C" "$T/mounts.json"
}

proc_is_not_covered_later() {
  spec own 'mounts add puts nothing on or below /proc, as create does not, and no proc, sysfs or cgroup anywhere'
  requires_sampan
  _container
  local one
  for one in '"destination": "/proc/self", "type": "tmpfs"' '"destination": "/x", "type": "sysfs"' \
    '"destination": "/x", "type": "cgroup2"' '"destination": "/proc", "type": "proc"' \
    '"destination": "/", "type": "tmpfs"' '"destination": "/x", "options": ["remount"]'; do
    _list "[{$one}]"
    refuses mounts add "$C" "$T/mounts.json"
    matches "$ERR" 'mounts.json:1:' 'the place of the error'
  done
}

mounts_reach_a_container_with_a_user_namespace() {
  spec own 'mounts add: a tmpfs belongs to root of the container, and a bind shows the owners of the host'
  requires_sampan
  requires_userns
  _container "$USERNS"
  _list "[{\"destination\": \"/tmp/data\", \"source\": \"$T/volume\", \"options\": [\"rbind\", \"ro\"]},
    {\"destination\": \"/tmp/scratch\", \"type\": \"tmpfs\"}]"
  does mounts add "$C" "$T/mounts.json"
  _inside 'cat /tmp/data/file; stat -c "%u %F" /tmp/scratch; echo y >/tmp/scratch/y && cat /tmp/scratch/y'
  has "$OUT" $'mine\n0 directory\ny' 'what the container sees'
  does mounts remove "$C" "$T/mounts.json"
  _list '[{"destination": "/x", "type": "ext4", "source": "/dev/null"}]'
  refuses mounts add "$C" "$T/mounts.json"
  has "$ERR" 'no ext4' 'the error'
}

a_file_that_is_no_array_is_refused() {
  spec own 'mounts: what is wrong in the file is told with its place'
  requires_sampan
  _container
  _list '{"mounts": []}'
  refuses mounts add "$C" "$T/mounts.json"
  has "$ERR" 'is not a JSON array of mounts' 'the error'
  _list '[{"destination": 5}]'
  refuses mounts add "$C" "$T/mounts.json"
  has "$ERR" 'mounts.json:1:18' 'the place of the error'
  refuses mounts append "$C" "$T/mounts.json"
  has "$ERR" 'neither add nor remove' 'the error'
}
