// process.apparmorProfile, process.selinuxLabel, linux.mountLabel (config.md#linux-process,
// config-linux.md#mount-label): the names that the kernel's security modules use for the container.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/config.h"

namespace sampan {

struct Host;

enum class SecurityModule { apparmor, selinux };

// A label that the process gets by its next execve(2). The stub writes it: if init wrote it, it
// would be used up when the stub is executed. The kernel takes it only from the task, and the
// memory, that opened the file.
struct WriteLabel {
    std::string origin;
    SecurityModule module{};
    std::string text;  // in the form that the kernel's file takes
    bool operator==(const WriteLabel&) const = default;
};

// Pure; `pointer` is the place of the process object. It is an error if the security module is not
// active, because the container would be confined less than was asked for. An empty label means
// none, and so does "unconfined" if AppArmor is not active.
Result<std::vector<WriteLabel>> plan_labels(const spec::Process& process,
                                            const Host& host,
                                            std::string_view pointer);
std::string describe(const WriteLabel& label);
// The file to which it is written, relative to the root of a procfs.
std::string file_of(SecurityModule module);

// The SELinux label of the files of new mounts; empty for none. Errors as above.
Result<std::string> plan_mount_label(const Spec& spec, const Host& host);
// The mount option that gives a file system this label, in the form of mount(8): "context=...",
// unless an annotation names another one (run.oci.mount_context_type). Empty for no label.
std::string label_option(const Spec& spec, const std::string& label);

}  // namespace sampan
