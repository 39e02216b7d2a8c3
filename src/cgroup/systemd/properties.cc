#include "cgroup/systemd/properties.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/bit_list.h"
#include "base/text.h"
#include "cgroup/systemd/scope.h"
#include "os/file.h"

namespace sampan {

namespace {

constexpr std::string_view oom_property = "OOMPolicy";
constexpr uint64_t usec_per_sec = 1000000;

using Properties = std::vector<UnitProperty>;

void add(Properties& all, std::string_view name, std::string value, const CgroupWrite& write) {
    all.push_back({std::string(name), "t", std::move(value), write.origin});
}

constexpr uint64_t usual_period = 100000;

// A quota in a period, both in microseconds. systemd knows hundredths of a CPU; they are
// rounded up, so that it never allows less than what was asked for.
std::string per_second(std::optional<uint64_t> quota, uint64_t period) {
    if (!quota || period == 0) return std::string(unlimited_property);
    constexpr uint64_t step = usec_per_sec / 100;
    const uint64_t exact = (*quota * usec_per_sec + period - 1) / period;
    return format("{}", (exact + step - 1) / step * step);
}

// "max" or "50000", with or without a period after it.
void add_quota(const CgroupWrite& write, Properties& all) {
    const std::vector<std::string_view> words = split_words(write.value);
    if (words.empty()) return;
    const auto period =
        words.size() > 1 ? parse_number<uint64_t>(words[1]).value_or(0) : usual_period;
    add(all, "CPUQuotaPerSecUSec", per_second(parse_number<uint64_t>(words[0]), period), write);
    if (words.size() > 1) add(all, "CPUQuotaPeriodUSec", format("{}", period), write);
}

// A list of CPUs as the bytes of a bit set, the lowest first.
void add_set(std::string_view name, const CgroupWrite& write, Properties& all) {
    const auto words = parse_bit_list(write.value, cpu_numbers);
    if (!words) return;  // the file tells what is wrong with it
    std::string bytes;
    for (const uint64_t word : *words)
        for (unsigned shift = 0; shift < 64; shift += 8)
            bytes += format("{}{}", bytes.empty() ? "" : "\n", (word >> shift) & 0xff);
    all.push_back({std::string(name), "ay", std::move(bytes), write.origin});
}

const CgroupWrite* last_write(const std::vector<CgroupWrite>& writes, std::string_view file) {
    const auto found = std::find_if(writes.rbegin(), writes.rend(),
                                    [&](const CgroupWrite& one) { return one.file == file; });
    return found == writes.rend() ? nullptr : &*found;
}

// cgroup v1 has a file for each of both.
void add_quota_v1(const std::vector<CgroupWrite>& writes, Properties& all) {
    const CgroupWrite* const quota = last_write(writes, "cpu.cfs_quota_us");
    const CgroupWrite* const period = last_write(writes, "cpu.cfs_period_us");
    const auto length = period == nullptr ? usual_period : parse_number<uint64_t>(period->value);
    if (quota != nullptr)
        add(all, "CPUQuotaPerSecUSec",
            per_second(parse_number<uint64_t>(quota->value), length.value_or(0)), *quota);
    if (period != nullptr) add(all, "CPUQuotaPeriodUSec", period->value, *period);
}

void add_number(std::string_view name, const CgroupWrite& write, Properties& all) {
    const bool unlimited = write.value == "max" || write.value == "-1";
    add(all, name, std::string(unlimited ? unlimited_property : std::string_view(write.value)),
        write);
}

struct Numbered {
    std::string_view file;
    std::string_view property;
};
constexpr std::array numbered = {
    Numbered{"memory.max", "MemoryMax"},   Numbered{"memory.swap.max", "MemorySwapMax"},
    Numbered{"memory.high", "MemoryHigh"}, Numbered{"memory.low", "MemoryLow"},
    Numbered{"memory.min", "MemoryMin"},   Numbered{"cpu.weight", "CPUWeight"},
    Numbered{"io.weight", "IOWeight"},     Numbered{"memory.limit_in_bytes", "MemoryLimit"},
    Numbered{"cpu.shares", "CPUShares"},   Numbered{"blkio.weight", "BlockIOWeight"},
};

// systemd computes the weight of BFQ from IOWeight: 1 to 100 stays the same, and 100 to 10000
// becomes 100 to 1000. If it is not known yet whether there is BFQ, the weight without BFQ is
// meant.
void add_bfq_weight(const CgroupWrite& write, UnitMoment moment, Properties& all) {
    const auto weight = parse_number<uint64_t>(write.value);
    if (!weight) return;  // that of a device
    constexpr uint64_t usual = 100;
    constexpr uint64_t step = 11;
    const uint64_t inverse = *weight <= usual ? *weight : usual + (*weight - usual) * step;
    const bool known = moment == UnitMoment::running || write.other_value.empty();
    add(all, "IOWeight", known ? format("{}", inverse) : write.other_value, write);
}

// systemd has no limit of 0; and at the start the helper is in the unit too.
void add_tasks(const CgroupWrite& write, UnitMoment moment, Properties& all) {
    if (write.value != "0" && write.value != "1") return add_number("TasksMax", write, all);
    add(all, "TasksMax", moment == UnitMoment::starting ? "2" : "1", write);
}

void add_property(const CgroupWrite& write, UnitMoment moment, Properties& all) {
    for (const auto& [file, property] : numbered)
        if (write.file == file) return add_number(property, write, all);
    if (write.file == "io.bfq.weight") return add_bfq_weight(write, moment, all);
    if (write.file == "cpu.max") return add_quota(write, all);
    // systemd's name for idle.
    if (write.file == "cpu.idle" && write.value == "1") return add(all, "CPUWeight", "0", write);
    if (write.file == "cpuset.cpus") return add_set("AllowedCPUs", write, all);
    if (write.file == "cpuset.mems") return add_set("AllowedMemoryNodes", write, all);
    if (write.file == "pids.max") return add_tasks(write, moment, all);
    // A running unit cannot be told this.
    if (write.file != "memory.oom.group" || moment == UnitMoment::running) return;
    all.push_back(
        {std::string(oom_property), "s", write.value == "1" ? "kill" : "continue", write.origin});
}

// From cgroup_context_apply() of systemd. Not io.max and the like, where it writes only lines of
// devices that it was told about. cpu.idle goes first, because an idle cgroup takes no weight.
constexpr std::array<std::string_view, 21> written_by_systemd{
    "cpu.idle",         "cpu.weight",        "cpu.max",
    "cpuset.cpus",      "cpuset.mems",       "io.weight",
    "io.bfq.weight",    "memory.min",        "memory.low",
    "memory.high",      "memory.max",        "memory.swap.max",
    "memory.zswap.max", "memory.oom.group",  "pids.max",
    "cpu.shares",       "cpu.cfs_period_us", "cpu.cfs_quota_us",
    "blkio.weight",     "blkio.bfq.weight",  "memory.limit_in_bytes",
};

struct KeptFile {
    std::string path;
    std::string text;
};

void read_files(const std::string& directory, std::vector<KeptFile>& files) {
    for (const std::string_view name : written_by_systemd) {
        std::string path = format("{}/{}", directory, name);
        // Some kernels do not have all of them.
        if (Result<std::string> text = read_file(cwd, path))
            files.push_back({std::move(path), std::move(*text)});
    }
}

// Line by line: a file with weights of devices takes one for each write.
Status put_back(const std::vector<KeptFile>& files) {
    for (const KeptFile& file : files) {
        if (TRY(read_file(cwd, file.path)) == file.text) continue;
        const std::string_view text = trim(file.text);
        for (const std::string_view line : split(text, '\n'))
            TRY(write_file(cwd, file.path, line.empty() ? "\n" : line));
    }
    return {};
}

}  // namespace

std::vector<UnitProperty> unit_properties(const std::vector<CgroupWrite>& writes,
                                          UnitMoment moment) {
    Properties all;
    for (const CgroupWrite& write : writes)
        add_property(write, moment, all);
    add_quota_v1(writes, all);
    // The last property of a name counts; systemd would take the others too.
    Properties last;
    for (auto property = all.rbegin(); property != all.rend(); ++property)
        if (std::ranges::find(last, property->name, &UnitProperty::name) == last.end())
            last.push_back(std::move(*property));
    std::ranges::reverse(last);
    return last;
}

std::vector<UnitProperty> unit_properties(const CgroupPlan& plan) {
    std::vector<CgroupWrite> all;
    for (const CgroupDirectory& directory : plan.directories)
        for (const std::vector<CgroupWrite>* writes : {&directory.writes, &directory.late_writes})
            all.insert(all.end(), writes->begin(), writes->end());
    return unit_properties(all, UnitMoment::starting);
}

Status tell_unit(const CgroupRecord& record, const std::vector<UnitProperty>& properties) {
    if (properties.empty()) return {};
    std::vector<KeptFile> files;
    // Below the unit's own cgroup (run.oci.systemd.subgroup) systemd writes nothing.
    for (const CgroupPlace& place : record.places)
        if (end_of_unit(place.path, record.unit->name) == place.path.size())
            read_files(directory_of(place), files);
    Status told = set_unit_properties(*record.unit, properties);
    Status kept = put_back(files);
    return told ? kept : told;
}

}  // namespace sampan
