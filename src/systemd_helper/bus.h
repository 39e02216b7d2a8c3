// systemd's D-Bus interface, as far as a container needs it. Every call has a limit of time, and a
// failure is a sentence that names the call.
#pragma once

#include <systemd/sd-bus.h>
#include <unistd.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

namespace sampan::systemd {

// D-Bus has no errno that tells more than these sentences.
struct Failure {
    std::string what;
    std::string name;  // of the D-Bus error: "org.freedesktop.systemd1.UnitExists"
};

struct Property {
    std::string name;
    std::string type;   // b, i, u, x, t, s, ay or as
    std::string value;  // elements of an array are separated by line ends
};

// Throws Failure. (This program is not sampan: it has no child of clone3(2) that must not unwind.)
class Manager {
  public:
    // The system's, or the one of the user that we run as.
    explicit Manager(bool user);

    // A scope with the process `pid` in it; returns once it is started. One of the name that has
    // ended, or is about to, makes room; another one is an error.
    void start_scope(const std::string& unit, pid_t pid, std::span<const Property> properties);
    // The same without the properties that scopes have only since systemd 253 (OOMPolicy), where
    // they are not known.
    void start_scope_of_any_systemd(const std::string& unit,
                                    pid_t pid,
                                    std::vector<Property> properties);
    // Moves a process into a unit, or into the cgroup `below` it (""): for those whom the kernel
    // does not let move it themselves.
    void attach(const std::string& unit, const std::string& below, pid_t pid);
    // Until the next boot; returns once they hold.
    void set_properties(const std::string& unit, std::span<const Property> properties);
    // Returns once the unit has ended. No error when there is none.
    void stop(const std::string& unit);
    // "" when it cannot be told.
    std::string description(const std::string& unit) { return text_property(unit, "Description"); }

  private:
    struct Unref {
        void operator()(sd_bus* bus) const { sd_bus_flush_close_unref(bus); }
        void operator()(sd_bus_message* message) const { sd_bus_message_unref(message); }
        void operator()(sd_bus_slot* slot) const { sd_bus_slot_unref(slot); }
    };
    using Message = std::unique_ptr<sd_bus_message, Unref>;
    struct EndedJob {
        std::string path;
        std::string result;
    };

    Message prepare(const char* method);
    Message call(Message message, const std::string& doing);
    void wait_for_job(Message reply, const std::string& doing);
    void try_start(const std::string& unit, pid_t pid, std::span<const Property> properties);
    void make_room(const std::string& unit);
    std::string text_property(const std::string& unit, const char* name);
    static int on_job_removed(sd_bus_message* message, void* self, sd_bus_error* error);

    std::unique_ptr<sd_bus, Unref> bus_;
    std::unique_ptr<sd_bus_slot, Unref> slot_;
    // Jobs may end before we know their names.
    std::vector<EndedJob> ended_;
};

}  // namespace sampan::systemd
