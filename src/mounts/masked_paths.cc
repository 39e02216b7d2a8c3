#include "mounts/masked_paths.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include <cerrno>
#include <climits>
#include <set>
#include <string_view>

#include "base/text.h"
#include "linux/kept_mounts.h"
#include "mounts/filesystem.h"
#include "mounts/propagation.h"
#include "os/file.h"
#include "os/mount_api.h"
#include "os/path.h"

namespace sampan {

namespace {

// Opens the path. Nothing if it does not exist; that includes paths in a circle, and names that are
// too long for any file, which lead nowhere inside either. To look first is hundreds of times
// cheaper than a mount that fails, and most profiles mask files that most kernels do not have.
Result<Fd> find(const Tree& tree, const std::string& path) {
    Result<Fd> found = open_in(tree, path, O_PATH);
    if (found) return found;
    const int code = found.error().code();
    if (code == ENOENT || code == ENOTDIR) return Fd();
    // A longer path can be walked in steps.
    if (code == ENAMETOOLONG && path.size() < PATH_MAX) return Fd();
    if (code != ELOOP) return found;
    if (!TRY(has_magic_link(tree, path))) return Fd();
    return failf("{} leads through a magic link of a procfs, to another file for each process",
                 tree.mounted_on + path)
        .hint("mask the files themselves, or leave the path out");
}

struct Targets {
    Fd ours;   // below our mount through which the path leads, wherever that is by now
    Fd shown;  // what the path shows now, if that is something else
};

// The second one is for a path with a link of the image, which may have put another mount over
// ours.
Result<Targets> find_targets(const Context& context, const std::string& path) {
    Targets targets{.ours = TRY(look_up(context, path, find)),
                    .shown = TRY(find({context.root.get()}, path))};
    if (!targets.ours.valid()) targets.ours = std::move(targets.shown);
    if (!targets.shown.valid()) return targets;
    if (TRY(place_of_fd(targets.ours.get())) == TRY(place_of_fd(targets.shown.get())))
        targets.shown.reset();
    return targets;
}

Result<Fd> copy_null() {
    const Fd null = TRY(open_at(cwd, "/dev/null", O_PATH | O_NOFOLLOW).in("on the host"));
    const struct stat facts = TRY(stat_of(null.get()));
    if (!S_ISCHR(facts.st_mode) || facts.st_rdev != makedev(1, 3))
        return failf("/dev/null of the host is not the null device");
    Fd copy = TRY(clone_tree(null.get(), "", AT_EMPTY_PATH));
    TRY(change_propagation(copy.get(), no_propagation));
    return copy;
}

// The first folder gets the file system itself, the others get copies: a mount can be copied once
// it is attached (open_tree(2); earlier only since Linux 6.15).
Status mask_folder(int folder, const std::string& label, Context& context) {
    if (context.empty_folder.valid()) {
        const Fd copy = TRY(clone_tree(context.empty_folder.get(), "", AT_EMPTY_PATH));
        TRY(change_propagation(copy.get(), no_propagation));
        return attach_mount(copy.get(), folder);
    }
    FilesystemRequest request{
        .type = "tmpfs",
        .data = {"mode=755", "nr_blocks=1", "nr_inodes=1"},
        .attributes = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC};
    if (!label.empty()) request.data.push_back(label);
    Fd empty = TRY(make_filesystem(request));
    TRY(attach_mount(empty.get(), folder));
    context.empty_folder = std::move(empty);
    return {};
}

Status mask(int target, const std::string& label, Context& context) {
    if (S_ISDIR(TRY(stat_of(target)).st_mode)) return mask_folder(target, label, context);
    const Fd null = TRY(copy_null());
    return attach_mount(null.get(), target);
}

Result<Fd> copy_readonly(int target) {
    Fd copy = TRY(clone_tree(target, "", AT_EMPTY_PATH | AT_RECURSIVE));
    TRY(change_mount(copy.get(), MountAttributes{.set = MOUNT_ATTR_RDONLY}, Reach::whole_tree));
    return copy;
}

}  // namespace

std::vector<PathStep> plan_masked_paths(const Spec& spec, const std::string& label) {
    std::vector<PathStep> steps;
    if (!spec.linux_) return steps;
    // Read-only first: if a masked path is inside a read-only one, its mask is on top.
    const std::vector<std::string>& readonly = spec.linux_->readonly_paths;
    for (size_t i = 0; i < readonly.size(); ++i)
        steps.emplace_back(MakePathReadonly{format("/linux/readonlyPaths/{}", i), readonly[i]});
    const std::vector<std::string>& masked = spec.linux_->masked_paths;
    std::set<std::string_view> seen;  // each is masked once, however often it is listed
    for (size_t i = 0; i < masked.size(); ++i)
        if (seen.insert(masked[i]).second)
            steps.emplace_back(MaskPath{format("/linux/maskedPaths/{}", i), masked[i], label});
    return steps;
}

std::string describe(const MaskPath& step) {
    return format("mask {}{}", step.path, step.label.empty() ? "" : format(" ({})", step.label));
}

std::string describe(const MakePathReadonly& step) {
    return format("make {} read-only", step.path);
}

Status apply(const MaskPath& step, Context& context) {
    const Targets targets = TRY(find_targets(context, step.path));
    for (const Fd* target : {&targets.ours, &targets.shown})
        if (target->valid()) TRY(mask(target->get(), step.label, context));
    return {};
}

// Kept, so that a mask below it is put on the copy, not on what it covers.
Status apply(const MakePathReadonly& step, Context& context) {
    const Targets targets = TRY(find_targets(context, step.path));
    if (targets.shown.valid()) {
        const Fd copy = TRY(copy_readonly(targets.shown.get()));
        TRY(attach_mount(copy.get(), targets.shown.get()));
    }
    if (!targets.ours.valid()) return {};
    const Fd copy = TRY(copy_readonly(targets.ours.get()));
    return attach_and_keep(context, copy.get(), targets.ours.get(), clean_path(step.path));
}

}  // namespace sampan
