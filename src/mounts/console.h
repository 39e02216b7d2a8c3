// The container's terminal (config.md#process: terminal, consoleSize).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/result.h"
#include "linux/context.h"
#include "spec/config.h"

namespace sampan {

// Makes a terminal in the container's own devpts, for Context::console and Context::console_peer,
// only by descriptors (CVE-2025-52565).
struct OpenConsole {
    std::string origin;
    std::optional<spec::ConsoleSize> size;
    bool operator==(const OpenConsole&) const = default;
};

// Binds Context::console_peer on /dev/console. A link there is an error (CVE-2026-88264).
struct BindConsole {
    std::string origin;
    bool operator==(const BindConsole&) const = default;
};

using ConsoleStep = std::variant<OpenConsole, BindConsole>;

// For after the devices. Nothing without process.terminal; no BindConsole without a mount
// namespace.
std::vector<ConsoleStep> plan_console(const Spec& spec);
// For a process that joins a running container: it gets a terminal, but no /dev/console.
std::vector<ConsoleStep> plan_exec_console(const spec::Process& process);

std::string describe(const OpenConsole& step);
std::string describe(const BindConsole& step);
Status apply(const OpenConsole& step, Context& context);
Status apply(const BindConsole& step, Context& context);

}  // namespace sampan
