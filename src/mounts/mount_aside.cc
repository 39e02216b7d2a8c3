#include "mounts/mount_aside.h"

#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <span>
#include <string>

#include "base/carried_error.h"
#include "base/text.h"
#include "os/mount_api.h"
#include "os/process.h"
#include "os/socket.h"

namespace sampan {

namespace {

// /proc is the host's: the one folder that is surely there and has no name in the container's root.
Result<Fd> make_there(const std::function<Result<Fd>(const char* place)>& make) {
    constexpr const char* place = "/proc";
    if (::unshare(CLONE_NEWNS) < 0) return fail_errno("making a mount namespace");
    TRY(change_propagation(place, MS_PRIVATE));
    return make(place);
}

// What is sent: the mount, with a text that says nothing; or why there is none.
constexpr size_t longest_answer = 2000;

Status send_result(const Result<Fd>& made, int socket) {
    const std::string answer = made ? "made" : pack_error(made.error(), longest_answer);
    return send_message(socket, std::as_bytes(std::span(answer)), made ? made->get() : -1);
}

Result<Fd> receive_result(int socket) {
    std::array<char, longest_answer> answer;
    Received received = TRY(receive_message(socket, std::as_writable_bytes(std::span(answer))));
    if (received.size == 0)
        return fail(ErrorKind::ended_early, "the process that mounts ended too early");
    if (received.fd.valid()) return std::move(received.fd);
    return Failure(unpack_error({answer.data(), received.size}));
}

}  // namespace

Result<Fd> mount_aside(const std::function<Result<Fd>(const char* place)>& make) {
    SocketPair sockets = TRY(make_seqpacket_pair());
    Cloned beside = TRY(clone_process(0));
    if (beside.pid == 0) {
        const Status sent = send_result(make_there(make), sockets.theirs.get());
        ::_exit(sent ? 0 : 1);
    }
    Process helper(beside.pid, std::move(beside.pidfd));
    sockets.theirs.reset();
    Result<Fd> made = receive_result(sockets.ours.get());
    TRY(helper.wait());
    return made;
}

}  // namespace sampan
