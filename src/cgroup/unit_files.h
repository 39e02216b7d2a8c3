// What systemd does to the files of a unit's cgroup beside what it was asked for.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "cgroup/record.h"
#include "cgroup/unit.h"

namespace sampan {

// Tells systemd properties of a unit, so that it does not write other limits when it is reloaded.
// At each such call it writes its own idea of every attribute to the unit's cgroup `directory`:
// with defaults for what it was not told, hundredths of a CPU, no period without a quota. The files
// are put back to what they had before it. Nothing to tell: nothing is done.
Status tell_unit(const UnitRecord& unit,
                 const std::string& directory,
                 const std::vector<UnitProperty>& properties);

}  // namespace sampan
