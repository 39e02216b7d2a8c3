// What containers have left that nobody can use or delete in the ordinary way any more: the remains
// of a create or delete that was killed, and folders whose record is broken.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "container/store.h"

namespace sampan {

// Why a container's folder is of no use.
enum class Remains {
    unfinished,  // create was killed before the container was complete
    nameless,    // create was killed before it wrote a record
    broken,      // the record is gone or cannot be read, and no process is left
    half_gone,   // delete was killed
};
// "create was killed before the container was complete"
std::string_view describe(Remains remains);

// What decides.
struct FolderFacts {
    bool has_record = false;  // even if it cannot be read
    bool readable = false;    // the record
    bool ready = false;
    bool keeps_config = false;
    // A process of the container lives, or it cannot be known that none does. For a container that
    // never became complete it does not matter: nobody can start it any more.
    bool may_live = false;
    // Made a moment ago: create may not have had the time to lock it.
    bool is_new = false;
};

// Pure: nothing if the folder must stay. It is assumed that no command holds its lock.
std::optional<Remains> judge(const FolderFacts& facts);

// Such a folder stays, whatever it is: a create may be about to fill it. Pure.
bool is_too_young(const FolderFacts& facts);

struct Garbage {
    std::string id;
    Remains why;
    std::vector<std::string> cgroups;  // that were removed with it, as paths
};

struct Collected {
    std::vector<Garbage> removed;    // or, of a dry run, to be removed
    std::vector<std::string> young;  // IDs of folders that a create may just have made
    Warnings kept;                   // broken folders that stay, each with the reason
    Warnings warnings;
    std::vector<Error> failures;  // what should have been removed, and could not be
};

// Removes all remains, with the cgroups that their records name. Containers whose lock is held,
// that live, or that have only stopped are left alone.
enum class DryRun { no, yes };
Result<Collected> collect_garbage(const Store& store, DryRun dry_run);

}  // namespace sampan
