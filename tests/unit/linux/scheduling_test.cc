#include <sched.h>
#include <sys/mman.h>
#include <sys/personality.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/text.h"
#include "linux/cpu_affinity.h"
#include "linux/memory_policy.h"
#include "linux/personality.h"
#include "linux/scheduler.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;
using enum spec::SchedulerPolicy;
using enum spec::SchedulerFlag;

TEST_CASE("scheduler: nothing asked for is no step") {
    const spec::Process process;
    CHECK(plan_scheduler(checked(process), "/process") == std::nullopt);
    CHECK(plan_io_priority(checked(process), "/process") == std::nullopt);
}

TEST_CASE("scheduler: what is not given is 0") {
    spec::Process process;
    process.scheduler = spec::Scheduler{.policy = sched_batch};
    const auto step = plan_scheduler(checked(process), "/process");
    REQUIRE(step);
    CHECK(*step == SetScheduler{.origin = "/process/scheduler", .policy = SCHED_BATCH});
    CHECK(describe(*step) == "schedule as SCHED_BATCH");
}

TEST_CASE("scheduler: flags and numbers are the kernel's") {
    spec::Process process;
    process.scheduler = spec::Scheduler{
        .policy = sched_deadline,
        .flags = {sched_flag_reset_on_fork, sched_flag_reclaim, sched_flag_dl_overrun,
                  sched_flag_keep_policy, sched_flag_keep_params, sched_flag_util_clamp_min,
                  sched_flag_util_clamp_max},
        .runtime = 1024,
        .deadline = 2000,
        .period = 3000};
    const auto step = plan_scheduler(checked(process), "/process");
    REQUIRE(step);
    CHECK(*step == SetScheduler{.origin = "/process/scheduler",
                                .policy = 6,
                                .flags = 0x7f,
                                .runtime = 1024,
                                .deadline = 2000,
                                .period = 3000});
    CHECK(describe(*step) == "schedule as SCHED_DEADLINE, 1024 ns before 2000 ns of every 3000 ns");
}

TEST_CASE("scheduler: policy and I/O priority are set") {
    spec::Process process;
    process.scheduler = spec::Scheduler{.policy = sched_other, .nice = 3};
    process.io_priority = spec::IoPriority{spec::IoPriorityClass::ioprio_class_be, 6};
    const auto scheduler = plan_scheduler(checked(process), "/process");
    const auto io = plan_io_priority(checked(process), "/process");
    REQUIRE(scheduler);
    const ChildEnd end = in_child([&]() -> std::string {
        if (::setsid() < 0) return "setsid";
        if (Status done = apply(*scheduler, 0); !done) return text_of(done);
        if (Status done = apply(*io, ::getpid()); !done) return text_of(done);
        // As in <linux/ioprio.h>, whose newer versions are not valid C++.
        constexpr int who_process = 1;
        const long priority = ::syscall(SYS_ioprio_get, who_process, 0);
        return format("{} {}", ::nice(0), priority);
    });
    CHECK(end.output == format("3 {}", 2 << 13 | 6));
}

TEST_CASE("scheduler: SCHED_ISO is refused with the reason") {
    const ChildEnd end =
        in_child([] { return apply(SetScheduler{.policy = 4}, 0).error().hint(); });
    CHECK(end.output == "Linux reserves SCHED_ISO and does not carry it out");
}

TEST_CASE("cpu affinity: an inherited mask is taken back") {
    cpu_set_t before;
    CPU_ZERO(&before);
    REQUIRE(::sched_getaffinity(0, sizeof before, &before) == 0);
    const ChildEnd end = in_child([&]() -> std::string {
        cpu_set_t one;
        CPU_ZERO(&one);
        CPU_SET(0, &one);
        if (::sched_setaffinity(0, sizeof one, &one) < 0) return "sched_setaffinity";
        Context context;
        (void)apply(ResetCpuAffinity{}, context);
        cpu_set_t after;
        CPU_ZERO(&after);
        if (::sched_getaffinity(0, sizeof after, &after) < 0) return "sched_getaffinity";
        return CPU_COUNT(&after) >= CPU_COUNT(&before) ? "ok" : "narrow";
    });
    CHECK(end.output == "ok");
}

TEST_CASE("personality: the domain becomes the number, and flags of the caller go") {
    Spec spec;
    CHECK(plan_personality(checked(spec)) == std::nullopt);
    spec.linux_.emplace().personality = spec::Personality{spec::PersonalityDomain::linux32, {}};
    const auto step = plan_personality(checked(spec));
    CHECK(step == SetPersonality{"/linux/personality", PER_LINUX32});
    const ChildEnd end = in_child([&]() -> std::string {
        if (::personality(ADDR_NO_RANDOMIZE) < 0) return "personality";
        Context context;
        if (Status done = apply(*step, context); !done) return text_of(done);
        return format("{:#x}", ::personality(0xffffffff));
    });
    CHECK(end.output == "0x8");
}

TEST_CASE("memory policy: nodes become bits, flags join the mode") {
    Spec spec;
    CHECK(plan_memory_policy(checked(spec)).value() == std::nullopt);
    spec.linux_.emplace().memory_policy =
        spec::MemoryPolicy{spec::MemoryPolicyMode::mpol_interleave,
                           "0-1, 3,64",
                           {spec::MemoryPolicyFlag::mpol_f_static_nodes}};
    const auto step = plan_memory_policy(checked(spec));
    REQUIRE(step);
    CHECK(**step == SetMemoryPolicy{.origin = "/linux/memoryPolicy",
                                    .mode = 3 | 1 << 15,
                                    .nodes = {0b1011, 1},
                                    .text = "MPOL_INTERLEAVE|MPOL_F_STATIC_NODES of 0-1, 3,64"});
}

TEST_CASE("memory policy: as many nodes as a kernel may have") {
    Spec spec;
    spec.linux_.emplace().memory_policy =
        spec::MemoryPolicy{spec::MemoryPolicyMode::mpol_bind, "0-1023", {}};
    const auto step = plan_memory_policy(checked(spec));
    REQUIRE(step);
    CHECK((*step)->nodes == std::vector<uint64_t>(16, ~uint64_t{0}));
}
