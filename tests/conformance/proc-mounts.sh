# What may be mounted on /proc and below it.
# shellcheck shell=bash

file_of_proc_may_be_covered() {
  spec client 'files of /proc that only tell can be covered by better ones (lxcfs)'
  requires_kernel_file "/proc/$1"
  bundle -p "cat /proc/$1" ".mounts += [{destination: \"/proc/$1\", source: (\$T + \"/better\"), options: [\"bind\", \"ro\"]}]"
  echo better >"$T/better"
  runs
  is "$OUT" better 'the file'
}
cases file_of_proc_may_be_covered cpuinfo diskstats loadavg meminfo slabinfo stat swaps uptime sys/kernel/ns_last_pid \
  sys/crypto/fips_enabled

place_in_proc_must_not_be_covered() {
  spec client 'nothing is mounted over files of /proc that the runtime or programs trust (CVE-2019-16884)'
  local source=$T/file
  touch "$T/file"; mkdir "$T/folder"
  [ ! -d "/proc/$1" ] || source=$T/folder
  bundle ".mounts += [{destination: \"/proc/$1\", source: \"$source\", options: [\"bind\"]}]"
  create_fails
}
cases place_in_proc_must_not_be_covered self/attr/exec self/attr self thread-self 1 sys sys/kernel sys/kernel/core_pattern \
  sysrq-trigger keys kcore fs meminfo/../sysrq-trigger

link_of_the_image_into_proc_does_not_help() {
  spec client 'it is the file that counts, not the name'
  bundle '.mounts += [{destination: "/etc/link", source: ($T + "/file"), options: ["bind"]}]'
  touch "$T/file"
  ln -s "$1" "$B/rootfs/etc/link"
  create_fails
}
cases link_of_the_image_into_proc_does_not_help /proc/sysrq-trigger ../proc/sysrq-trigger

only_a_whole_procfs_can_be_on_proc() {
  spec client 'on /proc there is a real procfs, or nothing (CVE-2019-16884)'
  mkdir "$T/folder"
  case $1 in
    tmpfs) bundle '.mounts[0] = {destination: "/proc", type: "tmpfs", source: "x"}' ;;
    tmpfs-over-it) bundle '.mounts += [{destination: "/proc", type: "tmpfs", source: "x"}]' ;;
    sysfs) bundle '.mounts[0] = {destination: "/proc", type: "sysfs", source: "x"}' ;;
    folder) bundle '.mounts[0] = {destination: "/proc", source: ($T + "/folder"), options: ["bind"]}' ;;
    folder-of-proc) bundle '.mounts[0] = {destination: "/proc", source: "/proc/sys", options: ["bind"]}' ;;
    dotted) bundle '.mounts[0] = {destination: "/tmp/../proc/.", type: "tmpfs", source: "x"}' ;;
  esac
  create_fails
}
cases only_a_whole_procfs_can_be_on_proc tmpfs tmpfs-over-it sysfs folder folder-of-proc dotted

procfs_may_be_on_proc() {
  spec config.md#mounts 'a proc mount is made inside the container'
  case $1 in
    bound) bundle -p 'cat /proc/self/comm' '.mounts[0] = {destination: "/proc", source: "/proc", options: ["rbind"]}' \
      '.linux.namespaces |= map(select(.type != "pid"))' ;;
    twice) bundle -p 'cat /proc/self/comm' '.mounts += [.mounts[0]]' ;;
    elsewhere) bundle -p 'cat /other/proc/self/comm' '.mounts += [{destination: "/other/proc", type: "proc", source: "proc"}]' ;;
  esac
  runs
  is "$OUT" cat 'the file'
}
cases procfs_may_be_on_proc bound twice elsewhere
