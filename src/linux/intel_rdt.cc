#include "linux/intel_rdt.h"

#include <fcntl.h>

#include <algorithm>
#include <map>

#include "base/text.h"
#include "os/file.h"
#include "os/mount_api.h"
#include "os/mountinfo.h"
#include "spec/fields.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<RdtRecord>() {
    static constexpr Field table[] = {
        optional<&RdtRecord::group>("group"),
        optional<&RdtRecord::monitor>("monitor"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec

namespace sampan {

namespace {

struct Schema {
    std::string_view resource;                  // "L3"
    std::map<std::string, std::string> values;  // by domain, without leading zeros
};

std::string plain_value(std::string_view value) {
    value = trim(value);
    while (value.size() > 1 && value[0] == '0')
        value.remove_prefix(1);
    std::string text(value);
    std::ranges::transform(text, text.begin(), [](char c) {
        return c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return text;
}

Schema parse_schema(std::string_view line) {
    const size_t colon = std::min(line.find(':'), line.size());
    Schema schema{trim(line.substr(0, colon)), {}};
    if (colon == line.size()) return schema;
    for (const std::string_view part : split(line.substr(colon + 1), ';')) {
        const size_t equals = std::min(part.find('='), part.size());
        if (equals < part.size())
            schema.values[plain_value(part.substr(0, equals))] =
                plain_value(part.substr(equals + 1));
    }
    return schema;
}

std::string group_path(const JoinRdtGroup& step, const std::string& root) {
    return step.group.empty() ? root : root + "/" + step.group;
}

std::string monitor_path(const JoinRdtGroup& step, const std::string& root) {
    return group_path(step, root) + "/mon_groups/" + step.monitor;
}

Result<bool> exists(const std::string& path) {
    return TRY(stat_at(cwd, path)).has_value();
}

// The kernel makes these files together with the group; they are never created.
Status write_to(const std::string& path, std::string_view text) {
    const Fd file = TRY(open_at(cwd, path, O_WRONLY | O_CREAT | O_TRUNC, 0644));
    return write_all(file.get(), text).in(path);
}

Status write_lines(const std::vector<std::string>& lines, const std::string& path) {
    if (lines.empty()) return {};
    return write_to(path + "/schemata", join(lines, "\n") + "\n");
}

std::vector<std::string> all_lines(const JoinRdtGroup& step) {
    std::vector<std::string> lines = step.lines;
    lines.insert(lines.end(), step.schemata.begin(), step.schemata.end());
    return lines;
}

Status check_lines(const JoinRdtGroup& step, const std::string& path) {
    if (step.lines.empty()) return {};
    const std::string schemata = TRY(read_file(cwd, path + "/schemata"));
    for (const std::string& line : step.lines)
        if (!has_schema(schemata, line))
            return failf("the group {} exists, and its schemata do not have {}", path, line);
    return {};
}

}  // namespace

bool has_schema(std::string_view schemata, std::string_view wanted) {
    const Schema schema = parse_schema(wanted);
    for (const std::string_view line : split(schemata, '\n')) {
        const Schema present = parse_schema(line);
        if (present.resource != schema.resource) continue;
        return std::ranges::all_of(schema.values, [&present](const auto& value) {
            const auto found = present.values.find(value.first);
            return found != present.values.end() && found->second == value.second;
        });
    }
    return false;
}

std::optional<JoinRdtGroup> plan_intel_rdt(const Spec& spec, const std::string& id) {
    if (!spec.linux_ || !spec.linux_->intel_rdt) return std::nullopt;
    const spec::IntelRdt& rdt = *spec.linux_->intel_rdt;
    JoinRdtGroup step;
    // An empty closID counts as absent; otherwise it would mean the default class.
    step.is_own = rdt.clos_id.value_or("").empty();
    step.group = step.is_own ? id : *rdt.clos_id;
    if (step.group == "/") step.group.clear();
    if (rdt.l3_cache_schema) step.lines.push_back(*rdt.l3_cache_schema);
    if (rdt.mem_bw_schema) step.lines.push_back(*rdt.mem_bw_schema);
    step.schemata = rdt.schemata;
    if (rdt.enable_monitoring) step.monitor = id;
    step.origin = "/linux/intelRdt";
    return step;
}

std::string describe(const JoinRdtGroup& step) {
    std::string text = step.group.empty() ? "join the default resctrl group"
                                          : format("join the resctrl group {}", step.group);
    const std::vector<std::string> lines = all_lines(step);
    if (!lines.empty()) text += format(" ({})", join(lines, " "));
    if (!step.monitor.empty()) text += format(", monitored as {}", step.monitor);
    return text;
}

Result<std::string> find_resctrl(std::string_view mountinfo, const IsSeenAt& is_seen) {
    // Reading mountinfo splits every line, and most machines have none of these.
    if (mountinfo.contains(" - resctrl "))
        for (MountedPlace& place : parse_mountinfo(mountinfo))
            if (place.type == "resctrl" && (!is_seen || is_seen(place.point, place.id)))
                return std::move(place.point);
    return fail_at("/linux/intelRdt", "no resctrl file system is mounted",
                   "mount -t resctrl resctrl /sys/fs/resctrl; it needs a processor with RDT");
}

Result<std::string> find_resctrl() {
    return find_resctrl(TRY(read_file(cwd, "/proc/self/mountinfo")), is_seen_at);
}

Result<RdtRecord> foresee_rdt_group(const JoinRdtGroup& step, const std::string& root) {
    RdtRecord record;
    const std::string path = group_path(step, root);
    if (step.is_own && !TRY(exists(path))) record.group = path;
    if (!step.monitor.empty() && !TRY(exists(monitor_path(step, root))))
        record.monitor = monitor_path(step, root);
    return record;
}

Result<RdtRecord> make_rdt_group(const JoinRdtGroup& step, const std::string& root) {
    const std::string path = group_path(step, root);
    RdtRecord made;
    if (!TRY(exists(path))) {
        if (!step.is_own && all_lines(step).empty())
            return failf("there is no resctrl group {}, and no schema to make it with", step.group);
        TRY(make_directory(cwd, path, 0755));
        made.group = path;
    }
    Status done = made.group.empty() ? check_lines(step, path) : Status();
    if (done && !step.monitor.empty()) {
        done = make_directory(cwd, monitor_path(step, root), 0755);
        if (done) made.monitor = monitor_path(step, root);
    }
    // At the end, because what is written to somebody else's group is not taken back.
    if (done) done = write_lines(made.group.empty() ? step.schemata : all_lines(step), path);
    if (done) return made;
    (void)remove_rdt_group(made);  // the first error is the one to return
    return Failure(std::move(done).error());
}

Status enter_rdt_group(const JoinRdtGroup& step, const std::string& root, pid_t pid) {
    const std::string text = format("{}", pid);
    TRY(write_to(group_path(step, root) + "/tasks", text));
    if (step.monitor.empty()) return {};
    return write_to(monitor_path(step, root) + "/tasks", text);
}

Status update_rdt_group(const JoinRdtGroup& step,
                        const std::vector<std::string>& lines,
                        const std::string& root) {
    return write_lines(lines, group_path(step, root));
}

Status remove_rdt_group(const RdtRecord& record) {
    if (!record.monitor.empty()) TRY(remove_directory(cwd, record.monitor));
    if (!record.group.empty()) TRY(remove_directory(cwd, record.group));
    return {};
}

}  // namespace sampan
