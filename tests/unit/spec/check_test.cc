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
                "them, with the comma before or after it)"});
    CHECK(problems_of(
              with_process("\"rlimits\": [{\"type\": \"RLIMIT_CPU\", \"soft\": 1, \"hard\": 1},\n"
                           "{\"type\": \"RLIMIT_CPU\", \"soft\": 2, \"hard\": 1}]")) ==
          Lines{"4:1 /process/rlimits/1: RLIMIT_CPU is given twice (remove one of them, with the "
                "comma before or after it)",
                "4:32 /process/rlimits/1/soft: the soft limit 2 is above the hard limit 1 (lower "
                "soft or raise hard)"});
}

TEST_CASE("check: names of the machine need a uts namespace") {
    CHECK(
        problems_of(with("\"hostname\": \"web\"")) ==
        Lines{"2:13 /hostname: without a uts namespace of its own this would rename the host (add "
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
    CHECK(maps("", "", "user") ==
          Lines{"3:15 /linux/namespaces: a new user namespace needs uidMappings and gidMappings "
                "(give each an entry {containerID, hostID, size})"});
    CHECK(
        maps(one, R"({"containerID": 1, "hostID": 1, "size": 1})", "user") ==
        Lines{
            "5:16 /linux/gidMappings: id 0 is not mapped: that user prepares the container (add an "
            "entry with \"containerID\": 0)"});
    const auto second = [&](const char* map) {
        return maps(format("{},\n{}", one, map).c_str(), one, "user");
    };
    CHECK(second(R"({"containerID": 10, "hostID": 0, "size": 0})") ==
          Lines{"5:42 /linux/uidMappings/1/size: a mapping of no ids"});
    CHECK(
        second(R"({"containerID": 9, "hostID": 5, "size": 1})") ==
        Lines{"5:17 /linux/uidMappings/1/containerID: the ids in the container overlap with those "
              "of mapping 0"});
    CHECK(
        second(R"({"containerID": 10, "hostID": 1009, "size": 1})") ==
        Lines{"5:31 /linux/uidMappings/1/hostID: the ids outside overlap with those of mapping 0"});
    CHECK(second(R"({"containerID": 10, "hostID": 4294967294, "size": 1})").empty());
    CHECK(second(R"({"containerID": 4294967295, "hostID": 1, "size": 1})") ==
          Lines{"5:50 /linux/uidMappings/1/size: 1 ids from 4294967295 on end above 4294967294"});
    std::string many = one;
    for (int i = 1; i < 341; ++i)
        many += format(R"(, {{"containerID": {}, "hostID": {}, "size": 1}})", 100 + i, 2000 + i);
    CHECK(maps(many.c_str(), one, "user") ==
          Lines{"4:16 /linux/uidMappings: 341 mappings: the kernel takes 340"});
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

TEST_CASE("check: seccomp returns no errno where an action has none, and tells who listens") {
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
    CHECK(rule("SCMP_ACT_ERRNO", ", \"errnoRet\": 4095").empty());
    CHECK(rule("SCMP_ACT_ERRNO", ", \"errnoRet\": 4096") ==
          Lines{"4:71 /linux/seccomp/syscalls/0/errnoRet: 4096 is above 4095"});
    CHECK(rule("SCMP_ACT_TRACE", ", \"errnoRet\": 65535").empty());
    CHECK(rule("SCMP_ACT_TRACE", ", \"errnoRet\": 65536").size() == 1);
    CHECK(rule("SCMP_ACT_NOTIFY", "").size() == 1);
    CHECK(
        problems_of(with_linux("\"seccomp\": {\"defaultAction\": \"SCMP_ACT_NOTIFY\"}")) ==
        Lines{"3:30 /linux/seccomp/defaultAction: SCMP_ACT_NOTIFY needs an agent that listens (add "
              "\"listenerPath\" to linux.seccomp)"});
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
    CHECK(scheduler(
              R"("policy": "SCHED_DEADLINE", "runtime": 1024, "deadline": 2000, "period": 3000)") ==
          0);
    CHECK(scheduler(R"("policy": "SCHED_DEADLINE", "runtime": 3, "deadline": 2, "period": 3)") ==
          1);
    CHECK(problems_of(with_process(R"("execCPUAffinity": {"initial": "0-3,7", "final": "3-1"})")) ==
          Lines{"3:50 /process/execCPUAffinity/final: \"3-1\" is not a list of CPUs (write numbers "
                "and ranges, such as \"0-3,7\")"});
    CHECK(problems_of(with_process(R"("execCPUAffinity": {"initial": "0-8192"})")).size() == 1);
}

TEST_CASE("check: arguments of a hook that begin with an option lack its name") {
    const auto told = [](const char* args) {
        return warnings_of(with(
            format(R"("hooks": {{"poststop": [{{"path": "/bin/sh", "args": [{}]}}]}})", args)));
    };
    const Lines missing = told(R"("-c", "exit")");
    REQUIRE(missing.size() == 1);
    CHECK(
        missing[0].find("/hooks/poststop/0/args/0: /bin/sh takes its first argument for its name "
                        "(args begin with the program's name: is [\"sh\", \"-c\", ...] meant?)") !=
        std::string::npos);
    CHECK(told(R"("sh", "-c", "exit")").empty());
    CHECK(told(R"("anything")").empty());
    CHECK(spec::hint_for_name({.path = "/bin/mkdir", .args = {"/tmp/x"}}) ==
          R"(args begin with the program's name: is ["mkdir", "/tmp/x"] meant?)");
    CHECK(spec::hint_for_name({.path = "/bin/busybox", .args = {"sh", "-c"}}).empty());
    CHECK(spec::hint_for_name({.path = "/bin/sh", .args = {"/usr/bin/sh"}}).empty());
}

TEST_CASE("check: a deadline that forbids to fork contradicts startContainer hooks") {
    const auto problems = [](const char* flags, const char* hook) {
        const std::string process = format(
            R"("process": {{"cwd": "/", "user": {{"uid": 0, "gid": 0}}, "scheduler":
                {{"policy": "SCHED_DEADLINE", "runtime": 1024, "deadline": 2000, "flags": [{}]}}}})",
            flags);
        return problems_of(
            with(format(R"({}, "hooks": {{"{}": [{{"path": "/x"}}]}})", process, hook)));
    };
    CHECK(problems("", "createContainer").empty());
    CHECK(problems("\"SCHED_FLAG_RESET_ON_FORK\"", "startContainer").empty());
    const Lines found = problems("", "startContainer");
    REQUIRE(found.size() == 1);
    CHECK(found[0].find("/process/scheduler: a process with SCHED_DEADLINE cannot run "
                        "startContainer hooks") != std::string::npos);
}

TEST_CASE("check: ids of the process") {
    const auto user = [](const std::string& members) {
        return problems_of(with_process(format("\"user\": {{\"uid\": 0, \"gid\": 0{}}}", members)));
    };
    CHECK(user(R"(, "additionalGids": [4294967294])").empty());
    CHECK(user(R"(, "additionalGids": [0, 4294967295])") ==
          Lines{"3:52 /process/user/additionalGids/1: 4294967295 is no id"});
    std::string many = "1";
    for (int i = 1; i < 65536; ++i)
        many += ",1";
    CHECK(user(format(R"(, "additionalGids": [{}])", many)).empty());
    CHECK(user(format(R"(, "additionalGids": [{},1])", many)) ==
          Lines{"3:48 /process/user/additionalGids: 65537 groups: the kernel takes 65536"});
    CHECK(problems_of(with_process(R"("user": {"uid": 0, "gid": 4294967295})")) ==
          Lines{"3:27 /process/user/gid: 4294967295 is no id"});
}

TEST_CASE("check: resources") {
    const auto resources = [](const char* members) {
        return problems_of(with_linux(format("\"resources\": {{{}}}", members))).size();
    };
    CHECK(resources(R"("memory": {"limit": 100, "swap": 100})") == 0);
    CHECK(resources(R"("memory": {"limit": 100, "swap": 99})") == 1);
    CHECK(resources(R"("memory": {"limit": -1, "swap": -1})") == 0);
    CHECK(resources(R"("memory": {"limit": -2})") == 1);
    CHECK(resources(R"("cpu": {"quota": 1000, "burst": 1001})") == 1);
    CHECK(resources(R"("cpu": {"quota": 999})") == 1);
    CHECK(resources(R"("cpu": {"quota": -1, "period": 0})") == 0);
    CHECK(resources(R"("cpu": {"quota": 1000, "period": 999})") == 1);
    CHECK(resources(R"("cpu": {"period": 1000001})") == 1);
    CHECK(resources(R"("cpu": {"quota": -1, "burst": 101})") == 0);
    CHECK(resources(R"("cpu": {"cpus": "0-", "idle": 2})") == 2);
    CHECK(resources(R"("pids": {"limit": 0})") == 0);
    CHECK(resources(R"("rdma": {"x": {}})") == 1);
    CHECK(resources(R"("blockIO": {"weightDevice": [{"major": 8, "minor": 0}]})") == 1);
    CHECK(resources(R"("unified": {"memory.max": "1"})") == 0);
    CHECK(resources(R"("unified": {"../cgroup.procs": "1"})") == 1);
    CHECK(resources(R"("unified": {"memory": "1"})") == 1);
    CHECK(resources(R"("unified": {"cgroup.procs": "1", "cgroup.freeze": "1"})") == 2);
    CHECK(resources(R"("unified": {"cgroup.max.depth": "1"})") == 0);
    CHECK(resources(R"("pids": {"limit": -3})") == 1);
    CHECK(resources(R"("devices": [{"allow": true}, {"allow": true, "major": -2}])") == 1);
    CHECK(resources(R"("devices": [{"allow": true, "major": -1, "minor": 1048575}])") == 0);
}

TEST_CASE("check: devices have the kernel's numbers") {
    const auto device = [](const char* type, const char* numbers) {
        return problems_of(with_linux(
            format(R"("devices": [{{"type": "{}", "path": "/dev/x"{}}}])", type, numbers)));
    };
    CHECK(device("c", "") ==
          Lines{"3:13 /linux/devices/0: a device of type c needs major and minor"});
    CHECK(device("b", R"(, "major": 4095, "minor": 1048575)").empty());
    CHECK(device("c", R"(, "major": 4096, "minor": 3)") ==
          Lines{"3:13 /linux/devices/0: no device has the numbers 4096:3"});
    CHECK(device("u", R"(, "major": 1, "minor": 1048576)").size() == 1);
    CHECK(device("p", "").empty());
}

TEST_CASE("check: names of network devices are what the kernel takes") {
    const auto devices = [](const std::string& members) {
        return problems_of(with_linux(
            format(R"("namespaces": [{{"type": "network"}}], "netDevices": {{{}}})", members)));
    };
    const auto name = [&](const char* text) {
        return devices(format(R"("eth0": {{"name": "{}"}})", text)).size();
    };
    CHECK(warnings_of(with_linux("\"netDevices\": {\"eth0\": {}}")).size() == 1);
    for (const char* good : {"inside0", "%d", "a%db", "fourteen-name%d", "fifteen-letters"}) {
        CAPTURE(good);
        CHECK(name(good) == 0);
    }
    for (const char* wrong : {"%", "e%s", "e%d%d", "e%d%", "e%%d", "sixteen-letters.",
                              "fifteen-letters%d", "a/b", ".", "..", "a b", "a:b"}) {
        CAPTURE(wrong);
        CHECK(name(wrong) == 1);
    }
    CHECK(devices(R"("a/b": {"name": "x"})").size() == 1);
    CHECK(devices(R"("a%b": {})").size() == 1);
    CHECK(devices(R"("a": {"name": "n%d"}, "b": {"name": "n%d"})").empty());
    CHECK(devices(R"("a": {}, "b": {"name": "a"})") ==
          Lines{"3:76 /linux/netDevices/b/name: a and b cannot both be called a"});
}

TEST_CASE("check: what is changed without a mount namespace is the host's") {
    for (const char* asked : {R"("maskedPaths": ["/x"])", R"("readonlyPaths": ["/x"])",
                              R"("rootfsPropagation": "slave")"}) {
        CAPTURE(asked);
        CHECK(problems_of(with_linux(asked)).size() == 1);
        CHECK(problems_of(with_linux(format(R"("namespaces": [{{"type": "mount"}}], {})", asked)))
                  .empty());
    }
    CHECK(problems_of(R"({"ociVersion": "1.3.0", "root": {"path": "r", "readonly": true},
                          "linux": {}})") ==
          Lines{"1:59 /root/readonly: without a mount namespace of its own this would change the "
                "host's "
                "paths (add {\"type\": \"mount\"} to linux.namespaces)"});
}

TEST_CASE("check: the root itself is neither masked nor made read-only") {
    const auto paths = [](const char* name, const char* path) {
        return problems_of(with_linux(
            format(R"("namespaces": [{{"type": "mount"}}], "{}": ["/x", "{}"])", name, path)));
    };
    CHECK(paths("maskedPaths", "/y").empty());
    CHECK(
        paths("maskedPaths", "/..") ==
        Lines{"3:58 /linux/maskedPaths/1: the root itself cannot be masked or made read-only here "
              "(\"readonly\": true in /root makes the root read-only)"});
    CHECK(paths("readonlyPaths", "/").size() == 1);
    CHECK(paths("readonlyPaths", "proc").size() == 1);
}

TEST_CASE("check: the path of a cgroup neither climbs nor breaks lines") {
    for (const char* path : {"..", "/..", "/a/../../b", "a/../b", "/a\\nb", "/a\\u0000b"})
        CHECK(problems_of(with_linux(format("\"cgroupsPath\": \"{}\"", path))).size() == 1);
    const Lines path = problems_of(with_linux("\"cgroupsPath\": \"/sys/fs/cgroup/a/b/\""));
    REQUIRE(path.size() == 1);
    CHECK(path[0].ends_with("(write \"/a/b\")"));
    CHECK(problems_of(with_linux("\"cgroupsPath\": \"/sys/fs/cgroup\"")).empty());
    CHECK(problems_of(with_linux("\"cgroupsPath\": \"/a..b/...\"")).empty());
    CHECK(problems_of(with_linux("\"cgroupsPath\": \"system.slice:sampan:x..y\"")).empty());
}

TEST_CASE("check: the rest") {
    CHECK(problems_of(with("\"annotations\": {\"\": \"x\"}")).size() == 1);
    CHECK(problems_of(with_linux(R"("memoryPolicy": {"mode": "MPOL_BIND", "nodes": "0-1024"})")) ==
          Lines{"3:48 /linux/memoryPolicy/nodes: there is no memory node 1024: the last one is at "
                "most 1023"});
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
