#include "container/salvage.h"

#include "base/text.h"
#include "cgroup/create.h"
#include "cgroup/owner.h"
#include "cgroup/plan.h"
#include "host/host.h"
#include "spec/spec.h"

namespace sampan {

namespace {

// The text after `"name":`.
std::string_view value_of(std::string_view text, std::string_view name) {
    const std::string key = format("\"{}\"", name);
    const size_t found = text.find(key);
    if (found == std::string_view::npos) return {};
    text.remove_prefix(found + key.size());
    const size_t value = text.find_first_not_of(" \t\r\n:");
    return value == std::string_view::npos ? std::string_view() : text.substr(value);
}

bool uses_systemd(const Spec& spec) {
    return spec.linux_ && spec.linux_->cgroups_path && is_systemd_form(*spec.linux_->cgroups_path);
}

// The cgroup where create has made it; nothing else can be known to be the container's.
Result<CgroupRecord> plan_cgroup_again(const Spec& spec, const Record& container) {
    const Host host = TRY(read_host());
    const CgroupManager manager =
        uses_systemd(spec) ? CgroupManager::systemd : CgroupManager::cgroupfs;
    CgroupPlan plan = TRY(plan_cgroup(spec, host, manager, container.id));
    // The unit cannot be told from another one of that name; it ends with its last process.
    plan.unit.reset();
    CgroupRecord record =
        TRY(foresee_cgroup(plan, container.created.empty() ? "" : describe(container)));
    // Cgroups that do not exist need not be removed. create does not take a cgroup that has
    // processes, so that a last directory which exists is most likely ours.
    std::erase_if(record.places, [](const CgroupPlace& place) { return inode_of(place) == 0; });
    // Root can see which ones we have made; create refuses others where config.json names none.
    if (host.is_privileged() && !host.in_user_namespace)
        std::erase_if(record.places, [&plan](const CgroupPlace& place) {
            return plan.directories.front().is_default && place.made == 0;
        });
    for (CgroupPlace& place : record.places)
        place.made = 1;
    return record;
}

}  // namespace

uint64_t find_number(std::string_view text, std::string_view name) {
    const std::string_view value = value_of(text, name);
    const size_t end = value.find_first_not_of("0123456789");
    // A number at the very end may be cut off.
    if (end == std::string_view::npos) return 0;
    return parse_number<uint64_t>(value.substr(0, end)).value_or(0);
}

std::string find_text(std::string_view text, std::string_view name) {
    const std::string_view value = value_of(text, name);
    const size_t end = value.find_first_of("\"\\", 1);
    if (!value.starts_with('"') || end == std::string_view::npos || value[end] != '"') return "";
    return std::string(value.substr(1, end - 1));
}

Record salvage_record(const Folder& folder) {
    const std::string text = folder.read_record_text().value_or("");
    Record record;
    record.id = folder.id();
    record.bundle = find_text(text, "bundle");
    if (record.bundle.empty()) record.bundle = "/";  // at least some folder for the poststop hooks
    record.created = find_text(text, "created");
    record.pid = static_cast<int32_t>(find_number(text, "pid"));
    record.start_time = find_number(text, "startTime");
    record.pid_namespace = find_number(text, "pidNamespace");
    Result<std::string> config = folder.read_config();
    if (!config) return record;
    const Result<SpecFile> file = read_spec_text(std::move(*config), config_name);
    if (!file) return record;
    record.annotations = file->spec.annotations;
    record.has_poststop_hooks = !file->spec.hooks.poststop.empty();
    if (Result<CgroupRecord> cgroup = plan_cgroup_again(file->spec, record))
        record.cgroup = std::move(*cgroup);
    return record;
}

}  // namespace sampan
