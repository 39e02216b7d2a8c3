// The parts of check_spec, one for each subject.
#pragma once

#include <string_view>

#include "base/bit_list.h"
#include "spec/check.h"

namespace sampan::spec {

void check_process(const Process& process, Findings& findings);
void check_scheduler(const Scheduler& scheduler, Findings& findings);
void check_mounts(const Config& config, Findings& findings);
void check_namespaces(const Config& config, Findings& findings);
void check_id_mappings(const std::vector<IdMapping>& mappings,
                       const std::string& pointer,
                       Findings& findings);
void check_sysctl(const Config& config, Findings& findings);
void check_paths(const Config& config, Findings& findings);
void check_devices(const Config& config, Findings& findings);
void check_resources(const Resources& resources, Findings& findings);
void check_seccomp(const Seccomp& seccomp, Findings& findings);
void check_memory_policy(const MemoryPolicy& policy, Findings& findings);

// A list of numbers such as "0-3,7", if there is one.
void check_number_list(const std::optional<std::string>& list,
                       const Numbered& what,
                       const std::string& pointer,
                       Findings& findings);
// True if a part of the path is "..".
[[nodiscard]] bool goes_up(std::string_view path);

}  // namespace sampan::spec
