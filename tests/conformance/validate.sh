# What is wrong with a bundle is said without making a container.
# shellcheck shell=bash disable=SC2034

# Nothing is made, wherever it could be noticed.
_nothing_made() {
  is "$(ls -A "$ROOT" 2>/dev/null)" '' 'what is left below --root'
  is "$(find "$B" -newer "$T/before" ! -path "$B" -printf '%P ')" '' 'what is new in the bundle'
}
_validate() {
  touch "$T/before"
  sleep 0.02
  rt validate "$@" "$B"
  _nothing_made
  return "$RC"
}
# It is refused, for one reason at the place $1 whose text has $2; what follows are filters of the bundle.
_finds() {
  local place=$1 text=$2
  shift 2
  bundle "$@"
  _validate && fail 'it is valid'
  is "$RC" 1 'exit code'
  matches "$ERR" " $place(: |"$'\n'"|$)" 'the place'
  has "$ERR" "$text" 'the reason'
  _validate --json
  is "$(jq -r '[.[0].findings[] | select(.level == "error") | .pointer] | join(" ")' <<<"$OUT")" "$place" 'places'
  is "$(jq .[0].valid <<<"$OUT")" false valid
  is "$ERR" '' 'standard error beside --json'
}

bundle_that_runs_is_valid() {
  spec own 'a bundle in which nothing is wrong is valid, and nothing is made'
  requires_sampan
  bundle -p 'exit 0'
  _validate || fail 'it is not valid'
  is "$OUT" "$B/config.json is valid" 'standard output'
  is "$ERR" '' 'standard error'
  _validate --json --strict || fail 'it is not valid'
  is "$(jq -c . <<<"$OUT")" "[{\"config\":\"$B/config.json\",\"valid\":true,\"findings\":[]}]" 'as JSON'
  runs
}

what_is_named_and_missing_is_found() {
  spec own 'what config.json names is looked for: root, program, interpreter, sources, hooks, namespaces'
  requires_sampan
  case $1 in
    root) _finds /root/path 'did you mean' '.root.path = "rotfs"' ;;
    program) _finds /process/args/0 'did you mean "true"?' '.process.args = ["treu"]' ;;
    source) _finds /mounts/4/source 'must exist on the host' \
      '.mounts += [{destination: "/tmp", source: "/no/such/folder", options: ["bind"]}]' ;;
    hook) _finds /hooks/createRuntime/0/path 'does not exist' '.hooks.createRuntime = [{path: "/no/hook"}]' ;;
    inner-hook) _finds /hooks/startContainer/0/path 'does not exist' '.hooks.startContainer = [{path: "/no/hook"}]' ;;
    namespace) _finds /linux/namespaces/1/path 'No such file' '.linux.namespaces[1].path = "/run/netns/none"' ;;
    user) _finds /process/user/uid 'not mapped' "$USERNS" '.process.user = {uid: 70000, gid: 0}' ;;
  esac
}
cases what_is_named_and_missing_is_found root program source hook inner-hook namespace user

files_are_looked_for_as_the_container_will_see_them() {
  spec own 'a program on a bind mount, or behind a link of the root, is found; links never lead to the host'
  requires_sampan
  bundle '.process.args = ["/run/x/tool"] | .mounts += [{destination: "/run/x", source: "tools", options: ["bind"]}]'
  mkdir "$B/tools"
  script "$B/tools/tool" 'exit 0'
  sed -i 's|#!/bin/busybox|#!/sh/busybox|' "$B/tools/tool"
  ln -s /bin "$B/rootfs/sh"
  _validate || fail 'it is not valid'
  runs
  rm "$B/rootfs/sh"
  ln -s "$B/rootfs/bin" "$B/rootfs/sh"
  _validate && fail 'a link led out of the root'
  has "$ERR" 'the interpreter "/sh/busybox" of /run/x/tool does not exist' 'the reason'
}

each_bundle_is_judged() {
  spec own 'several bundles are judged one after another, and one that is not valid is enough for 1'
  requires_sampan
  bundle -n one
  bundle -n two '.process.cwd = "tmp" | .oops = 1'
  bundle -n three
  rt validate "$T/one" "$T/two" "$T/three/config.json" && fail 'the second one is valid'
  is "$RC" 1 'exit code'
  is "$OUT" "$T/one/config.json is valid"$'\n'"$T/three/config.json is valid" 'standard output'
  has "$ERR" "$T/two/config.json:" 'standard error'
  has "$ERR" 'unknown property "oops"' 'the warning beside the error'
  rt validate --json "$T/one" "$T/two"
  is "$(jq -c '[.[].valid]' <<<"$OUT")" '[true,false]' 'as JSON'
  is "$(jq -c '.[1].findings | map([.level, .pointer, (.line | type), (.column | type)])' <<<"$OUT")" \
    '[["error","/process/cwd","number","number"],["warning","/oops","number","number"]]' findings
}

strict_makes_warnings_fatal() {
  spec own 'unknown keys are a warning, and with --strict an error'
  requires_sampan
  bundle '.process.argz = []'
  _validate || fail 'it is not valid'
  has "$ERR" 'did you mean "args"?' 'the warning'
  _validate --strict && fail 'it is valid'
  has "$ERR" '/process/argz' 'the error'
  has "$ERR" 'did you mean "args"?' 'the hint'
}

plan_warns_of_what_is_missing() {
  spec own 'plan prints what would be done, and warns of what is named and not there'
  requires_sampan
  bundle '.process.args = ["treu"] | .hooks.poststop = [{path: "/no/hook"}]'
  does plan "$B"
  has "$OUT" 'execute treu' 'the plan'
  has "$ERR" 'warning: ' 'standard error'
  has "$ERR" 'did you mean "true"?' 'the program'
  has "$ERR" '/hooks/poststop/0/path' 'the hook'
}

plan_prints_arguments_as_words() {
  spec own 'an argument with a blank, an empty one, and control characters are quoted'
  requires_sampan
  bundle '.process.args = ["/bin/echo", "a  b", "", "\u001b[2J", "c"]'
  does plan "$B"
  has "$OUT" 'execute /bin/echo "a  b" "" "\x1b[2J" c ' 'the plan'
  lacks "$OUT" $'\e' 'a control character'
}

mistyped_system_call_is_found() {
  spec own 'a system call that nobody knows, and that is near to a known one, is a warning'
  requires_sampan
  bundle '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["mkdirr"], action: "SCMP_ACT_ERRNO"}]}'
  _validate || fail 'it is not valid'
  has "$ERR" 'did you mean "mkdir"?' 'the warning'
}

utf_16_is_told_as_such() {
  spec own 'a file in UTF-16, as some editors and shells write it, is told to be saved as UTF-8'
  requires_sampan
  bundle
  iconv -f UTF-8 -t UTF-16 "$B/config.json" >"$T/wide"
  cp "$T/wide" "$B/config.json"
  _validate && fail 'it is valid'
  has "$ERR" 'the file is UTF-16' 'what is wrong'
  has "$ERR" 'save it as UTF-8' 'the hint'
}
