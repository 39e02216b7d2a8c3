#include "container/gc.h"

#include <doctest/doctest.h>

using namespace sampan;

namespace {

// A container that has stopped: nothing is wrong with it.
FolderFacts stopped_facts() {
    return {.has_record = true, .readable = true, .ready = true, .keeps_config = true};
}

}  // namespace

TEST_CASE("gc: a container that has stopped is no garbage, nor is one that lives") {
    FolderFacts facts = stopped_facts();
    CHECK_FALSE(judge(facts).has_value());
    facts.may_live = true;
    CHECK_FALSE(judge(facts).has_value());
    facts.keeps_config = false;
    CHECK_FALSE(judge(facts).has_value());
}

TEST_CASE("gc: a container that never became complete is garbage, even if its init lives") {
    FolderFacts facts = stopped_facts();
    facts.ready = false;
    CHECK(judge(facts) == Remains::unfinished);
    facts.may_live = true;
    facts.keeps_config = false;
    CHECK(judge(facts) == Remains::unfinished);
}

TEST_CASE("gc: an empty folder is garbage unless a create may just have made it") {
    CHECK(judge({}) == Remains::nameless);
    CHECK_FALSE(judge({.is_new = true}).has_value());
    CHECK(is_too_young({.is_new = true}));
    CHECK_FALSE(is_too_young({}));
    CHECK_FALSE(is_too_young({.has_record = true, .is_new = true}));
}

TEST_CASE("gc: a record that cannot be read is garbage if no process may be left") {
    CHECK(judge({.has_record = true}) == Remains::broken);
    CHECK(judge({.has_record = true, .is_new = true}) == Remains::broken);
    CHECK(judge({.keeps_config = true}) == Remains::broken);
    CHECK_FALSE(judge({.has_record = true, .may_live = true}).has_value());
    CHECK_FALSE(judge({.keeps_config = true, .may_live = true}).has_value());
}

TEST_CASE("gc: a delete that was killed has left the record only") {
    FolderFacts facts = stopped_facts();
    facts.keeps_config = false;
    CHECK(judge(facts) == Remains::half_gone);
}
