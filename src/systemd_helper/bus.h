// The part of systemd's D-Bus interface that a container needs. Every call has a time limit, and a
// failure is a sentence that names the call.
#pragma once

#include <systemd/sd-bus.h>
#include <unistd.h>

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sampan::systemd {

// D-Bus has no errno, so the failure is a sentence.
struct Failure {
    std::string what;
    std::string name;  // of the D-Bus error: "org.freedesktop.systemd1.UnitExists"
};

struct Property {
    std::string name;
    std::string type;   // b, i, u, x, t, s, ay or as
    std::string value;  // the elements of an array are separated by line ends
};

// How long systemd may take. A call or job that takes longer is a failure that says so; systemd may
// carry it out nevertheless.
struct Limits {
    std::chrono::milliseconds call{30'000};  // also for the bus to take us in
    std::chrono::milliseconds job{60'000};   // to start or stop a unit
};

// Throws Failure. (This program is not sampan: it has no child of clone3(2) into which an exception
// must not unwind.)
class Manager {
  public:
    // The systemd of the system, or of the user that we run as.
    explicit Manager(bool user, Limits limits = {});

    // Makes a scope with the process `pid` in it, and returns once it is started. An older scope of
    // this name is removed if it has ended, or is about to end; otherwise it is an error.
    void start_scope(const std::string& unit, pid_t pid, std::span<const Property> properties);
    // The same, but without the properties that scopes have only since systemd 253 (OOMPolicy), if
    // this systemd does not know them.
    void start_scope_of_any_systemd(const std::string& unit,
                                    pid_t pid,
                                    std::vector<Property> properties);
    // Moves a process into a unit, or into the cgroup `below` it (""): for users whom the kernel
    // does not let move it themselves.
    void attach(const std::string& unit, const std::string& below, pid_t pid);
    // Sets properties until the next boot; returns once they are in effect.
    void set_properties(const std::string& unit, std::span<const Property> properties);
    // Returns once the unit has ended. It is not an error if there is none.
    void stop(const std::string& unit);
    // "" if it cannot be read.
    std::string description(const std::string& unit) { return text_property(unit, "Description"); }

  private:
    struct Unref {
        void operator()(sd_bus* bus) const { sd_bus_close_unref(bus); }
        void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
        void operator()(sd_bus_slot* slot) const { sd_bus_slot_unref(slot); }
    };
    using Message = std::unique_ptr<sd_bus_message, Unref>;
    struct EndedJob {
        std::string path;
        std::string result;
    };

    void wait_until_ready(const std::string& doing);
    Message prepare(const char* method);
    Message call(Message message, const std::string& doing);
    void wait_for_job(Message reply, const std::string& doing);
    void try_start(const std::string& unit, pid_t pid, std::span<const Property> properties);
    void make_room(const std::string& unit);
    std::string text_property(const std::string& unit, const char* name);
    static int on_job_removed(sd_bus_message* message, void* self, sd_bus_error* error);

    Limits limits_;
    std::unique_ptr<sd_bus, Unref> bus_;
    std::unique_ptr<sd_bus_slot, Unref> slot_;
    // A job may end before we know its name.
    std::vector<EndedJob> ended_;
};

}  // namespace sampan::systemd
