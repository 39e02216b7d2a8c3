// The folder of all containers (--root), with one folder for each: its record, a copy of its
// config.json, the gate's socket. Making the folder takes the ID.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "container/record.h"
#include "os/fd.h"
#include "os/lock.h"

namespace sampan {

// One container's folder.
class Folder {
  public:
    Folder(std::string id, Fd dir) : id_(std::move(id)), dir_(std::move(dir)) {}

    // False when the other's folder was removed and made anew since.
    [[nodiscard]] Result<bool> is_same(const Folder& other) const;

    [[nodiscard]] const std::string& id() const { return id_; }
    [[nodiscard]] int dir() const { return dir_.get(); }
    // Nothing where a create was killed before it wrote one.
    [[nodiscard]] Result<std::optional<Record>> read() const;
    // What is in its file, whatever it says.
    [[nodiscard]] Result<std::string> read_record_text() const;
    [[nodiscard]] Status write(const Record& record) const;
    [[nodiscard]] Status write_config(const std::string& text) const;
    // The config.json as it was at create; for hooks of later commands.
    [[nodiscard]] Result<std::string> read_config() const;
    // The folder for the socket of sd_notify(3), which is bound into the container.
    [[nodiscard]] Status make_notify_folder() const;
    [[nodiscard]] Result<Fd> open_notify_folder() const;
    // Appends to hooks.log. Never fails: it is for people.
    void log_hook(const std::string& text) const;
    // Operations that change a container hold its lock.
    [[nodiscard]] Result<Lock> lock() const;
    [[nodiscard]] Result<Lock> lock_within(int timeout_ms) const;
    // Those that only need it to stay as it is hold this one, any number of them at once.
    [[nodiscard]] Result<Lock> lock_shared() const;
    [[nodiscard]] Result<std::optional<Lock>> try_lock() const;
    // Another one, for who freezes or thaws a container that is created: held for seconds at most.
    [[nodiscard]] Result<Lock> lock_freezer() const;

  private:
    [[nodiscard]] Result<Fd> reopen() const;
    std::string id_;
    Fd dir_;
};

inline constexpr const char* record_name = "state.json";
inline constexpr const char* config_name = "config.json";
inline constexpr const char* gate_name = "gate";
inline constexpr const char* notify_folder_name = "notify";
inline constexpr const char* hook_log_name = "hooks.log";

class Store {
  public:
    // `path` is made when missing (0711 below, 0700 itself).
    static Result<Store> open(const std::string& path);
    // The same for commands that change nothing: without a folder there are no containers.
    static Result<Store> look(const std::string& path);

    [[nodiscard]] const std::string& path() const { return path_; }
    // That somebody else can put another folder in the place of this one, which we would believe if
    // it is root's: that of another store, through a link.
    [[nodiscard]] std::optional<Error> doubt() const;
    // An error that says "container with given ID already exists", of the kind already_exists, when
    // it is taken.
    [[nodiscard]] Result<Folder> create(const std::string& id) const;
    // An error that says "container does not exist", of the kind not_found, when there is none.
    [[nodiscard]] Result<Folder> find(const std::string& id) const;
    [[nodiscard]] Result<std::vector<std::string>> ids() const;
    [[nodiscard]] Status remove(const Folder& folder) const;

  private:
    explicit Store(std::string path, Fd dir) : path_(std::move(path)), dir_(std::move(dir)) {}
    std::string path_;
    Fd dir_;
};

}  // namespace sampan
