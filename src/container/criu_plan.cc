#include "container/criu_plan.h"

#include <sched.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/proc_cgroup.h"
#include "base/text.h"
#include "cgroup/freeze.h"
#include "linux/namespaces.h"
#include "os/path.h"
#include "spec/annotations.h"
#include "spec/json.h"

namespace sampan {

namespace {

constexpr const char* null_device = "/dev/null";

// Calls `see` with each step of init that is of this kind, in their order.
template <class Kind, class See>
void for_each(const Plan& plan, const See& see) {
    for (const Phase& phase : plan.phases)
        for (const Step& step : phase.steps)
            if (const auto* action = std::get_if<Action>(&step))
                if (const auto* found = std::get_if<Kind>(action)) see(*found);
}

bool is_mounted(const BindMount& bind) {
    return bind.source_link != SourceLink::copy;
}

// Where the container's cgroup is in the hierarchy of that view, on the host.
std::string cgroup_of(const CgroupView& view, const CgroupRecord& record) {
    const auto found = std::ranges::find(record.places, view.host_mount, &CgroupPlace::mount_point);
    return found == record.places.end() ? view.host_mount : directory_of(*found);
}

void add_cgroup_views(const MountCgroup& step,
                      const CgroupRecord& record,
                      std::vector<OutsideMount>& all) {
    if (step.fresh) return;  // file systems of their own, which CRIU knows
    const std::string destination = clean_path(step.destination);
    if (step.views.empty()) {
        if (step.unified) all.push_back({destination, step.unified->host_mount});
        return;
    }
    std::vector<CgroupView> views = step.views;
    if (step.unified) views.push_back(*step.unified);
    for (const CgroupView& view : views)
        all.push_back({format("{}/{}", destination, view.name), cgroup_of(view, record)});
}

// All destinations of the plan, so that what is mounted there is not taken for something else.
std::vector<std::string> planned_destinations(const Plan& plan) {
    std::vector<std::string> all;
    const auto add = [&all](const auto& step) { all.push_back(clean_path(step.destination)); };
    for_each<MountFilesystem>(plan, add);
    for_each<BindMount>(plan, add);
    for_each<MountCgroup>(plan, add);
    return all;
}

void add_mounts_below(const OutsideMount& tree,
                      const std::vector<MountedPlace>& host,
                      const std::vector<std::string>& planned,
                      std::vector<OutsideMount>& all) {
    for (const MountedPlace& place : host) {
        if (!is_below(place.point, tree.source)) continue;
        const std::string rest = place.point.substr(tree.source == "/" ? 0 : tree.source.size());
        std::string destination = clean_path(tree.destination + rest);
        if (std::ranges::find(planned, destination) == planned.end())
            all.push_back({std::move(destination), place.point});
    }
}

const std::string& real_path(const RealPaths& real, const std::string& destination) {
    const auto found = real.find(destination);
    return found == real.end() ? destination : found->second;
}

bool masks_anything(const Plan& plan) {
    bool found = false;
    for_each<MaskPath>(plan, [&found](const MaskPath&) { found = true; });
    return found;
}

// "extRootNetNS": the name that other runtimes give it too.
std::string external_name(int type) {
    return type == CLONE_NEWNET ? "extRootNetNS" : "extRootPidNS";
}

std::string_view file_of(int type) {
    const auto kinds = namespace_kinds();
    return std::ranges::find(kinds, type, &NamespaceKind::flag)->file;
}

// The network of other runtimes' containers, too, is made by hooks, which run again at a restore.
bool is_made_by_hooks(const Plan& plan, int type) {
    return plan.namespaces.creates(type) &&
           (!plan.hooks.prestart.empty() || !plan.hooks.create_runtime.empty());
}

void complete(CriuOptions& options, const Plan& plan, const CgroupRecord* cgroup) {
    options.orphaned_terminals = true;
    if (!options.cgroups) options.cgroups = CriuCgroups::soft;
    if (cgroup != nullptr && cgroup->places.empty()) options.cgroups = CriuCgroups::ignore;
    if (is_made_by_hooks(plan, CLONE_NEWNET)) options.empty_namespaces |= CLONE_NEWNET;
}

}  // namespace

std::vector<OutsideMount> outside_mounts(const Plan& plan,
                                         const CgroupRecord& cgroup,
                                         const std::vector<MountedPlace>& host) {
    std::vector<OutsideMount> all;
    const std::vector<std::string> planned = planned_destinations(plan);
    for_each<AttachRoot>(plan, [&](const AttachRoot& root) {
        add_mounts_below({"/", clean_path(root.path)}, host, planned, all);
    });
    for_each<BindMount>(plan, [&](const BindMount& bind) {
        if (!is_mounted(bind)) return;
        const OutsideMount mount{clean_path(bind.destination), bind.source};
        all.push_back(mount);
        if (bind.bind == Binding::whole_tree)
            add_mounts_below({mount.destination, clean_path(mount.source)}, host, planned, all);
    });
    for_each<MountCgroup>(plan,
                          [&](const MountCgroup& step) { add_cgroup_views(step, cgroup, all); });
    for_each<MakeDevice>(plan, [&](const MakeDevice& device) {
        const std::string path = clean_path(device.path);
        if (device.supply == DeviceSupply::bind) all.push_back({path, path});
    });
    return all;
}

Status check_can_be_restored(const Plan& plan) {
    if (!plan.namespaces.separate(CLONE_NEWNS))
        return fail_at("/linux/namespaces",
                       "a container without a mount namespace of its own cannot be checkpointed",
                       "add {\"type\": \"mount\"} to /linux/namespaces");
    for (const Phase& phase : plan.phases)
        for (const Step& step : phase.steps)
            if (const auto* source = std::get_if<OpenSource>(&step))
                if (source->id_maps)
                    return failf("CRIU cannot restore the mapped ids of a mount")
                        .at(source->origin);
    Status refused;
    for_each<BindMount>(plan, [&refused](const BindMount& bind) {
        if (bind.source_link == SourceLink::bind)
            refused =
                failf("CRIU cannot restore a mounted symbolic link (src-nofollow)").at(bind.origin);
    });
    return refused;
}

std::vector<MountPlace> mount_places(const Plan& plan) {
    struct Mounted {
        std::string destination;
        std::optional<std::string> source;  // of a bind
    };
    std::vector<Mounted> mounted;
    std::vector<MountPlace> places;
    const auto add = [&](const std::string& path, std::optional<std::string> source) {
        const std::string destination = clean_path(path);
        const Mounted* on = nullptr;
        for (const Mounted& one : mounted)
            if (is_below(destination, one.destination)) on = &one;
        if (on == nullptr)
            places.push_back({"", destination, source.value_or("")});
        else if (on->source)
            places.push_back(
                {*on->source, destination.substr(on->destination.size()), source.value_or("")});
        mounted.push_back({destination, std::move(source)});
    };
    for (const Phase& phase : plan.phases)
        for (const Step& step : phase.steps) {
            const auto* action = std::get_if<Action>(&step);
            if (action == nullptr) continue;
            if (const auto* system = std::get_if<MountFilesystem>(action))
                add(system->destination, std::nullopt);
            if (const auto* bind = std::get_if<BindMount>(action); bind && is_mounted(*bind))
                add(bind->destination, bind->source);
            if (const auto* cgroup = std::get_if<MountCgroup>(action))
                add(cgroup->destination, std::nullopt);
        }
    std::erase_if(places, [](const MountPlace& place) { return place.path == "/"; });
    return places;
}

CriuOptions complete_for_dump(CriuOptions asked,
                              const Plan& plan,
                              const Record& record,
                              const std::vector<OutsideMount>& outside,
                              const std::vector<ObservedMount>& observed,
                              const RealPaths& real) {
    complete(asked, plan, &record.cgroup);
    asked.pid = record.pid;
    asked.root = record.rootfs;
    if (const CgroupPlace* place = freezing_place(record.cgroup))
        asked.freeze_cgroup = directory_of(*place);
    std::vector<std::string> points;
    for (const OutsideMount& mount : outside) {
        points.push_back(real_path(real, mount.destination));
        asked.mounts.push_back({points.back(), mount.destination});
    }
    for (const ObservedMount& mount : observed)
        if (masks_anything(plan) && mount.root.ends_with("/null") &&
            std::ranges::find(points, mount.point) == points.end())
            asked.mounts.push_back({mount.point, null_device});
    for (const std::string& stream : record.streams)
        if (stream.starts_with("file[")) asked.external.push_back(stream);
    for (const JoinNamespace* join : inherited_namespaces(plan))
        for (const NamespaceRecord& known : record.namespaces)
            if (namespace_flag(known.type) == join->type)
                asked.external.push_back(format("{}[{}]:{}", file_of(join->type), known.inode,
                                                external_name(join->type)));
    return asked;
}

CriuOptions complete_for_restore(CriuOptions asked, const Plan& plan, const RestoreFacts& facts) {
    complete(asked, plan, nullptr);
    asked.evasive_devices = true;
    asked.restore_as_sibling = true;
    for (const OutsideMount& mount : facts.outside) {
        asked.mounts.push_back({mount.destination, mount.source});
        // Other runtimes name a mount by its real path.
        const std::string& path = real_path(facts.real, mount.destination);
        if (path != mount.destination) asked.mounts.push_back({path, mount.source});
    }
    if (masks_anything(plan)) asked.mounts.push_back({null_device, null_device});
    int32_t fd = 0;
    for (const std::string& stream : facts.streams) {
        const bool is_outside = stream.starts_with("pipe:") || stream.starts_with("file[");
        // Two streams may be the same file.
        const auto same = std::ranges::find(asked.inherited, stream, &InheritedFd::key);
        if (is_outside && same == asked.inherited.end()) asked.inherited.push_back({stream, fd});
        ++fd;
    }
    int inherited_fd = facts.first_inherited_fd;
    for (const JoinNamespace* join : inherited_namespaces(plan))
        asked.inherited.push_back({external_name(join->type), inherited_fd++});
    for (const JoinNamespace& join : plan.namespaces.joins)
        if (join.type != CLONE_NEWNET && join.type != CLONE_NEWPID)
            asked.joined.push_back({std::string(file_of(join.type)), join.path});
    for (const ProcCgroup& cgroup : parse_proc_cgroup(facts.cgroups))
        asked.cgroup_roots.push_back({std::string(cgroup.controllers), std::string(cgroup.path)});
    return asked;
}

std::vector<const JoinNamespace*> inherited_namespaces(const Plan& plan) {
    std::vector<const JoinNamespace*> all;
    for (const JoinNamespace& join : plan.namespaces.joins)
        if (join.type == CLONE_NEWNET || join.type == CLONE_NEWPID) all.push_back(&join);
    return all;
}

std::string criu_config_file(const std::map<std::string, std::string>& annotations,
                             const std::function<bool(const std::string&)>& exists) {
    const auto named = annotations.find(std::string(spec::criu_config));
    if (named != annotations.end()) return named->second;
    for (const char* file : {"/etc/criu/sampan.conf", "/etc/criu/crun.conf"})
        if (exists(file)) return file;
    return "/etc/criu/runc.conf";  // which CRIU passes over if it is missing
}

std::string write_streams(const std::vector<std::string>& streams) {
    JsonWriter writer(JsonStyle::compact);
    writer.begin_array();
    for (const std::string& stream : streams)
        writer.string(stream);
    writer.end_array();
    return std::move(writer).take();
}

Result<std::vector<std::string>> parse_streams(std::string_view text, std::string_view name) {
    const JsonDocument document = TRY(JsonDocument::parse(text, name));
    std::vector<std::string> streams;
    const Json root = document.root();
    if (root.kind() != JsonKind::array) return streams;
    for (size_t i = 0; i < root.size(); ++i) {
        const Json stream = root.element(i);
        streams.emplace_back(stream.kind() == JsonKind::string ? stream.string() : "");
    }
    return streams;
}

// A line is "(00.063131) Error (criu/files-reg.c:1790): Can't …", with the pid of the process that
// wrote it after the time, if that is not CRIU's first one.
std::string last_errors(std::string_view log) {
    constexpr std::string_view mark = "Error (criu/";
    // It tries to get a higher limit, and goes on without one.
    constexpr std::string_view harmless = "Can't setup RLIMIT_NOFILE";
    constexpr size_t most = 4;
    constexpr size_t longest = 300;
    std::vector<std::string> errors;
    for (const std::string_view line : split(log, '\n')) {
        const size_t at = line.find(mark);
        if (at == std::string_view::npos) continue;
        std::string text(trim(line.substr(at + mark.size(), longest)));
        // "files-reg.c:1790): Can't …"
        if (const size_t end = text.find(')'); end != std::string::npos) text.erase(end, 1);
        if (text.find(harmless) != std::string::npos) continue;
        if (std::ranges::find(errors, text) == errors.end()) errors.push_back(std::move(text));
    }
    // The first says why; those that follow, what came of it.
    if (errors.size() > most) errors.erase(errors.begin() + 2, errors.end() - (most - 2));
    return join(errors, "; ");
}

}  // namespace sampan
