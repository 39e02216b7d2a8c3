#include "cgroup/unit_files.h"

#include <array>
#include <string_view>

#include "base/text.h"
#include "cgroup/systemd.h"
#include "os/file.h"

namespace sampan {

namespace {

// cgroup_context_apply() of systemd. Not io.max and its like: there it writes only lines of devices
// that it was told of. cpu.idle goes first, since an idle cgroup has no weight to write.
constexpr std::array<std::string_view, 15> written_by_systemd{
    "cpu.idle",   "cpu.weight",      "cpu.max",          "cpuset.cpus",      "cpuset.mems",
    "io.weight",  "io.bfq.weight",   "memory.min",       "memory.low",       "memory.high",
    "memory.max", "memory.swap.max", "memory.zswap.max", "memory.oom.group", "pids.max",
};

struct KeptFile {
    std::string path;
    std::string text;
};

std::vector<KeptFile> read_files(const std::string& directory) {
    std::vector<KeptFile> files;
    for (const std::string_view name : written_by_systemd) {
        std::string path = format("{}/{}", directory, name);
        // Some kernels lack some of them.
        if (Result<std::string> text = read_file(cwd, path))
            files.push_back({std::move(path), std::move(*text)});
    }
    return files;
}

// Line by line: a file with weights of devices takes one a write.
Status put_back(const std::vector<KeptFile>& files) {
    for (const KeptFile& file : files) {
        if (TRY(read_file(cwd, file.path)) == file.text) continue;
        const std::string_view text = trim(file.text);
        for (const std::string_view line : split(text, '\n'))
            TRY(write_file(cwd, file.path, line.empty() ? "\n" : line));
    }
    return {};
}

}  // namespace

Status tell_unit(const UnitRecord& unit,
                 const std::string& directory,
                 const std::vector<UnitProperty>& properties) {
    if (properties.empty()) return {};
    // Below the unit's own cgroup (run.oci.systemd.subgroup) systemd writes nothing.
    const bool is_own = directory.ends_with("/" + unit.name);
    const std::vector<KeptFile> files = is_own ? read_files(directory) : std::vector<KeptFile>();
    Status told = set_unit_properties(unit, properties);
    Status kept = put_back(files);
    return told ? kept : told;
}

}  // namespace sampan
