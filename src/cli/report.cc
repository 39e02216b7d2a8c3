#include "cli/report.h"

#include <fcntl.h>
#include <unistd.h>

#include "base/text.h"
#include "container/record.h"
#include "os/file.h"
#include "spec/json.h"
#include "spec/locate.h"

namespace sampan {

namespace {

std::string one_line(const Error& error) {
    std::string text = error.message();
    for (const Problem& problem : error.problems())
        text += format("; {}: {}", problem.pointer.empty() ? "/" : problem.pointer, problem.what);
    return text;
}

// {"level":"error","msg":"…","time":"…"}: what engines read back. One line.
std::string make_log_line(LogFormat style, std::string_view level, const std::string& message) {
    if (style == LogFormat::text)
        return format("time=\"{}\" level={} msg=\"{}\"\n", timestamp(), level,
                      escape_text(message));
    JsonWriter writer(JsonStyle::compact);
    writer.begin_object();
    writer.key("level");
    writer.string(level);
    writer.key("msg");
    writer.string(message);
    writer.key("time");
    writer.string(timestamp());
    writer.end_object();
    return std::move(writer).take() + "\n";
}

void put(int fd, std::string_view text) {
    // Nobody is left to tell when even this fails.
    (void)write_all(fd, text);
}

}  // namespace

std::string Reporter::details_of(const Error& error) const {
    std::string details;
    const bool own_file = !error.file().empty();
    const std::string& path = own_file ? error.file() : config_path;
    const std::string& text = own_file ? error.text() : config_text;
    for (const Problem& problem : error.problems())
        details += render_problem(problem, path, text) + "\n";
    if (error.problems().empty() && !error.pointer().empty() && !text.empty())
        details +=
            render_problem({.pointer = error.pointer(), .what = "", .hint = "", .offset = {}}, path,
                           text) +
            "\n";
    if (!error.hint().empty()) details += error.hint() + "\n";
    return details;
}

void Reporter::log_line(std::string_view level, const std::string& message) const {
    if (log.empty()) return;
    const Result<Fd> file = open_at(cwd, log, O_WRONLY | O_APPEND | O_CREAT, 0644);
    if (file) put(file->get(), make_log_line(format, level, message));
}

void Reporter::error(const Error& error) const {
    put(STDERR_FILENO, "sampan: " + escape_lines(error.message(), "  ") + "\n" + details_of(error));
    log_line("error", one_line(error));
}

void Reporter::warning(const Error& error) const {
    put(STDERR_FILENO, "sampan: warning: " + escape_lines(error.message(), "  ") + "\n");
    log_line("warning", one_line(error));
}

void Reporter::warning(const Problem& problem) const {
    put(STDERR_FILENO,
        "sampan: warning: " + render_problem(problem, config_path, config_text) + "\n");
    log_line("warning", sampan::format("{}: {}", problem.pointer, problem.what));
}

}  // namespace sampan
