// Cgroups of this machine, of whatever version. Only as root. Their names begin with sampan-test-,
// and they are removed at the end.
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include <doctest/doctest.h>

#include "base/text.h"
#include "cgroup/create.h"
#include "cgroup/files.h"
#include "cgroup/freeze.h"
#include "cgroup/kill.h"
#include "cgroup/oom_kills.h"
#include "cgroup/owner.h"
#include "cgroup/remove.h"
#include "os/file.h"
#include "os/process.h"
#include "os/socket.h"

#include "checked.h"
#include "skip.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

// The machine; nothing if these tests cannot run here.
std::optional<Host> usable_host() {
    Result<Host> host = read_host();
    REQUIRE(host);
    if (!host->is_privileged() || host->in_user_namespace ||
        host->cgroups.mode == CgroupMode::none) {
        skip("needs root and cgroups");
        return std::nullopt;
    }
    return std::move(*host);
}

std::string test_path(const std::string& rest) {
    return format("/sampan-test-{}{}", ::getpid(), rest);
}

CgroupPlan plan_at(const Host& host, const std::string& path, spec::Resources resources = {}) {
    Spec spec;
    spec.linux_.emplace();
    spec.linux_->cgroups_path = path;
    spec.linux_->resources = std::move(resources);
    Result<CgroupPlan> plan = plan_cgroup(checked(spec), host, CgroupManager::cgroupfs, "test");
    if (!plan) FAIL(plan.error().message());
    return std::move(*plan);
}

Status carry_out(Cgroup& cgroup, const std::vector<CgroupStep>& steps) {
    for (const CgroupStep& step : steps) {
        const Status done = std::visit(
            [&cgroup](const auto& one) -> Status {
                if constexpr (requires { cgroup.apply(one); }) return cgroup.apply(one);
                return {};
            },
            step);
        if (!done) return done;
    }
    return {};
}

Result<Cgroup> create_cgroup(const CgroupPlan& plan, const std::string& description) {
    Cgroup cgroup(plan, description, "from a test");
    TRY(carry_out(cgroup, steps_to_make(plan)));
    return cgroup;
}

Cgroup create(const CgroupPlan& plan, const std::string& description = "") {
    Result<Cgroup> cgroup = create_cgroup(plan, description);
    if (!cgroup) FAIL(cgroup.error().message());
    return std::move(*cgroup);
}

void require(const Status& status) {
    if (!status) FAIL(status.error().message());
}

// How many of the plan's hierarchies have the directory `path`.
size_t count_present(const CgroupPlan& plan, const std::string& path) {
    size_t present = 0;
    for (const CgroupDirectory& directory : plan.directories)
        if (::access((directory.place.mount_point + path).c_str(), F_OK) == 0) ++present;
    return present;
}

// A child in the cgroup, which calls `work` and exits with its value. It is in the cgroup when this
// returns.
Process start_in(const CgroupJoin& join, const std::function<int()>& work) {
    Result<SocketPair> pair = make_seqpacket_pair();
    REQUIRE(pair);
    Result<Cloned> cloned = clone_process(0, join.clone_fd());
    if (!cloned) FAIL(cloned.error().message());
    if (cloned->pid == 0) {
        const std::array<std::byte, 1> done{};
        if (!join.enter() || !send_message(pair->theirs.get(), done)) ::_exit(99);
        ::_exit(work());
    }
    Process child(cloned->pid, std::move(cloned->pidfd));
    pair->theirs.reset();
    std::array<std::byte, 8> buffer{};
    const Result<Received> received = receive_message(pair->ours.get(), buffer);
    REQUIRE(received);
    REQUIRE(received->size == 1);
    return child;
}

int sleep_for_ever() {
    while (true)
        ::pause();
}

}  // namespace

TEST_CASE("cgroups: made, entered, listed and removed") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan = plan_at(*host, test_path(""));
    CHECK(foresee_cgroup(plan, "")->places.size() == plan.directories.size());
    Cgroup cgroup = create(plan);
    CHECK(count_present(plan, test_path("")) == plan.directories.size());
    const CgroupRecord record = cgroup.record();
    {
        Process child = start_in(cgroup.join(), sleep_for_ever);
        CHECK(processes(record).value() == std::vector<pid_t>{child.pid()});
        // In every hierarchy, not only in the one that we examine.
        const std::string in = read_file(cwd, format("/proc/{}/cgroup", child.pid())).value();
        for (const std::string_view line : split(trim(in), '\n'))
            for (const CgroupPlace& place : record.places)
                if (line.find(place.controllers.empty() ? "0::" : place.controllers[0]) !=
                    std::string_view::npos)
                    CHECK(line.ends_with(test_path("")));
    }
    cgroup.release();
    require(remove_cgroup(record));
    CHECK(count_present(plan, test_path("")) == 0);
    // A cgroup that is gone has no processes, and counts as removed.
    CHECK(processes(record).value().empty());
    require(remove_cgroup(record));
    require(kill_all(record, SIGKILL));
    CHECK_FALSE(is_frozen(record).value());
    CHECK(read_oom_facts(record));
}

TEST_CASE("cgroups: what is not released is removed again") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan = plan_at(*host, test_path("/a/b"));
    {
        const Cgroup cgroup = create(plan);
        for (const CgroupPlace& place : cgroup.record().places)
            CHECK(place.made == 3);
    }
    CHECK(count_present(plan, test_path("")) == 0);
}

TEST_CASE("cgroups: only what we made is removed") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const Cgroup parent = create(plan_at(*host, test_path("")));
    const CgroupPlan plan = plan_at(*host, test_path("/c"));
    {
        CgroupRecord foreseen = foresee_cgroup(plan, "").value();
        Cgroup first = create(plan);
        for (CgroupPlace& place : foreseen.places)
            place.inode = inode_of(place);
        CHECK(foreseen == first.record());
        for (const CgroupPlace& place : first.record().places)
            CHECK(place.made == 1);
        const Cgroup again = create(plan);
        for (const CgroupPlace& place : again.record().places)
            CHECK(place.made == 0);
        require(remove_cgroup(again.record()));
        CHECK(count_present(plan, test_path("/c")) == plan.directories.size());
    }
    CHECK(count_present(plan, test_path("/c")) == 0);
    CHECK(count_present(plan, test_path("")) == plan.directories.size());
}

TEST_CASE("cgroups: a folder that we made stays while others live in it, and goes with the last") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan = plan_at(*host, test_path("/a"));
    Cgroup first = create(plan);
    Cgroup second = create(plan_at(*host, test_path("/b")));
    const CgroupRecord record = first.record();
    first.release();
    require(remove_cgroup(record));
    CHECK(count_present(plan, test_path("/a")) == 0);
    CHECK(count_present(plan, test_path("/b")) == plan.directories.size());
    { const Cgroup gone = std::move(second); }
    // The record of the second container does not count it; the mark does.
    CHECK(count_present(plan, test_path("")) == 0);
}

TEST_CASE("cgroups: one that was left is made anew, and is the first one's no longer") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan = plan_at(*host, test_path(""));
    Cgroup first = create(plan, "first");
    const CgroupRecord left = first.record();
    first.release();
    // As it is on disk if the second create is killed.
    const CgroupRecord foreseen = foresee_cgroup(plan, "second").value();
    require(remove_cgroup(foreseen));
    CHECK(count_present(plan, test_path("")) == plan.directories.size());

    const Cgroup second = create(plan, "second");
    require(remove_cgroup(left));
    CHECK(count_present(plan, test_path("")) == plan.directories.size());
    for (const CgroupPlace& place : foreseen.places)
        CHECK_FALSE(is_anothers(place, foreseen));
    // Once its inode is known, notes do not count.
    for (const CgroupPlace& place : second.record().places)
        write_owner(directory_of(place), {"first", true});
    require(remove_cgroup(second.record()));
    CHECK(count_present(plan, test_path("")) == 0);
}

TEST_CASE("cgroups: one that is in use or frozen is refused") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan = plan_at(*host, test_path(""));
    const Cgroup cgroup = create(plan);
    {
        const Process child = start_in(cgroup.join(), sleep_for_ever);
        const Result<Cgroup> second = create_cgroup(plan, "");
        REQUIRE_FALSE(second);
        CHECK(second.error().message().find("container's cgroup is not empty") !=
              std::string::npos);
        CHECK(second.error().pointer() == "/linux/cgroupsPath");
    }
    require(freeze(cgroup.record()));
    const Result<Cgroup> second = create_cgroup(plan, "");
    REQUIRE_FALSE(second);
    CHECK(second.error().message().find("frozen") != std::string::npos);
    require(thaw(cgroup.record()));
}

TEST_CASE("cgroups: a new one below a frozen one is refused, and not left") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const Cgroup parent = create(plan_at(*host, test_path("")));
    const CgroupPlan plan = plan_at(*host, test_path("/below"));
    require(freeze(parent.record()));
    const Result<Cgroup> below = create_cgroup(plan, "");
    require(thaw(parent.record()));
    REQUIRE_FALSE(below);
    CHECK(below.error().message().find("frozen") != std::string::npos);
    CHECK(count_present(plan, test_path("/below")) == 0);
    CHECK(create_cgroup(plan, ""));
}

TEST_CASE("cgroups: limits are in the files before anybody is in the cgroup") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan =
        plan_at(*host, test_path(""),
                {.memory = spec::Memory{.limit = 64 << 20},
                 .cpu = spec::Cpu{.shares = 512, .quota = 50000, .period = 100000, .cpus = "0"},
                 .pids = spec::Pids{.limit = 3}});
    Cgroup cgroup = create(plan);
    require(carry_out(cgroup, steps_to_limit(plan)));
    for (const CgroupDirectory& directory : plan.directories)
        for (const CgroupWrite& write : directory.writes) {
            const std::string file = directory_of(directory.place) + "/" + write.file;
            CAPTURE(file);
            CHECK(trim(read_file(cwd, file).value()) == write.value);
        }
    // The limit of pids allows this child and two more.
    Process child = start_in(cgroup.join(), [] {
        int made = 0;
        while (made < 9 && ::fork() > 0)
            ++made;
        return made;
    });
    const ExitStatus ended = child.wait().value();
    CHECK(ended.code <= 2);
}

TEST_CASE("cgroups: a write that the kernel refuses points at its field") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan = plan_at(*host, test_path(""), {.cpu = spec::Cpu{.cpus = "4000-4001"}});
    Cgroup cgroup = create(plan);
    const Status applied = carry_out(cgroup, steps_to_limit(plan));
    REQUIRE_FALSE(applied);
    CHECK(applied.error().pointer() == "/linux/resources/cpu/cpus");
}

TEST_CASE("cgroups: kill reaches every process, and those that it forks") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    Cgroup cgroup = create(plan_at(*host, test_path("")));
    Process child = start_in(cgroup.join(), [] {
        for (int i = 0; i < 5; ++i)
            if (::fork() == 0) break;
        return sleep_for_ever();
    });
    require(kill_all(cgroup.record(), SIGKILL));
    const ExitStatus ended = child.wait().value();
    CHECK(ended.signal == SIGKILL);
    const CgroupRecord record = cgroup.record();
    cgroup.release();
    require(remove_cgroup(record));
    CHECK(processes(record).value().empty());
}

TEST_CASE("cgroups: another signal reaches every process, too") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    Cgroup cgroup = create(plan_at(*host, test_path("")));
    Process child = start_in(cgroup.join(), sleep_for_ever);
    require(kill_all(cgroup.record(), SIGTERM));
    const ExitStatus ended = child.wait().value();
    CHECK(ended.signal == SIGTERM);
}

TEST_CASE("cgroups: frozen, told so, killed all the same") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const Cgroup cgroup = create(plan_at(*host, test_path("")));
    const CgroupRecord& record = cgroup.record();
    Process child = start_in(cgroup.join(), sleep_for_ever);
    CHECK_FALSE(is_frozen(record).value());
    require(freeze(record));
    CHECK(is_frozen(record).value());
    require(thaw(record));
    CHECK_FALSE(is_frozen(record).value());
    require(freeze(record));
    // Signals to a paused container wait, except for those that end it: cgroup2 delivers these.
    require(kill_all(record, SIGURG));
    CHECK(is_frozen(record).value());
    CHECK_FALSE(wait_for_end(child.pidfd(), 0).value());
    require(kill_all(record, SIGKILL));
    CHECK(child.wait().value().signal != 0);
}

TEST_CASE("cgroups: those that the container made below go with it") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan = plan_at(*host, test_path(""));
    Cgroup cgroup = create(plan);
    for (const CgroupPlace& place : cgroup.record().places) {
        require(make_directory(cwd, directory_of(place) + "/in", 0755));
        require(make_directory(cwd, directory_of(place) + "/in/deep", 0755));
    }
    { const Cgroup gone = std::move(cgroup); }
    CHECK(count_present(plan, test_path("")) == 0);
}

TEST_CASE("cgroups: removal does not wait for ever and names who is there") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const Cgroup cgroup = create(plan_at(*host, test_path("")));
    const Process child = start_in(cgroup.join(), sleep_for_ever);
    const Status removed = remove_cgroup(cgroup.record(), 5);
    REQUIRE_FALSE(removed);
    CHECK(removed.error().code() == EBUSY);
    CHECK(removed.error().message().find(format("{}", child.pid())) != std::string::npos);
}

TEST_CASE("cgroups: devices that are not listed cannot be opened, standard ones can") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const auto opens = [](const char* path) {
        const Result<Fd> fd = open_at(cwd, path, O_RDONLY | O_NONBLOCK);
        return fd ? 0 : fd.error().code();
    };
    if (opens("/dev/kmsg") != 0) return skip("/dev/kmsg cannot be opened here");
    for (const bool allowed : {false, true}) {
        CAPTURE(allowed);
        spec::Resources resources = {.devices = {{.allow = false, .access = "rwm"}}};
        if (allowed)
            resources.devices.push_back({.allow = true,
                                         .type = spec::DeviceRuleType::c,
                                         .major = 1,
                                         .minor = 11,
                                         .access = "r"});
        const CgroupPlan plan = plan_at(*host, test_path(""), resources);
        Cgroup cgroup = create(plan);
        require(carry_out(cgroup, steps_to_limit(plan)));
        require(carry_out(cgroup, steps_for_devices(plan)));
        Process child = start_in(cgroup.join(), [&] {
            if (opens("/dev/null") != 0) return 1;
            return opens("/dev/kmsg") == (allowed ? 0 : EPERM) ? 0 : 2;
        });
        CHECK(child.wait().value().code == 0);
    }
}

TEST_CASE("cgroups: a death for lack of memory is told with its limit") {
    const std::optional<Host> host = usable_host();
    if (!host) return;
    const CgroupPlan plan = plan_at(
        *host, test_path(""), {.memory = spec::Memory{.limit = 8 << 20, .reservation = 4 << 20}});
    Cgroup cgroup = create(plan);
    require(carry_out(cgroup, steps_to_limit(plan)));
    Process child = start_in(cgroup.join(), [] {
        constexpr size_t size = 64 << 20;
        void* memory =
            ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        // Locked, so that swap does not help. By number, because mlock(3) of AddressSanitizer does
        // nothing.
        return memory != MAP_FAILED && ::syscall(SYS_mlock, memory, size) == 0 ? 0 : 1;
    });
    CHECK(child.wait().value().signal == SIGKILL);
    const Result<OomFacts> facts = read_oom_facts(cgroup.record());
    REQUIRE(facts);
    CHECK(facts->kills == 1);
    CHECK(facts->limit_bytes == 8 << 20);
    CHECK(facts->peak_bytes > 0);
}
