#include "spec/homes.h"

#include <algorithm>
#include <vector>

#include "base/text.h"

namespace sampan::spec {

namespace {

// Tables do not contain themselves, so that the way through them ends.
void find_homes(const ObjectType& type,
                const std::string& pointer,
                std::string_view name,
                std::vector<std::string>& homes) {
    for (const Field& field : type.fields) {
        if (field.type == nullptr) continue;  // of another platform
        if (field.name == name) homes.push_back(pointer.empty() ? "the outermost object" : pointer);
        const Type& inner = *field.type;
        const std::string below = format("{}/{}", pointer, field.name);
        if (inner.kind == Kind::object)
            find_homes(inner.object(), below, name, homes);
        else if (inner.element != nullptr && inner.element->kind == Kind::object)
            find_homes(inner.element->object(), "an entry of " + below, name, homes);
    }
}

}  // namespace

std::string hint_for_home(const ObjectType& root, std::string_view name) {
    constexpr size_t few = 3;
    std::vector<std::string> homes;
    find_homes(root, "", name, homes);
    // Those that are not deep: "args" is meant to be the program's, and not those of a hook.
    const auto depth = [](const std::string& home) { return std::ranges::count(home, '/'); };
    const auto least =
        std::ranges::min(homes.empty() ? std::vector<std::string>{""} : homes, {}, depth);
    std::erase_if(homes, [&](const std::string& home) { return depth(home) > depth(least); });
    if (homes.empty() || homes.size() > few) return "";
    return format("it belongs in {}", join(homes, " or "));
}

}  // namespace sampan::spec
