# shellcheck shell=bash disable=SC2154
# Networks: those of the engine, its names, and the namespaces of others.

_web() { # [OPTION]...: a server that tells its host name
    docker run -d --runtime "$R" --name "$C" "$@" bare sh -c 'mkdir -p /tmp/www && hostname >/tmp/www/index.html && exec httpd -f -p 80 -h /tmp/www' >/dev/null
}
_client() { docker run --rm --runtime "$R" "$@"; }
_network() { docker network create "$@" "$N" >/dev/null; }
_address() { docker inspect -f "{{(index .NetworkSettings.Networks \"$1\").IPAddress}}" "$C"; }
_fetched() { [ "$("$@")" = "$(inspect .Config.Hostname)" ]; }

default_bridge() { _web && eventually _fetched _client bare wget -q -O - "http://$(_address bridge)/"; }
published_port() { _web -p 127.0.0.1:0:80 && eventually _fetched busybox wget -q -O - "http://$(docker port "$C" 80/tcp)/"; }
links_between_containers() { _web && eventually _fetched _client --link "$C:other" bare wget -q -O - http://other/; }
network_with_names() {
    _network && _web --network "$N" --network-alias web && eventually _fetched _client --network "$N" bare wget -q -O - http://web/ &&
        eventually _fetched _client --network "$N" bare wget -q -O - "http://$C/"
}
names_of_another_network_are_unknown() { _network && _web --network "$N" --network-alias web && ! _client bare timeout 10 wget -q -O - http://web/ 2>/dev/null; }
network_joined_while_running() {
    _network && _web && docker network connect --alias late "$N" "$C" && is "$(docker exec "$C" sh -c 'ls -d /sys/class/net/eth* | wc -l; ip addr | grep -c "inet "')" $'2\n3' &&
        eventually _fetched _client --network "$N" bare wget -q -O - http://late/ && docker network disconnect "$N" "$C" &&
        is "$(docker exec "$C" sh -c 'ls -d /sys/class/net/eth* | wc -l')" 1
}
internal_network() { _network --internal && _web --network "$N" && eventually _fetched _client --network "$N" bare wget -q -O - "http://$C/"; }
given_addresses() {
    _network --subnet 10.99.7.0/24 && has "$(_client --network "$N" --ip 10.99.7.9 --mac-address 02:42:00:00:00:99 bare ip addr show eth0)" 10.99.7.9/24 &&
        has "$(_client --network "$N" --ip 10.99.7.9 --mac-address 02:42:00:00:00:99 bare ip addr show eth0)" 02:42:00:00:00:99
}
address_after_a_restart() {
    local before
    _network && _web --network "$N" && docker restart -t 0 "$C" >/dev/null && before=$(_address "$N") && [ -n "$before" ] &&
        docker network inspect "$N" | grep -q "\"$before/" && has "$(docker exec "$C" ip addr show eth0)" "$before/"
}
network_of_none() { is "$(one_run bare ls /sys/class/net)" lo; }
network_of_the_host() { is "$(_client --network host bare readlink /proc/self/ns/net)" "$(readlink /proc/self/ns/net)"; }
network_of_another_container() { _web && eventually _fetched _client --network "container:$C" bare wget -q -O - http://127.0.0.1/; }
names_and_resolver() {
    is "$(_client --hostname h --domainname example.com --add-host a:1.2.3.4 --dns 9.9.9.9 --dns-search s.example.com bare sh -c 'hostname; grep -c "1.2.3.4[[:space:]]*a" /etc/hosts; grep -cE "^(nameserver 9.9.9.9|search s.example.com)" /etc/resolv.conf')" $'h\n1\n2'
}
sysctl_of_a_network() { is "$(_client --sysctl net.core.somaxconn=99 bare cat /proc/sys/net/core/somaxconn)" 99; }
low_ports_without_privileges() { _web --user 12 && eventually _fetched _client bare wget -q -O - "http://$(_address bridge)/"; }
exec_sees_the_network() { _network && _web --network "$N" && is "$(docker exec "$C" readlink /proc/self/ns/net)" "$(docker exec "$C" readlink /proc/1/ns/net)"; }
compose() {
    docker compose version >/dev/null 2>&1 || needs 'docker compose'
    mkdir -p "$work/compose" && cat >"$work/compose/compose.yaml" <<YAML
name: $N
services:
  web:
    image: bare
    runtime: $R
    container_name: $C
    init: true
    command: [sh, -c, 'mkdir -p /srv/www && echo from-web >/srv/www/index.html && exec httpd -f -p 80 -h /srv/www']
    healthcheck: {test: [CMD, test, -e, /srv/www/index.html], interval: 1s}
    networks: [back]
    volumes: [data:/data]
    mem_limit: 64m
    pids_limit: 20
    cap_drop: [ALL]
    cap_add: [NET_BIND_SERVICE, CHOWN, DAC_OVERRIDE]
    read_only: false
    tmpfs: [/run]
  client:
    image: bare
    runtime: $R
    depends_on: {web: {condition: service_healthy}}
    networks: [back]
    volumes: [data:/data]
    command: [sh, -c, 'wget -q -O /data/got http://web/ && cat /data/got']
networks: {back: {}}
volumes: {data: {}}
YAML
    local code=0
    docker compose -f "$work/compose/compose.yaml" up -d --quiet-pull && eventually _client_has_got &&
        is "$(limit memory memory.limit_in_bytes memory.max)" 67108864 && is "$(docker compose -f "$work/compose/compose.yaml" exec -T web cat /data/got)" from-web || code=1
    docker compose -f "$work/compose/compose.yaml" down -v -t 1 && is "$(docker network ls -q --filter "name=$N")" '' || code=1
    return $code
}
_client_has_got() { docker compose -f "$work/compose/compose.yaml" logs client | grep -q from-web; }
