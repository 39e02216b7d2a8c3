#include "spec/hooks.h"

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

}  // namespace sampan::spec
