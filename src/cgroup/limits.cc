#include "cgroup/limits.h"

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "cgroup/limits_v1.h"
#include "cgroup/limits_v2.h"
#include "spec/json.h"

namespace sampan {

namespace {

// How much of a period may be used. 0 if there is no limit: then that of the parent holds, and
// nothing is compared with it.
double share_of(int64_t quota, uint64_t period) {
    return quota <= 0 || period == 0 ? 0 : static_cast<double>(quota) / static_cast<double>(period);
}

bool first_of_two(int64_t new_quota,
                  uint64_t new_period,
                  const std::optional<int64_t>& quota,
                  const std::optional<uint64_t>& period) {
    if (!quota || !period) return false;
    return share_of(new_quota, *period) < share_of(*quota, new_period);
}

using Directories = std::vector<CgroupDirectory>;

// Whether a section of resources goes to the files of cgroup v2. On a hybrid host each controller
// is in one of the two.
bool in_v2(const Directories& directories, std::string_view v1_name, std::string_view v2_name) {
    bool only_v2 = !directories.empty();
    bool found_in_v2 = false;
    for (const CgroupDirectory& directory : directories) {
        if (!directory.place.unified && has_controller(directory.place, v1_name)) return false;
        if (directory.place.unified && has_controller(directory.place, v2_name)) found_in_v2 = true;
        if (!directory.place.unified) only_v2 = false;
    }
    return only_v2 || found_in_v2;
}

struct Split {
    spec::Resources v1;
    spec::Resources v2;
};

void split_cpu(const spec::Cpu& cpu, const Directories& directories, Split& parts) {
    spec::Cpu time = cpu;
    time.cpus.reset();
    time.mems.reset();
    const spec::Cpu sets{.cpus = cpu.cpus, .mems = cpu.mems};
    spec::Cpu v1;
    spec::Cpu v2;
    (in_v2(directories, "cpu", "cpu") ? v2 : v1) = time;
    spec::Cpu& with_sets = in_v2(directories, "cpuset", "cpuset") ? v2 : v1;
    with_sets.cpus = sets.cpus;
    with_sets.mems = sets.mems;
    if (!(v1 == spec::Cpu{})) parts.v1.cpu = v1;
    if (!(v2 == spec::Cpu{})) parts.v2.cpu = v2;
}

Split split_by_version(const spec::Resources& resources, const Directories& directories) {
    Split parts;
    const auto part = [&](std::string_view v1_name, std::string_view v2_name) -> spec::Resources& {
        return in_v2(directories, v1_name, v2_name) ? parts.v2 : parts.v1;
    };
    part("memory", "memory").memory = resources.memory;
    if (resources.cpu) split_cpu(*resources.cpu, directories, parts);
    part("pids", "pids").pids = resources.pids;
    part("blkio", "io").block_io = resources.block_io;
    part("hugetlb", "hugetlb").hugepage_limits = resources.hugepage_limits;
    // Only cgroup v1 has it; on a host with v2 the planner reports that.
    part("net_cls", "").network = resources.network;
    part("rdma", "rdma").rdma = resources.rdma;
    parts.v2.unified = resources.unified;
    return parts;
}

bool takes(const CgroupDirectory& directory, const CgroupWrite& write, bool unified) {
    if (directory.place.unified != unified) return false;
    // Every cgroup has "cgroup.max.depth" and the like.
    if (unified && write.controller == "cgroup") return true;
    return has_controller(directory.place, write.controller);
}

// On v2 init is born in its cgroup, and clone3(2) counts it: with a limit of 0 it would fail, and
// with a limit of 1 too while a helper keeps systemd's unit alive.
bool is_late(const CgroupWrite& write, bool unified) {
    return unified && write.file == "pids.max" && (write.value == "0" || write.value == "1");
}

Status place_writes(std::vector<CgroupWrite> writes, bool unified, Directories& directories) {
    for (CgroupWrite& write : writes) {
        const auto found =
            std::find_if(directories.begin(), directories.end(),
                         [&](const CgroupDirectory& one) { return takes(one, write, unified); });
        const bool is_no_limit = write.when_missing == WhenMissing::skip;
        if (found == directories.end() && is_no_limit) continue;
        if (found == directories.end()) {
            return fail_at(write.origin,
                           format("invalid configuration for this host: it has no {} controller in "
                                  "cgroup {} (for {})",
                                  write.controller, unified ? "v2" : "v1", write.file));
        }
        // It was asked for, so the container must not do without.
        found->required = true;
        std::vector<CgroupWrite>& list =
            is_late(write, unified) ? found->late_writes : found->writes;
        list.push_back(std::move(write));
    }
    return {};
}

void add_usage_check(const spec::Memory& memory, Directories& directories) {
    if (!memory.check_before_update.value_or(false)) return;
    UsageCheck check{.memory = memory.limit, .memory_and_swap = memory.swap};
    if (check.memory == -1) check.memory.reset();
    if (check.memory_and_swap == -1) check.memory_and_swap.reset();
    if (check == UsageCheck{}) return;
    for (CgroupDirectory& directory : directories)
        if (has_controller(directory.place, "memory")) directory.usage_check = check;
}

}  // namespace

std::string limit_or_max(int64_t limit) {
    return limit == -1 ? "max" : format("{}", limit);
}

void add_rdma(const spec::Resources& resources, std::vector<CgroupWrite>& all) {
    WriteList list("rdma", "/linux/resources/rdma");
    for (const auto& [device, limits] : resources.rdma) {
        std::string line = device;
        if (limits.hca_handles) line += format(" hca_handle={}", *limits.hca_handles);
        if (limits.hca_objects) line += format(" hca_object={}", *limits.hca_objects);
        list.add("rdma.max", std::move(line), pointer_part(device));
    }
    list.move_to(all);
}

void add_pids(const spec::Resources& resources, std::vector<CgroupWrite>& all) {
    if (!resources.pids || !resources.pids->limit) return;
    WriteList list("pids", "/linux/resources/pids");
    // With a limit of 0 as with 1, nothing can be forked; but the first process fits into 1.
    const int64_t limit = *resources.pids->limit == 0 ? 1 : *resources.pids->limit;
    CgroupWrite& write = list.add("pids.max", limit_or_max(limit), "/limit");
    if (*resources.pids->limit == -1) write.when_missing = WhenMissing::skip;
    list.move_to(all);
}

void add_cpuset(const spec::Cpu& cpu, std::vector<CgroupWrite>& all) {
    WriteList sets("cpuset", "/linux/resources/cpu");
    if (cpu.cpus) sets.add("cpuset.cpus", *cpu.cpus, "/cpus");
    if (cpu.mems) sets.add("cpuset.mems", *cpu.mems, "/mems");
    sets.move_to(all);
}

void add_idle(const spec::Cpu& cpu, WriteList& list) {
    if (!cpu.idle) return;
    CgroupWrite& write = list.add("cpu.idle", format("{}", *cpu.idle), "/idle");
    if (*cpu.idle == 0) write.when_missing = WhenMissing::skip;
}

void add_burst(const spec::Cpu& cpu, std::string_view file, WriteList& list) {
    if (!cpu.burst) return;
    CgroupWrite& write = list.add(file, format("{}", *cpu.burst), "/burst");
    if (*cpu.burst == 0) write.when_missing = WhenMissing::skip;
}

void add_hugepages(const spec::Resources& resources,
                   std::string_view limit_file,
                   std::vector<CgroupWrite>& all) {
    WriteList list("hugetlb", "/linux/resources/hugepageLimits");
    for (size_t i = 0; i < resources.hugepage_limits.size(); ++i) {
        const spec::HugepageLimit& limit = resources.hugepage_limits[i];
        const std::string value = format("{}", limit.limit);
        const std::string field = format("/{}", i);
        list.add(format("hugetlb.{}.rsvd.{}", limit.page_size, limit_file), value, field)
            .when_missing = WhenMissing::skip;
        list.add(format("hugetlb.{}.{}", limit.page_size, limit_file), value, field);
    }
    list.move_to(all);
}

bool quota_goes_first(const spec::Cpu& cpu, const PresentLimits& present) {
    return first_of_two(cpu.quota.value_or(0), cpu.period.value_or(0), present.cpu_quota,
                        present.cpu_period);
}

bool realtime_runtime_goes_first(const spec::Cpu& cpu, const PresentLimits& present) {
    return first_of_two(cpu.realtime_runtime.value_or(0), cpu.realtime_period.value_or(0),
                        present.realtime_runtime, present.realtime_period);
}

bool burst_goes_first(const spec::Cpu& cpu, const PresentLimits& present) {
    return cpu.burst && present.cpu_burst && *cpu.burst < *present.cpu_burst;
}

bool idle_goes_first(const spec::Cpu& cpu, const PresentLimits& present) {
    return present.cpu_idle && cpu.idle == 0;
}

Status check_against(const spec::Cpu& cpu, const PresentLimits& present) {
    const int64_t quota = cpu.quota.value_or(0);
    const uint64_t burst = present.cpu_burst.value_or(0);
    if (quota > 0 && !cpu.burst && burst > static_cast<uint64_t>(quota))
        return fail_at("/linux/resources/cpu/quota",
                       format("the quota is below the burst of {} that is set", burst),
                       "change the burst too");
    if (cpu.shares.value_or(0) != 0 && present.cpu_idle && cpu.idle.value_or(1) != 0)
        return fail_at("/linux/resources/cpu/shares", "an idle cgroup has no shares",
                       "set idle to 0 too");
    const int64_t present_quota = present.cpu_quota.value_or(-1);
    if (cpu.burst && quota == 0 && present_quota > 0 &&
        *cpu.burst > static_cast<uint64_t>(present_quota))
        return fail_at("/linux/resources/cpu/burst",
                       format("the burst is above the quota of {} that is set", present_quota),
                       "change the quota too");
    return {};
}

std::vector<Problem> limits_passed_over(const spec::Resources& resources,
                                        const std::vector<CgroupDirectory>& directories) {
    std::vector<Problem> warnings;
    if (!resources.memory || !in_v2(directories, "memory", "memory")) return warnings;
    const auto warn = [&](const std::optional<int64_t>& limit, const char* name) {
        if (limit.value_or(0) > 0)
            warnings.push_back(
                {.pointer = format("/linux/resources/memory/{}", name),
                 .what = "ignored: on cgroup v2 the kernel's memory counts in the limit of memory",
                 .hint = "",
                 .offset = {}});
    };
    warn(resources.memory->kernel, "kernel");
    warn(resources.memory->kernel_tcp, "kernelTCP");
    return warnings;
}

Status plan_limits(const spec::Resources& resources,
                   const PresentLimits& present,
                   std::vector<CgroupDirectory>& directories) {
    const Split parts = split_by_version(resources, directories);
    std::vector<CgroupWrite> v1_writes = TRY(plan_resources_v1(parts.v1, present));
    std::vector<CgroupWrite> v2_writes = TRY(plan_resources_v2(parts.v2, present));
    TRY(place_writes(std::move(v1_writes), false, directories));
    TRY(place_writes(std::move(v2_writes), true, directories));
    if (resources.memory) add_usage_check(*resources.memory, directories);
    return {};
}

}  // namespace sampan
