#include "launch/inner_sources.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <cerrno>

#include "base/text.h"
#include "os/beside.h"
#include "os/file.h"
#include "os/namespaces.h"

namespace sampan {

namespace {

// A mount namespace, and the root that a process has in it.
struct View {
    Fd mounts;
    Fd root;

    static Result<View> of(int proc, const std::string& process) {
        return View{TRY(open_at(proc, process + "/ns/mnt", O_RDONLY)),
                    TRY(open_at(proc, process + "/root", O_PATH | O_DIRECTORY))};
    }
    [[nodiscard]] Status enter() const {
        TRY(join_namespace(mounts.get(), CLONE_NEWNS));
        if (::fchdir(root.get()) < 0) return fail_errno("entering a root");
        if (::chroot(".") < 0) return fail_errno("chroot");
        return {};
    }
};

struct Views {
    View ours;
    View inner;
};

bool has_restrictions(int mount) {
    struct statvfs facts {};
    constexpr unsigned long restrictions = ST_RDONLY | ST_NOSUID | ST_NODEV | ST_NOEXEC;
    return ::fstatvfs(mount, &facts) < 0 || (facts.f_flag & restrictions) != 0;
}

// The kernel uncovers nothing for a user namespace, so "bind" fails there if something is mounted
// below the source. config.json may ask for it all the same, so the host's mount is taken; unless
// it has restrictions, which would not be locked then.
Status open_uncovered(const OpenSource& source, const Views& views, Context& context) {
    TRY(views.ours.enter());
    TRY(apply(source, context));
    Fd& opened = context.sources[source.slot];
    if (has_restrictions(opened.get())) opened.reset();
    return views.inner.enter();
}

Status open_source(const OpenSource& source, const Views& views, Context& context) {
    Status opened = apply(source, context);
    if (opened || opened.error().code() != EINVAL || source.bind != Binding::one_mount)
        return opened;
    TRY(open_uncovered(source, views, context));
    if (context.sources[source.slot].valid()) return {};
    return opened;
}

// Walks a phase of sources inside.
class Opener {
  public:
    Opener(const Views& views, Context& context, Sync& to_init)
        : views_(views), context_(context), to_init_(to_init) {}

    Status apply(const OpenSource& step) {
        TRY(open_source(step, views_, context_).in(describe(step)).at(step.origin));
        Fd& opened = context_.sources[step.slot];
        TRY(to_init_.send(MessageType::source, static_cast<int32_t>(step.slot), opened.get()));
        opened.reset();
        return {};
    }

  private:
    const Views& views_;
    Context& context_;
    Sync& to_init_;
};

Status open_and_send(const Phase& phase, int proc, pid_t init, Sync& to_init) {
    const Views views{TRY(View::of(proc, "self")), TRY(View::of(proc, format("{}", init)))};
    TRY(views.inner.enter().in("entering the container's mount namespace"));
    Context context;
    context.proc = Fd(::fcntl(proc, F_DUPFD_CLOEXEC, 3));
    if (!context.proc.valid()) return fail_errno("duplicating a descriptor");
    Opener opener(views, context, to_init);
    return walk(phase, opener);
}

}  // namespace

Status send_inner_sources(const Phase& phase, int proc, pid_t init, Sync& to_init) {
    return run_beside("opens sources of mounts in the container",
                      [&] { return open_and_send(phase, proc, init, to_init); });
}

Status receive_inner_source(const TakeSource& step, Context& context, Sync& from_supervisor) {
    Heard heard = TRY(from_supervisor.expect(MessageType::source));
    if (heard.value != static_cast<int32_t>(step.slot))
        return failf("source {} came instead of {}", heard.value, step.slot);
    if (context.sources.size() <= step.slot) context.sources.resize(step.slot + 1);
    context.sources[step.slot] = std::move(heard.fd);
    return {};
}

}  // namespace sampan
