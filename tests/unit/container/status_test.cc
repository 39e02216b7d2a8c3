#include "container/status.h"

#include <array>

#include <doctest/doctest.h>

using namespace sampan;
using enum ContainerStatus;

namespace {

Record ready_record() {
    Record record;
    record.pid = 42;
    record.ready = true;
    return record;
}

}  // namespace

TEST_CASE("status: every combination of facts") {
    const Record ready = ready_record();
    for (const bool waiting : {false, true})
        for (const bool frozen : {false, true})
            CHECK(derive(ready, {.alive = false, .waiting = waiting, .frozen = frozen}) == stopped);
    CHECK(derive(ready, {.alive = true, .waiting = true, .frozen = false}) == created);
    CHECK(derive(ready, {.alive = true, .waiting = false, .frozen = false}) == running);
    CHECK(derive(ready, {.alive = true, .waiting = true, .frozen = true}) == paused);
    CHECK(derive(ready, {.alive = true, .waiting = false, .frozen = true}) == paused);
}

TEST_CASE("status: a container that is not ready is creating, whatever its process does") {
    Record record = ready_record();
    record.ready = false;
    for (const bool alive : {false, true})
        for (const bool frozen : {false, true})
            CHECK(derive(record, {.alive = alive, .waiting = false, .frozen = frozen}) == creating);
}

TEST_CASE("status: what runs or is paused can be checkpointed") {
    for (const ContainerStatus status : {running, paused})
        CHECK(allow(Operation::checkpoint, status, "c"));
    for (const ContainerStatus status : {creating, created, stopped})
        CHECK_FALSE(allow(Operation::checkpoint, status, "c"));
    CHECK(allow(Operation::checkpoint, created, "c").error().message() ==
          "container cannot be checkpointed in created state");
}

TEST_CASE("status: every cell of the table of operations") {
    struct Row {
        ContainerStatus status;
        bool start;
        bool kill;
        bool remove;
        bool pause;
        bool resume;
        bool update;
        bool ps;
    };
    constexpr std::array rows{
        Row{creating, false, false, false, false, false, false, false},
        Row{created, true, true, true, true, false, true, true},
        Row{running, false, true, false, true, false, true, true},
        Row{stopped, false, false, true, false, false, false, true},
        Row{paused, false, true, false, false, true, true, true},
    };
    for (const Row& row : rows) {
        CAPTURE(static_cast<int>(row.status));
        CHECK(allow(Operation::start, row.status, "c").has_value() == row.start);
        CHECK(allow(Operation::kill, row.status, "c").has_value() == row.kill);
        CHECK(allow(Operation::remove, row.status, "c").has_value() == row.remove);
        CHECK(allow(Operation::remove_stopped, row.status, "c").has_value() ==
              (row.status == stopped));
        CHECK(allow(Operation::pause, row.status, "c").has_value() == row.pause);
        CHECK(allow(Operation::resume, row.status, "c").has_value() == row.resume);
        CHECK(allow(Operation::update, row.status, "c").has_value() == row.update);
        CHECK(allow(Operation::ps, row.status, "c").has_value() == row.ps);
        CHECK(allow(Operation::inspect, row.status, "c").has_value() ==
              (row.ps && row.status != stopped));
        // The same as for pausing: a process that enters must not be frozen.
        CHECK(allow(Operation::exec, row.status, "c").has_value() == row.pause);
    }
}

TEST_CASE("status: a refusal names the operation") {
    CHECK(allow(Operation::start, paused, "c").error().message() ==
          "cannot start a container that is paused");
    CHECK(allow(Operation::pause, paused, "c").error().message() ==
          "cannot pause a container that is paused");
    CHECK(allow(Operation::ps, creating, "c").error().message() ==
          "cannot list the processes of a container that is creating");
}

TEST_CASE("status: a refusal for want of a process is of a kind of its own") {
    const auto kind_of = [](Operation operation, ContainerStatus status) {
        return allow(operation, status, "c").error().kind();
    };
    for (const Operation operation : {Operation::kill, Operation::exec, Operation::pause,
                                      Operation::update, Operation::inspect})
        CHECK(kind_of(operation, stopped) == ErrorKind::not_running);
    for (const Operation operation : {Operation::start, Operation::pause, Operation::exec})
        CHECK(kind_of(operation, paused) == ErrorKind::wrong_status);
    CHECK(kind_of(Operation::remove, running) == ErrorKind::wrong_status);
    CHECK(kind_of(Operation::resume, stopped) == ErrorKind::wrong_status);
}

TEST_CASE("status: the texts that clients match") {
    CHECK(allow(Operation::kill, stopped, "c").error().message() == "container not running");
    CHECK(allow(Operation::pause, stopped, "c").error().message() == "container not running");
    CHECK(allow(Operation::resume, running, "c").error().message() ==
          "container not paused: it is running");
    CHECK(allow(Operation::start, running, "c").error().message() ==
          "cannot start an already running container");
    CHECK(allow(Operation::start, stopped, "c").error().message() ==
          "cannot start a container that has stopped");
    CHECK(allow(Operation::remove, running, "web").error().message() ==
          "cannot delete container web that is not stopped: running");
}
