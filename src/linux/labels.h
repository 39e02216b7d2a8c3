// process.apparmorProfile, process.selinuxLabel, linux.mountLabel (config.md#linux-process,
// config-linux.md#mount-label): what the security modules of the kernel call the container.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/config.h"

namespace sampan {

struct Host;

enum class SecurityModule { apparmor, selinux };

// A label that the process gets by its next execve(2). The stub writes it: executing the stub would
// use it up, and the kernel takes it only from the task, and the memory, that opened the file.
struct WriteLabel {
    std::string origin;
    SecurityModule module{};
    std::string text;  // as the kernel's file takes it
    bool operator==(const WriteLabel&) const = default;
};

// Pure; `pointer` is the place of the process object. A label for a security module that is not
// active is an error: the container would be confined less than was asked for. An empty one is none
// at all, and so is "unconfined" where AppArmor is not active.
Result<std::vector<WriteLabel>> plan_labels(const spec::Process& process,
                                            const Host& host,
                                            std::string_view pointer);
std::string describe(const WriteLabel& label);
// Where it is written, from the root of a procfs.
std::string file_of(SecurityModule module);

// The SELinux label of the files of new mounts; empty for none. An error as above.
Result<std::string> plan_mount_label(const Spec& spec, const Host& host);
// As mount(8) spells it for a file system whose files shall all have it.
std::string label_option(const std::string& label);

}  // namespace sampan
