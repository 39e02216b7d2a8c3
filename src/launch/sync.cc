#include "launch/sync.h"

#include <poll.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string>

#include "base/carried_error.h"
#include "base/text.h"
#include "os/socket.h"
#include "plan/traced.h"

namespace sampan {

namespace {

std::string_view text_of(const Message& message) {
    return {message.text, message.text_size};
}

// `committed` is not a message, because the stub reads it (Sync::say()).
MessageType message_of(Word word) {
    switch (word) {
        case Word::entered:
            return MessageType::entered;
        case Word::rootfs_ready:
            return MessageType::rootfs_ready;
        case Word::hooks_done:
            return MessageType::hooks_done;
        case Word::sealed:
            return MessageType::sealed;
        case Word::ready:
            return MessageType::ready;
        case Word::proceed:
        case Word::scheduled:
        case Word::released:
        case Word::committed:
            break;
    }
    return MessageType::proceed;
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
        case stub::What::set_ambient:
            return "setting the ambient capabilities";
        case stub::What::change_directory:
            return "chdir to the working directory";
        case stub::What::check_directory:
            return "the working directory is outside of the container's root";
        case stub::What::no_new_privileges:
            return "setting no_new_privs";
        case stub::What::load_seccomp:
            return "loading the seccomp filter";
        case stub::What::set_rlimit:
            return "setting a limit";
        // podman looks for a path of this form, in these quotes.
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
        case stub::What::wait_for_start:
            return "taking signals while waiting for the start";
        case stub::What::keep_apart:
            return "keeping the runtime's channels from the container";
        case stub::What::hand_over_listener:
            return "handing the filter's notifications over";
        case stub::What::tell_execution:
            return "telling of the program's execution";
        case stub::What::wait_for_word:
            return "waiting for the runtime's word";
    }
    return "a final step";
}

// The rest of the pointer, from the process object on.
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
        case stub::What::set_ambient:
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

bool is_of_filter(stub::What what) {
    return what == stub::What::load_seccomp || what == stub::What::hand_over_listener;
}

}  // namespace

Error describe_failed_call(const stub::Report& report, const std::string& origin) {
    Error error(name_of(report.what), report.code);
    error.set_pointer(is_of_filter(report.what) ? "/linux/seccomp"
                                                : origin + pointer_of(report.what));
    if (report.what == stub::What::write_apparmor && report.code == ENOENT)
        error.set_hint("no profile of this name is loaded (aa-status tells which are)");
    if (report.what == stub::What::clone_program && report.code == ENOMEM)
        error.set_hint("the container's first process has ended");
    if (report.what == stub::What::write_selinux && report.code == EINVAL)
        error.set_hint("the loaded policy does not know this label");
    return error;
}

Failure failed_clone(int code, const std::string& origin) {
    stub::Report report{};
    report.what = stub::What::clone_program;
    report.code = code;
    return Failure(describe_failed_call(report, origin));
}

Status Sync::send_bytes(std::span<const std::byte> bytes, int fd, std::string_view what) {
    Status sent = send_message(socket_.get(), bytes, fd);
    if (!sent && sent.error().kind() == ErrorKind::hung_up) return end_of_conversation();
    return std::move(sent).in(what);
}

Status Sync::send(MessageType type, int32_t value, int fd) {
    Message message{.type = type, .value = value, .text_size = 0, .text = {}};
    const auto bytes = std::as_bytes(std::span(&message, 1)).first(message_head);
    return send_bytes(bytes, fd, name_of(type));
}

Status Sync::send_text(MessageType type, int32_t value, std::string_view text) {
    Message message{.type = type, .value = value, .text_size = 0, .text = {}};
    message.text_size = static_cast<uint32_t>(std::min(text.size(), sizeof message.text));
    std::memcpy(message.text, text.data(), message.text_size);
    const auto bytes = std::as_bytes(std::span(&message, 1));
    return send_bytes(bytes.first(message_head + message.text_size), -1, name_of(type));
}

void Sync::send_failure(const Error& error) {
    // If even this fails, end-of-file shows that something went wrong.
    (void)send_text(MessageType::failed, 0, pack_error(error, sizeof Message::text));
}

void Sync::send_warning(const Error& warning) {
    (void)send_text(MessageType::warning, 0, pack_error(warning, sizeof Message::text));
}

void Sync::send_hook_output(const std::string& text) {
    (void)send_text(MessageType::hook_output, 0, text);
}

MadeLog Sync::teller() {
    return {.before = [this](MadeKind kind,
                             const std::string& path) { return tell_making(kind, path); },
            .after = [this](const std::optional<FileIdentity>& made) { return tell_made(made); }};
}

Status Sync::tell_making(MadeKind kind, const std::string& path) {
    if (path.size() > sizeof Message::text)
        return fail(format("telling of {} in the root", path), ENAMETOOLONG);
    TRY(send_text(MessageType::making, static_cast<int32_t>(kind), path));
    TRY(expect(MessageType::proceed));
    return {};
}

Status Sync::tell_made(const std::optional<FileIdentity>& made) {
    std::string text;
    if (made) text.assign(reinterpret_cast<const char*>(&*made), sizeof *made);
    return send_text(MessageType::made, 0, text);
}

struct Sync::Incoming {
    Received received;
    bool is_report = false;
    Message message;
    stub::Report report;
};

// What came instead of the expected message: the failure that the other side reported.
Error Sync::describe(const stub::Report& report, std::string_view expected) const {
    if (report.type == stub::ReportType::call_failed) return describe_failed_call(report, origin_);
    return Error(format("expected {}, got a report", expected));
}

Result<bool> Sync::take_aside(const Message& message) {
    const std::string text(text_of(message));
    if (message.type == MessageType::hook_output) {
        if (keep_) keep_(text);
        return true;
    }
    if (message.type == MessageType::warning) {
        if (tell_) tell_(unpack_error(text));
        return true;
    }
    if (message.type == MessageType::making && made_.before) {
        if (message.value < 0 || message.value > static_cast<int32_t>(last_made_kind))
            return failf("something of an unknown kind is made");
        TRY(made_.before(static_cast<MadeKind>(message.value), text));
        const Status answered = send(MessageType::proceed);
        // Then the file has not been made, and the reason comes next.
        if (!answered && answered.error().kind() != ErrorKind::hung_up)
            return Failure(answered.error());
        return true;
    }
    if (message.type == MessageType::made && made_.after) {
        FileIdentity identity;
        const bool whole = text.size() == sizeof identity;
        if (whole) std::memcpy(&identity, text.data(), sizeof identity);
        TRY(made_.after(whole ? std::optional(identity) : std::nullopt));
        return true;
    }
    return false;
}

Status Sync::receive(Incoming& incoming, std::string_view expected) {
    std::array<std::byte, std::max(sizeof(Message), sizeof(stub::Report))> buffer;
    while (true) {
        incoming.received = TRY(receive_message(socket_.get(), buffer));
        if (incoming.received.size == 0) return {};
        const std::span<const std::byte> bytes = std::span(buffer).first(incoming.received.size);
        incoming.is_report = is_report(bytes);
        if (incoming.is_report) {
            TRY(parse_report(bytes, incoming.report).in(expected));
            if (incoming.report.type == stub::ReportType::call_failed) end_told_steps(true);
            if (incoming.report.type != stub::ReportType::step) return {};
            if (++steps_ > most_told_steps) return failf("more steps than there can be");
            trace_told(incoming.report);
            continue;
        }
        const Message& message = incoming.message;
        TRY(parse_message(bytes, incoming.message).in(expected));
        if (message.type == MessageType::failed) return Failure(unpack_error(text_of(message)));
        if (!TRY(take_aside(message))) return {};
    }
}

Result<Heard> Sync::expect(MessageType type) {
    Incoming incoming;
    TRY(receive(incoming, name_of(type)));
    if (incoming.received.size == 0) return end_of_conversation();
    if (incoming.is_report) {
        if (type == MessageType::ready && incoming.report.type == stub::ReportType::ready)
            return Heard{};
        return Failure(describe(incoming.report, name_of(type)));
    }
    const MessageType got = incoming.message.type;
    if (got != type) return failf("expected {}, got {}", name_of(type), name_of(got));
    Fd& fd = incoming.received.fd;
    const bool brings = type == MessageType::console || type == MessageType::source;
    if (fd.valid() != brings) return failf("{} with a wrong number of descriptors", name_of(got));
    return Heard{incoming.message.value, std::move(fd)};
}

Status Sync::say(Word word) {
    if (word == Word::committed) return let_go_on(socket_.get()).in("letting init go on");
    return send(message_of(word));
}

Status Sync::await(Word word) {
    TRY(expect(message_of(word)));
    return {};
}

Status Sync::expect_end() {
    constexpr std::string_view end = "the end";
    Incoming incoming;
    Status received = receive(incoming, end);
    // A reset: it ended before it had read what was sent to it.
    if (!received && received.error().kind() == ErrorKind::hung_up) return {};
    if (!received || incoming.received.size == 0) return received;
    if (incoming.is_report) return Failure(describe(incoming.report, end));
    return failf("expected {}, got {}", end, name_of(incoming.message.type));
}

std::optional<Error> Sync::last_failure() {
    Incoming incoming;
    while (true) {
        const Status received = receive(incoming, name_of(MessageType::failed));
        // A reset: it ended before it had read what was sent to it.
        if (!received && received.error().kind() == ErrorKind::hung_up) return std::nullopt;
        if (!received) return received.error();
        if (incoming.received.size == 0) return std::nullopt;
        if (incoming.is_report && incoming.report.type == stub::ReportType::call_failed)
            return describe_failed_call(incoming.report, origin_);
    }
}

bool Sync::has_hung_up() const {
    pollfd other{socket_.get(), 0, 0};
    return ::poll(&other, 1, 0) > 0 && (other.revents & POLLHUP) != 0;
}

Status let_go_on(int socket) {
    const std::byte word{1};
    Status sent = send_message(socket, std::span(&word, 1));
    if (!sent && sent.error().kind() == ErrorKind::hung_up) return end_of_conversation();
    return sent;
}

Failure end_of_conversation() {
    return fail(ErrorKind::hung_up, "the other side hung up");
}

}  // namespace sampan
