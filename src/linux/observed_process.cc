#include "linux/observed_process.h"

#include <fcntl.h>
#include <sys/personality.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "linux/capabilities.h"
#include "linux/rlimits.h"
#include "linux/scheduler.h"
#include "os/file.h"
#include "os/process_status.h"

namespace sampan {

namespace {

constexpr size_t longest_text = 128 << 10;

std::string read_fact(const ProcessFolder& folder, const std::string& name) {
    return read_file(folder.dir.get(), name, longest_text).value_or("");
}

// The beginning, if there is more.
std::string read_beginning(const ProcessFolder& folder, const std::string& name) {
    const Result<Fd> file = open_at(folder.dir.get(), name, O_RDONLY);
    if (!file) return "";
    std::string text(longest_text, '\0');
    const ssize_t size = ::read(file->get(), text.data(), text.size());
    text.resize(size > 0 ? static_cast<size_t>(size) : 0);
    return text;
}

spec::User observe_user(const ProcessStatus& status, const IdMaps& maps) {
    spec::User user;
    const auto inside = [](const std::vector<spec::IdMapping>& map, uint32_t id) {
        return container_id(map, id).value_or(id);
    };
    user.uid = inside(maps.uids, status.uid.value_or(0));
    user.gid = inside(maps.gids, status.gid.value_or(0));
    user.umask = status.umask;
    // Groups that are not mapped cannot be asked for.
    for (const uint32_t group : status.groups)
        if (const auto id = container_id(maps.gids, group)) user.additional_gids.push_back(*id);
    return user;
}

// Field 7 of /proc/PID/stat; the name before it may contain anything.
bool has_terminal(std::string_view stat) {
    const size_t end = stat.rfind(')');
    if (end == std::string_view::npos) return false;
    const std::vector<std::string_view> words = split_words(stat.substr(end + 1));
    constexpr size_t terminal = 4;
    return words.size() > terminal && words[terminal] != "0";
}

std::optional<spec::Personality> observe_personality(const std::string& text) {
    const std::optional<unsigned> persona = parse_number<unsigned>(trim(text), 16);
    if (!persona) return std::nullopt;
    const bool narrow = (*persona & PER_MASK) == PER_LINUX32;
    return spec::Personality{.domain = narrow ? spec::PersonalityDomain::linux32
                                              : spec::PersonalityDomain::linux_};
}

}  // namespace

std::vector<std::string> split_at_nul(std::string_view text) {
    std::vector<std::string> parts;
    if (text.ends_with('\0')) text.remove_suffix(1);
    if (text.empty()) return parts;
    for (const std::string_view part : split(text, '\0'))
        parts.emplace_back(part);
    return parts;
}

std::optional<spec::TimeOffsets> parse_time_offsets(std::string_view text) {
    spec::TimeOffsets offsets;
    for (const std::string_view line : split(text, '\n')) {
        const std::vector<std::string_view> words = split_words(line);
        if (words.size() != 3) continue;
        const spec::TimeOffset offset{.secs = parse_number<int64_t>(words[1]),
                                      .nanosecs = parse_number<uint32_t>(words[2])};
        if (words[0] == "monotonic") offsets.monotonic = offset;
        if (words[0] == "boottime") offsets.boottime = offset;
    }
    if (!offsets.monotonic && !offsets.boottime) return std::nullopt;
    return offsets;
}

ObservedProcess observe_process(const ProcessFolder& folder, const IdMaps& maps) {
    const ProcessStatus status = parse_process_status(read_fact(folder, "status"));
    ObservedProcess observed;
    spec::Process& process = observed.process;
    process.terminal = has_terminal(read_fact(folder, "stat"));
    process.user = observe_user(status, maps);
    process.args = split_at_nul(read_beginning(folder, "cmdline"));
    process.env = split_at_nul(read_beginning(folder, "environ"));
    process.cwd = read_link(folder.dir.get(), "cwd").value_or("");
    process.capabilities = to_names({.bounding = status.bounding.value_or(0),
                                     .effective = status.effective.value_or(0),
                                     .permitted = status.permitted.value_or(0),
                                     .inheritable = status.inheritable.value_or(0),
                                     .ambient = status.ambient.value_or(0)});
    process.rlimits = parse_proc_limits(read_fact(folder, "limits"));
    process.no_new_privileges = status.no_new_privileges.value_or(false);
    process.oom_score_adj = parse_number<int32_t>(trim(read_fact(folder, "oom_score_adj")));
    process.scheduler = read_scheduler(folder.pid);
    process.io_priority = read_io_priority(folder.pid);
    observed.seccomp_mode = status.seccomp_mode;
    observed.seccomp_filters = status.seccomp_filters;
    observed.personality = observe_personality(read_fact(folder, "personality"));
    observed.time_offsets = parse_time_offsets(read_fact(folder, "timens_offsets"));
    return observed;
}

}  // namespace sampan
