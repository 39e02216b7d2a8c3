#include "container/store.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "container/id.h"
#include "host/host.h"
#include "os/file.h"
#include "os/regular_file.h"
#include "spec/locate.h"

namespace sampan {

namespace {

Failure no_container(std::string_view id) {
    return failf(ErrorKind::not_found, "container does not exist: {}", id);
}

Failure id_is_taken(std::string_view id) {
    return failf(ErrorKind::already_exists, "container with given ID already exists: {}", id);
}

// From where the container came that has the ID, and what can be done.
std::string describe_taken(const Store& store, const std::string& id) {
    const Result<Folder> folder = store.find(id);
    const Result<std::optional<Record>> record =
        folder ? folder->read() : Result<std::optional<Record>>(std::nullopt);
    const std::string origin = record && *record ? format("it was made from {}", (*record)->bundle)
                                                 : "nothing tells from where it came";
    return format("{}: give the new one another ID with --id, or remove it: sampan delete {}{}",
                  origin, record && *record ? "" : "-f ", id);
}

Error explain_store(Error error) {
    if (error.code() == EACCES || error.code() == EPERM)
        error.set_hint(
            "set XDG_RUNTIME_DIR to a folder of your own, as a login does, or name one with "
            "--root");
    return std::move(error.add_context("opening the folder of all containers (--root)"));
}

// We trust what is in the folder: which processes to kill, which cgroups and mounts to remove.
Status check_owner(int folder, const std::string& name) {
    const struct stat facts = TRY(stat_of(folder));
    if (facts.st_uid == 0 || facts.st_uid == ::geteuid()) return {};
    return failf("{} belongs to user {}, who could make us do anything by what is in it", name,
                 facts.st_uid)
        .hint("use a --root that is your own, or chown it to yourself once you trust it");
}

// In a folder with the sticky bit others can only add things beside ours.
Status check_store(int dir, const std::string& path) {
    TRY(check_owner(dir, path));
    const mode_t mode = TRY(stat_of(dir)).st_mode;
    if ((mode & (S_IWGRP | S_IWOTH)) == 0 || (mode & S_ISVTX) != 0) return {};
    return failf("{} may be changed by others (mode {:04o})", path, mode & 07777)
        .hint(format("chmod go-w {}", path));
}

Result<Fd> open_store(const std::string& path) {
    Fd dir = TRY(open_at(cwd, path, O_RDONLY | O_DIRECTORY));
    TRY(check_store(dir.get(), path));
    return dir;
}

Result<Fd> make_store(const std::string& path) {
    TRY(make_directories(path, 0700));
    return open_store(path);
}

// The folders above `path`, by its names.
std::vector<std::string> folders_above(const std::string& path) {
    std::vector<std::string> above;
    for (size_t end = path.find('/'); end != std::string::npos; end = path.find('/', end + 1))
        above.push_back(end == 0 ? "/" : path.substr(0, end));
    return above;
}

// The first of them that belongs neither to root nor to us.
std::optional<Error> find_stranger(const std::string& path) {
    for (const std::string& folder : folders_above(path)) {
        const Result<std::optional<struct stat>> facts = stat_at(cwd, folder);
        if (!facts || !*facts || (*facts)->st_uid == 0 || (*facts)->st_uid == ::geteuid()) continue;
        Error stranger(
            format("{} belongs to user {}, who can put something else in the place of "
                   "{} (--root)",
                   folder, (*facts)->st_uid, path));
        stranger.set_hint("use a --root below folders of root, or of your own, as /run/sampan is");
        return stranger;
    }
    return std::nullopt;
}

}  // namespace

Result<std::optional<Record>> Folder::read() const {
    constexpr const char* doing = "reading the record of the container";
    Result<std::string> text = read_record_text();
    if (!text && text.error().code() == ENOENT) return std::nullopt;
    return TRY(read_record(TRY(std::move(text).in(doing)), id_ + "/" + record_name).in(doing));
}

Result<std::string> Folder::read_record_text() const {
    return read_regular_file(dir_.get(), record_name);
}

Status Folder::write(const Record& record) const {
    return replace_file(dir_.get(), record_name, write_record(record), 0600)
        .in("writing the record of the container");
}

Status Folder::write_config(const std::string& text) const {
    const Fd file = TRY(open_at(dir_.get(), config_name, O_WRONLY | O_CREAT | O_EXCL, 0600));
    return write_all(file.get(), text).in("keeping a copy of config.json");
}

Result<std::string> Folder::read_config() const {
    return read_regular_file(dir_.get(), config_name);
}

Result<AddedMounts> Folder::read_added_mounts() const {
    constexpr const char* doing = "reading the record of added mounts";
    Result<std::string> text = read_regular_file(dir_.get(), added_mounts_name);
    if (!text && text.error().code() == ENOENT) return AddedMounts{};
    return TRY(read_added(TRY(std::move(text).in(doing)), id_ + "/" + added_mounts_name).in(doing));
}

Status Folder::write(const AddedMounts& added) const {
    return replace_file(dir_.get(), added_mounts_name, write_added(added), 0600)
        .in("writing the record of added mounts");
}

// On the copy of config.json, which is never replaced.
Result<Lock> Folder::lock_added_mounts() const {
    return Lock::take(TRY(open_at(dir_.get(), config_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)));
}

Result<bool> Folder::is_same(const Folder& other) const {
    const struct stat mine = TRY(stat_of(dir_.get()));
    const struct stat theirs = TRY(stat_of(other.dir_.get()));
    return mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino;
}

Status Folder::make_notify_folder() const {
    TRY(make_directory(dir_.get(), notify_folder_name, 0755));
    return change_mode(dir_.get(), notify_folder_name, 0755);
}

Result<Fd> Folder::open_notify_folder() const {
    return open_at(dir_.get(), notify_folder_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

void Folder::log_hook(const std::string& text) const {
    const Result<Fd> file = open_to_append(dir_.get(), hook_log_name, 0600);
    if (file) (void)write_all(file->get(), text);
}

Result<std::string> Folder::read_hook_log() const {
    Result<std::string> text = read_file(dir_.get(), hook_log_name);
    if (!text && text.error().code() == ENOENT) return std::string();
    return text;
}

// A lock belongs to an open file, so each process that takes it needs an open file of its own.
Result<Fd> Folder::reopen() const {
    return open_at(dir_.get(), ".", O_RDONLY | O_DIRECTORY);
}

Result<Lock> Folder::lock() const {
    return Lock::take(TRY(reopen()));
}

Result<Lock> Folder::lock_within(int timeout_ms) const {
    return Lock::take_within(TRY(reopen()), timeout_ms);
}

Result<Lock> Folder::lock_shared() const {
    return Lock::take_shared(TRY(reopen()));
}

Result<std::optional<Lock>> Folder::try_lock() const {
    return Lock::try_take(TRY(reopen()));
}

// On the file of the record, which is not replaced any more once the container is created.
Result<Lock> Folder::lock_freezer() const {
    return Lock::take(TRY(open_at(dir_.get(), record_name, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)));
}

Result<Store> Store::open(const std::string& path) {
    Result<Fd> dir = open_store(path);
    if (!dir && dir.error().code() == ENOENT) dir = make_store(path);
    if (!dir) return Failure(explain_store(std::move(dir).error()));
    return Store(path, std::move(*dir));
}

Result<Store> Store::look(const std::string& path) {
    Result<Fd> dir = open_store(path);
    if (!dir && dir.error().code() == ENOENT) return Store(path, Fd());
    if (!dir) return Failure(explain_store(std::move(dir).error()));
    return Store(path, std::move(*dir));
}

std::optional<Error> Store::doubt() const {
    std::optional<Error> stranger = find_stranger(path_);
    // Where the links in it lead.
    // Links on the way lead through other folders.
    const std::string real = absolute_path(path_).value_or(path_);
    if (!stranger && real != path_) stranger = find_stranger(real);
    // In a user namespace all users that are not mapped look the same, and so does the host's root.
    if (stranger && in_user_namespace().value_or(true)) return std::nullopt;
    return stranger;
}

Result<Folder> Store::create(const std::string& id) const {
    TRY(check_id(id));
    Status made = make_directory(dir_.get(), id, 0711);
    if (!made && made.error().code() == EEXIST) {
        const std::optional<struct stat> taken = TRY(stat_at(dir_.get(), id, AT_SYMLINK_NOFOLLOW));
        if (taken && !S_ISDIR(taken->st_mode))
            return failf(ErrorKind::already_exists,
                         "{}/{} is in the way: it is no folder of a container", path_, id);
        return id_is_taken(id).hint(describe_taken(*this, id));
    }
    TRY(std::move(made));
    Result<Fd> dir = open_at(dir_.get(), id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    // Otherwise nobody would know of it, and the ID would be taken forever.
    if (!dir) (void)remove_directory(dir_.get(), id);
    return Folder(id, TRY(std::move(dir)));
}

Result<Folder> Store::find(const std::string& id) const {
    TRY(check_id(id));
    if (!dir_.valid()) return no_container(id);
    Result<Fd> dir = open_at(dir_.get(), id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
    // ENOTDIR: somebody has put a file or a link there.
    if (!dir && (dir.error().code() == ENOENT || dir.error().code() == ENOTDIR))
        return no_container(id);
    Folder folder(id, TRY(std::move(dir)));
    TRY(check_owner(folder.dir(), format("the folder of container {}", id)));
    return folder;
}

Result<std::vector<std::string>> Store::ids() const {
    if (!dir_.valid()) return std::vector<std::string>{};
    std::vector<std::string> names = TRY(list_directory(dir_.get(), ".").in(path_));
    std::erase_if(names, [](const std::string& name) { return !check_id(name); });
    std::ranges::sort(names);
    return names;
}

Status Store::remove(const Folder& folder) const {
    // If it is empty, it can be removed without a descriptor, for lack of which create may have
    // failed.
    if (remove_directory(dir_.get(), folder.id())) return {};
    // The record is removed last, so that a removal that was interrupted can be repeated.
    for (const std::string& name : TRY(list_directory(folder.dir(), ".").in(folder.id())))
        if (name != record_name) TRY(remove_tree(folder.dir(), name));
    TRY(remove_tree(folder.dir(), record_name));
    return remove_directory(dir_.get(), folder.id());
}

}  // namespace sampan
