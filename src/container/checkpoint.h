// `checkpoint`: writes the processes of a container to files, by CRIU.
#pragma once

#include <string>

#include "base/result.h"
#include "container/criu_job.h"
#include "container/store.h"

namespace sampan {

struct CheckpointOptions {
    CriuJob job;
    bool pre_dump = false;  // only its memory, and it runs on
    // Relative to the images: those of a pre-dump, which need not be dumped again; "": none.
    std::string parent_path;
};

// Afterwards the container is gone, as after `delete`, unless it was to be left running, or this
// was a pre-dump. If it fails, the container runs on. `warnings`: what of it could not be removed.
Status checkpoint_container(const Store& store,
                            const std::string& name,
                            CheckpointOptions options,
                            Warnings& warnings);

}  // namespace sampan
