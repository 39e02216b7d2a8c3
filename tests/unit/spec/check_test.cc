#include "spec/check.h"

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

TEST_CASE("check: an ociVersion is a version, and one of ours") {
    const auto version = [](const char* text) {
        return format("{{\"ociVersion\": \"{}\", \"root\": {{\"path\": \"r\"}}}}", text);
    };
    for (const char* good : {"1.0.0", "1.0.2-dev", "1.2.1", "1.3.0", "1.1.0-rc.2", "1.2.0+dev"}) {
        CHECK(problems_of(version(good)).empty());
        CHECK(warnings_of(version(good)).empty());
    }
    for (const char* bad : {"", "1", "1.0", "1.0.0.0", "v1.0.0", "1.0.x", "1.00.0", "1.0.0-"}) {
        CHECK(problems_of(version(bad)).size() == 1);
    }
    CHECK(problems_of(version("9.9.0")) ==
          Lines{"1:16 /ociVersion: version 9.9.0 is not supported (versions 1.0.0 to 1.3.0 are)"});
    CHECK(problems_of(version("0.5.0-dev")).empty());
    CHECK(warnings_of(version("0.5.0-dev")).size() == 1);
    CHECK(warnings_of(version("1.4.0")).size() == 1);
}

TEST_CASE("check: root is required, process is not") {
    CHECK(problems_of("{\"ociVersion\": \"1.3.0\"}") ==
          Lines{"1:1 : \"root\" is missing (add \"root\": {\"path\": \"rootfs\"}, the folder with "
                "the container's files)"});
    CHECK(problems_of(with("\"hooks\": {}")).empty());
    CHECK(problems_of(with_process("\"args\": []")).size() == 1);
}

TEST_CASE("check: what may stand once stands once") {
    CHECK(problems_of(with_linux("\"namespaces\": [{\"type\": \"pid\"},\n {\"type\": \"pid\"}]")) ==
          Lines{"4:2 /linux/namespaces/1: the namespace \"pid\" is given twice (remove one of "
                "them)"});
    CHECK(problems_of(
              with_process("\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 1, \"hard\": 1},\n"
                           "{\"type\": \"RLIMIT_CPU\", \"soft\": 2, \"hard\": 1}]")) ==
          Lines{"4:1 /process/rlimits/1: RLIMIT_CPU is given twice (remove one of them)",
                "4:32 /process/rlimits/1/soft: the soft limit 2 is above the hard limit 1 (lower "
                "soft or raise hard)"});
}

TEST_CASE("check: names of the machine need a uts namespace") {
    CHECK(problems_of(with("\"hostname\": \"web\"")) ==
          Lines{"2:13 /hostname: without an own uts namespace this would rename the host (add "
                "{\"type\": \"uts\"} to linux.namespaces)"});
    const char* uts = "\"linux\": {\"namespaces\": [{\"type\": \"uts\", \"path\": \"/x\"}]},";
    CHECK(
        problems_of(with(format("{} \"hostname\": \"web\", \"domainname\": \"d\"", uts))).empty());
    CHECK(problems_of(with(format("{} \"hostname\": \"{}\"", uts, std::string(65, 'h')))).size() ==
          1);
}

TEST_CASE("check: id mappings need a user namespace, each other, and room") {
    const auto maps = [](const char* uid, const char* gid, const char* type) {
        return problems_of(
            with_linux(format("\"namespaces\": [{{\"type\": \"{}\"}}],\n\"uidMappings\": [{}],\n"
                              "\"gidMappings\": [{}]",
                              type, uid, gid)));
    };
    const char* one = R"({"containerID": 0, "hostID": 1000, "size": 10})";
    CHECK(maps(one, one, "user").empty());
    CHECK(maps(one, one, "pid").size() == 1);
    CHECK(
        maps(one, one, "pid")[0].starts_with("4:16 /linux/uidMappings: mappings have no meaning"));
    CHECK(maps(one, "", "user") ==
          Lines{"4:16 /linux/uidMappings: uidMappings and gidMappings belong together: gidMappings "
                "is missing"});
    CHECK(maps(R"({"containerID": 0, "hostID": 0, "size": 0})", one, "user") ==
          Lines{"4:57 /linux/uidMappings/0/size: a mapping of no ids"});
    CHECK(maps(one, R"({"containerID": 1, "hostID": 4294967295, "size": 2})", "user").size() == 1);
    CHECK(maps(R"({"containerID": 0, "hostID": 1, "size": 5},
                  {"containerID": 9, "hostID": 5, "size": 1})",
               one, "user") ==
          Lines{"5:19 /linux/uidMappings/1: the ids overlap with those of mapping 0"});
}

TEST_CASE("check: time offsets need a new time namespace") {
    const char* offsets = "\"timeOffsets\": {\"monotonic\": {\"secs\": 1}}";
    CHECK(problems_of(with_linux(offsets)).size() == 1);
    CHECK(problems_of(with_linux(format("{}, \"namespaces\": [{{\"type\": \"time\"}}]", offsets)))
              .empty());
    CHECK(
        problems_of(with_linux(format(
                        "{}, \"namespaces\": [{{\"type\": \"time\", \"path\": \"/x\"}}]", offsets)))
            .size() == 1);
}

TEST_CASE("check: a kernel parameter belongs to a namespace that the container has") {
    const auto sysctl = [](const char* key, const char* type) {
        return problems_of(with_linux(format(
            "\"namespaces\": [{{\"type\": \"{}\"}}], \"sysctl\": {{\"{}\": \"1\"}}", type, key)));
    };
    CHECK(sysctl("net.ipv4.ip_forward", "network").empty());
    CHECK(sysctl("net/ipv4/conf/eth0.1/forwarding", "network").empty());
    CHECK(sysctl("kernel.shmmax", "ipc").empty());
    CHECK(sysctl("kernel/shmmax", "ipc").empty());
    CHECK(sysctl("fs.mqueue.msg_max", "ipc").empty());
    CHECK(sysctl("kernel.domainname", "uts").empty());
    CHECK(sysctl("net.ipv4.ip_forward", "ipc").size() == 1);
    CHECK(sysctl("kernel.hostname", "uts")[0].ends_with("(use \"hostname\")"));
    CHECK(sysctl("vm.swappiness", "ipc").size() == 1);
    for (const char* evil :
         {"net/../kernel/core_pattern", "net..core", "net./.x", "/net/x", "net.x.",
          "net/./x/../../kernel/panic", "..", "net.ipv4/../../kernel/panic"}) {
        CAPTURE(evil);
        CHECK(sysctl(evil, "network").size() == 1);
    }
}

TEST_CASE("check: mounts") {
    CHECK(warnings_of(with("\"mounts\": [{\"destination\": \"data\"}]")) ==
          Lines{"2:28 /mounts/0/destination: a relative destination is deprecated and taken from "
                "\"/\" (write \"/data\")"});
    const char* map = R"([{"containerID": 0, "hostID": 1, "size": 1}])";
    CHECK(problems_of(
              with(format("\"mounts\": [{{\"destination\": \"/d\", \"uidMappings\": {}}}]", map)))
              .size() == 1);
    CHECK(problems_of(with(R"("mounts": [{"destination": "/d", "options": ["idmap"]}])")).size() ==
          1);
    CHECK(problems_of(with(format(R"("mounts": [{{"destination": "/d", "options": ["idmap"],
        "uidMappings": {0}, "gidMappings": {0}}}])",
                                  map)))
              .empty());
}

TEST_CASE("check: seccomp") {
    const auto rule = [](const char* action, const char* more) {
        return problems_of(with_linux(
            format("\"seccomp\": {{\"defaultAction\": \"SCMP_ACT_ALLOW\",\n\"syscalls\": "
                   "[{{\"names\": [\"x\"], \"action\": \"{}\"{}}}]}}",
                   action, more)));
    };
    CHECK(rule("SCMP_ACT_ERRNO", ", \"errnoRet\": 38").empty());
    CHECK(rule("SCMP_ACT_KILL", ", \"errnoRet\": 38") ==
          Lines{"4:70 /linux/seccomp/syscalls/0/errnoRet: SCMP_ACT_KILL returns no errno (remove "
                "it, or use SCMP_ACT_ERRNO)"});
    CHECK(rule("SCMP_ACT_NOTIFY", "").size() == 1);
    CHECK(rule("SCMP_ACT_LOG",
               ", \"args\": [{\"index\": 6, \"value\": 0, \"op\": "
               "\"SCMP_CMP_EQ\"}]")
              .size() == 1);
    CHECK(problems_of(with_linux("\"seccomp\": {\"defaultAction\": \"SCMP_ACT_ALLOW\", "
                                 "\"listenerMetadata\": \"x\"}"))
              .size() == 1);
    CHECK(problems_of(with_linux("\"seccomp\": {\"defaultAction\": \"SCMP_ACT_LOG\", "
                                 "\"defaultErrnoRet\": 1}"))
              .size() == 1);
}

TEST_CASE("check: scheduling") {
    const auto scheduler = [](const char* members) {
        return problems_of(with_process(format("\"scheduler\": {{{}}}", members))).size();
    };
    CHECK(scheduler(R"("policy": "SCHED_OTHER", "nice": 5)") == 0);
    CHECK(scheduler(R"("policy": "SCHED_OTHER", "nice": 20)") == 1);
    CHECK(scheduler(R"("policy": "SCHED_FIFO", "priority": 50)") == 0);
    CHECK(scheduler(R"("policy": "SCHED_FIFO")") == 1);
    CHECK(scheduler(R"("policy": "SCHED_FIFO", "priority": 5, "nice": 1)") == 0);
    CHECK(scheduler(R"("policy": "SCHED_BATCH", "priority": 5)") == 1);
    CHECK(scheduler(R"("policy": "SCHED_IDLE", "runtime": 5)") == 1);
    CHECK(scheduler(R"("policy": "SCHED_DEADLINE", "runtime": 1, "deadline": 2, "period": 3)") ==
          0);
    CHECK(scheduler(R"("policy": "SCHED_DEADLINE", "runtime": 3, "deadline": 2, "period": 3)") ==
          1);
    CHECK(problems_of(with_process(R"("execCPUAffinity": {"initial": "0-3,7", "final": "3-1"})"))
              .size() == 1);
}

TEST_CASE("check: resources") {
    const auto resources = [](const char* members) {
        return problems_of(with_linux(format("\"resources\": {{{}}}", members))).size();
    };
    CHECK(resources(R"("memory": {"limit": 100, "swap": 100})") == 0);
    CHECK(resources(R"("memory": {"limit": 100, "swap": 99})") == 1);
    CHECK(resources(R"("memory": {"limit": -1, "swap": -1})") == 0);
    CHECK(resources(R"("memory": {"limit": -2})") == 1);
    CHECK(resources(R"("cpu": {"quota": 100, "burst": 101})") == 1);
    CHECK(resources(R"("cpu": {"quota": -1, "burst": 101})") == 0);
    CHECK(resources(R"("cpu": {"cpus": "0-", "idle": 2})") == 2);
    CHECK(resources(R"("pids": {"limit": 0})") == 0);
    CHECK(resources(R"("rdma": {"x": {}})") == 1);
    CHECK(resources(R"("blockIO": {"weightDevice": [{"major": 8, "minor": 0}]})") == 1);
    CHECK(resources(R"("unified": {"memory.max": "1"})") == 0);
    CHECK(resources(R"("unified": {"../cgroup.procs": "1"})") == 1);
}

TEST_CASE("check: the rest") {
    CHECK(problems_of(with("\"annotations\": {\"\": \"x\"}")).size() == 1);
    CHECK(problems_of(with_linux("\"cgroupsPath\": \"/a/../../b\"")).size() == 1);
    CHECK(problems_of(with_linux("\"cgroupsPath\": \"system.slice:sampan:x..y\"")).empty());
    CHECK(problems_of(with_linux("\"intelRdt\": {\"closID\": \"../x\"}")).size() == 1);
    CHECK(problems_of(with_linux("\"intelRdt\": {\"closID\": \"/\"}")).empty());
    CHECK(problems_of(with_linux("\"memoryPolicy\": {\"mode\": \"MPOL_BIND\"}")).size() == 1);
    CHECK(problems_of(with_linux("\"memoryPolicy\": {\"mode\": \"MPOL_LOCAL\", \"nodes\": \"0\"}"))
              .size() == 1);
    for (const char* wrong : {R"("mode": "MPOL_PREFERRED", "flags": ["MPOL_F_STATIC_NODES"])",
                              R"("mode": "MPOL_LOCAL", "flags": ["MPOL_F_RELATIVE_NODES"])",
                              R"("mode": "MPOL_LOCAL", "flags": ["MPOL_F_NUMA_BALANCING"])"})
        CHECK(problems_of(with_linux(format("\"memoryPolicy\": {{{}}}", wrong).c_str())).size() ==
              1);
    CHECK(problems_of(with_linux("\"personality\": {\"domain\": \"LINUX32\", \"flags\": [\"x\"]}"))
              .size() == 1);
    CHECK(
        problems_of(with_linux("\"devices\": [{\"type\": \"c\", \"path\": \"/dev/x\"}]")).size() ==
        1);
    CHECK(
        problems_of(with_linux("\"devices\": [{\"type\": \"p\", \"path\": \"/dev/x\"}]")).empty());
    CHECK(warnings_of(with_linux("\"netDevices\": {\"eth0\": {}}")).size() == 1);
    CHECK(problems_of(with_linux("\"namespaces\": [{\"type\": \"network\"}], \"netDevices\": "
                                 "{\"eth0\": {\"name\": \"averyveryverylongname\"}}"))
              .size() == 1);
    CHECK(problems_of(with_linux("\"maskedPaths\": [\"/proc/kcore\"]")).size() == 1);
    CHECK(
        problems_of(with_process("\"user\": {\"uid\": 0, \"gid\": 0, \"umask\": 22222}")).size() ==
        1);
    CHECK(problems_of(with_process("\"args\": [\"\"]")).size() == 1);
    CHECK(
        problems_of(
            with_process("\"terminal\": true, \"consoleSize\": {\"height\": 70000, \"width\": 80}"))
            .size() == 1);
    CHECK(warnings_of(with_process("\"consoleSize\": {\"height\": 25, \"width\": 80}")).size() ==
          1);
    CHECK(warnings_of(with_process("\"env\": [\"A=b\", \"C\", \"=d\"]")).size() == 2);
}
