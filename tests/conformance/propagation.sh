# Propagation of the root and of binds, on a tree with a mount below (config-linux.md#rootfs-mount-propagation,
# config.md#linux-mount-options).
# shellcheck shell=bash

# A tree of the host with a mount below, both shared.
_make_tree() {
  mkdir "$T/source"
  mount -t tmpfs tree "$T/source"
  mkdir "$T/source/in" "$T/source/out" "$T/source/below"
  mount -t tmpfs below "$T/source/below"
  mkdir "$T/source/below/in" "$T/source/below/out"
  mount --make-rshared "$T/source"
}
# The propagation of the last mount on $2 in the mountinfo $1, from its optional fields.
_fields() { awk -v place="$2" '$5 == place { text = ""; for (i = 7; $i != "-"; i++) text = text $i " " } END { print text }' <<<"$1"; }

# The relation of the mount with the fields $1 to the host's, whose peer group is $2.
_kind() {
  case "$1" in
    *"shared:$2 "*) echo host ;;
    *shared:*"master:$2 "*) echo group ;;
    *shared:*) echo alone ;;
    *"master:$2 "*) echo slave ;;
    unbindable*) echo unbindable ;;
    '') echo private ;;
    *) echo "$1" ;;
  esac
}

# The kind that the option $1 gives to the mount itself ($2 is top) or to the mount below it, with the
# rootfsPropagation $3.
_expected() {
  local base=private
  case $3,$1 in slave,* | shared,* | *,*shared | *,*slave) base=slave ;; esac
  case $1,$2 in
    rprivate,* | private,top) echo private ;;
    runbindable,* | unbindable,top) echo unbindable ;;
    rslave,* | slave,*) echo slave ;;
    rshared,*) echo host ;;
    shared,top) echo group ;;
    *) echo $base ;;
  esac
}

# The mount of the tree at the place $1 ("" or /below) has the relation $2 to the host, and what is mounted
# inside and outside is seen accordingly. HOST and INSIDE are the two mountinfos.
_holds() {
  local group
  group=$(_fields "$HOST" "$T/source$1")
  group=${group#*shared:}
  is "$(_kind "$(_fields "$INSIDE" "/here$1")" "${group%% *}")" "$2" "the mount on /here$1 ($WHAT)"
  case $2 in
    host) has "$HOST" " $T/source$1/in " "mounts of the host ($WHAT)" ;;
    *) lacks "$HOST" " $T/source$1/in " "mounts of the host ($WHAT)" ;;
  esac
  case $2 in
    private | unbindable) lacks "$INSIDE" " /here$1/out " "mounts inside ($WHAT)" ;;
    *) has "$INSIDE" " /here$1/out " "mounts inside ($WHAT)" ;;
  esac
}

# Binds the tree with the options $1 and mounts on it from both sides, with the rootfsPropagation $2. Sets
# HOST and INSIDE. $3: further changes of config.json.
_mount_on_both_sides() {
  local root=. below=''
  [ "$2" = default ] || root=".linux.rootfsPropagation = \"$2\""
  [[ $1 != rbind* ]] || below='mount -t tmpfs inside /here/below/in &&'
  bundle -n "bundle-$2" -p "mount -t tmpfs inside /here/in && $below echo ready >/fifo; read -r x </go; cat /proc/self/mountinfo >/fifo; sleep 100" \
    "$ALL_CAPS" "$root" ".mounts += [{destination: \"/here\", source: (\$T + \"/source\"), options: [\"${1//,/\",\"}\"]}]" "${3:-.}"
  mkdir "$B/rootfs/here"
  mkfifo -m 0666 "$B/rootfs/go"
  create
  start
  await_line "$B/rootfs/fifo"
  is "$LINE" ready 'line of the container'
  HOST=$(</proc/self/mountinfo)
  mount -t tmpfs outside "$T/source/out"
  mount -t tmpfs outside "$T/source/below/out"
  echo go >"$B/rootfs/go"
  INSIDE=$(timeout 10 cat "$B/rootfs/fifo")
  umount "$T/source/out" "$T/source/below/out"
  does delete --force "$C"
}

_show_word() {
  _make_tree
  local root word=${1#*bind}
  word=${word#,}
  for root in $2; do
    WHAT="$1, rootfsPropagation $root"
    _mount_on_both_sides "$1" "$root" "${3:-.}"
    _holds '' "$(_expected "$word" top "$root")"
    [[ $1 != rbind* ]] || _holds /below "$(_expected "$word" below "$root")"
    umount "$T/source/in" "$T/source/below/in" 2>/dev/null
  done
  umount -R "$T/source"
}

propagation_word_acts_on_what_it_names() {
  spec config.md#linux-mount-options "${1#*,} acts on the mount, or on all below as well; only rshared shares with the host"
  requires_sampan # the peers leave a shared bind in the host's peer group
  local roots='default private slave shared unbindable'
  [[ $1 == rbind* ]] || roots='default shared'
  _show_word "$1" "$roots"
}
cases propagation_word_acts_on_what_it_names bind rbind {bind,rbind},{,r}{private,slave,shared,unbindable}

propagation_word_acts_in_a_user_namespace() {
  spec config.md#linux-mount-options "${1#*,} acts on the mount, or on all below as well; only rshared shares with the host"
  requires_sampan
  requires_userns
  _show_word "$1" 'default shared' "$USERNS"
}
cases propagation_word_acts_in_a_user_namespace rbind rbind,{,r}{private,slave,shared}

# The root, and what config.json does not name.
word_of_one_mount_changes_no_other() {
  spec config.md#linux-mount-options 'slave of a mount is of that mount'
  requires_sampan
  bundle -p 'cat /proc/self/mountinfo' ".mounts += [{destination: \"/a\", source: (\$T + \"/source\"), options: [\"rbind\", \"$1\"]},
    {destination: \"/here\", source: (\$T + \"/source\"), options: [\"rbind\"]}]"
  _make_tree
  run_container
  umount -R "$T/source"
  is "$RC" 0 'exit code'
  local place
  for place in / /here /here/below; do
    is "$(_fields "$OUT" $place)" '' "propagation of $place"
  done
}
cases word_of_one_mount_changes_no_other slave rslave shared rshared

# A device, a mask and a cgroup are copies of the host's mounts: what is mounted on the host's mounts is not
# seen on the copies.
copy_of_a_device_mask_or_cgroup_is_private() {
  spec config-linux.md#rootfs-mount-propagation 'nothing of the container takes part in the mounts of the host that nobody asked for'
  requires_sampan
  bundle -p 'cat /proc/self/mountinfo' '.linux.rootfsPropagation = "shared"' '.linux.maskedPaths = ["/masked"]' \
    '.mounts += [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["ro"]}]' "$USERNS"
  mkdir -p "$B/rootfs/sys/fs/cgroup"
  echo >"$B/rootfs/masked"
  runs
  local place
  for place in /dev/null /dev/zero /masked; do
    has "$OUT" " $place " 'mounts'
    is "$(_fields "$OUT" $place)" '' "propagation of $place"
  done
  is "$(awk '$5 ~ "^/sys/fs/cgroup" && $7 != "-"' <<<"$OUT")" '' 'cgroups that take part'
}
