#include "systemd_helper/bus.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>

#include "base/text.h"

namespace sampan::systemd {

namespace {

constexpr const char* service = "org.freedesktop.systemd1";
constexpr const char* manager_path = "/org/freedesktop/systemd1";
constexpr const char* manager_interface = "org.freedesktop.systemd1.Manager";
using Clock = std::chrono::steady_clock;

// 0 once the moment has come.
uint64_t microseconds_until(Clock::time_point end) {
    const auto left = std::chrono::duration_cast<std::chrono::microseconds>(end - Clock::now());
    return left.count() > 0 ? static_cast<uint64_t>(left.count()) : 0;
}

[[noreturn]] void fail_by_time(const std::string& doing,
                               const char* who,
                               std::chrono::milliseconds limit) {
    throw Failure{format("{}: {} did not answer within {} s", doing, who, limit.count() / 1000),
                  SD_BUS_ERROR_TIMEOUT};
}

// The errors of a call that has taken too long: ours, and that of the bus for a program that has
// ended.
bool is_by_time(int result, const sd_bus_error& error) {
    return result == -ETIMEDOUT || sd_bus_error_has_name(&error, SD_BUS_ERROR_NO_REPLY) != 0 ||
           sd_bus_error_has_name(&error, SD_BUS_ERROR_TIMEOUT) != 0;
}

void check(int result, const std::string& doing) {
    if (result < 0) throw Failure{format("{}: {}", doing, errno_text(-result)), ""};
}

template <class T>
T number(const Property& property, std::string_view text) {
    if (const auto value = parse_number<T>(text)) return *value;
    throw Failure{format("\"{}\" is not a value of the property {}", text, property.name), ""};
}

int append_bytes(sd_bus_message* message, const Property& property) {
    std::vector<uint8_t> bytes;
    for (const std::string_view part : split_words(property.value))
        bytes.push_back(number<uint8_t>(property, part));
    return sd_bus_message_append_array(message, 'y', bytes.data(), bytes.size());
}

int append_strings(sd_bus_message* message, const Property& property) {
    std::vector<std::string> lines;
    if (!property.value.empty())
        for (const std::string_view line : split(property.value, '\n'))
            lines.emplace_back(line);
    std::vector<char*> words;
    for (std::string& line : lines)
        words.push_back(line.data());
    words.push_back(nullptr);
    return sd_bus_message_append_strv(message, words.data());
}

int append_basic(sd_bus_message* message, const Property& property) {
    const std::string& value = property.value;
    switch (property.type[0]) {
        case 's':
            return sd_bus_message_append(message, "s", value.c_str());
        case 'b':
            return sd_bus_message_append(message, "b", value == "1" ? 1 : 0);
        case 'i':
            return sd_bus_message_append(message, "i", number<int32_t>(property, value));
        case 'u':
            return sd_bus_message_append(message, "u", number<uint32_t>(property, value));
        case 'x':
            return sd_bus_message_append(message, "x", number<int64_t>(property, value));
        case 't':
            return sd_bus_message_append(message, "t", number<uint64_t>(property, value));
        default:
            return -EINVAL;
    }
}

void append(sd_bus_message* message, const Property& property) {
    const std::string doing = format("the property {}", property.name);
    check(sd_bus_message_open_container(message, 'r', "sv"), doing);
    check(sd_bus_message_append(message, "s", property.name.c_str()), doing);
    check(sd_bus_message_open_container(message, 'v', property.type.c_str()), doing);
    if (property.type == "ay") {
        check(append_bytes(message, property), doing);
    } else if (property.type == "as") {
        check(append_strings(message, property), doing);
    } else {
        check(append_basic(message, property), doing);
    }
    check(sd_bus_message_close_container(message), doing);
    check(sd_bus_message_close_container(message), doing);
}

void append_all(sd_bus_message* message, std::span<const Property> properties) {
    for (const Property& property : properties)
        append(message, property);
}

}  // namespace

Manager::Manager(bool user, Limits limits) : limits_(limits) {
    const char* const doing =
        user ? "connecting to the bus of the user's systemd" : "connecting to systemd's bus";
    sd_bus* bus = nullptr;
    const int opened = user ? sd_bus_open_user(&bus) : sd_bus_open_system(&bus);
    bus_.reset(bus);
    check(opened, doing);
    check(sd_bus_set_method_call_timeout(
              bus, static_cast<uint64_t>(std::chrono::microseconds(limits.call).count())),
          "limiting the time of calls");
    wait_until_ready(doing);
    sd_bus_slot* slot = nullptr;
    const char* const matching = "asking for the ends of systemd's jobs";
    const int matched = sd_bus_match_signal(bus, &slot, service, manager_path, manager_interface,
                                            "JobRemoved", on_job_removed, this);
    if (matched == -ETIMEDOUT) fail_by_time(matching, "the bus", limits.call);
    check(matched, matching);
    slot_.reset(slot);
    call(prepare("Subscribe"), "asking for systemd's signals");
}

// A bus may accept a connection and then never speak; libsystemd would wait three times as long.
void Manager::wait_until_ready(const std::string& doing) {
    const Clock::time_point end = Clock::now() + limits_.call;
    while (true) {
        const int ready = sd_bus_is_ready(bus_.get());
        check(ready, doing);
        if (ready > 0) return;
        const int processed = sd_bus_process(bus_.get(), nullptr);
        if (processed == -ETIMEDOUT) fail_by_time(doing, "the bus", limits_.call);
        check(processed, doing);
        if (processed > 0) continue;
        const uint64_t left = microseconds_until(end);
        if (left == 0) fail_by_time(doing, "the bus", limits_.call);
        check(sd_bus_wait(bus_.get(), left), doing);
    }
}

Manager::Message Manager::prepare(const char* method) {
    sd_bus_message* message = nullptr;
    check(sd_bus_message_new_method_call(bus_.get(), &message, service, manager_path,
                                         manager_interface, method),
          method);
    return Message(message);
}

Manager::Message Manager::call(Message message, const std::string& doing) {
    sd_bus_error error = SD_BUS_ERROR_NULL;
    sd_bus_message* reply = nullptr;
    const int result = sd_bus_call(bus_.get(), message.get(), 0, &error, &reply);
    if (result >= 0) return Message(reply);
    if (is_by_time(result, error)) {
        sd_bus_error_free(&error);
        fail_by_time(doing, "systemd", limits_.call);
    }
    Failure failure{
        format("{}: {}", doing, error.message != nullptr ? error.message : errno_text(-result)),
        error.name != nullptr ? error.name : ""};
    sd_bus_error_free(&error);
    throw failure;
}

int Manager::on_job_removed(sd_bus_message* message, void* self, sd_bus_error*) {
    uint32_t id = 0;
    const char* path = nullptr;
    const char* unit = nullptr;
    const char* result = nullptr;
    if (sd_bus_message_read(message, "uoss", &id, &path, &unit, &result) >= 0)
        static_cast<Manager*>(self)->ended_.push_back({path, result});
    return 0;
}

void Manager::wait_for_job(Message reply, const std::string& doing) {
    const char* job = nullptr;
    check(sd_bus_message_read(reply.get(), "o", &job), doing);
    const Clock::time_point end = Clock::now() + limits_.job;
    while (true) {
        const auto found = std::ranges::find(ended_, std::string(job), &EndedJob::path);
        if (found != ended_.end()) {
            if (found->result == "done") return;
            throw Failure{format("{}: systemd's job ended as \"{}\"", doing, found->result), ""};
        }
        const uint64_t left = microseconds_until(end);
        if (left == 0) fail_by_time(doing + ", whose job runs", "systemd", limits_.job);
        const int processed = sd_bus_process(bus_.get(), nullptr);
        check(processed, doing);
        if (processed == 0) check(sd_bus_wait(bus_.get(), left), doing);
    }
}

void Manager::try_start(const std::string& unit, pid_t pid, std::span<const Property> properties) {
    const std::string doing = format("starting the unit {}", unit);
    Message message = prepare("StartTransientUnit");
    check(sd_bus_message_append(message.get(), "ss", unit.c_str(), "fail"), doing);
    check(sd_bus_message_open_container(message.get(), 'a', "(sv)"), doing);
    append_all(message.get(), properties);
    check(sd_bus_message_append(message.get(), "(sv)", "PIDs", "au", 1, static_cast<uint32_t>(pid)),
          doing);
    check(sd_bus_message_close_container(message.get()), doing);
    check(sd_bus_message_append(message.get(), "a(sa(sv))", 0), doing);
    wait_for_job(call(std::move(message), doing), doing);
}

void Manager::start_scope(const std::string& unit,
                          pid_t pid,
                          std::span<const Property> properties) {
    try {
        return try_start(unit, pid, properties);
    } catch (const Failure& failure) {
        if (failure.name != "org.freedesktop.systemd1.UnitExists") throw;
    }
    make_room(unit);
    try_start(unit, pid, properties);
}

void Manager::start_scope_of_any_systemd(const std::string& unit,
                                         pid_t pid,
                                         std::vector<Property> properties) {
    try {
        return start_scope(unit, pid, properties);
    } catch (const Failure& failure) {
        const auto is_new = [](const Property& property) { return property.name == "OOMPolicy"; };
        if (failure.name != "org.freedesktop.DBus.Error.PropertyReadOnly" ||
            std::erase_if(properties, is_new) == 0)
            throw;
    }
    start_scope(unit, pid, properties);
}

std::string Manager::text_property(const std::string& unit, const char* name) {
    char* path = nullptr;
    check(sd_bus_path_encode("/org/freedesktop/systemd1/unit", unit.c_str(), &path), unit);
    const std::unique_ptr<char, void (*)(void*)> owned(path, ::free);
    sd_bus_error error = SD_BUS_ERROR_NULL;
    char* text = nullptr;
    const int result = sd_bus_get_property_string(
        bus_.get(), service, path, "org.freedesktop.systemd1.Unit", name, &error, &text);
    const bool by_time = result < 0 && is_by_time(result, error);
    sd_bus_error_free(&error);
    if (by_time)
        fail_by_time(format("reading {} of the unit {}", name, unit), "systemd", limits_.call);
    if (result < 0) return "";
    const std::unique_ptr<char, void (*)(void*)> owned_text(text, ::free);
    return text;
}

// A unit whose processes have ended exists until systemd has noticed.
void Manager::make_room(const std::string& unit) {
    const std::string state = text_property(unit, "ActiveState");
    if (state == "active" || state == "activating" || state == "reloading")
        throw Failure{format("the unit {} exists already", unit), ""};
    stop(unit);
}

void Manager::attach(const std::string& unit, const std::string& below, pid_t pid) {
    const std::string doing = format("moving a process into the unit {}", unit);
    Message message = prepare("AttachProcessesToUnit");
    check(sd_bus_message_append(message.get(), "ssau", unit.c_str(), below.c_str(), 1,
                                static_cast<uint32_t>(pid)),
          doing);
    call(std::move(message), doing);
}

void Manager::set_properties(const std::string& unit, std::span<const Property> properties) {
    const std::string doing = format("setting properties of the unit {}", unit);
    Message message = prepare("SetUnitProperties");
    check(sd_bus_message_append(message.get(), "sb", unit.c_str(), 1), doing);
    check(sd_bus_message_open_container(message.get(), 'a', "(sv)"), doing);
    append_all(message.get(), properties);
    check(sd_bus_message_close_container(message.get()), doing);
    call(std::move(message), doing);
    // systemd answers this call before it writes to the cgroup; it answers the next one only after
    // that.
    (void)text_property(unit, "ActiveState");
}

void Manager::stop(const std::string& unit) {
    const std::string doing = format("stopping the unit {}", unit);
    Message message = prepare("StopUnit");
    check(sd_bus_message_append(message.get(), "ss", unit.c_str(), "replace"), doing);
    try {
        wait_for_job(call(std::move(message), doing), doing);
    } catch (const Failure& failure) {
        if (failure.name != "org.freedesktop.systemd1.NoSuchUnit") throw;
        return;
    }
    // A unit that has failed keeps its name. Usually there is nothing to do.
    Message reset = prepare("ResetFailedUnit");
    check(sd_bus_message_append(reset.get(), "s", unit.c_str()), doing);
    sd_bus_message* reply = nullptr;
    (void)sd_bus_call(bus_.get(), reset.get(), 0, nullptr, &reply);
    sd_bus_message_unref(reply);
}

}  // namespace sampan::systemd
