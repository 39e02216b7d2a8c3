#include "os/remount.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include <array>
#include <set>

#include "base/carried_error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/mount_aside.h"
#include "os/mountinfo.h"
#include "os/path.h"
#include "os/procfs.h"

namespace sampan {

namespace {

// The kernel has three numbers for each attribute: that of mount_setattr(2), that of mount(2), and
// the one that statfs(2) shows.
struct AttributeNumbers {
    uint64_t attribute;
    unsigned long flag;
    long shown;
};
constexpr unsigned long ms_nosymfollow = 256;  // not in glibc 2.36
constexpr std::array<AttributeNumbers, 6> all_attributes{{
    {MOUNT_ATTR_RDONLY, MS_RDONLY, 0x1},
    {MOUNT_ATTR_NOSUID, MS_NOSUID, 0x2},
    {MOUNT_ATTR_NODEV, MS_NODEV, 0x4},
    {MOUNT_ATTR_NOEXEC, MS_NOEXEC, 0x8},
    {MOUNT_ATTR_NODIRATIME, MS_NODIRATIME, 0x800},
    {MOUNT_ATTR_NOSYMFOLLOW, ms_nosymfollow, 0x2000},
}};
constexpr long shown_noatime = 0x400;
constexpr long shown_relatime = 0x1000;

// MOUNT_ATTR_RELATIME is 0.
uint64_t attributes_of(long shown) {
    uint64_t attributes = 0;
    for (const AttributeNumbers& one : all_attributes)
        if ((shown & one.shown) != 0) attributes |= one.attribute;
    if ((shown & shown_noatime) != 0) return attributes | MOUNT_ATTR_NOATIME;
    return (shown & shown_relatime) != 0 ? attributes : attributes | MOUNT_ATTR_STRICTATIME;
}

// One of the three for access times is always given: without, the kernel would take "relatime".
unsigned long flags_of(uint64_t attributes) {
    unsigned long flags = 0;
    for (const AttributeNumbers& one : all_attributes)
        if ((attributes & one.attribute) != 0) flags |= one.flag;
    const uint64_t access = attributes & MOUNT_ATTR__ATIME;
    return flags | (access == MOUNT_ATTR_NOATIME       ? MS_NOATIME
                    : access == MOUNT_ATTR_STRICTATIME ? MS_STRICTATIME
                                                       : MS_RELATIME);
}

Status check_known(const MountAttributes& attributes) {
    if ((attributes.set & MOUNT_ATTR_IDMAP) == 0) return {};
    return fail("this kernel has no ID-mapped mounts (mount_setattr, since Linux 5.12)", ENOSYS)
        .hint(
            "boot a newer kernel, or give the files the owners that the container needs and "
            "leave out the id mappings of the mount");
}

Result<long> shown_flags(int mount) {
    struct statfs facts {};
    if (::fstatfs(mount, &facts) < 0) return fail_errno("looking at the flags of the mount");
    return facts.f_flags;
}

// Changes mounts of our mount namespace, which it reaches by the working directory: mount(2) takes
// no descriptors.
class Remounter {
  public:
    // `proc` is a checked procfs, or -1.
    explicit Remounter(int proc) : proc_(proc) {}

    Status change(int mount, const MountAttributes& attributes) const {
        if (attributes.set != 0 || attributes.clear != 0) {
            const uint64_t now = attributes_of(TRY(shown_flags(mount)));
            const uint64_t wanted = (now & ~attributes.clear) | attributes.set;
            TRY(call(mount, MS_REMOUNT | MS_BIND | flags_of(wanted)));
            TRY(check(mount, attributes.set));
        }
        return {};
    }

    // The kernel itself reaches what is below.
    Status change_propagation(int mount, uint64_t kind, Reach reach) const {
        if (kind == 0) return {};
        return call(mount,
                    kind | (reach == Reach::whole_tree ? static_cast<unsigned long>(MS_REC) : 0UL));
    }

  private:
    // A folder is its own path ".", which needs no /proc; but we may have no right to enter it.
    Result<std::string> path_of(int mount) const {
        if (proc_ >= 0) {
            if (::fchdir(proc_) < 0) return fail_errno("entering /proc");
            return format("self/fd/{}", mount);
        }
        if (::fchdir(mount) < 0) return fail_errno("entering the mount");
        return ".";
    }

    Status call(int mount, unsigned long flags) const {
        const std::string path = TRY(path_of(mount));
        if (::mount(nullptr, path.c_str(), nullptr, flags, nullptr) < 0)
            return fail_errno("changing the attributes of the mount");
        return {};
    }

    // mount(2) silently ignores a flag that it does not know.
    static Status check(int mount, uint64_t set) {
        const uint64_t missing = set & ~MOUNT_ATTR__ATIME & ~attributes_of(TRY(shown_flags(mount)));
        if (missing == 0) return {};
        if (missing == MOUNT_ATTR_NOSYMFOLLOW)
            return failf("this kernel has no \"nosymfollow\" (since Linux 5.10)");
        return failf("the kernel has not set all attributes of the mount");
    }

    int proc_;
};

// The mounts below `mount`, each by a descriptor. What is hidden by another mount cannot be
// reached by a path.
Result<std::vector<Fd>> mounts_below(int mount, int proc) {
    std::vector<Fd> found;
    std::set<uint64_t> inside{TRY(place_of_fd(mount)).mount};
    for (const MountedPlace& place : TRY(read_mountinfo(proc))) {
        if (!inside.contains(place.parent)) continue;
        inside.insert(place.id);
        Fd below = TRY(open_at(cwd, place.point, O_PATH | O_NOFOLLOW));
        if (TRY(place_of_fd(below.get())).mount != place.id)
            return failf(
                "{} is hidden by another mount, where only mount_setattr (since Linux "
                "5.12) could change it",
                place.point);
        found.push_back(std::move(below));
    }
    return found;
}

Status change_all(int mount, const MountAttributes& attributes, Reach reach, int proc) {
    const Remounter remounter(proc);
    TRY(remounter.change(mount, attributes));
    if (reach == Reach::whole_tree && (attributes.set != 0 || attributes.clear != 0))
        for (const Fd& below : TRY(mounts_below(mount, proc)))
            TRY(remounter.change(below.get(), attributes));
    return remounter.change_propagation(mount, attributes.propagation, reach);
}

// Only a folder can cover the place that we have; for a file, one is made there.
Result<std::string> place_for(int mount, const char* place) {
    if (S_ISDIR(TRY(stat_of(mount)).st_mode)) return std::string(place);
    if (::mount("tmpfs", place, "tmpfs", 0, "mode=700,nr_inodes=4") < 0)
        return fail_errno("mounting a tmpfs");
    std::string file = format("{}/file", place);
    if (make_empty_file(cwd, file, 0600) < 0) return fail_errno("making a file to mount on");
    return file;
}

// Only folders can do without, and none with others below.
Result<bool> needs_proc(int mount, const MountAttributes& attributes, Reach reach) {
    if (reach == Reach::whole_tree && (attributes.set != 0 || attributes.clear != 0)) return true;
    return !S_ISDIR(TRY(stat_of(mount)).st_mode);
}

// What the process that changes a mount aside could not do.
class Failures {
  public:
    static Result<Failures> make() {
        Fd memory(::memfd_create("sampan-remount", MFD_CLOEXEC));
        if (!memory.valid()) return fail_errno("memfd_create");
        return Failures(std::move(memory));
    }
    Status put(const Error& error) const {
        return write_all(memory_.get(), pack_error(error, room));
    }
    [[nodiscard]] Status take() const {
        if (::lseek(memory_.get(), 0, SEEK_SET) < 0) return fail_errno("rewinding");
        const std::string text = TRY(read_all(memory_.get()));
        if (text.empty()) return {};
        return Failure(unpack_error(text));
    }

  private:
    static constexpr size_t room = 4000;
    explicit Failures(Fd memory) : memory_(std::move(memory)) {}
    Fd memory_;
};

// The mount vanishes with the place where it was changed. So there is a copy also if nothing could
// be changed: the caller may try something else.
Result<Fd> change_aside(int mount,
                        const MountAttributes& attributes,
                        Reach reach,
                        const Failures& failures) {
    return mount_aside([&](const char* place) -> Result<Fd> {
        Result<Fd> proc = open_proc();
        if (!proc && TRY(needs_proc(mount, attributes, reach))) return proc;
        const std::string where = TRY(place_for(mount, place));
        const Fd target = TRY(open_at(cwd, where, O_PATH));
        TRY(attach_mount(mount, target.get()));
        const Status changed = change_all(mount, attributes, reach, proc ? proc->get() : -1);
        if (!changed) TRY(failures.put(changed.error()));
        return clone_tree(mount, "", AT_EMPTY_PATH | AT_RECURSIVE);
    });
}

Status change_detached(int mount, const MountAttributes& attributes, Reach reach) {
    const Failures failures = TRY(Failures::make());
    const Fd copy = TRY(change_aside(mount, attributes, reach, failures));
    if (::dup3(copy.get(), mount, O_CLOEXEC) < 0) return fail_errno("keeping the changed mount");
    return failures.take();
}

// When the container's root is ours already, there is no procfs that could be trusted, and only
// folders are changed.
Status change_attached(int mount, const MountAttributes& attributes, Reach reach) {
    const Fd before = TRY(open_at(cwd, ".", O_PATH | O_DIRECTORY));
    const Fd proc = TRY(needs_proc(mount, attributes, reach)) ? TRY(open_proc()) : Fd();
    Status changed = change_all(mount, attributes, reach, proc.get());
    if (::fchdir(before.get()) < 0) return fail_errno("returning to the working directory");
    return changed;
}

}  // namespace

Status change_by_remount(int mount, const MountAttributes& attributes, Reach reach) {
    TRY(check_known(attributes));
    Status changed = change_attached(mount, attributes, reach);
    // EINVAL: not a mount of our mount namespace.
    if (changed || changed.error().code() != EINVAL) return changed;
    return change_detached(mount, attributes, reach);
}

}  // namespace sampan
