// hooks of config.json (config.md#posix-platform-hooks).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sampan::spec {

struct Hook {
    std::string path;               // absolute
    std::vector<std::string> args;  // argv, starting with the program's name; empty: only the path
    // Absent: the environment of whoever runs it; an empty list: none.
    std::optional<std::vector<std::string>> env;
    std::optional<int64_t> timeout;  // in seconds, above 0
    bool operator==(const Hook&) const = default;
};

// In the order in which the kinds run.
struct Hooks {
    std::vector<Hook> prestart;
    std::vector<Hook> create_runtime;
    std::vector<Hook> create_container;
    std::vector<Hook> start_container;
    std::vector<Hook> poststart;
    std::vector<Hook> poststop;
    bool operator==(const Hooks&) const = default;
};

enum class HookKind {
    prestart,
    create_runtime,
    create_container,
    start_container,
    poststart,
    poststop
};
// What to do if args probably lack the program's name, with which they begin: "-c", or a path of
// something else. "" if they are as they should be.
std::string hint_for_name(const Hook& hook);
// Where hooks of this kind are looked up, if that is not the host; else "".
std::string_view hint_for_place(HookKind kind);
// The name in config.json: "createRuntime" …
std::string_view name_of(HookKind kind);
const std::vector<Hook>& hooks_of(const Hooks& hooks, HookKind kind);

}  // namespace sampan::spec
