#include "cli/inspect_text.h"

#include "base/text.h"
#include "spec/locate.h"
#include "spec/tables.h"

namespace sampan {

namespace {

// Sections with lines "  name   value". Everything of the container is escaped.
class Page {
  public:
    void section(std::string_view title) {
        text_ += format("{}{}\n", text_.empty() ? "" : "\n", title);
    }
    void line(std::string_view name, std::string_view value) {
        constexpr size_t column = 20;
        std::string left = "  " + escape_text(name);
        left.append(left.size() < column ? column - left.size() : 1, ' ');
        text_ += left + escape_text(value) + "\n";
    }
    void number(std::string_view name, const auto& value, std::string_view unit = "") {
        if (value) line(name, format("{}{}", *value, unit));
    }
    void list(std::string_view name, const std::vector<std::string>& words) {
        line(name, words.empty() ? "none" : join(words, " "));
    }
    std::string take() { return std::move(text_); }

  private:
    std::string text_;
};

std::string limit_text(int64_t limit) {
    return limit == -1 ? "no limit" : format("{}", limit);
}

std::string quote_words(const std::vector<std::string>& words) {
    std::vector<std::string> quoted;
    for (const std::string& word : words)
        quoted.push_back(format("\"{}\"", word));
    return join(quoted, " ");
}

void put_container(Page& page, const Container& container, const Spec& found) {
    const Record& record = container.record;
    page.section(format("container {}", escape_text(record.id)));
    page.line("status", format("{}, pid {}", spec::name_of(container.status), record.pid));
    page.line("bundle", record.bundle);
    page.line("created", record.created);
    if (found.hostname) page.line("hostname", *found.hostname);
    if (found.domainname) page.line("domainname", *found.domainname);
}

void put_user(Page& page, const spec::User& user) {
    page.line("user", format("{}", user.uid));
    page.line("group", format("{}", user.gid));
    std::vector<std::string> groups;
    for (const uint32_t group : user.additional_gids)
        groups.push_back(format("{}", group));
    page.list("more groups", groups);
    if (user.umask) page.line("umask", format("{:04o}", *user.umask));
}

void put_capabilities(Page& page, const spec::Capabilities& sets) {
    page.section("capabilities");
    page.list("effective", sets.effective);
    page.list("permitted", sets.permitted);
    page.list("inheritable", sets.inheritable);
    page.list("bounding", sets.bounding);
    page.list("ambient", sets.ambient);
}

std::string seccomp_text(const Observed& observed) {
    if (observed.seccomp_mode == 0) return "no filter";
    if (observed.seccomp_mode == 1) return "strict";
    const uint32_t count = observed.seccomp_filters.value_or(1);
    return format("{} filter{}", count, count == 1 ? "" : "s");
}

std::string scheduler_text(const spec::Scheduler& scheduler) {
    std::string text(spec::name_of(scheduler.policy));
    if (scheduler.nice) text += format(", nice {}", *scheduler.nice);
    if (scheduler.priority.value_or(0) != 0) text += format(", priority {}", *scheduler.priority);
    if (scheduler.runtime)
        text += format(", {} ns before {} ns of every {} ns", *scheduler.runtime,
                       scheduler.deadline.value_or(0), scheduler.period.value_or(0));
    return text;
}

void put_process(Page& page, const Observed& observed) {
    const spec::Process& process = *observed.spec.process;
    page.section("process");
    page.line("arguments", quote_words(process.args));
    page.line("working directory", process.cwd);
    put_user(page, process.user);
    page.line("terminal", process.terminal ? "yes" : "no");
    page.line("no new privileges", process.no_new_privileges ? "yes" : "no");
    if (observed.seccomp_mode) page.line("seccomp", seccomp_text(observed));
    page.number("oom_score_adj", process.oom_score_adj);
    if (process.scheduler) page.line("scheduling", scheduler_text(*process.scheduler));
    if (process.io_priority)
        page.line("I/O priority", format("{} {}", spec::name_of(process.io_priority->class_),
                                         process.io_priority->priority));
    put_capabilities(page, *process.capabilities);
    page.section("environment");
    for (const std::string& variable : process.env) {
        const size_t sign = variable.find('=');
        page.line(variable.substr(0, sign),
                  sign == std::string::npos ? "" : std::string_view(variable).substr(sign + 1));
    }
}

std::string rlimit_text(uint64_t value) {
    return value == ~uint64_t{0} ? "unlimited" : format("{}", value);
}

void put_rlimits(Page& page, const std::vector<spec::Rlimit>& rlimits) {
    page.section("limits of the process");
    for (const spec::Rlimit& limit : rlimits)
        page.line(spec::name_of(limit.type),
                  format("{}, hard {}", rlimit_text(limit.soft), rlimit_text(limit.hard)));
}

void put_cpu(Page& page, const spec::Cpu& cpu) {
    page.number("CPU shares", cpu.shares);
    if (cpu.quota)
        page.line("CPU quota", *cpu.quota == -1 ? "no limit"
                                                : format("{} us of every {} us", *cpu.quota,
                                                         cpu.period.value_or(0)));
    page.number("CPU burst", cpu.burst, " us");
    if (cpu.cpus) page.line("CPUs", *cpu.cpus);
    if (cpu.mems) page.line("memory nodes", *cpu.mems);
}

void put_resources(Page& page, const Observed& observed, const CgroupRecord& cgroup) {
    page.section("cgroup");
    for (const CgroupPlace& place : cgroup.places)
        page.line(place.unified ? "cgroup v2" : join(place.controllers, ","), directory_of(place));
    const spec::Resources& limits = *observed.spec.linux_->resources;
    const auto limit = [&page](std::string_view name, const std::optional<int64_t>& value) {
        if (value) page.line(name, limit_text(*value));
    };
    if (limits.memory) {
        limit("memory limit", limits.memory->limit);
        limit("memory and swap", limits.memory->swap);
        limit("reservation", limits.memory->reservation);
    }
    if (limits.pids) limit("processes limit", limits.pids->limit);
    if (limits.cpu) put_cpu(page, *limits.cpu);
    for (const auto& [file, value] : limits.unified)
        page.line(file, value);
    page.number("memory in use", observed.usage.memory);
    page.number("memory at most", observed.usage.memory_peak);
    page.number("processes", observed.usage.processes);
    page.number("CPU time", observed.usage.cpu, " us");
}

void put_namespaces(Page& page, const Observed& observed) {
    page.section("namespaces");
    for (const ObservedNamespace& one : observed.namespaces)
        page.line(spec::name_of(one.type),
                  format("{}{}{}", one.inode, one.ours ? ", shared with the caller" : "",
                         one.recorded ? "" : ", not the one it was created with"));
    const auto put_map = [&page](std::string_view name, const std::vector<spec::IdMapping>& map) {
        for (const spec::IdMapping& line : map)
            page.line(name,
                      format("{} is {}, {} of them", line.container_id, line.host_id, line.size));
    };
    put_map("user ids", observed.spec.linux_->uid_mappings);
    put_map("group ids", observed.spec.linux_->gid_mappings);
}

void put_mounts(Page& page, const Observed& observed) {
    page.section("mounts");
    for (const ObservedMount& mount : observed.mounts) {
        const spec::Mount shown = as_config_mount(mount);
        page.line(mount.point, format("{} {}{}({})", mount.type, shown.source.value_or(""),
                                      shown.source ? " " : "", join(shown.options, ",")));
    }
    const spec::Linux& found = *observed.spec.linux_;
    if (!found.masked_paths.empty()) page.list("masked", found.masked_paths);
    if (!found.readonly_paths.empty()) page.list("read-only", found.readonly_paths);
}

}  // namespace

std::string describe(const Container& container, const Observed& observed) {
    Page page;
    put_container(page, container, observed.spec);
    put_process(page, observed);
    put_rlimits(page, observed.spec.process->rlimits);
    put_resources(page, observed, container.record.cgroup);
    put_namespaces(page, observed);
    put_mounts(page, observed);
    if (!observed.spec.linux_->sysctl.empty()) page.section("sysctl");
    for (const auto& [key, value] : observed.spec.linux_->sysctl)
        page.line(key, value);
    return page.take();
}

}  // namespace sampan
