#include "cgroup/present.h"

#include <string>

#include "base/text.h"
#include "cgroup/files.h"
#include "os/file.h"

namespace sampan {

namespace {

// A number that may be negative; nothing when the file is missing or has "max".
std::optional<std::int64_t> read_signed(const std::string& path) {
    return parse_number<std::int64_t>(trim(read_file(cwd, path).value_or("")));
}

void read_memory(const CgroupPlace& place, PresentLimits& present) {
    const std::string directory = directory_of(place);
    present.memory = read_limit(directory + (place.unified ? "/memory.max"  // "max": none
                                                           : "/memory.limit_in_bytes"));
    if (!place.unified)
        present.memory_and_swap = read_limit(directory + "/memory.memsw.limit_in_bytes");
}

void read_cpu_v1(const std::string& directory, PresentLimits& present) {
    present.cpu_quota = read_signed(directory + "/cpu.cfs_quota_us");
    present.cpu_period = read_number(directory + "/cpu.cfs_period_us");
    present.cpu_burst = read_number(directory + "/cpu.cfs_burst_us");
    present.realtime_runtime = read_signed(directory + "/cpu.rt_runtime_us");
    present.realtime_period = read_number(directory + "/cpu.rt_period_us");
}

void read_cpu_v2(const std::string& directory, PresentLimits& present) {
    const std::string text = read_file(cwd, directory + "/cpu.max").value_or("");
    const std::vector<std::string_view> words = split_words(text);
    if (words.size() == 2) {
        present.cpu_quota = parse_number<std::int64_t>(words[0]).value_or(-1);
        present.cpu_period = parse_number<std::uint64_t>(words[1]);
    }
    present.cpu_burst = read_number(directory + "/cpu.max.burst");
}

// How much of a period may be used. 0 where there is no limit: the parent's holds then, and nothing
// is compared with it.
double share_of(std::int64_t quota, std::uint64_t period) {
    return quota <= 0 || period == 0 ? 0 : static_cast<double>(quota) / static_cast<double>(period);
}

bool first_of_two(std::int64_t new_quota,
                  std::uint64_t new_period,
                  const std::optional<std::int64_t>& quota,
                  const std::optional<std::uint64_t>& period) {
    if (!quota || !period) return false;
    return share_of(new_quota, *period) < share_of(*quota, new_period);
}

}  // namespace

PresentLimits read_present_limits(const CgroupRecord& record) {
    PresentLimits present;
    for (const CgroupPlace& place : record.places) {
        const std::string directory = directory_of(place);
        if (has_controller(place, "memory")) read_memory(place, present);
        if (!has_controller(place, "cpu")) continue;
        place.unified ? read_cpu_v2(directory, present) : read_cpu_v1(directory, present);
        present.cpu_idle = read_number(directory + "/cpu.idle") == 1;
    }
    return present;
}

bool quota_goes_first(const spec::Cpu& cpu, const PresentLimits& present) {
    return first_of_two(cpu.quota.value_or(0), cpu.period.value_or(0), present.cpu_quota,
                        present.cpu_period);
}

bool realtime_runtime_goes_first(const spec::Cpu& cpu, const PresentLimits& present) {
    return first_of_two(cpu.realtime_runtime.value_or(0), cpu.realtime_period.value_or(0),
                        present.realtime_runtime, present.realtime_period);
}

bool burst_goes_first(const spec::Cpu& cpu, const PresentLimits& present) {
    return cpu.burst && present.cpu_burst && *cpu.burst < *present.cpu_burst;
}

bool idle_goes_first(const spec::Cpu& cpu, const PresentLimits& present) {
    return present.cpu_idle && cpu.idle == 0;
}

Status check_against(const spec::Cpu& cpu, const PresentLimits& present) {
    const std::int64_t quota = cpu.quota.value_or(0);
    const std::uint64_t burst = present.cpu_burst.value_or(0);
    if (quota > 0 && !cpu.burst && burst > static_cast<std::uint64_t>(quota))
        return fail_at("/linux/resources/cpu/quota",
                       format("the quota is below the burst of {} that is set", burst),
                       "change the burst too");
    if (cpu.shares.value_or(0) != 0 && present.cpu_idle && cpu.idle.value_or(1) != 0)
        return fail_at("/linux/resources/cpu/shares", "an idle cgroup has no shares",
                       "set idle to 0 too");
    const std::int64_t present_quota = present.cpu_quota.value_or(-1);
    if (cpu.burst && quota == 0 && present_quota > 0 &&
        *cpu.burst > static_cast<std::uint64_t>(present_quota))
        return fail_at("/linux/resources/cpu/burst",
                       format("the burst is above the quota of {} that is set", present_quota),
                       "change the quota too");
    return {};
}

}  // namespace sampan
