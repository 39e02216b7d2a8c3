# shellcheck shell=bash disable=SC2034
# What the tests of clients are written with: real engines of this machine, which are given the runtime under
# test and one of its peers, one after the other. A check is a sentence; it passes when both make the engine say
# and do the same.
#
#   RUNTIME   the runtime under test (default: the sampan that was built in ./build)
#   PEER      the one beside it (default: runc)
#   SHOW      anything: what both print is shown, not only that they agree
#   ONLY      shell patterns with | between them: only the checks whose title matches one
#
# Everything that an engine keeps is in a private folder below /tmp, which goes at the end with the daemons.

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
contrib=$here/../../contrib
number=0 failed=0

skip_all() { echo "1..0 # SKIP $1"; exit 77; }

# Sets RUNTIME, PEER, WORK and, in WORK, the root file system of busybox: ROOTFS. $@: programs without which
# nothing can be tested.
prepare() {
  local tool
  [ "$(id -u)" = 0 ] || [ "${AS_USER:-no}" = yes ] || skip_all 'run it as root'
  for tool in "$@" busybox; do command -v "$tool" >/dev/null || skip_all "$tool is not installed"; done
  PEER=$(command -v "${PEER:-runc}") || skip_all "there is no ${PEER:-runc} to compare with"
  [ -n "${RUNTIME:-}" ] || RUNTIME=$here/../../build/src/cli/sampan
  RUNTIME=$(realpath -s -- "$(command -v -- "$RUNTIME")") || skip_all 'RUNTIME is not set and sampan is not built in ./build'
  WORK=$(mktemp -d /tmp/sampan-clients.XXXXXX) || exit 2
  chmod 0755 "$WORK"
  ROOTFS=$WORK/rootfs
  mkdir -p "$ROOTFS"/{bin,etc,proc,sys,dev,tmp,run,root}
  cp "$(command -v busybox)" "$ROOTFS/bin/busybox"
  for tool in $("$ROOTFS/bin/busybox" --list); do
    [ -e "$ROOTFS/bin/$tool" ] || ln -s busybox "$ROOTFS/bin/$tool"
  done
  printf 'root:x:0:0:root:/root:/bin/sh\nuser:x:1000:1000::/tmp:/bin/sh\n' >"$ROOTFS/etc/passwd"
  printf 'root:x:0:\nuser:x:1000:\n' >"$ROOTFS/etc/group"
  # conmon leaves a file "oom" in the folder in which it was started.
  cd "$WORK" || exit 2
  trap 'finish; remove_parent; rm -rf --one-file-system "$WORK"' EXIT
  trap 'exit 130' INT TERM HUP
  echo 'TAP version 13'
}
finish() { :; }

# A file of contrib/ with the program under test in the place of the one that is installed.
with_program() { sed "s#/usr/bin/sampan#$RUNTIME#" "$1"; }

# The cgroup below which an engine puts its containers is removed at the end, unless it existed before. $1:
# its name.
PARENT=''
parents() { find /sys/fs/cgroup -mindepth 1 -maxdepth 4 -depth -type d \( -path "*/$1" -o -path "*/$1/*" \) 2>/dev/null; }
owns_parent() { [ -n "$(parents "$1")" ] || PARENT=$1; }
remove_parent() { [ -z "$PARENT" ] || parents "$PARENT" | xargs -r rmdir 2>/dev/null; }

# Removes what always differs: names of runtimes, long IDs, times, the sentence around an error, and the place
# in config.json and the hint, which only sampan has.
plain() {
  tr -d '\0\r' | sed -E -e "s#$RUNTIME#RUNTIME#g; s#$PEER#RUNTIME#g; /Cap[A-Z][a-z]*:/!{s/[0-9a-f]{64}/ID/g; s/[0-9a-f]{12}/ID/g}; s/time=\"[^\"]*\"//" \
    -e '/level=warning msg=/d; /config\.json(:[0-9]+)*: \//d; /^      /d; /^(chmod \+x makes|the source of a bind|did you mean|PATH is|the container.s root is)/d' \
    -e 's/No such file or directory/no such file or directory/; s/[Oo]peration not permitted/operation not permitted/' \
    -e '/^Error: |^ctr: |^error running container|level=error/{s/.*(executable file not found|no such file or directory|permission denied|operation not permitted).*/error: \1/}'
}

# What the commands print, one after the other, with their exit codes; RT is the runtime. $1 is a function or
# a command.
transcript() {
  local code
  "$@" </dev/null >"$WORK/said" 2>&1
  code=$?
  plain <"$WORK/said"
  echo "exit code $code"
}

# shellcheck disable=SC2053
wanted() { [[ $1 == @(${ONLY:-*}) ]]; }

# check TITLE FUNCTION: runs it twice, with RT set to each of the two.
check() {
  local title=$1 ours theirs; shift
  wanted "$title" || return 0
  number=$((number + 1))
  RT=$PEER; theirs=$(transcript "$@")
  RT=$RUNTIME; ours=$(transcript "$@")
  if [ "$ours" = "$theirs" ]; then
    echo "ok $number - $title"
    # What fails with both may be intended, or the fault of this machine.
    printf '%s\n' "$ours" | grep -E "${SHOW:+|}^[Ee]rror|level=error|exit code( of [a-z]*:)? [1-9]" | sed 's/^/#  both: /'
  else
    failed=$((failed + 1))
    echo "not ok $number - $title"
    diff <(printf '%s\n' "$theirs") <(printf '%s\n' "$ours") | sed -e 's/^</#  peer:/; s/^>/#  ours:/' -e '/^#/!s/^/# /'
  fi
}
# alone TITLE TEXT FUNCTION: for what the peer does not have, or not here: the runtime under test prints TEXT.
alone() {
  local title=$1 text=$2 ours; shift 2
  wanted "$title" || return 0
  number=$((number + 1))
  RT=$RUNTIME; ours=$(transcript "$@")
  if [ "$ours" = "$text" ]; then echo "ok $number - $title"; return; fi
  failed=$((failed + 1))
  echo "not ok $number - $title"
  diff <(printf '%s\n' "$text") <(printf '%s\n' "$ours") | sed -e 's/^</#  expected:/; s/^>/#  ours:/' -e '/^#/!s/^/# /'
}
skip() { wanted "$1" || return 0; number=$((number + 1)); echo "ok $number - $1 # SKIP $2"; }

conclude() {
  echo "1..$number"
  [ "$failed" = 0 ]
}

# Runs a command on a terminal of its own, on which nobody types: script(1) would type its end of input there.
on_terminal() {
  local words
  printf -v words '%q ' "$@"
  script -qec "$words" /dev/null <>"$WORK/never"
}

# Waits until the expression is true, at most a minute.
await() {
  local i
  for ((i = 0; i < 600; i++)); do eval "$1" && return 0; read -r -t 0.1 _ <>"$WORK/never"; done
  echo "waited in vain for: $1"
  return 1
}
