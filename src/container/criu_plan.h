// What CRIU is told of a container: which mounts, namespaces and streams of it come from outside,
// and so are neither dumped nor made anew. Pure.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cgroup/record.h"
#include "container/record.h"
#include "launch/criu_message.h"
#include "mounts/observed_mounts.h"
#include "os/mountinfo.h"
#include "plan/plan.h"

namespace sampan {

// What the container shows of the host: a bind mount, a device of the host, a part of the cgroups.
struct OutsideMount {
    std::string destination;  // clean
    std::string source;
    bool operator==(const OutsideMount&) const = default;
};

// `host` has the mounts of the host: what is mounted below the source of a recursive bind, or below
// the root file system, is in the container too.
std::vector<OutsideMount> outside_mounts(const Plan& plan,
                                         const CgroupRecord& cgroup,
                                         const std::vector<MountedPlace>& host);

// An error for what CRIU cannot restore, although it would dump it.
Status check_can_be_restored(const Plan& plan);

// A missing place on which CRIU will mount: in the root file system, or below a bind mount, which
// may come from anywhere. What is mounted on something else comes with that.
struct MountPlace {
    std::string base;    // "": the root file system; otherwise the source of the bind
    std::string path;    // below it
    std::string source;  // "": a directory; otherwise what `source` is
    bool operator==(const MountPlace&) const = default;
};
std::vector<MountPlace> mount_places(const Plan& plan);

// Real paths of destinations that lead through links, in the container or in its root. A
// destination that is not in it is its own path.
using RealPaths = std::map<std::string, std::string, std::less<>>;

// The members of `asked` that the command line does not set. `observed`: the mounts of the
// container's first process.
CriuOptions complete_for_dump(CriuOptions asked,
                              const Plan& plan,
                              const Record& record,
                              const std::vector<OutsideMount>& outside,
                              const std::vector<ObservedMount>& observed,
                              const RealPaths& real);

// What a restore has found.
struct RestoreFacts {
    std::vector<OutsideMount> outside;
    RealPaths real;
    std::vector<std::string> streams;  // those of the checkpointed container
    int first_inherited_fd = 0;        // of CRIU: there inherited_namespaces() begin
    std::string cgroups;  // /proc/PID/cgroup of CRIU, which is in the cgroups of the container
};
// The same for a restore.
CriuOptions complete_for_restore(CriuOptions asked, const Plan& plan, const RestoreFacts& facts);

// The namespaces that CRIU gets as descriptors, in their order.
std::vector<const JoinNamespace*> inherited_namespaces(const Plan& plan);

// What the user of CRIU has configured for this container: the file that the annotation
// org.criu.config names, "" if it is empty, or else the file of another runtime.
std::string criu_config_file(const std::map<std::string, std::string>& annotations,
                             const std::function<bool(const std::string&)>& exists);

// The streams of a container as JSON, in the form that other runtimes read and write too:
// ["/dev/null","pipe:[4711]","pipe:[4712]"]. `name` is the file that errors show.
std::string write_streams(const std::vector<std::string>& streams);
Result<std::vector<std::string>> parse_streams(std::string_view text, std::string_view name);

// The last errors of CRIU's log, on one line: "cr-dump.c:120: …; …". "" if there is none.
std::string last_errors(std::string_view log);

}  // namespace sampan
