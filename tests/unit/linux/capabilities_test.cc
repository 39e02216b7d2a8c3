#include "linux/capabilities.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/file.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

constexpr uint64_t bit(unsigned number) {
    return uint64_t{1} << number;
}

CapabilityPlan plan(const spec::Capabilities& asked,
                    const CapabilityLimits& limits = {.last = CAP_LAST_CAP}) {
    spec::Process process;
    process.capabilities = asked;
    return plan_capabilities(checked(process), limits, "/process");
}

// Does what the last steps before the program do, in the order of the header.
std::string become(const CapabilitySets& sets, uid_t uid) {
    for (unsigned number = 0; ::prctl(PR_CAPBSET_READ, number, 0, 0, 0) >= 0; ++number)
        if ((sets.bounding & bit(number)) == 0) ::prctl(PR_CAPBSET_DROP, number, 0, 0, 0);
    if (::prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0) return "keepcaps";
    if (::setresuid(uid, uid, uid) < 0) return "setresuid";
    const __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
    const std::array<uint32_t, 6> words = capset_words(sets);
    if (::syscall(SYS_capset, &header, words.data()) < 0) return "capset";
    if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0) return "clear ambient";
    for (const unsigned number : capability_numbers(sets.ambient))
        if (::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, number, 0, 0) < 0) return "ambient";
    const Result<std::string> status = read_file(cwd, "/proc/self/status");
    if (!status) return status.error().message();
    const size_t start = status->find("CapInh:");
    return status->substr(start, status->find("NoNewPrivs:") - start);
}

}  // namespace

TEST_CASE("capabilities: every number has a name, and every name its number") {
    CHECK(capability_names().size() == CAP_LAST_CAP + 1);
    for (unsigned number = 0; number <= CAP_LAST_CAP; ++number)
        CHECK(capability_number(capability_name(number)) == number);
    CHECK(capability_number("CAP_SYS_ADMIN") == CAP_SYS_ADMIN);
    CHECK(capability_number("cap_Bpf") == CAP_BPF);
    CHECK_FALSE(capability_number("SYS_ADMIN"));
    CHECK_FALSE(capability_number("CAP_SYS_ADMIN "));
    CHECK_FALSE(capability_number(""));
    CHECK(capability_name(63) == "CAP_63");
}

TEST_CASE("capabilities: none asked for gives none") {
    const CapabilityPlan plan =
        plan_capabilities(checked(spec::Process{}), {.last = 40}, "/process");
    CHECK(plan == CapabilityPlan{});
}

TEST_CASE("capabilities: an unknown name is a warning, once, and the rest holds") {
    const CapabilityPlan made =
        plan({.bounding = {"CAP_KILL", "CAP_NONSENSE"}, .permitted = {"CAP_NONSENSE", "CAP_KILL"}});
    CHECK(made.sets.bounding == bit(CAP_KILL));
    CHECK(made.sets.permitted == bit(CAP_KILL));
    REQUIRE(made.warnings.size() == 1);
    CHECK(made.warnings[0].pointer == "/process/capabilities/bounding/1");
    CHECK(made.warnings[0].hint.empty());
    const CapabilityPlan near = plan({.bounding = {"kill", "CAP_NET_ADMN", "KILL", "fly"}});
    REQUIRE(near.warnings.size() == 1);
    CHECK(near.warnings[0].hint == R"(did you mean "CAP_KILL", "CAP_NET_ADMIN"?)");
}

TEST_CASE("capabilities: one that the kernel lacks, or that we lack, is a warning") {
    const CapabilityPlan old =
        plan({.bounding = {"CAP_BPF", "CAP_KILL"}}, {.last = CAP_AUDIT_READ});
    CHECK(old.sets.bounding == bit(CAP_KILL));
    CHECK(old.warnings.size() == 1);
    const CapabilityPlan poor =
        plan({.bounding = {"CAP_BPF", "CAP_KILL"}}, {.last = 40, .grantable = bit(CAP_KILL)});
    CHECK(poor.sets.bounding == bit(CAP_KILL));
    CHECK(poor.warnings.size() == 1);
}

TEST_CASE("capabilities: what the kernel would refuse is left out with a warning") {
    const CapabilityPlan made = plan({.bounding = {"CAP_KILL"},
                                      .effective = {"CAP_CHOWN", "CAP_KILL"},
                                      .inheritable = {"CAP_KILL", "CAP_CHOWN"},
                                      .permitted = {"CAP_KILL", "CAP_FOWNER"},
                                      .ambient = {"CAP_KILL", "CAP_FOWNER"}});
    CHECK(made.sets.effective == bit(CAP_KILL));
    CHECK(made.sets.inheritable == bit(CAP_KILL));
    CHECK(made.sets.ambient == bit(CAP_KILL));
    REQUIRE(made.warnings.size() == 3);
    CHECK(made.warnings[0].pointer == "/process/capabilities/effective");
    CHECK(made.warnings[1].what ==
          "CAP_CHOWN cannot be inheritable: it is not in the bounding set");
    CHECK(made.warnings[2].what.starts_with("can't raise ambient capability CAP_FOWNER: "));
    // Without a warning where none is inheritable: engines send that.
    const CapabilityPlan engine = plan({.bounding = {"CAP_KILL"},
                                        .effective = {"CAP_KILL"},
                                        .permitted = {"CAP_KILL"},
                                        .ambient = {"CAP_KILL"}});
    CHECK(engine.warnings.empty());
    CHECK(engine.sets.ambient == 0);
}

TEST_CASE("capabilities: the words of capset are low, then high") {
    const CapabilitySets sets{.effective = bit(0) | bit(40), .permitted = bit(1), .inheritable = 4};
    CHECK(capset_words(sets) == std::array<uint32_t, 6>{1, 2, 4, 1U << 8, 0, 0});
}

TEST_CASE("capabilities: the sets are in place after the steps in their order") {
    if (!can_make_namespaces()) return;
    const std::vector<std::string> some = {"CAP_KILL", "CAP_NET_BIND_SERVICE"};
    const CapabilityPlan made = plan({.bounding = {"CAP_KILL", "CAP_NET_BIND_SERVICE", "CAP_CHOWN"},
                                      .effective = some,
                                      .inheritable = some,
                                      .permitted = some,
                                      .ambient = {"CAP_KILL"}});
    REQUIRE(made.warnings.empty());
    const ChildEnd end = in_child([&] { return become(made.sets, 1000); });
    CHECK(end.output ==
          "CapInh:\t0000000000000420\nCapPrm:\t0000000000000420\nCapEff:\t0000000000000420\n"
          "CapBnd:\t0000000000000421\nCapAmb:\t0000000000000020\n");
}

TEST_CASE("capabilities: empty sets leave nothing, also to root") {
    if (!can_make_namespaces()) return;
    const ChildEnd end = in_child([] { return become({}, 0); });
    CHECK(end.output ==
          "CapInh:\t0000000000000000\nCapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
          "CapBnd:\t0000000000000000\nCapAmb:\t0000000000000000\n");
}
