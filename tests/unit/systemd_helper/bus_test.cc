// What systemd is told, by a program that plays systemd.
#include "systemd_helper/bus.h"

#include <sys/socket.h>
#include <sys/un.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include <chrono>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "support.h"

using namespace sampan;

namespace {

using Lines = std::vector<std::string>;

// The bus and systemd in one: answers the calls of Manager while it starts a scope.
class PlayedSystemd {
  public:
    enum class Age { before_253, since_253 };
    // Up to which moment it answers.
    enum class Answers { none, those_of_the_bus, calls, everything };
    explicit PlayedSystemd(Age age, Answers answers = Answers::everything)
        : age_(age), answers_(answers), listener_(::socket(AF_UNIX, SOCK_STREAM, 0)) {
        sockaddr_un address{.sun_family = AF_UNIX, .sun_path = {}};
        const std::string path = folder_.path() + "/bus";
        std::strncpy(address.sun_path, path.c_str(), sizeof address.sun_path - 1);
        REQUIRE(::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0);
        REQUIRE(::listen(listener_, 1) == 0);
        REQUIRE(::setenv("DBUS_SYSTEM_BUS_ADDRESS", ("unix:path=" + path).c_str(), 1) == 0);
        thread_ = std::thread([this] { serve(); });
    }
    PlayedSystemd(const PlayedSystemd&) = delete;
    PlayedSystemd& operator=(const PlayedSystemd&) = delete;
    ~PlayedSystemd() {
        if (thread_.joinable()) finish();
        ::close(listener_);
    }
    // The properties that are texts, of each scope that was asked for; to be called once Manager is
    // gone.
    Lines finish() {
        thread_.join();
        return scopes_;
    }

  private:
    void serve() {
        const int fd = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
        if (answers_ == Answers::none) {
            // Until the other side has had enough.
            char word = 0;
            while (::read(fd, &word, 1) > 0) {
            }
            ::close(fd);
            return;
        }
        sd_bus* bus = nullptr;
        sd_bus_new(&bus);
        sd_bus_set_fd(bus, fd, fd);
        sd_bus_set_server(bus, 1, sd_id128_t{.bytes = {1}});
        sd_bus_add_filter(bus, nullptr, on_message, this);
        int done = sd_bus_start(bus);
        while (done >= 0) {
            done = sd_bus_process(bus, nullptr);
            if (done == 0) done = sd_bus_wait(bus, UINT64_MAX);
        }
        sd_bus_flush_close_unref(bus);
    }
    static int on_message(sd_bus_message* message, void* self, sd_bus_error*) {
        if (sd_bus_message_is_method_call(message, nullptr, "Hello") > 0)
            return sd_bus_reply_method_return(message, "s", ":1.1");
        const bool is_of_bus = sd_bus_message_is_method_call(message, nullptr, "AddMatch") > 0;
        if (static_cast<PlayedSystemd*>(self)->answers_ == Answers::those_of_the_bus && !is_of_bus)
            return 1;
        if (sd_bus_message_is_method_call(message, nullptr, "StartTransientUnit") > 0)
            return static_cast<PlayedSystemd*>(self)->start(message);
        return sd_bus_reply_method_return(message, nullptr);
    }
    int start(sd_bus_message* message) {
        const std::string texts = text_properties(message);
        scopes_.push_back(texts);
        if (age_ == Age::before_253 && texts.find("OOMPolicy") != std::string::npos)
            return sd_bus_reply_method_errorf(
                message, "org.freedesktop.DBus.Error.PropertyReadOnly",
                "Cannot set property OOMPolicy, or unknown property.");
        sd_bus_reply_method_return(message, "o", "/job/1");
        if (answers_ == Answers::calls) return 1;
        sd_bus* bus = sd_bus_message_get_bus(message);
        sd_bus_message* ended = nullptr;
        sd_bus_message_new_signal(bus, &ended, "/org/freedesktop/systemd1",
                                  "org.freedesktop.systemd1.Manager", "JobRemoved");
        sd_bus_message_append(ended, "uoss", 1, "/job/1", "x.scope", "done");
        sd_bus_message_set_sender(ended, ":1.0");
        sd_bus_send(bus, ended, nullptr);
        sd_bus_message_unref(ended);
        return 1;
    }
    static std::string text_properties(sd_bus_message* message) {
        std::string texts;
        sd_bus_message_skip(message, "ss");
        sd_bus_message_enter_container(message, 'a', "(sv)");
        while (sd_bus_message_enter_container(message, 'r', "sv") > 0) {
            const char* name = nullptr;
            const char* value = nullptr;
            const char* type = nullptr;
            sd_bus_message_read(message, "s", &name);
            sd_bus_message_peek_type(message, nullptr, &type);
            if (std::strcmp(type, "s") == 0 && sd_bus_message_read(message, "v", "s", &value) > 0)
                texts += (texts.empty() ? "" : " ") + std::string(name) + "=" + value;
            else
                sd_bus_message_skip(message, "v");
            sd_bus_message_exit_container(message);
        }
        return texts;
    }

    sampan::testing::TempFolder folder_;
    Age age_;
    Answers answers_;
    int listener_;
    std::thread thread_;
    Lines scopes_;
};

// What a systemd of this age was asked for, or what has failed.
Lines start_scope(PlayedSystemd::Age age, const std::vector<systemd::Property>& properties) {
    PlayedSystemd systemd(age);
    try {
        systemd::Manager manager(false);
        manager.start_scope_of_any_systemd("x.scope", ::getpid(), properties);
    } catch (const systemd::Failure& failure) {
        return {failure.what};
    }
    return systemd.finish();
}

// What has failed with a systemd that stops answering.
std::string failure_with(PlayedSystemd::Answers answers) {
    PlayedSystemd systemd(PlayedSystemd::Age::since_253, answers);
    try {
        constexpr std::chrono::milliseconds limit{1000};
        systemd::Manager manager(false, {.call = limit, .job = limit});
        manager.start_scope("x.scope", ::getpid(), {});
    } catch (const systemd::Failure& failure) {
        return failure.what;
    }
    return "";
}

const std::vector<systemd::Property> with_policy = {
    {"Description", "s", "web"}, {"MemoryMax", "t", "4096"}, {"OOMPolicy", "s", "kill"}};

}  // namespace

TEST_CASE("systemd: a scope has its OOMPolicy where scopes have one") {
    CHECK(start_scope(PlayedSystemd::Age::since_253, with_policy) ==
          Lines{"Description=web OOMPolicy=kill"});
}

TEST_CASE("systemd: before 253 a scope is asked for once more, without OOMPolicy") {
    CHECK(start_scope(PlayedSystemd::Age::before_253, with_policy) ==
          Lines{"Description=web OOMPolicy=kill", "Description=web"});
    CHECK(start_scope(PlayedSystemd::Age::before_253, {{"Description", "s", "web"}}) ==
          Lines{"Description=web"});
}

TEST_CASE("systemd: each wait has a limit, and its failure says who did not answer") {
    using Answers = PlayedSystemd::Answers;
    CHECK(failure_with(Answers::none) ==
          "connecting to systemd's bus: the bus did not answer within 1 s");
    CHECK(failure_with(Answers::those_of_the_bus) ==
          "asking for systemd's signals: systemd did not answer within 1 s");
    CHECK(failure_with(Answers::calls) ==
          "starting the unit x.scope, whose job runs: systemd did not answer within 1 s");
    CHECK(failure_with(Answers::everything).empty());
}
