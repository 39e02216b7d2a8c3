// Values of linux.resources that stand for "not set": engines write whole structures, with 0 in
// what they do not mean. docs/conformance.md, "Zero and empty", has the table. (Empty texts are
// dropped by the reader already, for all of config.json.)
#pragma once

#include <cstdint>
#include <string_view>

#include "spec/resources.h"

namespace sampan::spec {

// What a limit of 0 processes is. Since version 1.3 of the specification it is a limit; before,
// nothing could say that there is none, and engines wrote 0 for it.
enum class ZeroPids : uint8_t { unset, limit };
ZeroPids zero_pids_in(std::string_view oci_version);

// Without the numbers that no kernel takes, or that every other runtime reads as unset. A part of
// which nothing is left is absent.
Resources without_unset(Resources resources, ZeroPids zero_pids);

}  // namespace sampan::spec
