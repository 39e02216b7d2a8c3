#include <fcntl.h>
#include <sys/stat.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "container/preflight.h"
#include "host/host.h"
#include "os/file.h"
#include "spec/json.h"
#include "spec/locate.h"

namespace sampan {

namespace {

// The folder of a bundle, or a config.json itself.
Result<Verdict> judge_argument(const std::string& argument,
                               const Host& host,
                               const Globals& globals) {
    const std::string path = TRY(absolute_path(argument).in("the bundle"));
    const std::optional<struct stat> facts = TRY(stat_at(cwd, path));
    const bool is_folder = facts && S_ISDIR(facts->st_mode);
    // An ID takes part in no rule of the specification, so any will do.
    Request request{.id = "validate", .bundle = path};
    if (!is_folder) request.bundle = path.substr(0, path.rfind('/'));
    request.cgroup_manager = globals.cgroup_manager;
    return judge(is_folder ? path + "/config.json" : path, host, request);
}

void be_strict(Verdict& verdict) {
    for (Problem& warning : verdict.warnings)
        verdict.problems.push_back(std::move(warning));
    verdict.warnings.clear();
}

Status tell(const Verdict& verdict, Reporter& reporter) {
    if (!verdict.problems.empty()) {
        Failure failure = invalid_file(verdict.path, verdict.text, verdict.problems);
        reporter.error(failure.error().set_warnings(verdict.warnings));
        return {};
    }
    reporter.config_path = verdict.path;
    reporter.config_text = verdict.text;
    reporter.warnings(verdict.warnings);
    return print(format("{} is valid\n", verdict.path));
}

void write_findings(JsonWriter& writer,
                    std::string_view level,
                    const std::vector<Problem>& problems,
                    std::string_view text) {
    for (const Problem& problem : problems) {
        writer.begin_object();
        const auto put = [&writer](std::string_view key, std::string_view value) {
            writer.key(key);
            writer.string(value);
        };
        put("level", level);
        put("pointer", problem.pointer);
        if (const std::optional<Place> place = place_of(problem, text)) {
            writer.key("line");
            writer.unsigned_integer(place->line);
            writer.key("column");
            writer.unsigned_integer(place->column);
        }
        put("message", problem.what);
        if (!problem.hint.empty()) put("hint", problem.hint);
        writer.end_object();
    }
}

void write_verdict(JsonWriter& writer, const Verdict& verdict) {
    writer.begin_object();
    writer.key("config");
    writer.string(verdict.path);
    writer.key("valid");
    writer.boolean(verdict.problems.empty());
    writer.key("findings");
    writer.begin_array();
    write_findings(writer, "error", verdict.problems, verdict.text);
    write_findings(writer, "warning", verdict.warnings, verdict.text);
    writer.end_array();
    writer.end_object();
}

}  // namespace

Result<int> run_validate(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    invocation.reporter.tells_all = true;
    const Host host = TRY(read_host());
    JsonWriter writer(JsonStyle::indented);
    writer.begin_array();
    bool valid = true;
    for (const std::string& argument : parsed.arguments) {
        Verdict verdict = TRY(judge_argument(argument, host, invocation.globals));
        if (parsed.has("strict")) be_strict(verdict);
        valid = valid && verdict.problems.empty();
        if (parsed.has("json"))
            write_verdict(writer, verdict);
        else
            TRY(tell(verdict, invocation.reporter));
    }
    writer.end_array();
    if (parsed.has("json")) TRY(print(std::move(writer).take() + "\n"));
    return valid ? 0 : 1;
}

}  // namespace sampan
