#include "mounts/console.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>

#include <cerrno>

#include "base/text.h"
#include "linux/kept_mounts.h"
#include "mounts/propagation.h"
#include "mounts/rootfs.h"
#include "os/file.h"
#include "os/mount_api.h"
#include "os/path.h"

namespace sampan {

namespace {

// Checked before it is opened: to open a device of the image may have any effect, and another
// device with these numbers would give a terminal of another devpts.
Result<Fd> open_multiplexer(const Context& context) {
    Result<Fd> found = find_in_container(context, "/dev/pts/ptmx", 0);
    if (!found) {
        found.error().set_hint("a terminal needs a mount of type devpts on /dev/pts");
        return found;
    }
    struct statfs facts {};
    if (::fstatfs(found->get(), &facts) < 0) return fail_errno("looking at /dev/pts/ptmx");
    const struct stat node = TRY(stat_of(found->get()));
    if (facts.f_type != DEVPTS_SUPER_MAGIC || !S_ISCHR(node.st_mode) ||
        node.st_rdev != makedev(5, 2))
        return failf("/dev/pts/ptmx in the root is not that of a devpts");
    return open_at(context.proc.get(), format("self/fd/{}", found->get()), O_RDWR | O_NOCTTY)
        .in("/dev/pts/ptmx in the root");
}

}  // namespace

std::vector<ConsoleStep> plan_exec_console(const spec::Process& process) {
    if (!process.terminal) return {};
    return {OpenConsole{.origin = "/process/terminal", .size = process.console_size}};
}

std::vector<ConsoleStep> plan_console(const Spec& spec) {
    if (!spec.process) return {};
    std::vector<ConsoleStep> steps = plan_exec_console(*spec.process);
    if (!steps.empty() && has_mount_namespace(spec))
        steps.emplace_back(BindConsole{.origin = "/process/terminal"});
    return steps;
}

std::string describe(const OpenConsole& step) {
    return step.size ? format("open a terminal of {}x{}", step.size->width, step.size->height)
                     : "open a terminal";
}

std::string describe(const BindConsole&) {
    return "bind the terminal on /dev/console";
}

Status apply(const OpenConsole& step, Context& context) {
    Fd console = TRY(open_multiplexer(context));
    int unlocked = 0;
    if (::ioctl(console.get(), TIOCSPTLCK, &unlocked) < 0)
        return fail_errno("unlocking the terminal");
    if (step.size) {
        const winsize size{.ws_row = static_cast<unsigned short>(step.size->height),
                           .ws_col = static_cast<unsigned short>(step.size->width)};
        if (::ioctl(console.get(), TIOCSWINSZ, &size) < 0)
            return fail_errno("setting the size of the terminal");
    }
    Fd peer(::ioctl(console.get(), TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC));
    if (!peer.valid()) return fail_errno("opening the other side of the terminal");
    context.console = std::move(console);
    context.console_peer = std::move(peer);
    return {};
}

Status apply(const BindConsole&, Context& context) {
    const Fd copy = TRY(clone_tree(context.console_peer.get(), "", AT_EMPTY_PATH));
    TRY(change_propagation(copy.get(), no_propagation));
    const ParentAndName place = TRY(make_parent_in_container(context, "/dev/console"));
    const Fd console = TRY(open_or_make_file(place, 0620));
    const struct stat facts = TRY(stat_of(console.get()));
    if (!S_ISREG(facts.st_mode) && !S_ISCHR(facts.st_mode))
        return failf("/dev/console in the root is neither a file nor a device");
    return attach_mount(copy.get(), console.get());
}

}  // namespace sampan
