// The messages between us and `criu swrk`, of its images/rpc.proto: those that we send, and what we
// need of those that come back. Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace sampan {

// The numbers are those of CRIU.
enum class CriuTask {
    dump = 1,
    restore = 2,
    notify = 6,
    feature_check = 9,
    version = 10,
    pre_dump = 13,  // a single one; 4 would wait for the next
};
std::string_view name_of(CriuTask task);

enum class CriuCgroups { ignore = 0, soft = 3, full = 4, strict = 5 };
enum class CriuNetworkLock { iptables = 1, nftables = 2, skip = 3 };

// A mount that comes from outside of the container. At a dump, `key` is where it is mounted, and
// `value` the name that it gets in the images. At a restore, `key` is that name, and `value` the
// file of the host that is mounted.
struct ExternalMount {
    std::string key;
    std::string value;
    bool operator==(const ExternalMount&) const = default;
};

// A descriptor of CRIU's process that stands for something of the images.
struct InheritedFd {
    std::string key;
    int32_t fd = -1;
    bool operator==(const InheritedFd&) const = default;
};

// A namespace that exists, in which restored processes shall be.
struct JoinedNamespace {
    std::string type;  // "ipc"
    std::string file;
    bool operator==(const JoinedNamespace&) const = default;
};

// Where the container's cgroup is now in the hierarchy of these controllers ("": cgroup v2).
struct CriuCgroupRoot {
    std::string controllers;
    std::string path;
    bool operator==(const CriuCgroupRoot&) const = default;
};

struct CriuPageServer {
    std::string address;
    int32_t port = 0;
    bool operator==(const CriuPageServer&) const = default;
};

// criu_opts. What is empty, false or absent is not sent, so that CRIU's default counts.
struct CriuOptions {
    int32_t images_fd = -1;
    std::optional<int32_t> work_fd;
    std::optional<int32_t> pid;  // of the container's first process, for a dump
    std::string log_file;        // in the folder of work_fd, or else of images_fd
    std::string root;
    std::string parent_images;  // relative to the folder of images_fd
    std::string config_file;
    std::string freeze_cgroup;  // a directory
    std::string lsm_profile;
    std::string lsm_mount_context;
    std::optional<CriuCgroups> cgroups;
    std::optional<CriuNetworkLock> network_lock;
    std::optional<CriuPageServer> page_server;
    uint32_t empty_namespaces = 0;  // CLONE_NEW*
    bool leave_running = false;
    bool external_unix_sockets = false;
    bool tcp_established = false;
    bool tcp_close = false;
    bool tcp_skip_in_flight = false;
    bool shell_job = false;
    bool file_locks = false;
    bool link_remap = false;
    bool auto_dedup = false;
    bool lazy_pages = false;
    bool track_memory = false;
    bool evasive_devices = false;
    bool restore_as_sibling = false;  // the restored process becomes our child
    bool orphaned_terminals = false;  // those whose master is outside
    std::vector<ExternalMount> mounts;
    std::vector<InheritedFd> inherited;
    std::vector<JoinedNamespace> joined;
    std::vector<CriuCgroupRoot> cgroup_roots;
    std::vector<std::string> external;  // "net[4026531840]:extRootNetNS"
    bool operator==(const CriuOptions&) const = default;
};

struct CriuFeatures {
    bool memory_tracking = false;
    bool lazy_pages = false;
    bool operator==(const CriuFeatures&) const = default;
};

struct CriuVersion {
    int32_t major = 0;
    int32_t minor = 0;
    int32_t sublevel = 0;
    auto operator<=>(const CriuVersion&) const = default;
};

// criu_req, in its four forms.
std::string request_work(CriuTask task, const CriuOptions& options);
// CRIU stays, and takes another request afterwards.
std::string request_version();
std::string request_features(const CriuFeatures& wanted);
// The answer to a notification.
std::string answer_notification(bool success);

// criu_resp.
struct CriuResponse {
    uint32_t task = 0;  // a CriuTask, as far as we know it
    bool success = false;
    int32_t error = 0;  // an errno, or 0
    int32_t restored_pid = 0;
    std::string notification;  // "setup-namespaces"; "": it is none
    int32_t notified_pid = 0;  // only with some notifications
    CriuFeatures features;
    std::optional<CriuVersion> version;
    [[nodiscard]] bool is(CriuTask wanted) const { return task == static_cast<uint32_t>(wanted); }
};
Result<CriuResponse> parse_response(std::string_view text);

}  // namespace sampan
