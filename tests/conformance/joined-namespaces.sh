# Every combination of namespaces that are joined by path, with each kind of user and pid namespace beside
# them (config-linux.md#namespaces). What is compared are the links /proc/PID/ns of init, so nothing is started.
# shellcheck shell=bash

OTHER_TYPES='mnt net ipc uts cgroup time'
ALL_TYPES="user pid $OTHER_TYPES"
_word() { case $1 in net) WORD=network ;; mnt) WORD=mount ;; *) WORD=$1 ;; esac; }

# Debian's runc and crun do not know time namespaces.
_known_types() {
  KNOWN=$OTHER_TYPES
  if [ ! -e /proc/self/ns/time ] || [[ $RUNTIME_NAME != sampan && $($RUNTIME --version) == *1.[18].[0-9]* ]]; then
    KNOWN=${KNOWN% time}
  fi
}

# A process in new namespaces of all types except mount, which keeps them alive: DONOR. With "user" they
# belong to a new user namespace. unshare's own child is in the new pid and time namespaces.
_donor() {
  local flags='--net --ipc --uts --cgroup --pid --fork --kill-child' line
  [ -z "${KNOWN##* time*}" ] && flags+=' --time'
  [ "$1" != user ] || flags+=' --user'
  [ -p "$T/up" ] || mkfifo -m 0666 "$T/up" "$T/hold"
  # shellcheck disable=SC2016,SC2086
  helper unshare $flags sh -c 'echo up >"$1"; exec sleep 1000' sh "$T/up"
  await_line "$T/up"
  read -r line <"/proc/$HELPER/task/$HELPER/children"
  DONOR=${line% }
  if [ "$1" = user ]; then
    echo 0 100000 65536 >"/proc/$DONOR/uid_map"
    echo 0 100000 65536 >"/proc/$DONOR/gid_map"
  fi
}
# The container that joins a mount namespace replaces the root in it, so each needs a new one: MOUNT_DONOR,
# whose namespace belongs to the user namespace of $1 ("" for ours).
_mount_donor() {
  # It loads nothing after "up": by then its root may be the container's, without its libraries.
  # shellcheck disable=SC2086
  $1 unshare --mount sh -c 'exec <>"$2"; echo up >"$1"; read -r _' sh "$T/up" "$T/hold" &
  MOUNT_DONOR=$!
  await_line "$T/up"
}

# The namespaces of the config: those in the list $3 are joined, user and pid are $1 and $2 (none, new,
# joined), the others are inherited, or new with $4 = new. The mount namespace is always another one.
_write_config() {
  local user=$1 pid=$2 joined=" $3 " rest=$4 list='' type donor
  for type in $ALL_TYPES; do
    _word "$type"
    donor=$DONOR
    case $type in
      user) [ "$user" = none ] && continue; [ "$user" = joined ] || donor='' ;;
      pid) [ "$pid" = none ] && continue; [ "$pid" = joined ] || donor='' ;;
      time) [ -z "${KNOWN##* time*}" ] || continue ;;&
      *)
        if [ -n "${joined##* "$type" *}" ]; then
          [ "$type" = mnt ] || [ "$rest" = new ] || continue
          donor=''
        elif [ "$type" = mnt ]; then
          donor=$MOUNT_DONOR
        fi ;;
    esac
    list+=",{\"type\":\"$WORD\"${donor:+,\"path\":\"/proc/$donor/ns/$type\"}}"
  done
  local maps=''
  [ "$user" != new ] ||
    maps='"uidMappings":[{"containerID":0,"hostID":200000,"size":65536}],"gidMappings":[{"containerID":0,"hostID":200000,"size":65536}],'
  # runc and crun need a /proc. To mount a new one needs rights over the pid namespace.
  local proc=',{"destination":"/proc","type":"proc","source":"proc"}'
  case $user-$pid in
    *-none) proc=',{"destination":"/proc","source":"/proc","options":["rbind"]}' ;;
    new-joined) proc='' ;;
  esac
  printf '{"ociVersion":"1.0.2","root":{"path":"rootfs"},
"process":{"user":{"uid":0,"gid":0},"args":["/bin/true"],"cwd":"/"},
"mounts":[{"destination":"/dev","type":"tmpfs","source":"tmpfs"}%s],
"linux":{%s"cgroupsPath":"/%s/%s","resources":{"devices":[{"allow":false,"access":"rwm"}]},"namespaces":[%s]}}\n' "$proc" "$maps" "$TEST_PREFIX" "$C-joined" "${list#,}" >"$B/config.json"
}

# The links of a process: LINKS, by type.
_read_links() {
  local type i=0 files=() targets
  for type in user pid $KNOWN; do files+=("/proc/$1/ns/$type"); done
  mapfile -t targets < <(readlink "${files[@]}")
  for type in user pid $KNOWN; do LINKS[$type]=${targets[i++]}; done
}

# Compares init's namespaces with what was asked for: WRONG.
_compare() {
  local user=$1 pid=$2 joined=" $3 " rest=$4 type want how
  _read_links "$INIT"
  for type in user pid $KNOWN; do
    case $type in
      user) how=$user ;;
      pid) how=$pid ;;
      *)
        how=none
        [ "$type" != mnt ] && [ "$rest" != new ] || how=new
        [ -n "${joined##* "$type" *}" ] || how=joined ;;
    esac
    case $how in
      none) want=${OURS[$type]} ;;
      joined) want=${THEIRS[$type]}; [ "$type" != mnt ] || want=$(readlink "/proc/$MOUNT_DONOR/ns/mnt") ;;
      new)
        [ "${LINKS[$type]}" != "${OURS[$type]}" ] && [ "${LINKS[$type]}" != "${THEIRS[$type]}" ] || WRONG+="$type is not new "
        continue ;;
    esac
    [ "${LINKS[$type]}" = "$want" ] || WRONG+="$type is ${LINKS[$type]} instead of $want ($how) "
  done
}

# One container of the matrix.
_try() {
  local number=$((++TRIED))
  WRONG=''
  WHAT="user $1, pid $2, joined: ${3:-none}, others ${4:-inherited}"
  MOUNT_DONOR=''
  [[ " $3 " != *' mnt '* ]] || _mount_donor "$([ "$1" = joined ] && echo "nsenter --user=/proc/$DONOR/ns/user")"
  _write_config "$@"
  if $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C-$number" </dev/null >"$T/out" 2>"$T/err"; then
    INIT=$(<"$T/pid")
    _compare "$@"
  else
    WRONG="create fails: $(<"$T/err")"
  fi
  # Root of a new user namespace has no rights over an older mount namespace.
  if [[ $1 = new && " $3 " = *' mnt '* ]]; then
    [[ $WRONG == 'create fails'* ]] && WRONG='' || WRONG="a mount namespace that is not its own could be used"
  fi
  $RUNTIME --root "$ROOT" delete --force "$C-$number" </dev/null >/dev/null 2>&1
  [ -z "$MOUNT_DONOR" ] || { kill -KILL "$MOUNT_DONOR"; wait "$MOUNT_DONOR" 2>/dev/null; }
  [ -z "$WRONG" ] || BROKEN+="$WHAT: $WRONG"$'\n'
}

_prepare_matrix() {
  local type
  _known_types
  [[ $1 != new* && $1 != joined* ]] || requires_userns
  B=$T/bundle
  mkdir "$B" && cp -al "$TEST_WORK/rootfs" "$B/rootfs"
  if [[ $1 = joined* ]]; then _donor user; else _donor ours; fi
  declare -gA LINKS OURS THEIRS
  _read_links "$BASHPID"
  for type in user pid $KNOWN; do OURS[$type]=${LINKS[$type]}; done
  _read_links "$DONOR"
  for type in user pid $KNOWN; do THEIRS[$type]=${LINKS[$type]}; done
  TRIED=0 BROKEN=''
}

# Each set of one and of two types, and the set of all types.
_sets() {
  local a b types rest
  echo ''
  types=$KNOWN
  for a in $KNOWN; do
    types=${types#"$a"}; types=${types# }
    echo "$a"
    for b in $types; do echo "$a $b"; done
  done
  echo "$KNOWN"
}

namespaces_are_joined_in_any_combination() {
  spec config-linux.md#namespaces 'with a path the container is put into that namespace; a type that is not listed is inherited'
  local set
  _prepare_matrix "$1"
  while read -r set; do _try "${1%-*}" "${1#*-}" "$set" ''; done < <(_sets)
  [ -z "$BROKEN" ] || fail "of $TRIED combinations are broken:"$'\n'"$BROKEN"
}
cases namespaces_are_joined_in_any_combination none-none none-new none-joined new-none new-new new-joined \
  joined-none joined-new joined-joined

namespaces_that_are_not_joined_are_new() {
  spec config-linux.md#namespaces 'without a path a new namespace of the type is made, whatever is joined beside it'
  local type
  _prepare_matrix "$1"
  for type in '' $KNOWN; do _try "${1%-*}" "${1#*-}" "$type" new; done
  [ -z "$BROKEN" ] || fail "of $TRIED combinations are broken:"$'\n'"$BROKEN"
}
cases namespaces_that_are_not_joined_are_new none-none none-new none-joined new-none new-new new-joined \
  joined-none joined-new joined-joined

joined_user_namespace_need_not_own_the_others() {
  spec config-linux.md#namespaces 'each path is joined, also where another user namespace owns it'
  local type mine
  _prepare_matrix joined
  # The donor's own namespaces belong to its user namespace, those of this process to ours.
  local user=${THEIRS[user]} user_donor=$DONOR
  _donor ours
  _read_links "$DONOR"
  for type in pid $KNOWN; do THEIRS[$type]=${LINKS[$type]}; done
  THEIRS[user]=$user
  for mine in net ipc uts cgroup "${KNOWN#mnt }"; do
    MOUNT_DONOR=''
    _write_config joined none "$mine" ''
    jq --arg path "/proc/$user_donor/ns/user" '.linux.namespaces |= map(if .type == "user" then .path = $path else . end)' \
      "$B/config.json" >"$T/edited" && mv "$T/edited" "$B/config.json"
    $RUNTIME --root "$ROOT" create --bundle "$B" --pid-file "$T/pid" "$C" </dev/null >"$T/out" 2>"$T/err" ||
      fail "with $mine create fails: $(<"$T/err")"
    INIT=$(<"$T/pid") WRONG=''
    _compare joined none "$mine" ''
    is "$WRONG" '' "namespaces, with $mine"
    does delete --force "$C"
  done
}

file_that_is_no_such_namespace_is_refused() {
  spec config-linux.md#namespaces 'the runtime generates an error if the path is not associated with a namespace of the type'
  local type=$1 other path paths=("$T/file" "$T" /dev/null /proc/self/status /no/such/file "/proc/$$/root")
  requires_kernel_file "/proc/self/ns/$type"
  [ "$type" != time ] || { _known_types; [ -z "${KNOWN##* time*}" ] || skip "$RUNTIME_NAME does not know time namespaces"; }
  B=$T/bundle
  mkdir "$B" && cp -al "$TEST_WORK/rootfs" "$B/rootfs"
  touch "$T/file"; mkfifo "$T/fifo"
  # runc waits forever until somebody writes to it.
  [ "$RUNTIME_NAME" = runc ] || paths+=("$T/fifo")
  for other in $ALL_TYPES; do [ "$other" = "$type" ] || paths+=("/proc/$$/ns/$other"); done
  DONOR=$$ KNOWN=$OTHER_TYPES
  for path in "${paths[@]}"; do
    _word "$type"
    printf '{"ociVersion":"1.0.2","root":{"path":"rootfs"},"process":{"user":{"uid":0,"gid":0},"args":["/bin/true"],"cwd":"/"},
"linux":{"cgroupsPath":"/%s/%s","namespaces":[%s{"type":"%s","path":"%s"}]}}\n' "$TEST_PREFIX" "$C-wrong" \
      "$([ "$type" = mnt ] || echo '{"type":"mount"},')" "$WORD" "$path" >"$B/config.json"
    create_fails
    [ "$RUNTIME_NAME" != sampan ] || has "$ERR" "$path" 'the error'
  done
}
# shellcheck disable=SC2086
cases file_that_is_no_such_namespace_is_refused user pid mnt net ipc uts cgroup time

own_user_namespace_can_be_joined() {
  spec config-linux.md#namespaces 'the container is put into the namespace of the path, also where the runtime is in it already'
  requires_userns
  bundle -p 'readlink /proc/self/ns/user' '.linux.namespaces += [{type: "user", path: "/proc/self/ns/user"}]'
  runs
  is "$OUT" "$(readlink /proc/self/ns/user)" 'user namespace of the container'
}

maps_beside_the_path_of_a_user_namespace_are_a_warning() {
  spec own 'what is passed over is said'
  requires_sampan
  requires_userns
  bundle -n first -p 'sleep 100' "$USERNS"
  create
  local first=$INIT
  C=$C-second
  bundle -n second -p 'tr -s " " </proc/self/uid_map' "$USERNS" '.linux.uidMappings[0].hostID = 200000' \
    "(.linux.namespaces[] | select(.type == \"user\")).path = \"/proc/$first/ns/user\""
  runs
  is "$OUT" ' 0 100000 65536' 'map'
  has "$ERR" '/linux/uidMappings: ignored' 'the warning'
}
