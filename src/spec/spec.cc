#include "spec/spec.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/text.h"
#include "os/file.h"
#include "spec/annotations.h"
#include "spec/json.h"

namespace sampan {

namespace {

// What is at the path instead of a file.
const char* kind_of(mode_t mode) {
    switch (mode & S_IFMT) {
        case S_IFDIR:
            return "a folder";
        case S_IFIFO:
            return "a FIFO";
        case S_IFSOCK:
            return "a socket";
        case S_IFCHR:
        case S_IFBLK:
            return "a device";
        default:
            return "something else";
    }
}

// Problems that the checks find have only a pointer.
void set_offsets(std::vector<Problem>& problems, std::string_view text) {
    for (Problem& problem : problems) {
        if (!problem.offset) problem.offset = find_offset(text, problem.pointer, PlaceOf::value);
    }
}

// Adds warnings to those of the reader. Problems become an error, with the text for their places.
Status take_findings(spec::Findings findings,
                     const std::string& path,
                     const std::string& text,
                     std::vector<Problem>& warnings) {
    if (!findings.problems.empty()) {
        if (findings.problems.size() > max_problems) findings.problems.resize(max_problems);
        set_offsets(findings.problems, text);
        return invalid_file(path, text, std::move(findings.problems));
    }
    set_offsets(findings.warnings, text);
    warnings.insert(warnings.end(), findings.warnings.begin(), findings.warnings.end());
    return {};
}

Status fill(SpecFile& file) {
    file.spec = TRY(read_json<Spec>(file.text, file.path, file.warnings));
    spec::adopt_annotations(file.spec);
    return take_findings(spec::check_spec(file.spec), file.path, file.text, file.warnings);
}

Status fill(ProcessFile& file) {
    file.process = TRY(read_json<spec::Process>(file.text, file.path, file.warnings));
    return take_findings(spec::check_process_alone(file.process), file.path, file.text,
                         file.warnings);
}

// A warning is often the cause of an error: a key that is mistyped and another one that is missing.
Status beside(std::vector<Problem>& warnings, Status done) {
    if (!done) done.error().set_warnings(std::move(warnings));
    return done;
}

Result<std::string> read_regular(const std::string& path) {
    // Without O_NONBLOCK, open itself would wait for a writer of a FIFO. A terminal must not become
    // our controlling terminal.
    auto file = open_at(AT_FDCWD, path, O_RDONLY | O_NONBLOCK | O_NOCTTY);
    if (!file && file.error().code() == ENXIO) return failf("{} is a socket, not a file", path);
    const Fd opened = TRY(std::move(file));
    const struct stat facts = TRY(stat_of(opened.get()));
    if (!S_ISREG(facts.st_mode)) return failf("{} is {}, not a file", path, kind_of(facts.st_mode));
    if (facts.st_size > static_cast<off_t>(max_spec_size))
        return failf("{} is larger than {} MiB", path, max_spec_size >> 20);
    return read_all(opened.get(), max_spec_size);
}

}  // namespace

Result<std::string> read_spec_file(const std::string& path) {
    Result<std::string> text = read_regular(path);
    if (!text) text.error().set_kind(ErrorKind::config);
    return text;
}

Result<GivenText> read_given_text(const std::string& path) {
    // These names are links to something that only exists while it is open (a pipe, a socket).
    for (const std::string_view name : {"-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"})
        if (path == name)
            return GivenText{TRY(read_all(STDIN_FILENO, max_spec_size).in("standard input")),
                             "standard input"};
    const std::optional<struct stat> facts = TRY(stat_at(cwd, path));
    if (!facts || !S_ISFIFO(facts->st_mode)) return GivenText{TRY(read_spec_file(path)), path};
    return GivenText{TRY(read_file(cwd, path, max_spec_size)), path};
}

Error locate_in_part(Error error,
                     std::string_view pointer,
                     const std::string& path,
                     const std::string& text) {
    if (!error.pointer().starts_with(pointer)) return error;
    Problem place{.pointer = error.pointer().substr(pointer.size()),
                  .what = error.message(),
                  .hint = error.hint(),
                  .offset = {}};
    Error located(error.kind(), format("carrying out {}", path));
    located.set_problems(path, {std::move(place)}, text);
    return located;
}

Result<SpecFile> read_spec_text(std::string text, const std::string& path) {
    SpecFile file{.spec = {}, .path = path, .text = std::move(text), .warnings = {}};
    TRY(beside(file.warnings, fill(file)));
    return file;
}

Result<ProcessFile> read_process(std::string text, const std::string& path) {
    ProcessFile file{.process = {}, .path = path, .text = std::move(text), .warnings = {}};
    TRY(beside(file.warnings, fill(file)));
    return file;
}

Result<SpecFile> read_spec(const std::string& path) {
    Result<std::string> text = read_spec_file(path);
    if (!text && text.error().code() == ENOENT)
        text.error().set_hint("a bundle is a folder with a config.json: `sampan spec` writes one");
    return read_spec_text(TRY(std::move(text)), path);
}

}  // namespace sampan
