// Which cgroups on the way to a container's we made: a note of theirs (attribute.h). Containers
// share them, and whichever goes last removes them; a record knows only what its own create made.
#pragma once

#include <string>

namespace sampan {

// Where no attribute can be set it stays unmarked, and goes with the container that it was made
// for, or not at all.
void mark_as_ours(const std::string& directory);
bool is_marked_as_ours(const std::string& directory);

}  // namespace sampan
