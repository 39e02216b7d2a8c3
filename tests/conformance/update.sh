# Changing the limits of a container: `update`, which is no operation of the specification, but engines have
# it (docker update, podman update, Kubernetes' in-place resize).
# shellcheck shell=bash

# The content of a file of the container's cgroup: v1 name of a controller, or v2 name.
_file() {
  requires_controller "$1"
  if [ "$(cgroup_version)" = 2 ]; then cat "$CGROUP/$3"; else cat "$CGROUP/$2"; fi
}
_has_file() {
  requires_controller "$1"
  if [ "$(cgroup_version)" = 2 ]; then requires_kernel_file "/sys/fs/cgroup/$TEST_PREFIX/$C-bundle/$3"
  else requires_kernel_file "$CGROUP/$2"; fi
}
_v1_or_v2() { if [ "$(cgroup_version)" = 2 ]; then echo "$2"; else echo "$1"; fi; }
_running() {
  requires_update
  [ -d "$B" ] || bundle -p 'sleep 100' "$@"
  create
  start
}

# option:value:controller:v1 file:v1 value:v2 file:v2 value; "_" stands for a blank.
update_sets_a_limit() {
  spec client 'update sets a limit that an option names'
  local option value controller v1 v1_value v2 v2_value
  IFS=: read -r option value controller v1 v1_value v2 v2_value <<<"$1"
  requires_controller "$controller"
  _running
  _has_file "$controller" "$v1" "$v2"
  does update "--$option" "$value" "$C"
  value=$(_v1_or_v2 "$v1_value" "$v2_value")
  is "$(_file "$controller" "$v1" "$v2")" "${value//_/ }" "$option"
  status_is running
}
cases update_sets_a_limit \
  memory:64m:memory:memory.limit_in_bytes:67108864:memory.max:67108864 \
  memory:67108864:memory:memory.limit_in_bytes:67108864:memory.max:67108864 \
  memory-reservation:32M:memory:memory.soft_limit_in_bytes:33554432:memory.low:33554432 \
  cpu-quota:30000:cpu:cpu.cfs_quota_us:30000:cpu.max:30000_100000 \
  cpu-share:512:cpu:cpu.shares:512:cpu.weight:59 \
  cpu-idle:1:cpu:cpu.idle:1:cpu.idle:1 \
  cpuset-cpus:0:cpuset:cpuset.cpus:0:cpuset.cpus:0 \
  cpuset-mems:0:cpuset:cpuset.mems:0:cpuset.mems:0 \
  pids-limit:20:pids:pids.max:20:pids.max:20

update_takes_the_same_values_from_a_file() {
  spec client 'update --resources FILE takes linux.resources; - stands for standard input'
  requires_controller memory
  _running
  echo '{"memory": {"limit": 67108864}, "pids": {"limit": 21}, "cpu": {}}' >"$T/resources"
  case $1 in
    file) does update --resources "$T/resources" "$C" ;;
    stdin) STDIN=$T/resources does update -r - "$C" ;;
  esac
  is "$(_file memory memory.limit_in_bytes memory.max)" 67108864 memory
  is "$(_file pids pids.max pids.max)" 21 pids
}
cases update_takes_the_same_values_from_a_file file stdin

update_of_one_limit_keeps_the_others() {
  spec client 'what is not named stays as it is'
  requires_controller cpu
  _running '.linux.resources.cpu = {quota: 30000, period: 60000} | .linux.resources.pids.limit = 40'
  does update --cpu-quota 20000 "$C"
  is "$(tr '\n' ' ' < <(_file cpu cpu.cfs_quota_us cpu.max; [ "$(cgroup_version)" = 2 ] || cat "$CGROUP/cpu.cfs_period_us"))" '20000 60000 ' 'quota and period'
  does update --cpu-period 80000 "$C"
  is "$(tr '\n' ' ' < <(_file cpu cpu.cfs_quota_us cpu.max; [ "$(cgroup_version)" = 2 ] || cat "$CGROUP/cpu.cfs_period_us"))" '20000 80000 ' 'quota and period'
  is "$(_file pids pids.max pids.max)" 40 pids
}

unlimited_is_minus_one() {
  spec client '-1 lifts a limit'
  requires_controller memory
  _running '.linux.resources.memory.limit = 67108864 | .linux.resources.pids.limit = 40'
  does update --memory -1 "$C"
  matches "$(_file memory memory.limit_in_bytes memory.max)" '^(max|92233720368547[0-9]+)$' memory
  # runc 1.1 takes "-1" for no limit only in a file.
  echo '{"pids": {"limit": -1}}' >"$T/resources"
  does update -r "$T/resources" "$C"
  is "$(_file pids pids.max pids.max)" max pids
}

# Both limits together, in an order that the kernel accepts.
memory_and_swap_are_moved_together() {
  spec client 'memory and memory-swap can be raised and lowered together'
  requires_controller memory
  [ "$(cgroup_version)" = 2 ] || requires_kernel_file /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes
  _running '.linux.resources.memory = {limit: 67108864, swap: 100663296}'
  local memory both expected
  IFS=: read -r memory both <<<"$1"
  [ "$(cgroup_version)" = 1 ] || [ -e "/sys/fs/cgroup/$TEST_PREFIX/$C-bundle/memory.swap.max" ] || skip 'the kernel has no swap'
  does update --memory "$memory" --memory-swap "$both" "$C"
  is "$(_file memory memory.limit_in_bytes memory.max)" "$memory" memory
  expected=$(_v1_or_v2 "$both" $((both - memory)))
  is "$(_file memory memory.memsw.limit_in_bytes memory.swap.max)" "$expected" swap
}
cases memory_and_swap_are_moved_together 134217728:268435456 33554432:50331648 83886080:167772160 50331648:83886080 100663296:100663296

limit_of_swap_alone_counts_from_the_limit_of_memory_there_is() {
  spec own 'memory-swap is of both together; the limit of memory is known from the cgroup'
  requires_sampan
  requires_controller memory
  [ "$(cgroup_version)" = 2 ] || requires_kernel_file /sys/fs/cgroup/memory/memory.memsw.limit_in_bytes
  _running '.linux.resources.memory = {limit: 67108864}'
  [ "$(cgroup_version)" = 1 ] || [ -e "/sys/fs/cgroup/$TEST_PREFIX/$C-bundle/memory.swap.max" ] || skip 'the kernel has no swap'
  does update --memory-swap 96m "$C"
  is "$(_file memory memory.memsw.limit_in_bytes memory.swap.max)" "$(_v1_or_v2 100663296 33554432)" swap
  refuses update --memory-swap 32m "$C"
  has "$ERR" '--memory-swap: the limit of memory and swap together (33554432) is below that of memory (67108864)' message
  [ "$(cgroup_version)" = 1 ] || return 0
  refuses update --memory 128m "$C"
  has "$ERR" '--memory-swap): at least 134217728, or -1 for none' 'the hint'
}

idle_container_gets_its_weight_back() {
  spec own 'an idle cgroup refuses a weight, so idle is set first, whichever way it goes'
  requires_sampan
  requires_controller cpu
  _running '.linux.resources.cpu.idle = 1'
  _has_file cpu cpu.idle cpu.idle
  refuses update --cpu-share 512 "$C"
  has "$ERR" '--cpu-share: an idle cgroup has no shares' message
  does update --cpu-share 512 --cpu-idle 0 "$C"
  is "$(_file cpu cpu.shares cpu.weight)" "$(_v1_or_v2 512 59)" weight
  does update --cpu-share 256 --cpu-idle 1 "$C"
  is "$(_file cpu cpu.idle cpu.idle)" 1 idle
}

burst_follows_the_quota() {
  spec own 'burst is never above the quota, so the order depends on what there is'
  requires_sampan
  requires_controller cpu
  _running '.linux.resources.cpu = {quota: 50000, period: 100000, burst: 40000}'
  refuses update --cpu-quota 20000 "$C"
  has "$ERR" 'below the burst of 40000' message
  does update --cpu-quota 20000 --cpu-burst 10000 "$C"
  does update --cpu-quota 90000 --cpu-burst 80000 "$C"
  is "$(_file cpu cpu.cfs_burst_us cpu.max.burst)" 80000 burst
}

# The parent of the container's cgroup is limited, so no step on the way may exceed its share.
quota_and_period_change_below_a_limited_parent() {
  spec own 'the writes are ordered so that each is allowed'
  requires_sampan
  requires_cgroup 1
  requires_controller cpu
  local parent=/sys/fs/cgroup/cpu/$TEST_PREFIX/$C-bundle
  bundle -p 'sleep 100' ".linux.cgroupsPath = \"/$TEST_PREFIX/$C-bundle/inner\"" '.linux.resources.cpu = {quota: 50000, period: 100000}'
  mkdir -p "$parent"
  echo 50000 >"$parent/cpu.cfs_quota_us" || fail 'cannot limit the parent'
  _running
  local quota period
  for change in 10000:20000 400000:800000 5000:10000 1000:500000 50000:100000; do
    IFS=: read -r quota period <<<"$change"
    does update --cpu-quota "$quota" --cpu-period "$period" "$C"
    is "$(cat "$parent/inner/cpu.cfs_quota_us" "$parent/inner/cpu.cfs_period_us")" "$quota"$'\n'"$period" 'quota and period'
  done
  does delete --force "$C"
  rmdir "$parent"
}

update_of_a_created_or_paused_container() {
  spec client 'a container can be updated before it runs, and while it is paused'
  requires_update
  requires_controller pids
  container_that_is "$1"
  does update --pids-limit 22 "$C"
  is "$(_file pids pids.max pids.max)" 22 pids
  status_is "$1"
}
cases update_of_a_created_or_paused_container created paused

update_of_a_stopped_container_is_an_error() {
  spec client 'a stopped container has no limits to change'
  requires_update
  container_that_is stopped
  refuses update --pids-limit 22 "$C"
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" 'container not running' message
}

update_of_nothing_changes_nothing() {
  spec client 'update without options succeeds'
  requires_controller pids
  _running '.linux.resources.pids.limit = 40'
  does update "$C"
  is "$(_file pids pids.max pids.max)" 40 pids
}

zeros_leave_values_as_they_are() {
  spec client 'engines send whole structures, with zeros for what they do not mean'
  requires_controller memory
  _running '.linux.resources.memory.limit = 67108864 | .linux.resources.cpu = {quota: 30000, period: 60000, shares: 512}'
  echo '{"memory": {"limit": 0, "reservation": 0, "swap": 0}, "cpu": {"shares": 0, "quota": 0, "period": 0,
    "cpus": "", "mems": ""}, "blockIO": {"weight": 0}}' >"$T/resources"
  does update -r "$T/resources" "$C"
  is "$(_file memory memory.limit_in_bytes memory.max)" 67108864 memory
  is "$(_file cpu cpu.cfs_quota_us cpu.max)" "$(_v1_or_v2 30000 '30000 60000')" quota
  is "$(_file cpu cpu.shares cpu.weight)" "$(_v1_or_v2 512 59)" weight
}

options_go_over_the_file() {
  spec own 'an option wins over the same value of --resources, which gives the others'
  requires_sampan
  requires_controller pids
  _running
  echo '{"pids": {"limit": 21}, "cpu": {"shares": 512}}' >"$T/resources"
  does update -r "$T/resources" --pids-limit 33 "$C"
  is "$(_file pids pids.max pids.max)" 33 pids
  is "$(_file cpu cpu.shares cpu.weight)" "$(_v1_or_v2 512 59)" weight
}

weight_of_all_keeps_that_of_one_device() {
  spec own 'a new weight for all devices leaves that of a single one as it is, and so does one that is taken back'
  requires_sampan
  requires_controller "$(_v1_or_v2 blkio io)"
  local file=/sys/block/loop7/queue/scheduler scheduler found=''
  scheduler=$(sed 's/.*\[\(.*\)\].*/\1/' $file 2>/dev/null)
  { [ -w $file ] && grep -q bfq $file && echo bfq >$file; } 2>/dev/null || skip 'no block device can have the scheduler bfq'
  bundle -p 'sleep 100' '.linux.resources.blockIO = {weight: 200, weightDevice: [{major: 7, minor: 7, weight: 300}]}'
  rt create --bundle "$B" "$C"
  if [ "$1" = changed ]; then rt update --blkio-weight 400 "$C"
  else
    echo "{\"blockIO\": {\"weight\": 400}, $(_v1_or_v2 '"cpu": {"cpus": "4000"}' '"unified": {"pids.max": "none"}')}" >"$T/resources"
    rt update -r "$T/resources" "$C"
  fi
  found=$(cat "$CGROUP"/{io.bfq.weight,blkio.bfq.weight_device} 2>/dev/null)
  echo "$scheduler" >$file
  is "$RC" "$([ "$1" = changed ] && echo 0 || echo 1)" 'exit code'
  is "$found" "default $([ "$1" = changed ] && echo 400 || echo 200)"$'\n'"7:7 300" weights
}
cases weight_of_all_keeps_that_of_one_device changed taken-back

period_stays_with_a_new_quota() {
  spec own 'what no option names stays as it is'
  requires_sampan
  requires_controller cpu
  _running '.linux.resources.cpu = {quota: 50000, period: 200000}'
  does update --cpu-quota 100000 "$C"
  is "$(_file cpu cpu.cfs_period_us cpu.max)" "$(_v1_or_v2 200000 '100000 200000')" period
}

update_of_docker_is_taken() {
  spec client 'docker update sends zeros for what it does not change, kernel memory too'
  requires_controller memory
  _running '.linux.resources.memory.limit = 67108864'
  echo '{"memory": {"limit": 50331648, "reservation": 0, "kernel": 0}, "cpu": {"shares": 0, "quota": 0, "period": 0},
    "blockIO": {"weight": 0}}' >"$T/resources"
  does update -r "$T/resources" "$C"
  is "$(_file memory memory.limit_in_bytes memory.max)" 50331648 memory
}

pids_limit_of_zero_is_a_limit_where_somebody_typed_it() {
  spec own 'an option of 0 is no structure that nobody filled in'
  requires_sampan
  requires_controller pids
  _running
  echo '{"pids": {"limit": 0}}' >"$T/resources"
  does update -r "$T/resources" "$C"
  is "$(_file pids pids.max pids.max)" max 'the limit of a file, below version 1.3'
  does update --pids-limit 0 "$C"
  is "$(_file pids pids.max pids.max)" 1 'the limit of the option'
}

devices_are_left_alone() {
  spec client 'devices in --resources change nothing'
  _running
  echo '{"devices": [{"allow": true, "access": "rwm"}]}' >"$T/resources"
  local before
  before=$(cat "/sys/fs/cgroup/devices/$TEST_PREFIX/$C-bundle/devices.list" 2>/dev/null)
  does update -r "$T/resources" "$C"
  is "$(cat "/sys/fs/cgroup/devices/$TEST_PREFIX/$C-bundle/devices.list" 2>/dev/null)" "$before" 'allowed devices'
}

update_is_all_or_nothing() {
  spec own 'when one limit is refused, those that were set before it are taken back'
  requires_sampan
  requires_controller memory
  _running '.linux.resources.memory = {limit: 67108864, reservation: 33554432} | .linux.resources.cpu = {quota: 30000, period: 60000, cpus: "0"}'
  refuses update --memory 96m --memory-reservation 48m --cpu-quota 50000 --cpuset-cpus 4000 --pids-limit 17 "$C"
  has "$ERR" '--cpuset-cpus: ' 'the error names what was refused'
  is "$(_file memory memory.limit_in_bytes memory.max)" 67108864 memory
  is "$(_file memory memory.soft_limit_in_bytes memory.low)" 33554432 reservation
  is "$(_file cpu cpu.cfs_quota_us cpu.max)" "$(_v1_or_v2 30000 '30000 60000')" quota
  is "$(_file cpuset cpuset.cpus cpuset.cpus)" 0 cpus
  is "$(_file pids pids.max pids.max)" max pids
}

# A program that has some megabytes in use. Not page cache, which the kernel would drop.
_hungry() {
  requires_controller memory
  bundle -p 'a=xxxxxxxxxxxxxxxx; i=0; while [ $i -lt 20 ]; do a=$a$a; i=$((i+1)); done; echo ready >/fifo; sleep 100; echo ${#a}' "$@"
  create
  start
  await_line "$B/rootfs/fifo"
}
limit_below_the_usage_is_refused_if_asked() {
  spec config-linux.md#memory 'checkBeforeUpdate: a new limit that is lower than the current usage is rejected'
  requires_update
  local check='.linux.resources.memory = {limit: 134217728}'
  [ "$1" != config ] || { requires_sampan; check='.linux.resources.memory = {limit: 134217728, checkBeforeUpdate: true}'; }
  _hungry "$check"
  case $1 in
    file) echo '{"memory": {"limit": 8388608, "swap": 134217728, "checkBeforeUpdate": true}}' >"$T/resources"
          refuses update -r "$T/resources" "$C" ;;
    config) refuses update --memory 8m --memory-swap 128m --pids-limit 20 "$C" ;;
  esac
  is "$(_file memory memory.limit_in_bytes memory.max)" 134217728 'limit'
  [ "$1" != config ] || is "$(_file pids pids.max pids.max)" max pids
  status_is running
}
cases limit_below_the_usage_is_refused_if_asked file config

limit_above_the_usage_passes_the_check() {
  spec config-linux.md#memory 'checkBeforeUpdate: only a limit below the usage is rejected'
  requires_controller memory
  _running '.linux.resources.memory = {limit: 134217728, checkBeforeUpdate: true}'
  does update --memory 67108864 "$C"
  is "$(_file memory memory.limit_in_bytes memory.max)" 67108864 'limit'
}

# The same for create, whose cgroup may have belonged to somebody else before.
create_in_a_used_cgroup_checks_too() {
  spec config-linux.md#memory 'checkBeforeUpdate: a new limit that is lower than the current usage is rejected'
  requires_sampan
  requires_controller memory
  bundle '.linux.resources.memory = {limit: 1048576, checkBeforeUpdate: true}'
  if [ "$(cgroup_version)" = 2 ]; then
    mkdir "/sys/fs/cgroup/$TEST_PREFIX" 2>/dev/null
    echo '+memory' >/sys/fs/cgroup/cgroup.subtree_control
    echo '+memory' >"/sys/fs/cgroup/$TEST_PREFIX/cgroup.subtree_control"
  fi
  mkdir -p "$CGROUP"
  # The pages of a file stay charged to the cgroup when the process has ended.
  sh -c 'echo 0 >"$0/cgroup.procs" && exec head -c 16777216 /dev/zero >"$1"' "$CGROUP" "$T/pages"
  create_fails
  has "$ERR" 'the limit of memory (1048576) is below what is in use' message
  rm "$T/pages"
  rmdir "$CGROUP"
}

bad_update_is_an_error() {
  spec own 'the error says which option or which line is wrong'
  requires_sampan
  _running
  case $1 in
    size) refuses update --memory 64q "$C"; has "$ERR" '--memory: takes a number of bytes such as 64m' message ;;
    number) refuses update --cpu-quota 1e5 "$C"; has "$ERR" '--cpu-quota: takes a number' message ;;
    list) refuses update --cpuset-cpus 3-1 "$C"; has "$ERR" '--cpuset-cpus: "3-1" is not a list' message ;;
    key) echo '{"memory": {"limit": "64m"}}' >"$T/resources"
         refuses update -r "$T/resources" "$C"; has "$ERR" ':1:22: /memory/limit' place ;;
    rule) printf '{\n  "cpu": {"quota": 1000, "burst": 2000}}' >"$T/resources"
         refuses update -r "$T/resources" "$C"; has "$ERR" ':2:35: /cpu/burst' place ;;
    kernel) printf '{\n  "cpu": {"cpus": "4000"}}' >"$T/resources"
         refuses update -r "$T/resources" "$C"; has "$ERR" ':2:19: /cpu/cpus' place ;;
    missing) refuses update -r "$T/nothing" "$C"; has "$ERR" 'No such file' message ;;
    json) echo '{' >"$T/resources"; refuses update -r "$T/resources" "$C" ;;
    rdt) refuses update --l3-cache-schema 'L3:0=f' "$C"; has "$ERR" 'made without intelRdt' message ;;
    bandwidth) refuses update --mem-bw-schema 'L3:0=f' "$C"; has "$ERR" '--mem-bw-schema: expected one line that starts with "MB:"' message ;;
  esac
  status_is running
}
cases bad_update_is_an_error size number list key rule kernel missing json rdt bandwidth

update_of_no_container_is_an_error() {
  spec runtime.md#operations 'an operation on a container that does not exist, or without an ID, is an error'
  requires_update
  refuses update --pids-limit 20 no-such-container
  refuses update --pids-limit 20
}

container_without_a_cgroup_cannot_be_updated() {
  spec own 'an error tells why there is nothing to limit'
  requires_sampan
  bundle -p 'sleep 100'
  RUNTIME="$RUNTIME --cgroup-manager disabled" create
  refuses update --pids-limit 20 "$C"
  has "$ERR" 'the container has no cgroup of its own' message
}

missing_controller_is_an_error() {
  spec own 'an error names the controller that the cgroup lacks'
  requires_sampan
  _running
  echo '{"unified": {"nonsense.max": "1"}}' >"$T/resources"
  refuses update -r "$T/resources" "$C"
  has "$ERR" 'no nonsense controller' message
}

update_takes_limits_only() {
  spec own 'unified takes limits: no file that moves, freezes or kills processes'
  requires_sampan
  _running
  echo "{\"unified\": {\"cgroup.freeze\": \"1\"}}" >"$T/resources"
  refuses update -r "$T/resources" "$C"
  has "$ERR" /unified/cgroup.freeze 'the pointer'
  has "$ERR" 'does not set a limit' 'the reason'
  status_is running
}

resources_come_from_a_stream() {
  spec client '--resources takes whatever can be read: a FIFO, /dev/stdin, and - for standard input'
  requires_update
  requires_controller pids
  bundle -p 'sleep 100'
  create
  start
  echo '{"pids": {"limit": 77}}' >"$T/resources.json"
  case $1 in
    fifo)
      mkfifo "$T/resources.fifo"
      helper dd if="$T/resources.json" of="$T/resources.fifo" status=none
      does update --resources "$T/resources.fifo" "$C" ;;
    *) STDIN=$T/resources.json does update --resources "$1" "$C" ;;
  esac
  is "$(<"$CGROUP/pids.max")" 77 pids.max
}
cases resources_come_from_a_stream fifo /dev/stdin -
