# Kernel parameters of the container's namespaces (config-linux.md#sysctl).
# shellcheck shell=bash

sysctl_is_set() {
  spec config-linux.md#sysctl 'kernel parameters are modified for the container'
  bundle -p "cat /proc/sys/$(tr . / <<<"${1%%=*}")" ".linux.sysctl = {\"${1%%=*}\": \"${1#*=}\"}"
  runs
  is "$OUT" "${1#*=}" "${1%%=*}"
}
cases sysctl_is_set net.ipv4.ip_forward=1 net.core.somaxconn=257 kernel.shmmax=12345678 kernel.msgmax=4321 fs.mqueue.msg_max=11

sysctl_does_not_reach_the_host() {
  spec config-linux.md#sysctl 'at runtime for the container'
  local before
  before=$(</proc/sys/net/ipv4/ip_default_ttl)
  bundle -p 'cat /proc/sys/net/ipv4/ip_default_ttl' '.linux.sysctl = {"net.ipv4.ip_default_ttl": "33"}'
  runs
  is "$OUT" 33 'inside'
  is "$(</proc/sys/net/ipv4/ip_default_ttl)" "$before" 'outside'
}

sysctl_with_slashes_is_accepted() {
  spec client 'names may be written with slashes, as interfaces with dots need'
  bundle -p 'cat /proc/sys/net/ipv4/ip_default_ttl' '.linux.sysctl = {"net/ipv4/ip_default_ttl": "34"}'
  runs
  is "$OUT" 34 'inside'
}

several_sysctls_are_set() {
  spec config-linux.md#sysctl 'a map of names and values'
  bundle -p 'cat /proc/sys/net/ipv4/ip_default_ttl /proc/sys/net/ipv4/ip_forward /proc/sys/kernel/shmmni' \
    '.linux.sysctl = {"net.ipv4.ip_default_ttl": "35", "net.ipv4.ip_forward": "1", "kernel.shmmni": "999"}'
  runs
  is "$OUT" $'35\n1\n999' 'inside'
}

sysctl_of_a_shared_namespace_is_an_error() {
  spec client 'parameters of namespaces that the container shares with the host are refused'
  local before
  before=$(</proc/sys/net/ipv4/ip_default_ttl)
  bundle '.linux.namespaces |= map(select(.type != "network"))' '.linux.sysctl = {"net.ipv4.ip_default_ttl": "36"}'
  create_fails
  is "$(</proc/sys/net/ipv4/ip_default_ttl)" "$before" 'outside'
}

sysctl_with_a_bad_value_is_an_error() {
  spec runtime.md#create 'a property that cannot be applied is an error'
  bundle '.linux.sysctl = {"net.ipv4.ip_default_ttl": "many"}'
  create_fails
}

sysctl_that_climbs_out_is_an_error() {
  spec client 'a name cannot leave /proc/sys'
  bundle '.linux.sysctl = {"net.././../../tmp/x": "1"}'
  create_fails
  bundle -n second '.linux.sysctl = {"net/../../../tmp/x": "1"}'
  create_fails
}

sysctl_with_a_dot_for_a_name_is_an_error() {
  spec own 'a part of the name that is no name would be passed over'
  requires_sampan
  bundle '.linux.sysctl = {"net.ipv4./.ip_forward": "1"}'
  create_fails
  has "$ERR" 'is not the name of a kernel parameter' 'the error'
}

sysctl_is_set_under_readonly_proc_sys() {
  spec config-linux.md#sysctl 'readonlyPaths do not stop the runtime'
  bundle -p 'cat /proc/sys/net/ipv4/ip_default_ttl' '.linux.sysctl = {"net.ipv4.ip_default_ttl": "37"}' '.linux.readonlyPaths = ["/proc/sys"]'
  runs
  is "$OUT" 37 'inside'
}

sysctl_needs_its_own_namespace() {
  spec client 'each parameter needs the namespace that it belongs to'
  local name=${1%%:*} type=${1#*:}
  bundle ".linux.namespaces |= map(select(.type != \"$type\"))" "$([ "$type" = uts ] && echo 'del(.hostname)')" \
    ".linux.sysctl = {\"$name\": \"1\"}"
  create_fails
  [ "$RUNTIME_NAME" != sampan ] || has "$ERR" "\"$type\"" 'the hint'
}
cases sysctl_needs_its_own_namespace kernel.msgmax:ipc kernel.msgmnb:ipc kernel.msgmni:ipc kernel.sem:ipc kernel.shmall:ipc \
  kernel.shmmax:ipc kernel.shmmni:ipc kernel.shm_rmid_forced:ipc fs.mqueue.msg_max:ipc net.ipv4.ip_forward:network \
  net.core.somaxconn:network kernel.domainname:uts user.max_user_namespaces:user

sysctl_of_the_machine_is_an_error() {
  spec client 'parameters of the whole machine are refused'
  bundle ".linux.sysctl = {\"$1\": \"1\"}"
  create_fails
}
cases sysctl_of_the_machine_is_an_error kernel.hostname kernel.panic kernel.core_pattern vm.swappiness fs.file-max kernel.shm \
  kernel.msgmaxx kernelXmsgmax fs.mqueue net kernel.sem.x

user_sysctl_is_set_in_a_user_namespace() {
  spec own 'user.* belongs to the user namespace'
  requires_sampan
  requires_userns
  bundle -p 'cat /proc/sys/user/max_uts_namespaces' "$USERNS" '.linux.sysctl = {"user.max_uts_namespaces": "17"}'
  runs
  is "$OUT" 17 'inside'
}

domainname_can_be_set_as_a_sysctl() {
  spec config-linux.md#sysctl 'kernel parameters are modified for the container'
  bundle -p 'cat /proc/sys/kernel/domainname' '.linux.sysctl = {"kernel.domainname": "example.org"}'
  runs
  is "$OUT" example.org 'inside'
}

domain_name_is_not_set_in_two_ways() {
  spec config.md#domainname 'the domain name of the container; the kernel parameter of it must not be another one'
  bundle '.domainname = "one"' ".linux.sysctl = {\"kernel.domainname\": \"$1\"}"
  [ "$1" = one ] && { runs; return; }
  create_fails
}
cases domain_name_is_not_set_in_two_ways one two
