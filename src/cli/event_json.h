// Events of a container as lines of JSON, with the members that runc gives them: engines and
// exporters read these.
#pragma once

#include <string>
#include <string_view>

#include "container/usage.h"

namespace sampan {

// {"type":"stats","id":…,"data":{…}}; pure.
std::string stats_event(std::string_view id, const ContainerUsage& usage);
// {"type":"oom","id":…}
std::string oom_event(std::string_view id);

}  // namespace sampan
