// The only place where an Error becomes text: one for people on standard error, one for engines in
// the log file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "os/fd.h"

namespace sampan {

enum class LogFormat { text, json };

struct LogRecord {
    std::string_view level;
    std::string_view code;  // the name of the error's kind; "": of no error
    std::string message;
};

struct Reporter {
    std::string log;  // file; "": none
    LogFormat format = LogFormat::text;
    // For places in it, where an error has a pointer but not the file itself: the config.json that
    // this command read.
    std::string config_path;
    std::string config_text;

    void error(const Error& error) const;
    // Told, and nothing else changes: in the log, and on standard error only where there is none.
    // That stream is often the container's own, so that a kind of warning gets one line there.
    void warning(const Error& error) const;
    void warnings(const std::vector<Problem>& problems) const;
    // Whether the log can be written to; without one, it can.
    [[nodiscard]] Status check_log() const;

  private:
    void warn(const std::string& for_people, const LogRecord& for_log) const;
    [[nodiscard]] Result<Fd> open_log() const;
    void write_log(const LogRecord& record) const;
    [[nodiscard]] std::string details_of(const Error& error) const;
};

}  // namespace sampan
