// Checks what comes through the sockets of launch/sync.h: a Message comes from init or the process
// in between, a stub::Report from the stub. A message is not trusted in anything it says about
// itself. A container can send anything through a socket that it can reach. So a Report is only
// text for people: no pid, descriptor, size or index in it is used unless the kernel or the
// reader's own lists confirm it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "launch/stub/block.h"

namespace sampan {

enum class MessageType : uint32_t {
    ready = static_cast<uint32_t>(stub::ReportType::ready),  // a report
    entered = 100,
    source,
    proceed,
    rootfs_ready,
    hooks_done,
    sealed,
    console,
    making,  // its value is a MadeKind, its text the path
    made,    // its text is the FileIdentity; empty: it was not made
    hook_output,
    warning,  // its text is an error (base/carried_error.h)
    failed,
};

std::string_view name_of(MessageType type);

struct Message {
    MessageType type;
    int32_t value;
    uint32_t text_size;
    // Of `failed`: an error (base/carried_error.h). Has room for the path of a folder and a name in
    // it.
    char text[4400];
};
inline constexpr size_t message_head = offsetof(Message, text);

// Whether the bytes are a report or a message.
bool is_report(std::span<const std::byte> bytes);

// Fills `message` from its bytes; the text is what has arrived of it, whatever the message says.
// Pure. It is an error if the bytes are not a message of a known type.
Status parse_message(std::span<const std::byte> bytes, Message& message);

// The same for a report, of any type. In the result `what`, `code`, and `end` and `value` of the
// outcome are in range, where the type has them; `output_size` is what has arrived. The index can
// be any number, and must be looked up in its list. Pure.
Status parse_report(std::span<const std::byte> bytes, stub::Report& report);

// How many steps one conversation may have: nobody shall keep us listening.
inline constexpr int most_told_steps = 1000;
// For a report of a step: the trace, if there is one, gets it.
void trace_told(const stub::Report& report);

}  // namespace sampan
