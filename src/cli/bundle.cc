#include "cli/bundle.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>

#include "base/text.h"
#include "container/id.h"
#include "host/host.h"
#include "os/file.h"

namespace sampan {

namespace {

constexpr int first_preserved_fd = 3;
constexpr int most_preserved_fds = 1 << 20;  // what a process may have open at all

struct Naming {
    std::string id;
    std::string bundle;
};

Result<Naming> name_container(const Parsed& parsed) {
    const std::string argument = parsed.arguments.empty() ? "" : parsed.arguments[0];
    const bool is_bundle = names_bundle(argument);
    if (is_bundle && parsed.has("bundle"))
        return failf("{} names a bundle, and so does --bundle", argument);
    std::string bundle = is_bundle ? argument : parsed.text("bundle");
    if (bundle.empty()) bundle = ".";
    Naming naming{"", TRY(absolute_path(bundle).in("the bundle"))};
    naming.id = is_bundle || parsed.arguments.empty()
                    ? naming.bundle.substr(naming.bundle.rfind('/') + 1)
                    : argument;
    if (parsed.has("id")) naming.id = parsed.text("id");
    TRY(check_id(naming.id));
    return naming;
}

// sd_listen_fds(3): LISTEN_FDS counts only when LISTEN_PID is us.
int count_listen_fds() {
    const char* pid = ::secure_getenv("LISTEN_PID");
    const char* count = ::secure_getenv("LISTEN_FDS");
    if (count == nullptr) return 0;
    if (pid != nullptr && parse_number<pid_t>(pid) != ::getpid()) return 0;
    return std::clamp(parse_number<int>(count).value_or(0), 0, most_preserved_fds);
}

// The program gets what was asked for and nothing else; a descriptor that is not open would be
// filled with one of ours.
Status keep_descriptors(const Parsed& parsed, Request& request) {
    request.listen_fds = count_listen_fds();
    const std::string text = parsed.has("preserve-fds") ? parsed.text("preserve-fds") : "0";
    const std::optional<int> asked = parse_number<int>(text);
    if (!asked || *asked < 0 || *asked > most_preserved_fds)
        return failf("--preserve-fds takes a number up to {}, not \"{}\"", most_preserved_fds,
                     text);
    request.preserve_fds = request.listen_fds + *asked;
    const int end = first_preserved_fd + request.preserve_fds;
    for (int fd = first_preserved_fd; fd < end; ++fd)
        if (::fcntl(fd, F_GETFD) < 0)
            return failf("descriptor {} is to be kept for the program, but is not open", fd);
    if (::close_range(static_cast<unsigned>(end), ~0U, CLOSE_RANGE_CLOEXEC) < 0)
        return fail_errno("close_range");
    return {};
}

}  // namespace

Result<PlannedBundle> plan_bundle(Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    if (invocation.globals.systemd_cgroup)
        return failf("the systemd cgroup manager is not carried out yet");
    const Naming naming = TRY(name_container(parsed));
    Request request{.id = naming.id, .bundle = naming.bundle};
    request.cgroup_manager = invocation.globals.cgroup_manager;
    if (parsed.has("no-pivot")) request.root_switch = RootSwitch::move;
    request.new_keyring = !parsed.has("no-new-keyring");
    TRY(keep_descriptors(parsed, request));

    const std::string path =
        parsed.has("config") ? parsed.text("config") : naming.bundle + "/config.json";
    SpecFile file = TRY(read_spec(path));
    invocation.reporter.config_path = file.path;
    invocation.reporter.config_text = file.text;
    const Host host = TRY(read_host());
    Plan plan = TRY(make_plan(file.spec, host, request));
    for (const Problem& warning : file.warnings)
        invocation.reporter.warning(warning);
    for (const Problem& warning : plan.warnings)
        invocation.reporter.warning(warning);
    return PlannedBundle{std::move(file), std::move(plan)};
}

}  // namespace sampan
