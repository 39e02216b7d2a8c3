// `pause` and `resume`: stop all processes of a container where they are, by the freezer of its
// cgroup, so that they neither notice it nor can prevent it. The status `paused` is read from
// there.
#pragma once

#include <string>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

// Returns once all processes are frozen. The container must be created or running. It is an error
// if it has no cgroup that can be frozen; then nothing is.
Status pause_container(const Store& store, const std::string& name);

// The container must be paused; then it is created or running as before.
Status resume_container(const Store& store, const Folder& folder);

}  // namespace sampan
