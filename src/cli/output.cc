#include "cli/output.h"

#include <unistd.h>

#include <cerrno>

#include "os/file.h"

namespace sampan {

namespace {

bool closed = false;

}  // namespace

void output_is_closed() {
    closed = true;
}

Status print(std::string_view text) {
    if (text.empty()) return {};
    if (closed) return fail("writing", EBADF).in("standard output");
    return write_all(STDOUT_FILENO, text).in("standard output");
}

}  // namespace sampan
