#include "launch/seccomp_agent.h"

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"
#include "os/socket.h"
#include "spec/writer.h"

namespace sampan {

namespace {

std::string path_of_agent(const spec::Seccomp& seccomp, const std::string& bundle) {
    const std::string path = seccomp.listener_path.value_or("");
    return path.starts_with('/') ? path : bundle + "/" + path;
}

}  // namespace

Status check_agent(const spec::Seccomp& seccomp, const std::string& bundle) {
    return check_stream(path_of_agent(seccomp, bundle))
        .in("failed to connect with seccomp agent")
        .at("/linux/seccomp/listenerPath");
}

Result<Fd> connect_to_agent(const spec::Seccomp& seccomp, const std::string& bundle) {
    return connect_stream(path_of_agent(seccomp, bundle))
        .in("failed to connect with seccomp agent")
        .at("/linux/seccomp/listenerPath");
}

// By the kernel's name for it, because an ioctl(2) could mean anything for another kind of file.
Status check_listener(const Fd& listener) {
    if (!listener.valid()) return failf("notifications of a filter without their descriptor");
    const std::string name = TRY(read_link(cwd, fd_path(listener.get())));
    if (name == "anon_inode:seccomp notify") return {};
    return failf("the descriptor for the seccomp agent is of another kind: {}", name);
}

Status send_to_agent(int agent,
                     int listener,
                     const spec::Seccomp& seccomp,
                     const HookIdentity& identity,
                     const ListenedTo& process) {
    spec::ContainerProcessState message;
    message.state = state_of(identity, process.status, process.init);
    message.oci_version = message.state.oci_version;
    message.fds = {"seccompFd"};
    message.pid = process.pid;
    message.metadata = seccomp.listener_metadata;
    const std::string text = write_json(message, JsonStyle::compact);
    return send_stream(agent, std::as_bytes(std::span(text)), listener)
        .in("handing the notifications to the seccomp agent")
        .at("/linux/seccomp/listenerPath");
}

}  // namespace sampan
