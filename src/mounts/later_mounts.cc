#include "mounts/later_mounts.h"

#include <fcntl.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "base/text.h"
#include "host/host.h"
#include "linux/kept_mounts.h"
#include "mounts/made_in_root.h"
#include "mounts/mounts.h"
#include "mounts/propagation.h"
#include "mounts/rootfs.h"
#include "os/file.h"
#include "os/path.h"
#include "spec/check.h"

namespace sampan {

namespace {

// They show the namespaces or the cgroup of whoever mounts them, and none of our processes is
// wholly in those of the container.
constexpr std::array<std::string_view, 6> never_later{"proc",    "sysfs",  "cgroup",
                                                      "cgroup2", "mqueue", "devpts"};

bool is_in_memory(std::string_view type) {
    return type == "tmpfs" || type == "ramfs";
}

class LaterPlanner {
  public:
    LaterPlanner(const Spec& spec, MountPlan plan)
        : spec_(spec),
          own_user_namespace_(spec::find_namespace(spec, spec::NamespaceType::user) != nullptr) {
        later_.sources = std::move(plan.sources);
        later_.finish = std::move(plan.pivot);
        later_.warnings = std::move(plan.warnings);
        for (const OpenSource& source : later_.sources)
            next_slot_ = std::max(next_slot_, source.slot + 1);
    }

    Status add(BindMount step);
    Status add(MountFilesystem step);
    Status add(const Remount&) const { return failf("a remount changes what is there already"); }
    Status add(const MountCgroup&) const { return refuse_type("cgroup"); }
    LaterMounts take() { return std::move(later_); }

  private:
    [[nodiscard]] Status refuse_type(std::string_view type) const {
        return failf(
            "a {} shows the namespaces of the process that mounts it, so it cannot be "
            "added to a container",
            type);
    }

    const Spec& spec_;
    bool own_user_namespace_;
    LaterMounts later_;
    size_t next_slot_ = root_source_slot + 1;
};

Status LaterPlanner::add(BindMount step) {
    if (!step.stands_in_for.empty()) return refuse_type(step.stands_in_for);
    if (step.source_link == SourceLink::copy)
        return failf("copy-symlink mounts nothing, and cannot be undone");
    if (step.source_slot < 0) {
        step.source_slot = static_cast<int>(next_slot_);
        const Propagation cut_off =
            std::exchange(step.propagation, std::nullopt).value_or(initial_propagation(spec_));
        later_.sources.push_back(
            {.origin = step.origin,
             .source = step.source,
             .destination = step.destination,
             .view = own_user_namespace_ ? SourceView::container : SourceView::host,
             .bind = step.bind,
             .source_link = step.source_link,
             .propagation = cut_off,
             .slot = next_slot_++});
    }
    later_.setup.emplace_back(std::move(step));
    return {};
}

Status LaterPlanner::add(MountFilesystem step) {
    if (std::ranges::find(never_later, step.type) != never_later.end())
        return refuse_type(step.type);
    if (step.copy_up || step.tmp_upper || (step.superblock_set & MS_I_VERSION) != 0)
        return failf("tmpcopyup, tmpupper and iversion are for the mounts of config.json");
    if (own_user_namespace_ && !is_in_memory(step.type))
        return failf(
            "to a container with a user namespace, binds and tmpfs can be added, and no {}",
            step.type);
    if (step.made_slot < 0) {
        step.made_slot = static_cast<int>(next_slot_);
        later_.sources.push_back(
            {.origin = step.origin,
             .source = format("{} for {}", step.type, step.destination),
             .view = own_user_namespace_ ? SourceView::container : SourceView::host,
             .filesystem = request_of(step),
             .slot = next_slot_++});
    }
    later_.setup.emplace_back(std::move(step));
    return {};
}

int slot_of(const BindMount& step) {
    return step.source_slot;
}

int slot_of(const MountFilesystem& step) {
    return step.made_slot;
}

// What is made in the root for the new mounts.
class MadeHere {
  public:
    explicit MadeHere(Context& context) {
        made_ = foresee_made("/");
        if (!made_) return;
        std::vector<MadeFile>& files = made_->files;
        context.made_log = MadeLog{.before =
                                       [&files](MadeKind kind, const std::string& path) {
                                           files.push_back({kind, path, {}});
                                           return Status();
                                       },
                                   .after =
                                       [&files](const std::optional<FileIdentity>& made) {
                                           if (made)
                                               files.back().identity = *made;
                                           else
                                               files.pop_back();
                                           return Status();
                                       }};
    }
    void undo() {
        if (made_) (void)undo_made(*made_, "/", Undo::everything);
    }

  private:
    std::optional<MadeInRoot> made_;
};

Status carry_out_later(const LaterMounts& mounts, Context& context) {
    for (const LaterMounts::Step& step : mounts.setup)
        TRY(std::visit(
            [&context](const auto& one) {
                return apply(one, context).in(describe(one)).at(one.origin);
            },
            step));
    for (const MakeReadonly& step : mounts.finish)
        TRY(apply(step, context).in(describe(step)).at(step.origin));
    return {};
}

}  // namespace

Result<LaterMounts> plan_later_mounts(const Spec& spec,
                                      const Host& host,
                                      const std::string& bundle) {
    if (!has_mount_namespace(spec))
        return fail(
            "the container has no mount namespace of its own: what is mounted there stays "
            "on the host");
    for (size_t i = 0; i < spec.mounts.size(); ++i)
        if (clean_path(spec.mounts[i].destination) == "/")
            return fail_at(format("/mounts/{}/destination", i), "the root cannot be covered later");
    MountPlan plan = TRY(plan_mounts(spec, host, bundle));
    std::vector<MountStep> setup = std::move(plan.setup);
    LaterPlanner planner(spec, std::move(plan));
    for (MountStep& step : setup)
        TRY(std::visit(
            [&planner](auto& one) {
                const std::string origin = one.origin;
                return planner.add(std::move(one)).at(origin);
            },
            step));
    return planner.take();
}

Status add_later(const LaterMounts& mounts, Context& context) {
    // The descriptors of the mounts are used up one by one.
    std::vector<Fd> attached;
    for (const Fd& source : context.sources)
        attached.emplace_back(source.valid() ? ::fcntl(source.get(), F_DUPFD_CLOEXEC, 3) : -1);
    MadeHere made(context);
    Status done = carry_out_later(mounts, context);
    if (done) return done;
    context.sources = std::move(attached);
    remove_attached(context);
    made.undo();
    return done;
}

void remove_attached(const Context& context) {
    for (size_t i = context.sources.size(); i-- > 0;)
        // It is not attached if that fails.
        if (context.sources[i].valid())
            (void)unmount_by(context.proc.get(), context.sources[i].get());
}

Result<std::vector<AddedMount>> foresee_added(const LaterMounts& mounts,
                                              const std::vector<Fd>& sources) {
    std::vector<AddedMount> added;
    for (const LaterMounts::Step& step : mounts.setup) {
        const int slot = std::visit([](const auto& one) { return slot_of(one); }, step);
        const std::string& destination =
            std::visit([](const auto& one) -> const std::string& { return one.destination; }, step);
        added.push_back({clean_path(destination), TRY(identify_mount(sources[slot].get()))});
    }
    return added;
}

}  // namespace sampan
