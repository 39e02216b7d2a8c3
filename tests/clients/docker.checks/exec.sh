# shellcheck shell=bash disable=SC2154
# Further processes in a container.

exec_prints() { in_background bare sleep 1000 && is "$(docker exec "$C" echo hello)" hello; }
exec_gives_the_exit_code() { in_background bare sleep 1000 && { docker exec "$C" sh -c 'exit 9'; is $? 9; }; }
exec_with_a_terminal() { in_background bare sleep 1000 && has "$(docker exec -t "$C" tty)" /dev/pts/; }
exec_of_a_missing_program() { in_background bare sleep 1000 && ! docker exec "$C" /no/such >/dev/null 2>&1 && docker exec "$C" true; }
exec_as_a_user() { in_background bare sleep 1000 && has "$(docker exec -u 12:34 "$C" id)" 'uid=12 gid=34'; }
exec_privileged() { in_background bare sleep 1000 && docker exec --privileged "$C" true; }
exec_with_variables_and_folder() { in_background bare sleep 1000 && is "$(docker exec -e A=1 -w /etc "$C" sh -c 'echo $A; pwd')" $'1\n/etc'; }
exec_in_a_missing_folder() { in_background bare sleep 1000 && ! docker exec -w /missing "$C" true >/dev/null 2>&1 && docker exec "$C" sh -c '[ ! -e /missing ]'; }
exec_reads_standard_input() { in_background bare sleep 1000 && is "$(echo in | docker exec -i "$C" cat)" in; }
exec_in_the_background() { in_background bare sleep 1000 && docker exec -d "$C" sh -c 'echo x >/tmp/made; sleep 1000' && eventually docker exec "$C" test -e /tmp/made && eventually _top_has 'sleep 1000' 2; }
exec_in_the_container_s_cgroup() { in_background --memory 64m bare sleep 1000 && is "$(docker exec "$C" cat /proc/self/cgroup)" "$(docker exec "$C" cat /proc/1/cgroup)"; }
exec_has_the_size_of_the_terminal() {
    command -v script >/dev/null || needs script
    in_background bare sleep 1000 && has "$(script -qec "stty rows 40 cols 100; docker exec -it $C sh -c 'sleep 1; stty size'" /dev/null <&"$never")" '40 100'
}
exec_many_at_once() {
    local i all=()
    in_background bare sleep 1000 || return
    for i in 1 2 3 4 5 6 7 8; do docker exec "$C" sh -c "echo $i; exit $i" >"$work/exec.$i" & all+=($!); done
    for i in 1 2 3 4 5 6 7 8; do wait "${all[i - 1]}"; is "$? $(cat "$work/exec.$i")" "$i $i" || return; done
}
exec_keeps_capabilities_and_filter() {
    in_background --cap-drop ALL --cap-add CHOWN bare sleep 1000 && is "$(docker exec "$C" grep -E '^(Cap|Seccomp:|NoNew)' /proc/self/status)" "$(docker exec "$C" grep -E '^(Cap|Seccomp:|NoNew)' /proc/1/status)"
}
exec_of_a_paused_container() { in_background bare sleep 1000 && docker pause "$C" >/dev/null && has "$(docker exec "$C" true 2>&1)" 'is paused' && docker unpause "$C" >/dev/null; }
exec_is_killed_with_the_container() {
    in_background bare sleep 1000 && { docker exec "$C" sleep 1000 & } && eventually _top_has 'sleep 1000' 2 && docker kill "$C" >/dev/null && { wait $!; is $? 137; }
}
_top_has() { [ "$(docker top "$C" | grep -c "$1")" = "$2" ]; }
