#include "container/differences.h"

#include <doctest/doctest.h>

#include "spec/tables.h"

using namespace sampan;

namespace {

using spec::RlimitType;

Spec config_with_process() {
    Spec config;
    config.process.emplace();
    config.process->args = {"/bin/true"};
    config.process->rlimits = {{RlimitType::rlimit_nofile, 10, 20},
                               {RlimitType::rlimit_core, 0, 0}};
    return config;
}

Observed observed_process() {
    Observed observed;
    observed.spec.process.emplace();
    observed.spec.process->args = {"something", "else"};
    observed.spec.process->rlimits = {{RlimitType::rlimit_core, 0, 0},
                                      {RlimitType::rlimit_cpu, 1, 1},
                                      {RlimitType::rlimit_nofile, 5, 20}};
    return observed;
}

}  // namespace

TEST_CASE("differences: limits are compared in the order of config.json, arguments are not") {
    const Spec config = config_with_process();
    const Spec aligned = align(config, observed_process(), ContainerStatus::running);
    const std::vector<Difference> expected{{"/process/rlimits/0/soft", "10", "5"}};
    CHECK(compare_leaves(leaves(config), leaves(aligned)) == expected);
}

TEST_CASE("differences: what is set at the end is not compared before the program runs") {
    const Spec config = config_with_process();
    const Spec aligned = align(config, observed_process(), ContainerStatus::created);
    CHECK(compare_leaves(leaves(config), leaves(aligned)).empty());
}

TEST_CASE("differences: a parameter with other blanks is the same") {
    Spec config;
    config.linux_.emplace();
    config.linux_->sysctl = {{"net.ipv4.ping_group_range", "0 10"}};
    Observed observed;
    observed.spec.linux_.emplace();
    observed.spec.linux_->sysctl = {{"net.ipv4.ping_group_range", "0\t10"}};
    const auto compared = [&] {
        return compare_leaves(leaves(config),
                              leaves(align(config, observed, ContainerStatus::running)));
    };
    CHECK(compared().empty());
    observed.spec.linux_->sysctl["net.ipv4.ping_group_range"] = "0\t11";
    CHECK(compared().size() == 1);
}
