// A container whose record was edited, or cut short.
#pragma once

#include "container/record.h"
#include "container/store.h"

namespace sampan {

// What `delete --force` needs from the record of `folder`, as far as it can be found. Pid and start
// time come from what is left of the text; together they can only mean this container's init. The
// cgroup is planned again from the kept config.json. Never fails.
Record salvage_record(const Folder& folder);

// Looks for a part in the text. Pure; 0 or "" if it is not there.
uint64_t find_number(std::string_view text, std::string_view name);
std::string find_text(std::string_view text, std::string_view name);

}  // namespace sampan
