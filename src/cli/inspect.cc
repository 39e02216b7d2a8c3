#include "base/text.h"
#include "cli/command.h"
#include "cli/inspect_text.h"
#include "cli/output.h"
#include "spec/tables.h"
#include "spec/writer.h"

namespace sampan {

namespace {

void put_namespaces(JsonWriter& writer, const std::vector<ObservedNamespace>& namespaces) {
    writer.key("namespaces");
    writer.begin_array();
    for (const ObservedNamespace& one : namespaces) {
        writer.begin_object();
        writer.key("type");
        writer.string(spec::name_of(one.type));
        writer.key("inode");
        writer.unsigned_integer(one.inode);
        writer.key("sharedWithCaller");
        writer.boolean(one.ours);
        writer.key("sinceCreate");
        writer.boolean(one.recorded);
        writer.end_object();
    }
    writer.end_array();
}

void put_usage(JsonWriter& writer, const CgroupUsage& usage) {
    const auto put = [&writer](std::string_view name, const std::optional<uint64_t>& value) {
        if (!value) return;
        writer.key(name);
        writer.unsigned_integer(*value);
    };
    writer.key("usage");
    writer.begin_object();
    put("memory", usage.memory);
    put("memoryPeak", usage.memory_peak);
    put("pids", usage.processes);
    put("cpuMicroseconds", usage.cpu);
    writer.end_object();
}

// What has a place in config.json is in the member "config", in that layout.
std::string inspection_as_json(const Container& container, const Observed& observed) {
    JsonWriter writer(JsonStyle::indented);
    writer.begin_object();
    writer.key("id");
    writer.string(container.record.id);
    writer.key("status");
    writer.string(spec::name_of(container.status));
    writer.key("pid");
    writer.integer(container.record.pid);
    writer.key("bundle");
    writer.string(container.record.bundle);
    writer.key("created");
    writer.string(container.record.created);
    if (observed.seccomp_mode) {
        writer.key("seccompMode");
        writer.unsigned_integer(*observed.seccomp_mode);
    }
    put_namespaces(writer, observed.namespaces);
    writer.key("cgroups");
    writer.begin_array();
    for (const CgroupPlace& place : container.record.cgroup.places)
        writer.string(directory_of(place));
    writer.end_array();
    put_usage(writer, observed.usage);
    writer.key("config");
    write_json(writer, observed.spec);
    writer.end_object();
    return std::move(writer).take() + "\n";
}

}  // namespace

Result<int> run_inspect(Invocation& invocation) {
    const std::string& name = invocation.parsed.arguments[0];
    const std::string doing = format("inspecting container {}", name);
    const Store store = TRY(Store::look(invocation.globals.root));
    const Container container = TRY(find_container(store, name).in(doing));
    const Spec config = TRY(read_kept_config(container.folder).in(doing));
    const Observed observed = TRY(observe(container, config).in(doing));
    TRY(print(invocation.parsed.has("json") ? inspection_as_json(container, observed)
                                            : describe(container, observed)));
    return 0;
}

}  // namespace sampan
