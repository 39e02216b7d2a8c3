# One line instead of a bundle: `run -ti /bin/bash`, and what the same options do with a bundle.
# shellcheck shell=bash disable=SC2016

# The line's container is called $C, so that what is left of it is found.
_line() { rt run --name "$C" "$@"; }
_prints() {
  local wanted=$1 what=$2; shift 2
  _line "$@" || fail "$what: the line fails"
  is "$OUT" "$wanted" "$what"
}

line_runs_a_program_of_the_host() {
  spec own 'run -i PROGRAM runs it from the host'"'"'s own system, with its exit code'
  requires_sampan
  _line -i /bin/sh -c 'echo $0 $1; cat; exit 7' a b
  is $RC 7 'the exit code'
  is "$OUT" 'a b' 'the output'
  STDIN=$T/in; echo typed >"$STDIN"
  _prints typed 'the input' -i cat
  is "$(find "$ROOT" -mindepth 1 -not -path '*/.*')" '' 'what is left'
}

# Each kind of namespace is another one than ours.
line_has_namespaces_of_its_own() {
  spec own 'the line'"'"'s container has new UTS, PID, mount, network, IPC and cgroup namespaces'
  requires_sampan
  local kind
  _line -i /bin/sh -c 'for n in uts pid mnt net ipc cgroup user; do echo "$n $(readlink /proc/self/ns/$n)"; done; echo pid $$; hostname; ls /sys/class/net' || fail 'the line fails'
  for kind in uts pid mnt net ipc cgroup; do
    lacks "$OUT" "$kind $(readlink /proc/self/ns/$kind)" "the namespace $kind"
  done
  has "$OUT" "user $(readlink /proc/self/ns/user)" 'the user namespace'
  has "$OUT" $'pid 1\n'"$C"$'\nlo' 'pid, hostname and network'
}

line_leaves_the_host_as_it_was() {
  spec own 'what the line writes is thrown away, and the host'"'"'s mounts are untouched'
  requires_sampan
  local mark=$T/mark before
  echo old >"$mark"
  before=$(</proc/self/mountinfo)
  # The folder of the tests may be on /tmp, which is the container's own.
  _line -i -v "$T:/root/t:ro" /bin/sh -c "echo new >/etc/sampan-test-$C && rm -rf /var/lib/dpkg /usr/share/doc && mkdir /usr/share/doc && ls -A /usr/share/doc && cat /root/t/mark && echo x >/root/t/mark" && fail 'the volume is writable'
  is "$OUT" old 'what is seen'
  has "$ERR" 'Read-only' 'the error'
  is "$(</proc/self/mountinfo)" "$before" 'the mounts'
  is_absent "/etc/sampan-test-$C" 'the file'
  exists /var/lib/dpkg/status 'the removed folder'
}

line_has_fresh_places() {
  spec own '/proc, /dev, /sys, /tmp and /run are the container'"'"'s own'
  requires_sampan
  _line -i /bin/sh -c 'for f in proc dev sys tmp run; do awk -v f=/$f "\$5 == f { for (i = 7; i <= NF; i++) if (\$i == \"-\") print f, \$(i+1) }" /proc/self/mountinfo; done; ls -A /tmp /run | grep -v :; ls /proc | grep -c "^[0-9]"' || fail 'the line fails'
  has "$OUT" "/proc proc
/dev tmpfs
/sys sysfs
/tmp tmpfs
/run tmpfs" 'the mounts'
}

line_has_the_rights_of_dockers_containers() {
  spec own 'the default filter and capabilities are those of Docker'
  requires_sampan
  _line -i grep -E '^(CapEff|CapBnd|CapInh|NoNewPrivs|Seccomp):' /proc/self/status || fail 'the line fails'
  is "$(tr -d '\t' <<<"$OUT")" 'CapInh:0000000000000000
CapEff:00000000a80425fb
CapBnd:00000000a80425fb
NoNewPrivs:0
Seccomp:2' 'the rights'
  # EPERM by the filter, as in every container of Docker.
  _line -i unshare --uts true && fail 'a new namespace can be made'
  _line -i mount -t tmpfs none /mnt && fail 'a file system can be mounted'
  _prints yes 'a capability that is given' -i --cap-add sys_admin /bin/sh -c 'unshare --uts true && mount -t tmpfs none /mnt && echo yes'
}

line_can_be_privileged() {
  spec own '--privileged: all capabilities that we have ourselves, no filter, and nothing is masked'
  requires_sampan
  local ours
  ours=$(awk '/^CapEff/ { print $2 }' /proc/self/status)
  _line -i --privileged /bin/sh -c 'awk "/^CapEff|^Seccomp:/ { print \$2 }" /proc/self/status; awk "\$5 == \"/proc/sys\"" /proc/self/mountinfo' || fail 'the line fails'
  is "$OUT" "$ours"$'\n0' 'the rights'
}

line_without_a_capability() {
  spec own '--cap-drop takes a capability away, and ALL takes all'
  requires_sampan
  _prints 0000000000000000 'the capabilities' -i --cap-drop ALL awk '/^CapEff/ { print $2 }' /proc/self/status
  _prints 0000000000000001 'the capabilities' -i --cap-drop ALL --cap-add chown awk '/^CapEff/ { print $2 }' /proc/self/status
}

# In the container the limit is found through mountinfo, as the tutorial finds the cgroup.
_limit_script() {
  if [ "$(cgroup_version)" = 2 ]; then
      echo 'd=$(awk "/ - cgroup2 / { print \$5; exit }" /proc/self/mountinfo); cat "$d/memory.max" "$d/pids.max"'
  else
      echo 'for c in memory pids; do d=$(awk -v c=$c "/ - cgroup / && \$NF ~ \"(^|,)\" c \"(,|\$)\" { print \$5; exit }" /proc/self/mountinfo); for f in memory.limit_in_bytes pids.max; do [ ! -e "$d/$f" ] || cat "$d/$f"; done; done'
  fi
}
line_is_limited() {
  spec own '-m and --pids-limit limit the container, and the limit is found inside through mountinfo'
  requires_sampan
  requires_controller memory
  requires_controller pids
  _line -i -m 64m --pids-limit 20 /bin/sh -c "$(_limit_script)" || fail 'the line fails'
  is "$OUT" $'67108864\n20' 'the limits'
  _line -i -m 32m --memory-swap 32m awk 'BEGIN { x = "x"; while (1) x = x x }'
  is $RC 137 'the exit code of a program that takes more'
}

line_has_a_share_of_the_cpus() {
  spec own '--cpus, --cpu-shares and --cpuset-cpus'
  requires_sampan
  requires_controller cpu
  requires_cgroup 1
  _prints $'50000\n256' 'the limits' -i --cpus 0.5 --cpu-shares 256 /bin/sh -c 'cd /sys/fs/cgroup/cpu && cat cpu.cfs_quota_us cpu.shares'
  requires_controller cpuset
  _prints 0 'the CPUs' -i --cpuset-cpus 0 awk '/^Cpus_allowed_list/ { print $2 }' /proc/self/status
}

line_has_the_variables_that_are_given() {
  spec own 'PATH and the language are the caller'"'"'s, -e sets or passes on a variable; others stay outside'
  requires_sampan
  mkdir "$T/bin"
  printf '#!/bin/sh\necho found\n' >"$T/bin/own-program"
  chmod +x "$T/bin/own-program"
  PATH=$T/bin:$PATH SECRET=1 PASSED=2 LANG=C _line -i -v "$T/bin:$T/bin" -e PASSED -e NEW=3 -e ABSENT \
    /bin/sh -c 'echo "$SECRET|$PASSED|$NEW|$LANG|${ABSENT-unset}|$HOME"; own-program' || fail 'the line fails'
  is "$OUT" $'|2|3|C|unset|/root\nfound' 'the variables'
}

line_runs_as_a_user_by_name() {
  spec own '-u takes a name of the container'"'"'s passwd, or numbers'
  requires_sampan
  _prints '65534 65534' 'nobody' -i -u nobody /bin/sh -c 'echo $(id -u) $(id -g)'
  _prints '12 0' 'a number without an entry' -i -u 12345678:0 /bin/sh -c 'echo 12 $(id -g)'
  _prints '1 2' 'a user and a group' -i -u daemon:bin /bin/sh -c 'echo $(id -u) $(id -g)'
  _line -i -u nobdy true && fail 'a user who does not exist'
  has "$ERR" 'did you mean "nobody"?' 'the error'
}

line_of_another_user_has_no_capabilities() {
  spec own 'a program of another user than root may only execute what that user may'
  requires_sampan
  mkdir -m 0700 "$T/private"
  cp /bin/true "$T/private/program"
  chmod o+x "$TEST_WORK" "$(dirname "$T")" "$T"
  _line -i -v "$T/private:/srv" /srv/program || fail 'root may not execute it'
  _line -i -u nobody -v "$T/private:/srv" /srv/program && fail 'nobody executes a program of root'
  has "$ERR" 'permission denied' 'the error'
}

line_finds_a_user_in_the_passwd_that_is_bound() {
  spec own '-u looks in the passwd that the container will see'
  requires_sampan
  printf 'zed:x:77:78::/:\n' >"$T/passwd"
  _prints '77 78' 'the user' -i -v "$T/passwd:/etc/passwd" -u zed /bin/sh -c 'echo $(id -u) $(id -g)'
}

line_shares_a_volume_if_asked() {
  spec own 'rslave and rshared of a volume are heeded, and a mistyped option is refused'
  requires_sampan
  does plan --name "$C" -i -v /srv:/srv:rslave true
  has "$OUT" '(rbind,rslave)' 'the plan'
  lacks "$OUT" 'rprivate,rslave' 'the plan'
  _line -i -v /srv:/srv:rox true && fail 'a mistyped option is taken'
  has "$ERR" 'no option "rox"' 'the error'
  _line -i -v /srv:/ true && fail 'the root is covered'
  has "$ERR" 'below the container' 'the error'
}

line_without_its_i() {
  spec own 'an option of a line is enough to make it one, and a program without -i is told so'
  requires_sampan
  rt run --name "$C" -e A=yes sh -c 'echo $A' || fail 'the line fails'
  is "$OUT" yes 'the output'
  rt run --id "$C" -i echo yes || fail 'the line fails'
  is "$OUT" yes 'the output'
  (cd "$T" && refuses run bash && has "$ERR" 'sampan run -i bash' 'the error') || exit
  refuses run sleep 5
  has "$ERR" 'sampan run -i sleep' 'the error'
}

line_is_in_a_folder() {
  spec own '-w is the working directory, and --hostname the name'
  requires_sampan
  _prints $'/usr/lib\nthere' 'folder and name' -i -w /usr/lib --hostname there /bin/sh -c 'pwd; hostname'
}

line_with_a_root_of_its_own() {
  spec own '--rootfs DIR is the root, and is only changed with --write'
  requires_sampan
  bundle
  local root=$B/rootfs
  _prints yes 'the root' --rootfs "$root" /bin/sh -c 'echo x >/new && echo yes'
  is_absent "$root/new" 'a file that was thrown away'
  _prints yes 'the root' --rootfs "$root" --write /bin/sh -c 'echo x >/new && echo yes'
  exists "$root/new" 'a file that stays'
  _line -i --write true && fail 'the host is written to'
  has "$ERR" '--rootfs' 'the error'
}

line_with_the_hosts_network() {
  spec own '--net host uses the host'"'"'s network'
  requires_sampan
  _prints "$(readlink /proc/self/ns/net)" 'the namespace' -i --net host readlink /proc/self/ns/net
  _line -i --net bridge true && fail 'a network that nobody makes'
  has "$ERR" 'host or none' 'the error'
}

line_with_a_user_namespace() {
  spec own '--user-ns: root inside, and no rights outside'
  requires_sampan
  requires_userns
  _line -i --user-ns /bin/sh -c 'id -u; readlink /proc/self/ns/user; stat -c %u /etc/shadow; echo x >>/etc/passwd && echo written' || fail 'the line fails'
  lacks "$OUT" "$(readlink /proc/self/ns/user)" 'the user namespace'
  has "$OUT" $'0\nuser:' 'the user'
  has "$OUT" $'0\nwritten' 'the files'
}

line_of_an_ordinary_user() {
  spec own 'an ordinary user types the same line, and is root inside'
  requires_sampan
  requires_userns
  requires_tool setpriv
  [ ! -e /proc/sys/kernel/unprivileged_userns_clone ] || [ "$(</proc/sys/kernel/unprivileged_userns_clone)" = 1 ] || skip 'the kernel lets only root make user namespaces'
  mkdir -m 0777 "$T/others"
  chmod o+x "$TEST_WORK" "$(dirname "$T")" "$T"
  # The file of the trace is root's.
  local TEST_TRACE='' ROOT=$T/others/root RUNTIME="setpriv --reuid 1500 --regid 1500 --clear-groups $RUNTIME"
  _line -i /bin/sh -c 'echo $(id -u) $(id -g); awk "{ print \$1, \$2, \$3 }" /proc/self/uid_map; echo x >/etc/own && cat /etc/own; mkdir /usr/own /var/own && echo made; ls /sys/class/net; cat /etc/shadow' && fail 'the secrets of the host can be read'
  is "$OUT" '0 0
0 1500 1
x
made
lo' 'what the user may'
  has "$ERR" 'Permission denied' 'the error'
  _line -i /bin/sh -c 'exit 3'
  is $RC 3 'the exit code'
  # The rows of the tutorial.
  echo typed >"$T/others/in"
  STDIN=$T/others/in PASSED=1 _prints $'there 1 /usr/lib\ntyped\nnone' 'the rows' -i --hostname there -e PASSED -w /usr/lib \
    -v "$T/others:/data:ro" /bin/sh -c 'echo $(hostname) $PASSED $(pwd); cat; touch /data/x 2>/dev/null || echo none'
  _line -i --cap-add sys_admin /bin/sh -c 'mount -t tmpfs none /srv && touch /srv/x && readlink /proc/self/ns/net' || fail 'the line fails'
  isnt "$OUT" "$(readlink /proc/self/ns/net)" 'the network'
  _prints "$(readlink /proc/self/ns/net)" 'the network of the host' -i --net host readlink /proc/self/ns/net
}

line_has_a_terminal() {
  spec own '-t gives the program a terminal'
  requires_sampan
  requires_tool script
  command script -qec "$RUNTIME --root $ROOT run -ti --name $C /bin/sh -c 'tty; test -t 0 && test -t 1 && echo yes'" /dev/null >"$T/out" </dev/null
  has "$(<"$T/out")" /dev/pts/0 'the terminal'
  has "$(<"$T/out")" yes 'standard input and output'
}

line_in_the_background() {
  spec own '-d returns at once, and prints the ID that was made up'
  requires_sampan
  local id
  # The program's streams are not ours: otherwise this would wait for its end.
  id=$($RUNTIME --root "$ROOT" run -d -i sleep 1000) || fail 'the line fails'
  matches "$id" '^sleep-[0-9a-f]{6}$' 'the ID'
  does state "$id"
  has "$OUT" '"running"' 'the state'
  does exec "$id" cat /etc/hostname
  does delete --force "$id"
}

line_is_saved_as_a_bundle() {
  spec own '--save DIR writes the bundle of the line, which does the same again'
  requires_sampan
  _prints 'a b' 'the line' -i --save "$T/saved" -e X=b /bin/sh -c 'echo a $X'
  rt run "$T/saved" || fail 'the saved bundle fails'
  is "$OUT" 'a b' 'the bundle'
  _line -i --save "$T/saved" true && fail 'a bundle is overwritten'
  has "$ERR" 'not overwritten' 'the error'
  does plan "$T/saved"
}

bundle_runs_another_program() {
  spec own 'run ./bundle PROGRAM ARGUMENT… runs another program in the bundle, and options change the rest'
  requires_sampan
  bundle
  rt run --id "$C" "$B" /bin/sh -c 'echo other $1' x y || fail 'the program fails'
  is "$OUT" 'other y' 'the output'
  rt run --id "$C" -e A=1 -w /bin "$B" /bin/sh -c 'echo $A; pwd' || fail 'the program fails'
  is "$OUT" $'1\n/bin' 'the output'
  # What its file has and nobody knows is still told.
  edit '.process.argss = 1'
  rt run --id "$C" -e A=1 "$B" /bin/true || fail 'the program fails'
  has "$ERR" '/process/argss' 'the warning'
  # Options after the bundle are still options, for old scripts.
  rt run "$B" --id "$C" || fail 'run with its options last fails'
  rt run "$C" --bundle "$B" || fail 'run with its options last fails'
  rt run --id "$C" --privileged "$B" && fail 'an option that is not carried out'
  has "$ERR" '--privileged' 'the error'
}

plan_of_a_line() {
  spec own 'plan shows what the same line would do'
  requires_sampan
  does plan --name "$C" -ti /bin/bash
  has "$OUT" 'mount overlay on /' 'the plan'
  has "$OUT" /bin/bash 'the plan'
}

spec_takes_the_options_of_run() {
  spec own 'spec writes the config.json that the same options would run'
  requires_sampan
  does spec --file - -m 64m --args date --args +%s --no-terminal
  is "$(jq -c '[.process.args, .process.terminal, .linux.resources.memory.limit]' <<<"$OUT")" '[["date","+%s"],null,67108864]' 'config.json'
  does spec --file - -e A=1 date +%s
  is "$(jq -c '.process.args' <<<"$OUT")" '["date","+%s"]' 'config.json'
  does spec --file - -i date
  is "$(jq -c '[.root.path, .mounts[0].type]' <<<"$OUT")" '["/","overlay"]' 'config.json'
}

spec_with_the_hosts_usr_needs_no_image() {
  spec own 'spec --host-usr runs with an empty folder as root'
  requires_sampan
  mkdir -p "$T/own/rootfs"
  does spec --bundle "$T/own" --host-usr --no-terminal /bin/sh -c 'echo ran; ls -A /'
  rt run --id "$C" "$T/own" || fail 'the bundle fails'
  has "$OUT" ran 'the output'
}
