#include "spec/hooks.h"

#include "base/text.h"
#include "spec/tables.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<Hook>() {
    static constexpr Field table[] = {
        required<&Hook::path>("path", absolute_path),
        optional<&Hook::args>("args"),
        optional<&Hook::env>("env"),
        optional<&Hook::timeout>("timeout", above_zero),
    };
    static constexpr ObjectType type{table};
    return type;
}

template <>
const ObjectType& object_type<Hooks>() {
    static constexpr Field table[] = {
        optional<&Hooks::prestart>("prestart"),
        optional<&Hooks::create_runtime>("createRuntime"),
        optional<&Hooks::create_container>("createContainer"),
        optional<&Hooks::start_container>("startContainer"),
        optional<&Hooks::poststart>("poststart"),
        optional<&Hooks::poststop>("poststop"),
    };
    static constexpr ObjectType type{table};
    return type;
}

std::string_view hint_for_place(HookKind kind) {
    if (kind != HookKind::start_container) return "";
    return "a startContainer hook is a file of the container, below its root";
}

std::string hint_for_name(const Hook& hook) {
    if (hook.args.empty()) return "";
    const auto last_part = [](std::string_view path) { return path.substr(path.rfind('/') + 1); };
    const std::string& first = hook.args[0];
    const std::string_view name = last_part(hook.path);
    const bool is_other_path = first.contains('/') && last_part(first) != name;
    if (!first.starts_with('-') && !is_other_path) return "";
    return format("args begin with the program's name: is [\"{}\", \"{}\"{}] meant?", name, first,
                  hook.args.size() > 1 ? ", ..." : "");
}

std::string_view name_of(HookKind kind) {
    switch (kind) {
        case HookKind::prestart:
            return "prestart";
        case HookKind::create_runtime:
            return "createRuntime";
        case HookKind::create_container:
            return "createContainer";
        case HookKind::start_container:
            return "startContainer";
        case HookKind::poststart:
            return "poststart";
        case HookKind::poststop:
            return "poststop";
    }
    return "unknown";
}

const std::vector<Hook>& hooks_of(const Hooks& hooks, HookKind kind) {
    switch (kind) {
        case HookKind::prestart:
            return hooks.prestart;
        case HookKind::create_runtime:
            return hooks.create_runtime;
        case HookKind::create_container:
            return hooks.create_container;
        case HookKind::start_container:
            return hooks.start_container;
        case HookKind::poststart:
            return hooks.poststart;
        case HookKind::poststop:
            break;
    }
    return hooks.poststop;
}

}  // namespace sampan::spec
