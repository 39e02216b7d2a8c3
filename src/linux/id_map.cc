#include "linux/id_map.h"

#include <fcntl.h>
#include <linux/capability.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string_view>

#include "base/text.h"
#include "host/host.h"
#include "os/file.h"
#include "os/process.h"
#include "os/tool.h"
#include "spec/check.h"

namespace sampan {

namespace {

using Map = std::span<const spec::IdMapping>;

// A map that the kernel takes from anybody: one line with only the writer's own id.
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
        .hint(
            "the ranges of this user are listed in /etc/subuid and /etc/subgid; sampan doctor "
            "tells "
            "how to get some");
}

// The kernel says only EPERM.
void explain_refusal(Error& error, const std::string& file, Map map, int proc) {
    const Result<IdMaps> ours = read_id_maps(proc, "self");
    const Result<uint64_t> rights = effective_capabilities();
    if (!ours || !rights) return;
    const bool is_uids = file == "uid_map";
    error.set_hint(why_map_is_refused(map, is_uids ? ours->uids : ours->gids,
                                      is_uids && ((*rights >> CAP_SETFCAP) & 1U) == 0));
}

Status write_map(const std::string& file, Map map, int proc, pid_t pid) {
    Status written = write_file(proc, format("{}/{}", pid, file), id_map_text(map));
    if (!written && written.error().code() == EPERM)
        explain_refusal(written.error(), file, map, proc);
    return written;
}

bool is_in_one_line(const spec::IdMapping& asked, Map ours) {
    return std::ranges::any_of(ours, [&asked](const spec::IdMapping& line) {
        return asked.host_id >= line.container_id &&
               uint64_t{asked.host_id} + asked.size <= uint64_t{line.container_id} + line.size;
    });
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

std::optional<IdMaps> plan_id_maps(const Spec& spec) {
    const spec::Namespace* user = spec::find_namespace(spec, spec::NamespaceType::user);
    if (user == nullptr || user->path) return std::nullopt;
    return IdMaps{spec.linux_->uid_mappings, spec.linux_->gid_mappings, "/linux/uidMappings"};
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
        // Otherwise a process could leave a group that denies it access to a file
        // (user_namespaces(7)).
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

std::string why_map_is_refused(Map asked, Map ours, bool lacks_setfcap) {
    for (const spec::IdMapping& line : asked)
        if (!is_in_one_line(line, ours))
            return format(
                "the ids {} of our own user namespace, which has {}, are not all in one range of "
                "its map: choose others, or give each range a line of its own",
                mapped_ids(std::vector{spec::IdMapping{line.host_id, 0, line.size}}),
                mapped_ids(ours));
    const bool takes_root = std::ranges::any_of(
        asked, [](const spec::IdMapping& line) { return line.host_id == 0 && line.size > 0; });
    if (!takes_root || !lacks_setfcap) return "";
    return "since Linux 5.12, id 0 can only be passed on with CAP_SETFCAP: give it to the "
           "container in which we are, or map another id";
}

std::string describe(const IdMaps& maps) {
    return format("map uids {}; gids {}", ranges(maps.uids), ranges(maps.gids));
}

std::string mapped_ids(Map map) {
    std::string text;
    for (const spec::IdMapping& line : map) {
        text += format("{}{}", text.empty() ? "" : ", ", line.container_id);
        if (line.size > 1) text += format("-{}", uint64_t{line.container_id} + line.size - 1);
    }
    return text;
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
