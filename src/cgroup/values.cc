#include "cgroup/values.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/text.h"
#include "cgroup/files.h"
#include "os/file.h"

namespace sampan {

namespace {

// A number that may be negative; nothing if the file does not exist or has "max".
std::optional<int64_t> read_signed(const std::string& path) {
    return parse_number<int64_t>(trim(read_file(cwd, path).value_or("")));
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
        present.cpu_quota = parse_number<int64_t>(words[0]).value_or(-1);
        present.cpu_period = parse_number<uint64_t>(words[1]);
    }
    present.cpu_burst = read_number(directory + "/cpu.max.burst");
}

// What the kernel would have taken, as far as a file says it.
std::string hint_for_refused(const std::string& path) {
    const size_t slash = path.rfind('/');
    const std::string file = path.substr(slash + 1);
    if (file != "cpuset.cpus" && file != "cpuset.mems") return "";
    const std::string above = path.substr(0, path.rfind('/', slash - 1) + 1);
    for (const char* end : {".effective", ""}) {
        const Result<std::string> text = read_file(cwd, above + file + end);
        if (text && !trim(*text).empty())
            return format("the {} that the cgroup above it has are {}",
                          file == "cpuset.cpus" ? "CPUs" : "memory nodes", trim(*text));
    }
    return "";
}

// The files of one cgroup. Each value needs a write(2) of its own, but many writes in a row go to
// one file (devices.allow), which is opened once.
class CgroupFiles {
  public:
    Status put(const std::string& path, const std::string& value) {
        if (path != path_) {
            file_ = TRY(open_at(cwd, path, O_WRONLY));
            path_ = path;
        }
        Status written = write_once(file_.get(), value, path);
        if (!written) written.error().set_hint(hint_for_refused(path));
        return written;
    }

  private:
    std::string path_;
    Fd file_;
};

Failure explain_missing(const CgroupWrite& write, Error error) {
    if (write.controller == "memory" && write.file.find("sw") != std::string::npos)
        return failf("this kernel does not account swap: it has no {}", write.file);
    return Failure(std::move(error));
}

Status write_one(CgroupFiles& files, const std::string& directory, const CgroupWrite& write) {
    const auto put = [&](const std::string& file, const std::string& value) {
        return files.put(format("{}/{}", directory, file), value);
    };
    Status written = put(write.file, write.value);
    if (written || written.error().code() != ENOENT) return written;
    if (!write.other_file.empty()) written = put(write.other_file, write.other_value);
    if (written || write.when_missing == WhenMissing::skip) return {};
    return explain_missing(write, std::move(written).error());
}

// If the use cannot be read, nothing is refused.
Status check_below(std::string_view what, int64_t limit, std::optional<int64_t> used) {
    if (!used || limit >= *used) return {};
    return failf("the limit of {} ({}) is below what is in use ({})", what, limit, *used);
}

// What means "nothing is set for this device", in files that then have no line for it.
std::string_view unset_value(std::string_view file) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 4> words{{
        {"blkio.throttle.", "0"},
        {"io.max", "rbps=max wbps=max riops=max wiops=max"},
        {"io.weight", "default"},
        {"io.bfq.weight", "default"},
    }};
    for (const auto& [name, word] : words)
        if (file.starts_with(name)) return word;
    return file.ends_with("weight_device") ? "default" : "";
}

std::string line_of(std::string_view text, std::string_view key) {
    for (const std::string_view line : split(text, '\n'))
        if (line.starts_with(key) && line.substr(key.size()).starts_with(' '))
            return std::string(line);
    return "";
}

// The file to which `write` goes, and the value. Nothing if the file is missing and may be.
Result<std::optional<CgroupWrite>> find_file(const std::string& directory,
                                             const CgroupWrite& write) {
    const auto is_there = [&](const std::string& file) -> Result<bool> {
        return TRY(stat_at(cwd, format("{}/{}", directory, file))).has_value();
    };
    if (TRY(is_there(write.file))) return write;
    if (!write.other_file.empty() && TRY(is_there(write.other_file))) {
        CgroupWrite other = write;
        other.file = write.other_file;
        other.value = write.other_value;
        return other;
    }
    if (write.when_missing == WhenMissing::skip) return std::nullopt;
    return explain_missing(write, Error(format("opening {}/{}", directory, write.file), ENOENT));
}

// BFQ forgets the weights of single devices when the common weight is written. These changes write
// the same weights again.
std::vector<CgroupChange> kept_weights(const std::string& directory, const CgroupWrite& write) {
    const bool is_weight_of_all = write.file.ends_with("weight") &&
                                  write.file.find("io.") != std::string::npos &&
                                  write.value.find(':') == std::string::npos;
    if (!is_weight_of_all) return {};
    const std::string path =
        format("{}/{}{}", directory, write.file, write.file.starts_with("blkio.") ? "_device" : "");
    std::vector<CgroupChange> changes;
    for (std::string& line : device_lines(read_file(cwd, path).value_or("")))
        changes.push_back({.path = path, .value = line, .before = line, .origin = write.origin});
    return changes;
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

Status write_each(const std::string& directory, const std::vector<CgroupWrite>& writes) {
    CgroupFiles files;
    for (const CgroupWrite& write : writes)
        TRY(write_one(files, directory, write).at(write.origin));
    return {};
}

Status check_usage(const CgroupPlace& place, const UsageCheck& check) {
    const std::string directory = directory_of(place);
    const std::string pointer = "/linux/resources/memory";
    if (check.memory)
        TRY(check_below("memory", *check.memory,
                        read_limit(directory +
                                   (place.unified ? "/memory.current" : "/memory.usage_in_bytes")))
                .at(pointer + "/limit"));
    if (!check.memory_and_swap) return {};
    std::optional<int64_t> used = read_limit(
        directory + (place.unified ? "/memory.current" : "/memory.memsw.usage_in_bytes"));
    // A kernel without swap has no such file.
    if (place.unified && used) *used += read_limit(directory + "/memory.swap.current").value_or(0);
    return check_below("memory and swap together", *check.memory_and_swap, used)
        .at(pointer + "/swap");
}

std::string value_before(const CgroupWrite& write, std::string_view text) {
    const std::string_view value = write.value;
    if (write.file == "memory.oom_control")
        return find_value(text, "oom_kill_disable") == 1 ? "1" : "0";
    const std::string_view key = value.substr(0, value.find(' '));
    const bool of_a_device = key.size() < value.size() && key.find(':') != key.npos;
    if (of_a_device) {
        const std::string line = line_of(text, key);
        const std::string_view unset = unset_value(write.file);
        return line.empty() && !unset.empty() ? format("{} {}", key, unset) : line;
    }
    if (write.file == "rdma.max" || write.file == "net_prio.ifpriomap") return line_of(text, key);
    // The common weight; lines of devices follow it.
    if (text.starts_with("default ")) return std::string(text.substr(0, text.find('\n')));
    const std::string_view whole = trim(text);
    // An empty cpuset is written as an empty line: an empty write would not reach the kernel.
    return whole.empty() ? "\n" : std::string(whole);
}

std::vector<std::string> device_lines(std::string_view text) {
    std::vector<std::string> lines;
    for (const std::string_view line : split(text, '\n'))
        if (line.substr(0, line.find(' ')).find(':') != line.npos) lines.emplace_back(line);
    return lines;
}

Result<std::vector<CgroupWrite>> existing_files(const std::string& directory,
                                                const std::vector<CgroupWrite>& writes) {
    std::vector<CgroupWrite> found;
    for (const CgroupWrite& write : writes)
        if (std::optional<CgroupWrite> one = TRY(find_file(directory, write).at(write.origin)))
            found.push_back(std::move(*one));
    return found;
}

std::vector<CgroupChange> foresee_changes(const std::string& directory,
                                          const std::vector<CgroupWrite>& writes) {
    std::vector<CgroupChange> changes;
    for (const CgroupWrite& write : writes) {
        const std::string path = format("{}/{}", directory, write.file);
        const Result<std::string> text = read_file(cwd, path);
        // On both sides, because taking back writes in the opposite order.
        const std::vector<CgroupChange> kept = kept_weights(directory, write);
        changes.insert(changes.end(), kept.begin(), kept.end());
        changes.push_back({.path = path,
                           .value = write.value,
                           .before = text ? value_before(write, *text) : "",
                           .origin = write.origin});
        changes.insert(changes.end(), kept.begin(), kept.end());
    }
    return changes;
}

Status make_changes(const std::vector<CgroupChange>& changes) {
    CgroupFiles files;
    for (size_t i = 0; i < changes.size(); ++i) {
        Status changed = files.put(changes[i].path, changes[i].value).at(changes[i].origin);
        if (changed) continue;
        Error error = std::move(changed).error();
        if (error.code() == EBUSY && changes[i].path.ends_with("limit_in_bytes"))
            error.set_hint("the container uses more than that");
        const Status back =
            take_back({changes.begin(), changes.begin() + static_cast<ptrdiff_t>(i)});
        if (!back) error.set_hint("not everything is as before: " + back.error().message());
        return Failure(std::move(error));
    }
    return {};
}

Status take_back(const std::vector<CgroupChange>& changes) {
    CgroupFiles files;
    Status first;
    for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
        if (change->before.empty()) continue;
        Status written = files.put(change->path, change->before);
        if (!written && first) first = std::move(written);
    }
    return first;
}

}  // namespace sampan
