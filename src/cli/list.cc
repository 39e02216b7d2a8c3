#include <algorithm>
#include <array>
#include <cerrno>

#include "base/text.h"
#include "cli/command.h"
#include "cli/list_words.h"
#include "cli/output.h"
#include "cli/state_output.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/passwd.h"
#include "spec/fields.h"
#include "spec/writer.h"

namespace sampan {

namespace {

using TableRow = std::vector<std::string>;

std::string user_name(uint32_t uid) {
    const Result<std::string> passwd = read_file(cwd, "/etc/passwd");
    if (passwd)
        for (const PasswdEntry& entry : parse_passwd(*passwd))
            if (entry.uid == uid) return std::string(entry.name);
    return format("#{}", uid);
}

// A time that cannot be told in words is shown as it is.
std::string created_ago(const std::string& created) {
    const std::optional<int64_t> then = parse_timestamp(created);
    const int64_t seconds = then ? seconds_now() - *then : -1;
    return seconds < 0 ? created : ago(seconds);
}

std::string align_columns(const std::vector<TableRow>& rows) {
    std::vector<size_t> widths(rows[0].size(), 12);
    for (const TableRow& row : rows)
        for (size_t i = 0; i < row.size(); ++i)
            widths[i] = std::max(widths[i], row[i].size() + 3);
    std::string text;
    for (const TableRow& row : rows) {
        for (size_t i = 0; i + 1 < row.size(); ++i)
            text += format("{:<{}}", row[i], widths[i]);
        text += row.back() + "\n";
    }
    return text;
}

// A container of somebody else may be as it should be.
std::string_view status_of(const BrokenContainer& container) {
    const int code = container.why.code();
    return code == EACCES || code == EPERM ? unreadable_status : broken_status;
}

std::string as_table(const std::vector<StateOutput>& states,
                     const std::vector<BrokenContainer>& broken) {
    std::vector<TableRow> rows;
    for (const StateOutput& state : states)
        rows.push_back({state.id, format("{}", state.pid), std::string(spec::name_of(state.status)),
                        state.bundle, created_ago(state.created), state.owner});
    for (const BrokenContainer& one : broken)
        rows.push_back({one.id, "-", std::string(status_of(one)), "-", "-", "-"});
    std::ranges::sort(rows, {}, [](const TableRow& row) { return row[0]; });
    rows.insert(rows.begin(), {"ID", "PID", "STATUS", "BUNDLE", "CREATED", "OWNER"});
    return align_columns(rows);
}

std::string as_json(const std::vector<StateOutput>& states) {
    JsonWriter writer(JsonStyle::compact);
    writer.begin_array();
    for (const StateOutput& state : states)
        write_json(writer, state);
    writer.end_array();
    return std::move(writer).take() + "\n";
}

std::string as_ids(const Listing& listing) {
    std::vector<std::string> ids;
    for (const Container& container : listing.containers)
        ids.push_back(container.record.id);
    for (const BrokenContainer& one : listing.broken)
        ids.push_back(one.id);
    std::ranges::sort(ids);
    return ids.empty() ? "" : join(ids, "\n") + "\n";
}

// Only the containers with one of these statuses; all if there is none.
void keep_statuses(Listing& listing, const std::vector<std::string>& statuses) {
    if (statuses.empty()) return;
    const auto is_meant = [&](std::string_view status) {
        return std::ranges::find(statuses, status) != statuses.end();
    };
    std::erase_if(listing.containers,
                  [&](const Container& one) { return !is_meant(spec::name_of(one.status)); });
    std::erase_if(listing.broken,
                  [&](const BrokenContainer& one) { return !is_meant(status_of(one)); });
}

// A folder that somebody has named and that does not exist is probably misspelt. runc refuses it
// too.
Status check_root(const std::string& root) {
    if (TRY(stat_at(cwd, root, 0))) return {};
    return failf(ErrorKind::not_found, "the folder of --root does not exist: {}", root);
}

}  // namespace

Result<int> run_list(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    constexpr std::array<std::string_view, 2> styles = {"table", "json"};
    const std::string style = TRY(choice(parsed, "format", styles));
    const std::vector<std::string> statuses = TRY(parse_status_filters(parsed.all("filter")));
    const Store store = TRY(Store::look(invocation.globals.root));
    if (invocation.globals.root_is_given) TRY(check_root(invocation.globals.root));
    Listing listing = TRY(list_containers(store));
    keep_statuses(listing, statuses);
    std::vector<StateOutput> rows;
    for (const Container& container : listing.containers) {
        rows.push_back(show(container));
        rows.back().owner = user_name(container.record.owner);
    }
    if (style == "json" && !parsed.has("quiet")) {
        TRY(print(as_json(rows)));
        // An array of states has no place for them: whoever reads it must not take it for the
        // whole.
        for (const BrokenContainer& broken : listing.broken)
            invocation.reporter.error(broken.why);
        return listing.broken.empty() ? 0 : 1;
    }
    TRY(print(parsed.has("quiet") ? as_ids(listing) : as_table(rows, listing.broken)));
    for (const BrokenContainer& broken : listing.broken)
        invocation.reporter.warning(broken.why);
    return 0;
}

}  // namespace sampan
