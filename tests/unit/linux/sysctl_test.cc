#include "linux/sysctl.h"

#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "linux/uts.h"
#include "os/file.h"

#include "checked.h"
#include "support.h"

using namespace sampan;
using namespace sampan::testing;

TEST_CASE("sysctl plan: dots and slashes, whichever comes first separates") {
    Spec spec;
    spec.linux_.emplace().namespaces = {{spec::NamespaceType::ipc, {}},
                                        {spec::NamespaceType::network, {}}};
    spec.linux_->sysctl = {{"net.ipv4.conf.eth0/1.rp_filter", "1"},
                           {"net/ipv4/conf/eth0.2/rp_filter", "2"},
                           {"kernel.shmmax", "3"}};
    const std::vector<WriteSysctl> steps = plan_sysctl(checked(spec));
    REQUIRE(steps.size() == 3);
    CHECK(steps[0] == WriteSysctl{"/linux/sysctl/kernel.shmmax", "kernel/shmmax", "3"});
    CHECK(steps[1].path == "net/ipv4/conf/eth0.1/rp_filter");
    CHECK(steps[1].origin == "/linux/sysctl/net.ipv4.conf.eth0~11.rp_filter");
    CHECK(steps[2].path == "net/ipv4/conf/eth0.2/rp_filter");
    CHECK(plan_sysctl(checked(Spec{})).empty());
}

TEST_CASE("sysctl: written to the namespaces of the writer, and nowhere else") {
    if (!can_make_namespaces()) return;
    const std::string before = read_file(cwd, "/proc/sys/net/ipv4/ip_forward").value_or("");
    const auto write = [](const std::string& path, const std::string& value) {
        return in_mount_namespace([&]() -> std::string {
            Context context;
            context.proc = Fd(::open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC));
            const Status written = apply(WriteSysctl{"", path, value}, context);
            if (!written) return written.error().message();
            return read_file(context.proc.get(), "sys/" + path).value_or("unreadable");
        });
    };
    CHECK(write("net/ipv4/ip_forward", "1") == "1\n");
    CHECK(read_file(cwd, "/proc/sys/net/ipv4/ip_forward").value_or("") == before);
    CHECK(write("kernel/shmmni", "77") == "77\n");
    CHECK(write("net/../kernel/shmmni", "1").find("ok") == std::string::npos);
    CHECK(write("net/no/such", "1").find("No such file or directory") != std::string::npos);
    CHECK(write("kernel/shmmni", "x").find("Invalid argument") != std::string::npos);
}

TEST_CASE("names of host and domain are those of the uts namespace") {
    Spec spec;
    spec.linux_.emplace().namespaces = {{spec::NamespaceType::uts, {}}};
    CHECK(plan_uts(checked(Spec{})).empty());
    spec.hostname = "box";
    spec.domainname = "example.org";
    const std::vector<UtsStep> steps = plan_uts(checked(spec));
    REQUIRE(steps.size() == 2);
    CHECK(std::get<SetHostname>(steps[0]) == SetHostname{"/hostname", "box"});
    if (!can_make_namespaces()) return;
    CHECK(in_mount_namespace([&]() -> std::string {
              Context context;
              const std::string done = apply_all(steps, context);
              if (done != "ok") return done;
              char host[65] = {};
              char domain[65] = {};
              if (::gethostname(host, 65) < 0 || ::getdomainname(domain, 65) < 0) return "names";
              return std::string(host) + "." + domain;
          }) == "box.example.org");
}
