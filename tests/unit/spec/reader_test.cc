#include "spec/reader.h"

#include <doctest/doctest.h>

#include "base/text.h"

#include "problems.h"

using namespace sampan;
using test::Lines;
using test::problems_of;
using test::warnings_of;
using test::with;
using test::with_linux;
using test::with_process;

TEST_CASE("reader: a value of another type is named by both types") {
    CHECK(problems_of(with_process("\"args\": \"sh\"")) ==
          Lines{"3:9 /process/args: expected an array, found a string (write a list: [\"sh\"])"});
    CHECK(problems_of(with_process("\"args\": \"echo a,b\"")) ==
          Lines{"3:9 /process/args: expected an array, found a string (write a list: [\"echo\", "
                "\"a,b\"])"});
    CHECK(problems_of(
              with("\"mounts\": [{\"destination\": \"/x\", \"options\": \"nosuid,nodev\"}]"))[0]
              .ends_with("(write a list: [\"nosuid\", \"nodev\"])"));
    std::string words;
    for (int i = 0; i < 100'000; ++i)
        words += "word ";
    const Lines lines = problems_of(with("\"process\": {\"args\": \"" + words + "\"}"));
    CHECK(lines.at(0).ends_with("\"word\", ...])"));
    CHECK(lines.at(0).size() < 200);
    CHECK(problems_of(with_process("\"env\": {\"A\": \"1\"}")) ==
          Lines{"3:8 /process/env: expected an array, found an object (write a list: [\"A=1\"])"});
    CHECK(problems_of(with_process("\"args\": [\"sh\", 1]")) ==
          Lines{"3:16 /process/args/1: expected a string, found 1"});
    CHECK(
        problems_of(with_process("\"terminal\": \"true\"")) ==
        Lines{"3:13 /process/terminal: expected true or false, found \"true\" (write true without "
              "quotes)"});
    CHECK(problems_of(with("\"hostname\": true")) ==
          Lines{"2:13 /hostname: expected a string, found true"});
    CHECK(problems_of(with("\"mounts\": {}")) ==
          Lines{"2:11 /mounts: expected an array, found an object"});
    CHECK(problems_of(with("\"annotations\": {\"a.b/c\": 1}")) ==
          Lines{"2:26 /annotations/a.b~1c: expected a string, found 1"});
    CHECK(problems_of("[]") == Lines{"1:1 : expected an object, found an array"});
    CHECK(problems_of("null") == Lines{"1:1 : expected an object, found null"});
}

TEST_CASE("reader: an integer keeps to its range, and is nothing but an integer") {
    const auto uid = [](const char* value) {
        return problems_of(
            with_process(std::string("\"user\": {\"uid\": ") + value + ", \"gid\": 0}"));
    };
    const std::string place = "3:17 /process/user/uid: expected an integer from 0 to 4294967295";
    CHECK(uid("4294967294").empty());
    CHECK(uid("4294967295") == Lines{"3:17 /process/user/uid: 4294967295 is no id"});
    CHECK(uid("-1") == Lines{place + ", found -1"});
    CHECK(uid("4294967296") == Lines{place + ", found 4294967296"});
    CHECK(uid("18446744073709551616") == Lines{place + ", found a number too large"});
    CHECK(uid("-9223372036854775809") == Lines{place + ", found a number too large"});
    const std::string fraction = ", found a number with a fraction or an exponent";
    CHECK(uid("1e3") == Lines{place + fraction + " (write 1000)"});
    CHECK(uid("1.0") == Lines{place + fraction + " (write 1)"});
    CHECK(uid("1.5") == Lines{place + fraction});
    CHECK(uid("\"0\"") == Lines{place + ", found \"0\" (write 0 without quotes)"});
    CHECK(uid("\"root\"") == Lines{place + ", found \"root\""});
    CHECK(problems_of(with_process("\"oomScoreAdj\": 1001")) ==
          Lines{"3:16 /process/oomScoreAdj: expected an integer from -1000 to 1000, found 1001"});
    CHECK(problems_of(with_process("\"oomScoreAdj\": -1000")).empty());
    CHECK(problems_of(with_linux("\"resources\": {\"blockIO\": {\"weight\": 65536}}")) ==
          Lines{"3:37 /linux/resources/blockIO/weight: expected an integer from 0 to 65535, found "
                "65536"});
}

TEST_CASE("reader: a size is a number of bytes, which is said") {
    const auto limit = [](const std::string& value) {
        return problems_of(with_linux("\"resources\": {\"memory\": {\"limit\": " + value + "}}"));
    };
    const std::string start =
        "3:35 /linux/resources/memory/limit: expected a number of bytes, found ";
    CHECK(limit("\"64m\"") == Lines{start + "\"64m\" (write the number: 67108864)"});
    CHECK(limit("\"64 megabytes\"") == Lines{start + "\"64 megabytes\""});
    CHECK(limit("64.5") ==
          Lines{start + "a number with a fraction or an exponent (bytes are counted whole: 64 MiB, "
                        "for example, is 67108864)"});
    CHECK(limit("67108864").empty());
    CHECK(problems_of(with_linux("\"resources\": {\"pids\": {\"limit\": \"64m\"}}")) ==
          Lines{"3:33 /linux/resources/pids/limit: expected an integer, found \"64m\""});
}

TEST_CASE("reader: the words of engines for a value are taken, and not told") {
    CHECK(problems_of(with_linux("\"namespaces\": [{\"type\": \"mount\"}], "
                                 "\"rootfsPropagation\": \"rslave\""))
              .empty());
    CHECK(
        problems_of(with_linux("\"rootfsPropagation\": \"slav\"")) ==
        Lines{"3:22 /linux/rootfsPropagation: expected one of shared, slave, private, unbindable, "
              "found \"slav\" (did you mean \"slave\"?)"});
}

TEST_CASE("reader: a word that is near a known one is guessed") {
    CHECK(problems_of(with_linux("\"namespaces\": [{\"type\": \"net\"}]")) ==
          Lines{"3:25 /linux/namespaces/0/type: expected one of pid, network, mount, ipc, uts, "
                "user, cgroup, time, found \"net\" (did you mean \"network\"?)"});
    const Lines action = problems_of(with_linux("\"seccomp\": {\"defaultAction\": \"ALLOW\"}"));
    REQUIRE(action.size() == 1);
    CHECK(action[0].ends_with("(did you mean \"SCMP_ACT_ALLOW\"?)"));
    const Lines limit = problems_of(
        with_process("\"rlimits\": [{\"type\": \"rlimit_nofile\", \"soft\": 1, \"hard\": 1}]"));
    REQUIRE(limit.size() == 1);
    CHECK(limit[0].ends_with("(did you mean \"RLIMIT_NOFILE\"?)"));
    CHECK(!problems_of(with_linux("\"rootfsPropagation\": \"sometimes\""))[0].ends_with(")"));
}

TEST_CASE("reader: a missing property is asked for at its object") {
    CHECK(problems_of("{}") == Lines{"1:1 : the required property \"ociVersion\" is missing"});
    CHECK(problems_of(with("\"process\": {\"cwdd\": \"/\"}")) ==
          Lines{"2:12 /process: the required property \"cwd\" is missing (is \"cwdd\" meant to be "
                "it?)"});
    CHECK(problems_of(with_linux("\"uidMappings\": [{\"containerID\": 0, \"hostID\": 1}]")) ==
          Lines{"3:17 /linux/uidMappings/0: the required property \"size\" is missing"});
    CHECK(problems_of(with_linux("\"seccomp\": {\"defaultAction\": null}")) ==
          Lines{"3:12 /linux/seccomp: the required property \"defaultAction\" is missing"});
}

TEST_CASE("reader: checks of single values") {
    CHECK(problems_of(with("\"process\": {\"cwd\": \"tmp\"}")) ==
          Lines{"2:20 /process/cwd: expected an absolute path, found \"tmp\""});
    CHECK(problems_of(with("\"hooks\": {\"poststop\": [{\"path\": \"a\", \"timeout\": 0}]}")) ==
          Lines{"2:33 /hooks/poststop/0/path: expected an absolute path, found \"a\"",
                "2:49 /hooks/poststop/0/timeout: expected an integer from 1 to "
                "9223372036854775807, found 0"});
    CHECK(problems_of(with_linux("\"maskedPaths\": [\"/a\", \"b\"]")) ==
          Lines{"3:23 /linux/maskedPaths/1: expected an absolute path, found \"b\""});
    CHECK(
        problems_of(with_linux("\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\",\n"
                               "\"syscalls\": [{\"names\": [], \"action\": \"SCMP_ACT_LOG\"}]}")) ==
        Lines{"4:24 /linux/seccomp/syscalls/0/names: expected at least one element, found an "
              "empty array"});
    CHECK(problems_of(with_linux(
              "\"resources\": {\"hugepageLimits\": [{\"pageSize\": \"2mb\", \"limit\": 1}]}")) ==
          Lines{"3:47 /linux/resources/hugepageLimits/0/pageSize: expected a size such as "
                "\"64KB\", \"2MB\" or \"1GB\", found \"2mb\""});
    CHECK(problems_of(with_linux("\"resources\": {\"devices\": [{\"allow\": true, "
                                 "\"access\": \"rwx\"}]}"))
              .size() == 1);
}

TEST_CASE("reader: the clocks of timeOffsets are values, so an unknown one is an error") {
    CHECK(problems_of(with_linux("\"namespaces\": [{\"type\": \"time\"}],\n"
                                 "\"timeOffsets\": {\"realtime\": {}}")) ==
          Lines{"4:17 /linux/timeOffsets/realtime: expected one of monotonic, boottime as key, "
                "found \"realtime\""});
}

TEST_CASE("reader: unknown properties are legal, and warned about at their key") {
    CHECK(warnings_of(with("\"proces\": {}")) ==
          Lines{"2:1 /proces: unknown property \"proces\" is ignored (did you mean \"process\"?)"});
    CHECK(warnings_of(with("\"x-custom/thing\": {\"a\": [1]}")) ==
          Lines{"2:1 /x-custom~1thing: unknown property \"x-custom/thing\" is ignored"});
    CHECK(
        warnings_of(with("\"resources\": {}")) ==
        Lines{"2:1 /resources: unknown property \"resources\" is ignored (it belongs in /linux)"});
    CHECK(warnings_of(with_linux("\"hostname\": \"x\"")) ==
          Lines{"3:1 /linux/hostname: unknown property \"hostname\" is ignored (it belongs in the "
                "outermost object)"});
    CHECK(
        warnings_of(with_linux("\"destination\": \"x\"")) ==
        Lines{"3:1 /linux/destination: unknown property \"destination\" is ignored (it belongs in "
              "an entry of /mounts)"});
    CHECK(warnings_of(with_linux("\"kernelTCP\": 1, \"swappines\": 1")) ==
          Lines{"3:1 /linux/kernelTCP: unknown property \"kernelTCP\" is ignored (it belongs in "
                "/linux/resources/memory)",
                "3:17 /linux/swappines: unknown property \"swappines\" is ignored"});
    CHECK(warnings_of(with("\"windows\": {\"layerFolders\": []}")).empty());
    CHECK(warnings_of(with_process("\"user\": {\"uid\": 0, \"gid\": 0,\n\"username\": \"x\"}")) ==
          Lines{"4:1 /process/user/username: ignored: only Windows has it"});
    CHECK(warnings_of(with_process("\n\"commandLine\": \"x\"")) ==
          Lines{"4:1 /process/commandLine: ignored: only Windows has it"});
}

TEST_CASE("reader: the size of a terminal is not looked at where there is none") {
    for (const char* size :
         {"{\"height\": -1}", "\"80x25\"", "{\"height\": 99999999, \"width\": 0}"})
        for (const char* terminal : {"", "\"terminal\": false, "})
            CHECK(
                warnings_of(with_process(format("{}\"consoleSize\": {}", terminal, size))).size() ==
                1);
    CHECK(
        problems_of(with_process("\"consoleSize\": {\"height\": 1}, \"terminal\": true")).size() ==
        1);
}

TEST_CASE("reader: a user without uid or gid is root's, with a warning") {
    for (const char* user : {"{\"gid\": 1000}", "{\"uid\": 1000}", "{}"}) {
        const std::string text = with_process(format("\"user\": {}", user));
        CHECK(problems_of(text).empty());
        CHECK(warnings_of(text).size() == (user[1] == '}' ? 2 : 1));
    }
}

TEST_CASE("reader: null is the same as absent") {
    const auto file = read_spec_text(
        with("\"process\": null, \"hostname\": null, \"mounts\": null, \"linux\": {\"seccomp\": "
             "null, \"maskedPaths\": null}, \"annotations\": {\"a\": null}"),
        "config.json");
    REQUIRE(file);
    CHECK(!file->spec.process);
    CHECK(!file->spec.hostname);
    CHECK(file->spec.mounts.empty());
    CHECK(file->spec.annotations.empty());
    CHECK(!file->spec.linux_->seccomp);
}

TEST_CASE("reader: an optional string that is empty is absent, and a list may tell the two apart") {
    const auto file = read_spec_text(
        with_linux("\"namespaces\": [{\"type\": \"pid\", \"path\": \"\"}], \"cgroupsPath\": \"\",\n"
                   "\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", \"flags\": []}"),
        "config.json");
    REQUIRE(file);
    CHECK(!file->spec.linux_->namespaces[0].path);
    CHECK(!file->spec.linux_->cgroups_path);
    CHECK(file->spec.linux_->seccomp->flags == std::vector<spec::SeccompFlag>{});
}

TEST_CASE("reader: all problems of a file come at once, but never more than a screen of them") {
    CHECK(problems_of("{\"ociVersion\": 1, \"root\": [], \"process\": {\"cwd\": 1}}").size() == 3);
    std::string mounts = "\"mounts\": [1";
    for (int i = 0; i < 1000; ++i)
        mounts += ",1";
    CHECK(problems_of(with(mounts + "]")).size() == max_problems);
    std::string unknown = "\"x0\": 0";
    for (int i = 1; i < 1000; ++i)
        unknown += ", \"x" + std::to_string(i) + "\": 0";
    CHECK(warnings_of(with(unknown)).size() == max_problems);
}

TEST_CASE("reader: a long wrong value is shown in part, without its control characters") {
    const Lines lines =
        problems_of(with("\"process\": {\"cwd\": \"\\u001b[2J" + std::string(5000, 'x') + "\"}"));
    REQUIRE(lines.size() == 1);
    CHECK(lines[0].size() < 200);
    CHECK(lines[0].find('\x1b') == std::string::npos);
}

TEST_CASE("names: words go both ways") {
    CHECK(spec::name_of(spec::NamespaceType::network) == "network");
    CHECK(spec::from_name<spec::NamespaceType>("cgroup") == spec::NamespaceType::cgroup);
    CHECK(!spec::from_name<spec::NamespaceType>("Cgroup"));
    CHECK(spec::name_of(spec::RootfsPropagation::private_) == "private");
    CHECK(spec::name_of(spec::PersonalityDomain::linux_) == "LINUX");
}
