#include "container/preflight.h"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include <doctest/doctest.h>

#include "base/text.h"
#include "host/host.h"

#include "support.h"

using namespace sampan;
using namespace sampan::testing;

namespace {

Host root_of_some_machine() {
    Host host;
    host.capabilities = ~uint64_t{0};
    host.cgroups.mode = CgroupMode::v2;
    host.cgroups.unified = CgroupHierarchy{.controllers = {}, .mount_point = "/sys/fs/cgroup"};
    return host;
}

// A bundle whose config.json is made of these members.
struct Bundle {
    TempFolder folder;

    Bundle() {
        folder.write("rootfs/bin/sh", "#!/bin/tool\n", 0755);
        folder.write("tool", "#!/bin/sh\n", 0755);
    }
    [[nodiscard]] Verdict judged(const std::string& args, const std::string& more = "") const {
        folder.write("config.json", format(R"({{"ociVersion": "1.3.0", "root": {{"path": "rootfs"}},
  "process": {{"args": {}, "cwd": "/", "env": ["PATH=/sbin:/bin"]}},
  "linux": {{"namespaces": [{{"type": "mount"}}]}}{}}})",
                                           args, more));
        return judge(folder.path() + "/config.json", root_of_some_machine(),
                     {.id = "x", .bundle = folder.path()});
    }
};

// "POINTER: WHAT" of each problem.
std::string problems_of(const Verdict& verdict) {
    std::string text;
    for (const Problem& problem : verdict.problems)
        text += format("{}: {}\n", problem.pointer, problem.what);
    return text;
}

}  // namespace

TEST_CASE("preflight: a program is looked for where it will be, and so is what interprets it") {
    const Bundle bundle;
    // The interpreter of the root's sh is bound from the bundle, and its interpreter is that sh.
    const std::string mounts =
        R"(, "mounts": [{"destination": "/bin/tool", "source": "tool", "options": ["bind"]}])";
    CHECK(problems_of(bundle.judged(R"(["sh"])", mounts)) ==
          "/process/args/0: exec: \"sh\": too many levels of symbolic links: the interpreter "
          "\"/bin/tool\" of /bin/sh needs more than 5 interpreters in a row\n");
    CHECK(problems_of(bundle.judged(R"(["sh"])")) ==
          "/process/args/0: exec sh: no such file or directory: the interpreter \"/bin/tool\" "
          "of /bin/sh does not exist\n");
    const Verdict missing = bundle.judged(R"(["shh"])");
    CHECK(problems_of(missing) ==
          "/process/args/0: exec: \"shh\": executable file not found in $PATH\n");
    CHECK(missing.problems[0].hint ==
          format("did you mean \"sh\"? PATH is /sbin:/bin, the container's root is {}/rootfs",
                 bundle.folder.path()));
}

TEST_CASE("preflight: nothing is said of a program on a file system that is not made yet") {
    const Bundle bundle;
    const std::string mounts = R"(, "mounts": [{"destination": "/sbin", "type": "tmpfs"}])";
    CHECK(problems_of(bundle.judged(R"(["nothing-like-it"])", mounts)).empty());
    CHECK(problems_of(bundle.judged(R"(["/sbin/init"])", mounts)).empty());
    CHECK(problems_of(bundle.judged(R"(["/bin/init"])", mounts)) != "");
}

TEST_CASE("preflight: sources of binds, hooks and a root that are not there") {
    const Bundle bundle;
    bundle.folder.write("plain", "#!/bin/sh\n", 0644);
    const std::string missing_source =
        R"(, "mounts": [{"destination": "/x", "source": "tol", "options": ["bind"]}])";
    const Verdict source = bundle.judged(R"(["/bin/none"])", missing_source);
    REQUIRE(source.problems.size() == 2);
    CHECK(source.problems[0].pointer == "/mounts/0/source");
    CHECK(source.problems[0].hint ==
          format("did you mean {}/tool? the source of a bind mount must exist on the host",
                 bundle.folder.path()));
    const Verdict hook = bundle.judged(
        R"(["/sbin/init"])", format(R"(, "hooks": {{"poststop": [{{"path": "{}/plain"}}]}},
                                             "mounts": [{{"destination": "/sbin", "type": "tmpfs"}}])",
                                    bundle.folder.path()));
    REQUIRE(hook.problems.size() == 1);
    CHECK(hook.problems[0].pointer == "/hooks/poststop/0/path");
    CHECK(hook.problems[0].hint == "chmod +x makes it executable");
    REQUIRE(::rename((bundle.folder.path() + "/rootfs").c_str(),
                     (bundle.folder.path() + "/rotfs").c_str()) == 0);
    const Verdict root = bundle.judged(R"(["sh"])");
    REQUIRE(root.problems.size() == 1);
    CHECK(root.problems[0].pointer == "/root/path");
    CHECK(root.problems[0].hint ==
          format("did you mean {}/rotfs? root.path names the folder with the container's files",
                 bundle.folder.path()));
}

TEST_CASE("preflight: what reading, the rules and the plan find wrong is told as by create") {
    const Bundle bundle;
    const Verdict rules = bundle.judged(R"(["sh"])", R"(, "hostname": "x", "hostnam": 1)");
    CHECK(problems_of(rules) ==
          "/hostname: without a uts namespace of its own this would rename the host\n");
    REQUIRE(rules.warnings.size() == 1);
    CHECK(rules.warnings[0].pointer == "/hostnam");
    const Verdict plan = bundle.judged(R"(["sh"])", R"(, "mounts": [{"destination": "/x"}])");
    REQUIRE(plan.problems.size() == 1);
    CHECK(plan.problems[0].pointer == "/mounts/0");
    CHECK(problems_of(bundle.judged("[")).starts_with(": "));
    const Verdict absent = judge(bundle.folder.path() + "/none", root_of_some_machine(), {});
    CHECK(absent.problems.size() == 1);
}
