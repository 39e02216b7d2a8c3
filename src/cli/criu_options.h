// The options that checkpoint and restore have in common.
#pragma once

#include "base/result.h"
#include "cli/command.h"
#include "container/criu_job.h"

namespace sampan {

// What the command line says about CRIU and its images; without --image-path they are in the folder
// "checkpoint" of the current one.
Result<CriuJob> read_criu_job(const Invocation& invocation);

}  // namespace sampan
