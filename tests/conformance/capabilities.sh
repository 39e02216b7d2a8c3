# The five capability sets (config.md#linux-process).
# shellcheck shell=bash

STATUS_LINES='grep ^Cap /proc/self/status | tr "\t" " "'
# The set of /proc/self/status with the name $1, from OUT.
_set() { SET=$(awk -v name="$1:" '$1 == name { print $2 }' <<<"$OUT"); [ -n "$SET" ] || fail "no $1"; SET=$((16#$SET)); }
_bits() { local bit sum=0; for bit in "$@"; do sum=$((sum | 1 << bit)); done; echo $sum; }

# The configured set, its line in /proc/self/status.
set_is_as_configured() {
  spec config.md#linux-process "capabilities.${1%:*} is the set of the process"
  # chown 0, kill 5, setuid 7
  local all='["CAP_CHOWN", "CAP_KILL", "CAP_SETUID"]'
  bundle -p "$STATUS_LINES" ".process.capabilities = {bounding: $all, effective: $all, permitted: $all, inheritable: $all, ambient: $all}" \
    ".process.capabilities.${1%:*} = [\"CAP_CHOWN\", \"CAP_KILL\"]" \
    "$(case $1 in
      permitted*) echo '.process.capabilities |= (.effective = .permitted | .ambient = .permitted)' ;;
      inheritable*) echo '.process.capabilities.ambient = .process.capabilities.inheritable' ;;
      ambient*|effective*) echo '.process.user = {uid: 1000, gid: 1000}' ;;
    esac)" "$([[ $1 == bounding* ]] && echo '.process.capabilities |= (.effective = .bounding | .permitted = .bounding | .inheritable = .bounding | .ambient = .bounding)' || echo .)"
  runs
  _set "${1#*:}"
  is "$SET" "$(case $1 in effective*) _bits 0 5 7 ;; *) _bits 0 5 ;; esac)" "${1#*:}"
}
cases set_is_as_configured bounding:CapBnd inheritable:CapInh ambient:CapAmb

root_has_the_configured_capabilities() {
  spec config.md#linux-process 'effective and permitted are the sets that are kept for the process'
  local list='["CAP_CHOWN", "CAP_NET_BIND_SERVICE"]'
  bundle -p "$STATUS_LINES" ".process.capabilities = {bounding: $list, effective: $list, permitted: $list}"
  runs
  for name in CapEff CapPrm CapBnd; do _set $name; is "$SET" "$(_bits 0 10)" "$name"; done
  for name in CapInh CapAmb; do _set $name; is "$SET" 0 "$name"; done
}

ordinary_user_has_none_without_ambient() {
  spec config.md#linux-process 'the sets follow the rules of capabilities(7): exec drops what is not ambient'
  bundle -p "$STATUS_LINES" '.process.user = {uid: 1000, gid: 1000}'
  runs
  _set CapEff
  is "$SET" 0 CapEff
  _set CapBnd
  is "$SET" "$(_bits 5 10 29)" CapBnd
}

ordinary_user_keeps_ambient_capabilities() {
  spec config.md#linux-process 'ambient capabilities are kept over exec'
  local list='["CAP_NET_BIND_SERVICE"]'
  bundle -p "$STATUS_LINES" '.process.user = {uid: 1000, gid: 1000}' \
    ".process.capabilities = {bounding: $list, effective: $list, permitted: $list, inheritable: $list, ambient: $list}"
  runs
  for name in CapEff CapPrm CapAmb CapInh; do _set $name; is "$SET" "$(_bits 10)" "$name"; done
}

empty_sets_leave_nothing() {
  spec config.md#linux-process 'only the listed capabilities are kept'
  bundle -p "$STATUS_LINES" '.process.capabilities = {bounding: [], effective: [], permitted: [], inheritable: [], ambient: []}'
  runs
  for name in CapEff CapPrm CapBnd CapInh CapAmb; do _set $name; is "$SET" 0 "$name"; done
}

unknown_capability_is_a_warning() {
  spec config.md#linux-process 'a value that cannot be mapped is logged as a warning, and no failure'
  bundle -p "$STATUS_LINES" '.process.capabilities.bounding += ["CAP_NO_SUCH"] | .process.capabilities.effective += ["CAP_NO_SUCH"]
    | .process.capabilities.permitted += ["CAP_NO_SUCH"]'
  runs
  has "$ERR" CAP_NO_SUCH 'the warning'
  _set CapBnd
  is "$SET" "$(_bits 5 10 29)" CapBnd
}

capability_that_the_runtime_lacks_is_a_warning() {
  spec config.md#linux-process 'capabilities that cannot be granted do not fail the container (SHOULD)'
  requires_tool setpriv
  bundle -p "$STATUS_LINES" '.process.capabilities |= map_values(. + ["CAP_SYS_RAWIO"])'
  RUNTIME="setpriv --bounding-set -sys_rawio $RUNTIME" runs
  has "$ERR" CAP_SYS_RAWIO 'the warning'
  _set CapEff
  is "$SET" "$(_bits 5 10 29)" CapEff
}

capability_works() {
  spec config.md#linux-process 'what is kept can be used, what is not kept cannot'
  bundle -p 'chown 5 /tmp && echo chown; mknod /tmp/n c 1 3 && echo mknod; hostname other && echo hostname; true' \
    '.process.capabilities |= map_values(["CAP_CHOWN"])'
  runs
  is "$OUT" chown 'what the program could do'
}

root_of_a_user_namespace_has_the_configured_capabilities() {
  spec config.md#linux-process 'the sets are those of the configuration, also in a user namespace'
  requires_userns
  bundle -p "$STATUS_LINES" "$USERNS"
  runs
  _set CapEff
  is "$SET" "$(_bits 5 10 29)" CapEff
}

ambient_capabilities_of_the_caller_stay_outside() {
  spec config.md#linux-process 'ambient: the capabilities of this set, and no others'
  requires_tool setpriv
  bundle -p "$STATUS_LINES; sleep 100" '.process.capabilities |= (.inheritable = .permitted | .ambient = [])'
  local RUNTIME="setpriv --inh-caps +kill --ambient-caps +kill $RUNTIME"
  if [ "$1" = exec ]; then
    create
    rt exec "$C" /bin/sh -c "$STATUS_LINES" || fail 'exec fails'
  else
    edit '.process.args[-1] |= rtrimstr("; sleep 100")'
    runs
  fi
  _set CapInh
  is "$SET" "$(_bits 5 10 29)" CapInh
  _set CapAmb
  is "$SET" 0 CapAmb
}
cases ambient_capabilities_of_the_caller_stay_outside run exec

ambient_capability_that_cannot_be_raised_is_a_warning() {
  spec config.md#linux-process 'a capability that cannot be granted is logged as a warning (client: in the words of runc)'
  requires_sampan
  bundle -p "$STATUS_LINES" '.process.capabilities |= (.bounding = ["CAP_CHOWN", "CAP_KILL"] | .effective = .bounding | .permitted = .bounding)' \
    '.process.capabilities |= (.inheritable = ["CAP_KILL"] | .ambient = ["CAP_KILL", "CAP_CHOWN"])'
  runs
  has "$ERR" "can't raise ambient capability CAP_CHOWN: " 'the warning'
  _set CapAmb
  is "$SET" "$(_bits 5)" CapAmb
}
