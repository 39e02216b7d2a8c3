// rtnetlink(7): requests to a network namespace, and its answers.
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

// A request: a fixed head (ifinfomsg, ifaddrmsg …) and attributes after it.
class NetlinkRequest {
  public:
    // `flags` are added to NLM_F_REQUEST.
    template <class Head>
    NetlinkRequest(uint16_t type, uint16_t flags, const Head& head)
        : NetlinkRequest(type, flags, std::as_bytes(std::span(&head, 1))) {}
    void add(uint16_t attribute, std::span<const std::byte> value);
    void add(uint16_t attribute, int32_t value);
    void add(uint16_t attribute, std::string_view text);  // with a NUL after it

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

    // The head; the caller knows its type from `type`. Zeros if the message is shorter.
    template <class Head>
    [[nodiscard]] Head head() const {
        Head head{};
        copy_head(std::as_writable_bytes(std::span(&head, 1)));
        return head;
    }
    // The attributes, which point into this message.
    [[nodiscard]] std::vector<NetlinkAttribute> attributes(size_t head_size) const;
    // The attribute that is a number; nothing if it is missing.
    [[nodiscard]] std::optional<uint32_t> number(size_t head_size, uint16_t wanted) const;

  private:
    void copy_head(std::span<std::byte> head) const;
};

// A socket in one network namespace, where it stays.
class Netlink {
  public:
    // Opens it in the network namespace of this process.
    static Result<Netlink> open();
    // Opens it in the namespace `netns`, which it enters for a moment (setns(2) needs CAP_SYS_ADMIN
    // there and here). The program must have only one thread.
    static Result<Netlink> open_in(int netns);

    // Sends a request and waits for the acknowledgement; an error has the kernel's code().
    Status ask(NetlinkRequest request) const;
    // All messages that answer a request with NLM_F_DUMP.
    Result<std::vector<NetlinkMessage>> dump(const NetlinkRequest& request) const;

  private:
    explicit Netlink(Fd socket) : socket_(std::move(socket)) {}
    Status send(const NetlinkRequest& request) const;
    // False after the last message.
    Result<bool> receive(std::vector<NetlinkMessage>& messages) const;
    Fd socket_;
};

}  // namespace sampan
