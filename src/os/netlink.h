// rtnetlink(7): requests to a network namespace, and what it answers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

// A request: a fixed head (ifinfomsg, ifaddrmsg …), then attributes.
class NetlinkRequest {
  public:
    // `flags` besides NLM_F_REQUEST.
    template <class Head>
    NetlinkRequest(uint16_t type, uint16_t flags, const Head& head)
        : NetlinkRequest(type, flags, std::as_bytes(std::span(&head, 1))) {}
    void add(uint16_t attribute, std::span<const std::byte> value);
    void add(uint16_t attribute, int32_t value);
    void add(uint16_t attribute, std::string_view text);  // with a NUL behind it

  private:
    friend class Netlink;
    NetlinkRequest(uint16_t type, uint16_t flags, std::span<const std::byte> head);
    void append(std::span<const std::byte> bytes);
    std::vector<std::byte> bytes_;
};

struct NetlinkAttribute {
    uint16_t type = 0;
    std::span<const std::byte> value;
};

struct NetlinkMessage {
    uint16_t type = 0;
    std::vector<std::byte> body;

    // The head, which the caller knows by `type`; zeros where the message is shorter.
    template <class Head>
    [[nodiscard]] Head head() const {
        Head head{};
        copy_head(std::as_writable_bytes(std::span(&head, 1)));
        return head;
    }
    // They point into this message.
    [[nodiscard]] std::vector<NetlinkAttribute> attributes(size_t head_size) const;
    // A number among them; nothing where it is not there.
    [[nodiscard]] std::optional<uint32_t> number(size_t head_size, uint16_t wanted) const;

  private:
    void copy_head(std::span<std::byte> head) const;
};

// A socket to one network namespace, which it stays with.
class Netlink {
  public:
    // To this process's network namespace.
    static Result<Netlink> open();
    // To the one behind `netns`. Enters it for a moment (setns(2): CAP_SYS_ADMIN here and there);
    // the program must have one thread.
    static Result<Netlink> open_in(int netns);

    // Sends it and waits for its acknowledgement; the error has the kernel's code().
    Status ask(NetlinkRequest request) const;
    // All messages of a request with NLM_F_DUMP.
    Result<std::vector<NetlinkMessage>> dump(const NetlinkRequest& request) const;

  private:
    explicit Netlink(Fd socket) : socket_(std::move(socket)) {}
    Status send(const NetlinkRequest& request) const;
    // False after the last message.
    Result<bool> receive(std::vector<NetlinkMessage>& messages) const;
    Fd socket_;
};

}  // namespace sampan
