// The files that a container will see, looked up before anything is mounted: in its root, and in
// what will be bound below it. Changes nothing. Who may write to the root may change it meanwhile,
// but leads nobody out of it: each part of a path is opened by its name, and links are followed by
// their text.
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

class ForeseenFiles {
  public:
    // `root` is a folder (O_PATH).
    explicit ForeseenFiles(Fd root) : root_(std::move(root)) {}

    // In the order in which they will be mounted. `source` is a path of the host.
    void bind(const std::string& source, const std::string& destination);
    // Nothing can be known about the files at and below `destination`: a new file system, or
    // mapped ids.
    void hide(const std::string& destination);

    // Opens an absolute path (O_PATH). Links are followed, in the container. EXDEV: it is on a file
    // system of which nothing is known.
    [[nodiscard]] Result<Fd> open(const std::string& path) const;
    // The first `most` names in a folder; none if it cannot be read.
    [[nodiscard]] std::vector<std::string> list(const std::string& folder, size_t most) const;

  private:
    struct Mount {
        std::string destination;  // clean, without links
        std::string source;       // "", which cannot be opened: nothing is known
    };
    class Walk;
    void add(std::string source, const std::string& destination);
    [[nodiscard]] const Mount* mounted_on(const std::string& path) const;
    [[nodiscard]] bool has_mounts_below(const std::string& path) const;

    Fd root_;
    std::vector<Mount> mounts_;
};

}  // namespace sampan
