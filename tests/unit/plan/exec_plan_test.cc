#include "plan/exec_plan.h"

#include <doctest/doctest.h>

#include "bundles.h"

namespace sampan {

namespace {

spec::Process of_container() {
    spec::Process process;
    process.terminal = true;
    process.user = {.uid = 5, .gid = 6, .umask = 0077, .additional_gids = {7}};
    process.args = {"/bin/server"};
    process.env = {"PATH=/bin", "A=1", "AB=2"};
    process.cwd = "/srv";
    process.capabilities = spec::Capabilities{.bounding = {"CAP_KILL"},
                                              .effective = {"CAP_KILL"},
                                              .inheritable = {},
                                              .permitted = {"CAP_KILL"},
                                              .ambient = {}};
    process.rlimits = {{spec::RlimitType::rlimit_nofile, 100, 200}};
    return process;
}

}  // namespace

TEST_CASE("exec: what is not said is that of the container, but for program and terminal") {
    const spec::Process process = make_exec_process({.args = {"ls"}}, of_container()).value();
    spec::Process expected = of_container();
    expected.args = {"ls"};
    expected.terminal = false;
    CHECK(process == expected);
}

TEST_CASE("exec: a file says it all, and options replace parts of it") {
    spec::Process file{.args = {"sh"}, .env = {"B=1"}, .cwd = "/tmp"};
    file.terminal = true;
    CHECK(make_exec_process({.file = file}, of_container()).value() == file);
    const spec::Process changed =
        make_exec_process({.file = file, .args = {"ls"}, .cwd = "/"}, of_container()).value();
    CHECK(changed.args == std::vector<std::string>{"ls"});
    CHECK(changed.cwd == "/");
    CHECK(changed.env == file.env);
}

TEST_CASE("exec: a variable replaces the one of its name") {
    const spec::Process process =
        make_exec_process({.args = {"ls"}, .env = {"A=3", "C=4", "C=5"}}, of_container()).value();
    CHECK(process.env == std::vector<std::string>{"PATH=/bin", "AB=2", "A=3", "C=5"});
}

TEST_CASE("exec: the group stays where only a user is given") {
    const spec::Process process =
        make_exec_process({.args = {"ls"}, .uid = 1, .additional_gids = {7, 8}}, of_container())
            .value();
    CHECK(process.user.uid == 1);
    CHECK(process.user.gid == 6);
    CHECK(process.user.additional_gids == std::vector<uint32_t>{7, 8});
}

TEST_CASE("exec: an added capability is never inheritable, and ambient only where it was already") {
    const ExecRequest request{.args = {"ls"}, .capabilities = {"CAP_CHOWN", "CAP_KILL"}};
    spec::Process container = of_container();
    spec::Capabilities sets = *make_exec_process(request, container).value().capabilities;
    const std::vector<std::string> both{"CAP_KILL", "CAP_CHOWN"};
    CHECK(sets.bounding == both);
    CHECK(sets.effective == both);
    CHECK(sets.permitted == both);
    CHECK(sets.inheritable.empty());
    CHECK(sets.ambient.empty());
    container.capabilities->inheritable = {"CAP_CHOWN", "CAP_FOWNER"};
    container.capabilities->ambient = {"CAP_FOWNER"};
    sets = *make_exec_process(request, container).value().capabilities;
    CHECK(sets.inheritable == std::vector<std::string>{"CAP_CHOWN", "CAP_FOWNER"});
    CHECK(sets.ambient == std::vector<std::string>{"CAP_FOWNER", "CAP_CHOWN"});
}

TEST_CASE("exec: a container without capabilities gets those that are added") {
    const spec::Process process =
        make_exec_process({.args = {"ls"}, .capabilities = {"CAP_CHOWN"}}, std::nullopt).value();
    CHECK(process.capabilities->permitted == std::vector<std::string>{"CAP_CHOWN"});
    CHECK(process.cwd == "/");
}

TEST_CASE("exec: no program, an unknown capability and a relative directory are errors") {
    CHECK_FALSE(make_exec_process({}, of_container()).has_value());
    CHECK_FALSE(make_exec_process({.args = {"ls"}, .capabilities = {"CAP_NONE"}}, of_container()));
    CHECK_FALSE(make_exec_process({.args = {"ls"}, .cwd = "tmp"}, of_container()).has_value());
}

TEST_CASE("exec: privileges are given up, never taken back") {
    spec::Process container = of_container();
    container.no_new_privileges = true;
    CHECK(make_exec_process({.args = {"ls"}}, container).value().no_new_privileges);
    CHECK(make_exec_process({.args = {"ls"}, .no_new_privileges = true}, of_container())
              .value()
              .no_new_privileges);
}

TEST_CASE("exec: the mask of CPUs is taken back unless the process says something of it") {
    Example example = read_examples()[0];
    const auto resets = [&] {
        const ExecPlan plan =
            make_exec_plan(example.spec, made_up_host(), {.id = "web", .args = {"ls"}}).value();
        return has_action<ResetCpuAffinity>(plan.phases);
    };
    CHECK(resets());
    example.spec.process->exec_cpu_affinity = spec::CpuAffinity{.initial = "1", .final = {}};
    CHECK_FALSE(resets());
    const ExecPlan plan =
        make_exec_plan(example.spec, made_up_host(), {.id = "web", .args = {"ls"}}).value();
    CHECK(find_step<CloneBetween>(plan.phases)->affinity->cpus == std::vector<uint64_t>{2});
    example.spec.process->exec_cpu_affinity->final = "9999";
    const auto wrong = make_exec_plan(example.spec, made_up_host(), {.id = "web", .args = {"ls"}});
    REQUIRE_FALSE(wrong.has_value());
    CHECK(wrong.error().pointer() == "/process/execCPUAffinity/final");
}

TEST_CASE("exec: pointers count from the file, where there is one") {
    const Example example = read_examples()[0];
    spec::Process file{.args = {"ls"}, .cwd = "/"};
    const auto plan = make_exec_plan(example.spec, made_up_host(),
                                     {.id = "web", .file = file, .uid = 0xFFFFFFFF});
    REQUIRE_FALSE(plan.has_value());
    CHECK(plan.error().pointer() == "/user/uid");
    CHECK(plan.error().message() == "4294967295 is no id");
}

}  // namespace sampan
