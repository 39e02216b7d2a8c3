#include "linux/id_map.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <string_view>

#include "base/text.h"
#include "host/host.h"
#include "os/file.h"
#include "os/process.h"
#include "os/tool.h"

namespace sampan {

namespace {

constexpr size_t max_lines = 340;  // user_namespaces(7), since Linux 4.15
// The last id is no id: (uid_t)-1 means "leave it" in many system calls.
constexpr uint64_t last_id = 0xFFFF'FFFE;

using Map = std::span<const spec::IdMapping>;

bool overlap(uint32_t a, uint32_t a_size, uint32_t b, uint32_t b_size) {
    return a < uint64_t{b} + b_size && b < uint64_t{a} + a_size;
}

// What the kernel would answer with a bare EINVAL.
Status check_map(Map map, const std::string& origin) {
    if (map.empty())
        return fail_at(
            "/linux/namespaces",
            format("a new user namespace needs {}", origin.substr(origin.rfind('/') + 1)),
            format("give {} an entry {{containerID, hostID, size}}", origin));
    if (map.size() > max_lines)
        return fail_at(origin, format("{} entries: the kernel takes {}", map.size(), max_lines));
    for (size_t i = 0; i < map.size(); ++i) {
        const spec::IdMapping& line = map[i];
        const std::string place = format("{}/{}", origin, i);
        if (line.size == 0) return fail_at(place + "/size", "the size of a mapping is 0");
        for (const uint32_t start : {line.container_id, line.host_id})
            if (uint64_t{start} + line.size - 1 > last_id)
                return fail_at(place + "/size",
                               format("{} ids from {} on end above {}", line.size, start, last_id));
        for (size_t j = 0; j < i; ++j) {
            const spec::IdMapping& other = map[j];
            if (overlap(line.container_id, line.size, other.container_id, other.size))
                return fail_at(
                    place + "/containerID",
                    format("the ids in the container overlap with those of entry {}", j));
            if (overlap(line.host_id, line.size, other.host_id, other.size))
                return fail_at(place + "/hostID",
                               format("the ids on the host overlap with those of entry {}", j));
        }
    }
    if (!host_id(map, 0))
        return fail_at(origin, "id 0 is not mapped, which prepares the container",
                       "add an entry with \"containerID\": 0");
    return {};
}

// A map that the kernel takes from anybody: one line with just the writer's own id.
bool is_own_id(Map map, uint32_t own) {
    return map.size() == 1 && map[0].size == 1 && map[0].host_id == own;
}

// newuidmap(1) checks the ranges against /etc/subuid and writes the map with the rights of root.
Status map_by_helper(const std::string& helper, Map map, pid_t pid) {
    const std::optional<std::string> path = TRY(find_tool(helper));
    if (!path) {
        return failf("mapping more than the own id needs {}", helper)
            .hint("install the package uidmap, which has newuidmap and newgidmap");
    }
    std::vector<std::string> words = {helper, format("{}", pid)};
    for (const spec::IdMapping& line : map)
        for (const uint32_t number : {line.container_id, line.host_id, line.size})
            words.push_back(format("{}", number));
    constexpr size_t limit = 64 << 10;
    char* const no_environment[] = {nullptr};
    const ToolOutput done =
        TRY(run_tool(*path, words, no_environment, ToolErrors::captured, limit).in(helper));
    if (done.status.code == 0) return {};
    return failf("{} {}: {}", helper, describe(done.status), trim(done.text))
        .hint("the ranges of this user are listed in /etc/subuid and /etc/subgid");
}

Status write_map(const std::string& file, Map map, int proc, pid_t pid) {
    return write_file(proc, format("{}/{}", pid, file), id_map_text(map));
}

std::string ranges(Map map) {
    std::string text;
    for (const spec::IdMapping& line : map) {
        if (!text.empty()) text += ", ";
        text += format("{}-{} to {}", line.container_id,
                       uint64_t{line.container_id} + line.size - 1, line.host_id);
    }
    return text;
}

}  // namespace

Result<std::optional<IdMaps>> plan_id_maps(const Spec& spec) {
    if (!spec.linux_) return std::nullopt;
    const spec::Linux& asked = *spec.linux_;
    const auto found =
        std::ranges::find(asked.namespaces, spec::NamespaceType::user, &spec::Namespace::type);
    if (found == asked.namespaces.end()) {
        if (asked.uid_mappings.empty() && asked.gid_mappings.empty()) return std::nullopt;
        return fail_at(asked.uid_mappings.empty() ? "/linux/gidMappings" : "/linux/uidMappings",
                       "mappings of ids need a user namespace",
                       R"(add {"type": "user"} to /linux/namespaces)");
    }
    if (found->path) return std::nullopt;
    TRY(check_map(asked.uid_mappings, "/linux/uidMappings"));
    TRY(check_map(asked.gid_mappings, "/linux/gidMappings"));
    return IdMaps{asked.uid_mappings, asked.gid_mappings, "/linux/uidMappings"};
}

IdMapRights id_map_rights(const Host& host) {
    const auto has = [&host](unsigned capability) {
        return (host.capabilities >> capability & 1) != 0;
    };
    return {
        .setuid = has(CAP_SETUID), .setgid = has(CAP_SETGID), .euid = host.euid, .egid = host.egid};
}

bool denies_setgroups(const IdMaps& maps, const IdMapRights& rights) {
    return !rights.setgid && is_own_id(maps.gids, rights.egid);
}

Status write_id_maps(const IdMaps& maps, const IdMapRights& rights, int proc, pid_t pid) {
    if (rights.setuid || is_own_id(maps.uids, rights.euid)) {
        TRY(write_map("uid_map", maps.uids, proc, pid).at("/linux/uidMappings"));
    } else {
        TRY(map_by_helper("newuidmap", maps.uids, pid).at("/linux/uidMappings"));
    }
    if (denies_setgroups(maps, rights)) {
        // Or a process could leave a group that denies it a file (user_namespaces(7)).
        TRY(write_file(proc, format("{}/setgroups", pid), "deny"));
    }
    if (rights.setgid || is_own_id(maps.gids, rights.egid))
        return write_map("gid_map", maps.gids, proc, pid).at("/linux/gidMappings");
    return map_by_helper("newgidmap", maps.gids, pid).at("/linux/gidMappings");
}

Result<IdMaps> read_id_maps(int proc, const std::string& process) {
    const auto read = [&](const std::string& file) -> Result<std::vector<spec::IdMapping>> {
        const std::string text = TRY(read_file(proc, file));
        std::vector<spec::IdMapping> map;
        const std::vector<std::string_view> words = split_words(text);
        for (size_t i = 0; i + 2 < words.size(); i += 3)
            map.push_back({.container_id = parse_number<uint32_t>(words[i]).value_or(0),
                           .host_id = parse_number<uint32_t>(words[i + 1]).value_or(0),
                           .size = parse_number<uint32_t>(words[i + 2]).value_or(0)});
        return map;
    };
    return IdMaps{TRY(read(process + "/uid_map")), TRY(read(process + "/gid_map")), ""};
}

std::string describe(const IdMaps& maps) {
    return format("map uids {}; gids {}", ranges(maps.uids), ranges(maps.gids));
}

std::string id_map_text(Map map) {
    std::string text;
    for (const spec::IdMapping& line : map)
        text += format("{} {} {}\n", line.container_id, line.host_id, line.size);
    return text;
}

std::optional<uint32_t> host_id(Map map, uint32_t container_id) {
    for (const spec::IdMapping& line : map)
        if (container_id >= line.container_id && container_id - line.container_id < line.size)
            return line.host_id + (container_id - line.container_id);
    return std::nullopt;
}

std::optional<uint32_t> container_id(Map map, uint32_t host_id) {
    for (const spec::IdMapping& line : map)
        if (host_id >= line.host_id && host_id - line.host_id < line.size)
            return line.container_id + (host_id - line.host_id);
    return std::nullopt;
}

}  // namespace sampan
