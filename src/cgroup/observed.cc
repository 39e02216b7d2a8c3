#include "cgroup/observed.h"

#include <unistd.h>

#include <algorithm>

#include "base/bit_list.h"
#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/owner.h"
#include "cgroup/update.h"
#include "cgroup/usage.h"
#include "cgroup/values.h"
#include "os/file.h"
#include "spec/json.h"

namespace sampan {

namespace {

constexpr size_t longest_value = 64 << 10;

std::string read_value(const std::string& directory, const std::string& file) {
    const Result<std::string> text =
        read_file(cwd, format("{}/{}", directory, file), longest_value);
    return std::string(trim(text.value_or("")));
}

// A number; -1 for "max", and for the largest one that v1 knows.
std::optional<int64_t> limit_of(std::string_view word) {
    if (word == "max") return -1;
    const std::optional<int64_t> number = parse_number<int64_t>(word);
    // The largest multiple of a page, whatever its size.
    constexpr int64_t nearly_all = INT64_MAX - (64 << 10);
    return number && *number >= nearly_all ? -1 : number;
}

std::optional<int64_t> limit_in(const std::string& directory, const std::string& file) {
    return limit_of(read_value(directory, file));
}

// Here -1 is no limit.
int64_t add_swap(int64_t swap, int64_t memory) {
    return static_cast<int64_t>(
        add_limits(static_cast<uint64_t>(swap), static_cast<uint64_t>(memory)));
}

void observe_memory(const CgroupPlace& place, spec::Resources& resources) {
    const std::string directory = directory_of(place);
    spec::Memory memory;
    if (!place.unified) {
        memory.limit = limit_in(directory, "memory.limit_in_bytes");
        memory.reservation = limit_in(directory, "memory.soft_limit_in_bytes");
        memory.swap = limit_in(directory, "memory.memsw.limit_in_bytes");
        memory.swappiness = read_number(directory + "/memory.swappiness");
    } else {
        memory.limit = limit_in(directory, "memory.max");
        memory.reservation = limit_in(directory, "memory.low");
        const std::optional<int64_t> swap = limit_in(directory, "memory.swap.max");
        if (swap && memory.limit)
            memory.swap = *memory.limit == -1 ? *swap : add_swap(*swap, *memory.limit);
    }
    if (memory.limit) resources.memory = memory;
}

void observe_cpu(const CgroupPlace& place, spec::Cpu& cpu) {
    const std::string directory = directory_of(place);
    const auto number = [&](const char* file) { return read_number(directory + "/" + file); };
    if (place.unified) {
        const std::string text = read_value(directory, "cpu.max");
        const std::vector<std::string_view> words = split_words(text);
        if (words.size() != 2) return;  // the controller is in another hierarchy
        cpu.quota = limit_of(words[0]);
        cpu.period = parse_number<uint64_t>(words[1]);
        cpu.burst = number("cpu.max.burst");
    } else {
        cpu.shares = number("cpu.shares");
        cpu.quota = limit_in(directory, "cpu.cfs_quota_us");
        cpu.period = number("cpu.cfs_period_us");
        cpu.burst = number("cpu.cfs_burst_us");
    }
    cpu.idle = limit_in(directory, "cpu.idle");
}

void observe_cpuset(const CgroupPlace& place, spec::Cpu& cpu) {
    const std::string directory = directory_of(place);
    // On v2 an empty one means that of the parent.
    if (std::string cpus = read_value(directory, "cpuset.cpus"); !cpus.empty())
        cpu.cpus = std::move(cpus);
    if (std::string mems = read_value(directory, "cpuset.mems"); !mems.empty())
        cpu.mems = std::move(mems);
}

void observe_unified(const std::string& directory, spec::Resources& resources) {
    for (const char* file : {"cpu.weight", "io.weight", "io.bfq.weight", "io.max", "memory.high",
                             "memory.min", "memory.oom.group"})
        if (std::string value = read_value(directory, file); !value.empty())
            resources.unified[file] = std::move(value);
}

// Files whose numbers the kernel rounds down to whole pages.
bool is_in_pages(const std::string& file) {
    return file.starts_with("memory.") || file.starts_with("hugetlb.");
}

bool is_same_number(const std::string& file, int64_t written, int64_t read) {
    if (written == read || !is_in_pages(file)) return written == read;
    const int64_t page = ::sysconf(_SC_PAGESIZE);
    return written > 0 && written / page * page == read;
}

bool is_same_word(const std::string& file, std::string_view written, std::string_view read) {
    if (written == read) return true;
    const std::optional<int64_t> one = limit_of(written), other = limit_of(read);
    return one && other && is_same_number(file, *one, *other);
}

bool is_same_list(std::string_view written, std::string_view read) {
    const auto one = parse_bit_list(written, cpu_numbers),
               other = parse_bit_list(read, cpu_numbers);
    return one && other && *one == *other;
}

// Of a limit in the unit of config.json: the number; otherwise the file and what it has.
std::string show(const CgroupWrite& write, std::string_view read, std::string_view config) {
    if (write.value == config)
        if (const std::optional<int64_t> number = limit_of(read)) return format("{}", *number);
    const bool is_text = config.starts_with('"');
    return json_string(is_text ? std::string(read) : format("{} {}", write.file, read));
}

class ResourceComparison {
  public:
    explicit ResourceComparison(const spec::Resources& asked) : leaves_(leaves(asked)) {}

    void compare(const std::string& directory, const CgroupWrite& write);
    // In the order of config.json.
    std::vector<Difference> take();

  private:
    [[nodiscard]] size_t position(const std::string& pointer) const;
    [[nodiscard]] std::string config_text(const CgroupWrite& write) const;
    std::vector<Leaf> leaves_;
    std::vector<Difference> differences_;
};

constexpr std::string_view resources_pointer = "/linux/resources";

// The value that config.json has there; if the place is an object, what was made of it.
std::string ResourceComparison::config_text(const CgroupWrite& write) const {
    for (const Leaf& leaf : leaves_)
        if (write.origin == format("{}{}", resources_pointer, leaf.pointer)) return leaf.text;
    return json_string(write.value);
}

size_t ResourceComparison::position(const std::string& pointer) const {
    size_t index = 0;
    while (index < leaves_.size() &&
           !format("{}{}", resources_pointer, leaves_[index].pointer).starts_with(pointer))
        ++index;
    return index;
}

std::vector<Difference> ResourceComparison::take() {
    std::ranges::stable_sort(differences_, {},
                             [this](const Difference& one) { return position(one.pointer); });
    return std::move(differences_);
}

void ResourceComparison::compare(const std::string& directory, const CgroupWrite& write) {
    const Result<std::string> text =
        read_file(cwd, format("{}/{}", directory, write.file), longest_value);
    if (!text) return;
    const std::string read = value_before(write, *text);
    if (is_same_value(write.file, write.value, read)) return;
    const bool known = std::ranges::any_of(
        differences_, [&](const Difference& one) { return one.pointer == write.origin; });
    if (known) return;
    const std::string config = config_text(write);
    differences_.push_back({write.origin, config, show(write, trim(read), config)});
}

}  // namespace

bool is_same_value(const std::string& file, std::string_view written, std::string_view read) {
    if (file.starts_with("cpuset.")) return is_same_list(trim(written), trim(read));
    const std::vector<std::string_view> asked = split_words(written), found = split_words(read);
    // "8:0 rbps=100" is a part of "8:0 rbps=100 wbps=max", "50000" one of "50000 100000", and a
    // common weight of 50 is "default 50".
    const bool has_keys = written.find('=') != std::string_view::npos;
    const size_t skipped = !found.empty() && found[0] == "default" && asked.size() == 1 ? 1 : 0;
    for (size_t i = 0; i < asked.size(); ++i) {
        const bool same = has_keys ? std::ranges::find(found, asked[i]) != found.end()
                                   : i + skipped < found.size() &&
                                         is_same_word(file, asked[i], found[i + skipped]);
        if (!same) return false;
    }
    return true;
}

spec::Resources observe_resources(const CgroupRecord& record) {
    spec::Resources resources;
    spec::Cpu cpu;
    if (is_lost(record)) return resources;
    for (const CgroupPlace& place : record.places) {
        const std::string directory = directory_of(place);
        const auto has = [&](std::string_view name) {
            return place.unified || has_controller(place, name);
        };
        if (has("memory")) observe_memory(place, resources);
        if (has("cpu")) observe_cpu(place, cpu);
        if (has("cpuset")) observe_cpuset(place, cpu);
        if (has("pids"))
            if (const auto limit = limit_in(directory, "pids.max"))
                resources.pids = spec::Pids{.limit = limit};
        if (place.unified) observe_unified(directory, resources);
    }
    if (!(cpu == spec::Cpu{})) resources.cpu = cpu;
    return resources;
}

CgroupUsage observe_usage(const CgroupRecord& record) {
    CgroupUsage usage;
    if (is_lost(record)) return usage;
    const auto keep = [](std::optional<uint64_t>& member, std::optional<uint64_t> found) {
        if (found) member = found;
    };
    for (const CgroupPlace& place : record.places) {
        const std::string top = directory_of(place) + "/";
        const auto number = [&](const char* file) { return read_number(top + file); };
        keep(usage.processes, number("pids.current"));
        keep(usage.memory, number(place.unified ? "memory.current" : "memory.usage_in_bytes"));
        keep(usage.memory_peak,
             number(place.unified ? "memory.peak" : "memory.max_usage_in_bytes"));
        constexpr uint64_t nanoseconds = 1000;
        if (const auto time = number("cpuacct.usage")) usage.cpu = *time / nanoseconds;
        if (place.unified)
            keep(usage.cpu, find_value(read_value(directory_of(place), "cpu.stat"), "usage_usec"));
    }
    return usage;
}

std::vector<Difference> compare_resources(const spec::Resources& asked,
                                          const CgroupRecord& record) {
    ResourceComparison comparison(asked);
    if (is_lost(record)) return {};
    Result<std::vector<CgroupDirectory>> directories = existing_directories(record);
    if (!directories) return {};
    const Result<CgroupPlan> plan = plan_update(asked, PresentLimits{}, std::move(*directories));
    if (!plan) return {};
    for (const CgroupDirectory& directory : plan->directories) {
        const std::string path = directory_of(directory.place);
        for (const std::vector<CgroupWrite>* writes : {&directory.writes, &directory.late_writes})
            for (const CgroupWrite& write : *writes)
                if (const auto found = existing_files(path, {write}); found && !found->empty())
                    comparison.compare(path, found->front());
    }
    return comparison.take();
}

}  // namespace sampan
