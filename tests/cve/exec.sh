# What a container could try when a further process enters it. Each test is named by the advisory that it
# answers.
# shellcheck shell=bash disable=SC2016,SC2153

_hash() { sha256sum <"${RUNTIME%% *}"; }
# A container whose program looks at every other process that it can see, again and again, and writes
# everything that it could get to /seen. Its own processes have the name of its shell.
_watching_container() {
  bundle -p 'echo up >/fifo
    while :; do
      for dir in /proc/[0-9]*; do
        [ $dir = /proc/1 ] && continue
        exe=$(readlink $dir/exe) || continue
        case $exe in */busybox) continue ;; esac
        echo "exe $exe $(cat $dir/comm)" >>/seen
        for fd in $dir/fd/*; do echo "fd $(readlink $fd)" >>/seen; done
        grep -E "Cap(Prm|Eff|Bnd)" $dir/status >>/seen
        readlink $dir/root >>/seen
      done
    done 2>/dev/null' "$@"
  create
  start
  await_line "$B/rootfs/fifo"
  : >"$B/rootfs/seen"
}
_execs() {
  local i
  for ((i = 0; i < $1; i++)); do rt exec "$C" /bin/true || fail "exec fails"; done
}

cve_2016_9962_entering_process_shows_nothing_of_the_host() {
  spec own 'what enters a container is the sealed stub, with no more than the container has'
  requires_sampan
  # With the right to trace, so that it finds everything that is there.
  _watching_container '.process.capabilities |= map_values(. + ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH"])'
  _execs 60
  local seen=$B/rootfs/seen
  [ -e "$seen" ] || fail 'the watcher did not run'
  # The name of the stub's file; that of sampan itself would be a path.
  is "$(grep '^exe' "$seen" | grep -v 'memfd:sampan-init' | sort -u)" '' 'programs that were seen'
  is "$(grep '^fd' "$seen" | grep -Ev '^fd (/dev/null|/dev/pts.*|pipe:.*|socket:.*|.*/(out|err)|)$' | sort -u)" '' 'descriptors that were seen'
  local set
  while read -r set; do
    # Everything that the container's own program may have, and nothing more.
    [ $((16#${set#*:} & ~16#20080426)) = 0 ] || fail "a process with the capabilities $set was seen"
  done < <(grep '^Cap' "$seen" | tr -d '\t ' | sort -u)
}

cve_2016_9962_no_descriptor_of_the_host_is_open() {
  spec own 'the program of exec has its three streams open and nothing else'
  bundle -p 'sleep 1000'
  create
  start
  rt exec "$C" /bin/sh -c 'for fd in /proc/self/fd/*; do echo "${fd##*/} $(readlink $fd)"; done' 7<"$T" 8</ || fail 'exec fails'
  local number name
  while read -r number name; do
    case $number in 0|1|2) continue ;; esac
    case $name in ''|/proc/*/fd) continue ;; esac
    fail "descriptor $number is open: $name"
  done <<<"$OUT"
}

cve_2019_5736_program_of_exec_is_proc_self_exe() {
  spec own "the program never gets at the runtime's own file"
  requires_sampan
  local before
  before=$(_hash)
  bundle -p 'sleep 1000'
  create
  start
  rt exec "$C" /proc/self/exe --version
  lacks "$OUT$ERR" 'sampan version' 'what is executed'
  printf '#!/proc/self/exe\n' >"$B/rootfs/entry"
  chmod 0755 "$B/rootfs/entry"
  rt exec "$C" /entry --version
  lacks "$OUT$ERR" 'sampan version' 'what is executed'
  is "$(_hash)" "$before" 'the file of the runtime'
}

cve_2019_5736_container_writes_to_whatever_enters_it() {
  spec own "a container does not open the runtime's file"
  requires_sampan
  local before
  before=$(_hash)
  bundle -p 'echo up >/fifo; while :; do for dir in /proc/[0-9]*; do [ $dir = /proc/1 ] || case $(readlink $dir/exe) in */busybox) ;; *) echo evil >>$dir/exe && echo wrote >>/seen ;; esac; done; done 2>/dev/null' \
    '.process.capabilities |= map_values(. + ["CAP_SYS_PTRACE", "CAP_DAC_OVERRIDE"])'
  create
  start
  await_line "$B/rootfs/fifo"
  : >"$B/rootfs/seen"
  _execs 40
  is "$(<"$B/rootfs/seen")" '' 'what was written'
  is "$(_hash)" "$before" 'the file of the runtime'
}

cve_2022_29162_cap_is_not_inheritable() {
  spec own 'exec --cap makes no capability inheritable (CVE-2022-27650 and CVE-2025-27612 likewise)'
  bundle -p 'sleep 1000'
  create
  start
  rt exec --cap CAP_NET_ADMIN "$C" /bin/grep -E 'CapInh|CapPrm|CapAmb' /proc/self/status || fail 'exec fails'
  has "$(tr -d '\t' <<<"$OUT")" CapInh:0000000000000000 'inheritable capabilities'
  has "$(tr -d '\t' <<<"$OUT")" CapAmb:0000000000000000 'ambient capabilities'
  rt exec "$C" /bin/grep CapInh /proc/self/status || fail 'exec fails'
  has "$OUT" 0000000000000000 'inheritable capabilities'
}

cve_2024_21626_cwd_of_exec_is_a_descriptor() {
  spec own 'a working directory outside of the root is refused'
  bundle -p 'sleep 1000'
  create
  start
  local fd
  for ((fd = 0; fd <= 20; fd++)); do
    rt exec --cwd "/proc/self/fd/$fd" "$C" /bin/ls 7<"$T" 8</ && lacks "$OUT" TAP 'output'
    ! _crashed || fail 'exec crashes'
    [ "$RC" != 0 ] || fail "cwd /proc/self/fd/$fd is accepted: $OUT"
  done
  for ((fd = 3; fd <= 12; fd++)); do
    ln -sfn "/proc/self/fd/$fd" "$B/rootfs/cwd"
    rt exec --cwd /cwd "$C" /bin/ls 7<"$T" 8</ && fail "a link to /proc/self/fd/$fd is accepted: $OUT"
  done
}

cases cve_2026_30892_user_is_read_wholly 1:1 1:2:1:2 0:0
cve_2026_30892_user_is_read_wholly() {
  spec own 'the user of exec is the number that was given'
  bundle -p 'sleep 1000' '.process.user = {uid: 5, gid: 5}'
  create
  start
  case $1 in
    1:1) rt exec --user 1 "$C" /bin/id -u; is "$OUT" 1 'user' ;;
    1:2:1:2) rt exec --user 1:2 "$C" /bin/sh -c 'echo $(id -u) $(id -g)'; is "$OUT" '1 2' 'user and group' ;;
    0:0) rt exec --user 0 "$C" /bin/id -u; is "$OUT" 0 'user' ;;
  esac
}

cases cve_2026_30892_user_that_is_no_number_is_refused 1: :1 abc 1x 1:x 0x10 1: -1 +1 4294967295 4294967296 1:4294967295 1:2:3 ,
cve_2026_30892_user_that_is_no_number_is_refused() {
  spec own 'the user of exec is a number, or an error'
  requires_sampan
  bundle -p 'sleep 1000' '.process.user = {uid: 5, gid: 5}'
  create
  start
  refuses exec "--user=$1" "$C" /bin/id
  refuses exec --user= "$C" /bin/id
}

cases cgroup_of_exec_does_not_escape .. ../ sub/.. sub/../.. /.. /../.. memory:.. memory:/sub/../..
cgroup_of_exec_does_not_escape() {
  spec own 'exec --cgroup leads nowhere but below the cgroup of the container'
  requires_sampan
  bundle -p 'sleep 1000'
  create
  start
  local dir
  for dir in "${CGROUP_ROOTS[@]}"; do
    dir=$dir/$TEST_PREFIX/$C-bundle
    [ ! -d "$dir" ] || mkdir "$dir/sub"
  done
  refuses exec --cgroup "$1" "$C" /bin/true
}

cgroup_of_exec_is_never_an_absolute_path_of_the_host() {
  spec own 'exec --cgroup leads nowhere but below the cgroup of the container'
  requires_sampan
  bundle -p 'sleep 1000'
  create
  start
  refuses exec --cgroup /init.scope "$C" /bin/true
  does exec --cgroup / --detach --pid-file "$T/exec.pid" "$C" /bin/sleep 1000
  is "$(sort "/proc/$(<"$T/exec.pid")/cgroup")" "$(sort "/proc/$INIT/cgroup")" 'cgroups'
}


exec_is_not_hindered_by_a_hostile_root() {
  spec own 'no file of the image changes what exec does'
  requires_sampan
  bundle -p 'sleep 1000'
  create
  start
  rm -rf "$B/rootfs/etc"
  ln -s /proc/self/fd "$B/rootfs/etc"
  rt exec "$C" /bin/sh -c 'echo $HOME' || fail 'exec fails'
  is "$OUT" / HOME
  rm "$B/rootfs/etc"
  mkdir "$B/rootfs/etc"
  mkfifo "$B/rootfs/etc/passwd"
  rt exec "$C" /bin/sh -c 'echo $HOME' || fail 'exec fails'
  is "$OUT" / HOME
}
