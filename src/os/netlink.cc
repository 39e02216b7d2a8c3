#include "os/netlink.h"

#include <fcntl.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <sched.h>
#include <sys/socket.h>

#include <algorithm>
#include <cstring>

#include "base/text.h"
#include "os/file.h"
#include "os/namespaces.h"

namespace sampan {

namespace {

size_t align(size_t size) {
    return (size + NLMSG_ALIGNTO - 1) / NLMSG_ALIGNTO * NLMSG_ALIGNTO;
}

template <class T>
T read_as(std::span<const std::byte> bytes) {
    T value{};
    std::memcpy(&value, bytes.data(), std::min(sizeof value, bytes.size()));
    return value;
}

}  // namespace

NetlinkRequest::NetlinkRequest(uint16_t type, uint16_t flags, std::span<const std::byte> head) {
    const nlmsghdr header{.nlmsg_len = 0,
                          .nlmsg_type = type,
                          .nlmsg_flags = static_cast<uint16_t>(flags | NLM_F_REQUEST),
                          .nlmsg_seq = 1,
                          .nlmsg_pid = 0};
    append(std::as_bytes(std::span(&header, 1)));
    append(head);
}

// The length in the header is updated.
void NetlinkRequest::append(std::span<const std::byte> bytes) {
    bytes_.insert(bytes_.end(), bytes.begin(), bytes.end());
    bytes_.resize(align(bytes_.size()));
    const auto size = static_cast<uint32_t>(bytes_.size());
    std::memcpy(bytes_.data(), &size, sizeof size);
}

void NetlinkRequest::add(uint16_t attribute, std::span<const std::byte> value) {
    const rtattr head{static_cast<uint16_t>(sizeof(rtattr) + value.size()), attribute};
    append(std::as_bytes(std::span(&head, 1)));
    append(value);
}

void NetlinkRequest::add(uint16_t attribute, int32_t value) {
    add(attribute, std::as_bytes(std::span(&value, 1)));
}

void NetlinkRequest::add(uint16_t attribute, std::string_view text) {
    std::vector<std::byte> bytes(text.size() + 1);
    std::memcpy(bytes.data(), text.data(), text.size());
    add(attribute, std::span<const std::byte>(bytes));
}

void NetlinkMessage::copy_head(std::span<std::byte> head) const {
    std::memcpy(head.data(), body.data(), std::min(head.size(), body.size()));
}

std::vector<NetlinkAttribute> NetlinkMessage::attributes(size_t head_size) const {
    std::vector<NetlinkAttribute> found;
    std::span<const std::byte> rest(body);
    rest = rest.subspan(std::min(align(head_size), rest.size()));
    while (rest.size() >= sizeof(rtattr)) {
        const auto head = read_as<rtattr>(rest);
        if (head.rta_len < sizeof head || head.rta_len > rest.size()) break;
        found.push_back({static_cast<uint16_t>(head.rta_type & NLA_TYPE_MASK),
                         rest.subspan(sizeof head, head.rta_len - sizeof head)});
        rest = rest.subspan(std::min(align(head.rta_len), rest.size()));
    }
    return found;
}

std::optional<uint32_t> NetlinkMessage::number(size_t head_size, uint16_t wanted) const {
    for (const NetlinkAttribute& attribute : attributes(head_size))
        if (attribute.type == wanted && attribute.value.size() == sizeof(uint32_t))
            return read_as<uint32_t>(attribute.value);
    return std::nullopt;
}

Result<Netlink> Netlink::open() {
    Fd socket(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE));
    if (!socket.valid()) return fail_errno("opening a netlink socket");
    return Netlink(std::move(socket));
}

Result<Netlink> Netlink::open_in(int netns) {
    const Fd own = TRY(open_at(cwd, "/proc/self/ns/net", O_RDONLY));
    TRY(join_namespace(netns, CLONE_NEWNET));
    Result<Netlink> opened = open();
    TRY(join_namespace(own.get(), CLONE_NEWNET).in("returning to our network namespace"));
    return opened;
}

Status Netlink::send(const NetlinkRequest& request) const {
    const ssize_t sent =
        ::send(socket_.get(), request.bytes_.data(), request.bytes_.size(), MSG_NOSIGNAL);
    if (sent < 0) return fail_errno("sending to netlink");
    return {};
}

Result<bool> Netlink::receive(std::vector<NetlinkMessage>& messages) const {
    std::vector<std::byte> buffer(size_t{64} * 1024);
    const ssize_t size = ::recv(socket_.get(), buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) return true;
    if (size < 0) return fail_errno("reading from netlink");
    std::span<const std::byte> rest(buffer.data(), static_cast<size_t>(size));
    while (rest.size() >= sizeof(nlmsghdr)) {
        const auto head = read_as<nlmsghdr>(rest);
        if (head.nlmsg_len < sizeof head || head.nlmsg_len > rest.size())
            return failf("netlink sent a message of a wrong size");
        const std::span<const std::byte> body =
            rest.subspan(sizeof head, head.nlmsg_len - sizeof head);
        if (head.nlmsg_type == NLMSG_DONE) return false;
        if (head.nlmsg_type == NLMSG_ERROR) {
            const int code = -read_as<nlmsgerr>(body).error;
            if (code != 0) return fail("netlink", code);
            return false;
        }
        messages.push_back({head.nlmsg_type, {body.begin(), body.end()}});
        rest = rest.subspan(std::min(align(head.nlmsg_len), rest.size()));
    }
    return true;
}

Status Netlink::ask(NetlinkRequest request) const {
    auto header = read_as<nlmsghdr>(request.bytes_);
    header.nlmsg_flags |= NLM_F_ACK;
    std::memcpy(request.bytes_.data(), &header, sizeof header);
    TRY(send(request));
    std::vector<NetlinkMessage> ignored;
    while (TRY(receive(ignored))) {
    }
    return {};
}

Result<std::vector<NetlinkMessage>> Netlink::dump(const NetlinkRequest& request) const {
    TRY(send(request));
    std::vector<NetlinkMessage> messages;
    while (TRY(receive(messages))) {
    }
    return messages;
}

}  // namespace sampan
