#include "linux/namespace_record.h"

#include <fcntl.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <optional>

#include "base/text.h"
#include "os/file.h"
#include "os/namespaces.h"
#include "spec/fields.h"
#include "spec/tables.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<NamespaceRecord>() {
    static constexpr Field table[] = {
        required<&NamespaceRecord::type>("type"),
        optional<&NamespaceRecord::own>("own"),
        optional<&NamespaceRecord::device>("device"),
        optional<&NamespaceRecord::inode>("inode"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec

namespace sampan {

namespace {

using Identity = std::optional<struct stat>;

bool is_same(const struct stat& one, const struct stat& other) {
    return one.st_ino == other.st_ino && one.st_dev == other.st_dev;
}

bool is_recorded(const struct stat& found, const NamespaceRecord& record) {
    return found.st_dev == record.device && found.st_ino == record.inode;
}

struct Seen {
    Identity theirs;
    Identity ours;
};

// Empty if the kernel has no such type, or the process has ended, which joining it will show.
Result<Seen> look_at(int proc, pid_t init, const NamespaceKind& kind) {
    return Seen{TRY(stat_at(proc, format("{}/ns/{}", init, kind.file))),
                TRY(stat_at(proc, format("self/ns/{}", kind.file)))};
}

// Invalid if the parent is one of which we must not know.
Result<Fd> parent_of(const Fd& user_namespace) {
    Fd parent(::ioctl(user_namespace.get(), NS_GET_PARENT));
    if (!parent.valid() && errno != EPERM)
        return fail_errno("asking for the parent of a user namespace");
    return parent;
}

// Searches upwards from the present one of `init`, because a process can only leave its user
// namespace downwards. If the record has no identities, the outermost one below ours is taken for
// the container's.
Result<Fd> find_user_namespace(int proc,
                               pid_t init,
                               const NamespaceRecord& record,
                               const struct stat& ours) {
    const bool known = record.inode != 0;
    Fd found = TRY(open_at(proc, format("{}/ns/user", init), O_RDONLY));
    while (found.valid()) {
        const struct stat facts = TRY(stat_of(found.get()));
        if (known && is_recorded(facts, record)) return found;
        if (is_same(facts, ours)) break;
        Fd parent = TRY(parent_of(found));
        if (!known && parent.valid() && is_same(TRY(stat_of(parent.get())), ours)) return found;
        found = std::move(parent);
    }
    return failf("the user namespace that the container was created with cannot be found");
}

}  // namespace

Result<std::vector<NamespaceRecord>> record_namespaces(int proc,
                                                       pid_t init,
                                                       const NamespacePlan& plan) {
    std::vector<NamespaceRecord> records;
    for (const NamespaceKind& kind : namespace_kinds()) {
        const Identity theirs = TRY(stat_at(proc, format("{}/ns/{}", init, kind.file)));
        if (!theirs) continue;
        records.push_back({.type = kind.type,
                           .own = plan.separate(kind.flag),
                           .device = theirs->st_dev,
                           .inode = theirs->st_ino});
    }
    return records;
}

std::vector<NamespaceRecord> namespaces_of(const NamespacePlan& plan) {
    std::vector<NamespaceRecord> records;
    for (const NamespaceKind& kind : namespace_kinds())
        if (plan.separate(kind.flag)) records.push_back({.type = kind.type, .own = true});
    return records;
}

Result<NamespacesToJoin> namespaces_to_join(int proc,
                                            pid_t init,
                                            const std::vector<NamespaceRecord>& record) {
    NamespacesToJoin joins;
    for (const NamespaceKind& kind : namespace_kinds()) {
        const auto recorded = std::ranges::find(record, kind.type, &NamespaceRecord::type);
        if (recorded == record.end()) continue;
        const Seen seen = TRY(look_at(proc, init, kind));
        if (!seen.theirs || !seen.ours || is_same(*seen.theirs, *seen.ours)) continue;
        if (kind.flag == CLONE_NEWUSER) {
            if (!is_recorded(*seen.ours, *recorded))
                joins.user = TRY(find_user_namespace(proc, init, *recorded, *seen.ours));
        } else if (recorded->own || is_recorded(*seen.theirs, *recorded)) {
            joins.types |= kind.flag;
        }
    }
    return joins;
}

// Root has its rights over the other namespaces, which may be the host's, only while it is in its
// own user namespace. Any other caller has rights only within the container's.
Status join_namespaces_of(int init, const NamespacesToJoin& joins) {
    const auto join_others = [&]() -> Status {
        return joins.types != 0 ? join_namespace(init, joins.types) : Status();
    };
    if (!joins.user.valid()) return join_others();
    Status others = join_others();
    const bool user_first = !others && others.error().code() == EPERM;
    if (!others && !user_first) return others;
    TRY(join_namespace(joins.user.get(), CLONE_NEWUSER));
    return user_first ? join_others() : Status();
}

}  // namespace sampan
