// A line of the log.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/error.h"
#include "spec/locate.h"

namespace sampan {

enum class LogFormat { text, json };

// What is empty or absent is not known, and left out.
struct LogRecord {
    std::string_view level;
    std::string_view code;  // the name of the error's kind; "": not an error
    std::string message;
    // Only in JSON.
    std::string container;  // its ID
    std::string step;       // of the plan
    std::string file;
    std::optional<Place> place;  // in the file
    std::string pointer;
    std::string object;    // the string or number at the pointer
    int error_number = 0;  // errno
    std::string hint;
};

// Where a problem is: sets file, place, pointer, object and hint. `text` is the content of the
// file.
void set_place(LogRecord& record,
               const Problem& problem,
               std::string_view file,
               std::string_view text);

// {"level":"error","code":"…","msg":"…",…,"time":"…"} or time="…" level=… msg="…", with a line end.
std::string make_log_line(LogFormat style, const LogRecord& record);

}  // namespace sampan
