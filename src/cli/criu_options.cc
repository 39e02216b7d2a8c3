#include "cli/criu_options.h"

#include <sched.h>
#include <stdlib.h>

#include <array>

#include "base/text.h"
#include "os/file.h"
#include "os/path.h"

namespace sampan {

namespace {

// A folder that need not exist yet.
Result<std::string> whole_path(const std::string& path) {
    if (path.empty() || path.starts_with('/')) return path;
    return clean_path(format("{}/{}", TRY(absolute_path(".")), path));
}

// What the option's word stands for; nothing if it is not given.
template <class Value, size_t size>
Result<std::optional<Value>> read_choice(const Parsed& parsed,
                                         const char* option,
                                         const std::array<std::string_view, size>& words,
                                         const std::array<Value, size>& values) {
    const std::string word = TRY(choice(parsed, option, words));
    if (parsed.text(option).empty()) return std::nullopt;
    for (size_t i = 0; i < size; ++i)
        if (word == words[i]) return values[i];
    return std::nullopt;
}

Result<std::optional<CriuCgroups>> read_cgroups(const Parsed& parsed) {
    return read_choice(
        parsed, "manage-cgroups-mode",
        std::to_array<std::string_view>({"soft", "full", "strict", "ignore"}),
        std::array{CriuCgroups::soft, CriuCgroups::full, CriuCgroups::strict, CriuCgroups::ignore});
}

Result<std::optional<CriuNetworkLock>> read_network_lock(const Parsed& parsed) {
    return read_choice(
        parsed, "network-lock", std::to_array<std::string_view>({"iptables", "nftables", "skip"}),
        std::array{CriuNetworkLock::iptables, CriuNetworkLock::nftables, CriuNetworkLock::skip});
}

// "10.0.0.1:27" or "[fe80::1]:27"
Result<std::optional<CriuPageServer>> read_page_server(const Parsed& parsed) {
    if (!parsed.has("page-server")) return std::nullopt;
    const std::string text = parsed.text("page-server");
    const size_t colon = text.rfind(':');
    std::string address = text.substr(0, colon);
    if (address.starts_with('[') && address.ends_with(']'))
        address = address.substr(1, address.size() - 2);
    const std::string number = colon == std::string::npos ? "" : text.substr(colon + 1);
    const uint16_t port = parse_number<uint16_t>(number).value_or(0);
    if (address.empty() || port == 0)
        return failf(ErrorKind::usage, "--page-server takes ADDRESS:PORT, not \"{}\"", text);
    return CriuPageServer{std::move(address), port};
}

Result<uint32_t> read_empty_namespaces(const Parsed& parsed) {
    uint32_t types = 0;
    for (const std::string& name : parsed.all("empty-ns")) {
        if (name != "network")
            return failf(ErrorKind::usage, "namespace \"{}\" is not supported", name)
                .hint("--empty-ns takes \"network\" only");
        types |= CLONE_NEWNET;
    }
    return types;
}

Result<int> read_status_fd(const Parsed& parsed) {
    if (!parsed.has("status-fd")) return -1;
    const std::string text = parsed.text("status-fd");
    const std::optional<int> fd = parse_number<int>(text);
    if (!fd || *fd < -1)
        return failf(ErrorKind::usage, "--status-fd takes a number, not \"{}\"", text);
    return *fd;
}

void read_switches(const Parsed& parsed, CriuOptions& options) {
    options.leave_running = parsed.has("leave-running");
    options.external_unix_sockets = parsed.has("ext-unix-sk");
    options.tcp_established = parsed.has("tcp-established");
    options.tcp_close = parsed.has("tcp-close");
    options.tcp_skip_in_flight = parsed.has("tcp-skip-in-flight");
    options.shell_job = parsed.has("shell-job");
    options.file_locks = parsed.has("file-locks");
    options.link_remap = parsed.has("link-remap");
    options.auto_dedup = parsed.has("auto-dedup");
    options.lazy_pages = parsed.has("lazy-pages");
}

}  // namespace

Result<CriuJob> read_criu_job(const Invocation& invocation) {
    const Parsed& parsed = invocation.parsed;
    CriuJob job{.program = invocation.globals.criu};
    if (const char* path = ::secure_getenv("PATH")) job.search_path = path;
    const std::string images = parsed.text("image-path");
    job.image_path = TRY(whole_path(images.empty() ? "checkpoint" : images));
    job.work_path = TRY(whole_path(parsed.text("work-path")));
    read_switches(parsed, job.options);
    job.options.cgroups = TRY(read_cgroups(parsed));
    job.options.network_lock = TRY(read_network_lock(parsed));
    job.options.page_server = TRY(read_page_server(parsed));
    job.options.empty_namespaces = TRY(read_empty_namespaces(parsed));
    job.options.lsm_profile = parsed.text("lsm-profile");
    job.options.lsm_mount_context = parsed.text("lsm-mount-context");
    job.status_fd = TRY(read_status_fd(parsed));
    return job;
}

}  // namespace sampan
