# shellcheck shell=bash disable=SC2154
# What the engine itself says of its runtimes, its restarts, and user namespaces.

info_lists_the_runtimes() {
    is "$(docker info -f '{{.DefaultRuntime}}')" sampan && has "$(docker info -f '{{json .Runtimes}}')" '"with-arguments"' && has "$(docker info -f '{{json .Runtimes}}')" "$runtime"
}
info_has_no_warning_of_a_runtime() { ! docker info 2>&1 | grep -i 'warning.*runtime'; }
info_has_the_features() {
    since 25
    has "$(docker info -f '{{json .Runtimes.sampan}}')" 'org.opencontainers.runtime-spec.features'
}
default_runtime() { is "$(docker run -d --network none --name "$C" bare sleep 1000 | wc -l; inspect .HostConfig.Runtime)" $'1\nsampan'; }
runtime_with_arguments() { is "$(docker run --rm --network none --runtime with-arguments bare echo hello)" hello; }
unknown_runtime() { has "$(docker run --rm --network none --runtime nothing bare true 2>&1)" nothing; }
default_runtime_changed_by_reload() {
    local code
    configure peer && kill -HUP "$(cat "$work/dockerd.pid")" && eventually _default_is peer && docker run --rm --network none bare true
    code=$?
    configure sampan && kill -HUP "$(cat "$work/dockerd.pid")" && eventually _default_is sampan && return $code
}
_default_is() { [ "$(docker info -f '{{.DefaultRuntime}}')" = "$1" ]; }

# The daemon ends or is killed; containers go on, and it takes them over again.
_live_restore() { # SIGNAL
    local pid file
    # shellcheck disable=SC2016
    in_background --memory 64m bare sh -c 'i=0; while :; do i=$((i + 1)); echo $i; echo $i >/tmp/i; sleep 0.1; done' && eventually docker exec "$C" test -s /tmp/i &&
        docker run -d --network none --runtime "$R" --name "$C-ends" bare sh -c 'sleep 2; exit 4' >/dev/null &&
        docker run -d --network none --runtime "$R" --name "$C-paused" bare sleep 1000 >/dev/null && docker pause "$C-paused" >/dev/null || return
    pid=$(inspect .State.Pid) file=/proc/$(inspect .State.Pid)/root/tmp/i
    end_daemon dockerd "$1"
    local before
    before=$(cat "$file") && eventually _differs "$file" "$before" || return
    pause_for 3
    start_dockerd && is "$(inspect .State.Pid) $(state)" "$pid running" && docker exec "$C" true && docker stats --no-stream "$C" >/dev/null && docker update --memory 48m --memory-swap 96m "$C" >/dev/null &&
        is "$(docker wait "$C-ends")" 4 && is "$(docker inspect -f '{{.State.Status}}' "$C-paused")" paused && docker unpause "$C-paused" >/dev/null && docker exec "$C-paused" true &&
        docker stop -t 0 "$C" >/dev/null && is "$(inspect .State.ExitCode)" 137 && docker start "$C" >/dev/null && docker exec "$C" true
}
live_restore() { _live_restore TERM; }
live_restore_of_a_killed_daemon() { _live_restore KILL; }

# With --userns-remap.
remapped_run() { is "$(one_run bare sh -c 'tr -s " " </proc/self/uid_map; id -u; stat -c "%u %n" /bin/busybox /dev/null /dev/pts')" $' 0 100000 65536\n0\n0 /bin/busybox\n65534 /dev/null\n0 /dev/pts'; }
remapped_user_and_groups() { is "$(one_run -u 12:34 --group-add 56 bare sh -c 'id -u; id -G')" $'12\n34 56'; }
remapped_exec() { in_background bare sleep 1000 && is "$(docker exec -u 5 "$C" sh -c 'id -u; tr -s " " </proc/self/uid_map')" $'5\n 0 100000 65536' && has "$(docker exec -t "$C" tty)" /dev/pts/; }
remapped_terminal() { has "$(one_run -t bare sh -c 'tty; stat -c %u /dev/console')" /dev/pts/0; }
remapped_volume() { mkdir -p "$work/$C-v" && chown 100000:100000 "$work/$C-v" && one_run -v "$work/$C-v:/v" bare touch /v/made && is "$(stat -c %u "$work/$C-v/made")" 100000; }
remapped_named_volume() { is "$(one_run -v "$C-data:/d" bare sh -c 'touch /d/f && stat -c %u /d/f')" 0 && docker volume rm "$C-data" >/dev/null; }
remapped_limits() { in_background --memory 64m --pids-limit 20 --cpus 0.5 bare sleep 1000 && is "$(limit memory memory.limit_in_bytes memory.max) $(limit pids pids.max)" '67108864 20' && docker update --pids-limit 30 "$C" >/dev/null && is "$(limit pids pids.max)" 30; }
remapped_life() { in_background bare sleep 1000 && docker pause "$C" >/dev/null && docker unpause "$C" >/dev/null && docker restart -t 0 "$C" >/dev/null && docker stop -t 0 "$C" >/dev/null && state_is exited; }
remapped_copy() { in_background bare sleep 1000 && docker cp "$work/image/etc/passwd" "$C:/tmp/p" && is "$(docker exec "$C" stat -c %u /tmp/p)" 0; }
remapped_build() { _dockerfile; DOCKER_BUILDKIT=0 docker build -q --network none -t "$C-built" -f "$work/Dockerfile" "$work/image" >/dev/null && is "$(one_run "$C-built")" $'built\n12\n/made\n12'; }
remapped_tmpfs_and_shm() { is "$(one_run --tmpfs /t --shm-size 2m bare sh -c 'touch /t/x /dev/shm/x && stat -c "%u" /t/x /dev/shm/x')" $'0\n0'; }
remapped_device() { has "$(one_run --device /dev/fuse bare ls -l /dev/fuse)" '10, 229'; }
remapped_read_only() { is "$(one_run --read-only bare sh -c 'echo x >/f 2>/dev/null || echo refused')" refused; }
remapped_sysctl_and_hostname() { is "$(one_run --sysctl net.ipv4.ip_forward=1 --hostname h bare sh -c 'cat /proc/sys/net/ipv4/ip_forward; hostname')" $'1\nh'; }
remapped_ulimits() { is "$(one_run --ulimit nofile=100:200 bare sh -c 'ulimit -n; ulimit -Hn')" $'100\n200'; }
remapped_init() { has "$(one_run --init bare sh -c 'tr "\0" " " </proc/1/cmdline')" docker-init; }
remapped_but_not_this_one() { is "$(one_run --userns host --privileged bare sh -c 'tr -s " " </proc/self/uid_map')" ' 0 0 4294967295'; }
remapped_namespaces_of_another() { in_background --ipc shareable bare sleep 1000 && is "$(one_run --pid "container:$C" --ipc "container:$C" bare sh -c 'tr "\0" " " </proc/1/cmdline')" 'sleep 1000 ' && docker run --rm --runtime "$R" --network "container:$C" bare true; }
remapped_missing_program() { one_run bare /no/such 2>/dev/null; is $? 127; }
