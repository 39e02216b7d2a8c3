#include "linux/time_offsets.h"

#include <algorithm>

#include "base/text.h"
#include "os/file.h"

namespace sampan {

namespace {

std::string line(std::string_view clock, const std::optional<spec::TimeOffset>& offset) {
    if (!offset) return {};
    return format("{} {} {}\n", clock, offset->secs.value_or(0), offset->nanosecs.value_or(0));
}

}  // namespace

Result<std::optional<WriteTimeOffsets>> plan_time_offsets(const Spec& spec) {
    if (!spec.linux_ || !spec.linux_->time_offsets) return std::nullopt;
    const std::string origin = "/linux/timeOffsets";
    const spec::TimeOffsets& offsets = *spec.linux_->time_offsets;
    const auto found = std::ranges::find(spec.linux_->namespaces, spec::NamespaceType::time,
                                         &spec::Namespace::type);
    std::string text = line("monotonic", offsets.monotonic) + line("boottime", offsets.boottime);
    if (text.empty()) return std::nullopt;
    if (found == spec.linux_->namespaces.end())
        return fail_at(origin, "time offsets need a new time namespace",
                       R"(add {"type": "time"} to /linux/namespaces)");
    if (found->path)
        return fail_at(origin, "time offsets need a new time namespace",
                       "a namespace that is joined has its offsets already");
    constexpr uint32_t nanosecs_a_second = 1'000'000'000;
    for (const auto& offset : {offsets.monotonic, offsets.boottime}) {
        const uint32_t nanosecs = offset ? offset->nanosecs.value_or(0) : 0;
        if (nanosecs >= nanosecs_a_second)
            return fail_at(origin, format("nanosecs is {}: it goes to 999999999", nanosecs));
    }
    return WriteTimeOffsets{std::move(text), origin};
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
