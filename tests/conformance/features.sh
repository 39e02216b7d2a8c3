# The features structure: what it lists is what the runtime takes (features.md, features-linux.md).
# shellcheck shell=bash

# Reads the structure into FEATURES.
_features() {
  rt features || lacks_support 'the command features'
  FEATURES=$OUT
}
# The array at a path, as JSON. It runs in a subshell, whose exit code ends the test.
_list() { jq -ce "$1 // empty" <<<"$FEATURES" || lacks_support "$1 in the structure" >&2; }

features_have_the_versions() {
  spec features.md#specification-version 'ociVersionMin and ociVersionMax are required, the first is not above the second'
  _features
  local min max
  min=$(jq -r .ociVersionMin <<<"$FEATURES") max=$(jq -r .ociVersionMax <<<"$FEATURES")
  matches "$min" '^[0-9]+\.[0-9]+\.[0-9]+' ociVersionMin
  matches "$max" '^[0-9]+\.[0-9]+\.[0-9]+' ociVersionMax
  is "$(printf '%s\n%s\n' "$min" "$max" | sort -V | head -n 1)" "$min" 'the lower version'
}

version_of_the_features_is_accepted() {
  spec features.md#specification-version "$1 is accepted as the ociVersion of config.json"
  _features
  bundle ".ociVersion = $(jq ".$1" <<<"$FEATURES")"
  runs
}
cases version_of_the_features_is_accepted ociVersionMin ociVersionMax

features_have_only_defined_properties() {
  spec features.md#specification-version 'no properties that the specification does not define'
  _features
  is "$(jq -c 'keys - ["ociVersionMin", "ociVersionMax", "hooks", "mountOptions", "linux", "annotations", "potentiallyUnsafeConfigAnnotations"]' <<<"$FEATURES")" '[]' 'other properties'
  is "$(jq -c '(.linux // {}) | keys - ["namespaces", "capabilities", "cgroup", "seccomp", "apparmor", "selinux", "intelRdt", "memoryPolicy", "mountExtensions", "netDevices"]' <<<"$FEATURES")" '[]' 'other properties of linux'
  is "$(jq -c '(.annotations // {}) | to_entries | map(select((.key | length) == 0 or (.value | type) != "string"))' <<<"$FEATURES")" '[]' 'bad annotations'
}

features_do_not_depend_on_the_machine() {
  spec features.md 'the content is determined when the runtime is built (SHOULD)'
  _features
  local before=$FEATURES
  # Another root, no cgroups, no rights: nothing of this may have an effect.
  OUT=$(unshare --mount --user --map-root-user sh -c "umount -l /sys/fs/cgroup 2>/dev/null; exec $RUNTIME --root $T/other features")
  is "$OUT" "$before" 'features elsewhere'
}

listed_mount_options_are_recognized() {
  spec features.md#mount-options 'each listed option is recognized in mounts[].options'
  _features
  local options
  # Options that need another kind of mount have tests of their own; of a pair, the last one counts.
  options=$(_list '.mountOptions | map(select(IN("bind", "rbind", "remount", "idmap", "ridmap", "copy-symlink", "src-nofollow", "tmpcopyup", "tmpupper", "mand", "nomand", "iversion", "noiversion") | not))') || exit
  bundle ".mounts += [{destination: \"/data\", type: \"tmpfs\", source: \"tmpfs\", options: $options}]"
  runs
}

listed_mount_option_is_recognized_alone() {
  spec features.md#mount-options 'each listed option is recognized in mounts[].options, whatever stands beside it'
  _features
  local options maps='[{containerID: 0, hostID: 100000, size: 65536}]'
  options=$(_list .mountOptions) || exit
  # A tmpfs for each option; it refuses an option that is passed on to it and not its own.
  bundle ".mounts += [${options}[] | {destination: (\"/data/\" + .), type: \"tmpfs\", source: \"/tmp\", options: [.]}
    | if .options[0] | IN(\"idmap\", \"ridmap\") then . + {options: (.options + [\"bind\"]), uidMappings: $maps, gidMappings: $maps}
      elif .options[0] | IN(\"copy-symlink\", \"src-nofollow\") then .options += [\"bind\"]
      elif .options == [\"tmpupper\"] then .type = \"overlay\" | .options += [\"lowerdir=/usr\"]
      elif .options == [\"remount\"] then .destination = \"/dev/shm\" else . end]"
  runs
}

option_that_is_not_listed_goes_to_the_file_system() {
  spec config.md#mounts 'options that the runtime does not know are passed to the file system'
  _features
  is "$(jq --arg name "$1" '.mountOptions // [] | index($name)' <<<"$FEATURES")" null "place of $1 in the list"
  bundle ".mounts += [{destination: \"/data\", type: \"tmpfs\", source: \"tmpfs\", options: [\"$1\"]}]" \
    '.process.args = ["/bin/grep", " /data ", "/proc/self/mountinfo"]'
  case $1 in
    size=*|nr_inodes=*|mode=*)
      runs
      has "${OUT##* - }" "$1" 'options of the file system' ;;
    # Similar to options that are listed. tmpfs knows none of them.
    *) create_fails ;;
  esac
}
cases option_that_is_not_listed_goes_to_the_file_system size=256k nr_inodes=77 mode=711 nosuch nosuch=1 RO \
  nobind noidmap rlazytime rsilent rrro no-dev

listed_mount_options_are_not_those_of_a_file_system() {
  spec features.md#mount-options 'no file-system-specific options are listed (SHOULD NOT)'
  _features
  is "$(_list '.mountOptions | map(select(IN("size", "mode", "uid", "gid", "newinstance", "ptmxmode", "hidepid")))')" '[]' 'options of file systems'
}

id_mapped_mounts_are_listed() {
  spec features-linux.md#mountextensions 'mountExtensions.idmap.enabled is true where uidMappings and gidMappings are known'
  _features
  is "$(_list '.linux.mountExtensions.idmap')" '{"enabled":true}' 'mountExtensions.idmap'
}

listed_namespaces_are_recognized() {
  spec features-linux.md#namespaces 'each listed type is recognized in linux.namespaces'
  requires_userns
  _features
  local types
  types=$(_list '.linux.namespaces | map({type: .})') || exit
  bundle "$USERNS | .linux.namespaces = $types"
  [[ $types != *time* ]] || [ -e /proc/self/ns/time ] || skip 'the kernel has no time namespaces'
  runs
}

listed_capabilities_are_recognized() {
  spec features-linux.md#capabilities 'each listed capability is recognized'
  _features
  local names
  names=$(_list .linux.capabilities) || exit
  bundle ".process.capabilities = {bounding: $names}"
  runs
  lacks "${ERR,,}" unknown 'what the runtime says'
}

listed_seccomp_words_are_recognized() {
  spec features-linux.md#seccomp "each listed word of $1 is recognized"
  _features
  local words word flags='' rules
  words=$(_list ".linux.seccomp.$1") || exit
  # Each for a call that the program does not make. NOTIFY needs an agent that listens.
  for word in $(jq -r '.[] | select(. != "SCMP_ACT_NOTIFY")' <<<"$words"); do
    case $1 in
      actions) rules="[{names: [\"acct\"], action: \"$word\"}]" ;;
      operators) rules="[{names: [\"acct\"], action: \"SCMP_ACT_ERRNO\", args: [{index: 0, value: 1, valueTwo: 1, op: \"$word\"}]}]" ;;
      *Flags) rules='[{names: ["acct"], action: "SCMP_ACT_ERRNO"}]' flags=", flags: [\"$word\"]" ;;
    esac
    bundle -n "bundle-$word" ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: $rules $flags}"
    rt run --bundle "$B" "$C-${word//_/-}" && continue
    # A known flag may still be newer than the kernel, and then that is the reason.
    [[ $1 == knownFlags && $ERR == *kernel* ]] || fail "$word is not taken"
  done
  # And not just any word is accepted.
  bundle -n bundle-unknown ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\"} + $(case $1 in
      actions) echo '{syscalls: [{names: ["acct"], action: "SCMP_ACT_NOSUCH"}]}' ;;
      operators) echo '{syscalls: [{names: ["acct"], action: "SCMP_ACT_ERRNO", args: [{index: 0, value: 1, op: "SCMP_CMP_NOSUCH"}]}]}' ;;
      *Flags) echo '{flags: ["SECCOMP_FILTER_FLAG_NOSUCH"]}' ;;
    esac)"
  run_fails
}
cases listed_seccomp_words_are_recognized actions operators knownFlags supportedFlags

# A container with a filter for the architecture $1, too.
_runs_with_architecture() {
  bundle -n "bundle-$1" ".linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", architectures: [\"$1\"],
    syscalls: [{names: [\"acct\"], action: \"SCMP_ACT_ERRNO\"}]}"
  rt run --bundle "$B" "$C-${1//_/-}"
}

listed_architectures_are_recognized() {
  spec features-linux.md#seccomp 'each listed architecture is recognized'
  _features
  local word words
  words=$(_list .linux.seccomp.archs) || exit
  for word in $(jq -r '.[]' <<<"$words"); do
    _runs_with_architecture "$word" || fail "$word is not taken"
  done
}

architecture_that_is_not_listed_is_refused() {
  spec own 'an architecture is listed exactly when it can be used'
  requires_sampan
  _features
  local word
  for word in $(jq -r '["SCMP_ARCH_X86", "SCMP_ARCH_X86_64", "SCMP_ARCH_X32", "SCMP_ARCH_ARM", "SCMP_ARCH_AARCH64",
      "SCMP_ARCH_MIPS", "SCMP_ARCH_MIPSEL", "SCMP_ARCH_PPC64", "SCMP_ARCH_PPC64LE", "SCMP_ARCH_S390X",
      "SCMP_ARCH_RISCV64", "SCMP_ARCH_LOONGARCH64", "SCMP_ARCH_M68K", "SCMP_ARCH_SH", "SCMP_ARCH_SHEB"]
      - .linux.seccomp.archs | .[]' <<<"$FEATURES"); do
    ! _runs_with_architecture "$word" || fail "$word is taken and not listed"
    has "$ERR" /linux/seccomp/architectures "the pointer for $word"
  done
}

listed_memory_policies_are_recognized() {
  spec features-linux.md#memorypolicy "each listed word of $1 is recognized"
  requires_sampan
  _features
  local word filter
  for word in $(_list ".linux.memoryPolicy.$1" | jq -r '.[]'); do
    filter="{mode: \"$word\"}"
    case $1-$word in
      modes-MPOL_DEFAULT|modes-MPOL_LOCAL) ;;
      modes-*) filter="{mode: \"$word\", nodes: \"0\"}" ;;
      flags-*) filter="{mode: \"MPOL_BIND\", nodes: \"0\", flags: [\"$word\"]}" ;;
    esac
    bundle -n "bundle-$word" ".linux.memoryPolicy = $filter"
    rt plan "$B" || fail "$word is not taken"
  done
}
cases listed_memory_policies_are_recognized modes flags

disabled_feature_is_not_carried_out() {
  spec features-linux.md "a feature that the structure denies is refused, never passed over"
  requires_sampan
  _features
  local property=$1
  [ "$(jq -r ".linux.$property.enabled" <<<"$FEATURES")" = false ] || skip 'the feature is there'
  case $property in
    apparmor) bundle '.process.apparmorProfile = "x"' ;;
    selinux) bundle '.process.selinuxLabel = "a:b:c:s0"' ;;
    intelRdt) bundle '.linux.intelRdt = {closID: "x"}' ;;
    netDevices) bundle '.linux.netDevices = {"eth7": {}}' ;;
  esac
  create_fails
}
cases disabled_feature_is_not_carried_out apparmor selinux intelRdt netDevices
