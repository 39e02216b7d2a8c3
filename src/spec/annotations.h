// Annotations of config.json that change what is done. Their names and their meaning are those of
// crun.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "spec/check.h"
#include "spec/config.h"

namespace sampan::spec {

// The file with what the user of CRIU has configured for this container; empty: none.
inline constexpr std::string_view criu_config = "org.criu.config";
// A prefix: what follows is a property of the container's unit (cgroup/systemd/annotations.h).
inline constexpr std::string_view systemd_property = "org.systemd.property.";
// A cgroup below that of the unit, in which the container is.
inline constexpr std::string_view systemd_subgroup = "run.oci.systemd.subgroup";
// Where the hierarchy name=systemd of cgroup v1 is mounted.
inline constexpr std::string_view forced_cgroup_v1 = "run.oci.systemd.force_cgroup_v1";
// A cgroup below the container's that belongs to its user.
inline constexpr std::string_view delegated_cgroup = "run.oci.delegate-cgroup";
// A Unix socket that gets the pidfd of the container's first process.
inline constexpr std::string_view pidfd_receiver = "run.oci.pidfd_receiver";
// Not "0": the program keeps the groups of the caller, instead of additionalGids.
inline constexpr std::string_view keep_original_groups = "run.oci.keep_original_groups";
// Files to which the output of hooks is appended.
inline constexpr std::string_view hooks_stdout = "run.oci.hooks.stdout";
inline constexpr std::string_view hooks_stderr = "run.oci.hooks.stderr";
// Not "0": a system call in the seccomp profile that nobody knows is an error.
inline constexpr std::string_view fail_unknown_syscall = "run.oci.seccomp_fail_unknown_syscall";
// The same as linux.seccomp.listenerPath, which counts more.
inline constexpr std::string_view seccomp_receiver = "run.oci.seccomp.receiver";
// By which option mounts get linux.mountLabel: context, fscontext, defcontext or rootcontext.
inline constexpr std::string_view mount_context_type = "run.oci.mount_context_type";

// All of the above, for `features`.
std::span<const std::string_view> known_annotations();

// Its value, and its place. Nothing if it is absent or empty.
using Annotations = std::map<std::string, std::string>;
std::optional<std::string> find_annotation(const Annotations& annotations, std::string_view name);
std::optional<std::string> find_annotation(const Config& config, std::string_view name);
std::string place_of_annotation(std::string_view name);
// Of those that are a switch.
bool is_switched_on(const Config& config, std::string_view name);

// Makes members of config.json of annotations that mean the same, so that nobody else has to know
// of these.
void adopt_annotations(Config& config);
void check_annotations(const Config& config, Findings& findings);

}  // namespace sampan::spec
