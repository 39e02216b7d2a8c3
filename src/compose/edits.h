// Changes of a config.json by options of the command line, each in one place. They work on that of
// a bundle as on one that was made for a line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/config.h"

namespace sampan {

// Those of Docker's containers: enough for most programs of a distribution, run as root.
[[nodiscard]] const std::vector<std::string>& default_capabilities();
// Bounding, effective and permitted. Not inheritable: files could pass them on (CVE-2022-29162).
void set_capabilities(Spec& spec, const std::vector<std::string>& names);
// "CAP_NET_ADMIN" for "net_admin" and "cap_net_admin". An error for names that no kernel has, with
// the one that was meant.
Result<std::string> full_capability_name(std::string_view name);
// The names of the option: "net_admin", "CAP_NET_ADMIN", "ALL". An error for names that no kernel
// has, with the one that was meant.
// `last` is the number of the kernel's newest (Host::last_capability), for ALL.
Status add_capability(Spec& spec, std::string_view name, unsigned last);
Status drop_capability(Spec& spec, std::string_view name);
// "ALL" or "all", for either of them.
[[nodiscard]] bool is_all(std::string_view name);
// All capabilities and devices; no filter, and no path is masked or read-only.
void set_privileged(Spec& spec, unsigned last);

// Replaces the variable of that name, if there is one. `assignment` is "NAME=VALUE".
void set_variable(spec::Process& process, std::string_view assignment);

// A new namespace with these maps. What it may not mount is left out or bound.
void add_user_namespace(Spec& spec,
                        const std::vector<spec::IdMapping>& uids,
                        const std::vector<spec::IdMapping>& gids);
[[nodiscard]] bool has_user_namespace(const Spec& spec);
// No network namespace: the container uses the host's network.
void share_network(Spec& spec);

// "SRC:DST[:OPTION,...]": a bind of `SRC` and what is mounted below it. A relative SRC starts at
// `folder`. The options are those of mounts in config.json, such as "ro"; others are an error.
Status add_volume(Spec& spec, std::string_view volume, const std::string& folder);

// The host's /usr, read-only, and the links to it: then a root may be an empty folder.
Status add_host_usr(Spec& spec);

// "1.5": so much CPU time in each period of 100 ms.
Status set_cpus(Spec& spec, std::string_view cpus);

}  // namespace sampan
