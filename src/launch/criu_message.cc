#include "launch/criu_message.h"

#include "os/protobuf.h"

namespace sampan {

namespace {

// A field that is left out if it says nothing.
class OptionWriter {
  public:
    void flag(uint32_t field, bool value) {
        if (value) message_.add_number(field, 1);
    }
    void text(uint32_t field, std::string_view value) {
        if (!value.empty()) message_.add_bytes(field, value);
    }
    template <class T>
    void number(uint32_t field, const std::optional<T>& value) {
        if (value) message_.add_number(field, static_cast<int64_t>(*value));
    }
    // A message with two members of text.
    void pair(uint32_t field, std::string_view first, std::string_view second) {
        MessageWriter inner;
        inner.add_bytes(1, first);
        inner.add_bytes(2, second);
        message_.add_bytes(field, inner.take());
    }
    MessageWriter& message() { return message_; }
    std::string take() { return message_.take(); }

  private:
    MessageWriter message_;
};

// The numbers here and below are those of criu_opts.
void write_flags(OptionWriter& writer, const CriuOptions& options) {
    writer.flag(3, options.leave_running);
    writer.flag(4, options.external_unix_sockets);
    writer.flag(5, options.tcp_established);
    writer.flag(6, options.evasive_devices);
    writer.flag(7, options.shell_job);
    writer.flag(8, options.file_locks);
    writer.flag(12, true);  // notify_scripts
    writer.flag(15, options.track_memory);
    writer.flag(16, options.auto_dedup);
    writer.flag(18, options.link_remap);
    writer.flag(26, options.restore_as_sibling);
    writer.flag(46, options.tcp_skip_in_flight);
    writer.flag(48, options.lazy_pages);
    writer.flag(50, options.orphaned_terminals);
    writer.flag(52, options.tcp_close);
}

void write_texts(OptionWriter& writer, const CriuOptions& options) {
    writer.text(10, options.log_file);
    writer.text(13, options.root);
    writer.text(14, options.parent_images);
    writer.text(44, options.freeze_cgroup);
    writer.text(51, options.config_file);
    writer.text(53, options.lsm_profile);
    writer.text(63, options.lsm_mount_context);
}

void write_lists(OptionWriter& writer, const CriuOptions& options) {
    for (const ExternalMount& mount : options.mounts)
        writer.pair(23, mount.key, mount.value);
    for (const CriuCgroupRoot& root : options.cgroup_roots)
        writer.pair(25, root.controllers, root.path);
    for (const InheritedFd& inherited : options.inherited) {
        MessageWriter inner;
        inner.add_bytes(1, inherited.key);
        inner.add_number(2, inherited.fd);
        writer.message().add_bytes(27, inner.take());
    }
    for (const std::string& external : options.external)
        writer.message().add_bytes(37, external);
    for (const JoinedNamespace& joined : options.joined)
        writer.pair(39, joined.type, joined.file);
}

std::string write_options(const CriuOptions& options) {
    constexpr int log_everything_but_debugging = 4;
    OptionWriter writer;
    writer.message().add_number(1, options.images_fd);
    writer.number(2, options.pid);
    writer.number(17, options.work_fd);
    writer.message().add_number(9, log_everything_but_debugging);
    write_flags(writer, options);
    write_texts(writer, options);
    if (options.page_server) {
        MessageWriter server;
        server.add_bytes(1, options.page_server->address);
        server.add_number(2, options.page_server->port);
        writer.message().add_bytes(11, server.take());
    }
    // Before there were modes, it was a switch.
    writer.flag(24, options.cgroups.has_value());
    writer.number(34, options.cgroups);
    if (options.empty_namespaces != 0) writer.message().add_number(38, options.empty_namespaces);
    writer.number(64, options.network_lock);
    write_lists(writer, options);
    return writer.take();
}

MessageWriter begin_request(CriuTask task) {
    MessageWriter writer;
    writer.add_number(1, static_cast<int64_t>(task));
    return writer;
}

// optional int32: a negative number was sent as 64 bits.
int32_t to_int32(uint64_t value) {
    return static_cast<int32_t>(value);
}

Result<CriuFeatures> parse_features(std::string_view text) {
    CriuFeatures features;
    for (const MessageField& field : TRY(parse_fields(text))) {
        if (field.number == 1) features.memory_tracking = field.value != 0;
        if (field.number == 2) features.lazy_pages = field.value != 0;
    }
    return features;
}

Result<CriuVersion> parse_version(std::string_view text) {
    CriuVersion version;
    for (const MessageField& field : TRY(parse_fields(text))) {
        if (field.number == 1) version.major = to_int32(field.value);
        if (field.number == 2) version.minor = to_int32(field.value);
        if (field.number == 4) version.sublevel = to_int32(field.value);
    }
    return version;
}

Status parse_notification(std::string_view text, CriuResponse& response) {
    for (const MessageField& field : TRY(parse_fields(text))) {
        if (field.number == 1) response.notification = field.bytes;
        if (field.number == 2) response.notified_pid = to_int32(field.value);
    }
    return {};
}

Status parse_restored(std::string_view text, CriuResponse& response) {
    for (const MessageField& field : TRY(parse_fields(text)))
        if (field.number == 1) response.restored_pid = to_int32(field.value);
    return {};
}

// The numbers of criu_resp.
Status parse_member(const MessageField& field, CriuResponse& response) {
    switch (field.number) {
        case 1:
            response.task = static_cast<uint32_t>(field.value);
            break;
        case 2:
            response.success = field.value != 0;
            break;
        case 4:
            return parse_restored(field.bytes, response);
        case 5:
            return parse_notification(field.bytes, response);
        case 7:
            response.error = to_int32(field.value);
            break;
        case 8:
            response.features = TRY(parse_features(field.bytes));
            break;
        case 10:
            response.version = TRY(parse_version(field.bytes));
            break;
        default:
            break;
    }
    return {};
}

}  // namespace

std::string_view name_of(CriuTask task) {
    switch (task) {
        case CriuTask::dump:
            return "dump";
        case CriuTask::restore:
            return "restore";
        case CriuTask::pre_dump:
            return "pre-dump";
        case CriuTask::notify:
            return "notification";
        case CriuTask::feature_check:
            return "check of features";
        case CriuTask::version:
            break;
    }
    return "version";
}

std::string request_work(CriuTask task, const CriuOptions& options) {
    MessageWriter writer = begin_request(task);
    writer.add_bytes(2, write_options(options));
    return writer.take();
}

std::string request_version() {
    MessageWriter writer = begin_request(CriuTask::version);
    writer.add_number(4, 1);  // keep_open
    return writer.take();
}

std::string request_features(const CriuFeatures& wanted) {
    MessageWriter features;
    if (wanted.memory_tracking) features.add_number(1, 1);
    if (wanted.lazy_pages) features.add_number(2, 1);
    MessageWriter writer = begin_request(CriuTask::feature_check);
    writer.add_number(4, 1);  // keep_open
    writer.add_bytes(5, features.take());
    return writer.take();
}

std::string answer_notification(bool success) {
    MessageWriter writer = begin_request(CriuTask::notify);
    writer.add_number(3, success ? 1 : 0);
    return writer.take();
}

Result<CriuResponse> parse_response(std::string_view text) {
    CriuResponse response;
    for (const MessageField& field : TRY(parse_fields(text).in("CRIU's answer")))
        TRY(parse_member(field, response).in("CRIU's answer"));
    return response;
}

}  // namespace sampan
