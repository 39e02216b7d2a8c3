#include "launch/sync.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "base/text.h"
#include "os/socket.h"

namespace sampan {

namespace {

struct Message {
    MessageType type;
    int32_t value;
    uint32_t text_size;
    // Of `failed`: message, pointer and hint, each ended by a NUL.
    char text[4000];
};
constexpr size_t message_head = offsetof(Message, text);

constexpr std::string_view hung_up = "the other side hung up";

const char* name_of(MessageType type) {
    switch (type) {
        case MessageType::ready:
            return "Ready";
        case MessageType::call_failed:
            return "CallFailed";
        case MessageType::cloned:
            return "Cloned";
        case MessageType::entered:
            return "Entered";
        case MessageType::source:
            return "Source";
        case MessageType::sources_sent:
            return "SourcesSent";
        case MessageType::proceed:
            return "Proceed";
        case MessageType::rootfs_ready:
            return "RootfsReady";
        case MessageType::hooks_done:
            return "HooksDone";
        case MessageType::sealed:
            return "Sealed";
        case MessageType::console:
            return "Console";
        case MessageType::hook_output:
            return "HookOutput";
        case MessageType::failed:
            return "Failed";
    }
    return "an unknown message";
}

// No more than what arrived, whatever the message says of itself.
std::string_view text_of(const Message& message, size_t received) {
    return {message.text, std::min<size_t>(message.text_size, received - message_head)};
}

Error reported_error(std::string_view text) {
    const std::vector<std::string_view> parts = split(text, '\0');
    const auto part = [&parts](size_t n) {
        return n < parts.size() ? std::string(parts[n]) : std::string();
    };
    Error error(part(0));
    if (!part(1).empty()) error.set_pointer(part(1));
    if (!part(2).empty()) error.set_hint(part(2));
    return error;
}

const char* name_of(stub::What what) {
    switch (what) {
        case stub::What::name_process:
            return "naming the process";
        case stub::What::hide_process:
            return "hiding the process from others";
        case stub::What::drop_bounding:
            return "dropping a capability of the bounding set";
        case stub::What::keep_capabilities:
            return "keeping capabilities over the change of user";
        case stub::What::set_groups:
            return "setting the groups";
        case stub::What::set_gid:
            return "setting the group id";
        case stub::What::set_uid:
            return "setting the user id";
        case stub::What::set_capabilities:
            return "setting the capabilities";
        case stub::What::raise_ambient:
            return "raising an ambient capability";
        case stub::What::change_directory:
            return "changing to the working directory";
        case stub::What::check_directory:
            return "the working directory is outside of the container's root";
        case stub::What::no_new_privileges:
            return "setting no_new_privs";
        case stub::What::load_seccomp:
            return "loading the seccomp filter";
        case stub::What::set_rlimit:
            return "setting a limit";
        // podman finds a path of this form, in these quotes.
        case stub::What::write_apparmor:
            return "writing the profile to `/proc/thread-self/attr/apparmor/exec`";
        case stub::What::write_selinux:
            return "writing the label to `/proc/thread-self/attr/exec`";
        case stub::What::clone_program:
            return "making a process in the container's pid namespace";
        case stub::What::new_session:
            return "making a session";
        case stub::What::controlling_terminal:
            return "making the terminal the controlling one";
    }
    return "a final step";
}

// From the process object on.
const char* pointer_of(stub::What what) {
    switch (what) {
        case stub::What::set_groups:
            return "/user/additionalGids";
        case stub::What::set_gid:
            return "/user/gid";
        case stub::What::set_uid:
            return "/user/uid";
        case stub::What::drop_bounding:
            return "/capabilities/bounding";
        case stub::What::set_capabilities:
            return "/capabilities";
        case stub::What::raise_ambient:
            return "/capabilities/ambient";
        case stub::What::change_directory:
        case stub::What::check_directory:
            return "/cwd";
        case stub::What::no_new_privileges:
            return "/noNewPrivileges";
        case stub::What::set_rlimit:
            return "/rlimits";
        case stub::What::write_apparmor:
            return "/apparmorProfile";
        case stub::What::write_selinux:
            return "/selinuxLabel";
        case stub::What::controlling_terminal:
            return "/terminal";
        default:
            return "";
    }
}

}  // namespace

Error describe_failed_call(const stub::Report& report, const std::string& origin) {
    Error error(name_of(report.what), report.code);
    error.set_pointer(report.what == stub::What::load_seccomp ? "/linux/seccomp"
                                                              : origin + pointer_of(report.what));
    if (report.what == stub::What::write_apparmor && report.code == ENOENT)
        error.set_hint("no profile of this name is loaded (aa-status tells which are)");
    if (report.what == stub::What::clone_program && report.code == ENOMEM)
        error.set_hint("the container's first process has ended");
    if (report.what == stub::What::write_selinux && report.code == EINVAL)
        error.set_hint("the loaded policy does not know this label");
    return error;
}

Status Sync::send_bytes(std::span<const std::byte> bytes, int fd, std::string_view what) {
    Status sent = send_message(socket_.get(), bytes, fd);
    if (!sent && sent.error().code() == EPIPE) return std::unexpected(end_of_conversation());
    return std::move(sent).in(what);
}

Status Sync::send(MessageType type, int32_t value, int fd) {
    Message message{.type = type, .value = value, .text_size = 0, .text = {}};
    const auto bytes = std::as_bytes(std::span(&message, 1)).first(message_head);
    return send_bytes(bytes, fd, name_of(type));
}

void Sync::send_text(MessageType type, int32_t value, std::string_view text) {
    Message message{.type = type, .value = value, .text_size = 0, .text = {}};
    message.text_size = static_cast<uint32_t>(std::min(text.size(), sizeof message.text));
    std::memcpy(message.text, text.data(), message.text_size);
    const auto bytes = std::as_bytes(std::span(&message, 1));
    // Where even this fails the end-of-file tells that something went wrong.
    (void)send_message(socket_.get(), bytes.first(message_head + message.text_size));
}

void Sync::send_failure(const Error& error) {
    const std::string text = error.message() + '\0' + error.pointer() + '\0' + error.hint() + '\0';
    send_text(MessageType::failed, error.code(), text);
}

void Sync::send_hook_output(const std::string& text) {
    send_text(MessageType::hook_output, 0, text);
}

Result<Heard> Sync::expect(MessageType type) {
    union {
        Message message;
        stub::Report report;
    } buffer{};
    Received received =
        TRY(receive_message(socket_.get(), std::as_writable_bytes(std::span(&buffer, 1))));
    if (received.size == 0) return std::unexpected(end_of_conversation());
    if (received.size < message_head) return failf("a message of {} bytes", received.size);
    const MessageType got = buffer.message.type;
    if (got == MessageType::hook_output) {
        if (keep_) keep_(std::string(text_of(buffer.message, received.size)));
        return expect(type);
    }
    if (got == MessageType::failed)
        return std::unexpected(reported_error(text_of(buffer.message, received.size)));
    if (got == MessageType::call_failed)
        return std::unexpected(describe_failed_call(buffer.report, origin_));
    if (got != type) return failf("expected {}, got {}", name_of(type), name_of(got));
    const bool brings = type == MessageType::console || type == MessageType::source;
    if (received.fd.valid() != brings)
        return failf("{} with a wrong number of descriptors", name_of(got));
    return Heard{buffer.message.value, std::move(received.fd)};
}

Status Sync::commit() {
    const std::byte word{1};
    return send_bytes(std::span(&word, 1), -1, "letting init go on");
}

Error end_of_conversation() {
    return Error(std::string(hung_up));
}

bool is_end_of_conversation(const Error& error) {
    return error.message() == hung_up || error.code() == ECONNRESET;
}

}  // namespace sampan
