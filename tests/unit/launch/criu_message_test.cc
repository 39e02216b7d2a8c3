#include "launch/criu_message.h"

#include <sched.h>

#include <algorithm>
#include <string>

#include <doctest/doctest.h>

#include "os/protobuf.h"

using namespace sampan;

namespace {

std::vector<MessageField> fields_of(std::string_view text) {
    auto fields = parse_fields(text);
    REQUIRE(fields);
    return std::move(*fields);
}

const MessageField* find(const std::vector<MessageField>& fields, uint32_t number) {
    const auto found = std::ranges::find(fields, number, &MessageField::number);
    return found == fields.end() ? nullptr : &*found;
}

uint64_t number_in(const std::vector<MessageField>& fields, uint32_t number) {
    const MessageField* found = find(fields, number);
    REQUIRE(found != nullptr);
    return found->value;
}

std::string text_in(const std::vector<MessageField>& fields, uint32_t number) {
    const MessageField* found = find(fields, number);
    REQUIRE(found != nullptr);
    return std::string(found->bytes);
}

CriuResponse parse(const std::string& text) {
    auto response = parse_response(text);
    REQUIRE(response);
    return std::move(*response);
}

}  // namespace

TEST_CASE("criu: options that were not asked for are not sent") {
    const std::string request = request_work(CriuTask::dump, {.images_fd = 7});
    const auto fields = fields_of(request);
    CHECK(number_in(fields, 1) == 1);
    const auto options = fields_of(text_in(fields, 2));
    CHECK(number_in(options, 1) == 7);
    // Besides: the level of the log, and that we want notifications.
    CHECK(options.size() == 3);
    CHECK(number_in(options, 12) == 1);
}

TEST_CASE("criu: each option has its number") {
    CriuOptions all{.images_fd = 5,
                    .work_fd = 6,
                    .pid = 42,
                    .log_file = "dump.log",
                    .root = "/rootfs",
                    .parent_images = "../before",
                    .config_file = "/etc/criu/runc.conf",
                    .freeze_cgroup = "/sys/fs/cgroup/web",
                    .lsm_profile = "apparmor:web",
                    .lsm_mount_context = "a_context",
                    .cgroups = CriuCgroups::ignore,
                    .network_lock = CriuNetworkLock::nftables,
                    .page_server = CriuPageServer{"10.0.0.1", 27},
                    .empty_namespaces = CLONE_NEWNET,
                    .leave_running = true,
                    .external_unix_sockets = true,
                    .tcp_established = true,
                    .tcp_close = true,
                    .tcp_skip_in_flight = true,
                    .shell_job = true,
                    .file_locks = true,
                    .link_remap = true,
                    .auto_dedup = true,
                    .lazy_pages = true,
                    .track_memory = true,
                    .evasive_devices = true,
                    .restore_as_sibling = true,
                    .orphaned_terminals = true,
                    .mounts = {{"/data", "/srv/data"}},
                    .inherited = {{"pipe:[12]", 1}},
                    .joined = {{"ipc", "/proc/7/ns/ipc"}},
                    .cgroup_roots = {{"cpu,cpuacct", "/web"}},
                    .external = {"net[99]:extRootNetNS"}};
    const std::string request = request_work(CriuTask::restore, all);
    const std::string text = text_in(fields_of(request), 2);
    const auto options = fields_of(text);
    for (const uint32_t flag : {3, 4, 5, 6, 7, 8, 12, 15, 16, 18, 24, 26, 46, 48, 50, 52})
        CHECK_MESSAGE(number_in(options, flag) == 1, flag);
    CHECK(number_in(options, 1) == 5);
    CHECK(number_in(options, 2) == 42);
    CHECK(number_in(options, 17) == 6);
    CHECK(number_in(options, 34) == 0);
    CHECK(number_in(options, 38) == CLONE_NEWNET);
    CHECK(number_in(options, 64) == 2);
    CHECK(text_in(options, 10) == "dump.log");
    CHECK(text_in(options, 13) == "/rootfs");
    CHECK(text_in(options, 14) == "../before");
    CHECK(text_in(options, 44) == "/sys/fs/cgroup/web");
    CHECK(text_in(options, 51) == "/etc/criu/runc.conf");
    CHECK(text_in(options, 53) == "apparmor:web");
    CHECK(text_in(options, 63) == "a_context");
    CHECK(text_in(options, 37) == "net[99]:extRootNetNS");
    const std::string server = text_in(options, 11);
    CHECK(text_in(fields_of(server), 1) == "10.0.0.1");
    CHECK(number_in(fields_of(server), 2) == 27);
    const std::string mount = text_in(options, 23);
    CHECK(text_in(fields_of(mount), 1) == "/data");
    CHECK(text_in(fields_of(mount), 2) == "/srv/data");
    const std::string root = text_in(options, 25);
    CHECK(text_in(fields_of(root), 1) == "cpu,cpuacct");
    CHECK(text_in(fields_of(root), 2) == "/web");
    const std::string inherited = text_in(options, 27);
    CHECK(text_in(fields_of(inherited), 1) == "pipe:[12]");
    CHECK(number_in(fields_of(inherited), 2) == 1);
    const std::string joined = text_in(options, 39);
    CHECK(text_in(fields_of(joined), 1) == "ipc");
    CHECK(text_in(fields_of(joined), 2) == "/proc/7/ns/ipc");
}

TEST_CASE("criu: the other requests") {
    const auto version = fields_of(request_version());
    CHECK(number_in(version, 1) == 10);
    CHECK(number_in(version, 4) == 1);
    const std::string asked = request_features({.memory_tracking = true});
    const auto features = fields_of(asked);
    CHECK(number_in(features, 1) == 9);
    const std::string wanted = text_in(features, 5);
    CHECK(number_in(fields_of(wanted), 1) == 1);
    CHECK(find(fields_of(wanted), 2) == nullptr);
    CHECK(number_in(fields_of(answer_notification(true)), 3) == 1);
    CHECK(number_in(fields_of(answer_notification(false)), 3) == 0);
    CHECK(number_in(fields_of(answer_notification(false)), 1) == 6);
}

TEST_CASE("criu: answers") {
    MessageWriter restored;
    restored.add_number(1, 4711);
    MessageWriter writer;
    writer.add_number(1, 2);
    writer.add_number(2, 1);
    writer.add_bytes(4, restored.take());
    writer.add_bytes(77, "a field of a later CRIU");
    const CriuResponse response = parse(writer.take());
    CHECK(response.is(CriuTask::restore));
    CHECK_FALSE(response.is(CriuTask::dump));
    CHECK(response.success);
    CHECK(response.restored_pid == 4711);
    CHECK(response.notification.empty());
}

TEST_CASE("criu: a notification, a failure, a version, features") {
    MessageWriter told;
    told.add_bytes(1, "setup-namespaces");
    told.add_number(2, 12);
    MessageWriter notification;
    notification.add_number(1, 6);
    notification.add_number(2, 1);
    notification.add_bytes(5, told.take());
    const CriuResponse notified = parse(notification.take());
    CHECK(notified.is(CriuTask::notify));
    CHECK(notified.notification == "setup-namespaces");
    CHECK(notified.notified_pid == 12);

    MessageWriter failure;
    failure.add_number(1, 1);
    failure.add_number(2, 0);
    failure.add_number(7, 17);
    failure.add_bytes(9, "something");
    const CriuResponse failed = parse(failure.take());
    CHECK_FALSE(failed.success);
    CHECK(failed.error == 17);

    MessageWriter numbers;
    numbers.add_number(1, 4);
    numbers.add_number(2, 2);
    numbers.add_number(4, 1);
    MessageWriter version;
    version.add_number(1, 10);
    version.add_bytes(10, numbers.take());
    CHECK(parse(version.take()).version == CriuVersion{4, 2, 1});

    MessageWriter flags;
    flags.add_number(1, 1);
    flags.add_number(2, 0);
    MessageWriter features;
    features.add_bytes(8, flags.take());
    CHECK(parse(features.take()).features == CriuFeatures{.memory_tracking = true});
}

TEST_CASE("criu: damaged answers are errors, at any depth") {
    CHECK_FALSE(parse_response("\x08"));
    for (const uint32_t member : {4U, 5U, 8U, 10U}) {
        MessageWriter writer;
        writer.add_bytes(member, "\x08");
        CHECK_FALSE(parse_response(writer.take()));
    }
}
