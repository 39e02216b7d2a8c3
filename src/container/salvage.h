// A container whose record was edited or cut short.
#pragma once

#include "container/record.h"
#include "container/store.h"

namespace sampan {

// What delete --force needs of the record of `folder`, as far as it can be found: pid and start
// time from what is left of the text (together they are this container's init or nobody), the
// cgroup by planning it again from the kept config.json. Never fails.
Record salvage_record(const Folder& folder);

// The parts that are looked for in the text. Pure; 0 and "" where they are not there.
uint64_t find_number(std::string_view text, std::string_view name);
std::string find_text(std::string_view text, std::string_view name);

}  // namespace sampan
