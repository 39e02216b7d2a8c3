#include "container/container.h"

#include "base/text.h"
#include "container/id.h"
#include "os/file.h"
#include "os/path.h"
#include "os/process.h"
#include "spec/spec.h"

namespace sampan {

namespace {

// An absolute path. If the bundle does not exist any more, it is not resolved.
std::string bundle_path(const std::string& name) {
    if (Result<std::string> real = absolute_path(name)) return *real;
    Result<std::string> here = absolute_path(".");
    return clean_path(name.starts_with('/') || !here ? name : *here + "/" + name);
}

Result<Folder> find_by_bundle(const Store& store, const std::string& name) {
    const std::string bundle = bundle_path(name);
    std::vector<std::string> found;
    for (const std::string& id : TRY(store.ids())) {
        const Result<Folder> folder = store.find(id);
        if (!folder) continue;
        const Result<std::optional<Record>> record = folder->read();
        if (record && *record && (*record)->bundle == bundle) found.push_back(id);
    }
    if (found.empty())
        return failf(ErrorKind::not_found, "container does not exist: none was made from {}",
                     bundle);
    if (found.size() > 1)
        return failf(ErrorKind::usage, "{} containers were made from {}: name one of {}",
                     found.size(), bundle, join(found, ", "));
    return store.find(found[0]);
}

// A create that was killed before its first record has left only the folder.
Record empty_record(const std::string& id) {
    Record record;
    record.id = id;
    return record;
}

Result<Container> read_container(Folder folder) {
    Record record = TRY(folder.read()).value_or(empty_record(folder.id()));
    const ProcessFacts facts = TRY(look_at(record, folder.dir()));
    const ContainerStatus status = derive(record, facts);
    return Container{std::move(folder), std::move(record), status};
}

}  // namespace

Result<Folder> find_folder(const Store& store, const std::string& name) {
    return names_bundle(name) ? find_by_bundle(store, name) : store.find(name);
}

Result<Container> find_container(const Store& store, const std::string& name) {
    return read_container(TRY(find_folder(store, name)));
}

Result<Folder> find_again(const Store& store, const Folder& locked) {
    Folder folder = TRY(store.find(locked.id()));
    if (!TRY(folder.is_same(locked)))
        return failf(ErrorKind::not_found,
                     "container does not exist: {} has been deleted meanwhile", locked.id());
    return folder;
}

Result<Container> find_locked(const Store& store, const Folder& locked) {
    return read_container(TRY(find_again(store, locked)));
}

namespace {

// A create that is under way holds the lock until its container is created, or gone. One of its own
// hooks must not wait for that, because create waits for the hook.
Status await_create(const Container& container) {
    if (container.status != ContainerStatus::creating) return {};
    if (TRY(container.folder.try_lock())) return {};  // it was killed
    if (TRY(is_ancestor(container.record.create_pid))) return {};
    TRY(container.folder.lock());
    return {};
}

// What is in the container may keep a start waiting, which then holds the lock. Engines that pause
// or update must not have to wait with it.
Result<Lock> take_lock(Operation operation, const Folder& folder) {
    constexpr int patience_ms = 10000;
    const bool limited = operation == Operation::pause || operation == Operation::update;
    return limited ? folder.lock_within(patience_ms) : folder.lock();
}

}  // namespace

Result<LockedContainer> lock_for(Operation operation, const Store& store, const std::string& name) {
    Container found = TRY(find_container(store, name));
    if (operation == Operation::start || operation == Operation::remove) {
        TRY(await_create(found));
        found = TRY(find_container(store, name));
    }
    return lock_for(operation, store, found);
}

Result<LockedContainer> lock_for(Operation operation, const Store& store, const Container& found) {
    // What is not allowed is refused at once, because the lock may be held for long.
    TRY(allow(operation, found.status, found.record.id));
    Lock lock = TRY(take_lock(operation, found.folder));
    Container container = TRY(find_locked(store, found.folder));
    TRY(allow(operation, container.status, container.record.id));
    return LockedContainer{std::move(lock), std::move(container)};
}

Result<Listing> list_containers(const Store& store) {
    Listing listing;
    for (const std::string& id : TRY(store.ids())) {
        Result<Container> container = find_container(store, id);
        if (container) {
            listing.containers.push_back(std::move(*container));
        } else if (container.error().kind() !=
                   ErrorKind::not_found) {  // one that has just been deleted
            listing.broken.push_back({id, std::move(container.error().add_context(id))});
        }
    }
    return listing;
}

Result<Fd> open_init(const Record& record) {
    std::optional<Fd> pidfd = TRY(find_pidfd(record.pid));
    if (!pidfd) return not_running();
    // The status was read before the descriptor was opened: the number may belong to another
    // process by now.
    const std::optional<ProcessStat> stat = TRY(read_process_stat(record.pid));
    if (!stat || !stat->started_at(record.start_time)) return not_running();
    return std::move(*pidfd);
}

HookIdentity identity_of(const Record& record) {
    return {record.id, record.bundle, record.annotations};
}

Result<Spec> read_kept_config(const Folder& folder) {
    const std::string name = folder.id() + "/" + config_name;
    SpecFile file = TRY(read_spec_text(TRY(folder.read_config()), name));
    return std::move(file.spec);
}

Result<spec::Hooks> read_hooks(const Folder& folder) {
    return TRY(read_kept_config(folder)).hooks;
}

}  // namespace sampan
