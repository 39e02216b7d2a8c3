# shellcheck shell=bash disable=SC2154
# What a container is: its program, user, files, devices and namespaces.

run_prints() { is "$(one_run bare echo hello)" hello; }
run_gives_the_exit_code() { one_run bare sh -c 'exit 7'; is $? 7; }
run_reads_standard_input() { is "$(echo in | one_run -i bare cat)" in; }
run_as_a_user() { has "$(one_run --user 12:34 bare id)" 'uid=12 gid=34'; }
missing_program() { one_run bare /no/such 2>/dev/null; is $? 127; }
program_that_cannot_be_executed() { one_run bare /etc/passwd 2>/dev/null; is $? 126; }
missing_working_directory_is_made() { is "$(one_run -w /made bare sh -c 'pwd')" /made; }
terminal() { has "$(one_run -t bare sh -c 'tty; ls -l /dev/console')" '/dev/pts/0'; }
privileged() { is "$(one_run --privileged bare sh -c '[ -e /dev/loop-control ] && [ -w /proc/sys ] && echo all')" all; }
privileged_may_open_devices() { one_run --privileged bare sh -c 'head -c 1 /dev/kmsg >/dev/null 2>&1 || dd if=/dev/loop-control count=0 2>/dev/null'; }
device() { has "$(one_run --device /dev/fuse bare ls -l /dev/fuse)" '10, 229'; }
device_that_is_not_given() { ! one_run --cap-add MKNOD bare sh -c 'mknod /tmp/x b 7 7 && dd if=/tmp/x count=0' >/dev/null 2>&1; }
capabilities() { is "$(one_run --cap-drop ALL bare grep CapEff /proc/self/status)" $'CapEff:\t0000000000000000'; }
tmpfs_and_volume() { is "$(one_run --tmpfs /t -v "$work/image/etc:/v:ro" bare sh -c 'echo x >/t/f && cat /t/f && grep -c root /v/passwd')" $'x\n1'; }
init_is_docker_init() { one_run --init bare true; }
no_new_privileges() { has "$(one_run --security-opt no-new-privileges bare grep NoNewPrivs /proc/self/status)" 1; }
read_only() { is "$(one_run --read-only bare sh -c 'echo x >/f 2>/dev/null || echo refused')" refused; }
sysctl() { is "$(one_run --sysctl net.ipv4.ip_forward=1 bare cat /proc/sys/net/ipv4/ip_forward)" 1; }
host_namespaces() { one_run --pid host --uts host --ipc host bare true; }
namespaces_of_another() {
    in_background --ipc shareable bare sleep 1000 &&
        is "$(one_run --pid "container:$C" --ipc "container:$C" bare sh -c 'tr "\0" " " </proc/1/cmdline')" 'sleep 1000 ' &&
        docker run --rm --runtime "$R" --network "container:$C" bare true
}
shared_memory_groups_and_score() {
    is "$(one_run --shm-size 2m --group-add 77 --oom-score-adj 500 bare sh -c 'stat -f -c "%b %S" /dev/shm; id -G; cat /proc/self/oom_score_adj')" $'512 4096\n0 77\n500'
}
device_rule() {
    is "$(one_run --cap-add MKNOD --device-cgroup-rule 'c 1:5 rwm' bare sh -c 'mknod /tmp/z c 1 5 && head -c 2 /tmp/z | wc -c; mknod /tmp/m c 1 1; head -c 1 /tmp/m 2>&1 | grep -o "not permitted"')" $'2\nnot permitted'
}
seccomp_profile() {
    echo '{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["mkdir", "mkdirat"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}' >"$work/profile.json"
    has "$(one_run --security-opt "seccomp=$work/profile.json" bare busybox mkdir /tmp/x 2>&1)" 'Permission denied' &&
        has "$(one_run --security-opt seccomp=unconfined bare grep Seccomp: /proc/self/status)" 0
}
unmasked_paths() { is "$(one_run --security-opt systempaths=unconfined bare sh -c 'grep -c " /proc/" /proc/self/mounts')" 0; }
propagation_of_a_volume() { has "$(one_run -v "$work/image/etc:/v:rprivate,z" bare grep ' /v ' /proc/self/mountinfo)" /v; }

entrypoint_and_variables() { is "$(one_run --entrypoint sh -e A=1 -e 'B=two words' --hostname h bare -c 'echo $A "$B" $HOSTNAME')" '1 two words h'; }
named_user_and_groups() { is "$(one_run --user root:12 --group-add 13 bare sh -c 'id -u; id -g; id -G')" $'0\n12\n12 13'; }
named_volume() { is "$(one_run -v "$C-data:/d" bare sh -c 'echo kept >/d/f')$(one_run -v "$C-data:/d:ro" bare sh -c 'cat /d/f; touch /d/g 2>/dev/null || echo refused')" $'kept\nrefused' && docker volume rm "$C-data" >/dev/null; }
volumes_from_another() { in_background -v "$work/image/etc:/v" bare sleep 1000 && is "$(one_run --volumes-from "$C:ro" bare sh -c 'wc -l </v/passwd; touch /v/x 2>/dev/null || echo refused')" $'1\nrefused'; }
bind_of_one_file() { is "$(one_run --mount "type=bind,src=$work/image/etc/passwd,dst=/new/place/file,readonly" bare wc -l /new/place/file)" '1 /new/place/file'; }
bind_of_a_missing_folder() { ! one_run --mount "type=bind,src=$work/missing,dst=/v" bare true 2>/dev/null; }
tmpfs_with_a_size() { has "$(one_run --mount type=tmpfs,dst=/t,tmpfs-size=1m,tmpfs-mode=1770 bare sh -c 'grep " /t " /proc/self/mounts; ls -ld /t')" 'size=1024k' && has "$(one_run --tmpfs /t:rw,exec,size=2m,uid=7 bare sh -c 'stat -c %u /t; grep " /t " /proc/self/mounts')" 'size=2048k'; }
shared_propagation() {
    mkdir -p "$work/$C-shared" && mount -t tmpfs none "$work/$C-shared" && mount --make-shared "$work/$C-shared" && mkdir "$work/$C-shared/sub" &&
        in_background --mount "type=bind,src=$work/$C-shared,dst=/v,bind-propagation=rslave" bare sleep 1000 && mount -t tmpfs later "$work/$C-shared/sub" && has "$(docker exec "$C" cat /proc/self/mounts)" ' /v/sub '
    local code=$?
    docker rm -f "$C" >/dev/null; umount -R "$work/$C-shared"
    return $code
}
bind_that_is_read_only_below() {
    since 25
    mkdir -p "$work/$C-ro" && mount -t tmpfs none "$work/$C-ro" && mkdir "$work/$C-ro/sub" && mount -t tmpfs none "$work/$C-ro/sub"
    is "$(one_run --mount "type=bind,src=$work/$C-ro,dst=/v,readonly,bind-recursive=readonly,bind-propagation=rprivate" bare sh -c 'touch /v/sub/x 2>/dev/null || echo refused')" refused
    local code=$?
    umount -R "$work/$C-ro"
    return $code
}
part_of_a_volume() {
    since 26
    one_run -v "$C-data:/d" bare mkdir /d/part && one_run --mount "type=volume,src=$C-data,dst=/p,volume-subpath=part" bare touch /p/made && is "$(one_run -v "$C-data:/d" bare ls /d/part)" made && docker volume rm "$C-data" >/dev/null
}
annotation() { since 24; one_run --annotation org.example.key=value bare true; }
files_of_the_kernel() { is "$(one_run bare sh -c 'for f in /proc/sysrq-trigger /proc/sys/kernel/domainname /sys/kernel/notes; do (echo x >$f) 2>/dev/null && echo $f; done; cat /proc/kcore /proc/keys 2>/dev/null | wc -c; ls /sys/firmware | wc -l')" $'0\n0'; }
privileged_in_a_cgroup() { is "$(one_run --privileged bare sh -c 'grep CapBnd /proc/self/status | grep -c 0000000000000000; grep Seccomp: /proc/self/status; mount -t tmpfs none /tmp && echo mounted')" $'0\nSeccomp:\t0\nmounted'; }
default_devices() { is "$(one_run bare sh -c 'ls /dev | grep -v core | tr "\n" " "')" 'fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero '; }
default_capabilities() { is "$(one_run bare grep -E 'CapEff|CapInh|CapAmb' /proc/self/status)" $'CapInh:\t0000000000000000\nCapEff:\t00000000a80425fb\nCapAmb:\t0000000000000000'; }
capabilities_of_a_user() { has "$(one_run --user 12 --cap-add NET_ADMIN bare grep CapEff /proc/self/status)" 0000000000000000; }
private_ipc() { is "$(one_run --ipc none bare sh -c 'ls /dev/shm 2>/dev/null | wc -l; grep -c /dev/shm /proc/self/mounts')" $'0\n0' && one_run --ipc private bare test -d /dev/shm; }
device_with_permissions() { is "$(one_run --device /dev/fuse:/dev/xfuse:r bare sh -c 'true </dev/xfuse && echo read; (true >/dev/xfuse) 2>/dev/null || echo refused')" $'read\nrefused'; }
work_folder_of_a_user() { is "$(one_run -u 12 -w /new/folder bare sh -c 'pwd; id -u')" $'/new/folder\n12'; }
environment_of_a_user() { has "$(one_run bare env)" HOME=/root && has "$(one_run -t bare env)" TERM=; }
