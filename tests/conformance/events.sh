# shellcheck shell=bash
# What containers use, and what happens in them: events and stats.

_limited() {
  bundle -p "$1" '.linux.resources.memory = {limit: 33554432, swap: 33554432} | .linux.resources.pids = {limit: 77}'
}

events_tell_what_a_container_uses() {
  spec own 'events --stats prints one line of JSON with the usage, in the form of runc'
  requires_sampan
  requires_controller memory
  requires_controller pids
  _limited 'echo ready >/fifo; exec sleep 100'
  create
  start
  await_line "$B/rootfs/fifo"
  does events --stats "$C"
  is "$(jq -r '.type + " " + .id' <<<"$OUT")" "stats $C" 'type and ID'
  is "$(jq .data.memory.usage.limit <<<"$OUT")" 33554432 'the limit of memory'
  is "$(jq '.data.memory.usage.usage > 0' <<<"$OUT")" true 'the memory that is used'
  is "$(jq -c '[.data.pids.current, .data.pids.limit]' <<<"$OUT")" '[1,77]' 'processes'
  is "$(jq '.data.cpu.usage.total > 0' <<<"$OUT")" true 'the CPU time that was used'
  is "$(jq -c '[.data | keys[] | select(IN("cpu", "cpuset", "memory", "pids", "blkio", "hugetlb", "intel_rdt", "network_interfaces"))] | length' <<<"$OUT")" \
    8 'the parts of the usage'
}

events_have_pressure_where_the_kernel_has_it() {
  spec own 'events have pressure stall information of the container'
  requires_sampan
  [ -e /sys/fs/cgroup/unified/cpu.pressure ] || [ -e /sys/fs/cgroup/cpu.pressure ] || skip 'the kernel has no PSI for cgroups'
  container_that_is running
  does events --stats "$C"
  is "$(jq -c '[.data.cpu.psi, .data.memory.psi, .data.blkio.psi] | map(.some.total >= 0 and .full.avg10 >= 0)' <<<"$OUT")" \
    '[true,true,true]' 'pressure'
}

events_count_the_network() {
  spec own 'events have the interfaces of a network namespace of the container, and none of the host'
  requires_sampan
  container_that_is running
  does events --stats "$C"
  is "$(jq -c .data.network_interfaces <<<"$OUT")" '[]' 'interfaces of a new namespace'
}

events_go_on_until_the_container_ends() {
  spec own 'events prints the usage at each interval, and ends with the container'
  requires_sampan
  bundle -p 'read -r _ </fifo'
  container_that_is running
  helper $RUNTIME --root "$ROOT" events --interval 20ms "$C" >"$T/events"
  await '[ "$(wc -l <$T/events)" -gt 3 ]'
  echo end >"$B/rootfs/fifo"
  wait "$HELPER" || fail 'events ends with an error'
  is "$(jq -r .type "$T/events" | sort -u)" stats 'what came'
}

events_end_with_the_container_whatever_comes_after_it() {
  spec own 'events ends without an error when the container ends before it is counted, and another one has its cgroup by then'
  requires_sampan
  requires_tool strace
  container_that_is running
  # So long it takes from the end of the interval to the count.
  local slow='strace -f -o /dev/null -e trace=poll -e inject=poll:delay_exit=1500000'
  # shellcheck disable=SC2086
  helper $slow $RUNTIME --root "$ROOT" events --interval 1ms "$C" >"$T/events"
  await '[ "$(wc -l <$T/events)" -gt 0 ]'
  sleep 0.3
  does delete --force "$C"
  create
  wait "$HELPER" || fail 'events ends with an error'
}

events_tell_when_memory_runs_out() {
  spec own 'events prints an event when a process is killed for lack of memory'
  requires_sampan
  requires_controller memory
  _limited 'read -r _ </fifo; dd if=/dev/zero of=/dev/null bs=64M count=1; read -r _ </fifo'
  create
  start
  helper $RUNTIME --root "$ROOT" events --interval 50ms "$C" >"$T/events"
  await '[ -s "$T/events" ]'
  echo now >"$B/rootfs/fifo"
  await 'grep -q "\"oom\"" "$T/events"'
  is "$(grep '"oom"' "$T/events" | head -n 1 | jq -c .)" "{\"type\":\"oom\",\"id\":\"$C\"}" 'the event'
  does kill "$C" KILL
  wait "$HELPER" || fail 'events ends with an error'
}

events_of_a_container_that_does_not_run_are_refused() {
  spec own 'events needs a container that runs'
  requires_sampan
  container_that_is stopped
  refuses events --stats "$C"
  has "$ERR" 'not running' 'the error'
}

interval_must_be_a_time() {
  spec own 'the interval of events and stats is a time'
  requires_sampan
  container_that_is created
  for command in events stats; do
    refuses $command "--interval=$1" "$C"
    has "$ERR" '--interval takes a time' 'the error'
  done
}
cases interval_must_be_a_time 0 -1s soon 5x 1e3 0s 99999h -9223372036854775807

stats_are_a_table_of_what_runs() {
  spec own 'stats shows each container that runs, with its limits'
  requires_sampan
  requires_controller memory
  local first=$C
  _limited 'sleep 100'
  create
  start
  C=$first-second
  bundle -n second -p 'sleep 100'
  create
  does kill "$C" KILL
  does stats
  C=$first
  matches "$(sed -n 1p <<<"$OUT")" '^ID +CPU +MEMORY +LIMIT +MEMORY % +PIDS +LIMIT +READ +WRITTEN$' 'titles'
  matches "$(sed -n 2p <<<"$OUT")" "^$C +[0-9.]+% +[0-9.]+[KM] +32.0M +[0-9.]+% +[0-9]+ +77 " 'the line of the container'
  is "$(wc -l <<<"$OUT")" 2 'lines: none of a container that has stopped'
}

stats_of_named_containers() {
  spec own 'stats takes containers by name, and refuses one that does not run'
  requires_sampan
  container_that_is running
  does stats "$C"
  has "$OUT" "$C" 'the table'
  refuses stats "$C" none
  has "$ERR" 'does not exist' 'the error'
  does kill "$C" KILL
  refuses stats "$C"
  has "$ERR" "$C: container not running" 'the error'
}

_stats_on_terminal() { command script -qec "$RUNTIME --root $ROOT stats --interval 20ms $*" /dev/null; }

stats_of_several_go_on_when_one_is_gone() {
  spec own 'a container that is gone meanwhile leaves the table of those that were named with it'
  requires_sampan
  container_that_is running
  local first=$C
  C=$first-second
  bundle -n second -p 'sleep 100'
  create
  start
  helper _stats_on_terminal "$first" "$C" >"$T/table" </dev/null
  await 'grep -q "$C " "$T/table"'
  does delete --force "$C"
  await 'tail -c 220 "$T/table" | grep -q "$first " && ! tail -c 220 "$T/table" | grep -q "$C "'
  C=$first
  does delete --force "$C"
  wait "$HELPER" || fail 'stats ends with an error'
}
