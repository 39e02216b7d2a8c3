#include "cli/option_tables.h"

#include <algorithm>
#include <array>

namespace sampan {

// Named, because files that are compiled together with this one use these short names too.
namespace option_tables {

template <size_t one, size_t two>
constexpr std::array<Option, one + two> joined(const std::array<Option, one>& first,
                                               const std::array<Option, two>& second) {
    std::array<Option, one + two> all{};
    std::ranges::copy(first, all.begin());
    std::ranges::copy(second, all.begin() + one);
    return all;
}

// Options that several commands have.
constexpr Option help = {"help", 'h', nullptr, "show this text"};
constexpr Option bundle = {"bundle", 'b', "DIR",
                           "folder of config.json (default: the current folder)"};
constexpr Option config = {"config", 'f', "FILE", "another file than config.json of the bundle"};
constexpr Option container_id = {"id", 0, "ID",
                                 "the container's ID, if a bundle is named instead of it"};
constexpr Option console_socket = {"console-socket", 0, "PATH",
                                   "Unix socket that gets the container's terminal"};
constexpr Option pid_file = {"pid-file", 0, "FILE",
                             "write the pid of the container's first process to FILE"};
constexpr Option pidfd_socket = {"pidfd-socket", 0, "PATH",
                                 "Unix socket that gets the pidfd of the process"};
constexpr Option trace = {"trace", 0, "FILE",
                          "write each step and its times to FILE: events for Perfetto, or a "
                          "picture if FILE ends in .svg"};
constexpr Option timings = {"timings", 0, nullptr,
                            "print in the end how long each step took, on standard error"};
constexpr Option preserve_fds = {"preserve-fds", 0, "N",
                                 "keep N descriptors from 3 on for the program"};
constexpr Option no_pivot = {"no-pivot", 0, nullptr,
                             "change the root without pivot_root(2), for a root on a ramdisk"};
constexpr Option no_new_keyring = {"no-new-keyring", 0, nullptr,
                                   "keep the caller's session keyring"};

// They change what a config.json says, that of a bundle or that of a line.
constexpr auto change_table = std::to_array<Option>({
    {"env", 'e', "NAME[=VALUE]", "set a variable, or pass it on; may be given again"},
    {"volume", 'v', "SRC:DST[:OPTIONS]",
     "show SRC of the host at DST (ro: read-only); may be given again"},
    {"workdir", 'w', "DIR", "working directory"},
    {"user", 'u', "USER[:GROUP]", "run as this user of the container, by name or number"},
    {"hostname", 0, "NAME", "the container's hostname"},
    {"net", 0, "host|none", "use the host's network; none (default): only a loopback device"},
    {"propagation", 0, "private|slave|shared|unbindable", "of mounts"},
    {"read-only", 0, nullptr, "make the root read-only"},
    {"cap-add", 0, "CAP", "one more capability, or ALL; may be given again"},
    {"cap-drop", 0, "CAP", "one capability less, or ALL; may be given again"},
    {"memory", 'm', "BYTES", "limit of memory, such as 64m"},
    {"memory-swap", 0, "BYTES", "limit of memory and swap together"},
    {"cpus", 0, "N", "so many CPUs at most, such as 1.5"},
    {"cpu-shares", 0, "N", "weight against other containers; 1024 is the default"},
    {"cpuset-cpus", 0, "LIST", "CPUs to run on, such as 0-3,7"},
    {"cpuset-mems", 0, "LIST", "memory nodes to use"},
    {"pids-limit", 0, "N", "how many processes and threads"},
});

// For a line, which needs no bundle.
constexpr auto line_table = std::to_array<Option>({
    {"tty", 't', nullptr, "run PROGRAM from the host's own system, on a terminal"},
    {"interactive", 'i', nullptr, "the same without a terminal"},
    {"rootfs", 0, "DIR", "the same with DIR as the root"},
    {"write", 0, nullptr, "let changes of DIR stay; without it they are thrown away"},
    {"user-ns", 0, nullptr, "a user namespace; always for an ordinary user"},
    {"privileged", 0, nullptr, "all capabilities and devices, and no filter"},
    {"name", 0, "ID", "the container's ID (default: made up of the program's name)"},
    {"save", 0, "DIR", "write the bundle of this line in DIR, and use it"},
    {"rm", 0, nullptr, "accepted: a container is deleted when its program has ended"},
});

constexpr Option globals_table[] = {
    {"root", 0, "DIR", "folder of all containers (default /run/sampan)"},
    {"log", 0, "FILE", "append errors and warnings to FILE as well"},
    {"log-format", 0, "text|json", "form of the log"},
    {"log-level", 0, "error|warning|info|debug",
     "error: no warnings; debug: also each step; warning and info: neither"},
    {"debug", 0, nullptr, "the same as --log-level debug"},
    {"cgroup-manager", 0, "cgroupfs|systemd|disabled", "who makes the cgroups"},
    {"systemd-cgroup", 0, nullptr, "the same as --cgroup-manager systemd"},
    {"rootless", 0, "true|false|auto", "accepted for other runtimes' callers, and ignored"},
    {"criu", 0, "PATH", "the program that checkpoints and restores (default: criu in PATH)"},
    help,
    {"version", 'v', nullptr, "show the version"},
};

// How a container is made of a bundle.
constexpr auto creation_table = std::to_array<Option>({
    bundle,
    config,
    container_id,
    console_socket,
    pid_file,
    pidfd_socket,
    preserve_fds,
    no_pivot,
    no_new_keyring,
});

constexpr auto create_table =
    joined(creation_table,
           std::to_array<Option>({
               trace,
               timings,
               {"no-subreaper", 0, nullptr, "accepted for other runtimes' callers"},
               {"detach", 'd', nullptr, "accepted for other runtimes' callers: create never waits"},
               help,
           }));

constexpr auto run_table = joined(
    joined(std::to_array<Option>({help}), creation_table),
    joined(
        std::to_array<Option>({
            trace,
            timings,
            {"no-subreaper", 0, nullptr, "do not adopt processes that the container leaves behind"},
            {"detach", 'd', nullptr, "return once the program runs"},
            {"keep", 0, nullptr, "do not delete the container when its program has ended"},
        }),
        joined(line_table, change_table)));

// Of checkpoint and restore.
constexpr auto criu_table = std::to_array<Option>({
    {"image-path", 0, "DIR", "folder of the images (default: ./checkpoint)"},
    {"work-path", 0, "DIR", "folder of CRIU's log (default: that of the images)"},
    {"tcp-established", 0, nullptr, "keep open TCP connections"},
    {"ext-unix-sk", 0, nullptr, "keep connections to Unix sockets outside"},
    {"shell-job", 0, nullptr, "for a program on a terminal of its caller's"},
    {"file-locks", 0, nullptr, "keep locks of files"},
    {"manage-cgroups-mode", 0, "soft|full|strict|ignore", "what CRIU restores of cgroups"},
    {"network-lock", 0, "iptables|nftables|skip", "how CRIU keeps packets back meanwhile"},
    {"empty-ns", 0, "network", "leave out what is in this namespace"},
    {"auto-dedup", 0, nullptr, "remove pages of memory from older images that have newer ones"},
    {"lazy-pages", 0, nullptr, "bring memory over only when it is needed, by userfaultfd"},
});

constexpr auto checkpoint_table = joined(
    criu_table,
    std::to_array<Option>({
        {"leave-running", 0, nullptr, "let the container run on"},
        {"pre-dump", 0, nullptr, "only write its memory, and let it run on"},
        {"parent-path", 0, "DIR", "images of a pre-dump, relative to those of --image-path"},
        {"tcp-skip-in-flight", 0, nullptr, "leave out TCP connections that are not open yet"},
        {"link-remap", 0, nullptr, "keep open files that have no name any more"},
        {"page-server", 0, "ADDRESS:PORT", "send the memory to this server of CRIU's"},
        {"status-fd", 0, "FD", "write a NUL there once --lazy-pages can be fetched"},
        help,
    }));

constexpr auto restore_table = joined(
    criu_table,
    std::to_array<Option>({
        bundle,
        config,
        container_id,
        console_socket,
        pid_file,
        no_pivot,
        no_new_keyring,
        {"detach", 'd', nullptr, "return once the program runs"},
        {"no-subreaper", 0, nullptr, "do not adopt processes that the container leaves behind"},
        {"tcp-close", 0, nullptr, "restore TCP connections closed"},
        {"lsm-profile", 0, "TYPE:NAME", "another AppArmor profile or SELinux label"},
        {"lsm-mount-context", 0, "CONTEXT", "another SELinux label for mounts"},
        help,
    }));

constexpr Option exec_table[] = {
    {"process", 'p', "FILE", "the process as JSON, as in config.json; options replace parts of it"},
    {"detach", 'd', nullptr, "return once the program runs"},
    console_socket,
    {"pid-file", 0, "FILE", "write the pid of the process to FILE"},
    pidfd_socket,
    trace,
    timings,
    {"tty", 't', nullptr, "give it a terminal"},
    {"interactive", 'i', nullptr, "accepted for those who write -it: input is always passed on"},
    {"cwd", 0, "DIR", "working directory"},
    {"env", 'e', "NAME=VALUE", "set a variable; may be given again"},
    {"user", 'u', "USER[:GROUP]", "run as this user of the container, by number or name"},
    {"additional-gids", 'g', "GID", "one more group; may be given again"},
    {"process-label", 0, "LABEL", "SELinux label of the process"},
    {"apparmor", 0, "PROFILE", "AppArmor profile of the process"},
    {"no-new-privs", 0, nullptr, "the process cannot gain privileges"},
    {"cap", 'c', "CAP", "one more capability; may be given again"},
    preserve_fds,
    {"cgroup", 0, "[CONTROLLER,...:]PATH",
     "run in this cgroup below the container's; may be given again"},
    {"ignore-paused", 0, nullptr, "even if the container is paused"},
    {"no-subreaper", 0, nullptr, "do not adopt processes that the program leaves behind"},
    help,
};

constexpr Option help_table[] = {
    help,
};

constexpr Option kill_table[] = {
    {"all", 'a', nullptr, "signal all processes of the container"},
    {"regex", 'r', nullptr, "ID is a regular expression: every container that it matches"},
    {"signal", 's', "SIGNAL", "the signal, as kill(1) has it; also -9 or -KILL"},
    help,
};

constexpr Option logs_table[] = {
    {"hooks", 0, nullptr, "what its hooks have printed"},
    help,
};

constexpr Option events_table[] = {
    {"stats", 0, nullptr, "tell once what it uses, and end"},
    {"interval", 0, "TIME", "how often, such as 500ms or 1m30s (default 5s)"},
    help,
};

constexpr Option stats_table[] = {
    {"once", 0, nullptr, "on a terminal, too, show it once"},
    {"interval", 0, "TIME", "how often, such as 500ms or 1m30s (default 1s)"},
    help,
};

constexpr Option stop_table[] = {
    {"time", 't', "S", "seconds until SIGKILL is sent (default 10)"},
    help,
};

constexpr Option delete_table[] = {
    {"force", 'f', nullptr,
     "in any status; kills what still runs; no error if there is no container"},
    {"regex", 'r', nullptr, "ID is a regular expression: every container that it matches"},
    {"all", 0, nullptr, "all containers, instead of named ones"},
    {"all-stopped", 0, nullptr, "all containers that have stopped, instead of named ones"},
    help,
};

constexpr Option gc_table[] = {
    {"dry-run", 'n', nullptr, "only show what would be removed"},
    help,
};

constexpr Option json_table[] = {
    {"json", 0, nullptr, "as JSON"},
    help,
};

constexpr Option list_table[] = {
    {"filter", 0, "status=STATUS,...", "only containers with one of these; may be given again"},
    {"format", 'f', "table|json", "form of the list"},
    {"quiet", 'q', nullptr, "only the IDs"},
    help,
};

constexpr Option update_table[] = {
    {"resources", 'r', "FILE", "JSON like linux.resources of config.json; - for standard input"},
    {"memory", 0, "BYTES", "limit of memory; k, m, g may follow; -1 for none, here and below"},
    {"memory-reservation", 0, "BYTES", "soft limit of memory"},
    {"memory-swap", 0, "BYTES", "limit of memory and swap together"},
    {"kernel-memory", 0, "BYTES",
     "accepted for other runtimes' callers; no kernel has it any more"},
    {"kernel-memory-tcp", 0, "BYTES", "the same"},
    {"cpu-period", 0, "US", "period of the quota in microseconds"},
    {"cpu-quota", 0, "US", "CPU time in each period in microseconds"},
    {"cpu-burst", 0, "US", "unused quota that may be saved"},
    {"cpu-share", 0, "N", "weight against other containers; 1024 is the default"},
    {"cpu-rt-period", 0, "US", "the same for the real-time scheduler (cgroup v1)"},
    {"cpu-rt-runtime", 0, "US", "the same for the real-time scheduler (cgroup v1)"},
    {"cpu-idle", 0, "N", "1: only when nobody else needs the CPU; 0: as usual"},
    {"cpuset-cpus", 0, "LIST", "CPUs to run on, such as 0-3,7"},
    {"cpuset-mems", 0, "LIST", "memory nodes to use"},
    {"blkio-weight", 0, "N", "weight of I/O, 10 to 1000"},
    {"pids-limit", 0, "N", "how many processes and threads"},
    {"l3-cache-schema", 0, "LINE", "\"L3:...\" for the container's resctrl group"},
    {"mem-bw-schema", 0, "LINE", "\"MB:...\" for the container's resctrl group"},
    help,
};

constexpr Option ps_table[] = {
    {"format", 'f', "table|json", "the table of ps, or an array of pids"},
    help,
};

constexpr Option start_table[] = {
    trace,
    timings,
    help,
};

// Those of create and run, so that plan shows what they would do.
constexpr auto plan_table =
    joined(joined(std::to_array<Option>({help, {"json", 0, nullptr, "as JSON"}}), creation_table),
           joined(std::to_array<Option>({
                      {"no-subreaper", 0, nullptr, "accepted, as by run"},
                      {"detach", 'd', nullptr, "accepted, as by run"},
                      {"keep", 0, nullptr, "accepted, as by run"},
                  }),
                  joined(line_table, change_table)));

constexpr auto spec_table = joined(
    std::to_array<Option>({
        help,
        {"bundle", 'b', "DIR", "folder to write config.json in (default: the current folder)"},
        {"file", 'f', "FILE", "another file than config.json of the bundle; - for standard output"},
        {"rootless", 0, nullptr, "for a user without privileges"},
        {"args", 0, "ARGUMENT", "of the program, its name first; may be given again"},
        {"no-terminal", 0, nullptr, "without a terminal"},
        {"host-usr", 0, nullptr, "show the host's /usr, so that the root may be an empty folder"},
    }),
    joined(line_table, change_table));

constexpr Option validate_table[] = {
    {"strict", 0, nullptr, "what is otherwise a warning is an error"},
    {"json", 0, nullptr, "as JSON"},
    help,
};

}  // namespace option_tables

constinit const std::span<const Option> change_options = option_tables::change_table;
constinit const std::span<const Option> line_options = option_tables::line_table;
constinit const std::span<const Option> globals_options = option_tables::globals_table;
constinit const std::span<const Option> checkpoint_options = option_tables::checkpoint_table;
constinit const std::span<const Option> create_options = option_tables::create_table;
constinit const std::span<const Option> restore_options = option_tables::restore_table;
constinit const std::span<const Option> run_options = option_tables::run_table;
constinit const std::span<const Option> exec_options = option_tables::exec_table;
constinit const std::span<const Option> help_only = option_tables::help_table;
constinit const std::span<const Option> kill_options = option_tables::kill_table;
constinit const std::span<const Option> logs_options = option_tables::logs_table;
constinit const std::span<const Option> events_options = option_tables::events_table;
constinit const std::span<const Option> stats_options = option_tables::stats_table;
constinit const std::span<const Option> stop_options = option_tables::stop_table;
constinit const std::span<const Option> delete_options = option_tables::delete_table;
constinit const std::span<const Option> gc_options = option_tables::gc_table;
constinit const std::span<const Option> json_only = option_tables::json_table;
constinit const std::span<const Option> list_options = option_tables::list_table;
constinit const std::span<const Option> update_options = option_tables::update_table;
constinit const std::span<const Option> ps_options = option_tables::ps_table;
constinit const std::span<const Option> start_options = option_tables::start_table;
constinit const std::span<const Option> plan_options = option_tables::plan_table;
constinit const std::span<const Option> spec_options = option_tables::spec_table;
constinit const std::span<const Option> validate_options = option_tables::validate_table;

}  // namespace sampan
