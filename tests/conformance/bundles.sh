# Containers named by their bundle: an argument with a slash is a path. Only sampan promises this.
# shellcheck shell=bash

_bundle_at() {
  requires_sampan
  bundle -n "$1" -p 'echo ready >/fifo; sleep 100' "${2:-.}"
  cd "$T" || fail 'no folder'
}
_create_at() { _run "$T/program.out" "$T/create.err" create "$@" || fail 'create fails'; }

create_by_path_takes_the_name_of_the_folder() {
  spec own 'create PATH makes the container that is named like the folder'
  _bundle_at hello
  _create_at "$1"
  does list -q
  is "$OUT" hello 'list -q'
  rt delete --force hello
}
cases create_by_path_takes_the_name_of_the_folder ./hello ./hello/ ./hello/../hello

whole_life_by_path() {
  spec own 'start, state, kill and delete find the container by its bundle'
  _bundle_at hello
  _create_at ./hello
  does start ./hello
  await_line "$B/rootfs/fifo"
  state_of "$B"
  is "$STATUS" running 'status by absolute path'
  state_of ./hello/
  is "$STATUS" running 'status by relative path'
  state_of hello
  is "$STATUS" running 'status by ID'
  does kill ./hello KILL
  await_gone "$PID"
  does delete ./hello
  state_of hello
  is "$STATUS" none 'status after delete'
}

id_option_gives_another_name() {
  spec own 'create --id NAME PATH'
  _bundle_at hello
  _create_at --id other ./hello
  state_of other
  is "$STATUS" created 'status by ID'
  state_of ./hello
  is "$STATUS" created 'status by path'
  does delete --force ./hello
}

run_by_path() {
  spec own 'run PATH'
  requires_sampan
  bundle -n hello -p 'echo here'
  cd "$T" || fail 'no folder'
  does run ./hello
  is "$OUT" here 'output'
}

path_without_a_container_is_an_error() {
  spec own 'a bundle that no container was made from is not found'
  _bundle_at hello
  refuses state ./hello
  has "$ERR" 'does not exist' 'the error'
}

path_without_a_bundle_is_an_error() {
  spec own 'create of a path without config.json names the path'
  requires_sampan
  cd "$T" || fail 'no folder'
  refuses create ./nothing
  has "$ERR" nothing 'the error'
}

bundle_through_a_symlink_is_the_same() {
  spec own 'a bundle is found whatever path leads to it'
  _bundle_at hello
  ln -s hello link
  _create_at ./hello
  state_of ./link
  is "$STATUS" created 'status by the link'
  does delete --force ./link
}

two_containers_of_one_bundle_are_told_apart() {
  spec own 'a path that fits several containers is an error that names them'
  _bundle_at hello 'del(.linux.cgroupsPath)'
  _create_at --id one ./hello
  _create_at --id two ./hello
  refuses state ./hello
  has "$ERR" one 'the error'
  has "$ERR" two 'the error'
  does delete --force one
  does delete --force two
}

folder_whose_name_is_no_id_is_an_error() {
  spec own 'a name that cannot be an ID needs --id'
  _bundle_at 'a b' 'del(.linux.cgroupsPath)'
  refuses create './a b'
  _create_at --id ab './a b'
  does delete --force ab
}
