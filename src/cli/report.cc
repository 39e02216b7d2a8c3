#include "cli/report.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ranges>

#include "base/text.h"
#include "cli/style.h"
#include "container/id.h"
#include "os/file.h"
#include "spec/locate.h"

namespace sampan {

namespace {

// How many problems of a file a program is told: engines cut what they pass on after a few
// kilobytes, and the end of the list would be lost unnoticed.
constexpr size_t told_to_programs = 5;

std::string count_untold(const Error& error, size_t told) {
    const size_t all = error.problems().size();
    if (told >= all) return "";
    return format("and {}{} more", all < max_problems ? "" : "at least ", all - told);
}

std::string one_line(const Error& error) {
    std::string text = error.message();
    for (const Problem& problem : error.problems() | std::views::take(told_to_programs))
        text += format("; {}: {}", problem.pointer.empty() ? "/" : problem.pointer, problem.what);
    const std::string untold = count_untold(error, told_to_programs);
    return untold.empty() ? text : text + "; " + untold;
}

// Warnings of one kind differ only in the words of the file that they quote.
std::string without_quotations(std::string_view what) {
    std::string kind;
    bool quoted = false;
    for (const char c : what) {
        if (c == '"') quoted = !quoted;
        if (!quoted) kind += c;
    }
    return kind;
}

// The same warning about several places.
struct WarningKind {
    const Problem* first = nullptr;
    std::vector<std::string> other_places;
};

std::vector<WarningKind> sort_by_kind(const std::vector<Problem>& problems) {
    std::vector<WarningKind> kinds;
    for (const Problem& problem : problems) {
        const auto known = std::ranges::find_if(kinds, [&](const WarningKind& kind) {
            return without_quotations(kind.first->what) == without_quotations(problem.what);
        });
        if (known != kinds.end())
            known->other_places.push_back(problem.pointer);
        else
            kinds.push_back({.first = &problem, .other_places = {}});
    }
    return kinds;
}

std::string describe_others(const WarningKind& kind) {
    const std::vector<std::string>& places = kind.other_places;
    if (places.empty()) return "";
    std::string list;
    for (const std::string& place : places | std::views::take(told_to_programs))
        list += format("{}{}", list.empty() ? "" : ", ", escape_text(place));
    return format(" (and {} more like it: {}{})", places.size(), list,
                  places.size() > told_to_programs ? ", ..." : "");
}

void put(int fd, std::string_view text) {
    // If even this fails, nobody is left to tell.
    (void)write_all(fd, text);
}

}  // namespace

void tell_of_third_interrupt() {
    put(STDERR_FILENO,
        "\r\nsampan: the program goes on; a third Ctrl-C within two seconds kills it\r\n");
}

std::string Reporter::details_of(const Error& error) const {
    std::string details;
    const bool own_file = !error.file().empty();
    const std::string& path = own_file ? error.file() : config_path;
    const std::string& text = own_file ? error.text() : config_text;
    const bool all = tells_all || ::isatty(STDERR_FILENO) != 0;
    const size_t told = all ? error.problems().size() : told_to_programs;
    for (const Problem& problem : error.problems() | std::views::take(told))
        details += render_problem(problem, path, text) + "\n";
    if (const std::string untold = count_untold(error, told); !untold.empty())
        details += untold + "\n";
    if (error.problems().empty() && !error.pointer().empty() && !text.empty())
        details +=
            render_problem({.pointer = error.pointer(), .what = "", .hint = "", .offset = {}}, path,
                           text) +
            "\n";
    if (!error.hint().empty()) details += escape_lines(error.hint(), "") + "\n";
    return details;
}

// A link is followed only if nobody else could have put it there, as in /dev (/dev/stderr). A fifo
// that nobody reads is an error, and a fifo that is full loses lines: a log never makes us wait.
Result<Fd> Reporter::open_log() const {
    const size_t slash = log.rfind('/');
    const std::string folder = slash == std::string::npos ? "." : log.substr(0, slash + 1);
    const std::string name = slash == std::string::npos ? log : log.substr(slash + 1);
    const Fd parent = TRY(open_at(cwd, folder, O_PATH | O_DIRECTORY));
    const struct stat facts = TRY(stat_of(parent.get()));
    const bool private_folder = (facts.st_uid == 0 || facts.st_uid == ::geteuid()) &&
                                (facts.st_mode & (S_IWGRP | S_IWOTH)) == 0;
    const int flags = O_WRONLY | O_APPEND | O_CREAT | O_NONBLOCK | O_NOCTTY;
    Result<Fd> file =
        open_at(parent.get(), name, private_folder ? flags : flags | O_NOFOLLOW, 0644);
    if (!file && file.error().code() == ELOOP && !private_folder)
        file.error().set_hint(
            "a symbolic link is not followed where others may put one: name the file itself");
    return file;
}

Status Reporter::check_log() const {
    if (!log.empty()) TRY(open_log().in(sampan::format("the log (--log) {}", log)));
    return {};
}

// Opened for each line, because init, which has our memory and our descriptors, must not hold it.
void Reporter::write_log(const LogRecord& record) const {
    if (log.empty()) return;
    const Result<Fd> file = open_log();
    if (file) put(file->get(), make_log_line(format, record));
}

Result<Fd> Reporter::open_debug() const {
    if (!log.empty()) return open_log();
    Fd copy(::fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3));
    if (!copy.valid()) return fail_errno("duplicating standard error");
    return copy;
}

std::string Reporter::debug_line(const std::string& message) const {
    if (log.empty()) return "sampan: debug: " + escape_text(message) + "\n";
    return make_log_line(format, {.level = "debug", .code = {}, .message = message});
}

// Warnings come first: programs read the last record of the log.
void Reporter::error(const Error& error) const {
    warnings_in(error.warnings(), error.file(), error.text());
    put(STDERR_FILENO, sampan::format("{} {}\n{}", painted(STDERR_FILENO, Ink::error, "sampan:"),
                                      escape_lines(error.message(), "  "),
                                      with_painted_carets(STDERR_FILENO, details_of(error))));
    write_log(record_of("error", error));
}

// Of several problems of a file, its place is that of the first.
LogRecord Reporter::record_of(std::string_view level, const Error& error) const {
    LogRecord record{.level = level, .code = name_of(error.kind()), .message = one_line(error)};
    record.container = container_id();
    record.step = error.step();
    record.error_number = error.code();
    record.hint = error.hint();
    const bool own_file = !error.file().empty();
    const Problem only{.pointer = error.pointer(), .what = {}, .hint = {}, .offset = {}};
    const Problem& first = error.problems().empty() ? only : error.problems().front();
    if (own_file || !first.pointer.empty())
        set_place(record, first, own_file ? error.file() : config_path,
                  own_file ? error.text() : config_text);
    return record;
}

std::string Reporter::container_id() const {
    if (!names_bundle(container)) return container;
    const std::string path = absolute_path(container).value_or(container);
    return path.substr(path.rfind('/') + 1);
}

void Reporter::warn(const std::string& for_people, const LogRecord& for_log) const {
    if (!tells_warnings) return;
    if (log.empty())
        put(STDERR_FILENO,
            sampan::format("{} {}\n", painted(STDERR_FILENO, Ink::warning, "sampan: warning:"),
                           for_people));
    write_log(for_log);
}

void Reporter::warning(const Error& error) const {
    // Those of the command's own file, which need no other words.
    if (!error.problems().empty() && error.file().empty()) return warnings(error.problems());
    const std::string hint = error.hint().empty() ? "" : "; " + error.hint();
    warn(escape_lines(one_line(error) + hint, "  "), record_of("warning", error));
}

void Reporter::warnings(const Warnings& all) const {
    for (const Error& one : all)
        warning(one);
}

void Reporter::warnings(const std::vector<Problem>& problems) const {
    warnings_in(problems, config_path, config_text);
}

void Reporter::warnings_in(const std::vector<Problem>& problems,
                           std::string_view path,
                           std::string_view text) const {
    for (const WarningKind& kind : sort_by_kind(problems)) {
        const std::string others = describe_others(kind);
        const Problem& first = *kind.first;
        LogRecord record{.level = "warning",
                         .code = {},
                         .message = sampan::format("{}: {}{}", first.pointer, first.what, others)};
        record.container = container_id();
        set_place(record, first, path, text);
        warn(render_in_line(first, path, text) + others, record);
    }
}

}  // namespace sampan
