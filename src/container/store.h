// The folder of all containers (--root), which has a folder for each container: its record, a copy
// of its config.json, the gate's socket. Whoever makes the folder has the ID.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "container/record.h"
#include "mounts/added_mounts.h"
#include "os/fd.h"
#include "os/lock.h"

namespace sampan {

// One container's folder.
class Folder {
  public:
    Folder(std::string id, Fd dir) : id_(std::move(id)), dir_(std::move(dir)) {}

    // False if the folder of `other` has been removed and made anew since.
    [[nodiscard]] Result<bool> is_same(const Folder& other) const;

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] int dir() const { return dir_.get(); }
    // Nothing if a create was killed before it wrote a record.
    [[nodiscard]] Result<std::optional<Record>> read() const;
    // The content of its file, whatever it is.
    [[nodiscard]] Result<std::string> read_record_text() const;
    [[nodiscard]] Status write(const Record& record) const;
    [[nodiscard]] Status write_config(const std::string& text) const;
    // The config.json that create read; for hooks of later commands.
    [[nodiscard]] Result<std::string> read_config() const;
    // What `mounts add` has added. Whoever changes it holds lock_added_mounts().
    [[nodiscard]] Result<AddedMounts> read_added_mounts() const;
    [[nodiscard]] Status write(const AddedMounts& added) const;
    [[nodiscard]] Result<Lock> lock_added_mounts() const;
    // Makes the folder for the socket of sd_notify(3), which is bound into the container.
    [[nodiscard]] Status make_notify_folder() const;
    [[nodiscard]] Result<Fd> open_notify_folder() const;
    // Appends to hooks.log. Never fails, because this is only for people.
    void log_hook(const std::string& text) const;
    // What hooks.log has; "" if no hook has printed anything.
    [[nodiscard]] Result<std::string> read_hook_log() const;
    // Operations that change a container hold its lock.
    [[nodiscard]] Result<Lock> lock() const;
    [[nodiscard]] Result<Lock> lock_within(int timeout_ms) const;
    // Operations that only need the container not to change hold this lock, any number at once.
    [[nodiscard]] Result<Lock> lock_shared() const;
    [[nodiscard]] Result<std::optional<Lock>> try_lock() const;
    // A lock of its own for freezing and thawing a created container, held for seconds at most.
    [[nodiscard]] Result<Lock> lock_freezer() const;

  private:
    [[nodiscard]] Result<Fd> reopen() const;
    std::string id_;
    Fd dir_;
};

inline constexpr const char* record_name = "state.json";
inline constexpr const char* config_name = "config.json";
inline constexpr const char* added_mounts_name = "mounts.json";
inline constexpr const char* gate_name = "gate";
inline constexpr const char* notify_folder_name = "notify";
inline constexpr const char* hook_log_name = "hooks.log";

class Store {
  public:
    // Makes `path` if it is missing (with mode 0700; folders above it with 0711).
    static Result<Store> open(const std::string& path);
    // For commands that change nothing: if the folder does not exist, there are no containers.
    static Result<Store> look(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    // The folder of compiled filters, for all containers.
    [[nodiscard]] std::string seccomp_cache() const { return path_ + "/.seccomp-cache"; }
    // A warning if somebody else can replace this folder by another one of root's, such as that of
    // another store, by a link: we would trust it.
    [[nodiscard]] std::optional<Error> doubt() const;
    // The error says "container with given ID already exists", and is of the kind already_exists,
    // if the ID is taken.
    [[nodiscard]] Result<Folder> create(const std::string& id) const;
    // The error says "container does not exist", and is of the kind not_found, if there is none.
    [[nodiscard]] Result<Folder> find(const std::string& id) const;
    [[nodiscard]] Result<std::vector<std::string>> ids() const;
    [[nodiscard]] Status remove(const Folder& folder) const;

  private:
    explicit Store(std::string path, Fd dir) : path_(std::move(path)), dir_(std::move(dir)) {}
    std::string path_;
    Fd dir_;
};

}  // namespace sampan
