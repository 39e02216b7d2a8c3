// The only place where an Error becomes text: one for people on standard error, one for engines in
// the log file.
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"

namespace sampan {

enum class LogFormat { text, json };

struct Reporter {
    std::string log;  // file; "": none
    LogFormat format = LogFormat::text;
    // For places in it, where an error has a pointer but not the file itself: the config.json that
    // this command read.
    std::string config_path;
    std::string config_text;

    void error(const Error& error) const;
    // Told, and nothing else changes.
    void warning(const Error& error) const;
    void warning(const Problem& problem) const;

  private:
    void log_line(std::string_view level, const std::string& message) const;
    [[nodiscard]] std::string details_of(const Error& error) const;
};

}  // namespace sampan
