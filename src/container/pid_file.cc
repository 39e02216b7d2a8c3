#include "container/pid_file.h"

#include <utility>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

Status PidFile::write(const WritePidFile& step, pid_t pid) {
    TRY(place_file(cwd, step.path, format("{}", pid), 0644).in("writing the pid file"));
    written_ = &step;
    return {};
}

Status PidFile::remove() {
    const WritePidFile* const step = std::exchange(written_, nullptr);
    return step == nullptr ? Status() : remove_file(cwd, step->path);
}

}  // namespace sampan
