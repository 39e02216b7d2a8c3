// `pause` and `resume`: all processes of a container stopped where they are, by the freezer of its
// cgroup, so that they neither see it nor can forbid it. The status `paused` is read from there.
#pragma once

#include <string>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

// Returns once all processes are frozen. Only of a container that is created or running; an error
// when it has no cgroup that can be frozen, and then nothing is.
Status pause_container(const Store& store, const std::string& name);

// Only of a paused container, which is then created or running as before.
Status resume_container(const Store& store, const std::string& name);

}  // namespace sampan
