# shellcheck shell=bash disable=SC2154
# What a container may use.

limits_of_run() {
    in_background --memory 64m --memory-swap 64m --cpus 0.5 --cpu-shares 512 --pids-limit 20 bare sleep 1000 &&
        is "$(limit memory memory.limit_in_bytes memory.max)" 67108864 && is "$(limit pids pids.max)" 20 &&
        has "$(limit cpu cpu.cfs_quota_us cpu.max)" 50000
}
no_pids_limit() { in_background --pids-limit -1 bare sleep 1000 && is "$(limit pids pids.max)" max; }
swappiness_unset() { one_run --memory-swappiness -1 bare true; }
update_of_memory() {
    in_background --memory 64m bare sleep 1000 && docker update --memory 48m --memory-swap 96m "$C" >/dev/null &&
        is "$(limit memory memory.limit_in_bytes memory.max)" 50331648
}
update_of_cpu() {
    in_background bare sleep 1000 && docker update --cpus 0.5 "$C" >/dev/null && has "$(limit cpu cpu.cfs_quota_us cpu.max)" 50000 &&
        docker update --cpu-shares 512 "$C" >/dev/null && has "$(limit cpu cpu.cfs_quota_us cpu.max)" 50000
}
update_of_pids() { in_background bare sleep 1000 && docker update --pids-limit 30 "$C" >/dev/null && is "$(limit pids pids.max)" 30; }
update_of_the_weight_of_io() { in_background bare sleep 1000 && docker update --blkio-weight 300 "$C" >/dev/null; }
update_of_the_restart_policy_alone() { in_background bare sleep 1000 && docker update --restart no "$C" >/dev/null && state_is running; }
# With any runtime, the engine may learn of the end before it learns of the reason; on a slow machine it often
# does.
_killed_for_memory() {
    docker rm -f "$C" >/dev/null 2>&1
    # shellcheck disable=SC2016
    docker run --network none --runtime "$R" --name "$C" -m 16m --memory-swap 16m bare sh -c 'sleep 1; x=a; while :; do x=$x$x; done'
    is $? 137 && is "$(inspect .State.OOMKilled)" true
}
out_of_memory() { _killed_for_memory || _killed_for_memory || _killed_for_memory; }
memory_limit_that_is_too_low() { ! one_run -m 6m --memory-swap 6m bare sh -c 'dd if=/dev/zero of=/dev/null bs=64M count=1' >/dev/null 2>&1; }
many_limits() {
    in_background --memory 64m --memory-reservation 32m --cpu-period 50000 --cpu-quota 25000 --blkio-weight 300 --kernel-memory 0 bare sleep 1000 &&
        has "$(limit cpu cpu.cfs_quota_us cpu.max)" 25000 && is "$(limit memory memory.soft_limit_in_bytes memory.low)" 33554432
}
cgroup_parent() {
    local other=$parent/other
    [ "$driver" = cgroupfs ] || other=${parent%.slice}-other.slice
    has "$(one_run --cgroup-parent "$other" bare cat /proc/self/cgroup)" / && in_background --cgroup-parent "$other" bare sleep 1000 &&
        has "$(cat "/proc/$(inspect .State.Pid)/cgroup")" "${other#/}"
}
cgroup_of_the_host() { one_run --cgroupns host bare sh -c 'grep -q . /proc/self/cgroup && ls /sys/fs/cgroup >/dev/null'; }
cpus_by_number() { has "$(one_run --cpuset-cpus 0 --cpuset-mems 0 bare grep Cpus_allowed_list /proc/self/status)" $'\t0'; }
ulimits() { is "$(one_run --ulimit nofile=100:200 bare sh -c 'ulimit -n; ulimit -Hn')" $'100\n200'; }
update_of_all() {
    in_background --memory 64m --memory-swap 128m bare sleep 1000 && docker update --memory 32m --memory-swap 64m --memory-reservation 16m --cpu-period 50000 --cpu-quota 20000 --cpuset-cpus 0 --cpu-shares 300 --pids-limit 9 "$C" >/dev/null &&
        is "$(limit memory memory.limit_in_bytes memory.max)" 33554432 && has "$(limit cpu cpu.cfs_quota_us cpu.max)" 20000 && is "$(limit pids pids.max)" 9 && is "$(limit cpuset cpuset.cpus)" 0
}
update_that_the_kernel_refuses() { in_background --memory 64m bare sleep 1000 && ! docker update --cpuset-cpus 4000 "$C" >/dev/null 2>&1 && docker exec "$C" true && is "$(limit memory memory.limit_in_bytes memory.max)" 67108864; }
update_of_a_stopped_container() { docker create --network none --runtime "$R" --name "$C" bare sleep 1000 >/dev/null && docker update --pids-limit 12 "$C" >/dev/null && docker start "$C" >/dev/null && is "$(limit pids pids.max)" 12; }
update_without_a_limit_of_processes() { in_background --pids-limit 12 bare sleep 1000 && docker update --pids-limit -1 "$C" >/dev/null && is "$(limit pids pids.max)" max; }
limits_survive_a_restart() { in_background --memory 64m --pids-limit 11 bare sleep 1000 && docker restart -t 0 "$C" >/dev/null && is "$(limit memory memory.limit_in_bytes memory.max) $(limit pids pids.max)" '67108864 11'; }
limit_of_processes_holds() { is "$(one_run --pids-limit 5 bare sh -c 'for i in 1 2 3 4 5 6 7; do sleep 5 & done 2>&1 | grep -c "an.t fork" || true' | grep -c .)" 1; }
io_of_a_device() {
    local disk
    disk=$(lsblk -dnpo NAME,TYPE | awk '$2 == "disk" { print $1; exit }')
    [ -b "$disk" ] || needs 'a disk'
    in_background --device-read-bps "$disk:1mb" --device-write-iops "$disk:100" bare sleep 1000 && has "$(limit blkio blkio.throttle.read_bps_device io.max)" 1048576
}
cgroup_namespace_of_its_own() { is "$(one_run --cgroupns private bare sh -c 'grep -vc ":/$" /proc/self/cgroup')" 0; }
memory_seen_inside() { is "$(one_run --memory 64m --cgroupns private bare sh -c 'cat /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes 2>/dev/null')" 67108864; }
no_oom_kill() { in_background --memory 64m --oom-kill-disable bare sleep 1000; }
