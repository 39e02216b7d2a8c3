# Configurations that must be refused, and some that must not (runtime.md#errors, config.md).
# shellcheck shell=bash

# After an error everything must be as if create had never been called.
_nothing_happened() {
  status_is none
  is "$(ls -A "$ROOT" 2>/dev/null)" '' 'what is left below --root'
  is_absent "$B/rootfs/tmp/ran" 'the program'
}

_refused() {
  bundle "$@"
  create_fails
  REFUSAL=$ERR
  _nothing_happened
}
# The same, and for this reason: sampan names the place $1, so that there is no other reason.
_refused_at() {
  _refused "${@:2}"
  [ "$RUNTIME_NAME" != sampan ] || matches "$REFUSAL" " $1(: |"$'\n'"|$)" 'the error'
}

file_that_is_not_json_is_an_error() {
  spec config.md#configuration 'config.json is a JSON document'
  bundle
  case $1 in
    empty) : >"$B/config.json" ;;
    text) echo 'hello' >"$B/config.json" ;;
    cut) head -c 200 "$B/config.json" >"$B/c" && mv "$B/c" "$B/config.json" ;;
    array) echo '[]' >"$B/config.json" ;;
    null) echo 'null' >"$B/config.json" ;;
    folder) rm "$B/config.json" && mkdir "$B/config.json" ;;
  esac
  create_fails
  _nothing_happened
}
cases file_that_is_not_json_is_an_error empty text cut array null folder

strange_file_is_an_error_and_never_a_hang() {
  spec own 'a config.json that is not a plain file, or is endless, or nested without end is a clear error'
  requires_sampan
  bundle
  case $1 in
    fifo) rm "$B/config.json" && mkfifo "$B/config.json" ;;
    zero) ln -sf /dev/zero "$B/config.json" ;;
    huge) rm "$B/config.json" && truncate -s 1G "$B/config.json" ;;
    nested) head -c 2000000 /dev/zero | tr '\0' '[' >"$B/config.json" ;;
    nul) printf '{"ociVersion": "1.0.2"}\0{}' >"$B/config.json" ;;
    utf8) sed -i 's/conformance/\xff\xfe/' "$B/config.json" ;;
    comma) sed -i 's/"cwd": "\/"/"cwd": "\/",/' "$B/config.json" ;;
    comment) sed -i '1s/{/{ \/\/ comment/' "$B/config.json" ;;
    twice) sed -i 's/"cwd": "\/"/"cwd": "\/", "cwd": "\/tmp"/' "$B/config.json" ;;
  esac
  create_fails
  has "$ERR" config.json 'the error names the file'
  _nothing_happened
}
cases strange_file_is_an_error_and_never_a_hang fifo zero huge nested nul utf8 comma comment twice

wrong_type_is_an_error() {
  spec config.md#configuration 'a value of another type than the specification has is not a valid configuration'
  case $1 in
    args) _refused_at /process/args '.process.args = "sh"' ;;
    env) _refused_at /process/env '.process.env = {"A": "1"}' ;;
    uid) _refused_at /process/user/uid '.process.user.uid = "root"' ;;
    negative-uid) _refused_at /process/user/uid '.process.user.uid = -1' ;;
    big-uid) _refused_at /process/user/uid '.process.user.uid = 4294967296' ;;
    fraction) _refused_at /process/user/uid '.process.user.uid = 1.5' ;;
    readonly) _refused_at /root/readonly '.root.readonly = "yes"' ;;
    mounts) _refused_at /mounts '.mounts = {}' ;;
    hostname) _refused_at /hostname '.hostname = 3' ;;
    annotations) _refused_at /annotations/a '.annotations = {"a": 1}' ;;
    limit) _refused_at /linux/resources/memory/limit '.linux.resources.memory.limit = "64m"' ;;
  esac
}
cases wrong_type_is_an_error args env uid negative-uid big-uid fraction readonly mounts hostname annotations limit

missing_part_is_an_error() {
  spec config.md#configuration 'a property that is REQUIRED is there, and a folder at root.path'
  local named
  case $1 in
    version) _refused 'del(.ociVersion)'; named='"ociVersion" is missing' ;;
    root) _refused 'del(.root)'; named='"root" is missing' ;;
    root-path) _refused 'del(.root.path)'; named='/root: the required property "path" is missing' ;;
    root-folder) _refused '.root.path = "nowhere"'; named=/root/path ;;
    root-file) _refused '.root.path = "config.json"'; named=/root/path ;;
    cwd) _refused 'del(.process.cwd)'; named='/process: the required property "cwd" is missing' ;;
    destination) _refused '.mounts += [{type: "tmpfs", source: "tmpfs"}]'; named='/mounts/4: the required property "destination" is missing' ;;
    namespace) _refused '.linux.namespaces += [{}]'; named='/linux/namespaces/5: the required property "type" is missing' ;;
    hook) _refused '.hooks.poststop = [{args: ["x"]}]'; named='/hooks/poststop/0: the required property "path" is missing' ;;
  esac
  [ "$RUNTIME_NAME" != sampan ] || has "$REFUSAL" "$named" 'the error'
}
cases missing_part_is_an_error version root root-path root-folder root-file cwd destination namespace hook

missing_process_is_an_error_at_start() {
  spec runtime.md#start 'start is an error when process was not set (create may already refuse)'
  bundle "$1"
  if _run "$T/program.out" "$T/create.err" create --bundle "$B" "$C"; then
    refuses start "$C"
    status_is created
  elif [ "$RUNTIME_NAME" = sampan ]; then
    # The whole and the property are optional, but not what is in it.
    is "$1" '.process.args=[]' 'what create refuses'
    has "$ERR" /process/args 'the place'
  fi
}
cases missing_process_is_an_error_at_start 'del(.process)' '.process.args=[]' 'del(.process.args)'

version_that_is_not_supported_is_an_error() {
  spec config.md#specification-version 'ociVersion is a semantic version; the configuration complies with it'
  _refused_at /ociVersion ".ociVersion = \"$1\""
}
cases version_that_is_not_supported_is_an_error banana 9.0.0 ''

version_that_is_supported_is_accepted() {
  spec config.md#specification-version 'a minor version adds, so older ones of the same major version run'
  bundle ".ociVersion = \"$1\""
  runs
}
cases version_that_is_supported_is_accepted 0.5.0-dev 1.0.0 1.0.2 1.0.2-dev 1.1.0 1.2.0 1.3.0

relative_cwd_is_an_error() {
  spec config.md#process 'cwd is an absolute path'
  _refused_at /process/cwd '.process.cwd = "tmp"'
}

bad_rlimit_is_an_error() {
  spec config.md#posix-process 'unknown types and duplicates of rlimits are an error'
  case $1 in
    unknown) _refused_at /process/rlimits/0/type '.process.rlimits = [{type: "RLIMIT_NOSUCH", soft: 1, hard: 1}]' ;;
    twice) _refused_at /process/rlimits/1 '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 10, hard: 10}, {type: "RLIMIT_NOFILE", soft: 9, hard: 9}]' ;;
    plain) _refused_at /process/rlimits/0/type '.process.rlimits = [{type: "nofile", soft: 1, hard: 1}]' ;;
    inverted) _refused_at /process/rlimits/0/soft '.process.rlimits = [{type: "RLIMIT_NOFILE", soft: 20, hard: 10}]' ;;
  esac
}
cases bad_rlimit_is_an_error unknown twice plain inverted

bad_namespace_is_an_error() {
  spec config-linux.md#namespaces 'a type twice, a relative path, a path that is no such namespace are errors'
  case $1 in
    unknown) _refused_at /linux/namespaces/5/type '.linux.namespaces += [{type: "nosuch"}]' ;;
    twice) _refused_at /linux/namespaces/5 '.linux.namespaces += [{type: "uts"}]' ;;
    # In a folder where the path would be found.
    relative) cd / && _refused_at /linux/namespaces/3/path '(.linux.namespaces[] | select(.type == "uts")).path = "proc/1/ns/uts" | del(.hostname)' ;;
    missing) _refused_at /linux/namespaces/3/path '(.linux.namespaces[] | select(.type == "uts")).path = "/no/such/namespace"' ;;
    file) _refused_at /linux/namespaces/3/path '(.linux.namespaces[] | select(.type == "uts")).path = ($B + "/config.json")' ;;
    other-kind) _refused_at /linux/namespaces/3/path '(.linux.namespaces[] | select(.type == "uts")).path = "/proc/1/ns/net"' ;;
    untyped) _refused_at /linux/namespaces/5 '.linux.namespaces += [{path: "/proc/1/ns/net"}]' ;;
  esac
}
cases bad_namespace_is_an_error unknown twice relative missing file other-kind untyped

mappings_without_a_user_namespace_are_an_error() {
  spec own 'mappings without a user namespace are an error (the peers ignore them)'
  requires_sampan
  _refused '.linux.uidMappings = [{containerID: 0, hostID: 100000, size: 10}] | .linux.gidMappings = .linux.uidMappings'
}

bad_mount_is_an_error() {
  spec config.md#mounts 'a mount that cannot be made is an error'
  case $1 in
    type) _refused_at /mounts/4/type '.mounts += [{destination: "/x", type: "nosuchfs", source: "x"}]' ;;
    source) _refused_at /mounts/4/source '.mounts += [{destination: "/x", source: "/no/such/source", options: ["bind"]}]' ;;
    option) _refused_at /mounts/4/options/0 '.mounts += [{destination: "/x", type: "tmpfs", source: "x", options: ["no-such-option"]}]' ;;
    one-map) _refused_at /mounts/4/uidMappings '.mounts += [{destination: "/x", source: "/tmp", options: ["bind"], uidMappings: [{containerID: 0, hostID: 1, size: 1}]}]' ;;
    folder-on-file) _refused_at /mounts/4/destination '.mounts += [{destination: "/etc/passwd", source: "/tmp", options: ["bind"]}]' ;;
    below-a-file) _refused_at /mounts/4/destination '.mounts += [{destination: "/etc/passwd/x", type: "tmpfs", source: "x"}]' ;;
  esac
}
cases bad_mount_is_an_error type source option one-map folder-on-file below-a-file

bad_device_is_an_error() {
  spec config-linux.md#devices 'the type is c, b, u or p; a file of another kind at the path is an error'
  case $1 in
    type) _refused_at /linux/devices/0/type '.linux.devices = [{path: "/dev/x", type: "z", major: 1, minor: 3}]' ;;
    taken) _refused_at /linux/devices/0 '.linux.devices = [{path: "/bin/busybox", type: "c", major: 1, minor: 3}]' ;;
    pathless) _refused_at /linux/devices/0 '.linux.devices = [{type: "c", major: 1, minor: 3}]' ;;
    numberless) _refused_at /linux/devices/0 '.linux.devices = [{path: "/dev/x", type: "c"}]' ;;
  esac
}
cases bad_device_is_an_error type taken pathless numberless

device_of_another_number_in_the_place_is_an_error() {
  spec config-linux.md#devices 'a file at the path that is not the device that is asked for is an error'
  _refused '.mounts |= map(select(.destination | startswith("/dev") | not))' \
    '.mounts += [{destination: "/place", source: "/dev/zero", options: ["bind"]}] | .linux.devices = [{path: "/place", type: "c", major: 1, minor: 3}]'
}

relative_path_in_the_container_is_an_error() {
  spec config-linux.md#masked-paths "the values of $1 are absolute paths"
  requires_sampan
  _refused_at "/linux/$1/0" ".linux.$1 = [\"proc/kcore\"]"
}
cases relative_path_in_the_container_is_an_error maskedPaths readonlyPaths

bad_annotation_is_an_error() {
  spec config.md#annotations "keys are strings that are not empty, values are strings"
  requires_sampan
  case $1 in
    empty-key) _refused_at /annotations/ '.annotations = {"": "x"}' ;;
    list) _refused_at /annotations '.annotations = ["x"]' ;;
    value) _refused_at /annotations/a '.annotations = {"a": {"b": "c"}}' ;;
  esac
}
cases bad_annotation_is_an_error empty-key list value

network_device_that_is_there_already_is_an_error() {
  spec config-linux.md#network-devices 'a move that is not possible is an error: the container has the network of the host'
  requires_sampan
  _refused_at /linux/netDevices/lo '.linux.namespaces |= map(select(.type != "network")) | .linux.netDevices = {"lo": {}}'
}

annotation_may_be_empty() {
  spec config.md#annotations 'values may be an empty string; without annotations the property may be an empty map'
  bundle ".annotations = $1"
  runs
}
cases annotation_may_be_empty '{"com.example.empty":"","org.opencontainers.image.stopSignal":"SIGUSR1"}' '{}'

bad_resource_is_an_error() {
  spec config-linux.md#control-groups "a section that needs at least one of its members"
  requires_sampan
  case $1 in
    weight) _refused_at /linux/resources/blockIO/weightDevice/0 '.linux.resources.blockIO.weightDevice = [{major: 7, minor: 7}]' ;;
    rdma) _refused_at /linux/resources/rdma/mlx5_1 '.linux.resources.rdma = {"mlx5_1": {}}' ;;
    page) _refused_at /linux/resources/hugepageLimits/0/pageSize '.linux.resources.hugepageLimits = [{pageSize: "2megs", limit: 1}]' ;;
    names) _refused_at /linux/seccomp/syscalls/0/names '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: [], action: "SCMP_ACT_ERRNO"}]}' ;;
    mem-bw) _refused_at /linux/intelRdt/memBwSchema '.linux.intelRdt = {closID: "x", memBwSchema: "L3:0=1"}' ;;
    mem-bw-lines) _refused_at /linux/intelRdt/memBwSchema '.linux.intelRdt = {closID: "x", memBwSchema: "MB:0=1\nMB:1=2"}' ;;
    schemata-lines) _refused_at /linux/intelRdt/schemata/0 '.linux.intelRdt = {closID: "x", schemata: ["MB:0=1\nMB:1=2"]}' ;;
  esac
}
cases bad_resource_is_an_error weight rdma page names mem-bw mem-bw-lines schemata-lines

bad_seccomp_is_an_error() {
  spec config-linux.md#seccomp 'unsupported actions, operators and architectures are errors'
  case $1 in
    action) _refused_at /linux/seccomp/defaultAction '.linux.seccomp = {defaultAction: "SCMP_ACT_NOSUCH"}' ;;
    default) _refused_at /linux/seccomp '.linux.seccomp = {syscalls: []}' ;;
    architecture) _refused_at /linux/seccomp/architectures/0 '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", architectures: ["SCMP_ARCH_NOSUCH"]}' ;;
    operator) _refused_at /linux/seccomp/syscalls/0/args/0/op '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["getcwd"], action: "SCMP_ACT_ERRNO",
        args: [{index: 0, value: 0, op: "SCMP_CMP_NOSUCH"}]}]}' ;;
    index) _refused_at /linux/seccomp/syscalls/0/args/0/index '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["getcwd"], action: "SCMP_ACT_ERRNO",
        args: [{index: 7, value: 0, op: "SCMP_CMP_EQ"}]}]}' ;;
    flag) _refused_at /linux/seccomp/flags/0 '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", flags: ["SECCOMP_FILTER_FLAG_NOSUCH"]}' ;;
    errno) _refused_at /linux/seccomp/syscalls/0/errnoRet '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", syscalls: [{names: ["getcwd"], action: "SCMP_ACT_KILL", errnoRet: 1}]}' ;;
    metadata) _refused_at /linux/seccomp/listenerMetadata '.linux.seccomp = {defaultAction: "SCMP_ACT_ALLOW", listenerMetadata: "x"}' ;;
  esac
}
cases bad_seccomp_is_an_error action default architecture operator index flag errno metadata

bad_value_is_an_error() {
  spec runtime.md#create 'a property that cannot be applied as configured is an error'
  case $1 in
    propagation) _refused_at /linux/rootfsPropagation '.linux.rootfsPropagation = "sideways"' ;;
    sysctl) _refused_at /linux/sysctl/kernel.no_such_thing '.linux.sysctl = {"kernel.no_such_thing": "1"}' ;;
    host-sysctl) _refused_at /linux/sysctl/vm.swappiness '.linux.sysctl = {"vm.swappiness": "10"}' ;;
    oom) _refused_at /process/oomScoreAdj '.process.oomScoreAdj = 2000' ;;
    hostname) _refused_at /hostname '.linux.namespaces |= map(select(.type != "uts"))' ;;
    terminal) _refused '.process.terminal = true' ;;
    personality) _refused_at /linux/personality/domain '.linux.personality = {domain: "SOLARIS"}' ;;
    nul-byte) requires_sampan; _refused '.process.args = ["/bin/true", "a\u0000b"]' ;;
  esac
}
cases bad_value_is_an_error propagation sysctl host-sysctl oom hostname terminal personality nul-byte

unknown_properties_are_ignored() {
  spec config.md#extensibility 'unknown properties are not an error'
  bundle '.noSuchThing = {"a": 1}' '.process.noSuchThing = true' '.linux.noSuchThing = []'
  runs
}

section_of_another_platform_is_ignored() {
  spec config.md#platform-specific-configuration 'the section of another platform than the one that the runtime is for has no effect'
  case $1 in
    vm) bundle '.vm = {hypervisor: {path: "/no/such/hypervisor", parameters: ["opt1=foo"]}, kernel: {path: "/no/such/kernel",
        parameters: ["quiet"], initrd: "/no/such/initrd"}, image: {path: "/no/such/image", format: "raw"},
        hwConfig: {deviceTree: "/no/such/tree", vcpus: 1, memory: 4096, dtdevs: ["/soc/x"], iomems: [{firstGFN: 1, firstMFN: 2, nrMFNs: 3}], irqs: [7]}}' ;;
    windows) bundle '.windows = {layerFolders: ["C:/layer"], resources: {cpu: {count: 2}}}' ;;
    solaris) bundle '.solaris = {milestone: "svc:/milestone/container:default", cappedCPU: {ncpus: "8"}}' ;;
    freebsd) bundle '.freebsd = {jail: {vnet: "new", enforceStatfs: 2}}' ;;
    zos) bundle '.zos = {namespaces: [{type: "pid"}]}' ;;
  esac
  runs
}
cases section_of_another_platform_is_ignored vm windows solaris freebsd zos

unknown_annotation_is_ignored() {
  spec config.md#annotations 'unknown annotations are not an error'
  bundle '.annotations = {"org.example.no.such": "x"}'
  runs
}

null_means_absent() {
  spec client 'null stands for an absent property, as the decoders of the engines have it'
  bundle '.hooks = null' '.linux.maskedPaths = null' '.linux.seccomp = null' '.process.rlimits = null' '.annotations = null'
  runs
}

failed_create_can_be_repeated() {
  spec runtime.md#errors 'an error leaves everything as if the operation were never attempted'
  bundle '.process.args = ["/no/such/program"]'
  create_fails
  edit '.process.args = ["/bin/true"]'
  runs
}

missing_program_fails_create() {
  spec client 'a program that is not there fails create (podman, containerd), with the text that they match'
  bundle ".process.args = [\"$1\"]"
  create_fails
  case $1 in
    /*) has "$ERR" 'no such file or directory' 'the error' ;;
    *) has "$ERR" 'executable file not found in $PATH' 'the error' ;;
  esac
  _nothing_happened
}
cases missing_program_fails_create no-such-program /no/such/program

program_that_is_no_program_fails_create() {
  spec client 'a program that may not be executed fails create with "permission denied"'
  bundle ".process.args = [\"$1\"]"
  create_fails
  has "${ERR,,}" 'permission denied' 'the error'
}
cases program_that_is_no_program_fails_create /etc/passwd /etc

error_is_one_json_record_in_the_log() {
  spec client '--log FILE --log-format json: the last record of level error says what failed (containerd)'
  bundle '.process.args = ["/no/such/program"]'
  _run "$T/program.out" "$T/create.err" --log "$T/log.json" --log-format json create --bundle "$B" "$C" && fail 'create is accepted'
  # shellcheck disable=SC2016
  is "$(jq -rs 'map(select(.level == "error")) | last | (.msg | test("/no/such/program")), (.time | test("^[0-9-]+T[0-9:.]+(Z|[+-][0-9:]+)$"))' "$T/log.json" 2>&1)" \
    $'true\ntrue' 'msg names the program, time is RFC 3339'
}

record_has_the_parts_of_an_error() {
  spec own 'a record has the step, the container, the place in config.json and what stands there, errno and hint'
  requires_sampan
  case $1 in
    plan) bundle '.mounts += [{destination: "/tmp", source: "/no/such/folder", options: ["bind"]}]' ;;
    rules) bundle '.process.cwd = "relative" | .process.oomScoreAdj = 5000' ;;
    warning) bundle '.process.cwdd = 5' ;;
  esac
  rt --log "$T/log" --log-format json create --bundle "$B" "$C"
  local told
  told=$(jq -c 'del(.msg, .time, .line, .column) | .file |= sub(".*/"; "")' "$T/log" | sed "s/$C/ID/")
  case $1 in
    plan) is "$told" '{"level":"error","code":"failed","container":"ID","step":"bind /no/such/folder on /tmp (bind)","file":"config.json","pointer":"/mounts/4/source","object":"/no/such/folder","errno":2,"hint":"the source of a bind mount must exist on the host"}' 'the record' ;;
    rules) is "$told" '{"level":"error","code":"config","container":"ID","file":"config.json","pointer":"/process/cwd","object":"relative"}' 'the record' ;;
    warning) is "$told" '{"level":"warning","container":"ID","file":"config.json","pointer":"/process/cwdd","object":"5","hint":"did you mean \"cwd\"?"}' 'the record' ;;
  esac
  # The place is that of the value, or of the key of an unknown one.
  matches "$(sed -n "$(jq .line "$T/log")p" "$B/config.json" | cut -c "$(jq .column "$T/log")-")" \
    '^("/no/such/folder"|"relative"|"cwdd")' 'what is at line and column'
}
cases record_has_the_parts_of_an_error plan rules warning

error_points_into_config_json() {
  spec own 'an error has file, line, column and JSON pointer, and a hint for what is near'
  requires_sampan
  bundle "$(case $1 in
    pointer) echo '.process.cwd = "relative"' ;;
    word) echo '.linux.namespaces[0].type = "pids"' ;;
    all) echo '.process.cwd = "relative" | .process.user.uid = "root"' ;;
  esac)"
  create_fails
  matches "$ERR" 'config\.json:[0-9]+:[0-9]+' 'file, line and column'
  case $1 in
    pointer) has "$ERR" /process/cwd 'the pointer' ;;
    word) has "$ERR" 'did you mean' 'the hint'; has "$ERR" /linux/namespaces/0/type 'the pointer' ;;
    all) has "$ERR" /process/cwd 'the first pointer'; has "$ERR" /process/user/uid 'the second pointer' ;;
  esac
}
cases error_points_into_config_json pointer word all

refused_option_is_named() {
  spec own 'the error of a mount names the option that the file system refuses'
  requires_sampan
  local type=${1%%:*} option=${1#*:}
  bundle ".mounts += [{destination: \"/x\", type: \"$type\", source: \"x\", options: [\"nosuid\", \"mode=0755\", \"$option\", \"ro\"]}]"
  create_fails
  # Older kernels read all options of devpts at once, and report none of them.
  if [ "$type" = devpts ]; then matches "$ERR" "refuses the option \"$option\"|,$option\\): " 'the error'
  else has "$ERR" "$type refuses the option \"$option\"" 'the error'; fi
  has "$ERR" /mounts/4 'the place'
}
cases refused_option_is_named tmpfs:no-such-option tmpfs:size=many tmpfs:uid=x devpts:ptmxmode=9 tmpfs:huge=maybe

missing_source_is_named_with_its_destination() {
  spec client 'the error of a source that is missing names it and the place it was meant for'
  bundle "$([ "$1" = plain ] && echo . || echo "$USERNS")" \
    '.mounts += [{destination: "/meant-for", source: ($T + "/no/such/source"), options: ["bind"]}]'
  create_fails
  has "$ERR" "$T/no/such/source" 'the error'
  [ "$RUNTIME_NAME" = crun ] || has "$ERR" /meant-for 'the error'
}
cases missing_source_is_named_with_its_destination plain user-namespace

# ---- how much is shown -----------------------------------------------------------------------------------

# A bundle with this number of problems.
_problems() {
  bundle ".process.rlimits = [range($1) | {type: \"RLIMIT_NOT_\\(.)\", soft: 1, hard: 1}]"
}

first_problems_are_told_to_a_program() {
  spec own 'engines cut what they pass on: five problems, and how many more there are'
  requires_sampan
  _problems "${1%:*}"
  rt --log "$T/log" --log-format json create --bundle "$B" "$C" && fail 'create is accepted'
  is "$(grep -c 'config.json:[0-9]' <<<"$ERR")" 5 'problems on standard error'
  local more=${1#*:}
  has "$ERR" "and ${more//_/ } more" 'standard error'
  has "$(jq -r .msg "$T/log")" "; and ${more//_/ } more" 'the log'
  [ "$(wc -c <"$T/log")" -lt 3000 ] || fail 'the log is too long for engines'
}
cases first_problems_are_told_to_a_program 7:2 30:at_least_15

all_problems_are_shown_on_a_terminal() {
  spec own 'people read on'
  requires_sampan
  requires_tool script
  _problems 7
  # shellcheck disable=SC2086
  OUT=$(command script -qec "$RUNTIME --root $ROOT create --bundle $B $C" /dev/null </dev/null)
  is "$(grep -c 'config.json:[0-9]' <<<"$OUT")" 7 'problems'
  lacks "$OUT" 'more' 'the end'
}

empty_args_are_refused_where_they_stand() {
  spec config.md#process 'args has the semantics of argv, and at least the name of the program'
  requires_sampan
  bundle '.process.args = []'
  create_fails
  matches "$ERR" 'config.json:[0-9]+:[0-9]+: /process/args' 'the place'
  status_is none
}

hints_cannot_disturb_a_terminal() {
  spec own 'what a bundle or a container has written, and a hint or a reason repeats, is escaped'
  requires_sampan
  case $1 in
    program)
      bundle '.process.args = ["no-such-thin"]'
      printf '#!/bin/sh\n' >"$B/rootfs/bin/no-such-thi"$'\e'
      run_fails
      has "$ERR" 'did you mean "no-such-thi\x1b"?' 'the hint' ;;
    search) bundle '.process.args = ["no-such-thing"]' '.process.env = ["PATH=/\u001b[2J"]'; run_fails; has "$ERR" 'PATH is /\x1b[2J' 'the hint' ;;
    cgroup) bundle '.linux.cgroupsPath = "/sys/fs/cgroup/\u001b[2J"'; run_fails; has "$ERR" 'write "/\x1b[2J"' 'the hint' ;;
    options)
      bundle '.mounts += [{destination: "/tmp", type: "tmpfs", source: "tmpfs", options: ["ro,\u001b[2J"]}]'
      run_fails
      has "$ERR" '"\x1b[2J"' 'the hint' ;;
    ignored)
      bundle '.mounts += [{destination: "/tmp", type: "bind", source: "/tmp", options: ["bind", "\u001b[2J"]}]' '.process.args = ["true"]'
      rt validate "$B"
      has "$ERR" 'is called "\x1b[2J"' 'the warning' ;;
    hook) bundle '.hooks.poststop = [{path: "/\u001b[2J", args: ["-x"]}]'; rt validate "$B"; has "$ERR" '\x1b[2J' 'what is said' ;;
    source)
      bundle '.root.path = "rotfs"'
      mv "$B/rootfs" "$B/rotfs"$'\e'
      run_fails
      has "$ERR" 'rotfs\x1b? ' 'the hint' ;;
    user)
      bundle -p 'sleep 100'
      printf 'bo\033b:x:77:78::/:/bin/sh\n' >>"$B/rootfs/etc/passwd"
      create; start
      refuses --log "$T/log" --log-format json exec --user bobb "$C" true
      has "$ERR" 'did you mean "bo\x1bb"?' 'the hint'
      has "$(jq -r .hint "$T/log")" 'did you mean "bo\x1bb"?' 'the hint in the log' ;;
  esac
  lacks "$ERR" $'\e' 'what is said'
}
cases hints_cannot_disturb_a_terminal program search cgroup options ignored hook source user

path_of_thousands_of_folders() {
  spec own 'a program that is missing is told without much memory, however long PATH is and however many names it has'
  requires_sampan
  bundle '.process.args = ["no-such-thing"]' '.process.env = ["PATH=" + ("/many:" * 20000)]'
  mkdir "$B/rootfs/many"
  (cd "$B/rootfs/many" && seq -f 'a-file-with-a-name-of-some-length-%.0f' 5000 | xargs touch)
  (ulimit -v 1000000; rt run --bundle "$B" "$C"; printf '%s' "$ERR" >"$T/said")
  has "$(<"$T/said")" 'executable file not found in $PATH' 'run'
  (ulimit -v 1000000; rt validate "$B"; printf '%s' "$ERR" >"$T/said")
  has "$(<"$T/said")" 'executable file not found in $PATH' 'validate'
}

exec_reads_no_folders_for_a_hint() {
  spec own 'exec, which holds the lock of the container, says where it has looked, and lists no folder of the container'
  requires_sampan
  bundle -p 'sleep 100'
  create; start
  refuses exec "$C" treu
  has "$ERR" 'PATH is ' 'where it was looked for'
  lacks "$ERR" 'did you mean' 'a name from a folder'
}

file_in_the_place_of_a_bundle_is_told() {
  spec own 'who names config.json itself is told that its folder is the bundle'
  requires_sampan
  bundle
  refuses run "$B/config.json"
  has "$ERR" "the bundle is the folder, not the file: $(realpath "$B")" 'the hint'
  refuses create --bundle "$B/rootfs/bin/busybox" "$C"
  has "$ERR" 'a bundle is a folder with a config.json' 'the hint'
}
