#include "launch/criu.h"

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <span>

#include "base/text.h"
#include "launch/sync.h"
#include "os/close_on_exec.h"
#include "os/file.h"
#include "os/interruption.h"
#include "os/mount_api.h"
#include "os/namespaces.h"
#include "os/signals.h"
#include "os/socket.h"

namespace sampan {

namespace {

constexpr int swrk_fd = 3;

// A root of its own: what CRIU mounts there is seen by nobody else, and is gone with it.
Status mount_root(const CriuSurroundings& around) {
    if (around.root.empty()) return {};
    TRY(leave_namespaces(CLONE_NEWNS));
    TRY(change_propagation("/", MS_SLAVE | MS_REC));
    const Fd root = TRY(clone_tree(cwd, around.root, AT_RECURSIVE).in("the root file system"));
    const Fd place = TRY(open_at(cwd, around.root_place, O_PATH | O_DIRECTORY));
    return attach_mount(root.get(), place.get());
}

Status replace_streams() {
    const Fd null = TRY(open_at(cwd, "/dev/null", O_RDWR));
    for (int fd = 0; fd <= 2; ++fd)
        if (::dup2(null.get(), fd) < 0) return fail_errno("the standard streams of CRIU");
    return {};
}

// The first number that nothing is moved to.
int after_wanted(const CriuSurroundings& around) {
    return first_criu_fd + static_cast<int>(around.folders.size() + around.inherited.size());
}

// A copy out of the way of what will be moved.
Fd copy_beyond(const CriuSurroundings& around, int fd) {
    return Fd(::fcntl(fd, F_DUPFD_CLOEXEC, after_wanted(around)));
}

Status arrange_descriptors(const CriuSurroundings& around, int socket) {
    std::vector<Fd> copies;
    copies.push_back(copy_beyond(around, socket));
    for (const std::string& folder : around.folders) {
        const Fd opened = TRY(open_at(cwd, folder, O_RDONLY | O_DIRECTORY));
        copies.push_back(copy_beyond(around, opened.get()));
    }
    for (const int fd : around.inherited)
        copies.push_back(copy_beyond(around, fd));
    int wanted = swrk_fd;
    for (const Fd& copy : copies)
        if (!copy.valid() || ::dup2(copy.get(), wanted++) < 0)
            return fail_errno("the descriptors of CRIU");
    return close_on_exec_from(after_wanted(around));
}

// What is sent to our process group must not end CRIU in the middle. Processes that use the
// terminal of our caller must stay in the group, because it has the terminal. What CRIU ignores
// does not reach them: the images have their actions for all signals. It ends its own helpers by
// SIGTERM.
Status keep_from_signals(const CriuSurroundings& around) {
    TRY(reset_signals());
    if (!around.stays_in_group) {
        if (::setpgid(0, 0) < 0) return fail_errno("a process group for CRIU");
        return {};
    }
    struct sigaction ignore {};
    ignore.sa_handler = SIG_IGN;
    for (const int number : {SIGINT, SIGHUP})
        if (::sigaction(number, &ignore, nullptr) < 0)
            return fail_errno("ignoring {}", signal_name(number));
    return {};
}

// CRIU asks the kernel who made its socket, and opens folders by the descriptors of that process.
// So it makes the socket itself, since ours may lead to mounts that are not there where it is.
Status prepare(const CriuSurroundings& around, Sync& report) {
    if (around.cgroup != nullptr) TRY(around.cgroup->enter());
    TRY(keep_from_signals(around));
    TRY(mount_root(around));
    if (!around.has_streams) TRY(replace_streams());
    const SocketPair channel = TRY(make_seqpacket_pair());
    TRY(report.send(MessageType::source, 0, channel.ours.get()));
    return arrange_descriptors(around, channel.theirs.get());
}

// The end of `report` without another word means success.
[[noreturn]] void become_criu(const CriuSurroundings& around, const Fd& to_parent) noexcept {
    Sync report(copy_beyond(around, to_parent.get()));
    Status prepared = prepare(around, report);
    if (prepared) {
        const std::string number = format("{}", swrk_fd);
        const std::array<const char*, 4> words{around.program.c_str(), "swrk", number.c_str(),
                                               nullptr};
        ::execv(around.program.c_str(), const_cast<char* const*>(words.data()));
        prepared = fail_errno("executing {}", around.program);
    }
    report.send_failure(prepared.error());
    ::_exit(127);
}

std::vector<std::string> places_of_criu(const std::string& search_path) {
    std::vector<std::string> places;
    for (const std::string_view folder : split(search_path, ':'))
        if (folder.starts_with('/')) places.push_back(format("{}/criu", folder));
    for (const char* folder : {"/usr/local/sbin", "/usr/sbin", "/sbin"})
        places.push_back(format("{}/criu", folder));
    return places;
}

// One that was only written by a signal does not count.
bool is_interrupted(const Error& error) {
    return error.code() == EINTR && !check_interruption();
}

}  // namespace

Result<std::string> find_criu(const std::string& asked, const std::string& search_path) {
    constexpr const char* remedy =
        "install the package criu, or name the program: sampan --criu PATH";
    if (asked.find('/') != std::string::npos) {
        if (::access(asked.c_str(), X_OK) == 0) return asked;
        return fail_errno("{}", asked).hint(remedy);
    }
    for (std::string& place : places_of_criu(search_path))
        if (::access(place.c_str(), X_OK) == 0) return std::move(place);
    return failf("CRIU, the program that checkpoints and restores, is not installed").hint(remedy);
}

Result<Criu> Criu::start(const CriuSurroundings& around) {
    SocketPair sockets = TRY(make_seqpacket_pair());
    const int cgroup = around.cgroup == nullptr ? -1 : around.cgroup->clone_fd();
    Cloned child = TRY(clone_process(0, cgroup).in("starting CRIU"));
    if (child.pid == 0) become_criu(around, sockets.theirs);
    Process process(child.pid, std::move(child.pidfd));
    sockets.theirs.reset();
    Sync report(std::move(sockets.ours));
    Heard channel = TRY(report.expect(MessageType::source).in("starting CRIU"));
    TRY(report.expect_end().in("starting CRIU"));
    spare_when_interrupted(process.pidfd());
    return Criu(std::move(process), std::move(channel.fd));
}

Status Criu::send(const std::string& text) {
    return send_message(socket_.get(), std::as_bytes(std::span(text))).in("a message to CRIU");
}

Failure Criu::explain_end() {
    const Result<ExitStatus> ended = process_.wait();
    if (!ended) return Failure(ended.error());
    return failf(ErrorKind::ended_early, "CRIU {} without an answer", describe(*ended));
}

// A signal ends no wait for CRIU, which answers sooner or later; the caller asks whether one came.
Result<Criu::Answer> Criu::receive() {
    constexpr size_t most = 64 << 10;
    std::vector<std::byte> buffer(most);
    Result<Received> received = receive_message(socket_.get(), buffer);
    while (!received && is_interrupted(received.error())) {
        (void)heed_interruption();
        received = receive_message(socket_.get(), buffer);
    }
    if (!received && received.error().code() != ECONNRESET) return Failure(received.error());
    if (!received || received->size == 0) return explain_end();
    const std::string_view text(reinterpret_cast<const char*>(buffer.data()), received->size);
    return Answer{TRY(parse_response(text)), std::move(received->fd)};
}

Result<CriuResponse> Criu::ask(CriuTask task, const std::string& request) {
    TRY(send(request));
    Answer answer = TRY(receive());
    if (answer.response.success && answer.response.is(task)) return std::move(answer.response);
    return failf("CRIU does not answer the {}", name_of(task));
}

Result<CriuVersion> Criu::version() {
    const CriuResponse response = TRY(ask(CriuTask::version, request_version()));
    if (!response.version) return failf("CRIU does not tell its version");
    return *response.version;
}

Result<CriuFeatures> Criu::features(const CriuFeatures& wanted) {
    return TRY(ask(CriuTask::feature_check, request_features(wanted))).features;
}

Status Criu::answer(Answer asked, const OnNotification& on_notification) {
    Status done = check_interruption();
    if (done)
        done = on_notification({std::move(asked.response.notification), asked.response.notified_pid,
                                std::move(asked.fd)});
    TRY(send(answer_notification(done.has_value())));
    return done;
}

Result<CriuResponse> Criu::work(CriuTask task,
                                const CriuOptions& options,
                                const OnNotification& on_notification) {
    TRY(send(request_work(task, options)));
    Status told;
    while (true) {
        Result<Answer> heard = receive();
        if (!heard) return told ? Failure(heard.error()) : Failure(told.error());
        if (heard->response.is(CriuTask::notify)) {
            Status done = answer(std::move(*heard), on_notification);
            if (told) told = std::move(done);
            continue;
        }
        socket_.reset();
        (void)process_.wait();
        const bool done = heard->response.success && heard->response.is(task);
        // Dumped processes have ended, whatever the answer to a last notification was.
        if (!told && !(done && task == CriuTask::dump)) return Failure(told.error());
        if (done) return std::move(heard->response);
        return fail(format("CRIU's {} failed", name_of(task)), heard->response.error);
    }
}

}  // namespace sampan
