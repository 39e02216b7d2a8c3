#include "container/usage.h"

#include <poll.h>

#include <algorithm>
#include <chrono>

#include "base/text.h"
#include "cgroup/oom_watch.h"
#include "cgroup/owner.h"
#include "os/file.h"
#include "os/process.h"

namespace sampan {

namespace {

using Clock = std::chrono::steady_clock;

// The loopback device counts what stays inside.
bool is_shown(const NetworkUsage& network) {
    return network.name != "lo";
}

// None if it shares our network, whose traffic is not the container's.
std::vector<NetworkUsage> read_networks(pid_t pid) {
    const auto network_of = [](const std::string& process) {
        return read_link(cwd, format("/proc/{}/ns/net", process));
    };
    const Result<std::string> its = network_of(format("{}", pid));
    const Result<std::string> ours = network_of("self");
    if (!its || !ours || *its == *ours) return {};
    return parse_network_devices(read_file(cwd, format("/proc/{}/net/dev", pid)).value_or(""));
}

Status check_countable(const Container& container) {
    const Record& record = container.record;
    if (container.status == ContainerStatus::stopped ||
        container.status == ContainerStatus::creating)
        return not_running();
    if (record.cgroup.places.empty())
        return fail("the container has no cgroup of its own, which would count what it uses");
    return check_not_lost(record.cgroup);
}

NetworkUsage::Counts read_counts(const std::vector<std::string_view>& words, size_t first) {
    const auto number = [&](size_t place) {
        return parse_number<uint64_t>(words[first + place]).value_or(0);
    };
    return {.bytes = number(0), .packets = number(1), .errors = number(2), .dropped = number(3)};
}

}  // namespace

std::vector<NetworkUsage> parse_network_devices(std::string_view text) {
    constexpr size_t fields = 16;  // eight of what was received, eight of what was sent
    std::vector<NetworkUsage> networks;
    for (const std::string_view line : split(text, '\n')) {
        const size_t colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const std::vector<std::string_view> words = split_words(line.substr(colon + 1));
        if (words.size() < fields) continue;
        NetworkUsage network{.name = std::string(trim(line.substr(0, colon))),
                             .received = read_counts(words, 0),
                             .sent = read_counts(words, fields / 2)};
        if (is_shown(network)) networks.push_back(std::move(network));
    }
    return networks;
}

Result<ContainerUsage> container_usage(const Container& container) {
    TRY(check_countable(container));
    return ContainerUsage{.cgroup = read_usage(container.record.cgroup),
                          .networks = read_networks(container.record.pid)};
}

Status watch_container(const Container& container, int interval_ms, const ContainerEvents& events) {
    TRY(check_countable(container));
    const Fd init = TRY(open_init(container.record));
    OomWatch oom = TRY(OomWatch::start(container.record.cgroup));
    Clock::time_point next = Clock::now();
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(next - Clock::now()).count();
        pollfd fds[2] = {{init.get(), POLLIN, 0}, oom.wish()};
        const int ready = ::poll(fds, 2, static_cast<int>(std::max<int64_t>(left, 0)));
        if (ready < 0 && errno != EINTR) return fail_errno("poll");
        if (ready > 0 && fds[1].revents != 0 && TRY(oom.take())) TRY(events.on_oom());
        if (ready > 0 && fds[0].revents != 0) return {};
        if (Clock::now() < next) continue;
        Result<ContainerUsage> usage = container_usage(container);
        // What was counted then may be gone, or be another container's by now.
        if (TRY(wait_for_end(init.get(), 0))) return {};
        TRY(events.on_usage(TRY(std::move(usage))));
        next = Clock::now() + std::chrono::milliseconds(interval_ms);
    }
}

}  // namespace sampan
