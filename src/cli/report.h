// The only place where an Error becomes text: for people on standard error, for engines in the log.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "cli/log_record.h"
#include "os/fd.h"

namespace sampan {

// To a person at a terminal, which may be a raw one. In no log.
void tell_of_third_interrupt();

struct Reporter {
    std::string log;  // file; "": none
    LogFormat format = LogFormat::text;
    bool tells_warnings = true;  // false: --log-level error
    bool tells_steps = false;    // true: --debug
    // The container that the command is about: its ID, or its bundle. "": none, or several.
    std::string container;
    // All problems of a file are told, whoever reads it.
    bool tells_all = false;
    // The config.json that this command read. If an error has a pointer but no file of its own, the
    // pointer is looked up here.
    std::string config_path;
    std::string config_text;

    void error(const Error& error) const;
    // A warning goes to the log. It goes to standard error only if there is no log, because that
    // stream is often the container's own. For the same reason each kind of warning gets only one
    // line there.
    void warning(const Error& error) const;
    void warnings(const Warnings& all) const;
    // About config.json, or another file that was read.
    void warnings(const std::vector<Problem>& problems) const;
    // For --debug: where its lines are written, and such a line. Init has no path to the log, so it
    // is held open; nobody but init has the descriptor.
    [[nodiscard]] Result<Fd> open_debug() const;
    [[nodiscard]] std::string debug_line(const std::string& message) const;
    // An error if there is a log that cannot be written to.
    [[nodiscard]] Status check_log() const;

  private:
    void warnings_in(const std::vector<Problem>& problems,
                     std::string_view path,
                     std::string_view text) const;
    void warn(const std::string& for_people, const LogRecord& for_log) const;
    [[nodiscard]] Result<Fd> open_log() const;
    void write_log(const LogRecord& record) const;
    [[nodiscard]] LogRecord record_of(std::string_view level, const Error& error) const;
    [[nodiscard]] std::string container_id() const;
    [[nodiscard]] std::string details_of(const Error& error) const;
};

}  // namespace sampan
