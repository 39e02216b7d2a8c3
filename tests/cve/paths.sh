# Roots and volumes that an attacker has prepared: whatever is in them, nothing of the host is reached.
# Each test is named by the advisory that it answers.
# shellcheck shell=bash disable=SC2153

# A folder of the host that no container may reach, and a check that it has not changed.
_canary() {
  mkdir -p "$T/canary"
  echo untouched >"$T/canary/file"
  mknod "$T/canary/null" c 1 3
}
_canary_is_untouched() {
  is "$(ls "$T/canary")" $'file\nnull' 'files of the host folder'
  is "$(<"$T/canary/file")" untouched 'the file of the host'
  [ -z "$(find "$T/canary" -mindepth 1 -maxdepth 1 ! -name file ! -name null)" ] || fail 'something was made in the host folder'
  lacks "$(</proc/self/mountinfo)" "$T/canary" 'mounts'
}
# Runs it; it may fail or succeed, as long as the host does not change.
_runs_harmlessly() {
  run_container
  ! _crashed || [ "$RC" -lt 200 ] || fail 'the runtime crashes'
  _canary_is_untouched
}
# Makes NAME of the root a symbolic link to the host's folder, seen from outside and from inside.
_link_in_root() {
  rm -rf "$B/rootfs/${1:?}"
  ln -s "$2" "$B/rootfs/$1"
}

# ---- the root's own folders are links ------------------------------------------------------------------

cve_2015_3627_mount_destination_is_a_link_to_the_host() {
  spec own 'a link in the root is followed inside the root only'
  _canary
  bundle ".mounts += [{destination: \"/data\", type: \"tmpfs\", source: \"tmpfs\"}]"
  _link_in_root data "$T/canary"
  mkdir -p "$B/rootfs$T/canary"
  _runs_harmlessly
}

cve_2019_18837_mount_destination_through_dotdot_links() {
  spec own 'a link in the root is followed inside the root only'
  _canary
  bundle ".mounts += [{destination: \"/up/canary\", type: \"tmpfs\", source: \"tmpfs\"}]"
  _link_in_root up '../../../../../../../../../..'"$T"
  _runs_harmlessly
}

cve_2023_27561_proc_or_sys_is_a_link() {
  spec own 'a /proc or /sys that is a link is refused, and said so'
  requires_sampan
  bundle '.mounts += [{destination: "/sys", type: "sysfs", source: "sysfs", options: ["ro"]}]'
  mkdir "$B/rootfs/elsewhere"
  _link_in_root "$1" elsewhere
  create_fails
  has "$ERR" "/$1" 'the error'
}
cases cve_2023_27561_proc_or_sys_is_a_link proc sys

cve_2025_54867_proc_is_a_link_to_the_host() {
  spec own 'a /proc that is a link is refused'
  _canary
  bundle
  _link_in_root proc "$T/canary"
  create_fails
  _canary_is_untouched
}

cve_2026_41579_dev_is_a_link_to_the_host() {
  spec own 'no device, link or folder is made outside of the root'
  _canary
  case $1 in
    without-mount) bundle '.mounts |= map(select(.destination | startswith("/dev") | not))' ;;
    with-mount) bundle ;;
    mount-below) bundle '.mounts |= map(select(.destination != "/dev"))' ;;
  esac
  _link_in_root dev "$T/canary"
  _runs_harmlessly
}
cases cve_2026_41579_dev_is_a_link_to_the_host without-mount with-mount mount-below

cve_2026_41579_dev_is_a_link_with_dotdot() {
  spec own 'no device, link or folder is made outside of the root'
  _canary
  bundle '.mounts |= map(select(.destination | startswith("/dev") | not))' \
    '.linux.devices = [{path: "/dev/sub/fuse", type: "c", major: 10, minor: 229}]'
  _link_in_root dev "../../../../../../../..$T/canary"
  _runs_harmlessly
}

cve_2026_88264_dev_console_is_a_link_to_the_host() {
  spec own 'the console is never made, or bound, through a link'
  requires_python
  _canary
  bundle '.mounts |= map(select(.destination | startswith("/dev") | not))' '.process.terminal = true'
  mkdir -p "$B/rootfs/dev"
  ln -s "$T/canary/console" "$B/rootfs/dev/console"
  script -qec "$RUNTIME --root $ROOT run --bundle $B $C" /dev/null >"$T/out" 2>&1 </dev/null
  _canary_is_untouched
}
# util-linux has a program of that name; lib.sh has a function.
unset -f script

cve_2025_31133_dev_null_is_a_link() {
  spec own 'a masked path is hidden by the null device and by nothing else'
  _canary
  bundle -p 'cat /etc/secret; exit 0' '.linux.maskedPaths = ["/etc/secret"]' \
    '.mounts |= map(select(.destination | startswith("/dev") | not))'
  mkdir -p "$B/rootfs/dev"
  echo top-secret >"$B/rootfs/etc/secret"
  ln -s /etc/passwd "$B/rootfs/dev/null"
  run_container
  lacks "$OUT$ERR" root:x:0 'what the program sees of another file'
  lacks "$OUT$ERR" top-secret 'what the program sees of the masked file'
}

cve_2025_31133_dev_null_is_another_device() {
  spec own 'a masked path is hidden by the null device and by nothing else'
  bundle -p 'head -c 4 /etc/secret | od -An -tx1; exit 0' '.linux.maskedPaths = ["/etc/secret"]' \
    '.mounts |= map(select(.destination | startswith("/dev") | not))'
  mkdir -p "$B/rootfs/dev"
  echo top-secret >"$B/rootfs/etc/secret"
  mknod "$B/rootfs/dev/null" c 1 5
  run_container
  lacks "$OUT" '00 00 00 00' 'what the program reads'
  lacks "$OUT" '74 6f 70' 'what the program reads'
}

cve_2026_88265_stdio_ends_in_no_file_of_the_host() {
  spec own 'a link at /dev/null does not redirect the streams of the program'
  _canary
  bundle -p 'echo text; echo text >&2' '.mounts |= map(select(.destination | startswith("/dev") | not))'
  mkdir -p "$B/rootfs/dev"
  ln -s "$T/canary/file" "$B/rootfs/dev/null"
  _runs_harmlessly
}

cve_2025_24965_home_and_passwd_are_links() {
  spec own 'files of the root are read inside the root only'
  bundle -p 'echo "$HOME"' '.process.user = {uid: 1000, gid: 1000}'
  echo 'evil:x:1000:1000::/from-the-host:/bin/sh' >"$T/passwd"
  rm "$B/rootfs/etc/passwd"
  ln -s "$T/passwd" "$B/rootfs/etc/passwd"
  run_container
  lacks "$OUT" /from-the-host 'HOME'
}

# ---- /proc that is not proc ------------------------------------------------------------------------------

cve_2019_16884_mount_over_proc() {
  spec own 'nothing but proc is mounted on /proc, and nothing over the files that the runtime writes'
  requires_sampan
  mkdir -p "$T/fake/self/attr"
  case $1 in
    tmpfs) bundle '(.mounts[] | select(.destination == "/proc")) |= {destination, type: "tmpfs", source: "tmpfs"}' ;;
    bind) bundle '(.mounts[] | select(.destination == "/proc")) |= {destination, type: "bind", source: ($T + "/fake"), options: ["bind"]}' ;;
    self) bundle '.mounts += [{destination: "/proc/self", type: "bind", source: ($T + "/fake/self"), options: ["bind"]}]' ;;
    attr) bundle '.mounts += [{destination: "/proc/self/attr", type: "tmpfs", source: "tmpfs"}]' ;;
    sys) bundle '.mounts += [{destination: "/proc/sys", type: "tmpfs", source: "tmpfs"}]' ;;
  esac
  create_fails
  has "$ERR" /proc 'the error'
}
cases cve_2019_16884_mount_over_proc tmpfs bind self attr sys

cve_2025_52881_sysctl_is_written_to_proc_only() {
  spec own 'a sysctl is written to a proc file system that the container cannot prepare'
  _canary
  bundle '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  mkdir -p "$B/rootfs/proc/sys/net/ipv4"
  ln -s "$T/canary/file" "$B/rootfs/proc/sys/net/ipv4/ip_forward"
  _runs_harmlessly
  bundle -n other '.linux.sysctl = {"net.ipv4.ip_forward": "1"}' '.mounts |= map(select(.destination != "/proc"))'
  mkdir -p "$B/rootfs/proc/sys/net/ipv4"
  echo untouched >"$B/rootfs/proc/sys/net/ipv4/ip_forward"
  run_container
  is "$(<"$B/rootfs/proc/sys/net/ipv4/ip_forward")" untouched 'the file that pretends to be a sysctl'
}

cve_2025_52881_sysctl_name_leaves_its_folder() {
  spec own 'the name of a sysctl cannot name another file'
  bundle ".linux.sysctl = {\"$1\": \"x\"}"
  create_fails
}
cases cve_2025_52881_sysctl_name_leaves_its_folder 'net/../../sysrq-trigger' 'net.././../sysrq-trigger' 'net/../kernel/core_pattern'

hugetlb_page_size_names_no_other_file() {
  spec own 'a page size cannot name another file of the cgroup'
  bundle '.linux.resources.hugepageLimits = [{pageSize: "../../x", limit: 1}]'
  create_fails
}

# ---- races ---------------------------------------------------------------------------------------------

# Exchanges two names in a folder, forever; by the command that follows, if there is one.
_exchanger() {
  cat >"$T/exchange.py" <<'PY'
import ctypes, sys
libc = ctypes.CDLL(None)
one, two = (name.encode() for name in sys.argv[1:3])
while True:
    libc.renameat2(-100, one, -100, two, 2)
PY
  helper "${@:3}" "$PYTHON" -c "$(<"$T/exchange.py")" "$1" "$2"
}

cve_2021_30465_destination_is_exchanged_for_a_link() {
  spec own 'a mount destination that changes under our hands leads nowhere outside of the root'
  requires_python
  _canary
  mkdir "$T/volume" "$T/volume/dir" "$T/source"
  ln -s "$T/canary" "$T/volume/link"
  bundle '.mounts += [
      {destination: "/volume", type: "bind", source: ($T + "/volume"), options: ["rbind"]},
      {destination: "/volume/dir/a", type: "tmpfs", source: "tmpfs"},
      {destination: "/volume/dir", type: "bind", source: ($T + "/source"), options: ["bind"]}]'
  mkdir "$B/rootfs/volume"
  _exchanger "$T/volume/dir" "$T/volume/link"
  local i
  for ((i = 0; i < 60; i++)); do
    rt run --bundle "$B" "$C"
    ! _crashed || fail 'run crashes'
    _canary_is_untouched
  done
}

cve_2024_45310_no_folder_is_made_on_the_host() {
  spec own 'missing folders of a destination are made inside the root only'
  requires_python
  _canary
  mkdir "$T/volume" "$T/volume/dir"
  ln -s "$T/canary" "$T/volume/link"
  bundle '.mounts += [
      {destination: "/volume", type: "bind", source: ($T + "/volume"), options: ["rbind"]},
      {destination: "/volume/dir/new/deep", type: "tmpfs", source: "tmpfs"}]'
  mkdir "$B/rootfs/volume"
  _exchanger "$T/volume/dir" "$T/volume/link"
  local i
  for ((i = 0; i < 60; i++)); do
    rt run --bundle "$B" "$C"
    rm -rf "$T"/volume/*/new
    _canary_is_untouched
  done
}

cve_2019_19921_proc_is_exchanged_for_a_link() {
  spec own 'what the runtime writes below /proc goes to proc, whatever /proc is by then'
  requires_python
  # What the program itself sees is not checked: whoever owns the root can also exchange it later.
  bundle '.linux.sysctl = {"net.ipv4.ip_forward": "1"}'
  mkdir -p "$B/rootfs/elsewhere/sys/net/ipv4"
  echo untouched >"$B/rootfs/elsewhere/sys/net/ipv4/ip_forward"
  find "$B/rootfs/elsewhere" >"$T/before"
  ln -s elsewhere "$B/rootfs/link"
  _exchanger "$B/rootfs/proc" "$B/rootfs/link"
  local i
  for ((i = 0; i < 60; i++)); do
    rt run --bundle "$B" "$C"
    ! _crashed || fail 'run crashes'
  done
  is "$(<"$B/rootfs/elsewhere/sys/net/ipv4/ip_forward")" untouched 'the file that pretends to be a sysctl'
  is "$(find "$B/rootfs/elsewhere")" "$(<"$T/before")" 'files of the folder that pretends to be /proc'
}

# ROUNDS of a race; use many more by hand.
ROUNDS=${ATTACK_ROUNDS:-20}

masks_hold_while_the_owner_of_the_root_exchanges_proc() {
  spec own 'what is masked or read-only in a mount of ours stays so, whatever is done to the names on the way to it'
  requires_sampan
  requires_python
  requires_tool setpriv
  # The program holds the proc that it finds, under whichever name, and looks at it from there. Many paths
  # take longer, which gives the other process time.
  bundle -p 'i=0
    while [ $i -lt 1000 ]; do
      i=$((i + 1))
      for at in /proc /elsewhere; do
        cd $at 2>/dev/null && [ -e ./self/status ] || continue
        echo found
        [ -z "$(head -c 1 ./cpuinfo)" ] || echo unmasked
        [ -z "$(ls -A ./irq)" ] || echo unmasked folder
        { echo 1 >./sys/net/ipv4/ip_forward; } 2>/dev/null && echo writable
        exit 0
      done
    done' ".linux.maskedPaths = [$(printf '"%s", ' /proc/sys/kernel/[a-p]*)\"/proc/cpuinfo\", \"/proc/irq\"]" \
    '.linux.readonlyPaths = ["/proc/sys"]'
  mkdir "$B/rootfs/elsewhere"
  chown 1000 "$B/rootfs"
  # An ordinary user, who may not even enter the folders above.
  _exchanger proc elsewhere env -C "$B/rootfs" setpriv --reuid=1000 --regid=1000 --clear-groups
  local i found=0
  for ((i = 0; i < ROUNDS; i++)); do
    run_container
    ! _crashed || fail 'run crashes'
    lacks "$OUT" unmasked 'what the program sees'
    lacks "$OUT" writable 'what the program sees'
    [[ $OUT != found* ]] || found=$((found + 1))
  done
  [ "$found" -gt 0 ] || fail 'no program found the proc of its container'
}

devices_are_made_in_our_dev_while_its_folder_is_exchanged() {
  spec own 'devices, links and mounts go into the /dev that was mounted, whatever is done to its name'
  requires_sampan
  requires_python
  bundle -p 'i=0
    while [ $i -lt 1000 ]; do
      i=$((i + 1))
      for at in /dev /elsewhere; do
        cd $at && [ -d ./pts ] || continue
        for name in null zero full random urandom tty; do [ -c ./$name ] || echo "no $name"; done
        [ -L ./ptmx ] || echo no ptmx
        exit 0
      done
    done'
  mkdir -p "$B/rootfs/elsewhere"
  _exchanger "$B/rootfs/dev" "$B/rootfs/elsewhere"
  local i
  for ((i = 0; i < ROUNDS; i++)); do
    run_container
    ! _crashed || fail 'run crashes'
    lacks "$OUT" no 'what the program sees'
  done
  is "$(find "$B/rootfs/dev" "$B/rootfs/elsewhere" -mindepth 1)" '' 'what was made in the root itself'
}

# ---- files of the root that are not what they are taken for ----------------------------------------------

passwd_that_is_no_file_is_not_opened() {
  spec own 'nothing of the root is opened but regular files'
  requires_sampan
  requires_tool strace
  bundle -p 'echo $HOME' '.process.user.uid = 1000'
  rm "$B/rootfs/etc/passwd"
  case $1 in
    device) mknod -m 0666 "$B/rootfs/etc/passwd" c 1 3 ;;
    fifo) mkfifo -m 0666 "$B/rootfs/etc/passwd" ;;
  esac
  strace -f -qq -e trace=openat,openat2 -o "$T/trace" $RUNTIME --root "$ROOT" run --bundle "$B" "$C" >"$T/out" 2>"$T/err" </dev/null
  is "$(<"$T/out")" / 'HOME'
  has "$(<"$T/err")" 'it is not a regular file' 'the warning'
  # The descriptor by which it is examined (O_PATH) does not open it.
  is "$(grep 'passwd"' "$T/trace" | grep -v O_PATH)" '' 'openings of it'
}
cases passwd_that_is_no_file_is_not_opened device fifo
