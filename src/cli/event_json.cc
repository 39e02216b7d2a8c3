#include "cli/event_json.h"

#include "cli/timeline.h"
#include "spec/json.h"

namespace sampan {

namespace {

class EventWriter {
  public:
    void head(std::string_view type, std::string_view id);
    void data(const ContainerUsage& usage);
    std::string take() && {
        json_.end_object();
        return std::move(json_).take() + "\n";
    }

  private:
    void number(std::string_view name, uint64_t value) {
        json_.key(name);
        json_.unsigned_integer(value);
    }
    template <class T>
    void numbers(std::string_view name, const std::vector<T>& values) {
        if (values.empty()) return;
        json_.key(name);
        json_.begin_array();
        for (const T value : values)
            json_.unsigned_integer(value);
        json_.end_array();
    }
    void begin(std::string_view name) {
        json_.key(name);
        json_.begin_object();
    }
    void end() { json_.end_object(); }
    void pressure(const std::optional<Pressure>& pressure);
    void pressure_line(std::string_view name, const PressureLine& line);
    void cpu(const CpuUsage& cpu);
    void cpuset(const CpusetUsage& cpuset);
    void memory(const MemoryUsage& memory);
    void memory_count(std::string_view name, const MemoryCount& count);
    void io_counts(std::string_view name, const std::vector<IoCount>& counts);
    void hugetlb(const std::vector<HugetlbUsage>& all);
    void networks(const std::vector<NetworkUsage>& all);

    JsonWriter json_{JsonStyle::compact};
};

void EventWriter::head(std::string_view type, std::string_view id) {
    json_.begin_object();
    json_.key("type");
    json_.string(type);
    json_.key("id");
    json_.string(id);
}

void EventWriter::pressure_line(std::string_view name, const PressureLine& line) {
    begin(name);
    const auto percent = [this](std::string_view key, uint32_t hundredths) {
        json_.key(key);
        json_.number(decimal(hundredths, 2));
    };
    percent("avg10", line.avg10);
    percent("avg60", line.avg60);
    percent("avg300", line.avg300);
    number("total", line.total_us);
    end();
}

void EventWriter::pressure(const std::optional<Pressure>& pressure) {
    if (!pressure) return;
    begin("psi");
    pressure_line("some", pressure->some);
    pressure_line("full", pressure->full);
    end();
}

void EventWriter::cpu(const CpuUsage& cpu) {
    begin("cpu");
    begin("usage");
    number("total", cpu.total_ns);
    numbers("percpu", cpu.per_cpu_ns);
    number("kernel", cpu.kernel_ns);
    number("user", cpu.user_ns);
    end();
    begin("throttling");
    number("periods", cpu.periods);
    number("throttledPeriods", cpu.throttled_periods);
    number("throttledTime", cpu.throttled_ns);
    end();
    pressure(cpu.pressure);
    end();
}

void EventWriter::cpuset(const CpusetUsage& cpuset) {
    begin("cpuset");
    numbers("cpus", cpuset.cpus);
    numbers("mems", cpuset.mems);
    for (const auto& [name, value] : cpuset.settings) {
        json_.key(name);
        json_.integer(value);
    }
    end();
}

void EventWriter::memory_count(std::string_view name, const MemoryCount& count) {
    begin(name);
    number("limit", count.limit);
    number("usage", count.usage);
    number("max", count.most);
    number("failcnt", count.failures);
    end();
}

void EventWriter::memory(const MemoryUsage& memory) {
    begin("memory");
    number("cache", memory.cache);
    memory_count("usage", memory.memory);
    memory_count("swap", memory.swap);
    memory_count("kernel", memory.kernel);
    memory_count("kernelTCP", memory.kernel_tcp);
    begin("raw");
    for (const auto& [name, value] : memory.stat)
        number(name, value);
    end();
    pressure(memory.pressure);
    end();
}

void EventWriter::io_counts(std::string_view name, const std::vector<IoCount>& counts) {
    json_.key(name);
    json_.begin_array();
    for (const IoCount& count : counts) {
        json_.begin_object();
        number("major", count.major);
        number("minor", count.minor);
        json_.key("op");
        json_.string(count.operation);
        number("value", count.value);
        json_.end_object();
    }
    json_.end_array();
}

void EventWriter::hugetlb(const std::vector<HugetlbUsage>& all) {
    begin("hugetlb");
    for (const HugetlbUsage& pages : all) {
        begin(pages.page_size);
        number("usage", pages.usage);
        number("max", pages.most);
        number("failcnt", pages.failures);
        end();
    }
    end();
}

// These names have no tags in runc, hence the capitals.
void EventWriter::networks(const std::vector<NetworkUsage>& all) {
    json_.key("network_interfaces");
    json_.begin_array();
    for (const NetworkUsage& network : all) {
        json_.begin_object();
        json_.key("Name");
        json_.string(network.name);
        number("RxBytes", network.received.bytes);
        number("RxPackets", network.received.packets);
        number("RxErrors", network.received.errors);
        number("RxDropped", network.received.dropped);
        number("TxBytes", network.sent.bytes);
        number("TxPackets", network.sent.packets);
        number("TxErrors", network.sent.errors);
        number("TxDropped", network.sent.dropped);
        json_.end_object();
    }
    json_.end_array();
}

void EventWriter::data(const ContainerUsage& usage) {
    begin("data");
    cpu(usage.cgroup.cpu);
    cpuset(usage.cgroup.cpuset);
    memory(usage.cgroup.memory);
    begin("pids");
    number("current", usage.cgroup.pids.current);
    number("limit", usage.cgroup.pids.limit);
    end();
    begin("blkio");
    io_counts("ioServiceBytesRecursive", usage.cgroup.io.bytes);
    io_counts("ioServicedRecursive", usage.cgroup.io.operations);
    pressure(usage.cgroup.io.pressure);
    end();
    hugetlb(usage.cgroup.hugetlb);
    begin("intel_rdt");
    end();
    networks(usage.networks);
    end();
}

}  // namespace

std::string stats_event(std::string_view id, const ContainerUsage& usage) {
    EventWriter writer;
    writer.head("stats", id);
    writer.data(usage);
    return std::move(writer).take();
}

std::string oom_event(std::string_view id) {
    EventWriter writer;
    writer.head("oom", id);
    return std::move(writer).take();
}

}  // namespace sampan
