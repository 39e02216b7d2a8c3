#include "container/record.h"

#include "base/text.h"
#include "spec/fields.h"
#include "spec/reader.h"
#include "spec/writer.h"

namespace sampan::spec {

template <>
const ObjectType& object_type<Record>() {
    static constexpr Field table[] = {
        required<&Record::oci_version>("ociVersion"),
        required<&Record::id>("id"),
        required<&Record::bundle>("bundle"),
        required<&Record::rootfs>("rootfs"),
        required<&Record::created>("created"),
        required<&Record::owner>("owner"),
        optional<&Record::annotations>("annotations"),
        optional<&Record::pid_namespace>("pidNamespace"),
        optional<&Record::create_pid>("createPid"),
        optional<&Record::pid>("pid"),
        optional<&Record::start_time>("startTime"),
        optional<&Record::waiting_device>("waitingDevice"),
        optional<&Record::waiting_inode>("waitingInode"),
        optional<&Record::ready>("ready"),
        optional<&Record::has_program>("hasProgram"),
        optional<&Record::own_pid_namespace>("ownPidNamespace"),
        optional<&Record::new_keyring>("newKeyring"),
        optional<&Record::has_seccomp_agent>("hasSeccompAgent"),
        optional<&Record::has_notify_folder>("hasNotifyFolder"),
        optional<&Record::has_poststart_hooks>("hasPoststartHooks"),
        optional<&Record::has_poststop_hooks>("hasPoststopHooks"),
        optional<&Record::streams>("streams"),
        optional<&Record::namespaces>("namespaces"),
        required<&Record::cgroup>("cgroup"),
        optional<&Record::rdt>("rdt"),
        optional<&Record::host_mounts>("hostMounts"),
        optional<&Record::made_in_root>("madeInRoot"),
    };
    static constexpr ObjectType type{table};
    return type;
}

}  // namespace sampan::spec

namespace sampan {

std::string write_record(const Record& record) {
    return write_json(record, JsonStyle::compact);
}

Result<Record> read_record(std::string_view text, std::string_view name) {
    Result<Record> read = read_json<Record>(text, name);
    // The file is ours; the caller has not given it.
    if (!read) read.error().set_kind(ErrorKind::failed);
    Record record = TRY(std::move(read));
    // Otherwise the container would seem to have stopped.
    if (record.ready && (record.pid <= 0 || record.start_time == 0))
        return failf("{} does not tell the container's process", name);
    return record;
}

std::string describe(const Record& record) {
    return format("sampan container {}, {}", record.id, record.created);
}

}  // namespace sampan
