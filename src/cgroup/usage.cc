#include "cgroup/usage.h"

#include <algorithm>

#include "base/bit_list.h"
#include "base/text.h"
#include "cgroup/files.h"
#include "cgroup/usage_files.h"
#include "os/file.h"

namespace sampan {

namespace {

// "1.25" as 125.
uint32_t parse_hundredths(std::string_view text) {
    const size_t point = text.find('.');
    const uint32_t whole = parse_number<uint32_t>(text.substr(0, point)).value_or(0);
    if (point == std::string_view::npos || text.size() != point + 3) return whole * 100;
    return whole * 100 + parse_number<uint32_t>(text.substr(point + 1)).value_or(0);
}

PressureLine parse_pressure_line(const std::vector<std::string_view>& words) {
    PressureLine line;
    for (const std::string_view word : words) {
        const size_t equals = word.find('=');
        if (equals == std::string_view::npos) continue;
        const std::string_view name = word.substr(0, equals);
        const std::string_view value = word.substr(equals + 1);
        if (name == "avg10") line.avg10 = parse_hundredths(value);
        if (name == "avg60") line.avg60 = parse_hundredths(value);
        if (name == "avg300") line.avg300 = parse_hundredths(value);
        if (name == "total") line.total_us = parse_number<uint64_t>(value).value_or(0);
    }
    return line;
}

// "8:0" before a count of a device.
std::optional<IoCount> parse_device(std::string_view text) {
    const size_t colon = text.find(':');
    if (colon == std::string_view::npos) return std::nullopt;
    const std::optional<uint64_t> major = parse_number<uint64_t>(text.substr(0, colon));
    const std::optional<uint64_t> minor = parse_number<uint64_t>(text.substr(colon + 1));
    if (!major || !minor) return std::nullopt;
    return IoCount{.major = *major, .minor = *minor, .operation = {}, .value = 0};
}

void add_io_count(std::string_view word, IoCount count, IoUsage& usage) {
    const size_t equals = word.find('=');
    if (equals == std::string_view::npos) return;
    const std::string_view name = word.substr(0, equals);
    count.value = parse_number<uint64_t>(word.substr(equals + 1)).value_or(0);
    count.operation = name.starts_with('r') ? "Read" : name.starts_with('w') ? "Write" : "Discard";
    if (name.ends_with("bytes")) usage.bytes.push_back(count);
    if (name.ends_with("ios")) usage.operations.push_back(count);
}

}  // namespace

uint64_t add_limits(uint64_t one, uint64_t other) {
    constexpr uint64_t most = INT64_MAX;
    return one <= most && other <= most - one ? one + other : unlimited;
}

std::optional<Pressure> parse_pressure(std::string_view text) {
    std::optional<Pressure> pressure;
    for (const std::string_view line : split(text, '\n')) {
        const std::vector<std::string_view> words = split_words(line);
        if (words.empty()) continue;
        if (!pressure) pressure.emplace();
        if (words[0] == "some") pressure->some = parse_pressure_line(words);
        if (words[0] == "full") pressure->full = parse_pressure_line(words);
    }
    return pressure;
}

std::vector<std::pair<std::string, uint64_t>> parse_stat_lines(std::string_view text) {
    std::vector<std::pair<std::string, uint64_t>> lines;
    for (const std::string_view line : split(text, '\n')) {
        const std::vector<std::string_view> words = split_words(line);
        if (words.size() != 2) continue;
        if (const auto value = parse_number<uint64_t>(words[1]))
            lines.emplace_back(std::string(words[0]), *value);
    }
    return lines;
}

std::vector<IoCount> parse_blkio(std::string_view text) {
    std::vector<IoCount> counts;
    for (const std::string_view line : split(text, '\n')) {
        const std::vector<std::string_view> words = split_words(line);
        if (words.size() != 3) continue;  // the sum of all devices
        std::optional<IoCount> count = parse_device(words[0]);
        if (!count) continue;
        count->operation = words[1];
        count->value = parse_number<uint64_t>(words[2]).value_or(0);
        counts.push_back(std::move(*count));
    }
    return counts;
}

void parse_io_stat(std::string_view text, IoUsage& usage) {
    for (const std::string_view line : split(text, '\n')) {
        const std::vector<std::string_view> words = split_words(line);
        const std::optional<IoCount> device = words.empty() ? std::nullopt : parse_device(words[0]);
        if (!device) continue;
        for (const std::string_view word : words)
            add_io_count(word, *device, usage);
    }
}

std::vector<uint32_t> parse_number_list(std::string_view text) {
    std::vector<uint32_t> numbers;
    const Result<std::vector<uint64_t>> bits = parse_bit_list(trim(text), cpu_numbers);
    if (!bits) return numbers;
    for (uint32_t number = 0; number < bits->size() * 64; ++number)
        if (((*bits)[number / 64] >> number % 64 & 1) != 0) numbers.push_back(number);
    return numbers;
}

std::string usage_text(const std::string& path) {
    return read_file(cwd, path).value_or("");
}

uint64_t usage_number(const std::string& path) {
    const std::string text = usage_text(path);
    if (trim(text) == "max") return unlimited;
    return parse_number<uint64_t>(trim(text)).value_or(0);
}

// The name of a file has the size: "hugetlb.2MB.current".
void read_hugetlb(const CgroupPlace& place, CgroupCounts& usage) {
    const std::string directory = directory_of(place);
    const std::string_view current = place.unified ? ".current" : ".usage_in_bytes";
    for (const std::string& name :
         list_directory(cwd, directory).value_or(std::vector<std::string>())) {
        if (!name.starts_with("hugetlb.") || !name.ends_with(current)) continue;
        if (name.find(".rsvd.") != std::string::npos) continue;
        const std::string stem = name.substr(0, name.size() - current.size());
        HugetlbUsage pages{.page_size = stem.substr(stem.find('.') + 1)};
        const std::string base = directory + "/" + stem;
        pages.usage = usage_number(base + std::string(current));
        pages.most = usage_number(base + (place.unified ? ".max" : ".max_usage_in_bytes"));
        pages.failures = place.unified ? find_value(usage_text(base + ".events"), "max").value_or(0)
                                       : usage_number(base + ".failcnt");
        usage.hugetlb.push_back(std::move(pages));
    }
    std::ranges::sort(usage.hugetlb, {}, &HugetlbUsage::page_size);
}

CgroupCounts read_usage(const CgroupRecord& record) {
    CgroupCounts usage;
    const bool only_v2 = record.places.size() == 1 && record.places[0].unified;
    for (const CgroupPlace& place : record.places) {
        if (only_v2) read_usage_v2(place, usage);
        if (place.unified) read_pressures(place, usage);
        if (!place.unified) read_usage_v1(place, usage);
    }
    return usage;
}

}  // namespace sampan
