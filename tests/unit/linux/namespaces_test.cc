#include "linux/namespaces.h"

#include <fcntl.h>
#include <net/if.h>
#include <sched.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cstring>

#include <doctest/doctest.h>

#include "linux/loopback.h"
#include "linux/time_offsets.h"
#include "os/file.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;
using Type = spec::NamespaceType;

namespace {

Spec with(const std::vector<spec::Namespace>& namespaces) {
    Spec spec;
    spec.linux_.emplace();
    spec.linux_->namespaces = namespaces;
    return spec;
}

std::string loopback_flags() {
    const Fd socket(::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0));
    ifreq request{};
    std::memcpy(request.ifr_name, "lo", sizeof "lo");
    if (::ioctl(socket.get(), SIOCGIFFLAGS, &request) < 0) return "ioctl";
    return (request.ifr_flags & IFF_UP) != 0 ? "up" : "down";
}

}  // namespace

TEST_CASE("namespaces: new ones are flags, joined ones come in their order") {
    const NamespacePlan plan = plan_namespaces(checked(with({{Type::pid, std::nullopt},
                                                             {Type::time, "/ns/time"},
                                                             {Type::network, "/ns/net"},
                                                             {Type::mount, std::nullopt},
                                                             {Type::user, "/ns/user"}})));
    CHECK(plan.new_types == (CLONE_NEWPID | CLONE_NEWNS));
    REQUIRE(plan.joins.size() == 3);
    CHECK(plan.joins[0] == JoinNamespace{CLONE_NEWUSER, "/ns/user", "/linux/namespaces/4"});
    CHECK(plan.joins[1].type == CLONE_NEWNET);
    CHECK(plan.joins[2].type == CLONE_NEWTIME);
    CHECK(plan.separate(CLONE_NEWPID));
    CHECK(plan.separate(CLONE_NEWNET));
    CHECK_FALSE(plan.separate(CLONE_NEWUTS));
    CHECK(plan.joined(CLONE_NEWPID) == nullptr);
    CHECK(describe(plan.joins[1]) == "join the network namespace /ns/net");
    CHECK(describe_new_namespaces(plan.new_types) == "new namespaces: mount pid");
}

TEST_CASE("namespaces: the file must be a namespace of the type") {
    CHECK(open_namespace({CLONE_NEWNET, "/proc/self/ns/net", ""}));
    CHECK(open_namespace({CLONE_NEWTIME, "/proc/self/ns/time", ""}));
    const Result<Fd> wrong =
        open_namespace({CLONE_NEWNET, "/proc/self/ns/uts", "/linux/namespaces/0"});
    REQUIRE_FALSE(wrong);
    CHECK(wrong.error().message() ==
          "/proc/self/ns/uts is a uts namespace, not a network namespace");
    CHECK(wrong.error().pointer() == "/linux/namespaces/0/path");
    for (const char* path : {"/dev/null", "/proc/self/status", "/proc", "/etc/passwd"})
        CHECK_FALSE(open_namespace({CLONE_NEWNET, path, ""}));
    CHECK(open_namespace({CLONE_NEWNET, "/does/not/exist", ""}).error().code() == ENOENT);
}

TEST_CASE("namespaces: a FIFO in the place of a namespace does not block") {
    const TempFolder folder;
    const std::string path = folder.path() + "/fifo";
    REQUIRE(::mkfifo(path.c_str(), 0600) == 0);
    CHECK_FALSE(open_namespace({CLONE_NEWNET, path, ""}));
}

TEST_CASE("namespaces: the host's is not joined where the container would change it") {
    Spec spec =
        with({{Type::mount, "/ns/mnt"}, {Type::uts, "/ns/uts"}, {Type::network, "/ns/net"}});
    const auto harm = [&spec](int type) {
        const NamespacePlan plan = plan_namespaces(checked(spec));
        return plan.joined(type) != nullptr ? plan.joined(type)->harm : "not joined";
    };
    CHECK(harm(CLONE_NEWNS) == "whose root would be replaced");
    CHECK(harm(CLONE_NEWUTS).empty());
    spec.domainname = "there";
    CHECK(harm(CLONE_NEWUTS) == "which /domainname would change");
    CHECK(harm(CLONE_NEWNET).empty());
    spec.linux_->sysctl["net/ipv4/ip_forward"] = "1";
    CHECK(harm(CLONE_NEWNET) == "which /linux/sysctl/net~1ipv4~1ip_forward would change");
}

TEST_CASE("namespaces: the one that we are in is the host's, whatever names it") {
    const Fd proc(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
    JoinNamespace join{CLONE_NEWUTS, "/proc/self/ns/uts", "/linux/namespaces/0", ""};
    const Result<Fd> fd = open_namespace(join);
    REQUIRE(fd);
    CHECK(check_not_hosts(proc.get(), join, fd->get()));
    join.harm = "which /hostname would change";
    const Status refused = check_not_hosts(proc.get(), join, fd->get());
    REQUIRE_FALSE(refused);
    CHECK(refused.error().pointer() == "/linux/namespaces/0/path");
    CHECK(refused.error().message() ==
          "the uts namespace /proc/self/ns/uts is the host's, which /hostname would change");
    const Fd other(::open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC));
    CHECK(check_not_hosts(proc.get(), join, other.get()));
}

TEST_CASE("loopback: up in a new network namespace") {
    if (!can_make_namespaces()) return;
    const ChildEnd end = in_child([] {
        if (::unshare(CLONE_NEWNET) < 0) return std::string("unshare");
        const std::string before = loopback_flags();
        if (Status done = bring_loopback_up(); !done) return text_of(done);
        return before + " " + loopback_flags();
    });
    CHECK(end.output == "down up");
}

TEST_CASE("time offsets: none without a clock that is shifted") {
    Spec spec = with({{Type::time, std::nullopt}});
    CHECK(plan_time_offsets(checked(spec)) == std::nullopt);
    spec.linux_->time_offsets.emplace();
    CHECK(plan_time_offsets(checked(spec)) == std::nullopt);
    spec.linux_->time_offsets->boottime = {.secs = -5, .nanosecs = 7};
    spec.linux_->time_offsets->monotonic = {.secs = 60, .nanosecs = std::nullopt};
    const std::optional<WriteTimeOffsets> step = plan_time_offsets(checked(spec));
    REQUIRE(step);
    CHECK(*step == WriteTimeOffsets{"monotonic 60 0\nboottime -5 7\n", "/linux/timeOffsets"});
    CHECK(describe(*step) == "time offsets: monotonic 60 0; boottime -5 7");
}

TEST_CASE("time offsets: the child's clock is shifted") {
    if (!can_make_namespaces()) return;
    const Result<Fd> proc = open_at(cwd, "/proc", O_PATH);
    REQUIRE(proc);
    timespec before{};
    REQUIRE(::clock_gettime(CLOCK_MONOTONIC, &before) == 0);
    const ChildEnd end = in_child([&] {
        if (::unshare(CLONE_NEWTIME) < 0) return std::string("unshare");
        const Status done = apply(WriteTimeOffsets{"monotonic 1000000 0\n", ""}, proc->get(), 0);
        if (!done) return text_of(done);
        timespec now{};
        const pid_t child = ::fork();
        if (child == 0) {
            (void)::clock_gettime(CLOCK_MONOTONIC, &now);
            ::_exit(now.tv_sec >= before.tv_sec + 1'000'000 ? 0 : 1);
        }
        Process process(child, Fd());
        const Result<ExitStatus> status = process.wait();
        return std::string(status && status->code == 0 ? "shifted" : "not shifted");
    });
    CHECK(end.output == "shifted");
}
