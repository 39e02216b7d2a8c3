// Work for a process in between: one that joins what it could not leave again, or what our hooks
// and files must stay out of whatever happens.
#pragma once

#include <functional>
#include <string_view>

#include "base/result.h"

namespace sampan {

// Does `work` in a child and waits for its end. An error of it is reported as if it were our own; a
// child that ends without a word is told as "the process that WHAT was killed by SIGKILL".
Status do_in_between(std::string_view what, const std::function<Status()>& work);

}  // namespace sampan
