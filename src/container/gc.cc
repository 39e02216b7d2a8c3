#include "container/gc.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <iterator>

#include "base/text.h"
#include "cgroup/kill.h"
#include "cgroup/owner.h"
#include "container/container.h"
#include "container/destroy.h"
#include "container/salvage.h"
#include "container/status.h"
#include "os/clock.h"
#include "os/file.h"

namespace sampan {

std::string_view describe(Remains remains) {
    switch (remains) {
        case Remains::unfinished:
            return "create was killed before the container was complete";
        case Remains::nameless:
            return "create was killed before it wrote a record";
        case Remains::broken:
            return "its record is broken, and no process is left";
        case Remains::half_gone:
            break;
    }
    return "delete was killed before all was removed";
}

bool is_too_young(const FolderFacts& facts) {
    return !facts.has_record && !facts.keeps_config && facts.is_new;
}

std::optional<Remains> judge(const FolderFacts& facts) {
    if (is_too_young(facts)) return std::nullopt;
    if (!facts.has_record && !facts.keeps_config) return Remains::nameless;
    if (!facts.readable) return facts.may_live ? std::nullopt : std::optional(Remains::broken);
    if (!facts.ready) return Remains::unfinished;
    // Store::remove() takes the record last.
    if (!facts.keeps_config && !facts.may_live) return Remains::half_gone;
    return std::nullopt;
}

namespace {

// create locks the folder directly after it has made it. Even on a machine that hardly makes
// progress it has done so after that time.
constexpr int64_t new_for_seconds = 60;

Result<bool> is_new_folder(const Folder& folder) {
    return TRY(stat_of(folder.dir())).st_mtime > seconds_now() - new_for_seconds;
}

// A process of which only the salvaged parts of a record tell. What they do not tell may live.
// A cgroup without processes does; a container that has none is only known by its process.
bool may_live_unrecorded(const Folder& folder, const Record& salvaged) {
    const Result<ProcessFacts> facts = look_at(salvaged, folder.dir());
    if (!facts || facts->alive) return true;
    const Result<std::vector<pid_t>> left = processes(salvaged.cgroup);
    if (!left || !left->empty()) return true;
    const bool has_ended = salvaged.pid > 0 && salvaged.start_time != 0;
    return !has_ended && salvaged.cgroup.places.empty();
}

struct Finding {
    FolderFacts facts;
    Record record;                // or what was salvaged of it
    std::optional<Error> broken;  // why the record cannot be read
};

Result<Finding> look_into(const Folder& folder) {
    Finding finding;
    FolderFacts& facts = finding.facts;
    Result<std::optional<Record>> record = folder.read();
    facts.has_record = !record || *record;
    facts.readable = record && *record;
    facts.keeps_config = TRY(stat_at(folder.dir(), config_name, AT_SYMLINK_NOFOLLOW)).has_value();
    facts.is_new = TRY(is_new_folder(folder));
    if (facts.readable) {
        finding.record = std::move(**record);
        facts.ready = finding.record.ready;
        if (!facts.ready) return finding;
        const Result<ProcessFacts> process = look_at(finding.record, folder.dir());
        facts.may_live = !process || process->alive;
        return finding;
    }
    if (!record)
        finding.broken = std::move(record).error();
    else if (facts.keeps_config)
        finding.broken = Error(format("{} is missing", record_name));
    finding.record = salvage_record(folder);
    facts.may_live = may_live_unrecorded(folder, finding.record);
    return finding;
}

// Those of the record that exist, and that are removed with it.
std::vector<std::string> own_cgroups(const CgroupRecord& cgroup) {
    std::vector<std::string> paths;
    for (const CgroupPlace& place : cgroup.places)
        if (place.made > 0 && inode_of(place) != 0 && !is_anothers(place, cgroup))
            paths.push_back(directory_of(place));
    return paths;
}

class Collection {
  public:
    Collection(const Store& store, DryRun dry_run) : store_(store), dry_run_(dry_run) {}

    Status visit(const Folder& folder);
    Collected take() { return std::move(collected_); }

  private:
    Status remove(const Folder& folder, Garbage garbage);
    void keep(const Folder& folder, Finding finding);

    const Store& store_;
    DryRun dry_run_;
    Collected collected_;
};

void Collection::keep(const Folder& folder, Finding finding) {
    if (is_too_young(finding.facts)) collected_.young.push_back(folder.id());
    if (!finding.broken) return;
    Error& why = *finding.broken;
    why.add_context(format("{} stays, because a process of it may live", folder.id()));
    why.set_hint(format("sampan delete --force {} ends and removes it", folder.id()));
    collected_.kept.push_back(std::move(why));
}

Status Collection::remove(const Folder& folder, Garbage garbage) {
    if (dry_run_ == DryRun::no)
        std::ranges::move(TRY(destroy_remains(store_, folder)),
                          std::back_inserter(collected_.warnings));
    collected_.removed.push_back(std::move(garbage));
    return {};
}

Status Collection::visit(const Folder& folder) {
    Finding finding = TRY(look_into(folder));
    if (!judge(finding.facts)) {
        keep(folder, std::move(finding));
        return {};
    }
    // Only now, because a command that waits for the lock would take us for a create.
    const std::optional<Lock> lock = TRY(folder.try_lock());
    if (!lock) return {};
    finding = TRY(look_into(TRY(find_again(store_, folder))));
    const std::optional<Remains> why = judge(finding.facts);
    if (!why) return {};
    return remove(folder, {folder.id(), *why, own_cgroups(finding.record.cgroup)});
}

}  // namespace

Result<Collected> collect_garbage(const Store& store, DryRun dry_run) {
    Collection collection(store, dry_run);
    std::vector<Error> failures;
    for (const std::string& id : TRY(store.ids())) {
        const Result<Folder> folder = store.find(id);
        Status done = folder ? collection.visit(*folder) : Status(Failure(folder.error()));
        if (!done && done.error().kind() != ErrorKind::not_found)
            failures.push_back(std::move(done.error().add_context(id)));
    }
    Collected collected = collection.take();
    collected.failures = std::move(failures);
    return collected;
}

}  // namespace sampan
