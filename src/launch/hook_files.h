// Where the output of hooks goes if annotations name files for it (run.oci.hooks.stdout and
// run.oci.hooks.stderr).
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// Invalid: that output is kept by us, as usual.
struct HookFiles {
    Fd output;
    Fd error;
};

// Opens those that are named, for appending; one that does not exist is made, with mode 0600. No
// link is followed, and anything but a regular file is an error: nobody waits for the reader of a
// FIFO.
Result<HookFiles> open_hook_files(const std::map<std::string, std::string>& annotations);

// For a hook that ran inside of the container, where no descriptor of a file of the host may be:
// appends what it has said, if a file is named for its standard output.
Status append_hook_output(const std::map<std::string, std::string>& annotations,
                          std::string_view output);

}  // namespace sampan
