# maskedPaths and readonlyPaths (config-linux.md#masked-paths, #readonly-paths).
# shellcheck shell=bash

masked_file_cannot_be_read() {
  spec config-linux.md#masked-paths 'masked paths cannot be read'
  bundle -p 'cat /secret | wc -c; cat /proc/keys | wc -c' '.linux.maskedPaths = ["/secret", "/proc/keys"]'
  echo secret >"$B/rootfs/secret"
  runs
  is "$OUT" $'0\n0' 'bytes read'
}

masked_folder_is_empty() {
  spec config-linux.md#masked-paths 'masked paths cannot be read'
  bundle -p 'ls -A /folder; ls -A /proc/irq; echo x >/folder/new; echo end' '.linux.maskedPaths = ["/folder", "/proc/irq"]'
  mkdir "$B/rootfs/folder"
  touch "$B/rootfs/folder/file"
  runs
  is "$OUT" end 'what is in the folders'
  is_absent "$B/rootfs/folder/new" 'in the bundle'
}

masked_path_that_is_missing_is_skipped() {
  spec config-linux.md#masked-paths 'a path that does not exist has nothing to mask'
  bundle -p 'echo ran' '.linux.maskedPaths = ["/no/such", "/proc/no_such"]'
  runs
  is "$OUT" ran 'output'
}

masks_are_seen_by_nobody_outside() {
  spec config-linux.md#masked-paths 'paths are masked inside the container'
  bundle -p 'sleep 100' '.linux.maskedPaths = ["/secret"]'
  echo secret >"$B/rootfs/secret"
  create
  is "$(<"$B/rootfs/secret")" secret 'the file outside'
}

readonly_path_cannot_be_written() {
  spec config-linux.md#readonly-paths 'the paths are read-only inside the container'
  bundle -p 'echo x >/file; echo x >/folder/new; echo 1 >/proc/sys/kernel/domainname; cat /file' \
    '.linux.readonlyPaths = ["/file", "/folder", "/proc/sys"]' "$ALL_CAPS"
  echo content >"$B/rootfs/file"
  mkdir "$B/rootfs/folder"
  runs
  is "$OUT" content 'the file'
  is "$(grep -c 'Read-only file system' <<<"$ERR")" 3 'refusals'
}

readonly_path_that_is_missing_is_skipped() {
  spec config-linux.md#readonly-paths 'a path that does not exist has nothing to protect'
  bundle -p 'echo ran' '.linux.readonlyPaths = ["/no/such"]'
  runs
  is "$OUT" ran 'output'
}

readonly_path_keeps_other_flags() {
  spec client 'flags of the mount below (nosuid, nodev, noexec) are kept'
  bundle -p 'grep " /proc/sys " /proc/self/mountinfo' '(.mounts[] | select(.destination == "/proc")).options = ["nosuid", "noexec", "nodev"]' \
    '.linux.readonlyPaths = ["/proc/sys"]'
  runs
  for flag in ro nosuid nodev noexec; do has_word "$OUT" "$flag" 'flags of /proc/sys'; done
}

readonly_path_below_a_masked_one_is_no_error() {
  spec config-linux.md#masked-paths 'both lists are applied'
  bundle -p 'ls -A /folder' '.linux.maskedPaths = ["/folder"] | .linux.readonlyPaths = ["/folder", "/folder/sub"]'
  mkdir -p "$B/rootfs/folder/sub"
  runs
  is "$OUT" '' 'the folder'
}

masked_path_through_a_symlink_stays_inside() {
  spec config-linux.md#masked-paths 'paths are those of the container'
  bundle -p 'cat /etc/target | wc -c' '.linux.maskedPaths = ["/link"]'
  echo secret >"$B/rootfs/etc/target"
  ln -s /etc/target "$B/rootfs/link"
  runs
  is "$OUT" 0 'bytes read'
}

mask_uses_a_checked_dev_null() {
  spec own 'masking does not follow a /dev/null of the image that is something else (CVE-2025-31133)'
  requires_sampan
  bundle -p 'cat /secret' '.linux.maskedPaths = ["/secret"]' '.mounts |= map(select(.destination | startswith("/dev") | not))'
  echo secret >"$B/rootfs/secret"
  ln -s /etc/passwd "$B/rootfs/dev/null"
  run_container
  lacks "$OUT" root: 'what is read'
  lacks "$OUT" secret 'what is read'
}

unmasked_container_shows_proc() {
  spec config-linux.md#masked-paths 'only the listed paths are masked'
  bundle -p 'ls /proc/irq | wc -l; [ -w /proc/sys/kernel/domainname ] && echo writable' "$ALL_CAPS"
  runs
  matches "$OUT" $'^[1-9][0-9]*\nwritable$' 'number of entries of /proc/irq, and /proc/sys'
}

# In a circle, or with a name that is too long for any file: inside, nothing can be opened by this path
# either.
path_that_leads_nowhere_is_skipped() {
  spec config-linux.md#masked-paths 'a path that does not exist has nothing to mask or to protect'
  local long
  long=$(printf 'x%.0s' {1..300})
  bundle -p 'cat /secret | wc -c; cat /circle 2>/dev/null || echo circle' \
    ".linux.$1 = [\"/circle\", \"/circle/below\", \"/etc/$long\", \"/$long/below\"] | .linux.maskedPaths += [\"/secret\"]"
  ln -s other "$B/rootfs/circle"
  ln -s circle "$B/rootfs/other"
  echo secret >"$B/rootfs/secret"
  runs
  is "$OUT" $'0\ncircle' 'bytes of a path that is masked, and the circle'
}
cases path_that_leads_nowhere_is_skipped maskedPaths readonlyPaths

# Each process would see another file there. What cannot be masked must not seem to be masked.
path_through_a_magic_link_is_an_error() {
  spec own 'a path that leads through a magic link of procfs cannot be masked, and the error says why'
  requires_sampan
  bundle ".linux.${1%%:*} = [\"${1#*:}\"]"
  create_fails
  has "$ERR" 'magic link' 'the error'
  has "$ERR" "/linux/${1%%:*}/0" 'the place'
}
cases path_through_a_magic_link_is_an_error maskedPaths:/dev/stdin maskedPaths:/proc/self/cwd \
  maskedPaths:/proc/self/root/etc/passwd readonlyPaths:/dev/stdin readonlyPaths:/proc/self/cwd

root_as_a_path_is_an_error_that_tells_the_way() {
  spec own 'the root itself is made read-only by root.readonly, and the error says so'
  requires_sampan
  bundle '.linux.readonlyPaths = ["/"]'
  create_fails
  has "$ERR" '"readonly": true in /root' 'the hint'
}

path_that_is_listed_twice_is_masked_once() {
  spec client 'a path that is masked twice has one mount on it (runc)'
  requires_sampan
  bundle -p 'grep -c " /there " /proc/self/mountinfo' '.linux.maskedPaths = ["/there", "/there"]'
  mkdir "$B/rootfs/there"
  runs
  is "$OUT" 1 'mounts'
}
