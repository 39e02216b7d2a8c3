# doctor: what this machine lets this user do, and what to do about the rest.
# shellcheck shell=bash

# The health of a finding.
_health() { jq -r --arg name "$1" '.findings[] | select(.name == $name) | .health' <<<"$OUT"; }
_remedy() { jq -r --arg name "$1" '.findings[] | select(.name == $name) | .remedy // ""' <<<"$OUT"; }
# As an ordinary user, with a folder of its own, and no more than the words that follow.
_as_user() {
  COMMAND="$RUNTIME_NAME $*"
  # shellcheck disable=SC2086
  setpriv --reuid 54321 --regid 54321 --clear-groups env -u XDG_RUNTIME_DIR ${RUNTIME_DIR:+XDG_RUNTIME_DIR=$RUNTIME_DIR} \
    $RUNTIME "$@" >"$T/out" 2>"$T/err" </dev/null
  RC=$?
  OUT=$(<"$T/out") ERR=$(<"$T/err")
}
_is_complete() {
  local name
  for name in kernel namespaces 'user namespaces' mounts cgroups systemd proc overlay 'ID-mapped mounts' seccomp \
    'security modules'; do
    matches "$(_health "$name")" '^(ok|degraded|missing)$' "the health of $name"
  done
}

doctor_of_root_says_that_containers_can_be_run() {
  spec own 'doctor tells each thing that containers need, and ends with 0 where they can be run'
  requires_sampan
  does doctor --json
  is "$(jq .canRunContainers <<<"$OUT")" true 'canRunContainers'
  _is_complete
  matches "$(_health kernel)" '^(ok|degraded)$' 'the kernel'
  is "$(_health mounts) $(_health proc)" 'ok ok' 'what this test needs itself'
  is "$(jq '[.findings[] | select(.essential and .health == "missing")] | length' <<<"$OUT")" 0 'what is missing'
  does doctor
  matches "$OUT" '^(ok|degraded) +kernel +Linux ' 'the first line'
  has "$OUT" 'containers can be run by this user' 'the last line'
}

doctor_heeds_the_cgroup_manager() {
  spec own 'doctor judges by the cgroup manager that is asked for: without systemd, its manager makes no container'
  requires_sampan
  does doctor --json
  local usual
  usual=$(_health systemd)
  RUNTIME="$RUNTIME $1" rt doctor --json
  if [ "$usual" = ok ]; then
    is "$RC $(_health systemd)" '0 ok' 'the exit code, and systemd'
  else
    is "$RC $(_health systemd)" '1 missing' 'the exit code, and systemd'
    is "$(jq .canRunContainers <<<"$OUT")" false 'canRunContainers'
  fi
}
cases doctor_heeds_the_cgroup_manager --systemd-cgroup --cgroup-manager=systemd

doctor_looks_at_no_cgroups_that_are_not_used() {
  spec own 'without a cgroup manager, doctor looks at no cgroups'
  requires_sampan
  RUNTIME="$RUNTIME --cgroup-manager disabled" does doctor --json
  is "$(jq -r '.findings[] | select(.name == "cgroups") | .text' <<<"$OUT")" 'not used (--cgroup-manager disabled)' cgroups
}

doctor_leaves_nothing() {
  spec own 'doctor leaves no mount, no cgroup, no process and no folder behind'
  requires_sampan
  local before after
  before=$(cat /proc/self/mountinfo; find /sys/fs/cgroup -name '*sampan-doctor*')
  does doctor
  after=$(cat /proc/self/mountinfo; find /sys/fs/cgroup -name '*sampan-doctor*')
  is "$after" "$before" 'mounts and cgroups'
  is_absent "$ROOT" 'the folder of containers'
}

doctor_of_a_user_tells_what_is_not_lent() {
  spec own 'doctor of an ordinary user tells the ids that are lent, and the command that lends some'
  requires_sampan
  requires_userns
  requires_tool setpriv
  _as_user doctor --json
  is "$RC" 0 'the exit code'
  _is_complete
  is "$(_health 'user namespaces')" ok 'user namespaces'
  is "$(_health 'subordinate ids')" degraded 'subordinate ids'
  is "$(_remedy 'subordinate ids')" \
    'as root: usermod --add-subuids 100000-165535 --add-subgids 100000-165535 54321' 'the remedy'
  is "$(_health XDG_RUNTIME_DIR)" degraded 'the folder of a login'
  mkdir -m 0777 "$T/run"
  RUNTIME_DIR=$T/run _as_user doctor --json
  is "$(_health XDG_RUNTIME_DIR)" ok 'the folder of a login'
}

doctor_names_the_parameter_that_forbids_user_namespaces() {
  spec own 'where an ordinary user cannot make user namespaces, doctor fails, and names the parameter; so does create'
  requires_sampan
  requires_userns
  requires_tool setpriv
  # In a user namespace of its own, so that the host keeps its value.
  # shellcheck disable=SC2016
  unshare --user --map-root-user --mount sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$0" doctor --json' \
    "${RUNTIME%% *}" >"$T/out" 2>"$T/err" </dev/null
  RC=$? OUT=$(<"$T/out") ERR=$(<"$T/err")
  is "$(_health 'user namespaces')" degraded 'user namespaces'
  is "$(_remedy 'user namespaces')" 'sysctl -w user.max_user_namespaces=10000' 'the remedy'
  bundle -p true "$USERNS"
  # shellcheck disable=SC2016
  unshare --user --map-root-user --mount --pid --fork --mount-proc sh -c \
    'echo 0 >/proc/sys/user/max_user_namespaces && exec "$0" --root "$1" --cgroup-manager disabled create --bundle "$2" web' \
    "${RUNTIME%% *}" "$ROOT" "$B" >"$T/out" 2>"$T/err" </dev/null && fail 'create is accepted'
  has "$(<"$T/err")" 'sysctl -w user.max_user_namespaces=10000' 'the hint of create'
}

doctor_in_a_container_works() {
  spec own 'doctor works where much is missing: in a container that may do nothing'
  requires_sampan
  bundle '.process.args = ["/sampan", "doctor", "--json"]' \
    '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["unshare"], action: "SCMP_ACT_ERRNO"}]}'
  cp "${RUNTIME%% *}" "$B/rootfs/sampan"
  run_container
  is "$RC" 1 'the exit code'
  is "$(jq .canRunContainers <<<"$OUT")" false 'canRunContainers'
  _is_complete
  is "$(_health 'user namespaces') $(_health mounts)" 'missing missing' 'what is missing'
}
