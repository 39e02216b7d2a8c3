#include "cli/resource_options.h"

#include <optional>
#include <type_traits>

#include "base/text.h"
#include "spec/checks.h"
#include "spec/resources_file.h"

namespace sampan {

namespace {

using spec::BlockIo;
using spec::Cpu;
using spec::Memory;
using spec::Pids;
using spec::Resources;

// A member of a part of the resources ("cpu" and its "quota"). Both are made if they are missing.
template <auto part, auto member>
auto& value_in(Resources& resources) {
    auto& owner = resources.*part;
    if (!owner) owner.emplace();
    auto& value = (*owner).*member;
    if (!value) value.emplace();
    return *value;
}

template <auto part, auto member>
Status set_bytes(Resources& resources, std::string_view text) {
    const std::optional<int64_t> bytes = parse_bytes(text);
    if (!bytes)
        return failf(ErrorKind::usage,
                     "takes a number of bytes such as 64m, or -1 for no limit, not \"{}\"", text);
    value_in<part, member>(resources) = *bytes;
    return {};
}

template <auto part, auto member>
Status set_number(Resources& resources, std::string_view text) {
    using Number = std::remove_reference_t<decltype(value_in<part, member>(resources))>;
    const std::optional<Number> number = parse_number<Number>(text);
    if (!number) return failf(ErrorKind::usage, "takes a number, not \"{}\"", text);
    value_in<part, member>(resources) = *number;
    return {};
}

template <auto part, auto member>
Status set_text(Resources& resources, std::string_view text) {
    value_in<part, member>(resources) = text;
    return {};
}

struct ResourceOption {
    std::string_view name;
    std::string_view field;  // below /linux/resources
    Status (*set)(Resources& resources, std::string_view text);
};

constexpr ResourceOption resource_options[] = {
    {"memory", "/memory/limit", set_bytes<&Resources::memory, &Memory::limit>},
    {"memory-reservation", "/memory/reservation",
     set_bytes<&Resources::memory, &Memory::reservation>},
    {"memory-swap", "/memory/swap", set_bytes<&Resources::memory, &Memory::swap>},
    {"kernel-memory", "/memory/kernel", set_bytes<&Resources::memory, &Memory::kernel>},
    {"kernel-memory-tcp", "/memory/kernelTCP", set_bytes<&Resources::memory, &Memory::kernel_tcp>},
    {"cpu-period", "/cpu/period", set_number<&Resources::cpu, &Cpu::period>},
    {"cpu-quota", "/cpu/quota", set_number<&Resources::cpu, &Cpu::quota>},
    {"cpu-burst", "/cpu/burst", set_number<&Resources::cpu, &Cpu::burst>},
    {"cpu-share", "/cpu/shares", set_number<&Resources::cpu, &Cpu::shares>},
    {"cpu-shares", "/cpu/shares", set_number<&Resources::cpu, &Cpu::shares>},
    {"cpu-rt-period", "/cpu/realtimePeriod", set_number<&Resources::cpu, &Cpu::realtime_period>},
    {"cpu-rt-runtime", "/cpu/realtimeRuntime", set_number<&Resources::cpu, &Cpu::realtime_runtime>},
    {"cpu-idle", "/cpu/idle", set_number<&Resources::cpu, &Cpu::idle>},
    {"cpuset-cpus", "/cpu/cpus", set_text<&Resources::cpu, &Cpu::cpus>},
    {"cpuset-mems", "/cpu/mems", set_text<&Resources::cpu, &Cpu::mems>},
    {"blkio-weight", "/blockIO/weight", set_number<&Resources::block_io, &BlockIo::weight>},
    {"pids-limit", "/pids/limit", set_number<&Resources::pids, &Pids::limit>},
};

}  // namespace

Status apply_resource_options(const Parsed& parsed, spec::Resources& resources) {
    for (const ResourceOption& option : resource_options)
        if (parsed.has(option.name))
            TRY(option.set(resources, parsed.text(option.name)).in(format("--{}", option.name)));
    return {};
}

Result<std::vector<std::string>> read_rdt_lines(const Parsed& parsed) {
    std::vector<std::string> lines;
    for (const auto& [option, check] : {std::pair("l3-cache-schema", &spec::one_line),
                                        std::pair("mem-bw-schema", &spec::bandwidth)}) {
        std::string line = parsed.text(option);
        if (line.empty()) continue;
        if (!check->holds(line))
            return failf("--{}: expected {}, found \"{}\"", option, check->sentence, line);
        lines.push_back(std::move(line));
    }
    return lines;
}

std::string_view resource_option_at(const Parsed& parsed, std::string_view pointer) {
    if (!pointer.starts_with(resources_pointer)) return "";
    pointer.remove_prefix(resources_pointer.size());
    for (const ResourceOption& option : resource_options)
        if (option.field == pointer && parsed.has(option.name)) return option.name;
    return "";
}

}  // namespace sampan
