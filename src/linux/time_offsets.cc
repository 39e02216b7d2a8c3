#include "linux/time_offsets.h"

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

std::string line(std::string_view clock, const std::optional<spec::TimeOffset>& offset) {
    if (!offset) return {};
    return format("{} {} {}\n", clock, offset->secs.value_or(0), offset->nanosecs.value_or(0));
}

}  // namespace

std::optional<WriteTimeOffsets> plan_time_offsets(const Spec& spec) {
    if (!spec.linux_ || !spec.linux_->time_offsets) return std::nullopt;
    const spec::TimeOffsets& offsets = *spec.linux_->time_offsets;
    std::string text = line("monotonic", offsets.monotonic) + line("boottime", offsets.boottime);
    if (text.empty()) return std::nullopt;
    return WriteTimeOffsets{std::move(text), "/linux/timeOffsets"};
}

Status apply(const WriteTimeOffsets& step, int proc, pid_t pid) {
    Status written = write_file(
        proc, pid == 0 ? std::string("self/timens_offsets") : format("{}/timens_offsets", pid),
        step.text);
    if (!written && written.error().code() == ERANGE)
        written.error().set_hint("a clock of the namespace would be negative, or beyond its range");
    return written;
}

std::string describe(const WriteTimeOffsets& step) {
    std::string text = "time offsets:";
    for (const std::string_view part : split(trim(step.text), '\n'))
        text += format(" {};", part);
    text.pop_back();
    return text;
}

}  // namespace sampan
