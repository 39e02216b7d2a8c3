#include "cgroup/oom_kills.h"

#include "base/text.h"
#include "cgroup/files.h"

namespace sampan {

Result<OomFacts> read_oom_facts(const CgroupRecord& record) {
    OomFacts facts;
    for (const CgroupPlace& place : record.places) {
        if (!has_controller(place, "memory")) continue;
        const std::string directory = directory_of(place);
        const std::optional<std::string> events = TRY(read_if_present(
            directory + (place.unified ? "/memory.events" : "/memory.oom_control")));
        if (events) facts.kills = find_value(*events, "oom_kill").value_or(0);
        facts.limit_bytes =
            read_limit(directory + (place.unified ? "/memory.max" : "/memory.limit_in_bytes"));
        if (facts.limit_bytes == -1) facts.limit_bytes.reset();
        // Kernels before 5.19 have no memory.peak. It may also be 0: then the killed process had
        // not yet used anything that counts.
        facts.peak_bytes = read_number(
            directory + (place.unified ? "/memory.peak" : "/memory.max_usage_in_bytes"));
        if (facts.peak_bytes == 0U) facts.peak_bytes.reset();
        return facts;
    }
    return facts;
}

std::string describe(const OomFacts& facts) {
    std::string text;
    // The kernel counts whole pages, and shows a smaller limit as 0.
    if (facts.limit_bytes == 0)
        text = "the limit is less than a page of memory";
    else if (facts.limit_bytes)
        text = format("the limit is {} bytes", *facts.limit_bytes);
    if (facts.peak_bytes)
        text += format("{}the most used was {}{}", text.empty() ? "" : ", ", *facts.peak_bytes,
                       text.empty() ? " bytes" : "");
    return text;
}

void explain_oom(Error& error, const CgroupRecord& record) {
    const Result<OomFacts> facts = read_oom_facts(record);
    if (!facts || facts->kills == 0) return;
    error.set_kind(ErrorKind::out_of_memory);
    error.add_context("container init was OOM-killed (memory limit too low?)");
    // What init takes until it executes the program; a part of it depends on the kernel.
    constexpr int64_t enough_bytes = 1 << 20;
    std::string hint = describe(*facts);
    if (facts->limit_bytes.value_or(enough_bytes) < enough_bytes)
        hint += format("; a container starts with {} bytes (1 MiB), and its program needs more",
                       enough_bytes);
    error.set_hint(hint);
    error.set_pointer("/linux/resources/memory/limit");
}

}  // namespace sampan
