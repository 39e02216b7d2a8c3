// The options of `update` that are values of linux.resources.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/options.h"
#include "spec/resources.h"

namespace sampan {

// Sets each value whose option was given; the others stay.
Status apply_resource_options(const Parsed& parsed, spec::Resources& resources);

// The options that are lines of the container's resctrl group.
Result<std::vector<std::string>> read_rdt_lines(const Parsed& parsed);

// The option that was given for the value at this pointer ("/linux/resources/memory/limit"), or "".
std::string_view resource_option_at(const Parsed& parsed, std::string_view pointer);

}  // namespace sampan
