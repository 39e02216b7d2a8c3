// Annotations about a container's systemd unit, the same as those of runc and crun; pure.
#pragma once

#include <map>
#include <string>

#include "base/result.h"
#include "cgroup/systemd/unit.h"

namespace sampan {

// Adds to `unit`:
//
//  - org.systemd.property.NAME: a property. Its value is in the text form of GVariant: true,
//    'text', 5, uint64 5, ['a', 'b']. A NAMESec, in whole seconds, becomes the NAMEUSec that D-Bus
//    has.
//  - run.oci.systemd.subgroup: a cgroup below the unit's.
//
// An error says which annotation cannot be read.
Status read_unit_annotations(const std::map<std::string, std::string>& annotations,
                             SystemdUnit& unit);

}  // namespace sampan
