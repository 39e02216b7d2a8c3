#include "os/beside.h"

#include <sys/mman.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <span>
#include <string>

#include "base/carried_error.h"
#include "base/text.h"
#include "os/file.h"
#include "os/out_of_memory.h"
#include "os/process.h"
#include "os/socket.h"

namespace sampan {

namespace {

using Work = std::function<Result<Fd>()>;
using Look = std::function<Status(pid_t)>;

// What the child sends: this word, with a descriptor if there is one, or the error.
constexpr std::string_view done_word = "done";
constexpr size_t longest_answer = 4000;

Status send_answer(const Result<Fd>& result, int socket) {
    const std::string answer =
        result ? std::string(done_word) : pack_error(result.error(), longest_answer);
    return send_message(socket, std::as_bytes(std::span(answer)), result ? result->get() : -1);
}

// Waits until our side is closed, for whatever reason.
void wait_for_leave(int socket) {
    std::byte nothing{};
    (void)receive_message(socket, std::span(&nothing, 1));
}

[[noreturn]] void work_and_end(const Work& work, bool stays, Fd socket) noexcept {
    const Result<Fd> result = or_out_of_memory(work);
    const Status sent = send_answer(result, socket.get());
    if (stays && result && sent) wait_for_leave(socket.get());
    ::_exit(result && sent ? 0 : 1);
}

Result<Fd> hear_answer(int socket, std::string_view what, Process& beside) {
    std::array<char, longest_answer> answer;
    Received received;
    // Waits for the process too: something that it left behind may hold the other end open.
    if (TRY(wait_for_input(socket, beside.pidfd())))
        received = TRY(receive_message(socket, std::as_writable_bytes(std::span(answer))));
    const std::string_view text(answer.data(), received.size);
    if (text == done_word) return std::move(received.fd);
    if (!text.empty()) return Failure(unpack_error(text));
    return failf(ErrorKind::ended_early, "the process that {} {}", what,
                 describe(TRY(beside.wait())));
}

Result<Fd> run(std::string_view what, const Work& work, const Look& look) {
    SocketPair sockets = TRY(make_seqpacket_pair());
    Cloned cloned = TRY(clone_process(0));
    if (cloned.pid == 0) {
        sockets.ours.reset();
        work_and_end(work, look != nullptr, std::move(sockets.theirs));
    }
    Process beside(cloned.pid, std::move(cloned.pidfd));
    sockets.theirs.reset();
    Fd opened = TRY(hear_answer(sockets.ours.get(), what, beside));
    if (look != nullptr) TRY(look(beside.pid()));
    sockets.ours.reset();
    TRY(beside.wait());
    return opened;
}

Result<Fd> in_memory(const std::string& text) {
    Fd memory(::memfd_create("sampan-beside", MFD_CLOEXEC));
    if (!memory.valid()) return fail_errno("memfd_create");
    TRY(write_all(memory.get(), text));
    if (::lseek(memory.get(), 0, SEEK_SET) < 0) return fail_errno("rewinding");
    return memory;
}

Work without_descriptor(const std::function<Status()>& work) {
    return [&work]() -> Result<Fd> {
        TRY(work());
        return Fd();
    };
}

}  // namespace

Status run_beside(std::string_view what, const std::function<Status()>& work) {
    TRY(run(what, without_descriptor(work), nullptr));
    return {};
}

Result<Fd> open_beside(std::string_view what, const std::function<Result<Fd>()>& work) {
    return run(what, work, nullptr);
}

Result<std::string> read_beside(std::string_view what,
                                const std::function<Result<std::string>()>& work) {
    const Fd memory = TRY(run(
        what, [&work]() -> Result<Fd> { return in_memory(TRY(work())); }, nullptr));
    return read_all(memory.get());
}

Status visit_beside(std::string_view what,
                    const std::function<Status()>& work,
                    const std::function<Status(pid_t)>& look) {
    TRY(run(what, without_descriptor(work), look));
    return {};
}

}  // namespace sampan
