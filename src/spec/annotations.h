// Annotations of config.json that change what is done. Their names and their meaning are those of
// crun; those about systemd have a home of their own (cgroup/systemd/annotations.h).
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "spec/check.h"
#include "spec/config.h"

namespace sampan::spec {

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
std::optional<std::string> find_annotation(const Config& config, std::string_view name);
std::string place_of_annotation(std::string_view name);
// Of those that are a switch.
bool is_switched_on(const Config& config, std::string_view name);

// Makes members of config.json of annotations that mean the same, so that nobody else has to know
// of these.
void adopt_annotations(Config& config);
void check_annotations(const Config& config, Findings& findings);

}  // namespace sampan::spec
