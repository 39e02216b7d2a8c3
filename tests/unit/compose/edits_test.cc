#include "compose/edits.h"

#include <algorithm>

#include <doctest/doctest.h>

#include "spec/default_config.h"

using namespace sampan;

namespace {

constexpr unsigned last_capability = 40;

std::string refusal(const Status& status) {
    return status ? "none" : status.error().message() + "; " + status.error().hint();
}

bool holds(const std::vector<std::string>& list, const char* word) {
    return std::ranges::find(list, word) != list.end();
}

}  // namespace

TEST_CASE("edits: a capability by its short name, all of them, and one less") {
    Spec spec = default_config();
    CHECK(add_capability(spec, "net_admin", last_capability));
    CHECK(add_capability(spec, "CAP_NET_ADMIN", last_capability));
    CHECK(std::ranges::count(spec.process->capabilities->effective, "CAP_NET_ADMIN") == 1);
    CHECK(add_capability(spec, "ALL", last_capability));
    CHECK(spec.process->capabilities->permitted.size() == last_capability + 1);
    CHECK(drop_capability(spec, "chown"));
    CHECK_FALSE(holds(spec.process->capabilities->bounding, "CAP_CHOWN"));
    CHECK(drop_capability(spec, "all"));
    CHECK(spec.process->capabilities == spec::Capabilities{});
    CHECK(refusal(add_capability(spec, "NET_ADMN", last_capability)) ==
          "there is no capability \"NET_ADMN\"; did you mean \"CAP_NET_ADMIN\"?");
}

TEST_CASE("edits: a variable replaces the one of its name") {
    spec::Process process;
    process.env = {"A=1", "AB=2"};
    set_variable(process, "A=3=4");
    CHECK(process.env == std::vector<std::string>{"AB=2", "A=3=4"});
}

TEST_CASE("edits: a volume is a bind of all that is mounted there") {
    Spec spec;
    CHECK(add_volume(spec, "data:/data:ro,nosuid", "/here"));
    CHECK(spec.mounts.back() == spec::Mount{.destination = "/data",
                                            .type = "none",
                                            .source = "/here/data",
                                            .options = {"rbind", "rprivate", "ro", "nosuid"}});
    CHECK(add_volume(spec, "/x:/y/:rslave", "/here"));
    CHECK(spec.mounts.back().options == std::vector<std::string>{"rbind", "rslave"});
    for (const char* wrong : {"/data", ":/b", "/a:/b:ro:x", ""})
        CHECK_MESSAGE(refusal(add_volume(spec, wrong, "/")).contains("SOURCE:DESTINATION"), wrong);
    for (const char* wrong : {"/a:b", "/a:/", "/a:/..", "/a:"})
        CHECK_MESSAGE(refusal(add_volume(spec, wrong, "/")).contains("absolute path below"), wrong);
}

TEST_CASE("edits: so many CPUs are a quota of each period") {
    Spec spec;
    const auto quota_of = [&](const char* cpus) -> int64_t {
        return set_cpus(spec, cpus) ? spec.linux_->resources->cpu->quota.value() : -1;
    };
    CHECK(quota_of("1.5") == 150'000);
    CHECK(quota_of("2") == 200'000);
    CHECK(quota_of(".5") == 50'000);
    CHECK(quota_of("0.01") == 1'000);
    CHECK(spec.linux_->resources->cpu->period == 100'000);
    for (const char* wrong :
         {"", ".", "0", "0.001", "-1", "1.2.3", "1e3", "x", "70000", "1.123456"})
        CHECK_MESSAGE(quota_of(wrong) == -1, wrong);
}

TEST_CASE("edits: the group of terminals is left out where it is not mapped") {
    const auto has_group = [](const std::vector<spec::IdMapping>& gids) {
        Spec spec = default_config();
        add_user_namespace(spec, {{0, 1000, 1}}, gids);
        const auto pts = std::ranges::find(spec.mounts, "/dev/pts", &spec::Mount::destination);
        return holds(pts->options, "gid=5");
    };
    CHECK_FALSE(has_group({{0, 1000, 1}}));
    CHECK(has_group({{0, 1000, 1}, {1, 100000, 10}}));
}

TEST_CASE("edits: a privileged container has everything, and nothing is hidden from it") {
    Spec spec = default_config();
    set_privileged(spec, last_capability);
    CHECK(spec.process->capabilities->effective.size() == last_capability + 1);
    CHECK(spec.linux_->masked_paths.empty());
    CHECK(spec.linux_->readonly_paths.empty());
    CHECK(spec.linux_->resources->devices.at(0).allow);
    const auto sys = std::ranges::find(spec.mounts, "/sys", &spec::Mount::destination);
    CHECK_FALSE(holds(sys->options, "ro"));
}
