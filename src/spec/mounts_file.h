// A JSON text with an array like /mounts in config.json: what `mounts` gets.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "spec/config.h"

namespace sampan {

// The place of the array in config.json: pointers of checks and planners begin with it, and those
// of the file do not.
inline constexpr std::string_view mounts_pointer = "/mounts";

struct MountsFile {
    std::vector<spec::Mount> mounts;
    std::string path;
    std::string text;               // to find the places of later problems
    std::vector<Problem> warnings;  // unknown properties
};

// An error has all problems with their places, and the text; `path` is the name that it shows.
Result<MountsFile> read_mounts(std::string text, const std::string& path);

// The first rule that the mounts of `spec` break, with its pointer.
Status check_mounts_alone(const Spec& spec);

}  // namespace sampan
