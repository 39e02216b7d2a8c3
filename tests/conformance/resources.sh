# Resources of cgroups beyond the usual ones, on v1 and v2 (config-linux.md#control-groups).
# shellcheck shell=bash

_created() { bundle -p 'sleep 100' "$@"; create; }
_on() { [ "$(cgroup_version)" = "$1" ]; }
# A file that only some kernels have. On v2 it only exists below a cgroup that gives its controller to
# children.
_requires_file() {
  local dir=$CGROUP level there=''
  mkdir -p "$dir"
  if _on 2; then
    for level in /sys/fs/cgroup "${dir%/*}"; do { echo "+${1%%.*}" >"$level/cgroup.subtree_control"; } 2>/dev/null; done
  fi
  [ ! -e "$dir/$1" ] || there=1
  rmdir "$dir"
  [ -n "$there" ] || skip "the kernel has no $1"
}
# The whole file, as one line.
_in() { tr '\n' ' ' <"$CGROUP/$1" | sed 's/ $//'; }
# A block device that everybody has and nobody uses.
_requires_loop() { [ -b /dev/loop7 ] || [ -e /sys/block/loop7 ] || skip 'there is no block device 7:7'; }

pids_limit_of_zero_is_zero() {
  spec config-linux.md#pids '0 is a valid limit'
  requires_controller pids
  _created '.ociVersion = "1.3.0" | .linux.resources.pids.limit = 0'
  matches "$(_in pids.max)" '^[01]$' 'limit, with either of which nothing can be forked'
}

pids_limit_of_zero_is_none_before_version_1_3() {
  spec client 'where no version of the specification could say "no limit", engines write 0 (podman --pids-limit -1)'
  requires_controller pids
  _created '.ociVersion = "1.0.2-dev" | .linux.resources.pids.limit = 0'
  is "$(_in pids.max)" max limit
}

# docs/conformance.md, "Zero and empty".
zero_stands_for_not_set() {
  spec client 'engines send whole structures, with zeros for what they do not mean'
  _created ".linux.resources.$1"
}
cases zero_stands_for_not_set 'blockIO={weight:0}' 'blockIO={leafWeight:0}' \
  'blockIO={weightDevice:[{major:7,minor:7,weight:0,leafWeight:0}]}' 'memory={swap:0}' 'memory={limit:0}' \
  'memory={limit:67108864,swap:0}' 'memory={reservation:0}' 'memory={kernel:0,kernelTCP:0}' 'cpu={shares:0}' 'cpu={quota:0}' \
  'cpu={period:0}' 'cpu={quota:0,period:0,shares:0}' 'cpu={realtimeRuntime:0,realtimePeriod:0}' 'cpu={cpus:"",mems:""}' \
  'network={classID:0}'

zero_leaves_the_defaults() {
  spec client 'what stands for "not set" is not written'
  requires_controller memory
  _created '.linux.resources += {memory: {limit: 0, reservation: 0, swap: 0}, cpu: {shares: 0, quota: 0, period: 0}}'
  if _on 2; then is "$(_in memory.max)" max memory
  else [ "$(_in memory.limit_in_bytes)" -gt 1000000000000 ] || fail "memory is limited to $(_in memory.limit_in_bytes)"; fi
}

empty_text_is_as_good_as_absent() {
  spec client 'Go programs write an empty text for what is not set'
  bundle ".$1"
  runs
}
cases empty_text_is_as_good_as_absent 'linux.rootfsPropagation=""' 'linux.mountLabel=""' 'linux.resources.devices[0].type=""' \
  'process.apparmorProfile=""' 'process.selinuxLabel=""' 'linux.namespaces[0].path=""' 'domainname=""' 'linux.cgroupsPath=""'

rate_of_zero_is_no_limit() {
  spec own 'a rate of 0 takes the limit of a device away, on v2 too, where the kernel has a word for it'
  requires_sampan
  requires_controller "$(_on 2 && echo io || echo blkio)"
  _requires_loop
  _created '.linux.resources.blockIO.throttleReadBpsDevice = [{major: 7, minor: 7, rate: 0}]'
  if _on 2; then is "$(_in io.max)" '' io.max; else is "$(_in blkio.throttle.read_bps_device)" '' rates; fi
}

pids_without_a_limit_is_unlimited() {
  spec config-linux.md#pids 'limit is optional'
  requires_controller pids
  _created '.linux.resources.pids = {}'
  is "$(_in pids.max)" max limit
}

nothing_can_be_forked_with_a_pids_limit_of_zero() {
  spec config-linux.md#pids '0 is a valid limit'
  requires_controller pids
  bundle -p 'true & echo forked' '.ociVersion = "1.3.0" | .linux.resources.pids.limit = 0'
  run_container
  isnt "$RC" 0 'exit code'
  lacks "$OUT" forked output
}

throttle_is_set() {
  spec config-linux.md#block-io "$1 limits the rate of a device"
  local file key
  case $1 in
    throttleReadBpsDevice) file=read_bps key=rbps ;;
    throttleWriteBpsDevice) file=write_bps key=wbps ;;
    throttleReadIOPSDevice) file=read_iops key=riops ;;
    throttleWriteIOPSDevice) file=write_iops key=wiops ;;
  esac
  requires_controller "$(_on 2 && echo io || echo blkio)"
  _requires_loop
  _created ".linux.resources.blockIO.$1 = [{major: 7, minor: 7, rate: 1048576}]"
  if _on 2; then has "$(_in io.max)" "$key=1048576" io.max
  else is "$(_in "blkio.throttle.${file}_device")" '7:7 1048576' "$file"; fi
}
cases throttle_is_set throttleReadBpsDevice throttleWriteBpsDevice throttleReadIOPSDevice throttleWriteIOPSDevice

block_weight_is_set() {
  spec config-linux.md#block-io 'weight is the default weight of the group'
  requires_controller "$(_on 2 && echo io || echo blkio)"
  grep -qs bfq /sys/block/*/queue/scheduler || skip 'the kernel has no weights of I/O'
  _created '.linux.resources.blockIO.weight = 200'
  if _on 1; then is "$(_in blkio.bfq.weight)" 200 weight
  elif [ -e "$CGROUP/io.bfq.weight" ]; then has "$(_in io.bfq.weight)" 'default 200' weight
  else has "$(_in io.weight)" 'default 1920' weight; fi
}

weight_of_a_device_is_set() {
  spec config-linux.md#block-io 'weightDevice sets the weight for one device'
  requires_controller "$(_on 2 && echo io || echo blkio)"
  local file=/sys/block/loop7/queue/scheduler before
  before=$(sed 's/.*\[\(.*\)\].*/\1/' $file 2>/dev/null)
  { [ -w $file ] && grep -q bfq $file && echo bfq >$file; } 2>/dev/null || skip 'no block device can have the scheduler bfq'
  bundle -p 'sleep 100' '.linux.resources.blockIO.weightDevice = [{major: 7, minor: 7, weight: 300}]'
  rt create --bundle "$B" "$C"
  echo "$before" >$file
  is "$RC" 0 'exit code of create'
  if _on 2; then has "$(_in io.bfq.weight)" 'default' weight; else has "$(_in blkio.bfq.weight_device)" default weight; fi
}

hugepage_limit_is_set() {
  spec config-linux.md#huge-page-limits 'limits reservations where the kernel accounts them, and page faults'
  requires_controller hugetlb
  local max=limit_in_bytes
  _on 2 && max=max
  _requires_file "hugetlb.2MB.$max"
  _created '.linux.resources.hugepageLimits = [{pageSize: "2MB", limit: 4194304}]'
  is "$(_in "hugetlb.2MB.$max")" 4194304 'page faults'
  [ ! -e "$CGROUP/hugetlb.2MB.rsvd.$max" ] || is "$(_in "hugetlb.2MB.rsvd.$max")" 4194304 reservations
}

hugepage_limit_of_a_size_that_is_not_there_is_an_error() {
  spec runtime.md#create 'a property that cannot be applied is an error'
  requires_controller hugetlb
  bundle '.linux.resources.hugepageLimits = [{pageSize: "3MB", limit: 4194304}]'
  create_fails
}

network_class_and_priorities_are_set() {
  spec config-linux.md#network 'classID tags packets, priorities are those of interfaces'
  requires_cgroup 1
  requires_controller net_prio
  _created '.linux.resources.network = {classID: 1048577, priorities: [{name: "lo", priority: 5}]}'
  has "$(_in net_prio.ifpriomap)" 'lo 5' priorities
  is "$(cat "/sys/fs/cgroup/net_cls/$TEST_PREFIX/$C-bundle/net_cls.classid")" 1048577 classID
}

rdma_limit_of_a_device_that_is_not_there_is_an_error() {
  spec config-linux.md#rdma 'the entry key is the name of the device'
  requires_controller rdma
  bundle '.linux.resources.rdma = {"no-such-device": {hcaHandles: 3}}'
  create_fails
}

rdma_limit_is_set() {
  spec config-linux.md#rdma 'hcaHandles and hcaObjects of a device'
  requires_controller rdma
  local device
  device=$(find /sys/class/infiniband -mindepth 1 -maxdepth 1 -printf '%f\n' 2>/dev/null | head -n 1)
  [ -n "$device" ] || skip 'there is no RDMA device'
  _created ".linux.resources.rdma = {\"$device\": {hcaHandles: 3}}"
  has "$(_in rdma.max)" 'hca_handle=3' rdma.max
}

realtime_budget_is_set() {
  spec config-linux.md#cpu 'realtimeRuntime and realtimePeriod are those of the cgroup (v1)'
  requires_cgroup 1
  requires_controller cpu
  local parent=/sys/fs/cgroup/cpu/$TEST_PREFIX
  # With a child, or a container of another chapter that made it would remove it.
  mkdir -p "$parent/kept"
  { echo 100000 >"$parent/cpu.rt_runtime_us"; } 2>/dev/null || skip 'no real-time budget can be given here'
  _created '.linux.resources.cpu = {realtimePeriod: 900000, realtimeRuntime: 5000}'
  is "$(cat "$CGROUP/cpu.rt_period_us" "$CGROUP/cpu.rt_runtime_us")" $'900000\n5000' 'period and runtime'
}

oom_killer_is_disabled() {
  spec config-linux.md#memory 'disableOOMKiller true disables the OOM killer (v1)'
  requires_cgroup 1
  requires_controller memory
  _created '.linux.resources.memory = {limit: 67108864, disableOOMKiller: true}'
  has "$(_in memory.oom_control)" 'oom_kill_disable 1' memory.oom_control
}

memory_of_children_counts_when_asked() {
  spec config-linux.md#memory 'useHierarchy true: cgroups below share the limits (v1)'
  requires_cgroup 1
  requires_controller memory
  _created '.linux.resources.memory.useHierarchy = true'
  is "$(_in memory.use_hierarchy)" 1 memory.use_hierarchy
}

kernel_memory_is_accepted() {
  spec config-linux.md#memory 'kernel and kernelTCP are not recommended, yet valid'
  requires_controller memory
  _created '.linux.resources.memory = {limit: 67108864, kernel: -1, kernelTCP: -1, checkBeforeUpdate: true}'
}

kernel_tcp_memory_is_limited() {
  spec config-linux.md#memory 'kernelTCP sets the hard limit of kernel TCP buffer memory'
  requires_sampan
  requires_cgroup 1
  requires_controller memory
  _created '.linux.resources.memory = {kernelTCP: 8388608}'
  is "$(_in memory.kmem.tcp.limit_in_bytes)" 8388608 'limit of TCP buffers'
}

limit_of_kernel_memory_is_passed_over_on_v2() {
  spec own 'limits of kernel memory, which cgroup v2 has not, are ignored with a warning, as others ignore them'
  requires_sampan
  requires_cgroup 2
  requires_controller memory
  _created ".linux.resources.memory.$1 = 8388608"
  has "$(<"$T/create.err")" "/linux/resources/memory/$1" 'the warning'
}
cases limit_of_kernel_memory_is_passed_over_on_v2 kernel kernelTCP

field_that_this_cgroup_version_lacks_is_an_error() {
  spec config-linux.md#unified 'where a conversion from v1 to v2 is not possible it is an error'
  requires_cgroup 2
  requires_controller memory
  bundle ".linux.resources.$1"
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" "/linux/resources/${1%%[.=]*}" 'the place'
}
cases field_that_this_cgroup_version_lacks_is_an_error memory.swappiness=33 memory.disableOOMKiller=true \
  cpu.realtimeRuntime=5000 'network={classID:1048577}'

shares_have_the_documented_weight() {
  spec own 'shares become weights so that the smallest, default and largest values of both meet'
  requires_sampan
  requires_cgroup 2
  requires_controller cpu
  _created ".linux.resources.cpu.shares = ${1%:*}"
  is "$(_in cpu.weight)" "${1#*:}" weight
}
cases shares_have_the_documented_weight 2:1 512:59 1024:100 262144:10000

burst_above_the_quota_is_an_error() {
  spec config-linux.md#cpu 'burst is no larger than a positive quota (an error may be generated)'
  requires_sampan
  requires_controller cpu
  bundle '.linux.resources.cpu = {quota: 20000, period: 100000, burst: 30000}'
  create_fails
  has "$ERR" /linux/resources/cpu/burst 'the place'
}

unified_value_may_have_several_lines() {
  spec config-linux.md#unified 'a value is written to its file, whatever it is'
  requires_cgroup 2
  requires_controller io
  _requires_loop
  [ -e /sys/block/loop6 ] || skip 'there is no block device 7:6'
  _created '.linux.resources.unified = {"io.max": "7:6 rbps=2097152\n7:7 wiops=120"}'
  has "$(_in io.max)" '7:6 rbps=2097152' io.max
  has "$(_in io.max)" 'wiops=120' io.max
}

unified_of_a_file_that_the_runtime_does_not_know_is_written() {
  spec config-linux.md#unified 'configuration unknown to the runtime is written all the same'
  requires_cgroup 2
  requires_controller misc
  _requires_file cgroup.max.descendants
  _created '.linux.resources.unified = {"cgroup.max.descendants": "3", "memory.oom.group": "1"}'
  is "$(_in cgroup.max.descendants) $(_in memory.oom.group)" '3 1' 'files'
}

unified_has_the_last_word() {
  spec config-linux.md#unified 'a value of unified is what its file holds in the end'
  requires_cgroup 2
  requires_controller pids
  _created '.linux.resources = {pids: {limit: 5}, memory: {limit: 67108864}, unified: {"pids.max": "9", "memory.max": "33554432"}}'
  is "$(_in pids.max) $(_in memory.max)" '9 33554432' 'files'
}

unified_that_cannot_be_written_is_an_error() {
  spec config-linux.md#unified "a controller that is not present, or a key that is no file of the cgroup, is an error"
  requires_cgroup 2
  requires_controller memory
  bundle ".linux.resources.unified = {\"$1\": \"1\"}"
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" /linux/resources/unified/ 'the place'
  is_absent "$CGROUP" 'after the failed create'
}
cases unified_that_cannot_be_written_is_an_error memory.nosuch nosuch.max ../memory.max memory.events memory below/memory.high .

unified_enables_the_controllers_that_it_needs() {
  spec config-linux.md#unified 'the controllers are enabled for the cgroup'
  requires_cgroup 2
  requires_controller cpuset
  bundle -p 'sleep 100' ".linux.cgroupsPath = \"/$TEST_PREFIX/$C-above/below/deep\"" '.linux.resources.unified = {"cpuset.cpus": "0"}'
  create
  is "$(cat "/sys/fs/cgroup/$TEST_PREFIX/$C-above/below/deep/cpuset.cpus")" 0 cpuset.cpus
}

unified_without_cgroup_v2_is_an_error() {
  spec config-linux.md#unified 'a controller that is not present is an error'
  requires_cgroup 1
  requires_controller memory
  bundle '.linux.resources.unified = {"memory.high": "50331648"}'
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" /linux/resources/unified 'the place'
}

cgroup_in_use_is_an_error() {
  spec config-linux.md#control-groups 'a cgroup that is not fit for purpose may be refused: one with processes'
  requires_sampan
  requires_controller pids
  mkdir -p "$CGROUP"
  helper sleep 100
  echo "$HELPER" >"$CGROUP/cgroup.procs"
  bundle
  create_fails
  kill -KILL "$HELPER"
  await "[ -z \"\$(cat $CGROUP/cgroup.procs)\" ] && rmdir $CGROUP"
}

refused_cgroup_keeps_its_processes() {
  spec own 'a create that fails does nothing to the processes of a cgroup that it did not make'
  requires_sampan
  local dir dirs=()
  helper sleep 100
  for dir in "${CGROUP_ROOTS[@]}"; do
    case $dir in */cpuset) continue ;; esac
    mkdir -p "$dir/$TEST_PREFIX/$C-bundle"
    echo "$HELPER" >"$dir/$TEST_PREFIX/$C-bundle/cgroup.procs"
    dirs+=("$dir/$TEST_PREFIX/$C-bundle")
  done
  bundle
  create_fails
  kill -0 "$HELPER" || fail 'a stranger was killed'
  [[ $(<"/proc/$HELPER/stat") != *') Z'* ]] || fail 'a stranger was killed'
  kill -KILL "$HELPER"
  for dir in "${dirs[@]}"; do await "[ -z \"\$(cat $dir/cgroup.procs)\" ] && rmdir $dir"; done
}

frozen_cgroup_is_an_error() {
  spec config-linux.md#control-groups 'a cgroup that is not fit for purpose may be refused: a frozen one'
  requires_sampan
  local below=''
  [ "$1" = itself ] || below=/below/deep
  local top file=freezer.state frozen=FROZEN thawed=THAWED
  _on 2 && top=/sys/fs/cgroup file=cgroup.freeze frozen=1 thawed=0 || { requires_controller freezer; top=/sys/fs/cgroup/freezer; }
  local dir=$top/$TEST_PREFIX/$C-bundle
  mkdir -p "$dir"
  echo $frozen >"$dir/$file"
  bundle ".linux.cgroupsPath += \"$below\""
  create_fails
  echo $thawed >"$dir/$file"
  has "$ERR" "container's cgroup unexpectedly frozen" 'what the runtime says'
  is_absent "$dir/below" 'after the failed create'
  rmdir "$dir"
}
cases frozen_cgroup_is_an_error itself parent

cgroups_path_that_leaves_is_an_error() {
  spec config-linux.md#cgroups-path 'certain paths may be invalid, which is an error'
  requires_sampan
  bundle ".linux.cgroupsPath = \"$1\""
  create_fails
  has "$ERR" /linux/cgroupsPath 'the place'
}
cases cgroups_path_that_leaves_is_an_error /../../x a/../../../b /

resctrl_is_left_alone_without_intel_rdt() {
  spec config-linux.md#intelrdt 'if intelRdt is not set no resctrl is manipulated'
  requires_sampan
  bundle -n with '.linux.intelRdt = {closID: "some"}'
  does plan "$B"
  has "$OUT" resctrl 'what would be done with intelRdt'
  bundle
  does plan "$B"
  lacks "$OUT" resctrl 'what would be done without it'
}

# ---- ownership ------------------------------------------------------------------------------------------

_delegated() {
  requires_cgroup 2
  bundle -p 'sleep 100' '.process.user = {uid: 7, gid: 7}' '.linux.namespaces += [{type: "cgroup"}]' \
    '.mounts += [{destination: "/sys", type: "sysfs", source: "sysfs"}, {destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup"}]' "$@"
  create
  CGROUP=/sys/fs/cgroup/$TEST_PREFIX/$C-bundle
}

writable_cgroup_belongs_to_the_user() {
  spec config-linux.md#cgroup-ownership 'the directory and the delegatable files belong to the uid outside of process.user'
  requires_sampan
  requires_userns
  _delegated "$USERNS"
  is "$(stat -c %u "$CGROUP")" 100007 'owner of the directory'
  is "$(find "$CGROUP" -maxdepth 1 -type f -uid 100007 -printf '%f\n' | sort)" \
    "$(cd "$CGROUP" && xargs ls -d 2>/dev/null </sys/kernel/cgroup/delegate | sort)" 'files of the user'
  is "$(find "$CGROUP" -maxdepth 1 -type f ! -uid 100007 ! -uid 0)" '' 'files of anybody else'
}

user_of_a_writable_cgroup_may_make_cgroups() {
  spec config-linux.md#cgroup-ownership 'the cgroup is delegated'
  requires_sampan
  requires_userns
  requires_cgroup 2
  bundle -p 'mkdir /sys/fs/cgroup/below && echo 0 >/sys/fs/cgroup/below/cgroup.procs && cat /proc/self/cgroup; echo max >/sys/fs/cgroup/pids.max || echo refused' \
    '.process.user = {uid: 7, gid: 7}' '.linux.namespaces += [{type: "cgroup"}]' \
    '.mounts += [{destination: "/sys", type: "sysfs", source: "sysfs"}, {destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup"}]' "$USERNS"
  runs
  is "$OUT" $'0::/below\nrefused' 'output'
}

cgroup_keeps_its_owner() {
  spec config-linux.md#cgroup-ownership 'unchanged without a cgroup namespace of its own, or a writable mount on /sys/fs/cgroup'
  case $1 in
    read-only) _delegated '(.mounts[] | select(.type == "cgroup")).options = ["ro"]' ;;
    elsewhere) _delegated '(.mounts[] | select(.type == "cgroup")).destination = "/cgroup"' ;;
    shared) _delegated '.linux.namespaces |= map(select(.type != "cgroup"))' ;;
  esac
  is "$(stat -c %u "$CGROUP" "$CGROUP/cgroup.procs")" $'0\n0' owners
}
cases cgroup_keeps_its_owner read-only elsewhere shared

cgroup_of_v1_keeps_its_owner() {
  spec config-linux.md#cgroup-ownership 'the ownership is not changed when cgroup v1 is in use'
  requires_cgroup 1
  requires_controller pids
  _created '.process.user = {uid: 7, gid: 7}' '.linux.namespaces += [{type: "cgroup"}]' \
    '.mounts += [{destination: "/sys", type: "sysfs", source: "sysfs"}, {destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup"}]'
  is "$(stat -c %u "$CGROUP" "$CGROUP/cgroup.procs")" $'0\n0' owners
}

# ---- hybrid: v1 with a cgroup2 beside it ----------------------------------------------------------------

_requires_hybrid() {
  requires_cgroup 1
  grep -qsw hugetlb /sys/fs/cgroup/unified/cgroup.controllers || skip 'no cgroup2 with hugetlb is mounted beside cgroup v1'
  CGROUP=/sys/fs/cgroup/unified/$TEST_PREFIX/$C-bundle
}

controller_of_a_hybrid_host_is_found_in_cgroup2() {
  spec config-linux.md#control-groups 'limits go to the hierarchy that has the controller'
  requires_sampan
  _requires_hybrid
  _created '.linux.resources = {hugepageLimits: [{pageSize: "2MB", limit: 4194304}], pids: {limit: 9}}'
  is "$(_in hugetlb.2MB.max)" 4194304 'huge pages in cgroup2'
  is "$(<"/sys/fs/cgroup/pids/$TEST_PREFIX/$C-bundle/pids.max")" 9 'pids in cgroup v1'
}

unified_on_a_hybrid_host_is_written_to_cgroup2() {
  spec config-linux.md#unified 'the files are those of the unified hierarchy'
  requires_sampan
  _requires_hybrid
  _created '.linux.resources.unified = {"hugetlb.2MB.max": "2097152"}'
  is "$(_in hugetlb.2MB.max)" 2097152 'huge pages in cgroup2'
}
