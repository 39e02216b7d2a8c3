#include "launch/notify_proxy.h"

#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include <array>
#include <chrono>
#include <string>

#include <doctest/doctest.h>

#include "os/file.h"
#include "os/socket.h"

using namespace sampan;

namespace {

// A proxy between the socket of a container and a manager, in a folder of its own.
struct Notifying {
    std::string folder = "/tmp/sampan-notify-XXXXXX";
    Fd dir;
    Fd manager;
    Fd container;
    std::optional<NotifyProxy> proxy;

    Notifying() {
        REQUIRE(::mkdtemp(folder.data()) != nullptr);
        dir = open_at(cwd, folder, O_RDONLY | O_DIRECTORY).value();
        manager = bind_in(dir.get(), "manager", SOCK_DGRAM, 0600).value();
        proxy = NotifyProxy::open(dir.get(), folder + "/manager").value();
        container = connect_in(dir.get(), "notify.sock", SOCK_DGRAM).value();
    }
    Notifying(const Notifying&) = delete;
    Notifying& operator=(const Notifying&) = delete;
    Notifying(Notifying&&) = delete;
    Notifying& operator=(Notifying&&) = delete;
    ~Notifying() { (void)remove_tree(cwd, folder); }

    // As many as are taken at once.
    void say(const std::string& text) const {
        while (try_to_send(container.get(), std::as_bytes(std::span(text)))) {
        }
    }
    // True if there was something to do.
    bool step() {
        pollfd wish = proxy->wish();
        if (::poll(&wish, 1, 0) <= 0) return false;
        (void)proxy->pass_on(0);
        return true;
    }
    // How many messages have reached the manager.
    [[nodiscard]] int heard() const {
        std::array<std::byte, 8192> buffer{};
        int count = 0;
        while (receive_bytes(manager.get(), buffer))
            ++count;
        return count;
    }
};

}  // namespace

TEST_CASE("notify: a container that floods is slowed down, and the manager hears little of it") {
    Notifying notifying;
    const auto begin = std::chrono::steady_clock::now();
    int heard = 0;
    for (int round = 0; round < 200; ++round) {
        notifying.say("STATUS=much");
        while (notifying.step())
            heard += notifying.heard();
    }
    const auto took = std::chrono::steady_clock::now() - begin;
    const auto tenths = std::chrono::ceil<std::chrono::milliseconds>(took).count() / 100;
    CHECK(heard >= 20);
    CHECK(heard <= 22 + tenths);
    CHECK(notifying.proxy->patience_ms() > 0);
}

TEST_CASE("notify: a manager that does not read stops the container, not us") {
    Notifying notifying;
    // More than its queue holds, which may be as long as the container's.
    for (int round = 0; round < 3; ++round) {
        notifying.say("STATUS=busy");
        while (notifying.step()) {
        }
    }
    // Its queue is full, and the message that did not fit is kept.
    CHECK((notifying.proxy->wish().events == POLLOUT || notifying.proxy->patience_ms() > 0));
    CHECK(notifying.heard() > 0);
}

TEST_CASE("notify: a message that is too long is lost") {
    Notifying notifying;
    const std::string text = "STATUS=" + std::string(5000, 'x');
    REQUIRE(send_message(notifying.container.get(), std::as_bytes(std::span(text))));
    CHECK(notifying.step());
    CHECK(notifying.heard() == 0);
}

TEST_CASE("notify: what a manager may hear from a container is passed on line by line") {
    CHECK(filter_notification("READY=1") == "READY=1\n");
    CHECK(filter_notification("STATUS=up and=running\nREADY=1\n") ==
          "STATUS=up and=running\nREADY=1\n");
}

TEST_CASE("notify: what a manager would believe of the runtime alone is left out") {
    CHECK(filter_notification("MAINPID=1\nREADY=1").find("MAINPID") == std::string::npos);
    for (const char* line :
         {"MAINPID=1", "MAINPIDFDID=1", "FDSTORE=1", "FDNAME=x", "NOTIFYACCESS=all", "BARRIER=1",
          "BUSERROR=x", "X_OWN=1", "READY=", "READY=10", " READY=1", ""})
        CHECK_MESSAGE(filter_notification(line).empty(), line);
}
