#include "bundles.h"

#include <doctest/doctest.h>

namespace sampan {

Host made_up_host() {
    Host host;
    host.capabilities = (uint64_t{1} << 41) - 1;
    host.last_capability = 40;
    host.cgroups.mode = CgroupMode::v2;
    host.cgroups.unified = CgroupHierarchy{.controllers = {"cpuset", "cpu", "memory", "pids"},
                                           .mount_point = "/sys/fs/cgroup",
                                           .root = "/",
                                           .own_path = "/",
                                           .read_only = false};
    return host;
}

std::vector<Example> read_examples() {
    std::vector<Example> examples;
    for (const std::string folder : {"hello", "hooks", "limits", "pod/app", "pod/infra", "readonly",
                                     "seccomp", "shell", "userns"}) {
        Result<SpecFile> file = read_spec(std::string(BUNDLES) + "/" + folder + "/config.json");
        REQUIRE_MESSAGE(file.has_value(), folder);
        std::string name = folder;
        if (const size_t slash = name.find('/'); slash != std::string::npos) name[slash] = '-';
        examples.push_back({.name = name,
                            .spec = std::move(file->spec),
                            .request = {.id = name, .bundle = "/bundles/" + folder}});
    }
    return examples;
}

}  // namespace sampan
