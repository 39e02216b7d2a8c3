#include "spec/default_config.h"

#include <doctest/doctest.h>

#include "spec/spec.h"

using namespace sampan;

TEST_CASE("default config: it is valid and has nothing to warn about") {
    for (const Spec& config : {default_config(), default_rootless_config(1000, 100)}) {
        const spec::Findings findings = spec::check_spec(config);
        CHECK(findings.problems.empty());
        CHECK(findings.warnings.empty());
    }
}

TEST_CASE("default config: the rootless one maps root to the caller and keeps the network") {
    const Spec config = default_rootless_config(1000, 100);
    CHECK(find_namespace(config, spec::NamespaceType::user) != nullptr);
    CHECK(find_namespace(config, spec::NamespaceType::network) == nullptr);
    CHECK(config.linux_->uid_mappings == std::vector<spec::IdMapping>{{0, 1000, 1}});
    CHECK(config.linux_->gid_mappings == std::vector<spec::IdMapping>{{0, 100, 1}});
    CHECK(!config.linux_->resources);
}

TEST_CASE("default config: it gives few rights") {
    const Spec config = default_config();
    CHECK(config.process->no_new_privileges);
    CHECK(config.process->capabilities->bounding.size() == 3);
    CHECK(config.process->capabilities->inheritable.empty());
    CHECK(config.root->readonly);
}
