#include "base/text.h"
#include "cli/command.h"
#include "cli/event_json.h"
#include "cli/interval.h"
#include "cli/output.h"
#include "container/usage.h"

namespace sampan {

Result<int> run_events(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    const std::string& name = parsed.arguments[0];
    constexpr int usual_ms = 5000;
    const int interval_ms = TRY(read_interval_ms(parsed, usual_ms));
    const std::string doing = format("watching container {}", name);
    const Store store = TRY(Store::look(invocation.globals.root));
    const Container container = TRY(find_container(store, name).in(doing));
    const std::string& id = container.record.id;
    if (parsed.has("stats")) {
        TRY(print(stats_event(id, TRY(container_usage(container).in(doing)))));
        return 0;
    }
    const ContainerEvents events{
        .on_usage = [&](const ContainerUsage& usage) { return print(stats_event(id, usage)); },
        .on_oom = [&] { return print(oom_event(id)); }};
    TRY(watch_container(container, interval_ms, events).in(doing));
    return 0;
}

}  // namespace sampan
