#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "linux/oom_score_adj.h"
#include "linux/rlimits.h"
#include "os/file.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;
using enum spec::RlimitType;

TEST_CASE("rlimits: each becomes a step with its place") {
    spec::Process process;
    process.rlimits = {{rlimit_nofile, 1024, 4096}, {rlimit_core, 0, ~uint64_t{0}}};
    const std::vector<SetRlimit> limits = plan_rlimits(checked(process), "/process");
    CHECK(limits == std::vector<SetRlimit>{
                        {RLIMIT_NOFILE, 1024, 4096, "/process/rlimits/0"},
                        {RLIMIT_CORE, 0, RLIM64_INFINITY, "/process/rlimits/1"},
                    });
    CHECK(describe(limits.at(1)) == "limit RLIMIT_CORE to 0 (hard unlimited)");
}

TEST_CASE("rlimits: every type is known, and set on another process") {
    spec::Process process;
    for (int type = 0; type <= static_cast<int>(rlimit_stack); ++type)
        process.rlimits.push_back({static_cast<spec::RlimitType>(type), 0, 0});
    const std::vector<SetRlimit> limits = plan_rlimits(checked(process), "/process");
    const ChildEnd end = in_child([&] {
        for (const SetRlimit& limit : limits) {
            SetRlimit wanted = limit;
            rlimit64 present{};
            const auto resource = static_cast<__rlimit_resource>(limit.resource);
            if (::prlimit64(0, resource, nullptr, &present) < 0) return std::string("reading");
            wanted.soft = present.rlim_cur;
            wanted.hard = present.rlim_max;
            if (Status set = apply(wanted, ::getpid()); !set) return text_of(set);
        }
        return text_of(apply(SetRlimit{RLIMIT_CORE, 0, 0, ""}, 0));
    });
    CHECK(end.output == "ok");
}

TEST_CASE("rlimits: few descriptors are left to the stub") {
    const SetRlimit core{RLIMIT_CORE, 0, 0, "/0"};
    std::vector<SetRlimit> limits{core, {RLIMIT_NOFILE, 3, 5, "/1"}};
    CHECK(take_late_rlimits(limits) == std::vector<SetRlimit>{{RLIMIT_NOFILE, 3, 5, "/1"}});
    CHECK(limits == std::vector<SetRlimit>{core});
    limits = {core, {RLIMIT_NOFILE, 3, 5000, "/1"}};
    CHECK(take_late_rlimits(limits) == std::vector<SetRlimit>{{RLIMIT_NOFILE, 3, 5000, "/1"}});
    CHECK(limits == std::vector<SetRlimit>{core, {RLIMIT_NOFILE, 64, 5000, "/1"}});
    limits = {{RLIMIT_NOFILE, 64, 64, "/0"}};
    CHECK(take_late_rlimits(limits).empty());
    CHECK(limits.size() == 1);
}

TEST_CASE("rlimits: a limit on processes that only lowers does not hinder the stub's fork") {
    const SetRlimit lower{RLIMIT_NPROC, 5, 1000, "/0"};
    const SetRlimit higher{RLIMIT_NPROC, 5, 1001, "/0"};
    std::vector<SetRlimit> limits{lower};
    CHECK(take_process_limit(limits, 1000) == std::vector<SetRlimit>{lower});
    CHECK(limits.empty());
    limits = {higher};
    CHECK(take_process_limit(limits, 1000).empty());
    CHECK(limits == std::vector<SetRlimit>{higher});
}

TEST_CASE("rlimits: raising a hard limit without the right says what is missing") {
    const ChildEnd end = in_child([] {
        if (Status lowered = apply(SetRlimit{RLIMIT_NOFILE, 64, 64, ""}, 0); !lowered)
            return text_of(lowered);
        if (::geteuid() == 0 && ::setresuid(1000, 1000, 1000) < 0) return std::string("setresuid");
        return text_of(apply(SetRlimit{RLIMIT_NOFILE, 64, 128, ""}, 0));
    });
    CHECK(end.output ==
          "raising the hard limit of RLIMIT_NOFILE from 64 to 128 needs CAP_SYS_RESOURCE: "
          "Operation not permitted");
}

TEST_CASE("oom: nothing is written unless the value is given") {
    spec::Process process;
    CHECK(plan_oom_score_adj(checked(process), "/process") == std::nullopt);
    process.oom_score_adj = 0;
    CHECK(plan_oom_score_adj(checked(process), "/process") ==
          WriteOomScoreAdj{0, "/process/oomScoreAdj"});
}

TEST_CASE("oom: the value is written, by pid or for self") {
    const Result<Fd> proc = open_at(cwd, "/proc", O_PATH);
    REQUIRE(proc);
    const ChildEnd end = in_child([&] {
        if (Status done = apply(WriteOomScoreAdj{500, ""}, proc->get(), ::getpid()); !done)
            return text_of(done);
        if (Status done = apply(WriteOomScoreAdj{501, ""}, proc->get(), 0); !done)
            return text_of(done);
        return read_file(cwd, "/proc/self/oom_score_adj").value_or("unreadable");
    });
    CHECK(end.output == "501\n");
}

TEST_CASE("oom: lowering it without the right says what is missing") {
    if (!can_make_namespaces()) return;
    const Result<Fd> proc = open_at(cwd, "/proc", O_PATH);
    REQUIRE(proc);
    const ChildEnd end = in_child([&] {
        if (::setresuid(1000, 1000, 1000) < 0) return std::string("setresuid");
        if (::prctl(PR_SET_DUMPABLE, 1, 0, 0, 0) < 0) return std::string("dumpable");
        const Status done = apply(WriteOomScoreAdj{-999, ""}, proc->get(), 0);
        return done ? std::string("ok") : done.error().hint();
    });
    CHECK(end.output.find("CAP_SYS_RESOURCE") != std::string::npos);
}
