#include "launch/execution.h"

#include <fcntl.h>

#include <span>

#include "base/text.h"
#include "launch/sync.h"
#include "linux/exec_failure.h"
#include "os/file.h"
#include "os/process.h"
#include "os/socket.h"

namespace sampan {

namespace {

// The ids of the container's process as we see them.
FailedExec describe_user(const ExecutedProcess& executed) {
    FailedExec failed;
    const spec::User& user = executed.process.user;
    failed.name = executed.process.args.empty() ? "" : executed.process.args[0];
    failed.uid = user.uid;
    failed.gid = user.gid;
    failed.groups.assign(user.additional_gids.begin(), user.additional_gids.end());
    if (!executed.id_maps) return failed;
    const IdMaps& maps = *executed.id_maps;
    failed.uid = host_id(maps.uids, failed.uid).value_or(failed.uid);
    failed.gid = host_id(maps.gids, failed.gid).value_or(failed.gid);
    for (gid_t& group : failed.groups)
        group = host_id(maps.gids, group).value_or(group);
    return failed;
}

}  // namespace

// Nothing has to be told when the connection ends after the stub said that it executes the program:
// the kernel closed it with the execution.
Status await_execution(Fd connection, int pidfd, const ExecutionEvents& events) {
    bool executing = false;
    while (true) {
        stub::Report report{};
        const Received received =
            TRY(receive_message(connection.get(), std::as_writable_bytes(std::span(&report, 1))));
        if (received.size == 0) break;
        if (report.type == stub::ReportType::executing) {
            executing = true;
            continue;
        }
        if (report.type == stub::ReportType::hook_done) {
            if (events.on_hook_done) events.on_hook_done(report);
            continue;
        }
        if (report.type == stub::ReportType::listening) {
            TRY(events.on_listener(received.fd));
            continue;
        }
        Error error = events.explain(report);
        connection.reset();
        TRY(wait_for_end(pidfd, -1));
        return std::unexpected(std::move(error));
    }
    if (!executing) return failf("the container ended before its program was executed");
    return {};
}

Error explain_execution(const stub::Report& report, const ExecutedProcess& executed) {
    if (report.type == stub::ReportType::call_failed)
        return describe_failed_call(report, executed.origin);
    FailedExec failed = describe_user(executed);
    failed.code = report.code;
    failed.path = std::string(report.hook.output, report.hook.output_size);
    const Result<Fd> root =
        open_at(cwd, format("/proc/{}/root", executed.pid), O_PATH | O_DIRECTORY);
    if (!root) return Error(format("exec: \"{}\"", failed.name), failed.code);
    Error error = explain_exec_failure(root->get(), failed);
    error.set_pointer(executed.origin + "/args/0");
    return error;
}

}  // namespace sampan
