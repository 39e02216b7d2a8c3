#include "linux/rlimits.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <iterator>

#include "base/text.h"

namespace sampan {

namespace {

struct Resource {
    spec::RlimitType type;
    int number;
    std::string_view name;
};

constexpr Resource resources[] = {
    {spec::RlimitType::rlimit_as, RLIMIT_AS, "RLIMIT_AS"},
    {spec::RlimitType::rlimit_core, RLIMIT_CORE, "RLIMIT_CORE"},
    {spec::RlimitType::rlimit_cpu, RLIMIT_CPU, "RLIMIT_CPU"},
    {spec::RlimitType::rlimit_data, RLIMIT_DATA, "RLIMIT_DATA"},
    {spec::RlimitType::rlimit_fsize, RLIMIT_FSIZE, "RLIMIT_FSIZE"},
    {spec::RlimitType::rlimit_locks, RLIMIT_LOCKS, "RLIMIT_LOCKS"},
    {spec::RlimitType::rlimit_memlock, RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK"},
    {spec::RlimitType::rlimit_msgqueue, RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE"},
    {spec::RlimitType::rlimit_nice, RLIMIT_NICE, "RLIMIT_NICE"},
    {spec::RlimitType::rlimit_nofile, RLIMIT_NOFILE, "RLIMIT_NOFILE"},
    {spec::RlimitType::rlimit_nproc, RLIMIT_NPROC, "RLIMIT_NPROC"},
    {spec::RlimitType::rlimit_rss, RLIMIT_RSS, "RLIMIT_RSS"},
    {spec::RlimitType::rlimit_rtprio, RLIMIT_RTPRIO, "RLIMIT_RTPRIO"},
    {spec::RlimitType::rlimit_rttime, RLIMIT_RTTIME, "RLIMIT_RTTIME"},
    {spec::RlimitType::rlimit_sigpending, RLIMIT_SIGPENDING, "RLIMIT_SIGPENDING"},
    {spec::RlimitType::rlimit_stack, RLIMIT_STACK, "RLIMIT_STACK"},
};

int number_of(spec::RlimitType type) {
    return std::ranges::find(resources, type, &Resource::type)->number;
}

std::string_view name_of(int number) {
    const Resource* found = std::ranges::find(resources, number, &Resource::number);
    return found != std::end(resources) ? found->name : "an unknown limit";
}

std::string value_text(uint64_t value) {
    return value == RLIM64_INFINITY ? "unlimited" : format("{}", value);
}

}  // namespace

std::vector<SetRlimit> plan_rlimits(const spec::Process& process, std::string_view pointer) {
    std::vector<SetRlimit> limits;
    for (size_t i = 0; i < process.rlimits.size(); ++i) {
        const spec::Rlimit& asked = process.rlimits[i];
        limits.push_back(
            {number_of(asked.type), asked.soft, asked.hard, format("{}/rlimits/{}", pointer, i)});
    }
    return limits;
}

std::vector<SetRlimit> take_late_rlimits(std::vector<SetRlimit>& limits) {
    struct Need {
        int resource;
        uint64_t enough;
    };
    constexpr uint64_t mebibyte = 1 << 20;
    constexpr std::array needs{Need{RLIMIT_NOFILE, 64}, Need{RLIMIT_AS, 64 * mebibyte},
                               Need{RLIMIT_DATA, 64 * mebibyte}, Need{RLIMIT_STACK, mebibyte}};
    std::vector<SetRlimit> late;
    for (auto limit = limits.begin(); limit != limits.end();) {
        const auto need = std::ranges::find(needs, limit->resource, &Need::resource);
        const bool too_low = need != needs.end() && limit->soft < need->enough;
        if (too_low) late.push_back(*limit);
        if (too_low && limit->hard < need->enough) {
            limit = limits.erase(limit);
            continue;
        }
        if (too_low) limit->soft = need->enough;
        ++limit;
    }
    return late;
}

std::vector<SetRlimit> take_process_limit(std::vector<SetRlimit>& limits, uint64_t most_processes) {
    const auto limit = std::ranges::find(limits, RLIMIT_NPROC, &SetRlimit::resource);
    if (limit == limits.end() || limit->hard > most_processes) return {};
    std::vector<SetRlimit> taken{*limit};
    limits.erase(limit);
    return taken;
}

Status apply(const SetRlimit& limit, pid_t pid) {
    const rlimit64 wanted{limit.soft, limit.hard};
    // glibc declares the resource as an enum only in C++; the system call takes an int.
    const auto resource = static_cast<__rlimit_resource>(limit.resource);
    if (::prlimit64(pid, resource, &wanted, nullptr) == 0) return {};
    const int code = errno;
    rlimit64 present{};
    if (code == EPERM && ::prlimit64(pid, resource, nullptr, &present) == 0 &&
        limit.hard > present.rlim_max) {
        return fail(
            format("raising the hard limit of {} from {} to {} needs CAP_SYS_RESOURCE",
                   name_of(limit.resource), value_text(present.rlim_max), value_text(limit.hard)),
            code);
    }
    return fail(format("setting the limit {} to {} (hard {})", name_of(limit.resource),
                       value_text(limit.soft), value_text(limit.hard)),
                code);
}

// A line for each limit, in the order of their numbers, in columns of fixed width:
// "Max open files            1024                 4096                 files     "
std::vector<spec::Rlimit> parse_proc_limits(std::string_view text) {
    constexpr size_t soft_column = 26, hard_column = 47, width = 20;
    const auto number = [](std::string_view line, size_t column) {
        const std::string_view word = trim(line.substr(column, width));
        return word == "unlimited" ? uint64_t{RLIM64_INFINITY} : parse_number<uint64_t>(word);
    };
    const std::vector<std::string_view> lines = split(text, '\n');
    std::vector<spec::Rlimit> limits;
    for (const Resource& resource : resources) {
        // The first line has the titles.
        const size_t index = static_cast<size_t>(resource.number) + 1;
        if (index >= lines.size() || lines[index].size() <= hard_column) continue;
        const auto soft = number(lines[index], soft_column);
        const auto hard = number(lines[index], hard_column);
        if (soft && hard) limits.push_back({resource.type, *soft, *hard});
    }
    return limits;
}

std::string describe(const SetRlimit& limit) {
    return format("limit {} to {} (hard {})", name_of(limit.resource), value_text(limit.soft),
                  value_text(limit.hard));
}

}  // namespace sampan
