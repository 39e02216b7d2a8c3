#include "linux/credentials.h"

#include <grp.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "base/text.h"
#include "linux/id_map.h"
#include "os/file.h"

namespace sampan {

namespace {

// By raw system calls: the wrappers of the C library care for threads, of which we have none.
Status set_groups(const std::vector<gid_t>& groups) {
    if (::syscall(SYS_setgroups, groups.size(), groups.data()) < 0)
        return fail_errno("setting the groups");
    return {};
}

Status set_effective_ids(uid_t uid, gid_t gid, bool user_first) {
    constexpr gid_t same = static_cast<gid_t>(-1);
    const auto set_user = [&] { return ::syscall(SYS_setresuid, same, uid, same); };
    if (user_first && set_user() < 0) return fail_errno("changing to user {}", uid);
    if (::syscall(SYS_setresgid, same, gid, same) < 0)
        return fail_errno("changing to group {}", gid);
    if (!user_first && set_user() < 0) return fail_errno("changing to user {}", uid);
    return {};
}

// Within the permitted set, which does not change.
Status set_effective_capabilities(uint64_t wanted) {
    __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
    __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};
    if (::syscall(SYS_capget, &header, data) < 0) return fail_errno("reading our capabilities");
    data[0].effective = data[0].permitted & static_cast<uint32_t>(wanted);
    data[1].effective = data[1].permitted & static_cast<uint32_t>(wanted >> 32);
    if (::syscall(SYS_capset, &header, data) < 0) return fail_errno("setting our capabilities");
    return {};
}

std::string not_mapped(std::string_view kind, uint32_t id) {
    return format("{} {} is not mapped in the container's user namespace", kind, id);
}

}  // namespace

Result<Credentials> plan_credentials(const spec::Process& process,
                                     const CapabilitySets& capabilities,
                                     unsigned last_capability,
                                     bool setgroups_denied,
                                     std::string_view pointer) {
    const spec::User& user = process.user;
    if (setgroups_denied && !user.additional_gids.empty()) {
        return fail_at(
            format("{}/user/additionalGids", pointer),
            "additional groups cannot be set: without CAP_SETGID the user namespace denies "
            "setgroups");
    }
    Credentials credentials;
    credentials.uid = user.uid;
    credentials.gid = user.gid;
    credentials.groups.assign(user.additional_gids.begin(), user.additional_gids.end());
    credentials.umask = user.umask.value_or(022);
    credentials.capabilities = capabilities;
    credentials.last_capability = last_capability;
    credentials.no_new_privileges = process.no_new_privileges;
    return credentials;
}

std::string describe(const Credentials& credentials) {
    std::string text = format("run as uid {} gid {}", credentials.uid, credentials.gid);
    if (!credentials.groups.empty()) {
        text += " groups";
        for (const gid_t group : credentials.groups)
            text += format(" {}", group);
    }
    if (credentials.keeps_groups) text += " and the caller's groups";
    text += format(" umask {:04o}, {}", credentials.umask, describe(credentials.capabilities));
    if (credentials.no_new_privileges) text += ", no new privileges";
    return text;
}

Result<Setgroups> read_setgroups(int proc, const Credentials& credentials) {
    if (credentials.keeps_groups) return Setgroups::unwanted;
    const std::string text = TRY(read_file(proc, "self/setgroups"));
    return trim(text) == "deny" ? Setgroups::denied : Setgroups::allowed;
}

Status check_ids(const Credentials& credentials, const IdMaps& maps, std::string_view pointer) {
    const auto hint = [](const std::vector<spec::IdMapping>& map) {
        return map.empty() ? "" : format("the ids that are mapped: {}", mapped_ids(map));
    };
    if (!host_id(maps.uids, credentials.uid))
        return fail_at(format("{}/user/uid", pointer), not_mapped("uid", credentials.uid),
                       hint(maps.uids));
    if (!host_id(maps.gids, credentials.gid))
        return fail_at(format("{}/user/gid", pointer), not_mapped("gid", credentials.gid),
                       hint(maps.gids));
    for (size_t i = 0; i < credentials.groups.size(); ++i)
        if (!host_id(maps.gids, credentials.groups[i]))
            return fail_at(format("{}/user/additionalGids/{}", pointer, i),
                           not_mapped("gid", credentials.groups[i]), hint(maps.gids));
    return {};
}

Status check_user_namespace(const Credentials& credentials,
                            Setgroups setgroups,
                            int proc,
                            std::string_view pointer) {
    if (setgroups == Setgroups::denied && !credentials.groups.empty())
        return fail_at(format("{}/user/additionalGids", pointer),
                       "additional groups cannot be set: the container's user namespace denies "
                       "setgroups");
    // Root must be mapped anyway, and another check says so. So most containers need no check here.
    if (credentials.uid == 0 && credentials.gid == 0 && credentials.groups.empty()) return {};
    return check_ids(credentials, TRY(read_id_maps(proc, "self")), pointer);
}

Status become_namespace_root(Setgroups setgroups) {
    const auto become = [](long number, std::string_view kind) -> Status {
        if (::syscall(number, 0, 0, 0) == 0) return {};
        if (errno == EINVAL) return fail(not_mapped(kind, 0));
        return fail_errno("changing to {} 0", kind);
    };
    // Before the groups: a namespace without any map refuses those too, but with a less clear
    // error.
    TRY(become(SYS_setresgid, "gid"));
    // If it is allowed, setgroups is called even with an empty list: the caller's groups are not
    // the container's (they would be shown as "nobody", but count in access checks).
    if (setgroups == Setgroups::allowed) TRY(set_groups({}));
    return become(SYS_setresuid, "uid");
}

Result<AsUser> AsUser::enter(const Credentials& credentials, Setgroups setgroups) {
    if (setgroups == Setgroups::allowed) TRY(set_groups(credentials.groups));
    TRY(set_effective_ids(credentials.uid, credentials.gid, /*user_first=*/false));
    // After the ids, whose change resets them. CAP_DAC_OVERRIDE decides about access.
    TRY(set_effective_capabilities(credentials.capabilities.effective));
    return AsUser();
}

Status AsUser::leave() {
    TRY(set_effective_capabilities(~uint64_t{0}));
    return set_effective_ids(0, 0, /*user_first=*/true);
}

}  // namespace sampan
