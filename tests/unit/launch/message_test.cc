#include "launch/message.h"

#include <array>
#include <cstring>
#include <random>
#include <vector>

#include <doctest/doctest.h>

using namespace sampan;
using stub::ReportType;

namespace {

constexpr size_t report_head = sizeof(stub::Report) - sizeof(stub::HookOutcome::output);

std::vector<std::byte> bytes_of(const void* object, size_t size) {
    const auto* first = static_cast<const std::byte*>(object);
    return {first, first + size};
}

// In the form in which the stub sends it: as long as its output.
std::vector<std::byte> sent(const stub::Report& report) {
    return bytes_of(&report, report_head + report.hook.output_size);
}

bool is_accepted(const std::vector<std::byte>& bytes) {
    stub::Report report;
    return parse_report(bytes, report).has_value();
}

stub::Report hook_done(std::string_view output) {
    stub::Report report{};
    report.type = ReportType::hook_done;
    report.hook.output_size = static_cast<uint32_t>(output.size());
    std::memcpy(report.hook.output, output.data(), output.size());
    return report;
}

// What every reader relies on.
bool keeps_its_word(const stub::Report& report, size_t size) {
    const bool has_code =
        report.type == ReportType::call_failed || report.type == ReportType::exec_failed;
    return report.type <= ReportType::last && report.hook.output_size == size - report_head &&
           report.hook.output_size <= sizeof report.hook.output &&
           (report.type != ReportType::call_failed || report.what <= stub::What::last) &&
           (!has_code || (report.code > 0 && report.code < 4096)) &&
           (report.type != ReportType::hook_done || report.hook.end <= stub::HookEnd::last);
}

// Heads that are nearly right, because random ones already fail at their first word.
stub::Report random_report(std::mt19937& random) {
    const auto pick = [&random](std::initializer_list<uint32_t> values) {
        return values.begin()[random() % values.size()];
    };
    stub::Report report{};
    report.type = static_cast<ReportType>(random() % 10);
    report.index = pick({0, 1, ~0U});
    report.what = static_cast<stub::What>(pick({0, 5, 23, 24, 25, ~0U}));
    report.code = static_cast<int32_t>(pick({0, 1, 13, 4095, 4096, ~0U}));
    report.hook.end = static_cast<stub::HookEnd>(random() % 9);
    report.hook.value = static_cast<int32_t>(pick({0, 1, 9, 127, 255, 256, 5000, ~0U}));
    report.hook.output_size = pick({0, 1, 17, 2047, 2048, 2049, 1U << 31, ~0U});
    return report;
}

}  // namespace

TEST_CASE("message: a report is taken as the stub sends it") {
    const stub::Report original = hook_done("what it wrote");
    stub::Report report;
    REQUIRE(parse_report(sent(original), report).has_value());
    CHECK(std::string_view(report.hook.output, report.hook.output_size) == "what it wrote");
}

TEST_CASE("message: a report that claims another size than it has is refused") {
    stub::Report report = hook_done("text");
    std::vector<std::byte> bytes = sent(report);
    for (const uint32_t claimed : {0U, 3U, 5U, 2048U, 2049U, 1U << 31, ~0U}) {
        report.hook.output_size = claimed;
        std::memcpy(bytes.data(), &report, report_head);
        CHECK_FALSE(is_accepted(bytes));
    }
}

TEST_CASE("message: a report cut anywhere is refused") {
    const std::vector<std::byte> whole = sent(hook_done("text"));
    for (size_t size = 0; size < whole.size(); ++size)
        CHECK_FALSE(is_accepted({whole.begin(), whole.begin() + static_cast<ptrdiff_t>(size)}));
}

TEST_CASE("message: a report with a word out of its range is refused") {
    stub::Report report = hook_done("");
    report.hook.end = static_cast<stub::HookEnd>(99);
    CHECK_FALSE(is_accepted(sent(report)));
    report = {.type = ReportType::call_failed, .index = 0, .what = {}, .code = 0, .hook = {}};
    CHECK_FALSE(is_accepted(sent(report)));
    report.code = 1;
    CHECK(is_accepted(sent(report)));
    report.what = static_cast<stub::What>(99);
    CHECK_FALSE(is_accepted(sent(report)));
    report.type = static_cast<ReportType>(99);
    CHECK_FALSE(is_accepted(sent(report)));
}

TEST_CASE("message: of random reports none is taken that says more than it is") {
    std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same each time
    int accepted = 0;
    for (int round = 0; round < 100000; ++round) {
        const stub::Report original = random_report(random);
        const size_t size =
            round % 2 == 0
                ? std::min<size_t>(report_head + original.hook.output_size, sizeof original)
                : random() % (sizeof original + 1);
        const std::vector<std::byte> bytes = bytes_of(&original, size);
        stub::Report report;
        if (!parse_report(bytes, report)) continue;
        ++accepted;
        CHECK(keeps_its_word(report, size));
    }
    CHECK(accepted > 1000);
}

TEST_CASE("message: random bytes are refused, or text of the size that arrived") {
    std::mt19937 random(2);  // NOLINT(cert-msc51-cpp): the same each time
    std::array<uint32_t, 64> words;
    for (int round = 0; round < 100000; ++round) {
        for (uint32_t& word : words)
            word = static_cast<uint32_t>(random() % 4 == 0 ? random() : 98 + random() % 16);
        const std::vector<std::byte> bytes = bytes_of(words.data(), random() % sizeof words);
        Message message;
        if (!parse_message(bytes, message)) continue;
        CHECK(message.text_size <= bytes.size() - message_head);
        CHECK(message.type != MessageType::ready);
        CHECK_FALSE(name_of(message.type).empty());
    }
}

TEST_CASE("message: one that is larger than any is refused") {
    const std::vector<std::byte> bytes(sizeof(Message) + 1, std::byte{100});
    Message message;
    CHECK_FALSE(parse_message(bytes, message).has_value());
    stub::Report report;
    CHECK_FALSE(parse_report(bytes, report).has_value());
}
