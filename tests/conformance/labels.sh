# Labels of security modules: process.apparmorProfile, process.selinuxLabel, linux.mountLabel.
# shellcheck shell=bash

_requires_apparmor() {
  [ "$(cat /sys/module/apparmor/parameters/enabled 2>/dev/null)" = Y ] || skip 'AppArmor is not active here'
  requires_tool apparmor_parser
  mountpoint -q /sys/kernel/security || mount -t securityfs securityfs /sys/kernel/security || skip 'no securityfs'
  # Everything is allowed except the folder /secret. The profile is removed with the test.
  PROFILE=sampan-test-$$-$NUMBER
  cat >"$T/profile" <<PROFILE
profile $PROFILE flags=(attach_disconnected,mediate_deleted) {
  file,
  capability,
  network,
  mount,
  umount,
  pivot_root,
  signal,
  ptrace,
  unix,
  deny /secret/** rw,
}
PROFILE
  apparmor_parser --skip-cache -r "$T/profile" || fail 'the profile cannot be loaded'
  trap 'apparmor_parser --skip-cache -R "$T/profile"; kill -KILL "${HELPERS[@]}" 2>/dev/null; wait' EXIT
}
_requires_no() { [ ! -d "$1" ] || skip "$2 is active here"; }

program_runs_under_its_apparmor_profile() {
  spec config.md#linux-process 'apparmorProfile specifies the name of the AppArmor profile for the process'
  _requires_apparmor
  bundle -p 'cat /proc/self/attr/current; cat /secret/x 2>/dev/null || echo denied; ls /proc/self/fd | wc -l' \
    ".process.apparmorProfile = \"$PROFILE\"" ".process.noNewPrivileges = $1"
  mkdir "$B/rootfs/secret"; echo x >"$B/rootfs/secret/x"
  runs
  is "$OUT" "$PROFILE (enforce)"$'\ndenied\n4' 'profile, what it denies, and descriptors'
}
cases program_runs_under_its_apparmor_profile true false

apparmor_profile_holds_for_an_ordinary_user_in_a_user_namespace() {
  spec config.md#linux-process 'apparmorProfile specifies the name of the AppArmor profile for the process'
  _requires_apparmor; requires_userns
  bundle -p 'cat /proc/self/attr/current' ".process.apparmorProfile = \"$PROFILE\"" "$USERNS" '.process.user = {uid: 1000, gid: 1000}'
  chown -R 100000:100000 "$B/rootfs"
  runs
  is "$OUT" "$PROFILE (enforce)" 'profile'
}

start_hooks_run_under_the_apparmor_profile() {
  spec own 'what a startContainer hook executes comes from the container, and is confined with it'
  requires_sampan; _requires_apparmor
  bundle -p 'cat /proc/self/attr/current' ".process.apparmorProfile = \"$PROFILE\"" \
    '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "cat /proc/self/attr/current >/tmp/hook; ls /proc/self/fd | wc -l >>/tmp/hook"]}]'
  runs
  is "$OUT" "$PROFILE (enforce)" 'of the program'
  is "$(cat "$B/rootfs/tmp/hook")" "$PROFILE (enforce)"$'\n4' 'profile and descriptors of the hook'
}

waiting_container_keeps_no_procfs() {
  spec own 'a created container holds no descriptor of the host'
  requires_sampan; _requires_apparmor
  bundle ".process.apparmorProfile = \"$PROFILE\""
  create
  lacks "$(ls -l "/proc/$INIT/fd")" '-> /proc' 'descriptors of the waiting container'
}

missing_apparmor_profile_is_an_error() {
  spec runtime.md#errors 'a value that cannot be carried out is an error'
  _requires_apparmor
  bundle '.process.apparmorProfile = "sampan-no-such-profile"'
  create_fails
  has "$ERR" '/attr/' 'message, for podman'
}

unconfined_needs_no_profile() {
  spec client 'engines ask for the profile "unconfined"'
  bundle '.process.apparmorProfile = "unconfined"'
  runs
}

apparmor_profile_without_apparmor_is_an_error() {
  spec runtime.md#errors 'a value that cannot be carried out is an error'
  _requires_no /sys/module/apparmor AppArmor
  bundle '.process.apparmorProfile = "some-profile"'
  create_fails
  has "${ERR,,}" apparmor 'message'
}

selinux_label_without_selinux_is_an_error() {
  spec runtime.md#errors 'a value that cannot be carried out is an error'
  _requires_no /sys/fs/selinux/booleans SELinux
  bundle "$1 = \"system_u:system_r:container_t:s0\""
  create_fails
  has "${ERR,,}" selinux 'message'
}
cases selinux_label_without_selinux_is_an_error .process.selinuxLabel .linux.mountLabel

empty_label_is_none() {
  spec client 'engines write an empty label where there is none'
  bundle "$1 = \"\""
  runs
}
cases empty_label_is_none .process.apparmorProfile .process.selinuxLabel .linux.mountLabel
