// Who the user's program is: ids, groups, capabilities, umask (config.md#posix-process).
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
    mode_t umask = 022;  // also where config.json has none: what every other runtime sets
    CapabilitySets capabilities;
    unsigned last_capability = 0;  // number of the kernel's newest
    bool no_new_privileges = false;
    bool operator==(const Credentials&) const = default;
};

// Pure. `capabilities`: from plan_capabilities(). An error, with its place: additional groups
// where setgroups is denied.
Result<Credentials> plan_credentials(const spec::Process& process,
                                     const CapabilitySets& capabilities,
                                     unsigned last_capability,
                                     bool setgroups_denied,
                                     std::string_view pointer);
std::string describe(const Credentials& credentials);

// Whether setgroups(2) may be called in a user namespace (user_namespaces(7)). One that somebody
// without CAP_SETGID has mapped denies it, and so do all that are made in it.
enum class Setgroups { allowed, denied };

// Of the user namespace that we are in, read below `proc` (a checked procfs). Known for certain
// only once a process is in its last one: it may be joined, inherited, or made within such a one.
Result<Setgroups> read_setgroups(int proc);
// An id that is not among the maps of the user namespace is an error: the kernel would say "Invalid
// argument". Pure. `pointer`: place of the process object.
Status check_ids(const Credentials& credentials, const IdMaps& maps, std::string_view pointer);
// The same of the user namespace that we are in, for which setgroups is given, and an error for
// groups that it does not let us set.
Status check_user_namespace(const Credentials& credentials,
                            Setgroups setgroups,
                            int proc,
                            std::string_view pointer);

// Becomes root of the own user namespace, with no groups of the caller's left.
Status become_namespace_root(Setgroups setgroups);

// Gives this process the effective ids, groups and capabilities of the container's user, for checks
// whose answer depends on them; afterwards it is root again.
class AsUser {
  public:
    static Result<AsUser> enter(const Credentials& credentials, Setgroups setgroups);
    Status leave();

  private:
    AsUser() = default;
};

}  // namespace sampan
