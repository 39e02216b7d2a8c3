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

sysctl_is_set_under_readonly_proc_sys() {
  spec config-linux.md#sysctl 'readonlyPaths do not stop the runtime'
  bundle -p 'cat /proc/sys/net/ipv4/ip_default_ttl' '.linux.sysctl = {"net.ipv4.ip_default_ttl": "37"}' '.linux.readonlyPaths = ["/proc/sys"]'
  runs
  is "$OUT" 37 'inside'
}
