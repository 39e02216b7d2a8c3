// What the command line adds to a bundle.
#pragma once

#include <string>

#include "cgroup/plan.h"
#include "linux/rootfs.h"

namespace sampan {

struct Request {
    std::string id;
    std::string bundle;  // absolute
    CgroupManager cgroup_manager = CgroupManager::cgroupfs;
    RootSwitch root_switch = RootSwitch::pivot;
    bool new_keyring = true;
    // Descriptors 3 to 3 + preserve_fds - 1 of the caller reach the program; the first listen_fds
    // of them by the protocol of sd_listen_fds(3).
    int preserve_fds = 0;
    int listen_fds = 0;
    // Where `start` makes the socket of sd_notify(3); "" when the caller has no NOTIFY_SOCKET.
    std::string notify_folder;
};

}  // namespace sampan
