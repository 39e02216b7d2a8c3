// Which descriptors a program that we execute does not get.
#pragma once

#include "base/result.h"

namespace sampan {

// Makes all descriptors from `first` on close-on-exec.
Status close_on_exec_from(int first);

}  // namespace sampan
