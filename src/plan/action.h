// The index of everything that init can do, with one alternative for each kind of step. Each is a
// plain value of a file in linux/ or mounts/, which also has its describe() and apply().
#pragma once

#include <string>
#include <variant>

#include "base/result.h"
#include "linux/context.h"
#include "linux/cpu_affinity.h"
#include "linux/keyring.h"
#include "linux/loopback.h"
#include "linux/memory_policy.h"
#include "linux/personality.h"
#include "linux/sysctl.h"
#include "linux/uts.h"
#include "mounts/bind.h"
#include "mounts/cgroup_mount.h"
#include "mounts/console.h"
#include "mounts/devices.h"
#include "mounts/masked_paths.h"
#include "mounts/mounts.h"
#include "mounts/rootfs.h"
#include "mounts/working_directory.h"

namespace sampan {

using Action = std::variant<ResetCpuAffinity,
                            SetCpuAffinity,
                            JoinKeyring,
                            BringLoopbackUp,
                            SetPropagation,
                            AttachRoot,
                            MountFilesystem,
                            BindMount,
                            MountCgroup,
                            Remount,
                            MakeDevice,
                            MakeLink,
                            OpenConsole,
                            BindConsole,
                            MaskPath,
                            MakePathReadonly,
                            PivotRoot,
                            ChrootInto,
                            MakeWorkingDirectory,
                            ChangeRoot,
                            MakeReadonly,
                            SetHostname,
                            SetDomainname,
                            WriteSysctl,
                            SetPersonality,
                            SetMemoryPolicy>;

// One line for people.
std::string describe(const Action& action);
// The place in config.json that asked for it; empty if there is none.
const std::string& origin_of(const Action& action);
// Carries it out. An error says what was tried (describe) and which place asked for it (origin).
Status apply(const Action& action, Context& context);

}  // namespace sampan
