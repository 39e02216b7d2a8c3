#include "launch/notify.h"

#include <doctest/doctest.h>

using namespace sampan;

TEST_CASE("notify: what a manager may hear from a container is passed on line by line") {
    CHECK(filter_notification("READY=1") == "READY=1\n");
    CHECK(filter_notification("STATUS=up and=running\nREADY=1\n") ==
          "STATUS=up and=running\nREADY=1\n");
}

TEST_CASE("notify: what a manager would believe of the runtime alone is left out") {
    CHECK(filter_notification("MAINPID=1\nREADY=1").find("MAINPID") == std::string::npos);
    for (const char* line :
         {"MAINPID=1", "MAINPIDFDID=1", "FDSTORE=1", "FDNAME=x", "NOTIFYACCESS=all", "BARRIER=1",
          "BUSERROR=x", "X_OWN=1", "READY=", "READY=10", " READY=1", ""})
        CHECK_MESSAGE(filter_notification(line).empty(), line);
}
