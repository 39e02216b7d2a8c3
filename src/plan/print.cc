#include <sched.h>

#include <algorithm>

#include "base/text.h"
#include "mounts/notify_mount.h"
#include "plan/plan.h"

namespace sampan {

namespace {

class Printer {
  public:
    void chapter(std::string_view title) { chapter_ = title; }
    void line(std::string_view text, std::string_view origin = "") {
        if (!chapter_.empty()) text_ += format("{}{}\n", text_.empty() ? "" : "\n", chapter_);
        chapter_ = {};
        text_ += format("  {}", text);
        if (!origin.empty()) text_ += format("    ({})", origin);
        text_ += '\n';
    }
    void actions(const std::vector<Action>& actions) {
        for (const Action& action : actions)
            line(describe(action), origin_of(action));
    }
    void hooks(const std::vector<spec::Hook>& hooks, std::string_view kind) {
        for (size_t i = 0; i < hooks.size(); ++i)
            line(format("run the {} hook {}", kind, hooks[i].path),
                 format("/hooks/{}/{}", kind, i));
    }
    std::string take() && { return std::move(text_); }

  private:
    std::string text_;
    std::string_view chapter_;  // not printed before it has a line
};

void print_outside(const Plan& plan, Printer& out) {
    out.chapter("before the clone");
    for (const std::string& text : describe(plan.cgroup))
        out.line(text);
    if (plan.rdt_group) out.line(describe(*plan.rdt_group), plan.rdt_group->origin);
    for (const JoinNamespace& join : plan.namespaces.joins)
        out.line(describe(join), join.origin);
    if (!plan.notify_folder.empty())
        out.line(format("make {} for the socket of sd_notify(3)", plan.notify_folder));
    for (const OpenSource& source : plan.sources)
        out.line(describe(source), source.origin);
    if (plan.seccomp) out.line("compile the seccomp filter", "/linux/seccomp");
    out.chapter("clone");
    const std::string fresh = describe_new_namespaces(plan.namespaces.new_types);
    out.line(fresh.empty() ? "init, in our own namespaces" : format("init, with {}", fresh));
    out.chapter("outside, while init waits");
    if (plan.id_maps) out.line(describe(*plan.id_maps), plan.id_maps->origin);
    for (const MoveNetDevice& device : plan.net_devices)
        out.line(describe(device), device.origin);
    for (const OpenSource& source : plan.inner_sources)
        out.line(describe(source), source.origin);
    if (plan.process.oom_score_adj)
        out.line(describe(*plan.process.oom_score_adj), plan.process.oom_score_adj->origin);
    out.hooks(plan.hooks.prestart, "prestart");
    out.hooks(plan.hooks.create_runtime, "createRuntime");
}

void print_start(const Plan& plan, Printer& out) {
    out.chapter("the last steps");
    if (plan.process.scheduler)
        out.line(describe(*plan.process.scheduler), plan.process.scheduler->origin);
    if (plan.process.io_priority)
        out.line(describe(*plan.process.io_priority), plan.process.io_priority->origin);
    for (const SetRlimit& limit : plan.process.rlimits)
        out.line(describe(limit), limit.origin);
    for (const WriteLabel& label : plan.process.labels)
        out.line(describe(label), label.origin);
    if (plan.process.program) out.line(describe(plan.process.credentials), "/process");
    out.line("wait for start");
    out.hooks(plan.hooks.start_container, "startContainer");
    for (const SetRlimit& limit : plan.process.late_rlimits)
        out.line(describe(limit), limit.origin);
    if (plan.seccomp) out.line("load the seccomp filter", "/linux/seccomp");
    if (plan.process.program && !plan.process.program->args.empty())
        out.line(format("execute {}", join(plan.process.program->args, " ")), "/process/args");
    out.hooks(plan.hooks.poststart, "poststart");
    if (!plan.notify_folder.empty())
        out.line(format("pass READY=1 of {} on to the service manager", notify_destination));
}

}  // namespace

std::string print_plan(const Plan& plan) {
    Printer out;
    print_outside(plan, out);
    out.chapter("inside, the old root visible");
    if (plan.time_offsets) out.line(describe(*plan.time_offsets), plan.time_offsets->origin);
    out.actions(plan.setup);
    out.hooks(plan.hooks.create_container, "createContainer");
    out.chapter("inside, changing the root");
    out.actions(plan.pivot);
    out.chapter("inside, in the new root");
    out.actions(plan.seal);
    print_start(plan, out);
    out.chapter("at the end, by delete");
    if (!plan.namespaces.separate(CLONE_NEWNS))
        out.line("unmount what was mounted below the root file system");
    out.hooks(plan.hooks.poststop, "poststop");
    return std::move(out).take();
}

}  // namespace sampan
