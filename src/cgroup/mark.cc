#include "cgroup/mark.h"

#include "cgroup/attribute.h"

namespace sampan {

namespace {

constexpr const char* mark_name = "sampan";

}  // namespace

void mark_as_ours(const std::string& directory) {
    note_on(directory, mark_name, "1");
}

bool is_marked_as_ours(const std::string& directory) {
    return read_note(directory, mark_name).has_value();
}

}  // namespace sampan
