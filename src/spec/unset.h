// Values of linux.resources that mean "not set": engines write whole structures, with 0 for
// everything that they do not set. docs/conformance.md, "Zero and empty", has the table. (The
// reader has already dropped empty texts, in all of config.json.)
#pragma once

#include <cstdint>
#include <string_view>

#include "spec/resources.h"

namespace sampan::spec {

// What a limit of 0 processes means. Since version 1.3 of the specification it is a limit. Before,
// there was no value for "no limit", and engines wrote 0.
enum class ZeroPids : uint8_t { unset, limit };
ZeroPids zero_pids_in(std::string_view oci_version);

// Removes numbers that no kernel accepts, and those that every other runtime reads as unset. A part
// that then has nothing left is absent.
Resources without_unset(Resources resources, ZeroPids zero_pids);

}  // namespace sampan::spec
