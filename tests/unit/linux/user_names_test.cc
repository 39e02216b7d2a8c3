#include "linux/user_names.h"

#include <doctest/doctest.h>

using namespace sampan;

namespace {

const AccountFiles files{
    .passwd =
        "root:x:0:0:root:/root:/bin/sh\nann:x:1000:1001::/home/ann:\n1000:x:5:5::/:\n"
        "broken\n#no:x:7:7::/:\nbig:x:4294967296:1::/:\n",
    .group = "root:x:0:\nann:x:1001:\nwheel:x:10:root,ann\ntty:x:5:ann\nbad:x:y:ann\n"};

std::string refusal(const char* text) {
    const Result<FoundUser> found = find_user(text, files);
    return found ? "none" : found.error().message() + "; " + found.error().hint();
}

}  // namespace

TEST_CASE("user names: a name has its group, and those that list it") {
    CHECK(find_user("ann", files).value() == FoundUser{1000, 1001, {10, 5}});
    CHECK(find_user("root", files).value() == FoundUser{0, 0, {10}});
}

TEST_CASE("user names: a group that is given is the only one") {
    CHECK(find_user("ann:wheel", files).value() == FoundUser{1000, 10, {}});
    CHECK(find_user("ann:77", files).value() == FoundUser{1000, 77, {}});
    CHECK(find_user("12:34", files).value() == FoundUser{12, 34, {}});
}

TEST_CASE("user names: a number is never taken for a name (CVE-2016-3697)") {
    CHECK(find_user("1000", files).value() == FoundUser{1000, 1001, {10, 5}});
    CHECK(find_user("12", files).value() == FoundUser{12, 0, {}});
}

TEST_CASE("user names: a name that is not there is an error, with a near one") {
    CHECK(refusal("amn") ==
          "there is no user \"amn\" in /etc/passwd of the container; did you mean \"ann\"?");
    CHECK(refusal("ann:whel") ==
          "there is no group \"whel\" in /etc/group of the container; did you mean \"wheel\"?");
    CHECK(refusal("").contains("USER[:GROUP]"));
    CHECK(refusal(":5").contains("USER[:GROUP]"));
    CHECK(refusal("4294967295").contains("not the number of a user"));
    CHECK(refusal("-1").contains("there is no user"));
}
