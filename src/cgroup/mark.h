// Which cgroups on the way to a container's we made: an extended attribute of theirs. Containers
// share them, and whichever goes last removes them; a record knows only what its own create made.
#pragma once

#include <string>

namespace sampan {

// "trusted.sampan", which only root can set; "user.sampan" without its rights. Where neither is
// possible it stays unmarked, and goes with the container that it was made for, or not at all.
void mark_as_ours(const std::string& directory);
bool is_marked_as_ours(const std::string& directory);

}  // namespace sampan
