# shellcheck shell=bash disable=SC2154
# From the start of a container to its end.

pause_and_unpause() {
    in_background bare sleep 1000 && docker pause "$C" >/dev/null && state_is paused && docker unpause "$C" >/dev/null && state_is running &&
        docker exec "$C" true
}
stop() { in_background bare sleep 1000 && docker stop -t 1 "$C" >/dev/null && eventually state_is exited && is "$(inspect .State.ExitCode)" 137; }
kill_with_a_signal() {
    # shellcheck disable=SC2016
    in_background bare sh -c 'trap "exit 5" USR1; echo ready; while :; do sleep 0.1; done' && eventually logged ready &&
        docker kill -s USR1 "$C" >/dev/null && eventually state_is exited && is "$(inspect .State.ExitCode)" 5
}
restart() {
    in_background bare sleep 1000 && docker restart -t 0 "$C" >/dev/null && state_is running && docker exec "$C" true &&
        docker stop -t 0 "$C" >/dev/null && docker start "$C" >/dev/null && state_is running
}
logs() { in_background bare sh -c 'echo out; echo err >&2' && eventually state_is exited && is "$(docker logs "$C" 2>&1 | sort)" $'err\nout'; }
top_lists() { in_background bare sleep 1000 && has "$(docker top "$C")" 'sleep 1000'; }
stats() { in_background bare sleep 1000 && has "$(docker stats --no-stream --format '{{.PIDs}}' "$C")" 1; }
wait_gives_the_exit_code() { in_background bare sh -c 'sleep 0.5; exit 3' && is "$(docker wait "$C")" 3; }
restart_policy() {
    in_background --restart on-failure:2 bare sh -c 'exit 1' && eventually state_is exited &&
        is "$(inspect .RestartCount)" 2
}
attach() {
    docker create -i --network none --runtime "$R" --name "$C" bare sh -c 'cat; echo end' >/dev/null && is "$(echo in | docker start -ai "$C")" $'in\nend'
}
restart_policy_always() {
    local before
    in_background --restart always bare sleep 1000 && before=$(inspect .State.Pid) && kill -KILL "$before" && eventually _restarted "$before" && docker exec "$C" true && docker stop -t 0 "$C" >/dev/null && state_is exited
}
restart_policy_unless_stopped() {
    in_background --restart unless-stopped bare sh -c 'sleep 0.5; exit 1' && eventually _restarted_twice && docker stop -t 0 "$C" >/dev/null && state_is exited
}
_restarted() { [ "$(inspect .State.Pid)" != "$1" ] && [ "$(state)" = running ]; }
_restarted_twice() { [ "$(inspect .RestartCount)" -ge 2 ]; }
restart_policy_changed_by_update() {
    local before
    in_background bare sleep 1000 && docker update --restart always "$C" >/dev/null && before=$(inspect .State.Pid) && kill -KILL "$before" && eventually _restarted "$before"
}
removed_when_it_ends() { docker run -d --rm --network none --runtime "$R" --name "$C" bare sleep 0.5 >/dev/null && eventually _gone; }
_gone() { ! docker inspect "$C"; }
stop_with_the_image_s_signal() {
    # shellcheck disable=SC2016
    in_background --stop-signal USR2 bare sh -c 'trap "exit 6" USR2; echo ready; while :; do sleep 0.1; done' && eventually logged ready && docker stop "$C" >/dev/null && is "$(inspect .State.ExitCode)" 6
}
stop_with_an_init() { in_background --init bare sleep 1000 && docker stop -t 30 "$C" >/dev/null && is "$(inspect .State.ExitCode)" 143; }
init_reaps() {
    in_background --init bare sh -c '(sleep 0.2 &) ; sleep 1000' && has "$(docker exec "$C" sh -c 'tr "\0" " " </proc/1/cmdline')" docker-init && pause_for 1 &&
        is "$(docker exec "$C" sh -c 'cat /proc/[0-9]*/stat | grep -c ") Z"')" 0
}
kill_of_all_processes() { in_background bare sh -c 'sleep 1001 & sleep 1002 & sleep 1000' && eventually _top_has 'sleep 100' 3 && docker kill "$C" >/dev/null && eventually state_is exited && is "$(inspect .State.ExitCode)" 137; }
_has_processes() { [ "$(docker top "$C" | wc -l)" = $(($1 + 1)) ]; }
pause_keeps_the_processes() {
    # shellcheck disable=SC2016
    in_background bare sh -c 'i=0; while :; do i=$((i + 1)); echo $i >/tmp/i; sleep 0.05; done' && eventually docker exec "$C" test -s /tmp/i && docker pause "$C" >/dev/null || return
    local file before
    file=/proc/$(inspect .State.Pid)/root/tmp/i before=$(cat "$file")
    pause_for 0.5
    is "$(cat "$file")" "$before" && docker unpause "$C" >/dev/null && eventually _differs "$file" "$before"
}
_differs() { [ "$(cat "$1")" != "$2" ]; }
stop_of_a_paused_container() { in_background bare sleep 1000 && docker pause "$C" >/dev/null && docker rm -f "$C" >/dev/null; }
health_check() {
    in_background --health-cmd 'test -e /tmp/well' --health-interval 0.5s --health-retries 1 bare sleep 1000 && eventually _health_is unhealthy && docker exec "$C" touch /tmp/well && eventually _health_is healthy
}
_health_is() { [ "$(inspect .State.Health.Status)" = "$1" ]; }
health_check_that_takes_too_long() { in_background --health-cmd 'sleep 100' --health-interval 0.5s --health-timeout 1s --health-retries 1 bare sleep 1000 && eventually _health_is unhealthy && eventually _has_processes 1; }
top_with_options() { in_background bare sh -c 'sleep 1001 & sleep 1000' && eventually _top_has 'sleep 100' 2 && has "$(docker top "$C" -o pid,comm,args)" 'sleep 1001'; }
stats_of_a_limit() { in_background --memory 64m --pids-limit 20 bare sleep 1000 && has "$(docker stats --no-stream --format '{{.MemUsage}} {{.CPUPerc}} {{.BlockIO}}' "$C")" '/ 64MiB'; }
stats_of_the_network() { docker run -d --runtime "$R" --name "$C" bare sleep 1000 >/dev/null && has "$(docker stats --no-stream --format '{{.NetIO}}' "$C")" B; }
events_of_a_life() {
    local since
    since=$(date +%s.%N)
    in_background bare sleep 1000 && docker exec "$C" true && { docker pause "$C"; docker unpause "$C"; docker stop -t 0 "$C"; } >/dev/null &&
        is "$(docker events --since "$since" --until "$(date +%s.%N)" --filter "container=$C" --format '{{.Action}}' | sed 's/:.*//' | sort -u | tr '\n' ' ')" \
            'create die exec_create exec_die exec_start kill pause start stop unpause '
}
detach_keys() {
    command -v script >/dev/null || needs script
    docker run -dit --network none --runtime "$R" --name "$C" bare cat >/dev/null &&
        { pause_for 1; printf '\020\021'; pause_for 1; } | timeout 30 script -qec "docker attach $C" /dev/null >/dev/null
    state_is running
}
logs_of_a_local_driver() { in_background --log-driver local bare sh -c 'echo out; echo err >&2' && eventually state_is exited && is "$(docker logs "$C" 2>&1 | sort)" $'err\nout'; }
much_output() { is "$(one_run bare sh -c 'yes 0123456789abcdef | head -n 200000' | wc -l)" 200000; }
many_at_once() {
    local i
    for i in 1 2 3 4 5 6; do docker run -d --network none --runtime "$R" --name "$C-$i" bare sleep 1000 >/dev/null & done
    wait
    is "$(docker ps -q --filter "name=$C-" | wc -l)" 6 && docker ps -q --filter "name=$C-" | xargs docker rm -f >/dev/null && is "$(docker ps -aq --filter "name=$C-" | wc -l)" 0
}
start_of_a_missing_program() {
    docker create --network none --runtime "$R" --name "$C" bare /no/such >/dev/null && has "$(docker start "$C" 2>&1)" 'no such file or directory' && is "$(state) $(inspect .State.ExitCode)" 'created 127'
}
rename_of_a_running_container() { in_background bare sleep 1000 && docker rename "$C" "$C-renamed" && docker exec "$C-renamed" true; }
_counts_past() { [ "$(docker exec "$C" cat /tmp/i)" -gt "$1" ]; }
checkpoint_and_restore() {
    command -v criu >/dev/null || needs criu
    # shellcheck disable=SC2016
    in_background bare sh -c 'i=0; while :; do i=$((i + 1)); echo $i >/tmp/j; mv /tmp/j /tmp/i; sleep 0.05; done' && eventually _counts_past 40 && docker checkpoint create "$C" one >/dev/null &&
        eventually state_is exited && docker start --checkpoint one "$C" && state_is running && [ "$(docker exec "$C" cat /tmp/i)" -gt 40 ] && eventually _counts_past 80
}
checkpoint_that_leaves_it_running() {
    command -v criu >/dev/null || needs criu
    in_background bare sleep 1000 && docker checkpoint create --leave-running "$C" one >/dev/null && state_is running && docker exec "$C" true && has "$(docker checkpoint ls "$C")" one
}
