# Network devices that are moved into the container (config-linux.md#network-devices).
# shellcheck shell=bash

# A network namespace of the test's own, instead of the host's: no device of the machine is touched.
# RUNTIME_HOST runs a command in it.
_own_network() {
  requires_tool ip
  helper unshare --net sleep 100
  await "[ \"$(readlink /proc/self/ns/net)\" != \"\$(readlink /proc/$HELPER/ns/net)\" ]"
  OUTSIDE="nsenter --net=/proc/$HELPER/ns/net"
  RUNTIME="$OUTSIDE $RUNTIME"
  $OUTSIDE ip link add sampan0 type veth peer name peer0 || skip 'the kernel has no veth devices'
  $OUTSIDE ip addr add 192.0.2.1/24 dev sampan0
  $OUTSIDE ip addr add 2001:db8::1/64 dev sampan0 nodad 2>/dev/null
  $OUTSIDE ip link set sampan0 mtu 1400
}
_requires_net_devices() {
  [ "$RUNTIME_NAME" != runc ] || [[ $($RUNTIME --version) != *1.1.* ]] || skip 'runc 1.1 has specification 1.0.2 only'
  [ "$RUNTIME_NAME" != crun ] || [[ $($RUNTIME --version) != *1.8.* ]] || skip 'crun 1.8 has specification 1.0 only'
}

network_device_is_moved() {
  spec config-linux.md#network-devices 'the device is moved, named, keeps its permanent global addresses and attributes, and is up'
  _requires_net_devices
  _own_network
  bundle -p 'ip -o addr show dev inside0; ip -o link show dev inside0' '.linux.netDevices = {sampan0: {name: "inside0"}}'
  runs
  has "$OUT" 'inet 192.0.2.1/24' 'addresses inside'
  has "$OUT" 'inet6 2001:db8::1/64' 'addresses inside'
  has "$OUT" 'mtu 1400' 'the device inside'
  has "$OUT" ',UP' 'the device inside'
}

network_device_keeps_its_name() {
  spec config-linux.md#network-devices 'if name is not specified, the host name is used'
  _requires_net_devices
  _own_network
  bundle -p 'ip -o addr show dev sampan0; sleep 100' '.linux.netDevices = {sampan0: {}}'
  create
  has "$(nsenter "--net=/proc/$INIT/ns/net" ip -o addr show dev sampan0)" 'inet 192.0.2.1/24' 'addresses inside'
  lacks "$($OUTSIDE ip -o link)" sampan0 'devices outside'
}

network_device_works_in_a_user_namespace() {
  spec config-linux.md#network-devices 'the device is made available in the container'
  _requires_net_devices
  requires_userns
  _own_network
  bundle -p 'ip -o addr show dev sampan0' "$USERNS" '.linux.netDevices = {sampan0: {}}'
  runs
  has "$OUT" 'inet 192.0.2.1/24' 'addresses inside'
}

network_device_goes_into_a_joined_namespace() {
  spec config-linux.md#network-devices 'the device is moved into the network namespace of the container'
  _requires_net_devices
  _own_network
  $OUTSIDE ip link add sampan1 type veth peer name peer1
  bundle -n first -p 'sleep 100' '.linux.netDevices = {sampan0: {name: "eth%d"}}'
  create
  local first=$INIT
  C=$C-second
  bundle -n second -p 'ip -o link | cut -d: -f2' '.linux.netDevices = {sampan1: {name: "eth%d"}}' \
    ".linux.namespaces |= map(if .type == \"network\" then .path = \"/proc/$first/ns/net\" else . end)"
  runs
  has "$OUT" eth0 'devices inside'
  has "$OUT" eth1 'devices inside'
}

network_device_with_a_name_that_is_taken_is_an_error() {
  spec config-linux.md#network-devices 'a device with the name that exists in the container is an error'
  _requires_net_devices
  _own_network
  $OUTSIDE ip link set sampan0 up
  bundle '.linux.netDevices = {sampan0: {name: "lo"}}'
  create_fails
  has "$($OUTSIDE ip -o addr show dev sampan0)" 'inet 192.0.2.1/24' 'addresses outside'
}

network_device_that_is_missing_is_an_error() {
  spec config-linux.md#network-devices 'the runtime checks that moving the device is possible'
  _requires_net_devices
  _own_network
  bundle '.linux.netDevices = {nothere0: {}}'
  create_fails
}

network_device_comes_back_when_create_fails() {
  spec runtime.md#create 'an error leaves the environment as it was'
  requires_sampan
  _own_network
  $OUTSIDE ip link set sampan0 up
  bundle '.linux.netDevices = {sampan0: {name: "inside0"}}' '.hooks.createRuntime = [{path: "/bin/false"}]'
  create_fails
  has "$($OUTSIDE ip -o addr show dev sampan0)" 'inet 192.0.2.1/24' 'addresses outside'
  has "$($OUTSIDE ip -o link show dev sampan0)" ',UP' 'the device outside'
}

network_device_gets_the_first_free_number() {
  spec config-linux.md#network-devices 'a name with %d: the lowest number that is free'
  _requires_net_devices
  _own_network
  $OUTSIDE ip link add sampan1 type veth peer name peer1
  $OUTSIDE ip link add sampan2 type veth peer name peer2
  bundle -p 'ls /proc/sys/net/ipv4/conf' '.linux.netDevices = {sampan0: {name: "net%d"}, sampan1: {name: "net%d"}, sampan2: {name: "net1"}}'
  run_container
  # A device that takes the name of another is an error, whatever their order.
  if [ "$RC" = 0 ]; then
    for name in net0 net1 net2; do has_word "${OUT//$'\n'/ }" $name 'devices inside'; done
  else
    has "$ERR" net1 'the error'
  fi
}

only_permanent_global_addresses_are_kept() {
  spec config-linux.md#network-devices 'addresses that are permanent and of global scope are kept, others are not'
  _requires_net_devices
  _own_network
  $OUTSIDE ip addr add 192.0.2.7/24 dev sampan0 valid_lft 1000 preferred_lft 1000
  $OUTSIDE ip addr add 169.254.3.4/16 dev sampan0 scope link
  $OUTSIDE ip addr add 2001:db8::7/64 dev sampan0 nodad valid_lft 1000 preferred_lft 1000 2>/dev/null
  bundle -p 'ip -o addr show dev sampan0' '.linux.netDevices = {sampan0: {}}'
  runs
  has "$OUT" 'inet 192.0.2.1/24' 'addresses inside'
  has "$OUT" 'inet6 2001:db8::1/64' 'addresses inside'
  lacks "$OUT" 192.0.2.7 'addresses inside'
  lacks "$OUT" 169.254.3.4 'addresses inside'
  lacks "$OUT" 2001:db8::7 'addresses inside'
}

network_device_comes_back_after_a_late_failure() {
  spec runtime.md#create 'an error leaves the environment as it was'
  requires_sampan
  _own_network
  $OUTSIDE ip link set sampan0 up
  case $1 in
    hook) bundle '.linux.netDevices = {sampan0: {name: "inside0"}}' '.hooks.createContainer = [{path: "/bin/false"}]' ;;
    program) bundle '.linux.netDevices = {sampan0: {name: "inside0"}}' '.process.args = ["/no/such/program"]' ;;
    second) bundle '.linux.netDevices = {sampan0: {name: "inside0"}, zzz0: {}}' ;;
  esac
  create_fails
  local found
  found=$($OUTSIDE ip -o addr show dev sampan0)
  has "$found" 'inet 192.0.2.1/24' 'addresses outside'
  has "$found" 'inet6 2001:db8::1/64' 'addresses outside'
  has "$($OUTSIDE ip -o link show dev sampan0)" ',UP' 'the device outside'
}
cases network_device_comes_back_after_a_late_failure hook program second

network_device_is_left_where_it_is() {
  spec config-linux.md#network-devices 'the runtime neither manages the device after create nor moves it back'
  _requires_net_devices
  _own_network
  # A namespace that stays, like that of a pod.
  local pod
  mkfifo "$T/up"
  # shellcheck disable=SC2016
  helper unshare --net sh -c 'echo up >"$1"; exec sleep 100' sh "$T/up"
  await_line "$T/up"
  pod=/proc/$HELPER/ns/net
  bundle -p 'sleep 100' '.linux.netDevices = {sampan0: {name: "inside0"}}' \
    ".linux.namespaces |= map(if .type == \"network\" then .path = \"$pod\" else . end)"
  create
  has "$(nsenter "--net=$pod" ip -o link show dev inside0)" ,UP 'the device inside'
  nsenter "--net=$pod" ip link set inside0 down
  start
  lacks "$(nsenter "--net=$pod" ip -o link show dev inside0)" ,UP 'the device after start'
  does delete --force "$C"
  has "$(nsenter "--net=$pod" ip -o link)" inside0 'devices inside after delete'
  lacks "$($OUTSIDE ip -o link)" sampan0 'devices outside after delete'
}

number_may_stand_anywhere_in_a_name() {
  spec client 'one %d in a name is the first free number, as the kernel has it'
  requires_sampan
  _own_network
  bundle -p 'ip -o addr show dev a0b' '.linux.netDevices = {sampan0: {name: "a%db"}}'
  runs
  has "$OUT" 'inet 192.0.2.1/24' 'addresses inside'
}

network_device_with_a_name_that_cannot_be_is_not_moved() {
  spec own 'a name that the kernel refuses is refused before the device is moved'
  requires_sampan
  _own_network
  bundle ".linux.netDevices = {sampan0: {name: \"$1\"}}"
  create_fails
  has "$($OUTSIDE ip -o addr show dev sampan0)" 'inet 192.0.2.1/24' 'addresses outside'
  has "$ERR" ': /linux/netDevices/sampan0/name' 'the place'
}
cases network_device_with_a_name_that_cannot_be_is_not_moved e%s e%d%d a%

network_device_comes_back_when_it_cannot_be_renamed() {
  spec runtime.md#create 'an error leaves the environment as it was'
  requires_sampan
  _own_network
  # The name is taken, but not as the name of a device: the kernel notices it after it has moved the device.
  local inside
  helper unshare --net sleep 100
  await "[ \"$(readlink /proc/self/ns/net)\" != \"\$(readlink /proc/$HELPER/ns/net)\" ]"
  inside="nsenter --net=/proc/$HELPER/ns/net"
  $inside ip link add other0 type veth peer name other1 || skip 'the kernel has no veth devices'
  $inside ip link property add dev other0 altname inside0 2>/dev/null || skip 'devices have one name only'
  bundle '.linux.netDevices = {sampan0: {name: "inside0"}}' \
    "(.linux.namespaces[] | select(.type == \"network\")).path = \"/proc/$HELPER/ns/net\""
  create_fails
  has "$($OUTSIDE ip -o addr show dev sampan0)" 'inet 192.0.2.1/24' 'addresses outside'
}

network_device_is_called_by_its_own_name() {
  spec own 'another name of a device is said to be one'
  requires_sampan
  _own_network
  $OUTSIDE ip link property add dev sampan0 altname second0 2>/dev/null || skip 'devices have one name only'
  bundle '.linux.netDevices = {second0: {}}'
  create_fails
  has "$ERR" 'second0 is another name of the network device sampan0' 'the error'
}

network_devices_with_one_name_are_refused_before_the_first_move() {
  spec own 'what can be seen before the first move is refused before it: the devices stay where they are'
  requires_sampan
  _own_network
  $OUTSIDE ip link add sampan1 type veth peer name peer1
  $OUTSIDE ip addr add 192.0.2.9/24 dev sampan0 valid_lft 1000 preferred_lft 1000
  local before
  before=$($OUTSIDE ip -o link show dev sampan0 | cut -d: -f1)
  case $1 in
    same) bundle '.linux.netDevices = {sampan0: {name: "one"}, sampan1: {name: "one"}}' ;;
    missing) bundle '.linux.netDevices = {sampan0: {name: "one"}, sampan7: {}}' ;;
    taken) bundle '.linux.netDevices = {sampan0: {name: "one"}, sampan1: {name: "lo"}}' ;;
    long) bundle '.linux.netDevices = {sampan0: {name: "one"}, sampan1: {name: "sixteen-letters."}}' ;;
  esac
  $OUTSIDE ip -o monitor link >"$T/events" &
  HELPERS+=($!)
  await "grep -qs . $T/events || { $OUTSIDE ip link set peer1 mtu \$((1400 + RANDOM % 99)); false; }"
  create_fails
  lacks "$(<"$T/events")" 'Deleted' 'what happened to the devices'
  is "$($OUTSIDE ip -o link show dev sampan0 | cut -d: -f1)" "$before" 'number of the device'
  has "$($OUTSIDE ip -o addr show dev sampan0)" 192.0.2.9 'addresses outside'
}
cases network_devices_with_one_name_are_refused_before_the_first_move same missing taken long

network_device_comes_back_with_addresses_and_routes() {
  spec runtime.md#create 'an error leaves the environment as it was'
  requires_sampan
  _own_network
  $OUTSIDE ip link set peer0 up
  $OUTSIDE ip link set sampan0 up
  $OUTSIDE ip addr add 192.0.2.7/24 dev sampan0 label sampan0:x valid_lft 1000 preferred_lft 900
  $OUTSIDE ip addr add 169.254.3.4/16 dev sampan0 scope link
  $OUTSIDE ip addr add 2001:db8::7/64 dev sampan0 nodad valid_lft 1000 preferred_lft 900 2>/dev/null
  $OUTSIDE ip route add 198.51.100.0/24 dev sampan0 metric 7
  $OUTSIDE ip route add default via 198.51.100.1 dev sampan0
  $OUTSIDE ip route add 203.0.113.0/24 via 192.0.2.99 table 77
  $OUTSIDE ip -6 route add 2001:db8:1::/48 via 2001:db8::99 dev sampan0 2>/dev/null
  _facts() {
    $OUTSIDE ip -o addr show dev sampan0 | sed -E 's/^[0-9]+: //; s/[0-9]+sec/SEC/g; s/ tentative//' | grep -v 'inet6 fe80' | sort
    $OUTSIDE ip route show dev sampan0 table all | sort
    $OUTSIDE ip -6 route show dev sampan0 | grep -v fe80 | sed -E 's/expires [0-9]+sec/SEC/' | sort
  }
  local before
  before=$(_facts)
  has "$before" 203.0.113.0/24 'routes before'
  bundle '.linux.netDevices = {sampan0: {name: "inside0"}}' '.hooks.createRuntime = [{path: "/bin/false"}]'
  create_fails
  is "$(_facts)" "$before" 'addresses and routes outside'
}

# Through two devices, of which one is moved, or both.
network_device_comes_back_with_routes_over_several_ways() {
  spec runtime.md#create 'an error leaves the environment as it was'
  requires_sampan
  _own_network
  $OUTSIDE sh -c 'ip link add sampan1 type veth peer name peer1
    ip addr add 198.18.0.1/24 dev sampan1; ip addr add 2001:db8:9::1/64 dev sampan1 nodad
    for device in sampan0 sampan1 peer0 peer1; do ip link set $device up; done'
  case $1 in
    *-hops)
      $OUTSIDE sh -e -c 'to="nexthop via 192.0.2.99 dev sampan0 weight 2 nexthop via 198.18.0.9 dev sampan1 weight 3"
        ip route add 198.51.100.0/24 $to
        ip route add 203.0.113.0/24 table 77 metric 4 $to
        ip -6 route add 2001:db8:2::/48 nexthop via 2001:db8::99 dev sampan0 weight 2 nexthop via 2001:db8:9::9 dev sampan1'
      ;;
    *-objects)
      $OUTSIDE ip nexthop add id 7 via 192.0.2.99 dev sampan0 2>/dev/null || skip 'the kernel has no nexthop objects'
      $OUTSIDE sh -e -c 'ip nexthop add id 8 via 198.18.0.9 dev sampan1
        ip nexthop add id 9 group 7,5/8,2
        ip nexthop add id 10 via 2001:db8::99 dev sampan0
        ip route add 198.51.100.0/24 nhid 7; ip route add 203.0.113.0/24 nhid 9; ip -6 route add 2001:db8:2::/48 nhid 10'
      ;;
  esac
  _ways() {
    $OUTSIDE ip -o -d route show table all | grep -v ' kernel ' | tr '\\' '\n' | sort
    $OUTSIDE ip nexthop | sort
  }
  local before
  before=$(_ways)
  has "$before" 198.51.100.0/24 'routes before'
  bundle '.linux.netDevices = {sampan0: {name: "inside0"}}' '.hooks.createRuntime = [{path: "/bin/false"}]'
  [[ $1 != two-* ]] || edit '.linux.netDevices.sampan1 = {}'
  create_fails
  is "$(_ways)" "$before" 'routes outside'
}
cases network_device_comes_back_with_routes_over_several_ways {one,two}-{hops,objects}
