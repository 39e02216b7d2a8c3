// What the command line adds to a bundle.
#pragma once

#include <string>

#include "cgroup/plan.h"
#include "mounts/rootfs.h"

namespace sampan {

struct Request {
    std::string id;
    std::string bundle;  // absolute
    CgroupManager cgroup_manager = CgroupManager::cgroupfs;
    RootSwitch root_switch = RootSwitch::pivot;
    bool new_keyring = true;
    std::string pid_file;      // "": none
    std::string pidfd_socket;  // the same
    // How many descriptors the program gets by the protocol of sd_listen_fds(3).
    int listen_fds = 0;
    // Where `start` makes the socket of sd_notify(3); "" if the caller has no NOTIFY_SOCKET.
    std::string notify_folder;
};

}  // namespace sampan
