#include <fcntl.h>
#include <stdlib.h>

#include <algorithm>
#include <variant>

#include <doctest/doctest.h>

#include "base/text.h"
#include "os/file.h"

#include "bundles.h"

namespace sampan {

namespace {

std::string golden_path(const Example& example) {
    return std::string(GOLDEN) + "/" + example.name + ".txt";
}

std::string planned_text(const Example& example) {
    const Result<Plan> plan = make_plan(example.spec, made_up_host(), example.request);
    REQUIRE_MESSAGE(plan.has_value(), example.name);
    return print_phases(plan->phases);
}

}  // namespace

// `SAMPAN_GOLDEN=write unit_plan` writes them anew; then read the difference with git diff.
TEST_CASE("plan: the steps of every example bundle are those of the golden text") {
    const char* mode = ::getenv("SAMPAN_GOLDEN");
    for (const Example& example : read_examples()) {
        CAPTURE(example.name);
        const std::string text = planned_text(example);
        if (mode != nullptr && std::string_view(mode) == "write")
            REQUIRE(replace_file(cwd, golden_path(example), text, 0644).has_value());
        const Result<std::string> golden = read_file(cwd, golden_path(example));
        REQUIRE(golden.has_value());
        CHECK(text == *golden);
    }
}

TEST_CASE("plan: what an ordinary user cannot have is refused with the remedy") {
    Host host = made_up_host();
    host.euid = 1000;
    host.egid = 1000;
    host.capabilities = 0;
    const std::vector<Example> examples = read_examples();
    const Result<Plan> plan = make_plan(examples[0].spec, host, examples[0].request);
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().kind() == ErrorKind::config);
    CHECK(plan.error().pointer() == "/linux/namespaces");
    CHECK(plan.error().hint().find("{\"type\": \"user\"}") != std::string::npos);
}

TEST_CASE("plan: whatever cannot be planned is of the kind config") {
    Example example = read_examples().at(0);
    example.spec.mounts.push_back(
        {.destination = "/x", .type = "tmpfs", .options = {"copy-symlink"}});
    const Result<Plan> plan = make_plan(example.spec, made_up_host(), example.request);
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().kind() == ErrorKind::config);
}

TEST_CASE("plan: the same input gives the same plan") {
    for (const Example& example : read_examples())
        CHECK(planned_text(example) == planned_text(example));
}

TEST_CASE("plan: a config.json without process has no program and no limits") {
    Example example = read_examples()[0];
    example.spec.process.reset();
    const Result<Plan> plan = make_plan(example.spec, made_up_host(), example.request);
    REQUIRE(plan.has_value());
    CHECK_FALSE(plan->process.program.has_value());
    CHECK(plan->process.rlimits.empty());
    CHECK_FALSE(plan->process.terminal);
}

TEST_CASE("plan: an id that a new user namespace does not map is refused at its place") {
    Example example = read_examples()[0];
    spec::Linux& linux = *example.spec.linux_;
    std::erase_if(linux.namespaces,
                  [](const spec::Namespace& one) { return one.type == spec::NamespaceType::user; });
    linux.namespaces.push_back({spec::NamespaceType::user, std::nullopt});
    linux.uid_mappings = {{0, 100000, 10}};
    linux.gid_mappings = {{0, 100000, 20}};
    spec::User& user = example.spec.process->user;
    const auto place = [&] {
        const Result<Plan> plan = make_plan(example.spec, made_up_host(), example.request);
        return plan ? "" : plan.error().pointer();
    };
    user = {.uid = 9, .gid = 19, .umask = {}, .additional_gids = {19}};
    CHECK(place() == "");
    user.additional_gids = {19, 20};
    CHECK(place() == "/process/user/additionalGids/1");
    user.gid = 20;
    CHECK(place() == "/process/user/gid");
    user.uid = 10;
    CHECK(place() == "/process/user/uid");
}

namespace {

bool has_notify_mount(const Plan& plan) {
    bool has = false;
    for_each_action<BindMount>(
        plan.phases, [&has](const BindMount& bind) { has |= bind.destination == "/run/notify"; });
    return has;
}

std::string last_source(const Plan& plan) {
    std::string source;
    for (const Phase& phase : plan.phases)
        for (const Step& step : phase.steps)
            if (const auto* open = std::get_if<OpenSource>(&step)) source = open->source;
    return source;
}

Plan plan_with_manager(Example example) {
    example.request.notify_folder = "/run/sampan/web/notify";
    Result<Plan> plan = make_plan(example.spec, made_up_host(), example.request);
    REQUIRE(plan.has_value());
    return std::move(*plan);
}

}  // namespace

TEST_CASE("plan: with a service manager its socket is bound read-only and named to the program") {
    const Plan plan = plan_with_manager(read_examples()[0]);
    CHECK(has_notify_mount(plan));
    CHECK(last_source(plan) == "/run/sampan/web/notify");
    CHECK(plan.process.program->env.back() == "NOTIFY_SOCKET=/run/notify/notify.sock");
    CHECK(
        print_phases(plan.phases)
            .contains("bind /run/sampan/web/notify on /run/notify (bind,ro,nosuid,nodev,noexec)"));
}

TEST_CASE("plan: a socket of process.env, and a host that notifies nobody, are left alone") {
    Example example = read_examples()[0];
    example.spec.process->env.emplace_back("NOTIFY_SOCKET=/own");
    const Plan plan = plan_with_manager(example);
    CHECK_FALSE(has_notify_mount(plan));
    CHECK(plan.notify_folder.empty());
    example = read_examples()[0];
    example.spec.process.reset();
    CHECK_FALSE(has_notify_mount(plan_with_manager(example)));
}

}  // namespace sampan
