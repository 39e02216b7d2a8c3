#include "linux/credentials.h"

#include <grp.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <utility>

#include "base/text.h"
#include "linux/fail_at.h"
#include "os/file.h"

namespace sampan {

namespace {

// By raw system calls: the C library's wrappers serve threads, which we never have.
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

}  // namespace

Result<Credentials> plan_credentials(const spec::Process& process,
                                     const CapabilitySets& capabilities,
                                     unsigned last_capability,
                                     bool setgroups_denied,
                                     std::string_view pointer) {
    const spec::User& user = process.user;
    // The kernel takes it as "leave it as it is": root would stay root.
    constexpr uint32_t no_id = static_cast<uint32_t>(-1);
    for (const auto& [id, name] : {std::pair{user.uid, "uid"}, std::pair{user.gid, "gid"}})
        if (id == no_id) return fail_at(format("{}/user/{}", pointer, name), "4294967295 is no id");
    if (setgroups_denied && !user.additional_gids.empty()) {
        Error error(
            "additional groups cannot be set: without CAP_SETGID the user namespace denies "
            "setgroups");
        error.set_pointer(format("{}/user/additionalGids", pointer));
        return std::unexpected(std::move(error));
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
    text += format(" umask {:04o}, {}", credentials.umask, describe(credentials.capabilities));
    if (credentials.no_new_privileges) text += ", no new privileges";
    return text;
}

Result<Setgroups> read_setgroups(int proc) {
    const std::string text = TRY(read_file(proc, "self/setgroups"));
    return trim(text) == "deny" ? Setgroups::denied : Setgroups::allowed;
}

Status check_groups(const Credentials& credentials, Setgroups setgroups, std::string_view pointer) {
    if (setgroups == Setgroups::allowed || credentials.groups.empty()) return {};
    return fail_at(format("{}/user/additionalGids", pointer),
                   "additional groups cannot be set: the container's user namespace denies "
                   "setgroups");
}

Status become_namespace_root(Setgroups setgroups) {
    // Where it is allowed setgroups is called also with an empty list: the caller's groups are not
    // the container's (they would be shown as "nobody", yet count in access checks).
    if (setgroups == Setgroups::allowed) TRY(set_groups({}));
    if (::syscall(SYS_setresgid, 0, 0, 0) < 0) return fail_errno("changing to group 0");
    if (::syscall(SYS_setresuid, 0, 0, 0) < 0) return fail_errno("changing to user 0");
    return {};
}

Result<AsUser> AsUser::enter(const Credentials& credentials, Setgroups setgroups) {
    if (setgroups == Setgroups::allowed) TRY(set_groups(credentials.groups));
    TRY(set_effective_ids(credentials.uid, credentials.gid, /*user_first=*/false));
    return AsUser();
}

Status AsUser::leave() {
    return set_effective_ids(0, 0, /*user_first=*/true);
}

}  // namespace sampan
