// What we note on a cgroup's directory, as an extended attribute: "trusted.NAME", which only root
// can set; "user.NAME" without its rights, where the container may set it too, if its cgroup is its
// own to write to. So root reads the first alone. Where neither is possible nothing is noted.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sampan {

void note_on(const std::string& directory, std::string_view name, const std::string& value);
std::optional<std::string> read_note(const std::string& directory, std::string_view name);
// Of root's alone: nothing without its rights.
std::optional<std::string> read_trusted_note(const std::string& directory, std::string_view name);
void remove_note(const std::string& directory, std::string_view name);

}  // namespace sampan
