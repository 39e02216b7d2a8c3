// The allowed device list on cgroup v2: a BPF program of type BPF_PROG_TYPE_CGROUP_DEVICE.
#pragma once

#include <linux/bpf.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "spec/resources.h"

namespace sampan {

// The program for the rules in their order: the last match wins, and without a match access is
// denied. Pure.
std::vector<bpf_insn> device_program(const std::vector<spec::DeviceRule>& rules);

// Loads the program and attaches it to the cgroup `directory`, in addition to those of its
// ancestors (all of them must allow). It exists as long as the cgroup.
Status attach_device_program(const std::string& directory,
                             const std::vector<spec::DeviceRule>& rules);

}  // namespace sampan
