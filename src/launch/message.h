// What comes through the sockets of launch/sync.h, checked: a Message of init or of the process in
// between, a stub::Report of the stub. Nothing is believed of what a message says of itself. What a
// container can reach may send anything, so that a Report is worth no more than text for a person:
// no pid, no descriptor, no size, no index comes out of it that the kernel or the reader's own
// lists do not bear out.
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
    // Of `failed`: an error (base/carried_error.h). The path of a folder and a name in it fit.
    char text[4400];
};
inline constexpr size_t message_head = offsetof(Message, text);

// Which of the two it is that arrived.
bool is_report(std::span<const std::byte> bytes);

// Fills `message` from the bytes of one; its text is what arrived of it, whatever it says. Pure. An
// error for what is no message of a known type.
Status parse_message(std::span<const std::byte> bytes, Message& message);

// The same for a report, of any type. In the result: `what`, `code` and the outcome's `end` and
// `value` are in their ranges where the type has them, `output_size` is what arrived. The index is
// any number: it must be looked up in the list that it counts in. Pure.
Status parse_report(std::span<const std::byte> bytes, stub::Report& report);

}  // namespace sampan
