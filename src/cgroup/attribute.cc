#include "cgroup/attribute.h"

#include <sys/xattr.h>

#include <array>
#include <cerrno>

#include "base/text.h"

namespace sampan {

namespace {

std::string trusted(std::string_view name) {
    return format("trusted.{}", name);
}

std::string untrusted(std::string_view name) {
    return format("user.{}", name);
}

// Whoever may not set one reads it as if there were none, so only a change tells it: there is no
// attribute of this name.
bool is_without_trust(const std::string& directory) {
    return ::lremovexattr(directory.c_str(), "trusted.sampan.none") != 0 && errno == EPERM;
}

std::optional<std::string> read_attribute(const std::string& directory, const std::string& name) {
    std::array<char, 2048> buffer;  // an ID has a kilobyte at most
    const ssize_t size = ::lgetxattr(directory.c_str(), name.c_str(), buffer.data(), buffer.size());
    if (size < 0) return std::nullopt;
    return std::string(buffer.data(), static_cast<size_t>(size));
}

bool write_attribute(const std::string& directory,
                     const std::string& name,
                     const std::string& value) {
    return ::lsetxattr(directory.c_str(), name.c_str(), value.data(), value.size(), 0) == 0;
}

}  // namespace

void note_on(const std::string& directory, std::string_view name, const std::string& value) {
    if (!write_attribute(directory, trusted(name), value))
        (void)write_attribute(directory, untrusted(name), value);
}

std::optional<std::string> read_note(const std::string& directory, std::string_view name) {
    std::optional<std::string> note = read_trusted_note(directory, name);
    if (note || !is_without_trust(directory)) return note;
    return read_attribute(directory, untrusted(name));
}

std::optional<std::string> read_trusted_note(const std::string& directory, std::string_view name) {
    return read_attribute(directory, trusted(name));
}

void remove_note(const std::string& directory, std::string_view name) {
    (void)::lremovexattr(directory.c_str(), trusted(name).c_str());
    (void)::lremovexattr(directory.c_str(), untrusted(name).c_str());
}

}  // namespace sampan
