// What `inspect` prints for people. Pure.
#pragma once

#include <string>

#include "container/observe.h"

namespace sampan {

std::string describe(const Container& container, const Observed& observed);

}  // namespace sampan
