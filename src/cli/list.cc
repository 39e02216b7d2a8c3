#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "cli/state_output.h"
#include "os/file.h"
#include "os/passwd.h"
#include "spec/fields.h"
#include "spec/writer.h"

namespace sampan {

namespace {

std::string user_name(uint32_t uid) {
    const Result<std::string> passwd = read_file(cwd, "/etc/passwd");
    if (passwd)
        for (const PasswdEntry& entry : parse_passwd(*passwd))
            if (entry.uid == uid) return std::string(entry.name);
    return format("#{}", uid);
}

std::string as_table(const std::vector<StateOutput>& rows) {
    const std::vector<std::string> titles{"ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"};
    std::vector<std::vector<std::string>> lines{titles};
    for (const StateOutput& row : rows)
        lines.push_back({row.id, format("{}", row.pid), std::string(spec::name_of(row.status)),
                         row.bundle, row.created, row.owner});
    std::vector<size_t> widths(titles.size(), 12);
    for (const auto& line : lines)
        for (size_t i = 0; i < line.size(); ++i)
            widths[i] = std::max(widths[i], line[i].size() + 3);
    std::string text;
    for (const auto& line : lines) {
        for (size_t i = 0; i + 1 < line.size(); ++i)
            text += format("{:<{}}", line[i], widths[i]);
        text += line.back() + "\n";
    }
    return text;
}

std::string as_json(const std::vector<StateOutput>& rows) {
    JsonWriter writer(JsonStyle::compact);
    writer.begin_array();
    for (const StateOutput& row : rows)
        write_json(writer, row);
    writer.end_array();
    return std::move(writer).take() + "\n";
}

}  // namespace

Result<int> run_list(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const std::string style = parsed.has("format") ? parsed.text("format") : "table";
    if (style != "table" && style != "json")
        return failf(ErrorKind::usage, "--format is table or json, not \"{}\"", style);
    const Store store = TRY(Store::look(invocation.globals.root));
    const Listing listing = TRY(list_containers(store));
    std::vector<StateOutput> rows;
    std::string ids;
    for (const Container& container : listing.containers) {
        rows.push_back(show(container));
        rows.back().owner = user_name(container.record.owner);
        ids += container.record.id + "\n";
    }
    if (parsed.has("quiet")) {
        TRY(print(ids));
    } else {
        TRY(print(style == "json" ? as_json(rows) : as_table(rows)));
    }
    // Broken ones are reported, and hide no others.
    for (const Error& broken : listing.broken)
        invocation.reporter.error(broken);
    return listing.broken.empty() ? 0 : 1;
}

}  // namespace sampan
