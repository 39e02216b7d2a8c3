// Fields of config.json that are read and not carried out yet: an error that names each, never
// silence.
#pragma once

#include <vector>

#include "base/error.h"
#include "spec/config.h"

namespace sampan {

std::vector<Problem> find_unsupported(const Spec& spec);

}  // namespace sampan
