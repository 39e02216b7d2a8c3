// The conversations. Each is over a SOCK_SEQPACKET pair of its own.
//
// Of `create`, between the supervisor (outside) and init (inside):
//
//  init                                  supervisor
//  Entered              ────────────▶    writes uid_map, gid_map; moves network devices
//                       ◀────────────    Source{slot, fd}   (each source, with a user namespace;
//                                        a process in between opens and sends them)
//                       ◀────────────    Proceed            (only if there are any of these)
//  Making{kind, path}   ────────────▶    records it   (each file that is made in the root itself;
//                       ◀────────────    Proceed       until the root is entered and complete)
//  Made{identity}       ────────────▶
//  RootfsReady          ────────────▶    prestart, createRuntime hooks (if there are any)
//                       ◀────────────    HooksDone
//  Sealed               ────────────▶    scheduling policy, I/O priority (where asked for)
//                       ◀────────────    Proceed
//  Console(fd)          ────────────▶    hands the terminal on        (terminal only)
//  HookOutput{text}     ────────────▶    for hooks.log; any number, nobody waits for it
//  Warning{text}        ────────────▶    the same, for the caller
//  Failed{text}         ────────────▶    at any time, instead of the above
//  stub
//  step{text}           ────────────▶    for a trace; any number, nobody waits for it
//  Ready                ────────────▶    rlimits, device list, record: commit
//                       ◀────────────    one byte
//
// If namespaces are joined, a process in between joins them, makes init and ends. It can only say
// Failed, before that; its side of the conversation ends before init's begins.
//
// Through the gate the stub talks with `start`, which reads until the end of the connection:
//
//  stub                                  start
//                       ◀────────────    one byte
//  step{text}           ────────────▶    for a trace, as above
//  hook_done{text}      ────────────▶    for hooks.log  (startContainer hooks that wrote anything)
//  executing            ────────────▶
//  listening(fd)        ────────────▶    hands it to the seccomp agent    (SCMP_ACT_NOTIFY only)
//  (end)                ────────────▶    execve(2), or the process has ended: start looks which
//  call_failed, hook_failed, exec_failed at any time, instead of the above
//
// `exec` talks with a process in between, which joins the namespaces. The container does not see
// it, because setns(2) moves only children into a pid namespace:
//
//  (in between)                          exec
//  Console(fd)          ────────────▶    hands the terminal on        (terminal only)
//  Warning{text}        ────────────▶    for the caller
//  Failed{text}         ────────────▶    at any time, instead of the above
//  stub (in between)
//  step{text}           ────────────▶    for a trace, as above
//  call_failed          ────────────▶    at any time
//  (end)                ────────────▶    it has closed its side, and clones the program's process;
//                                        then it ends
//
// and, through another pair, with the process that it leaves there:
//
//  stub (the child)                      exec
//                       ◀────────────    one byte    (after scheduling, rlimits, pid file)
//  executing …          ────────────▶    as through the gate
//
// Whoever can trace a process of the container can take this socket from it, and the gate from a
// container that waits for its start, and send anything there. So nothing that comes this way is
// trusted (launch/message.h), and no pid is sent in a message: the kernel writes it into a page
// that the process in between shares with us but not with its child (launch/cloned.h).
//
// What init sends is a Message; the stub sends a stub::Report. Both begin with their type.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"
#include "launch/message.h"
#include "launch/stub/block.h"
#include "os/fd.h"
#include "os/made.h"
#include "plan/outside_steps.h"

namespace sampan {

// What a side receives: the value (a slot for `source`), and a descriptor for `console` and
// `source` only.
struct Heard {
    int32_t value = 0;
    Fd fd;
};

// One end. A side that receives anything but what it expects fails, with the error that the other
// side reports, or with one that names the message. End-of-file is always an error, of the kind
// hung_up.
class Sync {
  public:
    // `origin`: where errors say that the process object stands.
    explicit Sync(Fd socket, std::string origin = "/process")
        : socket_(std::move(socket)), origin_(std::move(origin)) {}

    Status send(MessageType type, int32_t value = 0, int fd = -1);
    Result<Heard> expect(MessageType type);
    // The words of a plan, as messages; `committed`, for which the stub waits, as its byte.
    Status say(Word word);
    Status await(Word word);
    // The other side has nothing more to say, and has closed its end.
    Status expect_end();
    // The last message of the other side, which has ended, if it says why it failed.
    std::optional<Error> last_failure();
    // What a createContainer hook has printed, for the supervisor to keep (see on_hook_output()).
    void send_hook_output(const std::string& text);
    void on_hook_output(std::function<void(const std::string&)> keep) { keep_ = std::move(keep); }
    // A warning for the caller.
    void send_warning(const Error& warning);
    void on_warning(std::function<void(Error)> tell) { tell_ = std::move(tell); }
    // For init: reports what is made in the root (os/made.h), and waits until the supervisor has
    // recorded it.
    MadeLog teller();
    void on_made(MadeLog log) { made_ = std::move(log); }

    // Sends an error in its parts (base/carried_error.h), so that the other side can show it like
    // one of its own.
    void send_failure(const Error& error);
    // The other side has closed its end, or is gone; it may have said something before.
    [[nodiscard]] bool has_hung_up() const;

    [[nodiscard]] int socket() const { return socket_.get(); }
    void close() { socket_.reset(); }

  private:
    struct Incoming;
    // Handles hook output and warnings, and goes on to the next message. Size 0: the end. A failure
    // of the other side is an error too.
    Status receive(Incoming& incoming, std::string_view expected);
    [[nodiscard]] Error describe(const stub::Report& report, std::string_view expected) const;
    Status send_bytes(std::span<const std::byte> bytes, int fd, std::string_view what);
    Status send_text(MessageType type, int32_t value, std::string_view text);
    Status tell_making(MadeKind kind, const std::string& path);
    Status tell_made(const std::optional<FileIdentity>& made);
    // True if the message is one that nobody waits for; it has been handled.
    Result<bool> take_aside(const Message& message);
    Fd socket_;
    std::string origin_;
    std::function<void(const std::string&)> keep_;
    std::function<void(Error)> tell_;
    MadeLog made_;
    int steps_ = 0;  // that the stub has told
};

// Sends the byte for which a stub waits, through a socket of its.
Status let_go_on(int socket);

// The error if the other side ended without saying anything, for callers that notice it otherwise.
Failure end_of_conversation();

// "setting the user id: Operation not permitted", for a failed call of the stub. `origin` is the
// place of the process object.
Error describe_failed_call(const stub::Report& report, const std::string& origin);
// The same for the clone of the program's process, about which no report comes (launch/cloned.h).
Failure failed_clone(int code, const std::string& origin);

}  // namespace sampan
