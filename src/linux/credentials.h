// The user of the program: ids, groups, capabilities, umask (config.md#posix-process).
#pragma once

#include <sys/types.h>

#include <string>
#include <vector>

#include "base/result.h"
#include "linux/capabilities.h"
#include "spec/process.h"

namespace sampan {

struct IdMaps;

struct Credentials {
    uid_t uid = 0;
    gid_t gid = 0;
    std::vector<gid_t> groups;
    bool keeps_groups = false;  // those of the caller, and no others
    mode_t umask = 022;         // the default if config.json has none, as with every other runtime
    CapabilitySets capabilities;
    unsigned last_capability = 0;  // number of the kernel's newest
    bool no_new_privileges = false;
    bool operator==(const Credentials&) const = default;
};

// Pure. `capabilities` comes from plan_capabilities(). Additional groups are an error, with its
// place, if setgroups is denied.
Result<Credentials> plan_credentials(const spec::Process& process,
                                     const CapabilitySets& capabilities,
                                     unsigned last_capability,
                                     bool setgroups_denied,
                                     std::string_view pointer);
std::string describe(const Credentials& credentials);

// Whether setgroups(2) may be called in a user namespace (user_namespaces(7)). It is denied if
// somebody without CAP_SETGID has written the maps, and in all user namespaces that are made inside
// such a one.
// Unwanted: the caller's groups stay.
enum class Setgroups { allowed, denied, unwanted };

// Of the user namespace in which we are, read from `proc` (a checked procfs). It is only certain
// once a process is in its last user namespace, which may be joined, inherited, or made inside such
// a one.
Result<Setgroups> read_setgroups(int proc, const Credentials& credentials);
// It is an error if the maps of the user namespace do not contain an id; the kernel would only say
// "Invalid argument". Pure. `pointer`: place of the process object.
Status check_ids(const Credentials& credentials, const IdMaps& maps, std::string_view pointer);
// The same for the user namespace in which we are, whose setgroups is given. Groups that it does
// not let us set are an error.
Status check_user_namespace(const Credentials& credentials,
                            Setgroups setgroups,
                            int proc,
                            std::string_view pointer);

// Becomes root of our own user namespace, and drops all groups of the caller, if they may be
// dropped.
Status become_namespace_root(Setgroups setgroups);

// Gives this process the effective ids, groups and capabilities of the container's user, for checks
// whose result depends on them. Afterwards it is root again.
class AsUser {
  public:
    static Result<AsUser> enter(const Credentials& credentials, Setgroups setgroups);
    Status leave();

  private:
    AsUser() = default;
};

}  // namespace sampan
