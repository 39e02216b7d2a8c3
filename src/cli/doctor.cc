#include <stdlib.h>

#include "base/text.h"
#include "cli/command.h"
#include "cli/output.h"
#include "container/diagnosis.h"
#include "spec/json.h"
#include "spec/locate.h"

namespace sampan {

namespace {

std::string findings_as_text(const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& one : findings) {
        text += format("{:<9} {:<22} {}\n", name_of(one.health), one.name, escape_text(one.text));
        if (!one.remedy.empty()) text += format("{:>32} {}\n", "->", escape_text(one.remedy));
    }
    return text;
}

std::string findings_as_json(const std::vector<Finding>& findings) {
    JsonWriter writer(JsonStyle::indented);
    writer.begin_object();
    writer.key("canRunContainers");
    writer.boolean(can_run_containers(findings));
    writer.key("findings");
    writer.begin_array();
    for (const Finding& one : findings) {
        writer.begin_object();
        const auto put = [&writer](std::string_view key, std::string_view value) {
            writer.key(key);
            writer.string(value);
        };
        put("name", one.name);
        put("health", name_of(one.health));
        put("text", one.text);
        if (!one.remedy.empty()) put("remedy", one.remedy);
        writer.key("essential");
        writer.boolean(one.essential);
        writer.end_object();
    }
    writer.end_array();
    writer.end_object();
    return std::move(writer).take() + "\n";
}

}  // namespace

Result<int> run_doctor(Invocation& invocation) {
    const char* runtime_dir = ::secure_getenv("XDG_RUNTIME_DIR");
    const Surroundings surroundings{.runtime_dir = runtime_dir == nullptr ? "" : runtime_dir,
                                    .manager = invocation.globals.cgroup_manager};
    const HostProbes probes = TRY(probe_host(surroundings).in("looking at this machine"));
    const std::vector<Finding> findings = diagnose(probes);
    const bool can_run = can_run_containers(findings);
    if (invocation.parsed.has("json")) {
        TRY(print(findings_as_json(findings)));
    } else {
        const char* const verdict = can_run ? "containers can be run by this user"
                                            : "containers cannot be run by this user";
        TRY(print(findings_as_text(findings) + "\n" + verdict + "\n"));
    }
    return can_run ? 0 : 1;
}

}  // namespace sampan
