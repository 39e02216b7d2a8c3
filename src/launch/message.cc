#include "launch/message.h"

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "plan/step.h"

namespace sampan {

namespace {

using stub::ReportType;

constexpr size_t report_head = offsetof(stub::Report, hook) + offsetof(stub::HookOutcome, output);

Failure refuse(std::string_view why) {
    return failf("this is not a message: {}", why);
}

constexpr bool is_errno(int32_t code) {
    constexpr int32_t largest = 4095;  // MAX_ERRNO of the kernel
    return code > 0 && code <= largest;
}

bool is_outcome(const stub::HookOutcome& hook) {
    using enum stub::HookEnd;
    switch (hook.end) {
        case exited:
            return hook.value >= 0 && hook.value <= 255;
        case signalled:
            return hook.value > 0 && hook.value < 128;
        case timed_out:
        case abandoned:
        case interrupted:
            return true;
        case not_executed:
        case not_started:
        case not_watched:
            return is_errno(hook.value);
    }
    return false;
}

Status check_report(const stub::Report& report) {
    switch (report.type) {
        case ReportType::ready:
        case ReportType::executing:
        case ReportType::listening:
        case ReportType::step:
            return {};
        case ReportType::call_failed:
            if (report.what > stub::What::last) return refuse("an unknown call");
            if (!is_errno(report.code)) return refuse("no errno");
            return {};
        case ReportType::exec_failed:
            if (!is_errno(report.code)) return refuse("no errno");
            return {};
        case ReportType::hook_done:
        case ReportType::hook_failed:
            if (!is_outcome(report.hook)) return refuse("not an outcome of a hook");
            return {};
    }
    return refuse("an unknown type");
}

}  // namespace

std::string_view name_of(MessageType type) {
    switch (type) {
        case MessageType::ready:
            return "Ready";
        case MessageType::entered:
            return "Entered";
        case MessageType::source:
            return "Source";
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
        case MessageType::making:
            return "Making";
        case MessageType::made:
            return "Made";
        case MessageType::hook_output:
            return "HookOutput";
        case MessageType::warning:
            return "Warning";
        case MessageType::failed:
            return "Failed";
    }
    return "";
}

bool is_report(std::span<const std::byte> bytes) {
    stub::ReportType type{};
    if (bytes.size() < sizeof type) return false;
    std::memcpy(&type, bytes.data(), sizeof type);
    return type <= stub::ReportType::last;
}

Status parse_message(std::span<const std::byte> bytes, Message& message) {
    if (bytes.size() < message_head || bytes.size() > sizeof message) return refuse("its size");
    message = {};
    std::memcpy(&message, bytes.data(), bytes.size());
    if (message.type == MessageType::ready || name_of(message.type).empty())
        return refuse("an unknown type");
    message.text_size =
        static_cast<uint32_t>(std::min<size_t>(message.text_size, bytes.size() - message_head));
    return {};
}

Status parse_report(std::span<const std::byte> bytes, stub::Report& report) {
    if (bytes.size() < report_head || bytes.size() > sizeof report) return refuse("its size");
    report = {};
    std::memcpy(&report, bytes.data(), bytes.size());
    if (report.hook.output_size != bytes.size() - report_head)
        return refuse("another size than it says");
    return check_report(report);
}

void trace_told(const stub::Report& report) {
    trace_told_step({report.hook.output, report.hook.output_size}, report.time);
}

}  // namespace sampan
