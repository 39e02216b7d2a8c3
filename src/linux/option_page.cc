#include "linux/option_page.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "os/process.h"
#include "os/socket.h"

namespace sampan {

namespace {

constexpr size_t longest_string = 255;  // fsconfig(2)

// The name and the value are strings of their own.
bool is_long(std::string_view option) {
    const size_t equals = option.find('=');
    if (equals == std::string_view::npos) return option.size() > longest_string;
    return equals > longest_string || option.size() - equals - 1 > longest_string;
}

// Labels have commas.
std::string quoted(const std::string& option) {
    const size_t equals = option.find('=');
    if (!option.substr(0, equals).ends_with("context") || !option.contains(',')) return option;
    return format("{}=\"{}\"", option.substr(0, equals), option.substr(equals + 1));
}

// mount(2) would cut off what is behind the page's end, silently.
Result<std::string> join_options(const FilesystemRequest& request) {
    std::vector<std::string> options;
    for (const std::string& option : request.data)
        options.push_back(quoted(option));
    std::string joined = join(options, ",");
    const size_t room = static_cast<size_t>(::sysconf(_SC_PAGESIZE)) - 1;
    if (joined.size() > room)
        return failf("the options of {} are {} bytes long, and the kernel takes {}", request.type,
                     joined.size(), room);
    return joined;
}

// In a mount namespace of our own, which vanishes with us. /proc is the host's: the one folder that
// is surely there and has no name in the container's root.
Result<Fd> mount_aside(const FilesystemRequest& request, const std::string& options) {
    constexpr const char* aside = "/proc";
    if (::unshare(CLONE_NEWNS) < 0) return fail_errno("making a mount namespace");
    TRY(change_propagation(aside, MS_PRIVATE));
    if (::mount(request.source.empty() ? nullptr : request.source.c_str(), aside,
                request.type.c_str(), request.superblock_set, options.c_str()) < 0)
        return fail_errno("making a file system of type {} with options of more than {} bytes",
                          request.type, longest_string);
    Fd mount = TRY(clone_tree(AT_FDCWD, aside, 0));
    // MS_RDONLY is of the mount, too.
    TRY(change_mount(
        mount.get(),
        MountAttributes{.set = request.attributes, .clear = MOUNT_ATTR__ATIME | MOUNT_ATTR_RDONLY},
        Reach::one_mount));
    return mount;
}

// What is sent: the mount; without one, why.
struct Answer {
    int code = 0;
    std::array<char, 500> what{};  // without the errno's sentence
};

Status send_result(const Result<Fd>& made, int socket) {
    Answer answer;
    if (!made) {
        answer.code = made.error().code();
        std::string what = made.error().message();
        if (answer.code != 0) what.resize(what.size() - errno_text(answer.code).size() - 2);
        what.copy(answer.what.data(), answer.what.size() - 1);
    }
    return send_message(socket, std::as_bytes(std::span(&answer, 1)), made ? made->get() : -1);
}

Result<Fd> receive_result(int socket) {
    Answer answer;
    Received received = TRY(receive_message(socket, std::as_writable_bytes(std::span(&answer, 1))));
    if (received.size != sizeof answer) return failf("the process that mounts ended too early");
    if (received.fd.valid()) return std::move(received.fd);
    return fail(answer.what.data(), answer.code);
}

}  // namespace

bool needs_option_page(const FilesystemRequest& request) {
    return request.source.size() > longest_string || std::ranges::any_of(request.data, is_long);
}

// mount(2) mounts on a path, and at once. In a process beside us it does so where nobody sees it,
// and a copy is as detached as what fsmount(2) returns.
Result<Fd> make_filesystem_by_page(const FilesystemRequest& request) {
    const std::string options = TRY(join_options(request));
    SocketPair sockets = TRY(make_seqpacket_pair());
    Cloned beside = TRY(clone_process(0));
    if (beside.pid == 0) {
        const Status sent = send_result(mount_aside(request, options), sockets.theirs.get());
        ::_exit(sent ? 0 : 1);
    }
    Process helper(beside.pid, std::move(beside.pidfd));
    sockets.theirs.reset();
    Result<Fd> made = receive_result(sockets.ours.get());
    TRY(helper.wait());
    return made;
}

}  // namespace sampan
